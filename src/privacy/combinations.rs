//! The distinct combinations of quasi-identifying values, packed, with how many rows have each.
//!
//! All measures and searches need only these counts, not the rows. A combination is the codes of
//! its values, packed side by side into as few words of 64 bits as they need: ten columns of a
//! customer file fit into one or two.

use super::SensitiveCounts;
use crate::base::parallel;

/// Where in a packed key the code of each column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<Slot>,
    words: usize,
}

/// Where the code of one column stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) word: usize,
    pub(super) shift: u32,
    pub(super) mask: u64,
}

impl Slot {
    /// The column's code in a packed key.
    #[inline]
    pub(super) fn code(self, key: &[u64]) -> u32 {
        let word = key.get(self.word).copied().unwrap_or(0);
        (word.wrapping_shr(self.shift) & self.mask) as u32
    }

    /// Whether the other is a part of this one.
    pub(super) fn holds(self, other: &Self) -> bool {
        let end = |slot: &Self| slot.shift + slot.mask.count_ones();
        self.word == other.word && self.shift <= other.shift && end(other) <= end(&self)
    }
}

/// Columns whose codes take so many bits together are counted together.
const JOINT_BITS: u32 = 11;

/// Keys that are looked at for one column after the other.
const NEAR: usize = 1024;

impl Layout {
    /// A layout for columns of so many distinct values each.
    pub fn new(distinct: &[usize]) -> Self {
        let mut columns = Vec::with_capacity(distinct.len());
        let (mut word, mut shift) = (0, 0);
        for &distinct in distinct {
            let width = bits(distinct);
            if shift + width > u64::BITS {
                (word, shift) = (word + 1, 0);
            }
            let mask = (1_u64 << width) - 1;
            columns.push(Slot { word, shift, mask });
            shift += width;
        }
        Self {
            columns,
            words: word + 1,
        }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// How many words of 64 bits a key has; at least one.
    pub fn words(&self) -> usize {
        self.words
    }

    /// The code of a column in a packed key.
    #[inline]
    pub fn code(&self, key: &[u64], column: usize) -> u32 {
        self.columns.get(column).map_or(0, |slot| slot.code(key))
    }

    /// Where the code of a column stands; nowhere, if there is no such column.
    pub(super) fn slot(&self, column: usize) -> Slot {
        self.columns.get(column).copied().unwrap_or_default()
    }

    /// Packs codes, one for each column, into `key`, which has [`Self::words`] words. A code is
    /// less than the number of distinct values that the layout was made for.
    #[inline]
    pub fn pack(&self, codes: impl IntoIterator<Item = u32>, key: &mut [u64]) {
        key.fill(0);
        for (slot, code) in self.columns.iter().zip(codes) {
            if let Some(word) = key.get_mut(slot.word) {
                *word |= (u64::from(code) & slot.mask) << slot.shift;
            }
        }
    }

    /// The packed keys of rows, one behind the other, from their codes, one column's behind the
    /// other's. There is at least one column.
    pub(crate) fn pack_columns(&self, codes: &[u32], keys: &mut Vec<u64>) {
        let rows = codes.len() / self.columns.len().max(1);
        keys.clear();
        keys.resize(rows * self.words, 0);
        for (slot, codes) in self.columns.iter().zip(codes.chunks_exact(rows.max(1))) {
            let packed = |code: &u32| (u64::from(*code) & slot.mask).wrapping_shl(slot.shift);
            if self.words == 1 {
                // Side by side, so that several are packed at a time.
                let words = keys.iter_mut().zip(codes);
                words.for_each(|(word, code)| *word |= packed(code));
                continue;
            }
            let words = keys.iter_mut().skip(slot.word).step_by(self.words);
            words
                .zip(codes)
                .for_each(|(word, code)| *word |= packed(code));
        }
    }

    /// The first columns again, neighbours made one as long as they take no more bits together.
    pub(super) fn together(&self, columns: usize, bits: u32) -> Vec<Slot> {
        let mut together: Vec<Slot> = Vec::new();
        for slot in self.columns.iter().take(columns) {
            match together.last_mut() {
                Some(last) if last.word == slot.word => {
                    let width = slot.shift.wrapping_sub(last.shift) + slot.mask.count_ones();
                    if width <= bits {
                        last.mask = (1_u64 << width) - 1;
                    } else {
                        together.push(*slot);
                    }
                }
                _ => together.push(*slot),
            }
        }
        together
    }

    /// How many bits of the last word are in use.
    pub(super) fn bits(&self) -> u32 {
        let last = self.columns.last();
        last.map_or(0, |slot| slot.shift + slot.mask.count_ones())
    }

    /// How many bits of the first word are in use.
    pub(super) fn bits_of_first(&self) -> u32 {
        let last = self.columns.iter().take_while(|slot| slot.word == 0).last();
        last.map_or(0, |slot| slot.shift + slot.mask.count_ones())
    }

    /// Appends the codes of a packed key, one for each column.
    #[inline]
    pub fn unpack(&self, key: &[u64], codes: &mut Vec<u32>) {
        codes.extend((0..self.columns.len()).map(|column| self.code(key, column)));
    }
}

/// How many bits the codes of so many distinct values take; at most 32, for codes are `u32`.
fn bits(distinct: usize) -> u32 {
    let largest = distinct.saturating_sub(1) as u64;
    (u64::BITS - largest.leading_zeros()).clamp(1, u32::BITS)
}

/// The distinct combinations of a table, each with its number of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combinations {
    layout: Layout,
    keys: Vec<u64>,
    counts: Vec<u32>,
    rows: u64,
    /// The persons first, if they are known.
    sensitive: Vec<SensitiveCounts>,
    persons: bool,
}

impl Combinations {
    /// Combinations from packed keys that are all different, in an order that the caller answers
    /// for (sorted, so that nothing depends on the order of the rows), and their numbers of rows.
    pub fn new(
        layout: Layout,
        keys: Vec<u64>,
        counts: Vec<u32>,
        sensitive: Vec<SensitiveCounts>,
    ) -> Self {
        let rows = counts.iter().map(|&count| u64::from(count)).sum();
        Self {
            layout,
            keys,
            counts,
            rows,
            sensitive,
            persons: false,
        }
    }

    /// The same, of which it is known whose rows they are: of each combination the persons, with the
    /// numbers of their rows. The sensitive values are then counted by persons, too.
    #[must_use]
    pub fn of_persons(mut self, persons: SensitiveCounts) -> Self {
        self.sensitive.insert(0, persons);
        self.persons = true;
        self
    }

    /// The layout of the keys.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How many combinations there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many rows all combinations have together.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many rows each combination has.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// All keys, one behind the other, [`Layout::words`] words each.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The packed key of a combination.
    #[inline]
    pub fn key(&self, combination: usize) -> &[u64] {
        let words = self.layout.words;
        let start = combination * words;
        self.keys.get(start..start + words).unwrap_or_default()
    }

    /// The code that a combination has in a column.
    #[inline]
    pub fn code(&self, combination: usize, column: usize) -> u32 {
        self.layout.code(self.key(combination), column)
    }

    /// For each of the first columns, how many rows have each code, up to the last one that any has.
    pub fn rows_by_code(&self, columns: usize, threads: usize) -> Vec<Vec<u64>> {
        let slots = self.layout.columns.get(..columns);
        let slots = slots.unwrap_or(&self.layout.columns);
        let together = self.layout.together(slots.len(), JOINT_BITS);
        let parts = parallel::ranges(self.len(), threads, |range| {
            let words = self.layout.words;
            let keys = self.keys.get(range.start * words..range.end * words);
            let counts = self.counts.get(range).unwrap_or_default();
            // Room for all codes, if they are not very many.
            let rows = together
                .iter()
                .map(|slot| vec![0; (slot.mask as usize).min(1 << 16) + 1]);
            let mut all: Vec<Vec<u64>> = rows.collect();
            // What is looked at for one column is near when it is for the next.
            let keys = keys.unwrap_or_default().chunks(NEAR * words);
            for (keys, counts) in keys.zip(counts.chunks(NEAR)) {
                for (slot, rows) in together.iter().zip(&mut all) {
                    for (key, count) in keys.chunks_exact(words).zip(counts) {
                        let code = slot.code(key) as usize;
                        if code >= rows.len() {
                            rows.resize(code + 1, 0);
                        }
                        if let Some(rows) = rows.get_mut(code) {
                            *rows += u64::from(*count);
                        }
                    }
                }
            }
            all
        });
        let mut all: Vec<Vec<u64>> = vec![Vec::new(); slots.len()];
        for part in parts {
            for (joint, rows) in together.iter().zip(part) {
                let own = slots.iter().zip(&mut all);
                for (slot, all) in own.filter(|(slot, _)| joint.holds(slot)) {
                    let shift = slot.shift.wrapping_sub(joint.shift);
                    for (codes, rows) in (0_u64..).zip(&rows).filter(|(_, rows)| **rows > 0) {
                        let code = (codes.wrapping_shr(shift) & slot.mask) as usize;
                        if all.len() <= code {
                            all.resize(code + 1, 0);
                        }
                        if let Some(sum) = all.get_mut(code) {
                            *sum += rows;
                        }
                    }
                }
            }
        }
        all
    }

    /// The sensitive columns' values by combination.
    pub fn sensitive(&self) -> &[SensitiveCounts] {
        let first = usize::from(self.persons);
        self.sensitive.get(first..).unwrap_or_default()
    }

    /// Whose rows they are by combination, if that is known.
    pub fn persons(&self) -> Option<&SensitiveCounts> {
        self.sensitive.first().filter(|_| self.persons)
    }

    /// What may be asked of a class beside its rows: its persons, if they are known, and the values of
    /// each sensitive column.
    pub(crate) fn demanded(&self) -> &[SensitiveCounts] {
        &self.sensitive
    }
}

#[cfg(test)]
mod coded;
#[cfg(test)]
pub(crate) use coded::CodedRow;

#[cfg(test)]
mod tests;
