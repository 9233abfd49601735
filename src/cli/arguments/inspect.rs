//! The part of the command line that asks what is in a file.

use std::path::PathBuf;

use clap::Args;

use super::{AuditFormat, InputArguments, LogArguments};

/// The options of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// The file: CSV, plain or compressed; - for standard input
    #[arg(value_name = "FILE")]
    pub input: PathBuf,

    /// Print the proposal as a rule table, for --rules
    #[arg(long, help_heading = "Output")]
    pub suggest: bool,

    /// How it is printed
    #[arg(
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        conflicts_with = "suggest",
        help_heading = "Output"
    )]
    pub format: AuditFormat,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// What it says.
    #[command(flatten)]
    pub log: LogArguments,
}
