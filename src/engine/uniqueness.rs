//! How many of the rows that a run writes are the only ones with their quasi-identifying values: known of every
//! run, also of one that nobody asked to measure.
//!
//! Where what is published follows from the cell alone, cells are processed once more, of the rows in the sample only;
//! otherwise the written rows are read again. Combinations of values are told apart by hashes of 64 bits. Where there
//! are many, those in a sample are counted, which is chosen by the hash: all rows of a combination are in it, or none
//! is. The hash has no key, so the sample is the same for any number of threads. Its lowest bits are those of some kept
//! cells, which tell of most rows that they are not in the sample before the others are looked at.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use super::Worker;
use super::block::{BLOCK, Block, Column};
use super::decision::Decision;
use super::part::{Part, Settings};
use super::selection::Selection;
use super::tally::Tally;
use super::worker::Anonymiser;
use crate::base::name::Shown;
use crate::engine::plan::{Act, Plan};
use crate::io::csv::{Batch, Ends, Malformed, Refusal, Row};
use crate::io::format::OutputFormat;
use crate::privacy::counter::Sample;
use crate::rules::Formulas;
use crate::rules::filter::RowFilter;
use crate::rules::policy::OnInvalid;

/// How many rows are the only ones with their quasi-identifying values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniqueness {
    /// How many quasi-identifying columns there are.
    pub columns: usize,
    /// The share of such rows, from 0 to 1.
    pub share: f64,
    /// Whether that is counted, not estimated from a sample.
    pub exact: bool,
}

/// So many combinations are counted; of more, a sample. The standard error of a share is then about 1 %.
const MOST: usize = 1 << 12;

/// How many of the bits that choose the sample are known from the kept cells.
const EARLY: u32 = 5;

/// How combinations are found.
#[derive(Clone)]
pub(super) enum Way<'a> {
    /// From the input.
    ByCells(Cells<'a>),
    /// From the written rows.
    ByOutput(Vec<Run>),
}

/// The quasi-identifying cells of the input.
#[derive(Clone)]
pub(super) struct Cells<'a> {
    columns: Vec<Column<'a>>,
    /// The kept columns whose cells are looked at first; none if they do not tell rows apart.
    first: Vec<usize>,
    header: &'a [Shown],
    on_invalid: OnInvalid,
}

/// Neighbouring columns, from the first to the last.
type Run = (usize, usize);

/// Anonymises batches, and counts combinations of the rows' quasi-identifying values.
pub(super) struct Counting<'a> {
    inner: Anonymiser<'a>,
    delimiter: u8,
    way: Way<'a>,
    sample: Sample,
    written: Batch,
    ends: Ends,
    scratch: Vec<u8>,
}

impl<'a> Counting<'a> {
    /// A worker that counts the rows that `inner` writes in this format.
    pub(super) fn new(inner: Anonymiser<'a>, format: OutputFormat, way: Way<'a>) -> Self {
        Self {
            inner,
            delimiter: format.delimiter,
            way,
            sample: Sample::of(MOST),
            written: Batch::new(),
            ends: Ends::default(),
            scratch: Vec::new(),
        }
    }

    /// The worker that wrote, and what was counted.
    pub(super) fn into_parts(self) -> (Anonymiser<'a>, Sample) {
        (self.inner, self.sample)
    }
}

/// The runs of neighbours among columns, which are in rising order.
fn runs(columns: impl Iterator<Item = usize>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in columns {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == column => *last = column,
            _ => runs.push((column, column)),
        }
    }
    runs
}

impl<'a> Way<'a> {
    /// The way for a plan, whose steps `quasi` names; `sample` are some rows of the input.
    pub(super) fn new(
        (plan, header): (&'a Plan, &'a [Shown]),
        quasi: &[usize],
        settings: &Settings,
        (masks, sample): (bool, &[Vec<String>]),
    ) -> Self {
        let columns = quasi.iter().filter_map(|step| Column::new(plan, *step));
        let columns: Vec<Column<'_>> = columns.collect();
        let may_blank = plan.filter.as_ref().is_some_and(RowFilter::may_blank);
        let follows = !masks
            && !may_blank
            && settings.on_invalid != OnInvalid::Skip
            && settings.formulas != Formulas::Escape
            && columns.iter().all(Column::goes_by_content);
        match follows {
            true => Self::ByCells(Cells {
                first: first(&columns, sample),
                columns,
                header,
                on_invalid: settings.on_invalid,
            }),
            false => {
                let before = usize::from(settings.index.is_some());
                Self::ByOutput(runs(quasi.iter().map(|step| step + before)))
            }
        }
    }
}

/// So few rows do not tell whether their cells are different enough.
const LEAST_ROWS: usize = 40;

/// The kept columns with the most different cells, as many as it takes for all of these rows of the input but one to
/// differ in them; none if they do not.
fn first(columns: &[Column<'_>], sample: &[Vec<String>]) -> Vec<usize> {
    let kept = columns
        .iter()
        .filter(|column| matches!(column.act, Act::Keep { .. }));
    let mut kept: Vec<usize> = kept.map(|column| column.column).collect();
    let different = |columns: &[usize]| {
        let rows = sample.iter().map(|row| -> Vec<Option<&String>> {
            columns.iter().map(|column| row.get(*column)).collect()
        });
        rows.collect::<HashSet<_>>().len()
    };
    kept.sort_by_cached_key(|column| Reverse(different(&[*column])));
    let tell_apart = |columns: &[usize]| different(columns) + 1 >= sample.len();
    let enough = (1..=kept.len()).find(|count| kept.get(..*count).is_some_and(tell_apart));
    let enough = enough.filter(|_| sample.len() >= LEAST_ROWS);
    kept.truncate(enough.unwrap_or_default());
    kept
}

impl Cells<'_> {
    /// Counts the rows of a batch that are published.
    fn count(
        &self,
        (batch, ends): (&Batch, &Ends),
        plan: &Plan,
        scratch: &mut Vec<u8>,
        sample: &mut Sample,
    ) -> Result<(), Refusal> {
        let (mut rows, mut early) = (Vec::new(), Vec::new());
        for row in batch.rows(ends) {
            let mut hasher = FixedState::with_seed(1).build_hasher();
            for column in &self.first {
                hasher.write(batch.cell(&row, *column, false, scratch));
                hasher.write_u8(0);
            }
            let hash = hasher.finish();
            let known = if self.first.is_empty() { 0 } else { EARLY };
            if hash & ((1 << sample.halved().min(known)) - 1) != 0 {
                continue;
            }
            rows.push(row);
            early.push(hash & ((1 << known) - 1));
            if rows.len() == BLOCK {
                self.add((batch, plan), (&rows, &early), scratch, sample)?;
                rows.clear();
                early.clear();
            }
        }
        self.add((batch, plan), (&rows, &early), scratch, sample)
    }

    /// Adds those of some rows that are published to the sample; of each the first bits of its hash are known.
    fn add(
        &self,
        (batch, plan): (&Batch, &Plan),
        (rows, early): (&[Row<'_>], &[u64]),
        scratch: &mut Vec<u8>,
        sample: &mut Sample,
    ) -> Result<(), Refusal> {
        let selection = Selection {
            plan,
            header: self.header,
            on_invalid: self.on_invalid,
        };
        let block = Block {
            rows,
            indexes: &[],
            batch,
            plan,
            header: self.header,
            decode: batch.text().needs_decoding(),
        };
        let bits = if self.first.is_empty() { 0 } else { EARLY };
        let (mut unheard, mut text) = (Tally::new(plan.steps.len()), Vec::new());
        for (at, (row, early)) in rows.iter().zip(early).enumerate() {
            if selection.decide(row, batch, scratch, &mut unheard)? == Decision::Stays {
                continue;
            }
            let mut hasher = FixedState::with_seed(0).build_hasher();
            for column in &self.columns {
                text.clear();
                column.process((&block, at), None, scratch, &mut text)?;
                hasher.write(&text);
                hasher.write_u8(0);
            }
            sample.add(hasher.finish() << bits | early);
        }
        Ok(())
    }
}

/// What several workers counted together, of so many columns.
pub(super) fn together(samples: impl IntoIterator<Item = Sample>, columns: usize) -> Uniqueness {
    let mut all = Sample::of(MOST);
    samples.into_iter().for_each(|sample| all.merge(sample));
    Uniqueness {
        columns,
        share: all.alone(),
        exact: all.is_whole(),
    }
}

/// The steps of a plan that write quasi-identifying cells which can be compared.
pub(super) fn quasi_steps(plan: &Plan) -> Vec<usize> {
    let watch = plan.watch();
    let steps = watch.quasi.iter().filter_map(|at| watch.steps.get(*at));
    steps.copied().collect()
}

/// The hash of what a row has in these columns.
fn hash(row: &Row<'_>, batch: &Batch, runs: &[Run], scratch: &mut Vec<u8>) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    for &(first, last) in runs {
        let (start, end) = (row.field_start(first), row.bounds(last).1);
        if batch.first_quote(start, end).is_some() {
            hash_quoted(row, batch, (first, last), scratch, &mut hasher);
            continue;
        }
        hasher.write(batch.buffer().get(start..end).unwrap_or_default());
        hasher.write_u8(0);
    }
    hasher.finish()
}

/// The same for a run of columns where a cell is quoted: one that need not be is as if it were not.
#[cold]
fn hash_quoted(
    row: &Row<'_>,
    batch: &Batch,
    (first, last): Run,
    scratch: &mut Vec<u8>,
    hasher: &mut impl Hasher,
) {
    let delimiter = batch.delimiter();
    let mut text = Vec::new();
    for column in first..=last {
        if column > first {
            text.push(delimiter);
        }
        let content = batch.cell(row, column, false, scratch);
        let needs_quotes = |byte: &u8| matches!(*byte, b'"' | b'\n' | b'\r') || *byte == delimiter;
        if !content.iter().any(needs_quotes) {
            text.extend_from_slice(content);
            continue;
        }
        text.push(b'"');
        for byte in content {
            text.extend(std::iter::repeat_n(*byte, 1 + usize::from(*byte == b'"')));
        }
        text.push(b'"');
    }
    hasher.write(&text);
    hasher.write_u8(0);
}

impl Worker for Counting<'_> {
    type Part = Part;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.inner.process(batch)?;
        let runs = match &self.way {
            Way::ByOutput(runs) => runs,
            Way::ByCells(cells) => {
                let (_, ends, plan) = self.inner.part_and_source();
                return cells.count((batch, ends), plan, &mut self.scratch, &mut self.sample);
            }
        };
        let (part, delimiter) = (self.inner.part(), self.delimiter);
        let (rows, count) = (&part.rows, part.tally.written);
        let read = self.written.take_written(rows, delimiter, &mut self.ends);
        if !read || self.written.records() != count {
            return Err(batch.refuse(Malformed::Changed, 0, &[]));
        }
        for row in self.written.rows(&self.ends) {
            let hash = hash(&row, &self.written, runs, &mut self.scratch);
            self.sample.add(hash);
        }
        Ok(())
    }

    fn part(&mut self) -> &mut Part {
        self.inner.part()
    }
}

#[cfg(test)]
mod tests;
