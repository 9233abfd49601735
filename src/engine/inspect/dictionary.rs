//! Values of a column that were judged already: most columns have few, and what a value is does not
//! change from one row to the next.
//!
//! A value is judged and counted when it comes first. From then on only how often it comes is counted, until
//! [`Dictionary::drain`] gives it back:
//!
//! ```text
//! bytes of a cell ─► slot ─► entry: times, hash ─┬─► verdict, shared by all values of a kind
//!                                                └─► what detectors found, of few values
//! ```
//!
//! The memory is bounded: all columns share so much [`Room`]. A column whose values hardly return gives
//! its own back, and is no longer looked up.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::profile::{Judged, Verdict};
use crate::detect::Finding;

/// How many values of all columns together are held.
const VALUES: usize = 1 << 17;
/// How many of one column are.
const MOST: usize = 1 << 15;
/// Longer cells are not held.
const LONGEST: usize = 128;
/// After so many cells it is asked whether looking them up is worth it,
const ROUND: u32 = 4096;
/// which it is if one in so many was found, as long as more values can be held,
const WORTH: u32 = 16;
/// and later one in so many.
const WORTH_FULL: u32 = 8;
/// So many of the latest verdicts are compared with a new one.
const LATEST: usize = 4;

/// How many more values may be held.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(VALUES)
    }
}

/// The values of a column that were judged.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    /// By the hash of a value: the number of its entry and one, or 0. A power of two, at least twice as
    /// many as entries.
    slots: Vec<u32>,
    entries: Vec<Entry>,
    /// The bytes of all values, one behind the other.
    bytes: Vec<u8>,
    verdicts: Vec<Verdict>,
    found: Vec<Finding>,
    /// The hash of the value that was looked up last.
    last: u64,
    looked_up: u32,
    known: u32,
    given_up: bool,
}

#[derive(Debug)]
struct Entry {
    /// How many cells of the value are not counted yet.
    times: u64,
    /// Its hash in the dictionary, and the one that it is counted by.
    slot: u64,
    hash: u64,
    /// Where its bytes end that begin at `start`.
    start: u32,
    end: u32,
    verdict: u32,
    /// Where what was found in it begins, and how much that is.
    found: u32,
    finds: u32,
}

impl Dictionary {
    /// Counts a cell, as it stands in the file, if its value is known.
    #[inline]
    pub(super) fn count(&mut self, raw: &[u8]) -> bool {
        if self.given_up || raw.len() > LONGEST {
            return false;
        }
        self.looked_up = self.looked_up.wrapping_add(1);
        self.last = FixedState::with_seed(0x1234_5678_9ABC_DEF1).hash_one(raw);
        let mut at = self.last as usize;
        let mask = self.slots.len().wrapping_sub(1);
        while let Some(&number) = self.slots.get(at & mask)
            && let Some(nth) = (number as usize).checked_sub(1)
            && let Some(entry) = self.entries.get_mut(nth)
        {
            let bytes = self.bytes.get(entry.start as usize..entry.end as usize);
            if entry.slot == self.last && bytes == Some(raw) {
                entry.times += 1;
                self.known = self.known.wrapping_add(1);
                return true;
            }
            at = at.wrapping_add(1);
        }
        false
    }

    /// Holds a value that [`Self::count`] did not know, and that was judged and counted, if there is room
    /// for it. The values of a column where that is not worth it go to `counted` and are forgotten.
    pub(super) fn hold(
        &mut self,
        raw: &[u8],
        judged: &Judged,
        room: &mut Room,
        counted: impl FnMut(&Judged, u64),
    ) {
        if self.given_up || raw.len() > LONGEST {
            return;
        }
        let full = room.0 == 0 || self.entries.len() >= MOST;
        if self.looked_up >= ROUND {
            let worth = if full { WORTH_FULL } else { WORTH };
            self.given_up = self.known < self.looked_up / worth;
            (self.looked_up, self.known) = (0, 0);
            if self.given_up {
                room.0 += self.entries.len();
                self.drain(counted);
                return;
            }
        }
        if !full {
            room.0 -= 1;
            self.insert(raw, judged);
        }
    }

    fn insert(&mut self, raw: &[u8], judged: &Judged) {
        if 2 * (self.entries.len() + 1) > self.slots.len() {
            self.grow();
        }
        let (start, found) = (self.bytes.len() as u32, self.found.len() as u32);
        self.bytes.extend_from_slice(raw);
        self.found.extend_from_slice(&judged.found);
        let first = self.verdicts.len().saturating_sub(LATEST);
        let latest = self.verdicts.get(first..).unwrap_or_default();
        let same = latest.iter().position(|verdict| *verdict == judged.verdict);
        let verdict = match same {
            Some(at) => first + at,
            None => {
                self.verdicts.push(judged.verdict);
                self.verdicts.len() - 1
            }
        };
        self.entries.push(Entry {
            times: 0,
            slot: self.last,
            hash: judged.hash,
            start,
            end: self.bytes.len() as u32,
            verdict: verdict as u32,
            found,
            finds: judged.found.len() as u32,
        });
        put(&mut self.slots, self.last, self.entries.len());
    }

    fn grow(&mut self) {
        let size = (4 * self.entries.len()).max(64).next_power_of_two();
        self.slots.clear();
        self.slots.resize(size, 0);
        for (number, entry) in (1..).zip(&self.entries) {
            put(&mut self.slots, entry.slot, number);
        }
    }

    /// Forgets the values, and gives those that came again with how often.
    pub(super) fn drain(&mut self, mut counted: impl FnMut(&Judged, u64)) {
        let given_up = self.given_up;
        let held = std::mem::take(self);
        self.given_up = given_up;
        let mut judged = Judged::default();
        for entry in held.entries.iter().filter(|entry| entry.times > 0) {
            let verdict = held.verdicts.get(entry.verdict as usize);
            judged.verdict = verdict.copied().unwrap_or_default();
            judged.hash = entry.hash;
            let found = entry.found as usize;
            let found = held.found.get(found..found + entry.finds as usize);
            judged.found.clear();
            judged.found.extend_from_slice(found.unwrap_or_default());
            counted(&judged, entry.times);
        }
    }
}

/// Puts the number of an entry into the first free slot for its hash.
fn put(slots: &mut [u32], hash: u64, number: usize) {
    let mask = slots.len().wrapping_sub(1);
    let mut at = hash as usize;
    while let Some(slot) = slots.get_mut(at & mask) {
        if *slot == 0 {
            *slot = number as u32;
            return;
        }
        at = at.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// How often each value was counted of so many cells, and whether the column was given up.
    fn counted(values: u32, cells: u32, room: &mut Room) -> (BTreeMap<u64, u64>, Dictionary) {
        let mut dictionary = Dictionary::default();
        let mut counts = BTreeMap::new();
        for cell in 0..cells {
            let value = u64::from(cell % values);
            let raw = value.to_le_bytes();
            if !dictionary.count(&raw) {
                let judged = Judged {
                    hash: value,
                    ..Judged::default()
                };
                let mut count = |judged: &Judged, times| {
                    *counts.entry(judged.hash).or_insert(0) += times;
                };
                count(&judged, 1);
                dictionary.hold(&raw, &judged, room, count);
            }
        }
        dictionary.drain(|judged, times| *counts.entry(judged.hash).or_insert(0) += times);
        (counts, dictionary)
    }

    #[test]
    fn every_cell_is_counted_once_whether_its_value_was_held_or_not() {
        for (values, cells, given_up) in [
            (1, 100, false),
            (3, 1_000, false),
            (64, 5_000, false),
            (3_000, 20_000, false),
            (30_000, 90_000, true),
            (40_000, 40_000, true),
        ] {
            for room in [0, 50, VALUES] {
                let mut left = Room(room);
                let (counts, dictionary) = counted(values, cells, &mut left);
                let expected = (0..values).map(|value| {
                    let times = cells / values + u32::from(value < cells % values);
                    (u64::from(value), u64::from(times))
                });
                assert!(counts.into_iter().eq(expected), "{values} {room}");
                if room == VALUES {
                    assert_eq!(dictionary.given_up, given_up, "{values}");
                    assert_eq!(left.0 == room, given_up, "{values}");
                }
            }
        }
    }

    #[test]
    fn memory_is_bounded_and_given_back() {
        let mut room = Room(1_000);
        let mut dictionary = Dictionary::default();
        for value in 0..ROUND {
            let raw = value.to_le_bytes();
            assert!(!dictionary.count(&raw));
            dictionary.hold(&raw, &Judged::default(), &mut room, |_, _| {
                panic!("none came twice");
            });
            assert!(dictionary.entries.len() <= 1_000);
        }
        assert!(dictionary.given_up && dictionary.entries.capacity() == 0);
        assert_eq!(room.0, 1_000);
        // What is too long is never held.
        let long = [b'x'; LONGEST + 1];
        let mut dictionary = Dictionary::default();
        dictionary.hold(&long, &Judged::default(), &mut room, |_, _| {});
        assert!(!dictionary.count(&long) && room.0 == 1_000);
    }
}
