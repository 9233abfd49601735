//! Everything that is wrong with the data, in one message.

use std::collections::BTreeSet;
use std::fmt;

use crate::base::name::Shown;
use crate::base::plural::counted;
use crate::engine::plan::Plan;
use crate::engine::{Cause, ColumnTally, Tally};
use crate::io::place::Place;
use crate::rules::filter::RowFilter;
use crate::rules::formulas::FORMULA;

/// The cells and rows that cannot be transformed: the first places and all totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidData {
    places: Vec<String>,
    totals: Vec<String>,
    advice: Vec<String>,
    cells: u64,
    rows: u64,
    of_totals: u64,
    fate: Aftermath,
}

/// What became of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aftermath {
    /// Rows before the first invalid one are already on a stream that cannot be taken back.
    Partial,
    /// Nothing was written.
    NothingWritten,
    /// The command only reads, and has no other way to go on.
    NothingToWrite,
}

impl InvalidData {
    /// Sums up a tally.
    pub fn new(plan: &Plan, tally: &Tally, fate: Aftermath) -> Self {
        let width = plan.columns.len();
        let of_step = |step: usize| {
            let column = plan
                .steps
                .get(step)
                .and_then(|step| plan.columns.get(step.column));
            let name = column.map(|column| column.input.clone());
            (
                name,
                column.and_then(|column| column.rule).unwrap_or_default(),
            )
        };
        let tests = plan.filter.as_ref().map_or(&[][..], RowFilter::tests);
        let of_test = |test: usize| {
            let test = tests.get(test);
            let name = test.map(|test| test.shown.clone());
            (name, test.map_or("", |test| &test.name))
        };
        let places = tally.places.iter().map(|found| {
            let place = |column: Option<Shown>| Place {
                record: found.record,
                line: found.line,
                column,
            };
            match &found.cause {
                Cause::Width(fields) => format!(
                    "{}: {} where the header has {width}",
                    place(None),
                    counted(*fields, "field")
                ),
                Cause::Total => format!("{}: a total and nobody", place(None)),
                Cause::Undecided { test, reason } => {
                    let (name, test) = of_test(*test);
                    format!("{}, [rows] {test}: {}", place(name), reason.what)
                }
                Cause::Cell { step, reason } => {
                    let (name, rule) = of_step(*step);
                    format!("{}, rule {rule}: {}", place(name), reason.what)
                }
            }
        });
        let mut totals = Vec::new();
        // A set, so that advice shared by several columns is given once.
        let mut advice = BTreeSet::new();
        for (step, column) in tally.columns.iter().enumerate() {
            for (reason, count) in &column.invalid {
                let (name, rule) = of_step(step);
                let name = name.map(|name| name.to_string()).unwrap_or_default();
                totals.push(format!(
                    "{count} × column {name}, rule {rule}: {}",
                    reason.what
                ));
                advice.insert(reason.advice.to_owned());
            }
        }
        for (test, counts) in tally.filters.iter().enumerate() {
            for (reason, count) in &counts.invalid {
                let (name, test) = of_test(test);
                let name = name.map(|name| name.to_string()).unwrap_or_default();
                totals.push(format!(
                    "{count} × column {name}, [rows] {test}: {}",
                    reason.what
                ));
                advice.insert(reason.advice.to_owned());
            }
        }
        if tally.wrong_width > 0 {
            totals.push(format!(
                "{} × a row whose fields are not the header's {width}",
                tally.wrong_width
            ));
            advice.insert(
                "look for a missing or an unquoted delimiter in the rows of another width than the header".to_owned(),
            );
        }
        if tally.nobody.totals > 0 {
            totals.push(format!("{} × a row that is a total", tally.nobody.totals));
            advice.insert("remove totals and subtotals: they tell of several people".to_owned());
        }
        let mut advice: Vec<String> = advice.into_iter().collect();
        let formulas = |column: &ColumnTally| {
            let counts = column.invalid.iter();
            let formulas = counts.filter(|(reason, _)| reason.code == FORMULA.code);
            formulas.map(|(_, count)| count).sum::<u64>()
        };
        let formulas: u64 = tally.columns.iter().map(formulas).sum();
        // They stop a run whatever --on-invalid says.
        let others =
            tally.wrong_width > 0 || tally.nobody.totals > 0 || tally.invalid_cells() > formulas;
        let goes_on = others && fate != Aftermath::NothingToWrite;
        advice.extend(goes_on.then(|| {
            "or run again with --on-invalid blank (such cells leave empty) or --on-invalid skip \
             (their rows are left out); rows of another width and totals are left out either way, and counted"
                .to_owned()
        }));
        Self {
            places: places.collect(),
            totals,
            advice,
            cells: tally.invalid_cells(),
            rows: tally.wrong_width,
            of_totals: tally.nobody.totals,
            fate,
        }
    }
}

impl fmt::Display for InvalidData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.fate {
            Aftermath::Partial => "; what standard output has got is incomplete",
            Aftermath::NothingWritten => "; nothing was written",
            Aftermath::NothingToWrite => "",
        };
        let counts = [
            (self.cells, "invalid cell", ""),
            (self.rows, "row", " of the wrong width"),
            (self.of_totals, "total", ""),
        ];
        let counts = counts.iter().filter(|(count, ..)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, what, which)| format!("{}{which}", counted(*count, what)))
            .collect();
        write!(f, "{}{outcome}\n  first places:", counts.join(" and "))?;
        for place in &self.places {
            write!(f, "\n    {place}")?;
        }
        write!(f, "\n  in all:")?;
        for total in &self.totals {
            write!(f, "\n    {total}")?;
        }
        write!(f, "\n  what to do:")?;
        for advice in &self.advice {
            write!(f, "\n    - {advice}")?;
        }
        Ok(())
    }
}
