//! The command line, checked as it is read.
//!
//! Help, completions and the manual page are made from these types.

mod aggregate;
mod check;
mod differential;
mod fixture;
mod inspect;
mod journal;
mod keys;
mod privacy;
mod running;
mod sql;

use crate::base::lang::{Fixed, Language};
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use self::aggregate::AggregateArguments;
pub use self::check::CheckArguments;
pub use self::differential::DifferentialArguments;
pub use self::fixture::FixtureArguments;
pub use self::inspect::InspectArguments;
pub use self::journal::JournalCommand;
pub use self::keys::{KeygenArguments, RevealArguments};
pub use self::privacy::{
    AuditArguments, AuditFormat, ColumnArguments, CompareArguments, GateArguments, PrivacyArguments,
};
pub use self::running::{LogFormat, RunningArguments};
pub use self::sql::{AuditSqlArguments, SqlArguments};
use crate::cli::manual;
use crate::io::csv::{Encoding, MAX_COLUMNS};
use crate::io::input::Compression;
use crate::rules;
use crate::rules::Formulas;
use crate::rules::policy::OnInvalid;
use crate::rules::policy::OnLeftover;
use crate::rules::table;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  crm-anon export.csv -o anon.csv             anonymise an export
  zcat export.csv.gz | crm-anon - > anon.csv  in a pipe
  crm-anon rules > mine.toml                  write your own rule table, from the built-in one,
  crm-anon export.csv -r mine.toml -o a.csv   and use it
  crm-anon inspect export.csv                 what is in any export, and what to do with it
  crm-anon inspect export.csv --suggest       the same as a rule table, ready to edit
  crm-anon audit anon.csv                     how many rows still single out one person
  crm-anon export.csv --k 5 -o anon.csv       generalise until every row has four twins
  crm-anon export.csv -r protection --key identite.key --key habilite.key -o kept.csv
                                              encrypt instead, for who holds the keys (keygen),
  crm-anon reveal kept.csv --key habilite.key and open what one of them opens

Exit status: 0 done; 1 input or output failed; 2 wrong usage or rule table; 3 the data was
refused; 4 a privacy threshold was not met; 128 + n ended by signal n.";

/// Anonymise a customer export: keep only the columns that a rule table lists, generalised as it says.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = EXAMPLES,
    styles = STYLES,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// Something else than the main job.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The main job.
    #[command(flatten)]
    pub anonymise: AnonymiseArguments,

    /// Language of messages, reports and comments [default: from the locale]
    #[arg(long, value_enum, value_name = "LANG", global = true)]
    pub lang: Option<Language>,
}

/// What can be done beside the main job.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print a built-in rule table as TOML, ready to edit, or what rule kinds there are
    Rules(RulesArguments),
    /// Measure how identifying a file is, and what would make it less so
    Audit(Box<AuditArguments>),
    /// Measure what releases of one source tell together: rows that can be linked, candidates, newcomers
    Compare(Box<CompareArguments>),
    /// Publish a table of figures in place of rows: cells that tell of too few persons are suppressed
    Aggregate(Box<AggregateArguments>),
    /// Say what is in a file, and propose a rule for each column; no cell is shown
    Inspect(Box<InspectArguments>),
    /// Check a rule table, and whether it fits a file
    Check(CheckArguments),
    /// Invent rows for a rule table, to try it with: nobody's data
    Fixture(FixtureArguments),
    /// Print the rule table as a query for a database or a cluster
    Sql(Box<SqlArguments>),
    /// Make the key of a role, for rules that encrypt or hash
    Keygen(KeygenArguments),
    /// Open the encrypted columns of a file with the keys of their roles
    Reveal(Box<RevealArguments>),
    /// Read a journal that --journal has written
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a manual page, in roff (crm-anon man | man -l -)
    Man(ManArguments),
}

/// Which manual pages.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// The command whose page it is, such as sql or journal-verify [default: the main page]
    #[arg(value_name = "COMMAND", value_parser = manual::known)]
    pub page: Option<String>,

    /// Write the pages of all commands into this folder, such as ~/.local/share/man/man1
    #[arg(long, value_name = "FOLDER", conflicts_with = "page")]
    pub into: Option<PathBuf>,
}

/// What is to be printed about rules.
#[derive(Debug, Args)]
pub struct RulesArguments {
    /// Its name.
    #[arg(default_value = table::DEFAULT, help = format!("The table: {}", table::builtin_names()))]
    pub name: String,

    /// List the rule kinds instead
    #[arg(long, conflicts_with_all = ["explain", "name"])]
    pub kinds: bool,

    /// Explain one rule kind and its options instead
    #[arg(long, value_name = "KIND", value_parser = rule_kind, conflicts_with = "name")]
    pub explain: Option<&'static rules::Kind>,
}

/// A rule kind by its name.
fn rule_kind(name: &str) -> Result<&'static rules::Kind, String> {
    rules::kind(name).ok_or_else(|| {
        let names: Vec<&str> = rules::KINDS.iter().map(|kind| kind.name).collect();
        text!(
            "there is no such rule kind; there are {names}",
            names = names.join(", ")
        )
    })
}

/// The options of the main job.
#[derive(Debug, Args)]
pub struct AnonymiseArguments {
    /// The export: a CSV file, plain or compressed, or a workbook (.xlsx); - for standard input
    #[arg(required = true)]
    pub input: Option<PathBuf>,

    /// Where to write: as a workbook if the name ends in .xlsx, compressed if it ends in .gz or .zst; -
    /// for standard output
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

    /// Write a CSV file that Excel opens by a double click: --bom, --crlf, semicolons (unless
    /// --output-delimiter says otherwise), formulas escaped (unless --formulas says otherwise)
    #[arg(long, help_heading = "Output")]
    pub excel: bool,

    /// Write the rows in random order, as --k does by itself; the index is then 1 to N
    #[arg(long, help_heading = "Output")]
    pub shuffle: bool,

    /// Write the rows in the input's order, with --k too: whoever has the source can join row to row
    #[arg(long, conflicts_with = "shuffle", help_heading = "Output")]
    pub keep_order: bool,

    /// Write a JSON record of the run to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub manifest: Option<PathBuf>,

    /// Append a line on the run to this file, chained to the line before
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub journal: Option<PathBuf>,

    /// Encrypt the whole output as an age file, for this public key: age1…, ssh-ed25519 …, ssh-rsa …,
    /// or a file of such keys (repeatable: each of them can open it)
    #[arg(long, value_name = "RECIPIENT", help_heading = "Output")]
    pub encrypt_to: Vec<String>,

    /// What becomes of each column.
    #[arg(
        short,
        long,
        value_name = "NAME|FILE",
        default_value = table::DEFAULT,
        help = format!("A built-in rule table ({}) or a TOML file", table::builtin_names()),
        help_heading = "Rules"
    )]
    pub rules: String,

    /// A key file of a role that the rule table names, made by crm-anon keygen; once for each role
    #[arg(
        long = "key",
        value_name = "FILE",
        action = clap::ArgAction::Append,
        help_heading = "Rules"
    )]
    pub keys: Vec<PathBuf>,

    /// Stop if a column is not in the rule table, or one of the table's is missing
    #[arg(long, help_heading = "Rules")]
    pub strict: bool,

    /// What to do with a cell that its rule cannot transform, or a row of the wrong width
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "WHAT",
        help_heading = "Rules"
    )]
    pub on_invalid: OnInvalid,

    /// Publish only if so many rows leave; 0 accepts an export without rows [default: 1 with
    /// --output FILE]
    #[arg(long, value_name = "N", help_heading = "Rules")]
    pub min_rows: Option<u64>,

    /// What to do about an identifier found in a kept cell: refuse the file, replace what was found
    /// by its kind (`[email]`; reads the input twice), or only warn
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "WHAT",
        help_heading = "Rules"
    )]
    pub on_leftover: OnLeftover,

    /// What to do with a kept cell that a spreadsheet would run as a formula: warn, refuse the file,
    /// write a ' in front of it, or keep it in silence [default: what the rule table says, or warn]
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Rules")]
    pub formulas: Option<Formulas>,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// How anonymous the output is to be.
    #[command(flatten)]
    pub privacy: PrivacyArguments,

    /// What the run says.
    #[command(flatten)]
    pub running: RunningArguments,
}

/// How an input is read.
#[derive(Debug, Args)]
pub struct InputArguments {
    /// Delimiter of the input, any of , ; | or tab [default: recognised]
    #[arg(short, long, value_name = "C", value_parser = delimiter, help_heading = "Input")]
    pub delimiter: Option<u8>,

    /// Encoding of the input: utf-8, utf-16le, utf-16be, windows-1252, iso-8859-15, macintosh, cp850
    /// [default: recognised]
    #[arg(short, long, value_name = "NAME", value_parser = encoding, help_heading = "Input")]
    pub encoding: Option<Encoding>,

    /// Lines above the header, such as a title; 0 if there are none [default: recognised]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=1_000_000), help_heading = "Input")]
    pub skip_lines: Option<u64>,

    /// Which sheet of a workbook (.xlsx) to read [default: the only one with cells]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub sheet: Option<String>,

    /// Most columns that are accepted
    #[arg(long, value_name = "N", default_value_t = MAX_COLUMNS, value_parser = columns, help_heading = "Input")]
    pub max_columns: usize,
    /// The first row is a header, even if it looks like a person
    #[arg(long, help_heading = "Input")]
    pub header: bool,

    /// Compression of the input
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        value_name = "HOW",
        hide_possible_values = false,
        help_heading = "Input"
    )]
    pub compression: Compression,

    /// Longest field that is accepted, in bytes (K, M and G multiply by 1024)
    #[arg(long, value_name = "SIZE", default_value = "1M", value_parser = size, help_heading = "Input")]
    pub max_field_size: usize,

    /// Worker threads; the output does not depend on it [default: all cores]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Running")]
    pub threads: Option<u16>,
}

/// A delimiter: one character, or its name.
fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" => return Ok(b'\t'),
        "comma" => return Ok(b','),
        "semicolon" => return Ok(b';'),
        "pipe" => return Ok(b'|'),
        _ => {}
    }
    match text.as_bytes() {
        [byte @ (b',' | b';' | b'|' | b'\t')] => Ok(*byte),
        _ => Err(fixed!("expected one of , ; | or tab (comma, semicolon, pipe)").to_string()),
    }
}

fn encoding(text: &str) -> Result<Encoding, Fixed> {
    text.parse()
}

/// A number of columns.
fn columns(text: &str) -> Result<usize, Fixed> {
    let number = text.parse().ok();
    let number = number.filter(|number| (1..=1 << 24).contains(number));
    number.ok_or(fixed!("expected a number of columns from 1 to 16777216"))
}

/// A size in bytes, up to 1 GiB.
fn size(text: &str) -> Result<usize, String> {
    let expected =
        || fixed!("expected a number of bytes from 1 to 1G, such as 65536, 64K or 8M").to_string();
    let (digits, unit) = match text.strip_suffix(['K', 'k']) {
        Some(digits) => (digits, 1 << 10),
        None => match text.strip_suffix(['M', 'm']) {
            Some(digits) => (digits, 1 << 20),
            None => match text.strip_suffix(['G', 'g']) {
                Some(digits) => (digits, 1 << 30),
                None => (text, 1),
            },
        },
    };
    let number: usize = digits.parse().map_err(|_| expected())?;
    number
        .checked_mul(unit)
        .filter(|size| (1..=1 << 30).contains(size))
        .ok_or_else(expected)
}

#[cfg(test)]
mod tests;
