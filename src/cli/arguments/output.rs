//! The part of the command line that says where an output goes and how it is written.

use std::path::PathBuf;

use clap::Args;

use super::delimiter;

/// Where a text goes, and what it looks like.
#[derive(Debug, Args)]
pub struct TextArguments {
    /// Where to write: compressed if the name ends in .gz or .zst, as a workbook if it ends in .xlsx (the
    /// main job alone); - for standard output
    ///
    /// A file appears under its name only when it is whole; if anything goes wrong, an old file of
    /// that name is untouched.
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        help_heading = "Output"
    )]
    pub output: PathBuf,

    /// Delimiter of the output [default: the input's]
    #[arg(long, value_name = "C", value_parser = delimiter, help_heading = "Output")]
    pub output_delimiter: Option<u8>,

    /// Begin the output with a UTF-8 byte order mark, for Excel
    #[arg(long, help_heading = "Output")]
    pub bom: bool,

    /// End lines with CRLF instead of LF
    #[arg(long, help_heading = "Output")]
    pub crlf: bool,
}

/// What a run publishes, and what tells of it.
#[derive(Debug, Args)]
pub struct OutputArguments {
    /// Where it goes.
    #[command(flatten)]
    pub text: TextArguments,

    /// Write a CSV file that Excel opens by a double click: --bom, --crlf, semicolons (unless
    /// --output-delimiter says otherwise), formulas escaped (unless --formulas says otherwise)
    #[arg(long, help_heading = "Output")]
    pub excel: bool,

    /// Write a JSON record of the run to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub manifest: Option<PathBuf>,

    /// Append a line on the run to this file, chained to the line before
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub journal: Option<PathBuf>,
}

/// How rows are written.
#[derive(Debug, Default, Args)]
pub struct RowArguments {
    /// Write the rows in random order, as --k does by itself; the index is then 1 to N
    #[arg(long, help_heading = "Output")]
    pub shuffle: bool,

    /// Write the rows in the input's order, with --k too: whoever has the source can join row to row
    #[arg(long, conflicts_with = "shuffle", help_heading = "Output")]
    pub keep_order: bool,

    /// Encrypt the whole output as an age file, for this public key: age1…, ssh-ed25519 …, ssh-rsa …,
    /// or a file of such keys (repeatable: each of them can open it)
    #[arg(long, value_name = "RECIPIENT", help_heading = "Output")]
    pub encrypt_to: Vec<String>,

    /// Make the index, the order and noise reproducible: for fixtures and CI only
    #[arg(long, value_name = "N", help_heading = "Running")]
    pub seed: Option<u64>,
}
