//! What is worth a warning in what a run has found and counted.

use crate::base::name::Shown;
use crate::engine::leftover::Verdict;
use crate::engine::plan::Plan;
use crate::engine::warning::Warning;
use crate::engine::{Repeats, Tally, Watch};
use crate::privacy::audit::Audit;
use crate::rules::filter::RowFilter;
use crate::rules::policy::OnInvalid;
use crate::rules::{Again, Formulas};

/// The share of cells without a postal code, in percent, that is warned about if it is exceeded.
const MANY_WITHOUT_CODE: u128 = 20;

impl Warning {
    /// What a run that is done has left out or blanked, if anything.
    pub fn of_invalid(plan: &Plan, tally: &Tally, policy: OnInvalid) -> Option<Self> {
        let steps = plan.steps.iter().zip(&tally.columns);
        let cells = steps.filter_map(|(step, column)| {
            let shown = plan.columns.get(step.column)?.input.clone();
            Some((shown, column.invalid_cells())).filter(|(_, count)| *count > 0)
        });
        let cells: Vec<(Shown, u64)> = cells.collect();
        let rows = tally.wrong_width;
        (rows > 0 || !cells.is_empty()).then_some(Self::Invalid {
            policy,
            cells,
            rows,
        })
    }

    /// The rows that are nobody, if there are any.
    pub fn of_nobody(tally: &Tally) -> Option<Self> {
        (tally.nobody.all() > 0).then_some(Self::Nobody(tally.nobody))
    }

    /// What the row filter could not read, and so left out.
    pub fn of_undecided(plan: &Plan, tally: &Tally) -> impl Iterator<Item = Self> {
        let tests = plan.filter.as_ref().map_or(&[][..], RowFilter::tests);
        let read = tests.iter().zip(&tally.filters);
        let counts = read.map(|(test, counts)| (&test.shown, counts.invalid_cells()));
        let failed = counts.filter(|(_, cells)| *cells > 0);
        failed.map(|(column, cells)| Self::Undecided {
            column: column.clone(),
            cells,
        })
    }

    /// Cells without a postal code, where a spreadsheet took a zero away or where the column is more
    /// likely to hold something else.
    pub fn of_postal_codes(plan: &Plan, tally: &Tally) -> Vec<Self> {
        let mut warnings = Vec::new();
        for (step, counted) in plan.steps.iter().zip(&tally.columns) {
            let Some(column) = plan.columns.get(step.column) else {
                continue;
            };
            let count = |name| {
                let place = column.counts.iter().position(|count| *count == name);
                let count = place.and_then(|place| counted.counts.get(place));
                count.copied().unwrap_or(0)
            };
            let lost = match column.writes_lost_zeros {
                true => 0,
                false => count("lost_zero"),
            };
            if lost > 0 {
                warnings.push(Self::LostZero {
                    column: column.input.clone(),
                    cells: lost,
                });
            }
            let filled = u128::from(tally.written.saturating_sub(counted.missing)).max(1);
            let empty = u128::from(count("no_postal_code") + lost);
            if empty * 100 > filled * MANY_WITHOUT_CODE {
                warnings.push(Self::NoPostalCode {
                    column: column.input.clone(),
                    percent: u64::try_from((empty * 100 / filled).min(100)).unwrap_or(100),
                });
            }
        }
        warnings
    }

    /// What a spreadsheet would run, and was left as it is.
    pub fn of_formulas(plan: &Plan, tally: &Tally, policy: Formulas) -> Option<Self> {
        let steps = plan.steps.iter().zip(&tally.columns);
        let cells = steps.filter_map(|(step, column)| {
            let shown = plan.columns.get(step.column)?.input.clone();
            Some((shown, column.formulas)).filter(|(_, count)| *count > 0)
        });
        let cells: Vec<(Shown, u64)> = cells.collect();
        (policy == Formulas::Warn && !cells.is_empty()).then_some(Self::Formulas(cells))
    }

    /// That rows were counted, where a column tells fewer persons than rows.
    pub fn of_persons(plan: &Plan, repeats: Repeats) -> Option<Self> {
        let column = plan.columns.get(repeats.column)?.input.clone();
        repeats
            .any()
            .then_some(Self::RowsOfPersons { column, repeats })
    }

    /// Values of columns that are not quasi-identifying which fewer than k rows or persons have. `watch`
    /// is what was measured.
    pub fn of_rare(plan: &Plan, watch: &Watch, audit: &Audit) -> Option<Self> {
        let (k, seen) = (watch.looks?, audit.published.as_ref()?);
        let others = watch.others.iter().map(|(at, _)| at);
        let columns = watch.sensitive.iter().chain(others).zip(&seen.rare);
        let rare = columns.filter(|(_, values)| **values > 0);
        let named = rare.filter_map(|(at, values)| {
            let step = plan.steps.get(*watch.steps.get(*at)?)?;
            Some((plan.columns.get(step.column)?.output.clone()?, *values))
        });
        let columns: Vec<(String, u64)> = named.collect();
        (!columns.is_empty()).then_some(Self::Rare {
            k,
            persons: audit.persons.is_some(),
            columns,
        })
    }

    /// What was found in kept columns and masked, or let go, and which of them are free text.
    pub fn of_leftovers(verdict: &Verdict, masked: bool) -> impl Iterator<Item = Self> {
        let columns = verdict.columns().iter();
        columns.flat_map(move |column| {
            let found = column.kinds.iter().map(move |kind| Self::Leftover {
                column: column.name.clone(),
                kind: kind.clone(),
                masked,
            });
            found.chain(column.free_text.map(|texts| Self::FreeText {
                column: column.name.clone(),
                texts,
            }))
        })
    }

    /// What other exports of the same persons will tell.
    pub fn of_other_runs(plan: &Plan) -> impl Iterator<Item = Self> {
        let columns = |again| -> Vec<Shown> {
            let columns = plan.columns.iter();
            let such = columns.filter(|column| column.again == again && column.output.is_some());
            such.map(|column| column.input.clone()).collect()
        };
        let drawn = Some(columns(Again::Draw)).filter(|columns| !columns.is_empty());
        let ages = Some(columns(Again::YearOfRun)).filter(|columns| !columns.is_empty());
        let drawn = drawn.map(Self::DrawnAnew);
        drawn.into_iter().chain(ages.map(Self::AgesOfYear))
    }
}
