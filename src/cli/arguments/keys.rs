//! The part of the command line that is about keys.

use std::path::PathBuf;

use clap::Args;

use super::InputArguments;
use crate::crypto::keys::Role;

/// The options of `keygen`.
#[derive(Debug, Args)]
pub struct KeygenArguments {
    /// The role, as rule tables name it: a small letter, then small letters, digits, _ or -
    pub role: Role,

    /// The new key file; a file that is there is never replaced
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,

    /// Ask for a passphrase on the terminal and seal the file with it, as an age file
    #[arg(long)]
    pub passphrase: bool,
}

/// The options of `reveal`.
#[derive(Debug, Args)]
pub struct RevealArguments {
    /// The protected file: CSV, plain or compressed; - for standard input
    #[arg(value_name = "FILE")]
    pub input: PathBuf,

    /// The key file of a role whose columns are to be opened; once for each role
    #[arg(
        long = "key",
        value_name = "FILE",
        required = true,
        action = clap::ArgAction::Append
    )]
    pub keys: Vec<PathBuf>,

    /// A vault whose tokens are to be turned back; it opens with the key of its role (repeatable)
    #[arg(long = "vault", value_name = "FILE", action = clap::ArgAction::Append)]
    pub vaults: Vec<PathBuf>,

    /// Check the seals of the rows, and neither open nor write anything; the key of any one role is enough
    #[arg(long, conflicts_with_all = ["output", "output_delimiter", "bom", "crlf", "without_index", "vaults"])]
    pub verify: bool,

    /// Open rows that are not as they were sealed, too, and count them: after a spreadsheet has changed kept cells
    #[arg(long, conflicts_with_all = ["verify", "whole"])]
    pub ignore_seals: bool,

    /// Refuse the file unless all its rows are there, once, in the order in which they were written
    #[arg(long)]
    pub whole: bool,

    /// Where to write; - for standard output
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        help_heading = "Output"
    )]
    pub output: PathBuf,

    /// Delimiter of the output [default: the input's]
    #[arg(long, value_name = "C", value_parser = super::delimiter, help_heading = "Output")]
    pub output_delimiter: Option<u8>,

    /// Begin the output with a UTF-8 byte order mark, for Excel
    #[arg(long, help_heading = "Output")]
    pub bom: bool,

    /// End lines with CRLF instead of LF
    #[arg(long, help_heading = "Output")]
    pub crlf: bool,

    /// Leave the index column out
    #[arg(long, help_heading = "Output")]
    pub without_index: bool,

    /// The index column that cells are bound to [default: Index_rd]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub index: Option<String>,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// Say nothing but errors
    #[arg(short, long, help_heading = "Running")]
    pub quiet: bool,

    /// Show no progress bar (it shows on a terminal only)
    #[arg(long, help_heading = "Running")]
    pub no_progress: bool,
}

/// The options of `rekey`.
#[derive(Debug, Args)]
pub struct RekeyArguments {
    /// The protected file: CSV, plain or compressed; - for standard input
    #[arg(value_name = "FILE")]
    pub input: PathBuf,

    /// The key file that the columns of its role are encrypted with
    #[arg(long, value_name = "OLD")]
    pub key: PathBuf,

    /// The key file that they are to be encrypted with, of the same role
    #[arg(long, value_name = "NEW")]
    pub to: PathBuf,

    /// Where to write; - for standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: PathBuf,

    /// Begin the output with a UTF-8 byte order mark, for Excel
    #[arg(long, help_heading = "Output")]
    pub bom: bool,

    /// End lines with CRLF instead of LF
    #[arg(long, help_heading = "Output")]
    pub crlf: bool,

    /// The index column that cells are bound to [default: Index_rd]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub index: Option<String>,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// Say nothing but errors
    #[arg(short, long, help_heading = "Running")]
    pub quiet: bool,

    /// Show no progress bar (it shows on a terminal only)
    #[arg(long, help_heading = "Running")]
    pub no_progress: bool,
}
