//! The main job with an eye on privacy: what is about to be published is counted, and generalised
//! where a search said so.
//!
//! The rows are written as ever by an [`Anonymiser`], which notes where the watched cells are. The
//! texts of these cells, as written, are the values; so what is counted is what leaves. Labels are
//! written in the place of cells at once, where these can be known before (see `labels.rs`), or else
//! as the rows are written anew.

use std::ops::Range;
use std::slice::ChunksExact;

use super::Worker;
use super::block::BLOCK;
use super::follow::{Followed, tags};
use super::part::Part;
use super::recoding::{Coded, Recoding, Values};
use super::watch::Watch;
use super::whose::{Sketch, Watcher};
use super::worker::Anonymiser;
use crate::base::bytes;
use crate::engine::leftover::Checker;
use crate::io::csv::{Batch, Malformed, Refusal};
use crate::privacy::codes::Value;
use crate::privacy::counter::Coder;

/// What becomes of the rows, beside being counted.
#[derive(Clone, Copy)]
pub(crate) enum RowOutput<'a> {
    /// They leave as they are.
    Publish,
    /// Nothing: a second pass will write them.
    CountOnly,
    /// Their quasi-identifying cells leave as the recoding says. If that knows rows by texts, what is
    /// in these cells and which rows leave must not follow from the other cells.
    Recode(&'a Recoding),
    /// Their quasi-identifying cells leave with the labels of their groups, or the rows are held back.
    Follow(&'a Followed),
}

/// Anonymises batches and counts the rows.
pub struct Measured<'a> {
    inner: Anonymiser<'a>,
    watch: Watch,
    row_output: RowOutput<'a>,
    coder: Coder<'a>,
    recoded: Vec<u8>,
    ends: Vec<usize>,
    coded: Coded,
    watcher: Watcher<'a>,
    /// Whose the rows of the part are, if that was told.
    persons: Vec<u32>,
}

impl<'a> Measured<'a> {
    /// A worker that counts with `coder` the cells of `watch` that `inner` writes.
    pub(super) fn new(
        inner: Anonymiser<'a>,
        watch: &Watch,
        row_output: RowOutput<'a>,
        (coder, watcher): (Coder<'a>, Watcher<'a>),
    ) -> Self {
        let mut watch = watch.clone();
        let inner = match row_output {
            RowOutput::Recode(recoding) if recoding.by() == Values::Texts => {
                let quasi = watch.take_quasi();
                inner.with_labels(recoding, &quasi, &watch.steps)
            }
            RowOutput::Follow(_) => {
                watch = watch.whole(inner.part_and_source().2);
                inner.watching(&watch.steps)
            }
            _ => inner.watching(&watch.steps),
        };
        Self {
            inner,
            watch,
            row_output,
            coder,
            recoded: Vec::new(),
            ends: Vec::new(),
            coded: Coded::default(),
            watcher,
            persons: Vec::new(),
        }
    }

    /// What was counted, what looked for leftovers, and what looked for persons.
    pub(super) fn into_parts(self) -> (Coder<'a>, Option<Checker<'a>>, Option<Sketch>) {
        let sketch = self.watcher.into_sketch();
        (self.coder, self.inner.into_checker(), sketch)
    }

    /// Finds out whose the rows of the part are.
    fn watch(&mut self, batch: &Batch) -> Result<(), Refusal> {
        if let Watcher::Idle = self.watcher {
            return Ok(());
        }
        self.persons.clear();
        let (part, ends, plan) = self.inner.part_and_source();
        let read = (batch, &plan.missing);
        let rows: Vec<_> = batch.rows(ends).collect();
        if !self.watcher.identifies() {
            self.watcher.take(rows.iter(), read, &mut self.persons);
            return Ok(());
        }
        let mut records = part.records.iter().peekable();
        let written = rows
            .iter()
            .filter(|row| records.next_if(|record| **record == row.number).is_some());
        self.watcher.take(written, read, &mut self.persons);
        match self.persons.len() as u64 == part.tally.written {
            true => Ok(()),
            false => Err(batch.refuse(Malformed::Changed, 0, &[])),
        }
    }

    /// The numbers of the persons of the rows of the block at a position, if there are any.
    fn persons_of(persons: &[u32], block: usize) -> &[u32] {
        persons.chunks(BLOCK).nth(block).unwrap_or_default()
    }

    /// Counts a block whose quasi-identifying cells the coder has.
    #[inline]
    fn flush(coder: &mut Coder<'a>, watch: &Watch, rows: Rows<'_>, persons: &[u32]) {
        for &at in &watch.sensitive {
            coder.values(rows.values(at));
        }
        coder.persons(persons);
        for &(at, _) in &watch.others {
            coder.values(rows.values(at));
        }
        coder.flush();
    }

    /// Writes the rows of the part anew, with labels in the place of quasi-identifying cells, and
    /// counts them as they leave.
    fn recode(&mut self, recoding: &'a Recoding, batch: &Batch) -> Result<(), Refusal> {
        let part = self.inner.part();
        self.recoded.clear();
        self.recoded.reserve(part.rows.len());
        self.ends.clear();
        let mut behind = 0;
        let ends = part.row_ends.chunks(BLOCK);
        let blocks = Rows::new(part, &self.watch).blocks();
        for (position, (rows, ends)) in blocks.zip(ends).enumerate() {
            let quasi = self.watch.quasi.iter().map(|&at| rows.values(at));
            self.coded.numbers.clear();
            if !recoding.find(quasi, &mut self.coded) {
                return Err(batch.refuse(Malformed::Changed, 0, &[]));
            }
            for (column, numbers) in recoding.numbers(&self.coded.numbers) {
                self.coder.numbers(numbers, |number| column.label(number));
            }
            let persons = Self::persons_of(&self.persons, position);
            Self::flush(&mut self.coder, &self.watch, rows, persons);
            let labels = recoding.labels(&self.coded.numbers);
            for ((marks, &end), labels) in rows.marks().zip(ends).zip(labels) {
                for (&at, label) in self.watch.quasi.iter().zip(labels) {
                    let cell = range(marks, at);
                    bytes::append_between(&part.rows, behind, cell.start, &mut self.recoded);
                    bytes::append_cell(label.texts, label.start, label.end, &mut self.recoded);
                    behind = cell.end;
                }
                bytes::append_between(&part.rows, behind, end, &mut self.recoded);
                self.ends.push(self.recoded.len());
                behind = end;
            }
        }
        if self.ends.len() != part.row_ends.len() {
            return Err(batch.refuse(Malformed::Changed, 0, &[]));
        }
        std::mem::swap(&mut part.rows, &mut self.recoded);
        std::mem::swap(&mut part.row_ends, &mut self.ends);
        Ok(())
    }

    /// Counts the rows of the part, which have their labels.
    fn count_labelled(&mut self, recoding: &'a Recoding, batch: &Batch) -> Result<(), Refusal> {
        let (part, numbers) = self.inner.part_and_numbers();
        let columns = recoding.columns().len().max(1);
        if numbers.len() / columns != part.tally.written as usize {
            return Err(batch.refuse(Malformed::Changed, 0, &[]));
        }
        let all = Rows::new(part, &self.watch);
        let blocks = numbers.chunks(BLOCK * columns).enumerate();
        for (position, numbers) in blocks {
            for (column, numbers) in recoding.numbers(numbers) {
                self.coder.numbers(numbers, |number| column.label(number));
            }
            let rows = all.block(position);
            let persons = Self::persons_of(&self.persons, position);
            Self::flush(&mut self.coder, &self.watch, rows, persons);
        }
        Ok(())
    }

    /// Writes the rows of the part anew, as they are published in a release that goes on, and counts these.
    fn follow(&mut self, followed: &Followed, batch: &Batch) -> Result<(), Refusal> {
        let by = (&followed.tagger, followed.person.as_slice());
        let tags = tags(by, &self.watch, self.inner.part_and_source(), batch)?;
        let stays = followed.write(&self.watch, self.inner.part(), &tags);
        let Some(stays) = stays else {
            return Err(batch.refuse(Malformed::Changed, 0, &[]));
        };
        let mut stays = stays.into_iter();
        self.persons.retain(|_| stays.next().unwrap_or(false));
        self.count();
        Ok(())
    }

    fn count(&mut self) {
        let blocks = Rows::new(self.inner.part(), &self.watch).blocks();
        for (position, rows) in blocks.enumerate() {
            for &at in &self.watch.quasi {
                self.coder.values(rows.values(at));
            }
            let persons = Self::persons_of(&self.persons, position);
            Self::flush(&mut self.coder, &self.watch, rows, persons);
        }
    }
}

/// The watched cells of the rows of a batch.
#[derive(Clone, Copy)]
struct Rows<'a> {
    bytes: &'a [u8],
    marks: &'a [usize],
    /// How many marks a row has.
    per_row: usize,
}

impl<'a> Rows<'a> {
    fn new(part: &'a Part, watch: &Watch) -> Self {
        Self {
            bytes: &part.rows,
            marks: &part.marks,
            per_row: watch.marks(),
        }
    }

    /// The same rows, some at a time.
    fn blocks(self) -> impl Iterator<Item = Self> {
        let blocks = self.marks.chunks(BLOCK * self.per_row);
        blocks.map(move |marks| Self { marks, ..self })
    }

    fn block(self, position: usize) -> Self {
        let marks = BLOCK * self.per_row;
        let blocks = self.marks.chunks(marks).nth(position);
        Self {
            marks: blocks.unwrap_or_default(),
            ..self
        }
    }

    /// Each row's marks.
    #[inline]
    fn marks(self) -> ChunksExact<'a, usize> {
        self.marks.chunks_exact(self.per_row)
    }

    /// What stands at one watched place in each row.
    #[inline]
    fn values(self, at: usize) -> impl Iterator<Item = Value<'a>> + Clone {
        let marks = self.marks.get(2 * at..).unwrap_or_default();
        marks.chunks(self.per_row).map(move |marks| match *marks {
            [start, end, ..] => Value::within(self.bytes, start, end),
            _ => Value::within(self.bytes, 0, 0),
        })
    }
}

/// Where a watched cell of a row stands.
#[inline]
fn range(marks: &[usize], at: usize) -> Range<usize> {
    match marks.get(2 * at..2 * at + 2) {
        Some(&[start, end]) => start..end,
        _ => 0..0,
    }
}

impl Worker for Measured<'_> {
    type Part = Part;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.inner.process(batch)?;
        self.watch(batch)?;
        match self.row_output {
            RowOutput::Recode(recoding) if recoding.by() == Values::Texts => {
                self.count_labelled(recoding, batch)?;
            }
            RowOutput::Recode(recoding) => self.recode(recoding, batch)?,
            RowOutput::Follow(followed) => self.follow(followed, batch)?,
            RowOutput::Publish | RowOutput::CountOnly => self.count(),
        }
        if let RowOutput::CountOnly = self.row_output {
            self.inner.part().clear_rows();
        }
        Ok(())
    }

    fn part(&mut self) -> &mut Part {
        self.inner.part()
    }

    fn compact(&mut self) {
        self.coder.compact();
    }
}
