//! The command line, checked as it is read.
//!
//! Help, completions and the manual page are made from these types.

mod aggregate;
mod applied;
mod check;
mod differential;
mod fixture;
mod format;
mod inspect;
mod journal;
mod keys;
mod output;
pub(crate) mod page;
mod privacy;
mod running;
mod sql;

use crate::base::lang::{Fixed, Language};
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use self::aggregate::AggregateArguments;
pub use self::applied::AppliedArguments;
pub use self::check::CheckArguments;
pub use self::differential::DifferentialArguments;
pub use self::fixture::FixtureArguments;
pub use self::format::FindingsFormat;
pub use self::inspect::InspectArguments;
pub use self::journal::JournalCommand;
pub use self::keys::{
    KeygenArguments, RekeyArguments, RevealArguments, VaultArguments, VaultCommand,
};
pub use self::output::{OutputArguments, RowArguments, TextArguments};
pub use self::privacy::{
    AuditArguments, AuditFormat, ColumnArguments, CompareArguments, GateArguments,
    PopulationArguments, PrivacyArguments,
};
pub use self::running::{LogArguments, LogFormat, RunningArguments};
pub use self::sql::{AuditSqlArguments, SqlArguments};
use crate::io::csv::{Encoding, MAX_COLUMNS};
use crate::io::input::Compression;
use crate::rules;
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
    bin_name = "crm-anon",
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

impl Arguments {
    /// What is written to standard error, if a file is read.
    pub(crate) fn log(&self) -> Option<&LogArguments> {
        Some(match &self.command {
            None => &self.anonymise.running.log,
            Some(Command::Aggregate(arguments)) => &arguments.running.log,
            Some(Command::Reveal(arguments)) => &arguments.log,
            Some(Command::Rekey(arguments)) => &arguments.log,
            Some(Command::Audit(arguments)) => &arguments.log,
            Some(Command::Compare(arguments)) => &arguments.log,
            Some(Command::Inspect(arguments)) => &arguments.log,
            Some(_) => return None,
        })
    }
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
    /// Encrypt the columns of a role with another key, without a file of plain text in between
    Rekey(Box<RekeyArguments>),
    /// Look after a vault, which keeps what tokens stand for
    #[command(subcommand)]
    Vault(VaultCommand),
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
    #[arg(value_name = "COMMAND", value_parser = page::known)]
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

    /// Say what has changed from one rule table to another, and what of it publishes more or checks less
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["name", "kinds", "explain"])]
    pub diff: Option<Vec<String>>,

    /// How the changes are printed
    #[arg(
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        requires = "diff"
    )]
    pub format: AuditFormat,

    /// End with status 4 if the new table is weaker
    #[arg(long, requires = "diff")]
    pub refuse_weaker: bool,
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
#[derive(Debug, Clone, Args)]
pub struct AnonymiseArguments {
    /// The export: a CSV file, plain or compressed, or a workbook (.xlsx); - for standard input. Several, if --output
    /// is a folder: each gives a file of its name there
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,

    /// Take each of several inputs with its own header [default: all must have the same]
    #[arg(long, help_heading = "Input")]
    pub each: bool,

    /// Where the output goes, and what tells of it.
    #[command(flatten)]
    pub written: OutputArguments,

    /// How rows are written.
    #[command(flatten)]
    pub rows: RowArguments,

    /// What becomes of each column.
    #[command(flatten)]
    pub applied: AppliedArguments,

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

impl AnonymiseArguments {
    /// Whether all is done but to write.
    pub(crate) fn rehearses(&self) -> bool {
        self.written.dry_run || self.rows.head.is_some()
    }
}

/// How cells are written that hold what separates them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Quoting {
    /// In quotes, quotes in them doubled
    #[default]
    Csv,
    /// Without quotes, as mysql -B writes them
    None,
}

/// How an input is read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Input")]
pub struct InputArguments {
    /// Delimiter of the input, any of , ; | or tab [default: recognised]
    #[arg(short, long, value_name = "C", value_parser = delimiter)]
    pub delimiter: Option<u8>,

    /// How cells with a delimiter, a quote or a line end are written: in quotes; or not at all, as mysql -B does, which
    /// writes \t and \n there (such a cell is refused) and separates by tabs unless --delimiter says otherwise
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub quoting: Quoting,

    /// Encoding of the input: utf-8, utf-16le, utf-16be, windows-1252, iso-8859-15, macintosh, cp850
    /// [default: recognised]
    #[arg(short, long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<Encoding>,

    /// Lines above the header, such as a title; 0 if there are none [default: recognised]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    pub skip_lines: Option<u64>,

    /// Which sheet of a workbook (.xlsx) to read [default: the only one with cells]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,

    /// Most columns that are accepted
    #[arg(long, value_name = "N", default_value_t = MAX_COLUMNS, value_parser = columns)]
    pub max_columns: usize,
    /// The first row is a header, even if it looks like a person
    #[arg(long)]
    pub header: bool,

    /// Compression of the input
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        value_name = "HOW",
        hide_possible_values = false
    )]
    pub compression: Compression,

    /// Longest field that is accepted, in bytes (K, M and G multiply by 1024)
    #[arg(long, value_name = "SIZE", default_value = "1M", value_parser = size)]
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
