//! What can be wrong with a vault. There is no place to put a value.

use crate::base::lang::Why;
use std::io;
use std::path::PathBuf;

use crate::io::system::owner::closing_command;

/// What is wrong with a vault. There is no place to put a value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(
        "{}",
        text!(
            "cannot open the vault {path}: {source}",
            path = path.display(),
            source = Why(source)
        )
    )]
    Open { path: PathBuf, source: io::Error },
    #[error(
        "{}",
        text!(
            "the vault {path} can be read by others than its owner; if it was not copied yet: {command}",
            path = path.display(),
            command = closing_command(path)
        )
    )]
    Exposed { path: PathBuf },
    /// It belongs to somebody else.
    #[error(
        "{}",
        text!(
            "the vault {path} belongs to another user, who could read or replace it: make a copy of your own",
            path = path.display()
        )
    )]
    NotOurs { path: PathBuf },
    /// There is none, in a place where a rule table makes none.
    #[error(
        "{}",
        text!(
            "there is no vault {path}, and a run makes one only in the folder of its rule table or below\n  \
             what to do: to keep it there, make it with crm-anon vault create {path} --key FILE",
            path = path.display()
        )
    )]
    Elsewhere { path: PathBuf },
    /// There is something under the name that a new one was to have.
    #[error("{}", text!("{path} is there already: give another name", path = path.display()))]
    Exists { path: PathBuf },
    #[error("{}", text!("the vault {path} is used by another run; wait for its end", path = path.display()))]
    InUse { path: PathBuf },
    /// It is something else, or of another version.
    #[error("{}", text!("{path} is not a vault that this version of crm-anon reads", path = path.display()))]
    NotAVault { path: PathBuf },
    /// It is of the first format, whose entries prove nothing.
    #[error(
        "{}",
        text!(
            "the vault {path} is of the first format, whose entries do not prove which token is whose\n  \
             what to do: crm-anon vault upgrade {path} --key FILE brings it to the second; its tokens stay",
            path = path.display()
        )
    )]
    FirstFormat { path: PathBuf },
    /// It is an earlier state of itself.
    #[error(
        "{}",
        text!(
            "the vault {path} was put back: it is of generation {found}, and the journal tells of a run \
             that left generation {known}; the same values would get other tokens than they have\n  \
             what to do: take the vault as it was after that run",
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
    /// It is not there any more.
    #[error(
        "{}",
        text!(
            "the vault {path} is not there any more: the journal tells of a run that left generation {known}, \
             and the same values would get other tokens than they have\n  \
             what to do: put the vault back; if it was destroyed on purpose, make another with crm-anon vault create {path} --key FILE",
            path = path.display(),
            known
        )
    )]
    Gone { path: PathBuf, known: u64 },
    /// What it holds is not what was written.
    #[error(
        "{}",
        text!(
            "the vault {path} is damaged or was altered: use the copy that was kept of it",
            path = path.display()
        )
    )]
    Damaged { path: PathBuf },
    #[error("{}", text!("the vault {path} was made with another key of its role", path = path.display()))]
    OtherKey { path: PathBuf },
    #[error("{}", fixed!("internal error: the keys of a vault could not be derived"))]
    Underivable,
    /// It cannot be read or written any more.
    #[error("{}", text!("the vault {path} failed: {why}", path = path.display(), why))]
    Failed { path: PathBuf, why: String },
}

coded! {
    VaultError []
    Self::Open { .. } => 1, "vault_open", "the vault cannot be opened";
    Self::Exposed { .. } => 2, "vault_exposed", "the vault can be read by others than its owner";
    Self::NotOurs { .. } => 2, "vault_of_another_user", "the vault belongs to another user";
    Self::Elsewhere { .. } => 2, "vault_elsewhere", "a run makes no vault outside the folder of its rule table";
    Self::Exists { .. } => 2, "vault_exists", "a vault that is there is not made again";
    Self::FirstFormat { .. } => 2, "vault_first_format", "the vault is of the first format and must be upgraded";
    Self::RolledBack { .. } => 1, "vault_rolled_back", "the vault is of an earlier generation than the journal tells";
    Self::Gone { .. } => 1, "vault_gone", "the journal tells of a vault that is not there any more";
    Self::InUse { .. } => 1, "vault_in_use", "another run uses the vault";
    Self::NotAVault { .. } => 2, "not_a_vault", "the file is no vault that this version reads";
    Self::Damaged { .. } => 1, "vault_damaged", "the vault is damaged";
    Self::OtherKey { .. } => 2, "vault_other_key", "the vault was made with another key";
    Self::Underivable => 1, "vault_keys", "the keys of the vault cannot be derived";
    Self::Failed { .. } => 1, "vault_failed", "the vault failed";
}
