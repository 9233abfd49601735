//! The part of the command line that checks a rule table.

use std::path::PathBuf;

use clap::Args;

use super::delimiter;
use crate::io::csv::Encoding;
use crate::rules::table;

/// The options of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The rule table.
    #[arg(help = format!("The rule table: a TOML file, or a built-in one ({})", table::builtin_names()))]
    pub rules: String,

    /// A CSV file whose header the table is checked against; no row of it is published
    #[arg(long, value_name = "FILE")]
    pub header: Option<PathBuf>,

    /// The first row of that file is a header, even if it looks like a person
    #[arg(long, requires = "header")]
    pub trust_header: bool,

    /// A column that is not in the table, or one of the table's that the file lacks, is an error
    #[arg(long, requires = "header")]
    pub strict: bool,

    /// Delimiter of the file, any of , ; | or tab [default: recognised]
    #[arg(short, long, value_name = "C", value_parser = delimiter, requires = "header")]
    pub delimiter: Option<u8>,

    /// Encoding of the file [default: recognised]
    #[arg(short, long, value_name = "NAME", requires = "header")]
    pub encoding: Option<Encoding>,
}
