//! The main job with an eye on privacy: what is about to be published is counted, and generalised
//! where a search said so.
//!
//! The rows are written as ever by an [`Anonymiser`], which notes where the watched cells are. The
//! texts of these cells, as written, are the values; so what is counted is what leaves.

use std::ops::Range;

use super::Worker;
use super::anonymise::{Anonymiser, Part};
use super::recoding::{Coded, Recoding};
use crate::leftover::Checker;
use crate::privacy::codes::Value;
use crate::privacy::counter::Coder;
use crate::reader::{Batch, Malformed, Refusal};

/// What becomes of the rows, beside being counted.
#[derive(Clone, Copy)]
pub enum Fate<'a> {
    /// They leave as they are.
    Publish,
    /// Nothing: a second pass will write them.
    Forget,
    /// Their quasi-identifying cells leave as the recoding says.
    Recode(&'a Recoding),
}

/// Anonymises batches and counts the rows.
pub struct Measured<'a> {
    inner: Anonymiser<'a>,
    watch: &'a Watch,
    fate: Fate<'a>,
    coder: Coder<'a>,
    recoded: Vec<u8>,
    ends: Vec<usize>,
    coded: Coded,
    labels: Vec<(u32, &'a [u8])>,
}

/// Which cells of a written row are looked at.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// The steps of the plan whose cells are noted, in the order of the output.
    pub steps: Vec<usize>,
    /// Of these, the quasi-identifying ones, by their positions in `steps`.
    pub quasi: Vec<usize>,
    /// And the sensitive ones.
    pub sensitive: Vec<usize>,
}

impl<'a> Measured<'a> {
    /// A worker that counts with `coder` what `inner`, which notes the steps of `watch`, writes.
    pub fn new(inner: Anonymiser<'a>, watch: &'a Watch, fate: Fate<'a>, coder: Coder<'a>) -> Self {
        Self {
            inner,
            watch,
            fate,
            coder,
            recoded: Vec::new(),
            ends: Vec::new(),
            coded: Coded::default(),
            labels: Vec::new(),
        }
    }

    /// What was counted, and what looked for leftovers.
    pub fn into_parts(self) -> (Coder<'a>, Option<Checker<'a>>) {
        (self.coder, self.inner.into_checker())
    }

    /// Writes the rows of the part anew, with labels in the place of quasi-identifying cells.
    fn recode(&mut self, recoding: &'a Recoding, batch: &Batch) -> Result<(), Refusal> {
        let part = self.inner.part();
        self.recoded.clear();
        self.ends.clear();
        let marks = || part.marks.chunks(self.watch.marks());
        let rows = marks().map(|marks| {
            let row = Cells {
                rows: &part.rows,
                marks,
            };
            let quasi = self.watch.quasi.iter();
            quasi.map(move |&at| row.value(at))
        });
        if !recoding.find(rows, &mut self.coded) {
            return Err(batch.refuse(Malformed::Changed, 0, &[]));
        }
        let mut behind = 0;
        for (number, (marks, &end)) in marks().zip(&part.row_ends).enumerate() {
            let row = Cells {
                rows: &part.rows,
                marks,
            };
            self.labels.clear();
            recoding.labels(&self.coded, number, &mut self.labels);
            if self.labels.len() != recoding.columns() {
                return Err(batch.refuse(Malformed::Changed, 0, &[]));
            }
            let sensitive = self.watch.sensitive.iter().map(|&at| row.value(at));
            self.coder.row(self.labels.iter().copied(), sensitive);
            for (&at, (_, label)) in self.watch.quasi.iter().zip(&self.labels) {
                let cell = row.range(at);
                let before = part.rows.get(behind..cell.start).unwrap_or_default();
                self.recoded.extend_from_slice(before);
                self.recoded.extend_from_slice(label);
                behind = cell.end;
            }
            let rest = part.rows.get(behind..end).unwrap_or_default();
            self.recoded.extend_from_slice(rest);
            self.ends.push(self.recoded.len());
            behind = end;
        }
        std::mem::swap(&mut part.rows, &mut self.recoded);
        std::mem::swap(&mut part.row_ends, &mut self.ends);
        Ok(())
    }

    fn count(&mut self) {
        let part = self.inner.part();
        for marks in part.marks.chunks(self.watch.marks()) {
            let row = Cells {
                rows: &part.rows,
                marks,
            };
            let columns = self.watch.quasi.iter().chain(&self.watch.sensitive);
            self.coder.row([], columns.map(|&at| row.value(at)));
        }
    }
}

/// The watched cells of one row.
#[derive(Clone, Copy)]
struct Cells<'a> {
    rows: &'a [u8],
    marks: &'a [usize],
}

impl<'a> Cells<'a> {
    #[inline]
    fn range(&self, at: usize) -> Range<usize> {
        match self.marks.get(2 * at..2 * at + 2) {
            Some(&[start, end]) => start..end,
            _ => 0..0,
        }
    }

    #[inline]
    fn value(&self, at: usize) -> Value<'a> {
        Value::within(self.rows, self.range(at))
    }
}

impl Watch {
    /// The same cells, of which the sensitive ones are not counted.
    #[must_use]
    pub fn without_sensitive(&self) -> Self {
        Self {
            sensitive: Vec::new(),
            ..self.clone()
        }
    }

    /// How many marks a row has.
    fn marks(&self) -> usize {
        (2 * self.steps.len()).max(1)
    }
}

impl Worker for Measured<'_> {
    type Part = Part;

    fn treat(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.inner.treat(batch)?;
        match self.fate {
            Fate::Recode(recoding) => self.recode(recoding, batch)?,
            Fate::Publish | Fate::Forget => self.count(),
        }
        self.coder.flush();
        if let Fate::Forget = self.fate {
            let part = self.inner.part();
            part.rows.clear();
            part.row_ends.clear();
        }
        Ok(())
    }

    fn part(&mut self) -> &mut Part {
        self.inner.part()
    }
}
