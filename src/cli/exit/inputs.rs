//! What stands in the way of taking several inputs in one run.

use std::path::PathBuf;

use crate::base::lang::Fixed;

/// Why several inputs cannot be taken, or not all of them were published.
#[derive(Debug, thiserror::Error)]
pub enum InputsError {
    /// What is written for each of them needs a folder.
    #[error(
        "{}",
        text!(
            "several inputs give several files: {what} must be a folder that exists, and {path} is none (-o FOLDER/)",
            what,
            path = path.display()
        )
    )]
    NeedsFolder { what: Fixed, path: PathBuf },
    #[error("{}", fixed!("standard input has no name that its output could have: name a file, or give it alone"))]
    Nameless,
    #[error(
        "{}",
        text!(
            "{first} and {second} would both be written under the same name: give them one after the other, to two folders",
            first = first.display(),
            second = second.display()
        )
    )]
    SameName { first: PathBuf, second: PathBuf },
    #[error("{}", fixed!("--head shows the rows of one output: give one input"))]
    Head,
    /// Two inputs do not have the same columns.
    #[error(
        "{}",
        text!(
            "the inputs are refused: {other} does not have the columns of {first} in the same order\n  what to do: look \
             which of them has changed, or take each with its own header with --each",
            other = other.display(),
            first = first.display()
        )
    )]
    OtherHeader { first: PathBuf, other: PathBuf },
    #[error("{}", plural!(*of, "{stopped} of {n} input was not published", "{stopped} of {n} inputs were not published", stopped))]
    Stopped {
        stopped: usize,
        of: usize,
        status: u8,
    },
}

coded! {
    InputsError []
    Self::NeedsFolder { .. } => 2, "needs_folder", "several inputs need a folder for what is written";
    Self::Nameless => 2, "nameless_input", "standard input is one of several inputs";
    Self::SameName { .. } => 2, "same_output_name", "two outputs would have one name";
    Self::Head => 2, "head_of_several", "the first rows of several outputs are to be shown";
    Self::OtherHeader { .. } => 3, "other_header", "two inputs do not have the same columns";
    Self::Stopped { status, .. } => *status, "inputs_stopped", "some of several inputs were not published";
}
