//! Values of less than four bytes: in these there is neither an identifier nor a name, so they are
//! only counted.

use super::block::Cells;
use super::content::TELLING;

/// Sets of two places; a value has its place in one set.
const SETS: usize = 512;

/// What is left of four bytes from a value's first on, by its length and one.
static MASKS: [u32; TELLING + 1] = [0, 0, 0xFF, 0xFFFF, 0xFF_FFFF];

/// A value as a number, and how many cells with it are not counted elsewhere yet.
type Place = (u32, u32);

/// The tiny values of one column: the first places of all sets, and behind them the second ones.
#[derive(Debug)]
pub(super) struct Tiny(Box<[Place; 2 * SETS]>);

impl Default for Tiny {
    fn default() -> Self {
        Self(Box::new([(0, 0); 2 * SETS]))
    }
}

/// The set of a value. No two numbers of up to two digits share theirs.
#[inline(always)]
fn set(value: u32) -> usize {
    (value.wrapping_mul(0xB3FC_6C35) >> 23) as usize % SETS
}

/// The value that stands behind `before` up to `end`, if it is tiny.
#[inline(always)]
fn value(buffer: &[u8], [before, end]: [u32; 2]) -> Option<u32> {
    let (before, end) = (before as usize, end as usize);
    let bytes = buffer.get(before..before.wrapping_add(1 + TELLING))?;
    let mask = MASKS.get(end.wrapping_sub(before))?;
    Some(u32::from_le_bytes(*bytes.last_chunk()?) & mask)
}

impl Tiny {
    /// Counts cells of `buffer` from the first on as long as they are tiny and have the first places,
    /// and gives the others.
    #[inline(always)]
    pub(super) fn count<'a>(&mut self, buffer: &[u8], cells: Cells<'a>) -> Cells<'a> {
        let places: &mut [_; 2 * SETS] = &mut self.0;
        cells.behind_known(|cell| {
            let Some(value) = value(buffer, cell) else {
                return false;
            };
            match places.get_mut(set(value)) {
                Some((known, count)) if *known == value => {
                    *count = count.wrapping_add(1);
                    true
                }
                _ => false,
            }
        })
    }

    /// Counts one cell. If its value has no place, it may get that of another, whose cells `counted`
    /// gets.
    pub(super) fn see(&mut self, raw: &[u8], counted: impl FnOnce(&[u8], u64)) {
        let mut bytes = [0; TELLING];
        for (to, from) in bytes.iter_mut().zip(raw) {
            *to = *from;
        }
        let value = u32::from_le_bytes(bytes);
        let (firsts, seconds) = self.0.split_at_mut(SETS);
        let set = set(value);
        let (Some(first), Some(second)) = (firsts.get_mut(set), seconds.get_mut(set)) else {
            return;
        };
        let place = match (&first, &second) {
            ((known, _), _) if *known == value => &mut *first,
            (_, (known, _)) if *known == value => &mut *second,
            ((_, 0), _) => &mut *first,
            _ => &mut *second,
        };
        if place.0 != value {
            give(std::mem::take(place), counted);
        }
        *place = (value, place.1.wrapping_add(1));
        // What comes most stands first.
        if first.1 < second.1 {
            std::mem::swap(first, second);
        }
    }

    /// Gives all cells so far to `counted`.
    pub(super) fn flush(&mut self, mut counted: impl FnMut(&[u8], u64)) {
        for place in self.0.iter_mut() {
            give(std::mem::take(place), &mut counted);
        }
    }
}

/// Gives the cells of a place to `counted`, if there are any.
fn give((value, count): Place, counted: impl FnOnce(&[u8], u64)) {
    let bytes = value.to_le_bytes();
    let length = bytes.iter().take_while(|byte| **byte != 0).count();
    if count > 0 {
        counted(bytes.get(..length).unwrap_or_default(), count.into());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn numbers_of_two_digits_have_sets_of_their_own() {
        let numbers = (0..10).map(|number| number.to_string());
        let numbers = numbers.chain((0..100).map(|number| format!("{number:02}")));
        let sets = numbers.map(|number| {
            let buffer = format!("x{number};behind");
            set(value(buffer.as_bytes(), [0, 1 + number.len() as u32]).unwrap())
        });
        assert_eq!(sets.collect::<BTreeSet<_>>().len(), 110);
    }

    #[test]
    fn every_cell_is_counted_once_whatever_the_number_of_values() {
        for distinct in [1_u32, 7, 900, 5_000] {
            let (mut tiny, mut counts) = (Tiny::default(), BTreeMap::new());
            let mut expected = BTreeMap::new();
            let mut add = |raw: &[u8], times| *counts.entry(raw.to_vec()).or_insert(0) += times;
            for row in 0..20_000_u32 {
                let cell = match row * row % distinct {
                    0 => String::new(),
                    value => format!("{value:x}"),
                };
                *expected.entry(cell.clone().into_bytes()).or_insert(0_u64) += 1;
                let buffer = format!(",{cell},next");
                let ends = [0, 1 + cell.len() as u32];
                let left = tiny.count(buffer.as_bytes(), Cells::new(&ends, 2));
                if left.split_first().is_some() {
                    tiny.see(cell.as_bytes(), &mut add);
                }
            }
            tiny.flush(&mut add);
            tiny.flush(|raw, times| panic!("{raw:?} is counted {times} times twice"));
            assert_eq!(counts, expected, "{distinct}");
        }
    }

    #[test]
    fn what_is_not_tiny_is_left_alone() {
        let buffer = b"xabcdefgh";
        for (cell, expected) in [
            ([0, 1], Some("")),
            ([0, 2], Some("a")),
            ([0, 4], Some("abc")),
            ([4, 8], Some("efg")),
            ([0, 5], None),
            // Behind it too little is left to read it at once.
            ([5, 8], None),
            // Where no cell can be.
            ([1, 0], None),
            ([u32::MAX, 2], None),
        ] {
            let text = value(buffer, cell).map(|value| {
                let bytes = value.to_le_bytes().into_iter();
                let bytes = bytes.take_while(|byte| *byte != 0).map(char::from);
                bytes.collect::<String>()
            });
            assert_eq!(text.as_deref(), expected, "{cell:?}");
        }
    }
}
