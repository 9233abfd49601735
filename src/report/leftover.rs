//! What is left over in kept columns, in words.

use std::collections::BTreeMap;
use std::fmt;

use crate::base::name::Shown;
use crate::detect::DETECTORS;
use crate::engine::leftover::{ColumnVerdict, Kind, Verdict, What};
use crate::engine::plan::Plan;
use crate::io::place::Places;
use crate::rules::policy::OnLeftover;

const MOST_FINDS: usize = 10;

/// The most columns whose lines to paste are shown.
const MOST_LINES: usize = 4;

/// What was found in kept columns, and what was done about it.
#[derive(Debug, Clone, Copy)]
pub struct Leftovers<'a> {
    /// What was to be done.
    pub policy: OnLeftover,
    /// What was found.
    pub verdict: &'a Verdict,
}

impl Leftovers<'_> {
    /// How many finds there are: a cell counts once for each kind in it.
    pub fn finds(&self) -> u64 {
        finds(self.verdict)
    }

    /// By kind how many cells of the input's column at this position have it; nothing if it was not
    /// looked through. All that stands in the same row is one kind, `same_row`.
    pub fn of_column(&self, column: usize) -> Option<BTreeMap<&'static str, u64>> {
        let mut columns = self.verdict.columns().iter();
        let column = columns.find(|looked| looked.column == column)?;
        let mut counts = BTreeMap::new();
        for kind in &column.kinds {
            let name = match kind.what {
                What::Detected(name) => name,
                What::SameRow(_) => "same_row",
            };
            *counts.entry(name).or_default() += kind.cells;
        }
        Some(counts)
    }
}

fn finds(verdict: &Verdict) -> u64 {
    let kinds = verdict.columns().iter().flat_map(|column| &column.kinds);
    kinds.map(|kind| kind.cells).sum()
}

/// What of a person is left over in kept columns: what, where and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftoverData {
    columns: Vec<(Shown, Vec<Kind>)>,
    /// Lines for the rule table where such finds are expected: under which heading, and the line.
    pastes: Vec<(String, String)>,
    uncounted: bool,
    finds: u64,
    masked: bool,
    partial: bool,
}

impl LeftoverData {
    /// Sums up what was found; `masked` tells that it is what masking left, `partial` that rows are
    /// already on a stream that cannot be taken back.
    pub fn new(plan: &Plan, verdict: &Verdict, masked: bool, partial: bool) -> Self {
        let hit = |column: &&ColumnVerdict| !column.kinds.is_empty();
        let columns = verdict.columns().iter().filter(hit);
        let same_row = |kind: &Kind| matches!(kind.what, What::SameRow(_));
        Self {
            uncounted: columns
                .clone()
                .any(|column| column.uncounted && column.kinds.iter().any(same_row)),
            pastes: columns
                .clone()
                .filter_map(|column| paste(plan, column))
                .take(MOST_LINES)
                .collect(),
            columns: columns
                .map(|column| (column.name.clone(), column.kinds.clone()))
                .collect(),
            finds: finds(verdict),
            masked,
            partial,
        }
    }
}

/// The line of a column's entry in the rule table that allows what was found in it.
fn paste(plan: &Plan, column: &ColumnVerdict) -> Option<(String, String)> {
    let entry = plan.columns.get(column.column)?.entry.as_ref()?;
    let mut names: Vec<&str> = Vec::new();
    for kind in &column.kinds {
        let name = match kind.what {
            What::Detected(name) => name,
            What::SameRow(_) => "same_row",
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some((entry.heading().to_owned(), entry.leftovers_with(&names)))
}

impl fmt::Display for LeftoverData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.partial {
            true => fixed!("discard what was already written to standard output"),
            false => fixed!("nothing was written"),
        };
        let finds = self.finds;
        f.write_str(&match self.masked {
            true => plural!(
                finds,
                "{n} identifier is left over in kept columns after masking; {outcome}",
                "{n} identifiers are left over in kept columns after masking; {outcome}",
                outcome
            ),
            false => plural!(
                finds,
                "{n} identifier is left over in kept columns; {outcome}",
                "{n} identifiers are left over in kept columns; {outcome}",
                outcome
            ),
        })?;
        let finds = self.columns.iter();
        let finds: Vec<_> = finds
            .flat_map(|(column, kinds)| kinds.iter().map(move |kind| (column, kind)))
            .collect();
        let (shown, more) = finds.split_at_checked(MOST_FINDS).unwrap_or((&finds, &[]));
        let mut places = Places::default();
        for (column, kind) in shown {
            let kind = kind.told(&mut places);
            write!(f, "\n  {}", text!("column {column}: {kind}", column, kind))?;
        }
        if !more.is_empty() {
            let more = more.iter().map(|(column, kind)| {
                let kind = kind.told(&mut places);
                text!("column {column}: {kind}", column, kind)
            });
            let counts: Vec<String> = more.collect();
            let counts = counts.join(" · ");
            write!(f, "\n  {}", text!("and more: {counts}", counts))?;
        }
        if self.uncounted {
            let uncounted = fixed!(
                "a column has more distinct words than are counted: some of what stands in the \
                 same row may be there by accident"
            );
            write!(f, "\n  {uncounted}")?;
        }
        write!(f, "\n  {}", fixed!("what to do:"))?;
        let look = fixed!("look at these cells, and mend them at the source or drop the column");
        let mask = fixed!(
            "or run again with --on-leftover mask (each find is replaced by its kind, such as [email])"
        );
        let mask = (!self.masked).then_some(mask);
        for advice in [Some(look), mask].into_iter().flatten() {
            write!(f, "\n    - {advice}")?;
        }
        for (heading, line) in &self.pastes {
            let allow = text!(
                "if these cells may be published as they are, write in the rule table under {heading}:",
                heading
            );
            write!(f, "\n    - {allow}\n        {line}")?;
        }
        Ok(())
    }
}

impl Kind {
    /// What was found, in words.
    fn name(&self) -> String {
        match &self.what {
            What::Detected(name) => detector_title(name).to_owned(),
            What::SameRow(source) => text!("what stands in {source} of the same row", source),
        }
    }

    /// What was found, in how many cells and where first.
    fn told(&self, told: &mut Places) -> String {
        let what = self.name();
        let places = self.places.iter();
        let places: Vec<String> = places
            .map(|(record, line)| told.tell(*record, *line))
            .collect();
        let cells = plural!(self.cells, "{n} cell", "{n} cells");
        match places.is_empty() {
            true => text!("{what} in {cells}", what, cells),
            false => text!(
                "{what} in {cells}, first in {places}",
                what,
                cells,
                places = places.join(", ")
            ),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(&mut Places::default()))
    }
}

/// What messages call a detector.
pub(super) fn detector_title(name: &'static str) -> &'static str {
    let mut detectors = DETECTORS.iter();
    let found = detectors.find(|detector| detector.name == name);
    found.map_or(name, |detector| detector.title.get())
}
