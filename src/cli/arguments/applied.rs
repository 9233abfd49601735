//! The part of the command line that says which rules are applied, and what happens where they cannot be.

use std::path::PathBuf;

use clap::Args;

use crate::rules::Formulas;
use crate::rules::policy::{OnInvalid, OnLeftover};
use crate::rules::table;

/// Which rules are applied, and how strictly.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Rules")]
pub struct AppliedArguments {
    /// What becomes of each column.
    #[arg(
        short,
        long,
        value_name = "NAME|FILE",
        default_value = table::DEFAULT,
        help = format!("A built-in rule table ({}) or a TOML file", table::builtin_names())
    )]
    pub rules: String,

    /// A key file of a role that the rule table names, made by crm-anon keygen; once for each role
    #[arg(
        long = "key",
        value_name = "FILE",
        action = clap::ArgAction::Append
    )]
    pub keys: Vec<PathBuf>,

    /// Stop if a column is not in the rule table, or one of the table's is missing
    #[arg(long)]
    pub strict: bool,

    /// What to do with a cell that its rule cannot transform, or a row of the wrong width
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub on_invalid: OnInvalid,

    /// Publish only if so many rows leave; 0 accepts an export without rows [default: 1 with
    /// --output FILE]
    #[arg(long, value_name = "N")]
    pub min_rows: Option<u64>,

    /// What to do about an identifier found in a kept cell: refuse the file, replace what was found
    /// by its kind (`[email]`; reads the input twice), or only warn
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub on_leftover: OnLeftover,

    /// What to do with a kept cell that a spreadsheet would run as a formula: warn, refuse the file,
    /// write a ' in front of it, or keep it in silence [default: what the rule table says, or warn]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub formulas: Option<Formulas>,
}
