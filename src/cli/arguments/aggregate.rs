//! The part of the command line that asks for a table of figures.

use std::path::PathBuf;

use clap::Args;

use super::privacy::ReportArguments;
use super::{
    AnonymiseArguments, AppliedArguments, DifferentialArguments, InputArguments, OutputArguments,
    PrivacyArguments, RowArguments, RunningArguments,
};
use crate::base::lang::Fixed;
use crate::privacy::goal::ColumnNames;
use crate::rules::DecimalMark;
use crate::rules::table::{AggregateRules, DominanceRule, Percentage, Rounding, Stat, Threshold};

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
    /// column of amounts of the input; share:COLUMN=VALUE, of a column of the output; quantile:COLUMN:0.5:1000,
    /// the median rounded to thousands (repeatable)
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

    /// The table that was published before: keep suppressed what is suppressed there, and suppress cells in which
    /// fewer persons changed than the threshold
    #[arg(long, value_name = "TABLE", help_heading = "Privacy")]
    pub against: Option<PathBuf>,

    /// Differential privacy in place of suppression.
    #[command(flatten)]
    pub differential: DifferentialArguments,

    /// The report for a data protection officer.
    #[command(flatten)]
    pub report: ReportArguments,

    /// Where the table goes, and what tells of it.
    #[command(flatten)]
    pub written: OutputArguments,

    /// What becomes of each column.
    #[command(flatten)]
    pub applied: AppliedArguments,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// What the run says.
    #[command(flatten)]
    pub running: RunningArguments,
}

fn decimal_mark(text: &str) -> Result<DecimalMark, Fixed> {
    DecimalMark::try_from(text.to_owned())
}

impl AggregateArguments {
    /// The options of the main job that does the same up to the rows, and what is made of these.
    pub(crate) fn into_main_job(self) -> (AnonymiseArguments, AggregateRules) {
        let main = AnonymiseArguments {
            inputs: vec![self.input],
            each: false,
            written: self.written,
            rows: RowArguments::default(),
            applied: self.applied,
            reading: self.reading,
            privacy: PrivacyArguments {
                report: self.report,
                ..PrivacyArguments::default()
            },
            running: self.running,
        };
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
        (main, asked)
    }
}
