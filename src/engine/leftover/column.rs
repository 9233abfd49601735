//! One kept column, as a worker sees it.
//!
//! Its cells are taken down the column, a block of rows at a time: the ends of fields are one list for
//! all rows, so that a column's are a row apart in it. Nearly all cells are only counted.

use super::Kept;
use super::check::BLOCK;
use super::content::Initials;
use super::doubt::Reading;
use super::found::Found;
use super::places::{Counted, Needs};
use super::values::Values;
use crate::detect::Detectors;
use crate::io::csv::{Batch, Fields, Row, RowPlace};

/// Rows of a batch that leave, in order: [`BLOCK`] at most.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    /// Where they are.
    pub(crate) places: &'a [RowPlace],
    /// How many fields each has.
    pub(crate) width: usize,
    /// A bit for each: some of its kept cells left empty.
    pub(crate) blanked: u64,
    /// The fields of all rows of the batch.
    pub(crate) fields: Fields<'a>,
    /// The batch.
    pub(crate) batch: &'a Batch,
}

/// What the rows of a block need: a bit for each, and the initials that matter beside names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Noted {
    pub(super) look: u64,
    pub(super) compare: u64,
    pub(super) initials: [Initials; BLOCK],
}

/// A kept column, as a worker sees it.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) kept: Kept,
    /// What is to be masked in it, if that is known already.
    pub(super) masked: Option<Detectors>,
    pub(super) values: Values,
    pub(super) found: Found,
    /// A bit for each row of the block: its cell is to be compared. Which they are follows from the
    /// batch alone; that a row is read for another cell is no reason to compare this one.
    pub(super) due: u64,
    /// The same for those in which something was found.
    pub(super) looked: u64,
}

/// The cells of a column: each has its end, and in front of it the end of the one before. The next
/// one's are `width` further.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    ends: &'a [u32],
    width: usize,
}

impl<'a> Cells<'a> {
    pub(super) fn new(ends: &'a [u32], width: usize) -> Self {
        Self { ends, width }
    }

    /// The first cell, as the place of the byte before it and its end, and the others.
    #[inline(always)]
    pub(super) fn split_first(self) -> Option<([u32; 2], Self)> {
        let (row, ends) = self.ends.split_at_checked(self.width)?;
        let [before, end, ..] = row else {
            return None;
        };
        Some(([*before, *end], Self { ends, ..self }))
    }

    /// Those from the first on that is not `known`.
    #[inline(always)]
    pub(super) fn behind_known(mut self, mut known: impl FnMut([u32; 2]) -> bool) -> Self {
        while let Some((row, others)) = self.ends.split_at_checked(self.width)
            && let [before, end, ..] = row
            && known([*before, *end])
        {
            self.ends = others;
        }
        self
    }

    /// How many are in front of the last of them, which are `left`.
    #[inline(always)]
    fn before(self, left: Self) -> usize {
        let ends = self.ends.len().wrapping_sub(left.ends.len());
        ends.checked_div(self.width).unwrap_or_default()
    }
}

/// The bounds of what is no cell: nothing ends before it begins.
const NONE: [u32; 2] = [1, 0];

impl<'a> Block<'a> {
    /// One of its rows.
    #[inline]
    pub(super) fn row(&self, at: usize) -> Option<Row<'a>> {
        let place = self.places.get(at)?;
        Some(self.fields.row(*place, self.width))
    }

    /// Its rows from one on.
    pub(super) fn rows_from(self, at: usize) -> impl Iterator<Item = (usize, Row<'a>)> {
        (at..self.places.len()).filter_map(move |at| Some((at, self.row(at)?)))
    }

    /// Whether its rows are all that there are from the first to the last.
    #[inline(always)]
    pub(super) fn is_whole(&self) -> bool {
        match self.places {
            [first, .., last] => {
                let fields = last.first.wrapping_sub(first.first) as usize;
                fields == (self.places.len() - 1).wrapping_mul(self.width)
            }
            _ => true,
        }
    }

    /// The ends from the one before a column's first cell on, a row's width for each row that is all
    /// there are; the last one's may be shorter.
    ///
    /// Before a cell of the first column stands the end of another row. Where more than one byte is
    /// between (CRLF, a blank line), the cell seems to begin with a line break. No value does, so it is
    /// not known by its bytes, and is read where it stands. Nothing if the last row shows that it
    /// is so in most rows, and at the beginning of the batch.
    #[inline(always)]
    fn ends(&self, position: usize) -> Option<&'a [u32]> {
        let (first, last) = (self.places.first()?, self.places.last()?);
        let from = (first.first as usize + position).checked_sub(1)?;
        let ends = self.fields.ends();
        if position == 0 {
            let before = ends.get((last.first as usize).checked_sub(1)?)?;
            (before.wrapping_add(1) == last.start).then_some(())?;
        }
        let ends = ends.get(from..)?;
        let all = self.places.len().wrapping_mul(self.width);
        Some(ends.get(..all).unwrap_or(ends))
    }

    /// The same in any rows, as pairs; [`NONE`] for those to `skip`.
    #[inline(never)]
    fn pairs(&self, position: usize, skip: u64) -> [[u32; 2]; BLOCK] {
        let mut pairs = [NONE; BLOCK];
        let ends = self.fields.ends();
        let rows = pairs.iter_mut().zip(self.places);
        match position.checked_sub(1) {
            None => rows.for_each(|(pair, place)| {
                if let Some(end) = ends.get(place.first as usize) {
                    *pair = [place.start.wrapping_sub(1), *end];
                }
            }),
            Some(before) => rows.for_each(|(pair, place)| {
                let ends = ends.get((place.first as usize).wrapping_add(before)..);
                if let Some(ends) = ends.and_then(|ends| ends.first_chunk()) {
                    *pair = *ends;
                }
            }),
        }
        let mut skip = skip;
        while let Some(pair) = pairs.get_mut(skip.trailing_zeros() as usize) {
            *pair = NONE;
            skip &= skip.wrapping_sub(1);
        }
        pairs
    }
}

/// The bit of a row of a block.
#[inline(always)]
fn bit(at: usize) -> u64 {
    1_u64.unbounded_shl(at as u32)
}

impl Noted {
    pub(super) fn new() -> Self {
        Self {
            look: 0,
            compare: 0,
            initials: [Initials::default(); BLOCK],
        }
    }

    /// Adds what a row needs.
    #[inline(always)]
    fn add(&mut self, at: usize, needs: Needs) {
        let bit = bit(at);
        self.look |= if needs.look { bit } else { 0 };
        self.compare |= if needs.compare { bit } else { 0 };
        if let Some(initials) = self.initials.get_mut(at) {
            *initials = initials.and(needs.initials);
        }
    }
}

impl Column {
    pub(super) fn new(kept: &Kept, masked: Option<Detectors>, sources: usize) -> Self {
        Self {
            kept: kept.clone(),
            masked,
            values: Values::default(),
            found: Found::new(sources),
            due: 0,
            looked: 0,
        }
    }

    /// Counts the column's cells in a block that `is_whole` or not, and notes what else they need.
    #[inline(always)]
    pub(super) fn pass(
        &mut self,
        block: Block<'_>,
        is_whole: bool,
        reading: &mut Reading<'_>,
        noted: &mut Noted,
    ) {
        (self.due, self.looked) = (0, 0);
        let skip = if self.kept.blanks { block.blanked } else { 0 };
        let position = self.kept.column;
        let pairs;
        let (ends, width) = match block.ends(position) {
            Some(ends) if is_whole && skip == 0 => (ends, block.width),
            _ => {
                pairs = block.pairs(position, skip);
                let pairs = pairs.get(..block.places.len()).unwrap_or(&pairs);
                (pairs.as_flattened(), 2)
            }
        };
        let buffer = block.batch.buffer();
        let all = Cells::new(ends, width);
        let mut left = all;
        let behind = loop {
            left = self.values.count_known(buffer, left);
            let Some((cell, others)) = left.split_first() else {
                break match left.ends.is_empty() {
                    true => block.places.len(),
                    false => all.before(left),
                };
            };
            match self.values.count(buffer, cell) {
                Counted::Done => {}
                Counted::Compare { initials } => {
                    let at = all.before(left);
                    self.due |= bit(at);
                    noted.add(
                        at,
                        Needs {
                            look: false,
                            compare: true,
                            initials,
                        },
                    );
                }
                Counted::No => {
                    let at = all.before(left);
                    noted.add(at, self.see(block, at, skip, reading));
                }
            }
            left = others;
        };
        // The list ends with the batch's last row, which is too short to take a row's width from here.
        for at in behind..block.places.len() {
            noted.add(at, self.see(block, at, skip, reading));
        }
    }

    /// Counts a cell that needs more, or may do so, if its row is not to be skipped.
    #[inline(never)]
    fn see(&mut self, block: Block<'_>, at: usize, skip: u64, reading: &mut Reading<'_>) -> Needs {
        let Self {
            kept,
            masked,
            values,
            found,
            due,
            looked,
        } = self;
        let Some(row) = block.row(at).filter(|_| skip >> at & 1 == 0) else {
            return Needs::default();
        };
        let raw = row.field(kept.column).unwrap_or_default();
        let missing = reading.missing;
        let needs = values.see(
            raw,
            |content| reading.read(kept, *masked, raw, block.batch, content),
            |same, times| found.count(same, times, missing, masked.is_some()),
        );
        *due |= if needs.compare { bit(at) } else { 0 };
        *looked |= if needs.look { bit(at) } else { 0 };
        needs
    }
}

#[cfg(test)]
mod tests;
