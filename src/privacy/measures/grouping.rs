//! Grouping the keys of one piece by all columns but one: the work behind `regroup.rs`.

use super::super::combinations::Slot;
use super::super::{Layout, Level};
use super::sizes::Smallness;

/// Sizes that are counted one by one: those that [`Smallness`] tells apart.
const SMALL: usize = 11;

/// A column that is generalised, and its levels.
pub(super) struct Column<'a> {
    slot: Slot,
    /// By word of a key: all bits but the column's.
    others: Vec<u64>,
    pub(super) levels: &'a [Level],
}

impl<'a> Column<'a> {
    pub(super) fn new(layout: &Layout, column: usize, levels: &'a [Level]) -> Self {
        let slot = layout.slot(column);
        let mut others = vec![u64::MAX; layout.words()];
        if let Some(others) = others.get_mut(slot.word) {
            *others &= !(slot.mask << slot.shift);
        }
        Self {
            slot,
            others,
            levels,
        }
    }
}

/// Combinations, and room for grouping them by one column after the other.
pub(super) struct Piece {
    words: usize,
    keys: Vec<u64>,
    counts: Vec<u32>,
    /// How many of them have each small number of rows.
    sizes: [u64; SMALL],

    /// Open addressing: 1 + the first combination of a group, or 0.
    table: Vec<u32>,
    /// By the first combination of a class: its rows.
    rows: Vec<u64>,
    /// 1 + the group of each combination that is not alone in it, or 0.
    groups: Vec<u32>,
    /// The combinations that are not alone.
    shared: Vec<u32>,
    /// How many combinations each group has, then where its pairs end in `pairs`.
    ends: Vec<usize>,
    /// The column's code and the number of rows of each of the shared ones.
    pairs: Vec<(u32, u32)>,
}

/// Counts a size, if it is small.
#[inline]
fn note(sizes: &mut [u64; SMALL], size: u32) {
    if let Some(number) = sizes.get_mut(size as usize) {
        *number += 1;
    }
}

/// Spreads words over 64 bits (the finaliser of MurmurHash3, for packed codes differ in few bits).
#[inline]
pub(super) fn hash(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0, |hash: u64, word| {
        let mut hash = (hash.rotate_left(23) ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ hash >> 33
    })
}

impl Piece {
    /// An empty piece for keys of so many words.
    pub(super) fn new(words: usize) -> Self {
        Self {
            words,
            keys: Vec::new(),
            counts: Vec::new(),
            sizes: [0; SMALL],
            table: Vec::new(),
            rows: Vec::new(),
            groups: Vec::new(),
            shared: Vec::new(),
            ends: Vec::new(),
            pairs: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.counts.clear();
        self.sizes = [0; SMALL];
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub(super) fn add(&mut self, keys: &[u64], counts: &[u32]) {
        self.keys.extend_from_slice(keys);
        self.counts.extend_from_slice(counts);
        let sizes = &mut self.sizes;
        counts.iter().for_each(|count| note(sizes, *count));
    }

    /// Adds the classes of keys that are equal.
    pub(super) fn classes<const WORDS: usize>(&mut self, classes: &mut Smallness) {
        let words = if WORDS == 0 { self.words } else { WORDS };
        let size = (self.counts.len() * 2).next_power_of_two();
        self.table.clear();
        self.table.resize(size, 0);
        self.rows.clear();
        self.rows.resize(self.counts.len(), 0);
        let keys = self.keys.chunks_exact(words).zip(&self.counts);
        for (at, (key, count)) in keys.enumerate() {
            let mut place = hash(key.iter().copied()) as usize & (size - 1);
            // Half of the table is free, so that this ends.
            while let Some(first) = self.table.get_mut(place) {
                if *first == 0 {
                    *first = at as u32 + 1;
                }
                let known = *first as usize - 1;
                if self.keys.get(known * words..(known + 1) * words) == Some(key) {
                    if let Some(rows) = self.rows.get_mut(known) {
                        *rows += u64::from(*count);
                    }
                    break;
                }
                place = (place + 1) & (size - 1);
            }
        }
        let rows = self.rows.iter().filter(|rows| **rows > 0);
        rows.for_each(|rows| classes.add(*rows));
    }

    /// Finds the groups of more than one combination.
    fn group<const WORDS: usize>(&mut self, column: &Column<'_>) {
        let words = if WORDS == 0 { self.words } else { WORDS };
        let size = (self.counts.len() * 2).next_power_of_two();
        self.table.clear();
        self.table.resize(size, 0);
        self.groups.clear();
        self.groups.resize(self.counts.len(), 0);
        self.shared.clear();
        self.ends.clear();
        let others = &column.others;
        for (at, key) in self.keys.chunks_exact(words).enumerate() {
            let rest = key.iter().zip(others).map(|(word, bits)| word & bits);
            let mut place = hash(rest) as usize & (size - 1);
            // Half of the table is free, so that this ends.
            while let Some(first) = self.table.get_mut(place) {
                let Some(known) = (*first as usize).checked_sub(1) else {
                    *first = at as u32 + 1;
                    break;
                };
                let other = self.keys.get(known * words..(known + 1) * words);
                let mut words = others.iter().zip(key.iter().zip(other.unwrap_or_default()));
                if words.all(|(bits, (word, other))| (word ^ other) & bits == 0) {
                    join(
                        &mut self.groups,
                        &mut self.ends,
                        &mut self.shared,
                        (known, at),
                    );
                    break;
                }
                place = (place + 1) & (size - 1);
            }
        }
    }

    /// Counts the classes of the combinations that are alone: all but the shared ones.
    fn count_alone(&self, alone: &mut Smallness) {
        let mut shared = [0; SMALL];
        for at in &self.shared {
            let count = self.counts.get(*at as usize).copied();
            note(&mut shared, count.unwrap_or(0));
        }
        let mut small = 0;
        for (size, (number, shared)) in (0..).zip(self.sizes.iter().zip(shared)) {
            alone.add_many(number - shared, size);
            small += number - shared;
        }
        let large = (self.counts.len() - self.shared.len()) as u64 - small;
        let least = match small {
            0 => {
                let counts = self.counts.iter().zip(&self.groups);
                let counts = counts.filter(|(_, group)| **group == 0);
                counts.map(|(count, _)| u64::from(*count)).min()
            }
            // Beside a small class it does not matter how large these are.
            _ => None,
        };
        alone.add_many(large, least.unwrap_or(SMALL as u64));
    }

    /// Puts the pairs of each group side by side.
    fn bring_together(&mut self, column: &Column<'_>) {
        let mut sum = 0;
        for end in &mut self.ends {
            let size = *end;
            *end = sum;
            sum += size;
        }
        self.pairs.clear();
        self.pairs.resize(self.shared.len(), (0, 0));
        for at in &self.shared {
            let at = *at as usize;
            let group = self.groups.get(at).copied().unwrap_or(0) as usize;
            let key = self.keys.get(at * self.words..(at + 1) * self.words);
            let code = column.slot.code(key.unwrap_or_default());
            let count = self.counts.get(at).copied().unwrap_or(0);
            if let Some(cursor) = self.ends.get_mut(group.wrapping_sub(1)) {
                if let Some(to) = self.pairs.get_mut(*cursor) {
                    *to = (code, count);
                }
                *cursor += 1;
            }
        }
    }
}

/// Puts a combination into the group of a `known` one.
#[inline]
fn join(
    groups: &mut [u32],
    sizes: &mut Vec<usize>,
    shared: &mut Vec<u32>,
    (known, at): (usize, usize),
) {
    let Some(group) = groups.get_mut(known) else {
        return;
    };
    if *group == 0 {
        sizes.push(1);
        *group = sizes.len() as u32;
        shared.push(known as u32);
    }
    let group = *group;
    if let Some(size) = sizes.get_mut(group as usize - 1) {
        *size += 1;
    }
    if let Some(own) = groups.get_mut(at) {
        *own = group;
    }
    shared.push(at as u32);
}

/// What a column's levels do, from one piece after the other.
pub(super) struct Grouping<'a> {
    column: &'a Column<'a>,
    /// What the classes are at each level, but for those of `alone`.
    steps: Vec<Smallness>,
    without: Smallness,
    /// Groups of one combination: classes of their own at every level.
    alone: Smallness,
    /// Rows by group of a level; 0 but for `touched`.
    rows: Vec<u64>,
    touched: Vec<u32>,
}

impl<'a> Grouping<'a> {
    pub(super) fn new(column: &'a Column<'a>) -> Self {
        let most = column.levels.iter().map(|level| level.labels.len()).max();
        Self {
            column,
            steps: vec![Smallness::default(); column.levels.len()],
            without: Smallness::default(),
            alone: Smallness::default(),
            rows: vec![0; most.unwrap_or(0)],
            touched: Vec::new(),
        }
    }

    pub(super) fn into_smallness(mut self) -> (Smallness, Vec<Smallness>) {
        self.without.merge(&self.alone);
        for step in &mut self.steps {
            step.merge(&self.alone);
        }
        (self.without, self.steps)
    }

    /// Adds a piece: all combinations that agree in the other columns are in the same one.
    pub(super) fn piece<const WORDS: usize>(&mut self, piece: &mut Piece) {
        piece.group::<WORDS>(self.column);
        piece.count_alone(&mut self.alone);
        piece.bring_together(self.column);
        let mut start = 0;
        for &end in &piece.ends {
            let pairs = piece.pairs.get(start..end).unwrap_or_default();
            start = end;
            self.measure(pairs);
        }
    }

    /// Adds a group's classes, without the column and at each of its levels.
    #[inline]
    fn measure(&mut self, pairs: &[(u32, u32)]) {
        let all = pairs.iter().map(|(_, count)| u64::from(*count)).sum();
        self.without.add(all);
        for (level, step) in self.column.levels.iter().zip(&mut self.steps) {
            for (code, count) in pairs {
                let group = level.groups.get(*code as usize).copied().unwrap_or(0);
                if let Some(rows) = self.rows.get_mut(group as usize) {
                    if *rows == 0 {
                        self.touched.push(group);
                    }
                    *rows += u64::from(*count);
                }
            }
            for group in self.touched.drain(..) {
                if let Some(rows) = self.rows.get_mut(group as usize) {
                    step.add(std::mem::take(rows));
                }
            }
        }
    }
}
