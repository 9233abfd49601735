//! The part of the command line that asks for invented rows.

use std::path::PathBuf;

use clap::Args;

use crate::rules::table;

/// The options of `fixture`.
#[derive(Debug, Args)]
pub struct FixtureArguments {
    /// The rule table.
    #[arg(help = format!("The rule table: a TOML file, or a built-in one ({})", table::builtin_names()))]
    pub rules: String,

    /// How many rows
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub rows: u32,

    /// Invent the same rows each time
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Where to write them, as CSV; - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
}
