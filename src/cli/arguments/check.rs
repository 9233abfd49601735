//! The part of the command line that checks a rule table.

use std::path::PathBuf;

use clap::Args;

use super::{FindingsFormat, delimiter};
use crate::io::csv::Encoding;
use crate::rules::table;

/// The options of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The rule table.
    #[arg(help = format!("The rule table: a TOML file, or a built-in one ({})", table::builtin_names()))]
    pub rules: String,

    /// A CSV file or workbook whose columns the table is checked against: any that is new, gone or perhaps renamed
    /// ends with status 3
    #[arg(value_name = "FILE", group = "read")]
    pub file: Option<PathBuf>,

    /// The same against these names, or those in a file with one on each line
    #[arg(long, value_name = "FILE|A,B,C", conflicts_with = "read")]
    pub columns: Option<String>,

    /// The same against the header of this file, but say what differs and accept it
    #[arg(long, value_name = "FILE", group = "read")]
    pub header: Option<PathBuf>,

    /// How the findings are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: FindingsFormat,

    /// The first row of that file is a header, even if it looks like a person
    #[arg(long, requires = "read")]
    pub trust_header: bool,

    /// A column that is not in the table, or one of the table's that the file lacks, is an error
    #[arg(long, requires = "header")]
    pub strict: bool,

    /// Delimiter of the file, any of , ; | or tab [default: recognised]
    #[arg(short, long, value_name = "C", value_parser = delimiter, requires = "read")]
    pub delimiter: Option<u8>,

    /// Encoding of the file [default: recognised]
    #[arg(short, long, value_name = "NAME", requires = "read")]
    pub encoding: Option<Encoding>,
}
