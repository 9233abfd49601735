//! What can be wrong with the folder of a release. There is no place to put a value.

use std::io;
use std::path::PathBuf;

use crate::base::lang::{Fixed, Why};
use crate::crypto::keys::Role;

/// What is wrong with the folder of a release.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("{}", text!("cannot open the release {path}: {source}", path = path.display(), source = Why(source)))]
    Open { path: PathBuf, source: io::Error },
    /// Others can change it, or read its file.
    #[error(
        "{}",
        text!(
            "the release {path} is open to others than its owner; if nobody has changed it, take their rights away",
            path = path.display()
        )
    )]
    Exposed { path: PathBuf },
    /// It belongs to somebody else.
    #[error(
        "{}",
        text!("the release {path} belongs to another user, who could replace it", path = path.display())
    )]
    NotOurs { path: PathBuf },
    #[error("{}", text!("the release {path} is used by another run; wait for its end", path = path.display()))]
    InUse { path: PathBuf },
    /// What it holds is not what was written.
    #[error(
        "{}",
        text!(
            "the release {path} is damaged, was altered, or is of another version of crm-anon\n  \
             what to do: put back a copy of what the last run has left; or begin another folder, which forgets what was \
             published, so that nothing is promised of the files before and after it together",
            path = path.display()
        )
    )]
    Damaged { path: PathBuf },
    #[error(
        "{}",
        text!(
            "the release {path} was made with another key than this one of the role `{role}`",
            path = path.display(),
            role
        )
    )]
    OtherKey { path: PathBuf, role: Role },
    /// It is an earlier state of itself, or another of the same number.
    #[error(
        "{}",
        text!(
            "the release {path} was put back: it is at number {found}, and the journal tells of a run that left \
             number {known}; whoever was published by it would count as never published\n  \
             what to do: take the folder as it was after that run",
            path = path.display(),
            found,
            known
        )
    )]
    RolledBack {
        path: PathBuf,
        found: u64,
        known: u64,
    },
    /// It is of other terms than the run.
    #[error(
        "{}",
        text!(
            "the release {path} was begun with {what}: two ways to publish the same people tell more \
             together than each of them\n  \
             what to do: go on as it was begun; or begin anew with --force-release, which forgets what was published, so \
             that nothing is promised of the files before and after it together",
            path = path.display(),
            what
        )
    )]
    OtherTerms { path: PathBuf, what: Fixed },
    /// Hardly anything of the last release is in the input.
    #[error(
        "{}",
        text!(
            "of {before} rows that the release {path} published last, {still} are in this input unaltered: it may be of \
             another source, or all of it was rewritten\n  \
             what to do: give each source a folder of its own; or begin anew with --force-release, which forgets what \
             was published",
            path = path.display(),
            before,
            still
        )
    )]
    OtherSource {
        path: PathBuf,
        before: u64,
        still: u64,
    },
    /// The run cannot keep a release as it is asked for.
    #[error("{}", text!("--release: {why}", why = .0))]
    NotSo(Fixed),
    /// Too many rows would be held back.
    #[error(
        "{}",
        text!(
            "{held} of {all} rows would be held back by the release, {waiting} of them until {k} persons can be \
             published together, and {allowed} may be (--max-suppressed); nothing was published\n  \
             what to do: allow more, or begin the release anew with --force-release",
            held,
            all,
            waiting,
            k,
            allowed
        )
    )]
    TooManyHeld {
        held: u64,
        all: u64,
        /// Those that were never published.
        waiting: u64,
        /// The least persons of a group.
        k: u32,
        allowed: u64,
    },
    #[error("{}", fixed!("internal error: the keys of a release could not be derived"))]
    Underivable,
}

coded! {
    ReleaseError []
    Self::Open { .. } => 1, "release_open", "the release cannot be opened";
    Self::Exposed { .. } => 2, "release_exposed", "the release is open to others than its owner";
    Self::NotOurs { .. } => 2, "release_of_another_user", "the release belongs to another user";
    Self::InUse { .. } => 1, "release_in_use", "another run uses the release";
    Self::Damaged { .. } => 1, "release_damaged", "the release is damaged";
    Self::OtherKey { .. } => 2, "release_other_key", "the release was made with another key";
    Self::RolledBack { .. } => 1, "release_rolled_back", "the release is of an earlier number than the journal tells";
    Self::OtherTerms { .. } => 2, "release_other_terms", "the release was begun with another rule table, k, person or form";
    Self::OtherSource { .. } => 3, "release_other_source", "hardly a row of the last release is in the input", at_the_end;
    Self::NotSo(_) => 2, "release_not_so", "a release cannot be kept with these options or rules";
    Self::TooManyHeld { .. } => 4, "release_holds_back", "more rows would be held back than may be", at_the_end;
    Self::Underivable => 1, "release_keys", "the keys of the release cannot be derived";
}
