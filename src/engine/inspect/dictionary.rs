//! Cells of a column that were judged already: most columns have few values, and what a value is does
//! not change from one row to the next.
//!
//! A value is judged once and counted when it comes first; from then on only how often it comes is
//! counted, until [`Memo::drain`] gives it back. The table is bounded. A column whose values hardly
//! return fills it and is no longer looked up.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::profile::Judged;

/// How many values of all columns together are held.
const VALUES: usize = 1 << 16;
/// Longer cells are not held.
const LONGEST: usize = 128;
/// How many cells are looked up in a full table before it is asked whether that is worth it,
const ROUND: u32 = 4096;
/// which it is if one in so many is found.
const WORTH: u32 = 8;

/// The values of a column that were judged.
#[derive(Debug)]
pub(super) struct Memo {
    limit: usize,
    known: HashMap<Box<[u8]>, Known, FixedState>,
    looked_up: u32,
    found: u32,
    given_up: bool,
}

#[derive(Debug)]
struct Known {
    judged: Judged,
    /// How many cells of the value are not counted yet.
    times: u64,
}

impl Memo {
    /// The values of a column of a file of so many columns.
    pub(super) fn new(columns: usize) -> Self {
        Self {
            limit: (VALUES / columns.max(1)).clamp(64, 4096),
            known: HashMap::with_hasher(FixedState::with_seed(0x1234_5678_9ABC_DEF1)),
            looked_up: 0,
            found: 0,
            given_up: false,
        }
    }

    /// Counts a cell, as it stands in the file, if its value is known.
    #[inline]
    pub(super) fn count(&mut self, raw: &[u8]) -> bool {
        if self.given_up || raw.len() > LONGEST {
            return false;
        }
        let known = self.known.get_mut(raw);
        self.looked_up = self.looked_up.wrapping_add(1);
        self.found = self.found.wrapping_add(u32::from(known.is_some()));
        match known {
            Some(known) => {
                known.times += 1;
                true
            }
            None => false,
        }
    }

    /// Holds a value that was judged and counted, if there is room for it.
    pub(super) fn hold(&mut self, raw: &[u8], judged: &Judged) {
        if self.given_up || raw.len() > LONGEST {
            return;
        }
        if self.known.len() < self.limit {
            let judged = judged.clone();
            self.known.insert(raw.into(), Known { judged, times: 0 });
        } else if self.looked_up >= ROUND {
            self.given_up = self.found < self.looked_up / WORTH;
            (self.looked_up, self.found) = (0, 0);
        }
    }

    /// Forgets the values, and gives those that came again with how often.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (Judged, u64)> {
        let known = self
            .known
            .drain()
            .map(|(_, known)| (known.judged, known.times));
        known.filter(|(_, times)| *times > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_counted_once_whether_it_was_held_or_not() {
        for (values, cells) in [(3_u32, 1_000), (64, 5_000), (100, 20_000), (30_000, 30_000)] {
            let mut memo = Memo::new(VALUES);
            let mut counted = 0;
            for cell in 0..cells {
                let raw = (cell % values).to_le_bytes();
                if !memo.count(&raw) {
                    counted += 1;
                    memo.hold(&raw, &Judged::default());
                }
            }
            assert!(memo.known.len() <= 64);
            assert_eq!(memo.given_up, values == 30_000, "{values}");
            let again: u64 = memo.drain().map(|(_, times)| times).sum();
            assert_eq!(counted + again, u64::from(cells), "{values}");
        }
    }
}
