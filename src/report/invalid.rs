//! Everything that is wrong with the data, in one message.

use std::collections::BTreeSet;
use std::fmt;

use crate::base::lang::{Fixed, Whole};
use crate::base::name::Shown;
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
                Cause::Width(fields) => plural!(
                    *fields,
                    "{place}: {n} field where the header has {width}",
                    "{place}: {n} fields where the header has {width}",
                    place = place(None),
                    width
                ),
                Cause::Total => text!("{place}: a total and nobody", place = place(None)),
                Cause::Undecided { test, reason } => {
                    let (name, test) = of_test(*test);
                    let (place, why) = (place(name), reason.what);
                    text!("{place}, [rows] {test}: {why}", place, test, why)
                }
                Cause::Cell { step, reason } => {
                    let (name, rule) = of_step(*step);
                    let (place, why) = (place(name), reason.what);
                    text!("{place}, rule {rule}: {why}", place, rule, why)
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
                totals.push(text!(
                    "{count} × column {name}, rule {rule}: {why}",
                    count = Whole(*count),
                    name,
                    rule,
                    why = reason.what
                ));
                advice.insert(reason.advice);
            }
        }
        for (test, counts) in tally.filters.iter().enumerate() {
            for (reason, count) in &counts.invalid {
                let (name, test) = of_test(test);
                let name = name.map(|name| name.to_string()).unwrap_or_default();
                totals.push(text!(
                    "{count} × column {name}, [rows] {test}: {why}",
                    count = Whole(*count),
                    name,
                    test,
                    why = reason.what
                ));
                advice.insert(reason.advice);
            }
        }
        if tally.wrong_width > 0 {
            totals.push(text!(
                "{count} × a row whose fields are not the header's {width}",
                count = Whole(tally.wrong_width),
                width
            ));
            advice.insert(fixed!(
                "look for a missing or an unquoted delimiter in the rows of another width than the header"
            ));
        }
        if tally.nobody.totals > 0 {
            let count = Whole(tally.nobody.totals);
            totals.push(text!("{count} × a row that is a total", count));
            advice.insert(fixed!(
                "remove totals and subtotals: they tell of several people"
            ));
        }
        let mut advice: Vec<String> = advice.iter().map(Fixed::to_string).collect();
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
            fixed!(
                "or run again with --on-invalid blank (such cells leave empty) or --on-invalid skip \
                 (their rows are left out); rows of another width and totals are left out either \
                 way, and counted"
            )
            .to_string()
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

/// What of the data can be invalid, for machines, and what that stands for.
pub(crate) const INVALID: &[(&str, &str)] = &[
    (
        "invalid_cells",
        "cells that their rules cannot transform, or formulas that are refused",
    ),
    ("wrong_width", "rows of another width than the header"),
    ("totals", "rows that are totals"),
];

impl InvalidData {
    /// What of [`INVALID`] there is.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &'static str> {
        let counts = [self.cells, self.rows, self.of_totals];
        let codes = INVALID.iter().zip(counts);
        codes
            .filter(|(_, count)| *count > 0)
            .map(|((code, _), _)| *code)
    }
}

impl fmt::Display for InvalidData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts = Vec::new();
        if self.cells > 0 {
            counts.push(plural!(self.cells, "{n} invalid cell", "{n} invalid cells"));
        }
        if self.rows > 0 {
            counts.push(plural!(
                self.rows,
                "{n} row of the wrong width",
                "{n} rows of the wrong width"
            ));
        }
        if self.of_totals > 0 {
            counts.push(plural!(self.of_totals, "{n} total", "{n} totals"));
        }
        let counts = counts.join(fixed!(" and ").get());
        f.write_str(&match self.fate {
            Aftermath::Partial => text!(
                "{counts}; what standard output has got is incomplete",
                counts
            ),
            Aftermath::NothingWritten => text!("{counts}; nothing was written", counts),
            Aftermath::NothingToWrite => counts,
        })?;
        write!(f, "\n  {}", fixed!("first places:"))?;
        for place in &self.places {
            write!(f, "\n    {place}")?;
        }
        write!(f, "\n  {}", fixed!("in all:"))?;
        for total in &self.totals {
            write!(f, "\n    {total}")?;
        }
        write!(f, "\n  {}", fixed!("what to do:"))?;
        for advice in &self.advice {
            write!(f, "\n    - {advice}")?;
        }
        Ok(())
    }
}
