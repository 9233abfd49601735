//! The part of the command line that reads the journal.

use crate::base::lang::Fixed;
use std::path::PathBuf;

use clap::Subcommand;

/// What can be asked of a journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Follow the chain of lines, and show the last one's hash, to be noted elsewhere
    Verify {
        /// The journal; if it was rotated, its files, the oldest first: plain, or compressed by gzip or zstd
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,

        /// A hash that was noted: its line must still be there
        #[arg(long, value_name = "SHA256", value_parser = sha256)]
        noted: Option<String>,

        /// Compare each output file with what was published last under its name (exit 3 where it is
        /// missing or different)
        #[arg(long)]
        outputs: bool,
    },
    /// Say which exports held which column, since when
    Columns {
        /// The journal; if it was rotated, its files, the oldest first: plain, or compressed by gzip or zstd
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,

        /// Only this one, by its name in the input or in the output, with each of its exports
        #[arg(long, value_name = "NAME")]
        column: Option<String>,
    },
}

/// A SHA-256 in hexadecimal.
fn sha256(text: &str) -> Result<String, Fixed> {
    let hexadecimal = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal
        .then(|| text.to_owned())
        .ok_or(fixed!("expected 64 hexadecimal digits"))
}
