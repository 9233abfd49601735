//! The part of the command line that is about keys.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{InputArguments, LogArguments, TextArguments};
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

    /// Where it goes.
    #[command(flatten)]
    pub text: TextArguments,

    /// Leave the index column out
    #[arg(long, help_heading = "Output")]
    pub without_index: bool,

    /// The index column that cells are bound to [default: Index_rd]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub index: Option<String>,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// What it says.
    #[command(flatten)]
    pub log: LogArguments,
}

/// What can be done with a vault of tokens.
#[derive(Debug, Subcommand)]
pub enum VaultCommand {
    /// Make an empty vault; a run makes one itself in the folder of its rule table or below
    Create(VaultArguments),
    /// Write a vault of the first format anew in the second; its tokens stay as they are
    Upgrade(VaultArguments),
    /// Read all of a vault, and make sure that no entry was altered, exchanged or taken away (exit 1)
    Verify {
        /// Which vault.
        #[command(flatten)]
        vault: VaultArguments,

        /// A journal of runs with this vault: it must not tell of a later generation than the vault is of
        #[arg(long, value_name = "FILE")]
        journal: Option<PathBuf>,
    },
}

/// A vault and the key to it.
#[derive(Debug, Args)]
pub struct VaultArguments {
    /// The vault
    #[arg(value_name = "FILE")]
    pub vault: PathBuf,

    /// The key file of its role
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
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

    /// Where it goes.
    #[command(flatten)]
    pub text: TextArguments,

    /// The index column that cells are bound to [default: Index_rd]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub index: Option<String>,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// What it says.
    #[command(flatten)]
    pub log: LogArguments,
}
