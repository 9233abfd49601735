//! The part of the command line that asks for a table of figures.

use std::path::PathBuf;

use clap::{Args, Command, FromArgMatches as _};

use super::privacy::ReportArguments;
use super::{AnonymiseArguments, DifferentialArguments, InputArguments, delimiter};
use crate::base::lang::Fixed;
use crate::privacy::goal::ColumnNames;
use crate::rules::policy::{OnInvalid, OnLeftover};
use crate::rules::table::{
    self, AggregateRules, DominanceRule, Percentage, Rounding, Stat, Threshold,
};
use crate::rules::{DecimalMark, Formulas};

/// The options of `aggregate`.
#[derive(Debug, Args)]
pub struct AggregateArguments {
    /// The export: a CSV file, plain or compressed, or a workbook (.xlsx); - for standard input
    pub input: PathBuf,

    /// The columns of the output whose values are told apart, 4 at most: years, brackets and
    /// départements, as the rule table makes them
    #[arg(
        long,
        value_name = "A,B,C",
        value_delimiter = ',',
        help_heading = "Figures"
    )]
    pub by: Vec<String>,

    /// What is told of each cell beside the number of persons: count, sum:COLUMN or mean:COLUMN, of a
    /// column of amounts of the input (repeatable)
    #[arg(long = "stat", value_name = "STAT", help_heading = "Figures")]
    pub stats: Vec<Stat>,

    /// The column of the input that says whose rows are whose: figures count persons, not rows. Repeat
    /// it where several columns say so together
    #[arg(long, value_name = "COLUMN", help_heading = "Figures")]
    pub unit: Vec<String>,

    /// Publish the totals of rows and columns too, under the name Total
    #[arg(long, help_heading = "Figures")]
    pub totals: bool,

    /// Round numbers of persons to a multiple of N, on top of the suppression
    #[arg(long, value_name = "N", help_heading = "Figures")]
    pub round: Option<Rounding>,

    /// Decimal mark of the amounts, . or , [default: recognised, unless it could be either]
    #[arg(long, value_name = "C", value_parser = decimal_mark, help_heading = "Figures")]
    pub decimal: Option<DecimalMark>,

    /// Suppress cells of fewer persons, and leave as many possible values for each [default: 11]
    #[arg(long, value_name = "N", help_heading = "Privacy")]
    pub threshold: Option<Threshold>,

    /// Suppress a sum of which the N largest contributions are more than P percent [default: 1:85]
    #[arg(long, value_name = "N:P", help_heading = "Privacy")]
    pub dominance: Option<DominanceRule>,

    /// Suppress a sum from which the second largest contributor could work out the largest to within
    /// so many percent [default: 10]
    #[arg(long, value_name = "P", help_heading = "Privacy")]
    pub p_percent: Option<Percentage>,

    /// Differential privacy in place of suppression.
    #[command(flatten)]
    pub differential: DifferentialArguments,

    /// The report for a data protection officer.
    #[command(flatten)]
    pub report: ReportArguments,

    /// Where to write the table, as CSV; - for standard output
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

    /// Write a JSON record of the run to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub manifest: Option<PathBuf>,

    /// Append a line on the run to this file, chained to the line before
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub journal: Option<PathBuf>,

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
    #[arg(long = "key", value_name = "FILE", action = clap::ArgAction::Append, help_heading = "Rules")]
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

    /// Say nothing but warnings and errors; twice (-qq), nothing but errors
    #[arg(short, long, action = clap::ArgAction::Count, conflicts_with = "verbose", help_heading = "Running")]
    pub quiet: u8,

    /// Say what is done to each column, and what was counted
    #[arg(short, long, help_heading = "Running")]
    pub verbose: bool,

    /// Show no progress bar (it shows on a terminal only)
    #[arg(long, help_heading = "Running")]
    pub no_progress: bool,
}

fn decimal_mark(text: &str) -> Result<DecimalMark, Fixed> {
    DecimalMark::try_from(text.to_owned())
}

impl AggregateArguments {
    /// The options of the main job that does the same up to the rows, and what is made of these.
    ///
    /// # Errors
    /// None: the main job takes an input alone.
    pub(crate) fn into_main_job(self) -> Result<(AnonymiseArguments, AggregateRules), clap::Error> {
        let command = AnonymiseArguments::augment_args(Command::new(env!("CARGO_PKG_NAME")));
        let matches = command.try_get_matches_from([env!("CARGO_PKG_NAME"), "-"])?;
        let mut main = AnonymiseArguments::from_arg_matches(&matches)?;
        main.input = Some(self.input);
        main.output = self.output;
        main.output_delimiter = self.output_delimiter;
        (main.bom, main.crlf) = (self.bom, self.crlf);
        main.manifest = self.manifest;
        main.journal = self.journal;
        main.rules = self.rules;
        main.keys = self.keys;
        main.strict = self.strict;
        main.on_invalid = self.on_invalid;
        main.on_leftover = self.on_leftover;
        main.formulas = self.formulas;
        main.reading = self.reading;
        main.privacy.report = self.report;
        main.running.quiet = self.quiet;
        main.running.verbose = self.verbose;
        main.running.no_progress = self.no_progress;
        let asked = AggregateRules {
            by: ColumnNames(self.by),
            stats: self.stats,
            unit: ColumnNames(self.unit),
            threshold: self.threshold,
            totals: self.totals,
            round: self.round,
            dominance: self.dominance,
            p_percent: self.p_percent,
            decimal: self.decimal,
        };
        Ok((main, asked))
    }
}
