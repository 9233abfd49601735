//! Everything that is wrong with the data, in one message: what, where first, and what would be accepted.

mod codes;

pub(crate) use codes::INVALID;

use std::fmt::{self, Write as _};

use crate::base::lang::{Fixed, Whole};
use crate::base::name::Shown;
use crate::engine::plan::{Plan, PlannedColumn};
use crate::engine::{Cause, Found, Tally};
use crate::io::place::Places;
use crate::rules::filter::RowFilter;
use crate::rules::formulas::FORMULA;
use crate::rules::table::Entry;
use crate::rules::transform::Reason;

const MOST_PROBLEMS: usize = 10;

/// The most columns whose lines to paste are shown.
const MOST_LINES: usize = 4;

/// The cells and rows that cannot be transformed: what is wrong with them, with the first places and all totals,
/// and what would be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidData {
    problems: Vec<String>,
    /// What each column accepts, and what helps against rows that are none.
    accepted: Vec<String>,
    /// Lines for the rule table: when they are right, and the line.
    pastes: Vec<(String, String)>,
    /// The built-in table that the lines are for, if it is one.
    builtin: Option<String>,
    /// The options that go on in spite of it.
    goes_on: Option<Fixed>,
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
    NothingWritten,
    /// The command only reads, and has no other way to go on.
    NothingToWrite,
}

impl InvalidData {
    /// Sums up a tally; `builtin` is the name of the rule table if it is a built-in one.
    pub fn new(plan: &Plan, tally: &Tally, builtin: Option<&str>, fate: Aftermath) -> Self {
        let found = Problems { plan, tally };
        let mut problems = found.of_cells();
        problems.extend(found.of_tests());
        problems.extend(found.of_rows());
        let pastes: Vec<_> = pastes(&problems).take(MOST_LINES).collect();
        Self {
            accepted: accepted(&problems),
            builtin: builtin
                .filter(|_| !pastes.is_empty())
                .map(ToOwned::to_owned),
            pastes,
            goes_on: goes_on(tally).filter(|_| fate != Aftermath::NothingToWrite),
            problems: told(&problems),
            cells: tally.invalid_cells(),
            rows: tally.wrong_width,
            of_totals: tally.nobody.totals,
            fate,
        }
    }
}

/// One thing that is wrong, as often as it is.
struct Problem<'a> {
    count: u64,
    column: Option<Shown>,
    /// The rule or the test that it is wrong for: `rule year`, `[rows] older`.
    under: String,
    what: String,
    advice: Fixed,
    /// The reason, and the column's entry in the rule table that may mend it.
    of_rule: Option<(&'static Reason, &'a PlannedColumn)>,
    places: Vec<&'a Found>,
}

struct Problems<'a> {
    plan: &'a Plan,
    tally: &'a Tally,
}

impl<'a> Problems<'a> {
    fn places(&self, is_of: impl Fn(&Cause) -> bool) -> Vec<&'a Found> {
        let places = self.tally.places.iter();
        places.filter(|found| is_of(&found.cause)).collect()
    }

    fn of_cells(&self) -> Vec<Problem<'a>> {
        let mut problems = Vec::new();
        for (step, counts) in self.tally.columns.iter().enumerate() {
            let planned = self.plan.steps.get(step);
            let Some(column) = planned.and_then(|step| self.plan.columns.get(step.column)) else {
                continue;
            };
            for (reason, count) in &counts.invalid {
                let rule = column.rule.unwrap_or_default();
                problems.push(Problem {
                    count: *count,
                    column: Some(column.input.clone()),
                    under: text!("rule {rule}", rule),
                    what: reason.what.to_string(),
                    advice: reason.advice,
                    of_rule: Some((reason, column)),
                    places: self.places(|cause| {
                        matches!(cause, Cause::Cell { step: of, reason: other }
                            if *of == step && other == reason)
                    }),
                });
            }
        }
        problems
    }

    fn of_tests(&self) -> Vec<Problem<'a>> {
        let tests = self.plan.filter.as_ref().map_or(&[][..], RowFilter::tests);
        let mut problems = Vec::new();
        for (at, (test, counts)) in tests.iter().zip(&self.tally.filters).enumerate() {
            for (reason, count) in &counts.invalid {
                problems.push(Problem {
                    count: *count,
                    column: Some(test.shown.clone()),
                    under: format!("[rows] {}", test.name),
                    what: reason.what.to_string(),
                    advice: reason.advice,
                    of_rule: None,
                    places: self.places(|cause| {
                        matches!(cause, Cause::Undecided { test: of, reason: other }
                            if *of == at && other == reason)
                    }),
                });
            }
        }
        problems
    }

    fn of_rows(&self) -> Vec<Problem<'a>> {
        let (width, totals) = (self.tally.wrong_width, self.tally.nobody.totals);
        let problem = |count, what, advice, places| Problem {
            count,
            column: None,
            under: String::new(),
            what,
            advice,
            of_rule: None,
            places,
        };
        let mut problems = Vec::new();
        if width > 0 {
            problems.push(problem(
                width,
                text!(
                    "a row whose fields are not the header's {width}",
                    width = self.plan.columns.len()
                ),
                fixed!(
                    "look for a missing or an unquoted delimiter in the rows of another width than the header"
                ),
                self.places(|cause| matches!(cause, Cause::Width(_))),
            ));
        }
        if totals > 0 {
            problems.push(problem(
                totals,
                fixed!("a row that is a total").to_string(),
                fixed!("remove totals and subtotals: they tell of several people"),
                self.places(|cause| matches!(cause, Cause::Total)),
            ));
        }
        problems
    }
}

/// The problems one by one, and then in their number.
fn told(problems: &[Problem<'_>]) -> Vec<String> {
    let mut places = Places::default();
    let (shown, more) = problems
        .split_at_checked(MOST_PROBLEMS)
        .unwrap_or((problems, &[]));
    let mut lines: Vec<String> = shown
        .iter()
        .map(|problem| told_one(problem, &mut places))
        .collect();
    if !more.is_empty() {
        let counts = more.iter().map(|problem| {
            let column = problem
                .column
                .as_ref()
                .map_or_else(|| problem.what.clone(), Shown::to_string);
            format!("{column} ({})", Whole(problem.count))
        });
        let counts: Vec<String> = counts.collect();
        lines.push(text!("and more: {counts}", counts = counts.join(", ")));
    }
    lines
}

fn told_one(problem: &Problem<'_>, places: &mut Places) -> String {
    let (count, what, under) = (Whole(problem.count), &problem.what, &problem.under);
    let mut line = match &problem.column {
        Some(column) => text!(
            "{count} × {column}, {under}: {what}",
            count,
            column,
            under,
            what
        ),
        None => format!("{count} × {what}"),
    };
    for (at, found) in problem.places.iter().enumerate() {
        let mark = if at == 0 { fixed!(": ").get() } else { ", " };
        let place = places.tell(found.record, found.line);
        // Writing to a string does not fail.
        let _ = match &found.cause {
            Cause::Width(fields) => {
                let fields = plural!(*fields, "{n} field", "{n} fields");
                write!(line, "{mark}{place} {}", text!("has {fields}", fields))
            }
            _ => write!(line, "{mark}{place}"),
        };
    }
    line
}

/// What each column accepts; columns that accept the same stand together.
fn accepted(problems: &[Problem<'_>]) -> Vec<String> {
    let mut by_advice: Vec<(Fixed, Vec<String>)> = Vec::new();
    for problem in problems {
        let name = problem.column.as_ref().map(Shown::to_string);
        match by_advice
            .iter_mut()
            .find(|(advice, _)| *advice == problem.advice)
        {
            Some((_, names)) => {
                let is_new = |name: &String| !names.contains(name);
                let name = name.filter(is_new);
                names.extend(name);
            }
            None => by_advice.push((problem.advice, name.into_iter().collect())),
        }
    }
    let lines = by_advice
        .into_iter()
        .map(|(advice, names)| match names.is_empty() {
            true => advice.to_string(),
            false => text!("{columns}: {advice}", columns = names.join(", "), advice),
        });
    lines.collect()
}

/// For each column the line that reads most of its invalid cells, and when it is right.
fn pastes<'p>(problems: &'p [Problem<'_>]) -> impl Iterator<Item = (String, String)> + 'p {
    let mends = problems.iter().filter_map(|problem| {
        let (reason, column) = problem.of_rule?;
        let entry = column.entry.as_ref()?;
        let mend = reason.mend.as_ref()?;
        Some((
            problem.count,
            entry,
            mend.when,
            entry.rule_with(mend.option)?,
        ))
    });
    let mut best: Vec<(u64, &Entry, Fixed, String)> = Vec::new();
    for mend in mends {
        match best.iter_mut().find(|(_, entry, ..)| *entry == mend.1) {
            Some(known) if known.0 < mend.0 => *known = mend,
            Some(_) => {}
            None => best.push(mend),
        }
    }
    best.into_iter().map(|(_, entry, when, line)| {
        let heading = entry.heading();
        (text!("{when}, write under {heading}:", when, heading), line)
    })
}

/// The options that go on in spite of what is wrong. Formulas stop a run whatever they say.
fn goes_on(tally: &Tally) -> Option<Fixed> {
    let counts = tally.columns.iter().flat_map(|column| &column.invalid);
    let formulas = counts.filter(|(reason, _)| reason.code == FORMULA.code);
    let formulas: u64 = formulas.map(|(_, count)| count).sum();
    let cells = tally.invalid_cells() > formulas;
    let rows = tally.wrong_width > 0 || tally.nobody.totals > 0;
    match (cells, rows) {
        (true, true) => Some(fixed!(
            "or run again with --on-invalid blank, which empties such cells, or --on-invalid skip, which \
             leaves their rows out; rows of another width and totals are left out either way, and counted"
        )),
        (true, false) => Some(fixed!(
            "or run again with --on-invalid blank, which empties such cells, or --on-invalid skip, which \
             leaves their rows out"
        )),
        (false, true) => Some(fixed!(
            "or run again with --on-invalid skip, which leaves such rows out and counts them"
        )),
        (false, false) => None,
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
                "{counts}; discard what was already written to standard output",
                counts
            ),
            Aftermath::NothingWritten => text!("{counts}; nothing was written", counts),
            Aftermath::NothingToWrite => counts,
        })?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        write!(f, "\n  {}", fixed!("what to do:"))?;
        for advice in &self.accepted {
            write!(f, "\n    - {advice}")?;
        }
        for (when, line) in &self.pastes {
            write!(f, "\n    - {when}\n        {line}")?;
        }
        if let Some(table) = &self.builtin {
            let edit = text!(
                "(crm-anon rules {table} > rules.toml writes the built-in table into a file to edit; run again \
                 with --rules rules.toml)",
                table
            );
            write!(f, "\n      {edit}")?;
        }
        if let Some(option) = &self.goes_on {
            write!(f, "\n    - {option}")?;
        }
        Ok(())
    }
}
