//! Why a journal cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use super::{Broken, Checked};
use crate::base::lang::Why;

/// Why a journal cannot be used. It has no place for a cell.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It cannot be read or written.
    #[error(
        "{}",
        text!(
            "cannot use the journal {path}: {source}",
            path = path.display(),
            source = Why(source)
        )
    )]
    Io { path: PathBuf, source: io::Error },
    /// Its last line was cut short.
    #[error(
        "{}",
        text!(
            "the last line of the journal {path} is cut short, from byte {whole} on\n  what to do: take \
             that line off (truncate -s {whole} FILE) and run again; if it was to close a run, that \
             run's output may exist (crm-anon journal verify FILE --outputs)",
            path = path.display(),
            whole
        )
    )]
    Torn { path: PathBuf, whole: u64 },
    #[error(
        "{}",
        text!(
            "the last line of {path} is not a journal's; `crm-anon journal verify` tells where it breaks",
            path = path.display()
        )
    )]
    Foreign { path: PathBuf },
    /// The number of its last line is one that no run has written.
    #[error(
        "{}",
        text!(
            "the last line of the journal {path} has the number {line}, behind which there is none; \
             `crm-anon journal verify` tells where it breaks",
            path = path.display(),
            line
        )
    )]
    Numbered { path: PathBuf, line: u64 },
    #[error(
        "{}",
        text!(
            "the output is published, but the journal {path} has only the line `begun` of it: {source}",
            path = path.display(),
            source = Why(source)
        )
    )]
    Unclosed { path: PathBuf, source: io::Error },
    /// Outputs are not as the journal says.
    #[error(
        "{}",
        text!(
            "the journal {path} is unbroken, but of its outputs {missing} missing, {different} \
             different and {unreadable} unreadable",
            path = path.display(),
            missing = checked.missing,
            different = checked.different,
            unreadable = checked.unreadable
        )
    )]
    Outputs { path: PathBuf, checked: Checked },
    #[error(
        "{}",
        text!(
            "the journal {path} is broken at line {line}: {why}",
            path = path.display(),
            line = broken.line,
            why = broken.why
        )
    )]
    Broken { path: PathBuf, broken: Broken },
}

impl JournalError {
    /// What makes an error of the system into one of the journal at a path.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    /// The same, of the line that closes a run whose output is published.
    pub(crate) fn unclosed(self) -> Self {
        match self {
            Self::Io { path, source } => Self::Unclosed { path, source },
            other => other,
        }
    }
}

coded! {
    JournalError []
    Self::Io { .. } => 1, "journal", "the journal cannot be read or written";
    Self::Torn { .. } => 1, "journal_torn", "the last line of the journal is cut short";
    Self::Foreign { .. } => 1, "journal_foreign", "the last line of the journal is not a journal's";
    Self::Numbered { .. } => 1, "journal_numbered", "the last line of the journal has a number that no run has written";
    Self::Unclosed { .. } => 1, "journal_unclosed", "the output is published, and the line that says so is missing";
    Self::Outputs { checked, .. } => if checked.missing + checked.different > 0 { 3 } else { 1 }, "journal_outputs", "outputs are not as the journal says";
    Self::Broken { .. } => 3, "journal_broken", "the chain of the journal is broken";
}
