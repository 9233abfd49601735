//! The main job with an eye on privacy: what is about to be published is counted, and generalised
//! where a search said so.
//!
//! The rows are written as ever by an [`Anonymiser`], which notes where the watched cells are. The
//! texts of these cells, as written, are the values; so what is counted is what leaves.

use std::ops::Range;

use super::anonymise::{Anonymiser, Part};
use super::{Recoding, Worker};
use crate::leftover::Checker;
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
    labels: Vec<&'a [u8]>,
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
        let mut behind = 0;
        let rows = part.marks.chunks(self.watch.marks()).zip(&part.row_ends);
        for (marks, &end) in rows {
            let row = Cells {
                rows: &part.rows,
                marks,
            };
            self.labels.clear();
            let quasi = self.watch.quasi.iter().map(|&at| row.text(at));
            if !recoding.labels(quasi, &mut self.labels) {
                return Err(batch.refuse(Malformed::Changed, 0, &[]));
            }
            let sensitive = self.watch.sensitive.iter().map(|&at| row.text(at));
            self.coder.row(self.labels.iter().copied().chain(sensitive));
            for (&at, label) in self.watch.quasi.iter().zip(&self.labels) {
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
            self.coder.row(columns.map(|&at| row.text(at)));
        }
    }
}

/// The watched cells of one row.
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
    fn text(&self, at: usize) -> &'a [u8] {
        self.rows.get(self.range(at)).unwrap_or_default()
    }
}

impl Watch {
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
