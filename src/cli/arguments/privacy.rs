//! The part of the command line that asks how anonymous a file is, or is to be.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{AuditSqlArguments, FindingsFormat, InputArguments, LogArguments};
use crate::privacy::goal::{AtLeastTwo, Distance, Percent, Recoding};
use crate::privacy::population::PartColumn;
use crate::rules::{population, table};

/// What a file must reach.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Thresholds (a miss ends with status 4)")]
pub struct GateArguments {
    /// Least number of rows (of persons, with --person) that share their quasi-identifiers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub min_k: Option<u64>,

    /// Greatest share of rows that are alone with their quasi-identifiers
    #[arg(long, value_name = "P%")]
    pub max_unique: Option<Percent>,

    /// Least number of distinct values of each sensitive column in every class
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub min_l: Option<u64>,

    /// Greatest distance between a sensitive column's values in a class and in the file, 0 to 1
    #[arg(long, value_name = "X")]
    pub max_t: Option<Distance>,

    /// Greatest share of one value of a sensitive column in a class
    #[arg(long, value_name = "P%")]
    pub max_share: Option<Percent>,
}

impl GateArguments {
    /// Whether nothing must be reached.
    pub fn is_open(&self) -> bool {
        self.min_k.is_none()
            && self.max_unique.is_none()
            && self.min_l.is_none()
            && self.max_t.is_none()
            && self.max_share.is_none()
    }
}

/// How anonymous the output of the main job is to be.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Privacy")]
pub struct PrivacyArguments {
    /// Generalise until every row shares its quasi-identifiers with N − 1 others at least
    #[arg(long, value_name = "N")]
    pub k: Option<AtLeastTwo>,

    /// How many rows may lose all their quasi-identifiers to reach it [default: 5%]
    #[arg(long, value_name = "P%")]
    pub max_suppressed: Option<Percent>,

    /// Generalise each row as little as it takes, or all rows alike [default: local]
    #[arg(long, value_enum, value_name = "HOW")]
    pub recoding: Option<Recoding>,

    /// The column that says whose rows are whose, dropped or not: k, l, t, thresholds and risks then
    /// count persons. Repeat it where several columns say so together
    #[arg(long, value_name = "COLUMN")]
    pub person: Vec<String>,

    /// Keep in this folder which rows were published together, so that many outputs of the same people tell no more
    /// than one: everybody keeps their labels, and newcomers are held back until there are k of them. Takes --k,
    /// a person and a role's --key
    #[arg(long, value_name = "DIR")]
    pub release: Option<PathBuf>,

    /// Begin the release anew, with another rule table, k or person: nothing is promised of the outputs before and
    /// after together
    #[arg(long, requires = "release")]
    pub force_release: bool,

    /// The population that the rows come from.
    #[command(flatten)]
    pub population: PopulationArguments,

    /// What the output must reach to be published.
    #[command(flatten)]
    pub gate: GateArguments,

    /// The report for a data protection officer.
    #[command(flatten)]
    pub report: ReportArguments,
}

/// The population that the rows come from.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Privacy")]
pub struct PopulationArguments {
    /// The population that the rows come from: a CSV file of place, count, and sex, age or birth_year; or `insee`, the
    /// inhabitants of French postal codes, built in. The risk from somebody who looks for anyone is then measured in it
    #[arg(long, value_name = "FILE")]
    pub population: Option<PathBuf>,

    /// Which column of the data place, sex, age or birth_year of that file is, where names do not tell
    #[arg(long, value_name = "PART=COL", requires = "population")]
    pub population_column: Vec<PartColumn>,
}

impl PopulationArguments {
    /// The file of the population, if it is one.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        let named = self.population.as_ref();
        named.filter(|file| !population::is_built_in(file))
    }
}

/// The report for a data protection officer.
#[derive(Debug, Clone, Default, Args)]
pub struct ReportArguments {
    /// Write a report for the data protection officer to this file, one HTML page
    #[arg(long, value_name = "FILE.html", help_heading = "Privacy")]
    pub report: Option<PathBuf>,
}

/// What the columns of a file are taken for.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Columns")]
pub struct ColumnArguments {
    /// The rule table whose attributes say which columns count, by their names in the output
    #[arg(short, long, value_name = "NAME|FILE", default_value = table::DEFAULT)]
    pub rules: String,

    /// The quasi-identifying columns, instead of the rule table's
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub quasi: Vec<String>,

    /// The sensitive columns, instead of the rule table's
    #[arg(long, value_name = "D,E", value_delimiter = ',')]
    pub sensitive: Vec<String>,

    /// Columns that are not counted. Those that neither the rule table nor an option judges are
    /// counted as their names and contents tell, unless --quasi names the ones that are
    #[arg(long, value_name = "F,G", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// The column that says whose rows are whose: the figures then count persons. Repeat it where
    /// several columns say so together
    #[arg(long, value_name = "COLUMN")]
    pub person: Vec<String>,
}

/// The options of `audit`.
#[derive(Debug, Clone, Args)]
pub struct AuditArguments {
    /// The file: CSV, plain or compressed; - for standard input
    #[arg(value_name = "FILE", required_unless_present = "sql")]
    pub input: Option<PathBuf>,

    /// Which columns count.
    #[command(flatten)]
    pub columns: ColumnArguments,

    /// The population that the rows come from.
    #[command(flatten)]
    pub population: PopulationArguments,

    /// What the file must reach.
    #[command(flatten)]
    pub gate: GateArguments,

    /// How the figures, or the thresholds that were missed, are printed
    #[arg(
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    pub format: FindingsFormat,

    /// The report for a data protection officer.
    #[command(flatten)]
    pub report: ReportArguments,

    /// The query in place of the figures.
    #[command(flatten)]
    pub sql: AuditSqlArguments,

    /// What the input is.
    #[command(flatten)]
    pub reading: InputArguments,

    /// What it says.
    #[command(flatten)]
    pub log: LogArguments,
}

/// How figures are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What two releases must reach together.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Thresholds (a miss ends with status 4)")]
pub struct ComparisonGateArguments {
    /// Greatest share of rows (of persons, with --person) that are linked one to one, by all published columns
    #[arg(long, value_name = "P%")]
    pub max_linked: Option<Percent>,

    /// Least number of rows or persons among whom anybody is, for whoever has both files
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub min_candidates: Option<u64>,
}

/// The options of `compare`.
#[derive(Debug, Clone, Args)]
pub struct CompareArguments {
    /// The older release: CSV, plain or compressed, or a workbook; - for standard input
    #[arg(value_name = "OLD")]
    pub old: PathBuf,

    /// The newer ones: each is compared with all before it
    #[arg(value_name = "NEW", required = true)]
    pub new: Vec<PathBuf>,

    /// Which columns count.
    #[command(flatten)]
    pub columns: ColumnArguments,

    /// What the releases must reach.
    #[command(flatten)]
    pub gate: ComparisonGateArguments,

    /// How the figures are printed
    #[arg(
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    pub format: AuditFormat,

    /// The report for a data protection officer.
    #[command(flatten)]
    pub report: ReportArguments,

    /// What the inputs are.
    #[command(flatten)]
    pub reading: InputArguments,

    /// What it says.
    #[command(flatten)]
    pub log: LogArguments,
}
