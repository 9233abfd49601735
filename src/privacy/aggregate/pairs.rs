//! The pairs of a person and a cell: what each person has in each cell.
//!
//! ```text
//!   rows ──► parts, by the persons' hashes ──► sorted runs, put aside ──┐
//!                      └────────── what memory has room for ────────────┴──► merge, person by person ──► cells
//! ```
//!
//! Rows are written down one behind the other and put together by sorting, when a part has grown to twice what was left
//! of it before: so no row waits for a place in memory that is far away, as each would in one table of all persons.
//! When a worker's share of the [`Room`] is full, its parts are put aside as a run; small tables never come to that.
//! At the end the parts of all runs and workers are merged by the persons' hashes, and each person is counted and forgotten: memory
//! goes by cells, and not by persons.

mod merge;
mod part;
mod run;
#[cfg(test)]
mod tests;

use std::fmt;
use std::mem::take;
use std::ops::Range;
use std::sync::Arc;

pub(super) use self::merge::count;
use self::part::{Pair, Part, bytes};
use super::aside::{Room, Writing, Written};
use super::cell::Share;
use crate::privacy::error::Error;

/// So many parts that one of them fits the caches of a processor.
const PARTS: usize = 256;

/// A part of fewer rows is not put together, if there is room.
const FEW: usize = 1 << 12;

/// What one worker has put aside.
#[derive(Default)]
struct PutAside {
    file: Option<Box<dyn Writing>>,
    bytes: u64,
    /// Where each part of each run is in it.
    runs: Vec<Vec<Range<u64>>>,
}

impl fmt::Debug for PutAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PutAside")
            .field("bytes", &self.bytes)
            .finish()
    }
}

/// The pairs of one worker's rows.
#[derive(Debug)]
pub(super) struct Pairs {
    amounts: usize,
    parts: Vec<Part>,
    /// How many pairs are in all parts, equal ones too.
    pairs: usize,
    /// How many there is room for.
    most: usize,
    room: Room,
    aside: PutAside,
}

impl Pairs {
    pub(super) fn new(amounts: usize, room: Room) -> Self {
        let parts = std::iter::repeat_with(Part::default);
        Self {
            amounts,
            parts: parts.take(PARTS).collect(),
            pairs: 0,
            most: (room.of_worker() / bytes(amounts)).max(1),
            room,
            aside: PutAside::default(),
        }
    }

    /// None yet, of so many amounts, for another worker of the same room.
    pub(super) fn another(&self) -> Self {
        Self::new(self.amounts, self.room.clone())
    }

    /// Adds a row of a person in a cell, with what it has of each amount.
    ///
    /// # Errors
    /// Pairs cannot be put aside, or there are too many.
    pub(super) fn add(&mut self, person: u64, cell: u32, shares: &[Share]) -> Result<(), Error> {
        // Tables of hashes go by their last bits, and sorting by the first.
        let Some(part) = self.parts.get_mut(person as usize % PARTS) else {
            return Ok(());
        };
        let rows = 1;
        part.push(Pair { person, cell, rows }, shares);
        self.pairs += 1;
        if part.is_full() {
            let before = part.len();
            part.settle(self.amounts);
            self.pairs -= before - part.len();
        }
        match self.pairs >= self.most {
            true => self.make_room(),
            false => Ok(()),
        }
    }

    /// Puts all pairs together, and aside if that has left more than half of them.
    fn make_room(&mut self) -> Result<(), Error> {
        let amounts = self.amounts;
        self.parts.iter_mut().for_each(|part| part.settle(amounts));
        self.pairs = self.parts.iter().map(Part::len).sum();
        match self.pairs > self.most / 2 {
            true => self.put_aside(),
            false => Ok(()),
        }
    }

    /// Puts all pairs aside, which are settled.
    fn put_aside(&mut self) -> Result<(), Error> {
        self.room.take(take(&mut self.pairs))?;
        let aside = &mut self.aside;
        let file = match &mut aside.file {
            Some(file) => file,
            None => aside.file.insert(self.room.begin().map_err(Error::Aside)?),
        };
        let mut run = Vec::with_capacity(PARTS);
        for part in &mut self.parts {
            let written = run::write(part, self.amounts, file);
            let start = aside.bytes;
            aside.bytes += written.map_err(Error::Aside)?;
            run.push(start..aside.bytes);
            part.clear();
        }
        aside.runs.push(run);
        Ok(())
    }

    /// Ends a worker's count; its cells have these numbers in the table.
    ///
    /// # Errors
    /// What is put aside cannot be written to its end.
    pub(super) fn finish(mut self, cells: Vec<u32>) -> Result<OfWorker, Error> {
        let file = self.aside.file.map(Writing::finish).transpose();
        self.parts
            .iter_mut()
            .for_each(|part| part.settle(self.amounts));
        Ok(OfWorker {
            parts: self.parts,
            file: file.map_err(Error::Aside)?,
            runs: self.aside.runs,
            cells,
            room: self.room,
        })
    }
}

/// All pairs of one worker's rows.
pub(super) struct OfWorker {
    /// What is in memory, sorted.
    parts: Vec<Part>,
    /// What is not.
    file: Option<Arc<dyn Written>>,
    runs: Vec<Vec<Range<u64>>>,
    /// The numbers of its cells in the table.
    cells: Vec<u32>,
    room: Room,
}

impl fmt::Debug for OfWorker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.runs.len();
        f.debug_struct("OfWorker").field("runs", &runs).finish()
    }
}
