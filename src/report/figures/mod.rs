//! A table of figures: as CSV, in the manifest, and in a few words.

mod amounts;
mod noisy;
mod since;

pub use amounts::AmountData;
pub(super) use noisy::NoisyEntry;
pub use noisy::NoisyTold;
pub(crate) use since::Published;

use serde::Serialize;

use crate::base::lang::Whole;
use crate::base::name::Shown;
use crate::base::plural::counted;
use crate::io::format::{OutputFormat, write_number};
use crate::privacy::aggregate::{Amounts, Cell, Demand, Protected, TOTAL};
use crate::rules::table::{AggregateRules, Stat};

/// The column of the mark of suppressed cells.
const STATUS: &str = "statut";

/// The mark of a suppressed cell.
const SUPPRESSED: &str = "c";

/// A table of figures that was published.
#[derive(Debug)]
pub struct FiguresTold<'a> {
    pub(super) protected: &'a Protected,
    pub(super) demand: Demand,
    /// The columns of the input that say whose rows are whose.
    pub(super) unit: &'a [String],
    pub(super) totals: bool,
    pub(super) round: Option<u64>,
    /// The hash of the table that was published before, if it is looked at.
    pub(super) against: Option<&'a str>,
    /// What is told beside the number of persons, and of which amount.
    stats: Vec<(&'a Stat, usize)>,
}

/// What the manifest tells of a table of figures.
#[derive(Debug, Serialize)]
pub(super) struct FiguresEntry<'a> {
    by: Vec<&'a str>,
    statistics: Vec<String>,
    unit: &'a [String],
    persons: u64,
    threshold: u64,
    dominance: DominanceEntry,
    p_percent: u8,
    totals: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    round: Option<u64>,
    cells: u64,
    cells_published: u64,
    cells_primary: u64,
    cells_secondary: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    least_width: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<AgainstEntry<'a>>,
}

/// What was suppressed because of a table that was published before.
#[derive(Debug, Serialize)]
struct AgainstEntry<'a> {
    sha256: &'a str,
    cells_kept: u64,
    cells_changed: u64,
}

#[derive(Debug, Serialize)]
struct DominanceEntry {
    n: u8,
    percent: u8,
}

impl<'a> FiguresTold<'a> {
    /// What is told of a table; `of_stat` says which amount each statistic with one is of.
    pub(crate) fn new(
        rules: &'a AggregateRules,
        protected: &'a Protected,
        unit: &'a [String],
        of_stat: &[usize],
        against: Option<&'a Published>,
    ) -> Self {
        let mut stats: Vec<(&Stat, usize)> = Vec::new();
        let with_column = rules.stats.iter().filter(|stat| stat.column().is_some());
        for (stat, amount) in with_column.zip(of_stat) {
            if stats.iter().all(|(known, _)| *known != stat) {
                stats.push((stat, *amount));
            }
        }
        Self {
            protected,
            demand: rules.demand(),
            unit,
            totals: rules.totals,
            round: rules.round.map(|round| round.0),
            against: against.map(|table| table.sha256.as_str()),
            stats,
        }
    }

    /// The names of the columns that figures are told by.
    pub(super) fn by(&self) -> impl Iterator<Item = &'a str> {
        let columns = self.protected.figures.columns.iter();
        columns.map(|column| column.name.as_str())
    }

    /// How many places are listed and how many of them are published.
    pub(super) fn cells(&self) -> (u64, u64) {
        let published = self.protected.rows().filter(|(_, cell)| cell.is_some());
        (self.protected.listed.len() as u64, published.count() as u64)
    }

    /// A number of persons as it is published.
    pub(super) fn persons(&self, cell: &Cell) -> u64 {
        rounded(cell.units, self.round.unwrap_or(1))
    }

    /// The table as CSV.
    pub(crate) fn csv(&self, format: OutputFormat) -> Vec<u8> {
        let mut text = Vec::new();
        if format.mark {
            text.extend_from_slice("\u{feff}".as_bytes());
        }
        let cell = |content: &[u8], text: &mut Vec<u8>| {
            let start = text.len();
            text.extend_from_slice(content);
            format.quote_from(start, text);
            text.push(format.delimiter);
        };
        for name in self.by().chain(["n"]) {
            cell(name.as_bytes(), &mut text);
        }
        for name in self.stats.iter().flat_map(|(stat, _)| stat.names()) {
            cell(name.as_bytes(), &mut text);
        }
        text.extend_from_slice(STATUS.as_bytes());
        text.extend_from_slice(format.line_end());
        for (place, published) in self.protected.rows() {
            for name in self.protected.figures.names(place) {
                cell(name.unwrap_or(TOTAL.as_bytes()), &mut text);
            }
            if let Some(published) = published {
                write_number(self.persons(published), &mut text);
            }
            text.push(format.delimiter);
            let tells_quantiles = self.protected.tells_quantiles(place);
            for (stat, amount) in &self.stats {
                let amounts = published.and_then(|cell| cell.amounts.get(*amount));
                for told in told(amounts, stat, tells_quantiles) {
                    text.extend_from_slice(told.as_bytes());
                    text.push(format.delimiter);
                }
            }
            if published.is_none() {
                text.extend_from_slice(SUPPRESSED.as_bytes());
            }
            text.extend_from_slice(format.line_end());
        }
        text
    }

    /// What the manifest tells.
    pub(super) fn entry(&'a self) -> FiguresEntry<'a> {
        let (cells, cells_published) = self.cells();
        let protected = self.protected;
        FiguresEntry {
            by: self.by().collect(),
            statistics: std::iter::once("n".to_owned())
                .chain(self.stats.iter().flat_map(|(stat, _)| stat.names()))
                .collect(),
            unit: self.unit,
            persons: protected.figures.everybody(),
            threshold: self.demand.threshold,
            dominance: DominanceEntry {
                n: self.demand.dominance.n,
                percent: self.demand.dominance.percent,
            },
            p_percent: self.demand.p_percent,
            totals: self.totals,
            round: self.round,
            cells,
            cells_published,
            cells_primary: protected.primary,
            cells_secondary: protected.secondary,
            least_width: protected.least_width,
            against: self.against.map(|sha256| AgainstEntry {
                sha256,
                cells_kept: protected.kept,
                cells_changed: protected.changed,
            }),
        }
    }

    /// The table in a few words; `suspected` is a column whose cells repeat and may say whose rows are whose.
    pub(crate) fn tell(&self, suspected: Option<&Shown>) -> String {
        let protected = self.protected;
        let (cells, published) = self.cells();
        let mut text = text!(
            "table: {cells}, {published} published; {primary} suppressed for what they tell, {secondary} to cover them",
            cells = counted(cells, "cell"),
            published = Whole(published),
            primary = Whole(protected.primary),
            secondary = Whole(protected.secondary)
        );
        if let Some(width) = protected.least_width {
            let told = text!(
                "whoever knows all that is published is left with {width} possible numbers of persons at least for \
                 each of the former",
                width = Whole(width)
            );
            text.push('\n');
            text.push_str(&told);
        }
        if self.against.is_some() {
            let told = text!(
                "beside the table of --against: {kept} kept suppressed, {changed} suppressed because too few persons \
                 changed",
                kept = counted(protected.kept, "cell"),
                changed = Whole(protected.changed)
            );
            text.push('\n');
            text.push_str(&told);
        }
        if self.unit.is_empty() {
            text.push('\n');
            text.push_str(&match suspected {
                Some(column) => text!(
                    "warning: each row counts as one person, but the cells of column {column} repeat: if they say \
                     whose rows are whose, say --unit {name}",
                    column,
                    name = column.as_str()
                ),
                None => fixed!("each row counts as one person: if a column says whose rows are whose, say which with --unit")
                    .to_string(),
            });
        }
        text
    }
}

/// A number of persons, rounded to a multiple.
fn rounded(persons: u64, round: u64) -> u64 {
    (persons + round / 2) / round * round
}

/// What is told of an amount of a cell: empty texts if it is suppressed or nobody has one.
fn told(amounts: Option<&Amounts>, stat: &Stat, tells_quantiles: bool) -> Vec<String> {
    let Some(amounts) = amounts.filter(|amounts| amounts.units > 0) else {
        return vec![String::new(); stat.names().len()];
    };
    match stat {
        Stat::Count => Vec::new(),
        Stat::Sum(_) => vec![euros(amounts.sum)],
        Stat::Mean(_) => vec![euros(nearest(amounts.sum, i128::from(amounts.values)))],
        // In percent, with two decimals.
        Stat::Share { .. } => {
            let (with, without) = amounts.parts();
            let all = i128::from(with + without);
            vec![euros(nearest(10_000 * i128::from(with), all))]
        }
        Stat::Quantile { at, round, .. } => {
            let quantiles = at.iter().map(|level| {
                let class = amounts.quantile(*level).filter(|_| tells_quantiles);
                class.map_or_else(String::new, |class| {
                    (class * i128::from(*round)).to_string()
                })
            });
            quantiles.collect()
        }
    }
}

/// The nearest whole number to a quotient, halves away from zero.
fn nearest(sum: i128, of: i128) -> i128 {
    let half = of / 2;
    match sum < 0 {
        true => (sum - half) / of.max(1),
        false => (sum + half) / of.max(1),
    }
}

/// Cents with a decimal point.
fn euros(cents: i128) -> String {
    let (sign, size) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_rounded_to_the_nearest_cent() {
        for (sum, of, expected) in [
            (100, 3, "0.33"),
            (200, 3, "0.67"),
            (-200, 3, "-0.67"),
            (5, 2, "0.03"),
            (-5, 2, "-0.03"),
            (0, 7, "0.00"),
            (4_500_050, 1, "45000.50"),
        ] {
            assert_eq!(euros(nearest(sum, of)), expected, "{sum} / {of}");
        }
    }
}
