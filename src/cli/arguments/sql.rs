//! The part of the command line that asks for a query.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::delimiter;
use crate::rules::policy::OnInvalid;
use crate::rules::table;
use crate::sql::{DIALECTS, Dialect, dialect};

/// The options of `sql`.
#[derive(Debug, Args)]
pub struct SqlArguments {
    /// Whose SQL it is
    #[arg(long, value_name = "NAME", value_parser = dialects())]
    pub dialect: &'static dyn Dialect,

    /// A built-in rule table (anonymisation) or a TOML file
    #[arg(short, long, value_name = "NAME|FILE", default_value = table::DEFAULT)]
    pub rules: String,

    /// The table or view that the rows are in, such as crm.base_client; "a.b" if a name has a dot
    #[arg(
        long,
        value_name = "NAME",
        default_value = "base_client",
        conflicts_with = "csv",
        help_heading = "Input"
    )]
    pub table: String,

    /// A CSV file that the engine is to read itself
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub csv: Option<String>,

    /// Names of its columns, or a file with one on each line [default: the CSV file's header; of a
    /// table, the names in the rule table]
    #[arg(long, value_name = "FILE|A,B,C", help_heading = "Input")]
    pub columns: Option<String>,

    /// Delimiter of the CSV file, any of , ; | or tab [default: recognised; , with --columns]
    #[arg(short, long, value_name = "C", value_parser = delimiter, requires = "csv", help_heading = "Input")]
    pub delimiter: Option<u8>,

    /// The first row of the CSV file is a header, even if it looks like a person
    #[arg(long, requires = "csv", help_heading = "Input")]
    pub header: bool,

    /// What the query does with a cell that its rule cannot transform: stop, give NULL for it, or
    /// leave its row out
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub on_invalid: OnInvalid,

    /// Apply the levels that a run with --k and --recoding global found under the same rule table: its
    /// manifest. Rows in classes of fewer than k have * in every quasi-identifying column
    #[arg(long, value_name = "MANIFEST", conflicts_with = "aggregate")]
    pub k_levels: Option<PathBuf>,

    /// Count what the rule table asks for under aggregate in place of publishing rows; the query stops where secondary
    /// suppression would be needed
    #[arg(long)]
    pub aggregate: bool,

    /// Make the result a view or a table of that name
    #[arg(long, num_args = 2, value_names = ["view|table", "NAME"], conflicts_with = "copy_to", help_heading = "Output")]
    pub create: Option<Vec<String>>,

    /// Let the engine write the result to this place, as Parquet if it ends in .parquet, else as CSV
    #[arg(long, value_name = "PATH", help_heading = "Output")]
    pub copy_to: Option<String>,

    /// Where to write the query; - for standard output
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        help_heading = "Output"
    )]
    pub output: PathBuf,
}

/// The options of `audit` that ask for the query in place of the figures.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "SQL")]
pub struct AuditSqlArguments {
    /// Print the query that measures class sizes and k where the rows are, and read nothing
    #[arg(
        long,
        requires = "dialect",
        conflicts_with_all = ["min_k", "max_unique", "min_l", "max_t", "max_share", "population", "report", "format"]
    )]
    pub sql: bool,

    /// Whose SQL it is
    #[arg(long, value_name = "NAME", value_parser = dialects(), requires = "sql")]
    pub dialect: Option<&'static dyn Dialect>,

    /// The table or view that the rows are in, where no FILE is named
    #[arg(long, value_name = "NAME", conflicts_with = "input", requires = "sql")]
    pub table: Option<String>,
}

/// The dialects by their names.
fn dialects() -> impl TypedValueParser<Value = &'static dyn Dialect> {
    PossibleValuesParser::new(DIALECTS.iter().map(|dialect| dialect.name()))
        .try_map(|name| dialect(&name).ok_or("no dialect of that name"))
}
