//! The part of the command line that says where an output goes and how it is written.

use std::path::PathBuf;

use clap::Args;

use super::delimiter;
use crate::io::format::OutputFormat;

/// Where a text goes, and what it looks like.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct TextArguments {
    /// Where to write: compressed if the name ends in .gz or .zst, as a workbook if it ends in .xlsx (the
    /// main job alone); - for standard output
    ///
    /// A file appears under its name only when it is whole; if anything goes wrong, an old file of
    /// that name is untouched.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,

    /// Delimiter of the output [default: the input's]
    #[arg(long, value_name = "C", value_parser = delimiter)]
    pub output_delimiter: Option<u8>,

    /// Begin the output with a UTF-8 byte order mark, for Excel
    #[arg(long)]
    pub bom: bool,

    /// End lines with CRLF instead of LF
    #[arg(long)]
    pub crlf: bool,
}

impl TextArguments {
    /// What the text looks like, with this delimiter unless another is said.
    pub(crate) fn format(&self, delimiter: u8) -> OutputFormat {
        OutputFormat {
            delimiter: self.output_delimiter.unwrap_or(delimiter),
            crlf: self.crlf,
            mark: self.bom,
        }
    }
}

/// What a run publishes, and what tells of it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// Where it goes.
    #[command(flatten)]
    pub text: TextArguments,

    /// Write a CSV file that Excel opens by a double click: --bom, --crlf, semicolons (unless
    /// --output-delimiter says otherwise), formulas escaped (unless --formulas says otherwise)
    #[arg(long)]
    pub excel: bool,

    /// Do all but write, and say what would have been published: no output, no manifest, no report, no line in
    /// the journal; the exit status is the run's
    #[arg(long)]
    pub dry_run: bool,

    /// Replace no file: an output, manifest or report that is there already stops the run
    #[arg(long)]
    pub no_clobber: bool,

    /// Write a JSON record of the run to this file
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,

    /// Append a line on the run to this file, chained to the line before
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
}

impl OutputArguments {
    /// What the text looks like, for an input with this delimiter.
    pub(crate) fn format(&self, input: u8) -> OutputFormat {
        let format = self.text.format(if self.excel { b';' } else { input });
        OutputFormat {
            crlf: format.crlf || self.excel,
            mark: format.mark || self.excel,
            ..format
        }
    }
}

/// How rows are written.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct RowArguments {
    /// Show the header and the first N rows of the output on standard output, once it is known that it could be
    /// published, and write nothing else
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=100_000), conflicts_with = "encrypt_to")]
    pub head: Option<u64>,

    /// Write the rows in random order, as --k does by itself; the index is then 1 to N
    #[arg(long)]
    pub shuffle: bool,

    /// Write the rows in the input's order, with --k too: whoever has the source can join row to row
    #[arg(long, conflicts_with = "shuffle")]
    pub keep_order: bool,

    /// Encrypt the whole output as an age file, for this public key: age1…, ssh-ed25519 …, ssh-rsa …,
    /// or a file of such keys (repeatable: each of them can open it)
    #[arg(long, value_name = "RECIPIENT")]
    pub encrypt_to: Vec<String>,

    /// Make the index, the order and noise reproducible: for fixtures and CI only
    #[arg(long, value_name = "N", help_heading = "Running")]
    pub seed: Option<u64>,
}
