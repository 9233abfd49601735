//! One kept column, as a worker sees it.
//!
//! Its cells are taken down the column, a block of rows at a time: the ends of fields are one list for
//! all rows, so that a column's are a row apart in it. Nearly all cells are only counted.

use super::Kept;
use super::block::{BLOCK, Block, Cells};
use super::content::{Content, Initials, TELLING};
use super::found::Found;
use super::near::{Near, NearRows};
use super::places::{Counted, Needs};
use super::reading::Reading;
use super::values::Values;
use crate::detect::Detectors;
use crate::io::csv::Row;

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
    /// The same for those whose words are among the [near](NearRows) ones.
    near: u64,
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
            near: 0,
        }
    }

    /// Counts the column's cells in a block that `is_whole` or not, and notes what else they need.
    #[inline(always)]
    pub(super) fn pass(
        &mut self,
        block: Block<'_>,
        is_whole: bool,
        reading: &mut Reading<'_>,
        (noted, rows): (&mut Noted, &mut NearRows),
    ) {
        (self.due, self.looked, self.near) = (0, 0, 0);
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
                break match left.is_empty() {
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
                    noted.add(at, self.see((block, at), skip, reading, rows));
                }
            }
            left = others;
        };
        // The list ends with the batch's last row, which is too short to take a row's width from here.
        for at in behind..block.places.len() {
            noted.add(at, self.see((block, at), skip, reading, rows));
        }
    }

    /// Adds the words of its cell in the row at `at`, if that is to be compared and they are not near yet.
    pub(super) fn add_near(&self, row: &Row<'_>, at: usize, near: &mut Near) {
        if (self.due & !self.near) >> at & 1 == 0 {
            return;
        }
        let raw = row.field(self.kept.column).unwrap_or_default();
        match self.values.content((raw, at)) {
            _ if raw.len() < TELLING => {}
            Some(content) => near.add_all(content),
            None => *near = Near::ALL,
        }
    }

    /// Counts a cell that needs more, or may do so, if its row is not to be skipped.
    #[inline(never)]
    fn see(
        &mut self,
        (block, at): (Block<'_>, usize),
        skip: u64,
        reading: &mut Reading<'_>,
        rows: &mut NearRows,
    ) -> Needs {
        let Self {
            kept,
            masked,
            values,
            found,
            due,
            looked,
            near,
        } = self;
        let Some(row) = block.row(at).filter(|_| skip >> at & 1 == 0) else {
            return Needs::default();
        };
        let raw = row.field(kept.column).unwrap_or_default();
        let missing = reading.missing;
        let mut is_near = false;
        let read = |content: &mut Content| {
            reading.read(kept, *masked, raw, block.batch, content);
            is_near = rows.add(at, content);
        };
        let needs = values.see((raw, at), read, |same, times| {
            found.count(same, times, missing, masked.is_some());
        });
        *near |= if is_near { bit(at) } else { 0 };
        *due |= if needs.compare { bit(at) } else { 0 };
        *looked |= if needs.look { bit(at) } else { 0 };
        needs
    }
}

#[cfg(test)]
mod tests;
