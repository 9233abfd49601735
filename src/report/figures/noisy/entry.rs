//! What the manifest tells of a table of figures with noise.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{ExactCounts, NoisyTold};
use crate::privacy::aggregate::noisy::{Asked, Measure};
use crate::privacy::differential::{Delta, Epsilon, kept};
use crate::report::figures::euros;
use crate::report::journal::Total;

/// What the manifest tells of it.
#[derive(Debug, Serialize)]
pub(in crate::report) struct NoisyEntry<'a> {
    by: &'a [&'a str],
    statistics: Vec<String>,
    totals: bool,
    cells: u64,
    epsilon: Epsilon,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<Delta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<u64>,
    unit: &'a [String],
    max_cells: u32,
    max_rows: u32,
    bounds: BTreeMap<&'a str, [String; 2]>,
    beyond_bounds: &'static str,
    mechanism: &'static str,
    shares: Vec<ShareEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dataset: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<BudgetEntry<'a>>,
    spent: SpentEntry,
    exact_counts: ExactCounts,
    exact_counts_are: &'static str,
}

#[derive(Debug, Serialize)]
struct ShareEntry {
    figures: String,
    epsilon: Epsilon,
    sensitivity: String,
}

#[derive(Debug, Serialize)]
struct BudgetEntry<'a> {
    epsilon: Epsilon,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<Delta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct SpentEntry {
    within_budget: String,
    lifetime: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    composition: Option<CompositionEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<DeltaEntry>,
}

/// How ε is composed, where the budget has a δ: `within_budget` and `lifetime` are the lesser of both.
#[derive(Debug, Serialize)]
struct CompositionEntry {
    within_budget: BothEntry,
    lifetime: BothEntry,
    kept_delta: String,
}

#[derive(Debug, Serialize)]
struct BothEntry {
    sum: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    zcdp: Option<String>,
}

impl BothEntry {
    fn new(total: Total, budget: Delta) -> Self {
        Self {
            sum: Epsilon::sum(total.epsilon),
            zcdp: total.by_zcdp(Some(budget)).map(Epsilon::sum),
        }
    }
}

#[derive(Debug, Serialize)]
struct DeltaEntry {
    within_budget: String,
    lifetime: String,
}

impl NoisyTold<'_> {
    /// What the manifest tells.
    pub(in crate::report) fn entry(&self) -> NoisyEntry<'_> {
        let column = |amount: usize| {
            let mut asked = self.asked.iter();
            let of_amount = asked.find(|(asked, _)| asked.amount() == Some(amount));
            of_amount.map_or("", |(_, column)| column)
        };
        let is_share = |amount| {
            let mut asked = self.asked.iter();
            asked.any(|(asked, _)| *asked == Asked::Share(amount))
        };
        let shares = self.table.mechanisms.iter().map(|mechanism| ShareEntry {
            figures: match mechanism.measure {
                Measure::Persons => "n".to_owned(),
                Measure::Values(amount) if is_share(amount) => {
                    format!("n_share_{}", column(amount))
                }
                Measure::Values(amount) => format!("n_{}", column(amount)),
                Measure::Sum(amount) => format!("sum_{}", column(amount)),
                Measure::Centred(amount) if is_share(amount) => {
                    format!("share_{}", column(amount))
                }
                Measure::Centred(amount) => format!("mean_{}", column(amount)),
                Measure::InBrackets(amount) => self.quantiles(amount, column(amount)).join(", "),
            },
            epsilon: mechanism.epsilon,
            sensitivity: match mechanism.measure {
                Measure::Persons | Measure::Values(_) | Measure::InBrackets(_) => {
                    mechanism.sensitivity.to_string()
                }
                Measure::Sum(_) | Measure::Centred(_) => {
                    euros(i128::try_from(mechanism.sensitivity).unwrap_or(i128::MAX))
                }
            },
        });
        NoisyEntry {
            by: &self.columns,
            statistics: self.names(),
            totals: self.totals,
            cells: self.table.cells(),
            epsilon: self.epsilon,
            delta: self.delta,
            threshold: self.threshold(),
            unit: self.unit,
            max_cells: self.limits.cells,
            max_rows: self.limits.rows,
            bounds: self.bounds(),
            beyond_bounds: "values beyond were moved to them",
            mechanism: "discrete Laplace, drawn exactly",
            shares: shares.collect(),
            dataset: self.dataset,
            budget: self.budget.map(|budget| BudgetEntry {
                epsilon: budget.epsilon,
                delta: budget.delta,
                per: budget.per.as_ref().map(|per| per.text.as_str()),
            }),
            spent: SpentEntry {
                within_budget: self.composed(self.spent.within),
                lifetime: self.composed(self.spent.lifetime),
                composition: self.budget.and_then(|budget| budget.delta).map(|delta| {
                    CompositionEntry {
                        within_budget: BothEntry::new(self.spent.within, delta),
                        lifetime: BothEntry::new(self.spent.lifetime, delta),
                        kept_delta: Delta::sum(kept(delta).into()),
                    }
                }),
                delta: (self.spent.lifetime.delta > 0).then(|| DeltaEntry {
                    within_budget: Delta::sum(self.spent.within.delta),
                    lifetime: Delta::sum(self.spent.lifetime.delta),
                }),
            },
            exact_counts: self.counts,
            exact_counts_are: "exact, as all row counts of this manifest: not private, and not for whoever gets the table",
        }
    }
}
