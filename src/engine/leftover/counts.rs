//! How many rows have a word, in bounded memory, and the same figures whatever the order.
//!
//! Words are known by a hash. Where a column has more distinct ones than there is room for, those
//! with the least hashes stay: a word that is among them in the end always was, in every worker's
//! part of the rows too, so its count is exact. Of the others nothing is known, and it is said so.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::FixedState;

/// How many distinct words are counted, for a column.
pub(super) const ROOM: usize = 1 << 16;

/// A count for each key, of the least keys only when there are many.
#[derive(Debug, Clone)]
pub(super) struct Least<K, V> {
    seen: HashMap<K, V, FixedState>,
    /// Only keys up to this one are counted, if there is a limit.
    limit: Option<K>,
    room: usize,
}

impl<K: Hash + Ord + Copy, V> Least<K, V> {
    pub(super) fn new(room: usize) -> Self {
        Self {
            seen: HashMap::with_hasher(FixedState::default()),
            limit: None,
            room,
        }
    }

    /// The count of a key, made by `new` if there is none; nothing if the key is beyond the limit.
    pub(super) fn entry(&mut self, key: K, new: impl FnOnce() -> V) -> Option<&mut V> {
        if self.limit.is_some_and(|limit| key > limit) {
            return None;
        }
        if self.seen.len() >= 2 * self.room && !self.seen.contains_key(&key) {
            self.shrink();
            if self.limit.is_some_and(|limit| key > limit) {
                return None;
            }
        }
        Some(self.seen.entry(key).or_insert_with(new))
    }

    /// Takes away all but the least keys, if there are more than there is room for.
    pub(super) fn shrink(&mut self) {
        if self.seen.len() > self.room {
            let mut keys: Vec<K> = self.seen.keys().copied().collect();
            let (_, last, _) = keys.select_nth_unstable(self.room.saturating_sub(1));
            let last = *last;
            self.limit = Some(last);
            self.seen.retain(|key, _| *key <= last);
        }
    }

    /// Adds what another counted.
    pub(super) fn merge(&mut self, other: Self, add: impl Fn(&mut V, V)) {
        if let Some(limit) = other.limit {
            let limit = self.limit.map_or(limit, |own| own.min(limit));
            self.limit = Some(limit);
            self.seen.retain(|key, _| *key <= limit);
        }
        for (key, value) in other.seen {
            if self.limit.is_some_and(|limit| key > limit) {
                continue;
            }
            match self.seen.get_mut(&key) {
                Some(known) => add(known, value),
                None => {
                    self.seen.insert(key, value);
                }
            }
        }
    }

    /// The last key that is counted, if not all are.
    pub(super) fn limit(&self) -> Option<K> {
        self.limit
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.seen.get(key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.seen.iter()
    }
}

/// So many counts are added together.
const TOGETHER: usize = 64;

/// How many cells have each word, of the least words only when there are many.
///
/// The counts of many words are more than the processor's cache holds, so that each waits for memory: those that
/// are added together wait at once.
#[derive(Debug)]
pub(super) struct WordCounts {
    counted: Least<u64, u64>,
    /// Words and how many more cells have them.
    waiting: Vec<(u64, u64)>,
}

impl WordCounts {
    pub(super) fn new() -> Self {
        Self {
            counted: Least::new(ROOM),
            waiting: Vec::new(),
        }
    }

    /// Adds so many cells to a word's.
    #[inline]
    pub(super) fn add(&mut self, word: u64, times: u64) {
        if self.counted.limit.is_none_or(|limit| word <= limit) {
            self.waiting.push((word, times));
            if self.waiting.len() >= TOGETHER {
                self.count_waiting();
            }
        }
    }

    #[inline(never)]
    fn count_waiting(&mut self) {
        for (word, times) in self.waiting.drain(..) {
            if let Some(count) = self.counted.entry(word, || 0) {
                *count += times;
            }
        }
    }

    /// Adds what another counted.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.count_waiting();
        other.count_waiting();
        (self.counted).merge(other.counted, |sum, count| *sum += count);
    }

    /// Brings it into the order that does not depend on workers.
    pub(super) fn settle(&mut self) {
        self.count_waiting();
        self.counted.shrink();
    }

    /// The counts, once they are [settled](Self::settle).
    pub(super) fn settled(&self) -> &Least<u64, u64> {
        &self.counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::leftover::words::mix;

    fn add(least: &mut Least<u64, u32>, key: u64) {
        if let Some(count) = least.entry(key, || 0) {
            *count += 1;
        }
    }

    #[test]
    fn counts_are_exact_for_the_least_keys_however_rows_are_shared_out() {
        for distinct in [5, 10, 11, 100] {
            let keys: Vec<u64> = (0..1000).map(|row| mix(row * row % distinct)).collect();
            let figures = |workers: usize| {
                let mut parts = vec![Least::new(10); workers];
                for (row, key) in keys.iter().enumerate() {
                    add(&mut parts[row / 7 % workers], *key);
                }
                let mut all = Least::new(10);
                for part in parts {
                    all.merge(part, |sum, count| *sum += count);
                }
                all.shrink();
                let mut counts: Vec<(u64, u32)> =
                    all.iter().map(|(key, count)| (*key, *count)).collect();
                counts.sort_unstable();
                (counts, all.limit())
            };
            let one = figures(1);
            for (key, count) in &one.0 {
                let rows = keys.iter().filter(|other| *other == key).count();
                assert_eq!(*count as usize, rows);
            }
            for workers in [2, 3, 8] {
                assert_eq!(figures(workers), one, "{distinct} keys, {workers} workers");
            }
        }
    }
}
