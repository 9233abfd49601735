//! A pass that counts figures: of each row that would be published, the values of some columns of the
//! output, whose it is, and amounts of the input.
//!
//! The rows are written as ever by an [`Anonymiser`], which notes where the columns' cells are, and are
//! discarded then: so what is counted is what would have been published.

use super::Worker;
use super::error::Error;
use super::part::{Part, Settings};
use super::passes::{Measuring, Passed};
use super::tally::MAX_PLACES;
use super::whose::{Hasher, Sketch, Watcher};
use super::worker::Anonymiser;
use crate::engine;
use crate::engine::leftover::Checker;
use crate::io::csv::{Batch, Malformed, Reader, Refusal, Row};
use crate::io::format::unquoted;
use crate::io::place::Place;
use crate::privacy;
use crate::privacy::aggregate::contributions::Contributions;
use crate::privacy::aggregate::tally::Tally;
use crate::rules::DecimalMark;
use crate::rules::cents;
use crate::rules::policy::OnInvalid;
use crate::rules::table::Missing;
use crate::rules::transform::Reason;

pub(crate) mod aside;

/// What is counted of the rows.
#[derive(Debug, Clone)]
pub(crate) struct Counting {
    /// The steps of the plan whose values are told apart, in the order of the table.
    pub(crate) by: Vec<usize>,
    /// The amounts of a row.
    pub(crate) amounts: Vec<Amount>,
    /// The decimal mark of those of the input.
    pub(crate) mark: Option<DecimalMark>,
}

/// Where an amount comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Amount {
    /// A column of the input.
    Input(usize),
    /// A step of the plan: [`WHOLE`] if it writes this, nothing if it writes anything else, and none if the cell is
    /// missing.
    Is(usize, Box<[u8]>),
}

/// The amount of whoever counts in a share, so that its mean is that share in percent.
pub(crate) const WHOLE: i128 = 10_000;

impl Counting {
    /// The steps of the plan whose cells are looked at, in their order and each once.
    fn steps(&self) -> Vec<usize> {
        let amounts = self.amounts.iter().filter_map(|amount| match amount {
            Amount::Input(_) => None,
            Amount::Is(step, _) => Some(*step),
        });
        let mut steps: Vec<usize> = self.by.iter().copied().chain(amounts).collect();
        steps.sort_unstable();
        steps.dedup();
        steps
    }
}

/// Amounts that cannot be read.
#[derive(Debug, Clone, Default)]
pub(crate) struct BadAmounts {
    /// The first places.
    pub(crate) places: Vec<(Place, &'static Reason)>,
    /// How many, by column of the input and reason.
    pub(crate) counts: Vec<(usize, &'static Reason, u64)>,
}

impl BadAmounts {
    fn note(&mut self, column: usize, reason: &'static Reason, count: u64) {
        let mut counts = self.counts.iter_mut();
        let known = counts.find(|(own, why, _)| *own == column && *why == reason);
        match known {
            Some((.., sum)) => *sum += count,
            None => self.counts.push((column, reason, count)),
        }
    }

    /// Adds those of other rows.
    fn merge(&mut self, other: Self) {
        self.places.extend(other.places);
        self.places.sort_by_key(|(place, _)| place.record);
        self.places.truncate(MAX_PLACES);
        for (column, reason, count) in other.counts {
            self.note(column, reason, count);
        }
        self.counts
            .sort_by_key(|(column, reason, _)| (*column, reason.code));
    }
}

/// What rows are counted in.
pub(crate) trait Counter: Send {
    /// An empty one that counts alike.
    fn another(&self) -> Self;

    /// Counts a row: its values as they are written, the keyed hash of its person if that is known, its own number, and
    /// its amounts in cents.
    fn add<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
        whose: (Option<u64>, u64),
        amounts: &[Option<i128>],
    ) -> Result<(), privacy::error::Error>;
}

impl Counter for Tally {
    fn another(&self) -> Self {
        self.another()
    }

    fn add<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
        (person, _): (Option<u64>, u64),
        amounts: &[Option<i128>],
    ) -> Result<(), privacy::error::Error> {
        self.add(values, person, amounts)
    }
}

impl Counter for Contributions<'_> {
    fn another(&self) -> Self {
        self.clone()
    }

    fn add<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
        whose: (Option<u64>, u64),
        amounts: &[Option<i128>],
    ) -> Result<(), privacy::error::Error> {
        self.add(values, whose, amounts, &unquoted)
    }
}

/// Counts batches.
struct Aggregator<'a, T> {
    inner: Anonymiser<'a>,
    counting: &'a Counting,
    /// The steps whose cells are marked in each row.
    steps: Vec<usize>,
    /// Where the marks of each column of the table are among these.
    order: Vec<usize>,
    on_invalid: OnInvalid,
    header: &'a [crate::base::name::Shown],
    watcher: Watcher<'a>,
    hasher: Option<Hasher<'a>>,
    counter: T,
    bad: BadAmounts,
    amounts: Vec<Option<i128>>,
    scratch: Vec<u8>,
    failure: Option<privacy::error::Error>,
}

impl<'a, T: Counter> Aggregator<'a, T> {
    fn new(
        inner: Anonymiser<'a>,
        measuring: &Measuring<'a>,
        counting: &'a Counting,
        (watcher, hasher): (Watcher<'a>, Option<Hasher<'a>>),
        counter: T,
    ) -> Self {
        let steps = counting.steps();
        let order = counting.by.iter();
        let order = order.filter_map(|step| steps.iter().position(|other| other == step));
        Self {
            inner: inner.watching(&steps),
            counting,
            order: order.collect(),
            steps,
            on_invalid: measuring.settings.on_invalid,
            header: measuring.header,
            watcher,
            hasher,
            counter,
            bad: BadAmounts::default(),
            amounts: Vec::new(),
            scratch: Vec::new(),
            failure: None,
        }
    }

    /// Counts the rows of the part.
    fn count(&mut self, batch: &Batch) -> Result<(), Refusal> {
        let (part, ends, plan) = self.inner.part_and_source();
        let mut records = part.records.iter().peekable();
        let rows = batch.rows(ends);
        let written: Vec<Row<'_>> = rows
            .filter(|row| records.next_if(|record| **record == row.number).is_some())
            .collect();
        if written.len() as u64 != part.tally.written {
            return Err(batch.refuse(Malformed::Changed, 0, &[]));
        }
        let read = (batch, &plan.missing);
        self.watcher.take(written.iter(), read, &mut Vec::new());
        let per_row = (2 * self.steps.len()).max(1);
        let decode = batch.text().needs_decoding();
        let mut left_out = 0;
        for (row, marks) in written.iter().zip(part.marks.chunks_exact(per_row)) {
            let cell = |at: usize| {
                let range = match marks.get(2 * at..2 * at + 2) {
                    Some(&[start, end]) => start..end,
                    _ => 0..0,
                };
                part.rows.get(range).unwrap_or_default()
            };
            self.amounts.clear();
            let mut is_whole = true;
            for amount in &self.counting.amounts {
                let column = match amount {
                    Amount::Input(column) => column,
                    Amount::Is(step, is) => {
                        let marked = self.steps.binary_search(step);
                        let own = marked.map_or(&[][..], cell);
                        self.amounts.push(counts_as(own, is, &plan.missing));
                        continue;
                    }
                };
                let content = batch.cell(row, *column, decode, &mut self.scratch);
                if plan.missing.is(content) {
                    self.amounts.push(None);
                    continue;
                }
                let read = cents(content, self.counting.mark);
                if let Err(reason) = read {
                    is_whole = false;
                    self.bad.note(*column, reason, 1);
                    if self.bad.places.len() < MAX_PLACES {
                        let place = batch.place(row.field_start(*column), self.header);
                        self.bad.places.push((place, reason));
                    }
                }
                self.amounts.push(read.ok());
            }
            if !is_whole && self.on_invalid == OnInvalid::Skip {
                left_out += 1;
                continue;
            }
            let values = self.order.iter().map(|at| cell(*at));
            let hasher = self.hasher.as_mut();
            let person = hasher.map(|hasher| hasher.person(row, read));
            if let Err(error) = self
                .counter
                .add(values, (person, row.number), &self.amounts)
            {
                self.failure = Some(error);
                break;
            }
        }
        self.inner.part().tally.written -= left_out;
        Ok(())
    }

    fn into_parts(
        self,
    ) -> (
        Result<T, privacy::error::Error>,
        Option<Checker<'a>>,
        Option<Sketch>,
        BadAmounts,
    ) {
        let counter = match self.failure {
            Some(error) => Err(error),
            None => Ok(self.counter),
        };
        (
            counter,
            self.inner.into_checker(),
            self.watcher.into_sketch(),
            self.bad,
        )
    }
}

/// What a cell of the output, as it is written, adds to a share.
fn counts_as(written: &[u8], is: &[u8], missing: &Missing) -> Option<i128> {
    let counts = |content: &[u8]| match content == is {
        true => Some(WHOLE),
        false => (!content.is_empty() && !missing.is(content)).then_some(0),
    };
    match written {
        [b'"', ..] => counts(&unquoted(written)),
        _ => counts(written),
    }
}

impl<T: Counter> Worker for Aggregator<'_, T> {
    type Part = Part;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.inner.process(batch)?;
        if self.failure.is_none() {
            self.count(batch)?;
        }
        self.inner.part().clear_rows();
        Ok(())
    }

    fn part(&mut self) -> &mut Part {
        self.inner.part()
    }
}

impl Measuring<'_> {
    /// Passes over the whole input and counts figures, in others like `counter`; the parts that are delivered have no
    /// rows.
    pub(crate) fn aggregate<T: Counter, E: From<Error> + Send>(
        &self,
        (counting, counter): (&Counting, &T),
        reader: &mut Reader,
        deliver: &mut (dyn FnMut(&mut Part) -> Result<(), E> + Send),
    ) -> Result<(Passed, Vec<T>, BadAmounts), E> {
        let settings = Settings {
            note_row_ends: true,
            ..self.settings
        };
        let watchers = Watcher::all(self.whose, None, self.threads);
        let hasher = self.whose.told().map(Hasher::new);
        let mut workers: Vec<Aggregator<'_, T>> = watchers
            .into_iter()
            .map(|watcher| {
                let inner = Anonymiser::new(self.plan, self.header, settings);
                let inner = inner.checked(self.checker());
                let whose = (watcher, hasher.clone());
                Aggregator::new(inner, self, counting, whose, counter.another())
            })
            .collect();
        engine::run(reader, workers.iter_mut().collect(), deliver)?;
        let (mut counters, mut checkers, mut sketches) = (Vec::new(), Vec::new(), Vec::new());
        let mut bad = BadAmounts::default();
        for worker in workers {
            let (counter, checker, sketch, amounts) = worker.into_parts();
            counters.push(counter.map_err(Error::from)?);
            checkers.extend(checker);
            sketches.extend(sketch);
            bad.merge(amounts);
        }
        let passed = Passed {
            counted: None,
            verdict: self.verdict(checkers),
            repeats: Sketch::together(sketches),
            ..Passed::default()
        };
        Ok((passed, counters, bad))
    }
}
