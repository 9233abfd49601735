//! The part of the command line that is about keys.

use std::path::PathBuf;

use clap::Args;

use crate::keys::Role;

/// The options of `keygen`.
#[derive(Debug, Args)]
pub struct KeygenArguments {
    /// The role, as rule tables name it: a small letter, then small letters, digits, _ or -
    pub role: Role,

    /// The new key file; a file that is there is never replaced
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}
