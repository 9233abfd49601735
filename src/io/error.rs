//! What can go wrong with bytes: inputs, outputs, and the text of an input.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::error::SystemError;
use crate::base::lang::Why;
use crate::io::csv::refusal::Refusal;
use crate::io::input::changed::InputChanged;
use crate::io::output::RecipientError;
use crate::io::workbook::error::WorkbookError;
use crate::io::workbook::foreign::Foreign;

/// Why bytes cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input cannot be opened.
    #[error(
        "{}",
        text!(
            "cannot open the input {path}: {source}",
            path = path.display(),
            source = Why(source)
        )
    )]
    Open {
        /// The input.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The input cannot be read to its end.
    #[error("{}", text!("cannot read the input to its end: {why}", why = Why(.0)))]
    Read(io::Error),
    /// The input is no longer the file that was opened.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Changed(#[from] InputChanged),
    /// Something cannot be written.
    #[error("{}", text!("cannot write {what}: {source}", what, source = Why(source)))]
    Write {
        /// What: a file or standard output.
        what: Target,
        /// Why.
        source: io::Error,
    },
    /// A file is there already, and is to be kept.
    #[error("{}", text!("{what} is there already, and --no-clobber keeps it: nothing was written", what = .0))]
    Kept(Target),
    /// Rows cannot be put aside for shuffling.
    #[error(
        "{}",
        text!(
            "cannot put rows aside for --shuffle: {why} (TMPDIR names the folder)",
            why = Why(.0)
        )
    )]
    Spill(io::Error),
    /// The input cannot be put aside for a second pass.
    #[error(
        "{}",
        text!(
            "cannot put the input aside for a second pass: {why} (TMPDIR names the folder)",
            why = Why(.0)
        )
    )]
    Aside(io::Error),
    /// One file would be read and written, or written twice.
    #[error("{}", same_file(first, second))]
    SameFile {
        /// One name of it.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Those who are to open the output cannot be.
    #[error(transparent)]
    Recipient(#[from] RecipientError),
    /// The text of the input is refused.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Refused(#[from] Refusal),
    /// The workbook is refused.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Workbook(#[from] WorkbookError),
    /// The input is something that is not read.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Foreign(#[from] Foreign),
    /// The operating system lacks something.
    #[error(transparent)]
    System(#[from] SystemError),
}

impl Error {
    /// What it means that an output cannot be written. Nothing but an old file that is kept is said to be
    /// there already.
    pub(crate) fn of_write(what: Target, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AlreadyExists => Self::Kept(what),
            _ => Self::Write { what, source },
        }
    }

    /// What it means that an input cannot be read on: what a workbook is refused for comes as such
    /// an error, too.
    pub(crate) fn of_read(error: io::Error) -> Self {
        let known = error.get_ref().and_then(|inner| inner.downcast_ref());
        match known {
            Some(error) => Self::Workbook(WorkbookError::clone(error)),
            None => Self::Read(error),
        }
    }
}

coded! {
    Error [
        Self::Changed(error) => error => 3,
        Self::Recipient(error) => error => 2,
        Self::Refused(error) => error => 3,
        Self::Workbook(error) => error,
        Self::Foreign(error) => error => 3,
        Self::System(error) => error => 1,
    ]
    Self::Open { .. } => 1, "input_open", "the input cannot be opened";
    Self::Read(_) => 1, "input_read", "the input cannot be read to its end";
    Self::Write { .. } => 1, "output_write", "something cannot be written";
    Self::Kept(_) => 1, "output_exists", "an output is there already, and --no-clobber keeps it";
    Self::Spill(_) => 1, "put_aside_rows", "rows cannot be put aside to be shuffled";
    Self::Aside(_) => 1, "put_aside_input", "the input cannot be put aside for a second pass";
    Self::SameFile { .. } => 2, "same_file", "one file would be read and written, or written twice";
}

impl Error {
    /// Whether it only says that nobody reads standard output any more.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write { what: Target::Stdout, source } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Where bytes were to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    File(PathBuf),
}

impl Target {
    /// The target that a path stands for, `-` being standard output.
    pub fn of(path: Option<&Path>) -> Self {
        match path {
            Some(path) if path.as_os_str() != "-" => Self::File(path.to_owned()),
            _ => Self::Stdout,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => fixed!("standard output").fmt(f),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// What is wrong with two names of one file.
fn same_file(first: &Path, second: &Path) -> String {
    match first == second {
        true => text!(
            "{path} is given for two different files; give another name for the one that is written",
            path = first.display()
        ),
        false => text!(
            "{first} and {second} are the same file; give another name for the one that is written",
            first = first.display(),
            second = second.display()
        ),
    }
}
