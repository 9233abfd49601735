//! A table of figures with noise: as CSV, in the manifest, and in a few words.

mod entry;

use std::collections::BTreeMap;

use serde::Serialize;

pub(in crate::report) use self::entry::NoisyEntry;
use super::euros;
use crate::base::lang::Whole;
use crate::base::plural::counted;
use crate::io::format::OutputFormat;
use crate::privacy::aggregate::contributions::{Limits, Sums};
use crate::privacy::aggregate::noisy::{Asked, Figure, Measure, NoisyTable};
use crate::privacy::aggregate::{Level, Range, TOTAL, Told as Statistics};
use crate::privacy::differential::{Delta, Epsilon, kept};
use crate::report::journal::{Spent, Total};
use crate::rules::table::Budget;

/// A table with noise that was published, and all that is public about it.
#[derive(Debug)]
pub struct NoisyTold<'a> {
    pub(crate) table: &'a NoisyTable<'a>,
    /// The names of the columns that figures are told by.
    pub(crate) columns: Vec<&'a str>,
    /// The statistics, each with the name of its column.
    pub(crate) asked: &'a [(Asked, String)],
    /// The bounds of each amount.
    pub(crate) ranges: &'a [Range],
    /// What is told of each.
    pub(crate) told: &'a [Statistics],
    pub(crate) limits: Limits,
    pub(crate) epsilon: Epsilon,
    pub(crate) delta: Option<Delta>,
    /// What says whose rows are whose.
    pub(crate) unit: &'a [String],
    /// Whether each row is one person.
    pub(crate) of_rows: bool,
    pub(crate) dataset: Option<&'a str>,
    pub(crate) budget: Option<&'a Budget>,
    pub(crate) spent: Spent,
    pub(crate) totals: bool,
    pub(crate) counts: ExactCounts,
}

/// What was counted on the way. It is exact, and for whoever runs the program alone.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct ExactCounts {
    rows_outside_keys: u64,
    rows_over_limits: u64,
    amounts_moved: u64,
}

impl From<&Sums> for ExactCounts {
    fn from(sums: &Sums) -> Self {
        Self {
            rows_outside_keys: sums.outside,
            rows_over_limits: sums.over,
            amounts_moved: sums.moved,
        }
    }
}

/// A figure of a place: a number of persons or values, or cents.
#[derive(Debug, Clone, Copy)]
enum Told {
    Count(Figure),
    Cents(Figure),
    /// A mean of too few to tell it.
    Nothing,
}

impl Told {
    /// The figure and its half-width.
    fn texts(self) -> [String; 2] {
        match self {
            Self::Count(figure) => [figure.value.to_string(), figure.half_width.to_string()],
            Self::Cents(figure) => [euros(figure.value), euros(figure.half_width)],
            Self::Nothing => [String::new(), String::new()],
        }
    }
}

impl NoisyTold<'_> {
    /// The names of the columns of figures, each of which has one of its half-widths behind it.
    fn names(&self) -> Vec<String> {
        let names = self.asked.iter().flat_map(|(asked, column)| match asked {
            Asked::Persons => vec!["n".to_owned()],
            Asked::Sum(_) => vec![format!("sum_{column}")],
            Asked::Mean(_) => vec![format!("n_{column}"), format!("mean_{column}")],
            Asked::Share(_) => vec![format!("n_share_{column}"), format!("share_{column}")],
            Asked::Quantile(amount) => self.quantiles(*amount, column),
        });
        names.collect()
    }

    /// The names of an amount's quantiles.
    fn quantiles(&self, amount: usize, column: &str) -> Vec<String> {
        let names = self.levels(amount).iter();
        names
            .map(|level| format!("q{}_{column}", level.percent()))
            .collect()
    }

    fn levels(&self, amount: usize) -> &[Level] {
        let told = self.told.get(amount);
        told.map_or(&[], |told| told.quantiles.as_slice())
    }

    /// The figures of a place, in the order of their names.
    fn figures(&self, place: usize) -> impl Iterator<Item = Told> {
        let count = move |measure| {
            let figure = self.table.figure(measure, place);
            figure.map_or(Told::Nothing, Told::Count)
        };
        let cents = |figure: Option<Figure>| figure.map_or(Told::Nothing, Told::Cents);
        self.asked.iter().flat_map(move |(asked, _)| match *asked {
            Asked::Persons => vec![count(Measure::Persons)],
            Asked::Sum(amount) => vec![cents(self.table.figure(Measure::Sum(amount), place))],
            Asked::Mean(amount) | Asked::Share(amount) => vec![
                count(Measure::Values(amount)),
                cents(self.table.mean(amount, place)),
            ],
            Asked::Quantile(amount) => {
                let levels = self.levels(amount).iter();
                levels
                    .map(|level| cents(self.table.quantile(amount, *level, place)))
                    .collect()
            }
        })
    }

    pub(in crate::report) fn first_count(&self, place: usize) -> Option<Figure> {
        self.figures(place).find_map(|told| match told {
            Told::Count(figure) => Some(figure),
            Told::Cents(_) | Told::Nothing => None,
        })
    }

    /// The table as CSV.
    pub(crate) fn csv(&self, format: OutputFormat) -> Vec<u8> {
        let mut text = Vec::new();
        if format.mark {
            text.extend_from_slice("\u{feff}".as_bytes());
        }
        let cells = |cells: &[&[u8]], text: &mut Vec<u8>| {
            for (at, content) in cells.iter().enumerate() {
                if at > 0 {
                    text.push(format.delimiter);
                }
                let start = text.len();
                text.extend_from_slice(content);
                format.quote_from(start, text);
            }
            text.extend_from_slice(format.line_end());
        };
        let names = self.names().into_iter().flat_map(|name| {
            let half_width = format!("{name}_95");
            [name, half_width]
        });
        let names: Vec<String> = names.collect();
        let columns = self.columns.iter().copied();
        let header = columns.chain(names.iter().map(String::as_str));
        let header: Vec<&[u8]> = header.map(str::as_bytes).collect();
        cells(&header, &mut text);
        for place in self.table.places() {
            let figures: Vec<String> = self.figures(place).flat_map(Told::texts).collect();
            let values = self.table.names(place);
            let values = values
                .into_iter()
                .map(|name| name.unwrap_or(TOTAL.as_bytes()));
            let row: Vec<&[u8]> = values
                .chain(figures.iter().map(|told| told.as_bytes()))
                .collect();
            cells(&row, &mut text);
        }
        text
    }

    /// The columns of amounts, each once, with their bounds.
    pub(in crate::report) fn bounds(&self) -> BTreeMap<&str, [String; 2]> {
        let bounds = self
            .asked
            .iter()
            .filter_map(|(asked, column)| match *asked {
                Asked::Persons | Asked::Share(_) => None,
                Asked::Sum(amount) | Asked::Mean(amount) | Asked::Quantile(amount) => {
                    let Range { low, high } = self.ranges.get(amount)?;
                    Some((
                        column.as_str(),
                        [low, high].map(|cents| euros((*cents).into())),
                    ))
                }
            });
        bounds.collect()
    }

    /// The least noisy count of a cell that is told, if not all of them are.
    pub(in crate::report) fn threshold(&self) -> Option<u64> {
        let least = self.table.threshold();
        least.map(|least| u64::try_from(least).unwrap_or(u64::MAX))
    }

    /// What was spent of δ, and what of; nothing if it never was.
    pub(in crate::report) fn spending_of_delta(&self) -> Option<String> {
        let lifetime = Delta::sum(self.spent.lifetime.delta);
        let within = Delta::sum(self.spent.within.delta);
        let budget = self.budget.and_then(|budget| Some((budget.delta?, budget)));
        (self.spent.lifetime.delta > 0).then(|| match budget {
            None => text!("delta spent so far: {lifetime}", lifetime),
            Some((delta, Budget { per: None, .. })) => {
                text!("delta spent so far: {lifetime} of {delta}", lifetime, delta)
            }
            Some((delta, Budget { per: Some(per), .. })) => text!(
                "delta spent so far: {within} of {delta} in {per}, and {lifetime} in all",
                within,
                delta,
                per = per.text,
                lifetime
            ),
        })
    }

    /// How what was spent is composed, where a budget has a δ.
    pub(in crate::report) fn spending_by_composition(&self) -> Option<String> {
        let budget = self.budget?;
        let delta = budget.delta?;
        let both = |total: Total| {
            let sum = Epsilon::sum(total.epsilon);
            match total.by_zcdp(Some(delta)) {
                Some(zcdp) => text!(
                    "{sum} by sum and {zcdp} by zCDP",
                    sum,
                    zcdp = Epsilon::sum(zcdp)
                ),
                None => text!("{sum} by sum", sum),
            }
        };
        let (within, lifetime) = (both(self.spent.within), both(self.spent.lifetime));
        let kept = Delta::sum(kept(delta).into());
        Some(match &budget.per {
            None => text!(
                "epsilon of all tables: {lifetime}, for which a delta of {kept} is kept; the lesser counts",
                lifetime,
                kept
            ),
            Some(per) => text!(
                "epsilon of all tables: {within} in {per}, {lifetime} in all; a delta of {kept} is kept for zCDP, and the \
                 lesser counts",
                within,
                per = per.text,
                lifetime,
                kept
            ),
        })
    }

    /// What tables come to.
    fn composed(&self, total: Total) -> String {
        Epsilon::sum(total.composed(self.budget.and_then(|budget| budget.delta)))
    }

    /// What was spent, and what of.
    pub(in crate::report) fn spending(&self) -> String {
        let lifetime = self.composed(self.spent.lifetime);
        let within = self.composed(self.spent.within);
        match self.budget {
            None => text!(
                "epsilon spent so far: {lifetime}; no budget is set",
                lifetime
            ),
            Some(Budget {
                epsilon, per: None, ..
            }) => {
                text!(
                    "epsilon spent so far: {lifetime} of {epsilon}",
                    lifetime,
                    epsilon
                )
            }
            Some(Budget {
                epsilon,
                per: Some(per),
                ..
            }) => text!(
                "epsilon spent so far: {within} of {epsilon} in {per}, and {lifetime} in all",
                within,
                epsilon,
                per = per.text,
                lifetime
            ),
        }
    }

    /// The table in a few words.
    pub(crate) fn tell(&self) -> String {
        let unit = match self.of_rows {
            true => fixed!("each row counts as one person").to_string(),
            false => text!("persons by {columns}", columns = self.unit.join(", ")),
        };
        let cells = counted(self.table.cells(), "cell");
        let first = match (self.delta, self.threshold()) {
            (Some(delta), Some(threshold)) => text!(
                "table: {cells} with a noisy count of {threshold} at least, published with noise: epsilon {epsilon}, \
                 delta {delta}, {unit}",
                cells,
                threshold = Whole(threshold),
                epsilon = self.epsilon,
                delta,
                unit
            ),
            _ => text!(
                "table: {cells}, all published with noise: epsilon {epsilon}, {unit}",
                cells,
                epsilon = self.epsilon,
                unit
            ),
        };
        let mut lines = vec![first, self.spending()];
        lines.extend(self.spending_by_composition());
        lines.extend(self.spending_of_delta());
        if self.counts.rows_outside_keys > 0 {
            lines.push(plural!(
                self.counts.rows_outside_keys,
                "{n} row counts nowhere: a value is not among the keys of its column (for you, and not to be published)",
                "{n} rows count nowhere: a value is not among the keys of its column (for you, and not to be published)"
            ));
        }
        if self.counts.rows_over_limits > 0 {
            lines.push(text!(
                "{rows} left out of persons with more than {cells} and {each} in each (for you, and not to be published)",
                rows = counted(self.counts.rows_over_limits, "row"),
                cells = counted(self.limits.cells, "cell"),
                each = counted(self.limits.rows, "row")
            ));
        }
        if self.counts.amounts_moved > 0 {
            lines.push(text!(
                "amounts moved to their bounds: {moved} (for you, and not to be published)",
                moved = Whole(self.counts.amounts_moved)
            ));
        }
        lines.join("\n")
    }
}
