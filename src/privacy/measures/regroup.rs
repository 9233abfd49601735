//! The equivalence classes with one column generalised, at all its levels at once.
//!
//! Two combinations fall into one class only if they agree in all other columns. So the keys are
//! brought together by what they have there, once for all levels: scattered by a hash into pieces
//! that fit a processor's cache, then grouped in each with a table of open addressing. Of most
//! real tables few groups have more than one combination, and only these are looked at by level.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::combinations::Slot;
use super::super::{Combinations, Level};
use super::parallel;
use super::sizes::Smallness;

/// Combinations in a piece: with their table they take a few hundred kilobytes.
const PIECE: usize = 1 << 14;

/// More pieces than this cost more in scattering than they save in grouping.
const MAX_PIECES: usize = 1 << 11;

/// What generalising one column does.
pub(super) struct Regrouped {
    /// Rows with each of the column's values, by code.
    pub(super) values: Vec<u64>,
    /// The classes over the other columns alone.
    pub(super) without: Smallness,
    /// The classes with the column at each of the levels.
    pub(super) steps: Vec<Smallness>,
}

/// Regroups by a column's levels. The result does not depend on `threads`.
pub(super) fn regroup(
    combinations: &Combinations,
    column: usize,
    levels: &[Level],
    threads: usize,
) -> Regrouped {
    // With a constant number of words, work on a key has no loop.
    match combinations.layout().words() {
        1 => regroup_words::<1>(combinations, column, levels, threads),
        2 => regroup_words::<2>(combinations, column, levels, threads),
        _ => regroup_words::<0>(combinations, column, levels, threads),
    }
}

/// `WORDS` is the number of words of a key, or 0 for any.
fn regroup_words<const WORDS: usize>(
    combinations: &Combinations,
    column: usize,
    levels: &[Level],
    threads: usize,
) -> Regrouped {
    let slot = combinations.layout().slot(column);
    let pieces = (combinations.len() / PIECE + 1)
        .next_power_of_two()
        .min(MAX_PIECES);
    let scattered = parallel::ranges(combinations.len(), threads, |range| {
        let words = combinations.layout().words();
        let keys = combinations
            .keys()
            .get(range.start * words..range.end * words);
        let counts = combinations.counts().get(range);
        Scattered::new::<WORDS>(
            keys.unwrap_or_default(),
            counts.unwrap_or_default(),
            (words, slot, pieces),
        )
    });
    let next = AtomicUsize::new(0);
    let workers: Vec<_> = (0..threads.clamp(1, pieces)).collect();
    let parts = parallel::on_each(workers, |_| {
        let mut grouping = Grouping::new(combinations.layout().words(), slot, levels);
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                break grouping.into_smallness();
            }
            grouping.piece::<WORDS>(&scattered, piece);
        }
    });

    let mut regrouped = Regrouped {
        values: Vec::new(),
        without: Smallness::default(),
        steps: vec![Smallness::default(); levels.len()],
    };
    for part in &scattered {
        if regrouped.values.len() < part.values.len() {
            regrouped.values.resize(part.values.len(), 0);
        }
        for (sum, rows) in regrouped.values.iter_mut().zip(&part.values) {
            *sum += rows;
        }
    }
    for (without, steps) in &parts {
        regrouped.without.merge(without);
        for (sum, step) in regrouped.steps.iter_mut().zip(steps) {
            sum.merge(step);
        }
    }
    regrouped
}

/// A part of the keys, brought into pieces by the hash of their other columns.
struct Scattered {
    /// Where each piece begins, and behind the last one where it ends.
    starts: Vec<usize>,
    keys: Vec<u64>,
    counts: Vec<u32>,
    /// Rows with each value of the column.
    values: Vec<u64>,
}

impl Scattered {
    fn new<const WORDS: usize>(
        keys: &[u64],
        counts: &[u32],
        (words, slot, pieces): (usize, Slot, usize),
    ) -> Self {
        let words = if WORDS == 0 { words } else { WORDS };
        let mut values = Vec::new();
        let mut starts = vec![0; pieces + 1];
        for (key, count) in keys.chunks_exact(words).zip(counts) {
            let code = slot.code(key) as usize;
            if code >= values.len() {
                values.resize(code + 1, 0);
            }
            if let Some(rows) = values.get_mut(code) {
                *rows += u64::from(*count);
            }
            if let Some(size) = starts.get_mut(piece_of(hash(slot.rest(key)), pieces) + 1) {
                *size += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut cursors = starts.clone();
        let mut scattered_keys = vec![0; keys.len()];
        let mut scattered_counts = vec![0; counts.len()];
        for (key, count) in keys.chunks_exact(words).zip(counts) {
            let Some(cursor) = cursors.get_mut(piece_of(hash(slot.rest(key)), pieces)) else {
                continue;
            };
            let at = *cursor;
            *cursor += 1;
            if let Some(to) = scattered_keys.get_mut(at * words..(at + 1) * words) {
                to.copy_from_slice(key);
            }
            if let Some(to) = scattered_counts.get_mut(at) {
                *to = *count;
            }
        }
        Self {
            starts,
            keys: scattered_keys,
            counts: scattered_counts,
            values,
        }
    }

    /// The keys and counts of a piece.
    fn piece(&self, piece: usize, words: usize) -> (&[u64], &[u32]) {
        let at = |piece: usize| self.starts.get(piece).copied().unwrap_or(0);
        let (from, to) = (at(piece), at(piece + 1));
        let keys = self.keys.get(from * words..to * words);
        let counts = self.counts.get(from..to);
        (keys.unwrap_or_default(), counts.unwrap_or_default())
    }
}

/// Spreads what a key has in the other columns over 64 bits (the finaliser of MurmurHash3, for
/// packed codes differ in few bits).
#[inline]
fn hash(rest: impl Iterator<Item = u64>) -> u64 {
    rest.fold(0, |hash: u64, word| {
        let mut hash = (hash.rotate_left(23) ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ hash >> 33
    })
}

/// The piece is taken from other bits of the hash than a place in a piece's table.
#[inline]
fn piece_of(hash: u64, pieces: usize) -> usize {
    (hash >> 40) as usize & (pieces - 1)
}

/// Groups one piece after the other, with room that is used again.
struct Grouping<'a> {
    words: usize,
    slot: Slot,
    levels: &'a [Level],
    /// What the classes are at each level, but for those of `alone`.
    steps: Vec<Smallness>,
    without: Smallness,
    /// Groups of one combination: classes of their own at every level.
    alone: Smallness,

    /// The keys of the piece without the column.
    rests: Vec<u64>,
    /// The column's code and the number of rows of each.
    pairs: Vec<(u32, u32)>,
    /// Open addressing: 1 + the first combination of a group, or 0.
    table: Vec<usize>,
    /// The group of each combination.
    groups: Vec<usize>,
    /// The combinations of each group, then where its pairs end in `grouped`.
    ends: Vec<usize>,
    grouped: Vec<(u32, u32)>,
    /// Rows by group of a level; 0 but for `touched`.
    rows: Vec<u64>,
    touched: Vec<u32>,
}

impl<'a> Grouping<'a> {
    fn new(words: usize, slot: Slot, levels: &'a [Level]) -> Self {
        let most = levels.iter().map(|level| level.labels.len()).max();
        Self {
            words,
            slot,
            levels,
            steps: vec![Smallness::default(); levels.len()],
            without: Smallness::default(),
            alone: Smallness::default(),
            rests: Vec::new(),
            pairs: Vec::new(),
            table: Vec::new(),
            groups: Vec::new(),
            ends: Vec::new(),
            grouped: Vec::new(),
            rows: vec![0; most.unwrap_or(0)],
            touched: Vec::new(),
        }
    }

    fn into_smallness(mut self) -> (Smallness, Vec<Smallness>) {
        self.without.merge(&self.alone);
        for step in &mut self.steps {
            step.merge(&self.alone);
        }
        (self.without, self.steps)
    }

    fn piece<const WORDS: usize>(&mut self, parts: &[Scattered], piece: usize) {
        let words = if WORDS == 0 { self.words } else { WORDS };
        self.rests.clear();
        self.pairs.clear();
        for part in parts {
            let (keys, counts) = part.piece(piece, words);
            for (key, count) in keys.chunks_exact(words).zip(counts) {
                self.rests.extend(self.slot.rest(key));
                self.pairs.push((self.slot.code(key), *count));
            }
        }
        self.group(words);
        self.bring_together();
        self.measure();
    }

    /// Finds the group of each combination.
    fn group(&mut self, words: usize) {
        let size = (self.pairs.len() * 2).next_power_of_two();
        self.table.clear();
        self.table.resize(size, 0);
        self.groups.clear();
        self.ends.clear();
        let rests = &self.rests;
        let rest_of = |at: usize| rests.get(at * words..(at + 1) * words);
        for (at, rest) in rests.chunks_exact(words).enumerate() {
            let mut place = hash(rest.iter().copied()) as usize & (size - 1);
            // Half of the table is free, so that this ends.
            let group = loop {
                let Some(first) = self.table.get_mut(place) else {
                    break 0;
                };
                if *first == 0 {
                    *first = at + 1;
                    self.ends.push(0);
                    break self.ends.len() - 1;
                }
                if rest_of(*first - 1) == Some(rest) {
                    break self.groups.get(*first - 1).copied().unwrap_or(0);
                }
                place = (place + 1) & (size - 1);
            };
            self.groups.push(group);
            if let Some(size) = self.ends.get_mut(group) {
                *size += 1;
            }
        }
    }

    /// Puts the pairs of each group side by side.
    fn bring_together(&mut self) {
        let mut sum = 0;
        for end in &mut self.ends {
            let size = *end;
            *end = sum;
            sum += size;
        }
        self.grouped.clear();
        self.grouped.resize(self.pairs.len(), (0, 0));
        for (pair, group) in self.pairs.iter().zip(&self.groups) {
            if let Some(cursor) = self.ends.get_mut(*group) {
                if let Some(to) = self.grouped.get_mut(*cursor) {
                    *to = *pair;
                }
                *cursor += 1;
            }
        }
    }

    fn measure(&mut self) {
        let mut start = 0;
        for &end in &self.ends {
            let pairs = self.grouped.get(start..end).unwrap_or_default();
            start = end;
            if let [(_, count)] = pairs {
                self.alone.add(u64::from(*count));
                continue;
            }
            let all = pairs.iter().map(|(_, count)| u64::from(*count)).sum();
            self.without.add(all);
            for (level, step) in self.levels.iter().zip(&mut self.steps) {
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
}
