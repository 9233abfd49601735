//! What is known of the cells of one kept column, by their bytes.
//!
//! Kept columns are mostly a few distinct values, so each is read once and then only counted. Every
//! cell comes by here, so [`Values::count`] is all that happens to nearly all of them. The memory
//! is bounded: a value that finds no free [place](super::places) takes that of another.

use super::block::Cells;
use super::content::{Content, TELLING};
use super::places::{Counted, Needs, Places, SHORT, Turn};
use super::tiny::Tiny;
use super::words::{eight, mix};

/// The key of a value up to so many bytes is the value, as it is up to [`SHORT`].
const MIDDLE: usize = 2 * SHORT;

/// Values of more bytes are not remembered: hardly any comes twice.
const LONGEST: usize = 64;

/// What is left of sixteen bytes from a value's first on, by its length and one.
static MASKS: [[u64; 2]; SHORT + 2] = {
    let mut masks = [[0; 2]; SHORT + 2];
    let (_, mut rest) = masks.split_at_mut(1);
    let mut mask = 0_u128;
    while let [first, behind @ ..] = rest {
        *first = [mask as u64, (mask >> 64) as u64];
        mask = mask << 8 | 0xFF;
        rest = behind;
    }
    masks
};

/// The values of one column.
#[derive(Debug)]
pub(super) struct Values {
    short: Places<[u64; 2]>,
    middle: Option<Places<[u64; 4]>>,
    long: Option<Places<[u64; 2]>>,
    turn: Turn,
    /// Used as long as the column has had no other values.
    tiny: Tiny,
    all_tiny: bool,
    /// What was read in values that have no place, by the row of the block that they came in last.
    passing: Vec<Content>,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            short: Places::default(),
            middle: None,
            long: None,
            turn: Turn::default(),
            tiny: Tiny::default(),
            all_tiny: true,
            passing: Vec::new(),
        }
    }
}

/// The bytes of a short value as numbers. It stands behind `before` up to `end`; what lies behind it
/// in `buffer` does not matter.
#[inline(always)]
fn short_key(buffer: &[u8], [before, end]: [u32; 2]) -> Option<[u64; 2]> {
    let (before, end) = (before as usize, end as usize);
    let [low_mask, high_mask] = MASKS.get(end.wrapping_sub(before))?;
    let bytes = buffer.get(before..before.wrapping_add(1 + SHORT))?;
    let (words, _) = bytes.last_chunk::<SHORT>()?.as_chunks::<8>();
    match words {
        &[low, high] => Some([
            u64::from_le_bytes(low) & low_mask,
            u64::from_le_bytes(high) & high_mask,
        ]),
        _ => None,
    }
}

/// The same of a value of more bytes, up to [`MIDDLE`].
#[inline(always)]
fn middle_key(buffer: &[u8], [before, end]: [u32; 2]) -> Option<[u64; 4]> {
    let middle = before.wrapping_add(SHORT as u32);
    let [a, b] = short_key(buffer, [before, middle.wrapping_add(1)])?;
    let [c, d] = short_key(buffer, [middle, end])?;
    Some([a, b, c, d])
}

/// Counts a cell of more bytes than a short one.
#[inline(never)]
fn count_middle(
    places: Option<&mut Places<[u64; 4]>>,
    buffer: &[u8],
    cell: [u32; 2],
    turn: Turn,
) -> Counted {
    match (places, middle_key(buffer, cell)) {
        (Some(places), Some(key)) => places.counter(turn).count(key),
        _ => Counted::No,
    }
}

/// What a value is known by.
enum Known {
    Short([u64; 2]),
    Middle([u64; 4]),
    /// By a hash and its length.
    Long([u64; 2]),
}

impl Known {
    fn new(raw: &[u8]) -> Self {
        match raw.len() {
            length if length <= SHORT => Self::Short([eight(raw, 0), eight(raw, 8)]),
            length if length <= MIDDLE => Self::Middle([0, 8, 16, 24].map(|at| eight(raw, at))),
            _ => Self::of_long(raw),
        }
    }

    fn of_long(raw: &[u8]) -> Self {
        let (words, rest) = raw.as_chunks::<8>();
        let last = rest
            .iter()
            .fold(0, |last, byte| last << 8 | u64::from(*byte));
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        let hash = words.fold(last, |state, word| mix(state ^ word));
        Self::Long([hash, raw.len() as u64])
    }
}

/// Cells with the same bytes, to be counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Same<'a> {
    /// Of less than four bytes, as they stand in the file.
    Tiny(&'a [u8]),
    /// With this in them.
    Read(&'a Content),
}

impl Values {
    /// Begins a batch. Once in very many, `counted` gets all cells so far.
    pub(super) fn begin(&mut self, counted: impl FnMut(Same<'_>, u64)) {
        self.turn = match self.turn.next() {
            Some(turn) => turn,
            None => {
                self.flush(counted);
                Turn::default().next().unwrap_or_default()
            }
        };
    }

    /// Counts cells of `buffer` from the first on as long as their values are known and need nothing
    /// else, and gives the others.
    #[inline(always)]
    pub(super) fn count_known<'a>(&mut self, buffer: &[u8], cells: Cells<'a>) -> Cells<'a> {
        if self.all_tiny {
            return self.tiny.count(buffer, cells);
        }
        let mut short = self.short.counter(self.turn);
        cells.behind_known(|cell| {
            short_key(buffer, cell).is_some_and(|key| short.count_settled(key))
        })
    }

    /// Counts a cell of `buffer`, if its value is known.
    #[inline(always)]
    pub(super) fn count(&mut self, buffer: &[u8], cell: [u32; 2]) -> Counted {
        match short_key(buffer, cell) {
            _ if self.all_tiny => Counted::No,
            Some(key) => self.short.counter(self.turn).count(key),
            None => count_middle(self.middle.as_mut(), buffer, cell, self.turn),
        }
    }

    /// Counts a cell of the row at `at` that could not be counted so, and tells what else it needs. `read` fills in
    /// what is in a value that is not known; `counted` gets the cells of what makes room for it.
    pub(super) fn see(
        &mut self,
        (raw, at): (&[u8], usize),
        read: impl FnOnce(&mut Content),
        mut counted: impl FnMut(Same<'_>, u64),
    ) -> Needs {
        // What else there may be in a cell (`=""`, a no-break space in another encoding) has to be read.
        if self.all_tiny && raw.len() < TELLING && raw.is_ascii() && !raw.starts_with(b"=") {
            let counted = |raw: &[u8], times| counted(Same::Tiny(raw), times);
            self.tiny.see(raw, counted);
            return Needs::default();
        }
        self.all_tiny = false;
        if raw.len() > LONGEST {
            return self.pass(at, read, counted);
        }
        let mut of_content = |content: &Content, times| counted(Same::Read(content), times);
        let (turn, placed) = (self.turn, &mut of_content);
        let needs = match Known::new(raw) {
            Known::Short(key) => self.short.see_or_learn(key, raw, turn, read, placed),
            Known::Middle(key) => {
                let places = self.middle.get_or_insert_default();
                places.see_or_learn(key, raw, turn, read, placed)
            }
            Known::Long(key) => {
                let places = self.long.get_or_insert_default();
                places.see_or_learn(key, raw, turn, read, placed)
            }
        };
        needs.unwrap_or_else(|unread| self.pass(at, unread, counted))
    }

    /// Counts a cell of the row at `at` that has no place. What is read in it stays to the end of the block.
    fn pass(
        &mut self,
        at: usize,
        read: impl FnOnce(&mut Content),
        mut counted: impl FnMut(Same<'_>, u64),
    ) -> Needs {
        if self.passing.len() <= at {
            self.passing.resize_with(at + 1, Content::default);
        }
        let mut without_room = Content::default();
        let passing = self.passing.get_mut(at).unwrap_or(&mut without_room);
        read(passing);
        counted(Same::Read(passing), 1);
        Needs::of(passing)
    }

    /// What was read in a cell of the row at `at` that was seen, if it is still known.
    pub(super) fn content(&self, (raw, at): (&[u8], usize)) -> Option<&Content> {
        let passing = self.passing.get(at).filter(|passing| passing.raw == raw);
        passing.or_else(|| self.placed(raw))
    }

    /// What was read in a cell, if it has a place.
    fn placed(&self, raw: &[u8]) -> Option<&Content> {
        match Known::new(raw) {
            Known::Short(key) => self.short.content(key, raw),
            Known::Middle(key) => self.middle.as_ref().and_then(|all| all.content(key, raw)),
            Known::Long(key) => self.long.as_ref().and_then(|all| all.content(key, raw)),
        }
    }

    /// Tells that a value had something in common with its row: it is compared again.
    pub(super) fn again(&mut self, raw: &[u8]) {
        let turn = self.turn;
        match Known::new(raw) {
            Known::Short(key) => self.short.again(key, raw, turn),
            Known::Middle(key) => self
                .middle
                .iter_mut()
                .for_each(|all| all.again(key, raw, turn)),
            Known::Long(key) => self
                .long
                .iter_mut()
                .for_each(|all| all.again(key, raw, turn)),
        }
    }

    /// Gives all cells so far to `counted`.
    pub(super) fn flush(&mut self, mut counted: impl FnMut(Same<'_>, u64)) {
        let mut read = |content: &Content, times| counted(Same::Read(content), times);
        self.short.forget(&mut read);
        self.middle.iter_mut().for_each(|all| all.forget(&mut read));
        self.long.iter_mut().for_each(|all| all.forget(&mut read));
        self.tiny
            .flush(|raw, times| counted(Same::Tiny(raw), times));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Counts all cells, as the checker does, in batches of a hundred.
    fn counted(cells: &[String]) -> BTreeMap<String, u64> {
        let (mut values, mut counts) = (Values::default(), BTreeMap::new());
        let mut add = |same: Same<'_>, times| {
            let raw = match same {
                Same::Tiny(raw) => raw,
                Same::Read(content) => &content.raw,
            };
            *counts
                .entry(String::from_utf8(raw.to_vec()).unwrap())
                .or_insert(0) += times;
        };
        for (row, cell) in cells.iter().enumerate() {
            if row % 100 == 0 {
                values.begin(&mut add);
            }
            // Behind a cell there may be anything, or nothing.
            let behind = if row % 2 == 0 {
                ";next,cell,next,cell"
            } else {
                ""
            };
            let buffer = format!("x{cell}{behind}");
            let ends = [0, 1 + cell.len() as u32];
            let left = values.count_known(buffer.as_bytes(), Cells::new(&ends, 2));
            if left.split_first().is_some() && values.count(buffer.as_bytes(), ends) == Counted::No
            {
                let raw = cell.as_bytes();
                let read = |content: &mut Content| content.begin(raw);
                values.see((raw, row % 64), read, &mut add);
                let content = values.content((raw, row % 64));
                assert!(content.is_some_and(|content| content.raw == raw) || raw.len() < TELLING);
            }
        }
        values.flush(&mut add);
        values.flush(|same, times| panic!("{same:?} is counted {times} times twice"));
        counts
    }

    #[test]
    fn every_cell_is_counted_once_whatever_the_number_of_values() {
        for distinct in [1_u64, 50, 900, 5_000, 50_000] {
            for kinds in [1, 2, 4] {
                let mut expected = BTreeMap::new();
                let cells = (0..20_000_u64).map(|row| {
                    let value = row * row % distinct;
                    match value % kinds {
                        0 => value.to_string(),
                        1 => format!(
                            "more than sixteen {value}{}",
                            "!".repeat(value as usize % 30)
                        ),
                        2 => format!(
                            "{value} is more than can be remembered{}",
                            " or so".repeat(9)
                        ),
                        _ => String::new(),
                    }
                });
                let cells: Vec<String> = cells.collect();
                for cell in &cells {
                    *expected.entry(cell.clone()).or_insert(0) += 1;
                }
                assert_eq!(counted(&cells), expected, "{distinct} {kinds}");
            }
        }
    }

    #[test]
    fn a_key_is_all_of_a_short_value_wherever_it_stands() {
        let text = "aàé\u{ff}\u{10ffff}bcdefghijklmnopqrstuvwxyz".as_bytes();
        let buffer = [b"x", text].concat();
        for length in 0..=MIDDLE {
            for at in 0..=text.len() - length {
                let (short, middle) = match Known::new(&text[at..at + length]) {
                    Known::Short(key) => (Some(key), None),
                    Known::Middle(key) => (None, Some(key)),
                    Known::Long(_) => panic!("{length}"),
                };
                let cell = [at as u32, (at + 1 + length) as u32];
                let read = short_key(&buffer, cell);
                assert!(read == short || at + SHORT > text.len(), "{at} {length}");
                let read = middle_key(&buffer, cell).filter(|_| length > SHORT);
                assert!(read == middle || at + MIDDLE > text.len(), "{at} {length}");
            }
        }
        for cell in [[0, 2 + SHORT as u32], [5, 4], [u32::MAX, 3]] {
            assert_eq!(short_key(&buffer, cell), None, "{cell:?}");
        }
    }
}
