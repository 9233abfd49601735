//! Counting packed keys by sorting them.
//!
//! Most rows of a customer file are alone with their key, so a hash table of keys grows with the
//! rows, soon beyond a processor's caches, and each row waits for memory. Sorting goes through
//! memory in order. Keys are gathered, sorted and counted some hundred thousand at a time; what
//! that gives is a run, and a run is merged with the one before it once it is not much smaller, so
//! there are few runs and each key stands in few of them.

use crate::privacy::combinations::Layout;

/// Words of keys that are gathered before they are sorted: 4 MiB.
const GATHERED: usize = 1 << 19;

/// Packed keys of one width, each with how many rows have it.
#[derive(Debug)]
pub(super) struct Runs {
    words: usize,
    gathered: Vec<u64>,
    runs: Vec<Run>,
}

/// Keys in ascending order, one behind the other, none of them twice, and their counts.
#[derive(Debug, Default)]
struct Run {
    keys: Vec<u64>,
    counts: Vec<u32>,
}

impl Runs {
    /// No keys, of so many words each.
    pub(super) fn new(words: usize) -> Self {
        Self {
            words,
            gathered: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Counts several keys, one behind the other.
    pub(super) fn count(&mut self, keys: &[u64]) {
        self.gathered.extend_from_slice(keys);
        if self.gathered.len() >= GATHERED {
            self.sort();
        }
    }

    /// Makes a run of what was gathered.
    pub(super) fn sort(&mut self) {
        let run = Run::sorted(&mut self.gathered, self.words);
        self.gathered.clear();
        if !run.counts.is_empty() {
            self.runs.push(run);
        }
        while let [.., before, last] = self.runs.as_slice()
            && last.counts.len() > before.counts.len() / 2
            && let (Some(last), Some(before)) = (self.runs.pop(), self.runs.pop())
        {
            self.runs.push(before.merged(&last, self.words));
        }
    }

    /// All keys, one behind the other, with their counts, up to so many of them at a time: a key's
    /// whole count, if it is given more than once, is the sum. What was gathered last has to be
    /// made a run before.
    pub(super) fn blocks(&self, keys: usize) -> impl Iterator<Item = (&[u64], &[u32])> {
        let words = keys * self.words;
        self.runs
            .iter()
            .flat_map(move |run| run.keys.chunks(words).zip(run.counts.chunks(keys)))
    }

    /// The bytes that the keys and their counts take.
    pub(super) fn bytes(&self) -> usize {
        let runs = self.runs.iter();
        runs.map(|run| size_of_val(&*run.keys) + size_of_val(&*run.counts))
            .sum()
    }

    /// The same counts, with keys packed `to` another layout.
    pub(super) fn repacked(mut self, from: &Layout, to: &Layout) -> Self {
        self.sort();
        let mut repacked = Self::new(to.words());
        let (mut codes, mut key) = (Vec::new(), vec![0; to.words()]);
        for run in self.runs {
            let mut keys = Vec::with_capacity(run.counts.len() * to.words());
            for old in run.keys.chunks_exact(self.words) {
                codes.clear();
                from.unpack(old, &mut codes);
                to.pack(codes.iter().copied(), &mut key);
                keys.extend_from_slice(&key);
            }
            repacked.runs.push(Run::new(&keys, &run.counts, to.words()));
        }
        repacked
    }
}

impl Run {
    /// A run of keys in any order, which it may change.
    fn sorted(keys: &mut [u64], words: usize) -> Self {
        match words {
            1 => {
                keys.sort_unstable();
                Self::counted::<1>(keys)
            }
            2 => {
                let (pairs, _) = keys.as_chunks_mut::<2>();
                pairs.sort_unstable();
                Self::counted::<2>(keys)
            }
            _ => {
                let counts = vec![1; keys.len() / words.max(1)];
                Self::new(keys, &counts, words)
            }
        }
    }

    /// A run of keys in ascending order, each with one row.
    fn counted<const WORDS: usize>(keys: &[u64]) -> Self {
        let mut run = Self::default();
        run.keys.reserve_exact(keys.len());
        let (keys, _) = keys.as_chunks::<WORDS>();
        run.counts.reserve_exact(keys.len());
        for same in keys.chunk_by(|one, other| one == other) {
            run.keys.extend(same.first().into_iter().flatten());
            run.counts
                .push(u32::try_from(same.len()).unwrap_or(u32::MAX));
        }
        run
    }

    /// A run of keys in any order with their counts.
    fn new(keys: &[u64], counts: &[u32], words: usize) -> Self {
        let mut entries: Vec<(&[u64], u32)> = keys
            .chunks_exact(words.max(1))
            .zip(counts.iter().copied())
            .collect();
        entries.sort_unstable();
        let mut run = Self::default();
        for same in entries.chunk_by(|one, other| one.0 == other.0) {
            let counts = same.iter().map(|(_, count)| *count);
            run.keys
                .extend(same.iter().take(1).flat_map(|(key, _)| *key));
            run.counts.push(counts.fold(0, u32::saturating_add));
        }
        run
    }

    /// A run of the keys of both.
    fn merged(&self, other: &Self, words: usize) -> Self {
        match words {
            1 => self.merged_words::<1>(other),
            2 => self.merged_words::<2>(other),
            _ => Self::new(
                &[&*self.keys, &other.keys].concat(),
                &[&*self.counts, &other.counts].concat(),
                words,
            ),
        }
    }

    fn entries<const WORDS: usize>(&self) -> impl Iterator<Item = ([u64; WORDS], u32)> {
        let (keys, _) = self.keys.as_chunks::<WORDS>();
        keys.iter().copied().zip(self.counts.iter().copied())
    }

    fn merged_words<const WORDS: usize>(&self, other: &Self) -> Self {
        let (mut ones, mut others) = (self.entries::<WORDS>(), other.entries::<WORDS>());
        let (mut one, mut another) = (ones.next(), others.next());
        let most = self.counts.len() + other.counts.len();
        let mut run = Self {
            keys: Vec::with_capacity(most * WORDS),
            counts: Vec::with_capacity(most),
        };
        loop {
            let (key, count) = match (one, another) {
                (Some((key, count)), Some((same, more))) if key == same => {
                    (one, another) = (ones.next(), others.next());
                    (key, count.saturating_add(more))
                }
                (Some(entry), Some(behind)) if entry.0 < behind.0 => {
                    one = ones.next();
                    entry
                }
                (_, Some(entry)) => {
                    another = others.next();
                    entry
                }
                (Some(entry), None) => {
                    one = ones.next();
                    entry
                }
                (None, None) => return run,
            };
            run.keys.extend_from_slice(&key);
            run.counts.push(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    impl Runs {
        fn iter(&self) -> impl Iterator<Item = (&[u64], u32)> {
            let blocks = self.blocks(7);
            blocks.flat_map(|(keys, counts)| {
                let keys = keys.chunks_exact(self.words);
                keys.zip(counts.iter().copied())
            })
        }
    }

    #[test]
    fn keys_are_counted_as_in_a_map() {
        for words in 1..=4 {
            let (mut runs, mut expected) = (Runs::new(words), BTreeMap::new());
            let mut state = 1_u64;
            for round in 0..40_usize {
                let mut keys = Vec::new();
                for _ in 0..round * round {
                    let key: Vec<u64> = (0..words)
                        .map(|word| {
                            state = state.wrapping_mul(6_364_136_223_846_793_005);
                            state = state.wrapping_add(1);
                            (state >> 40) % [5, 7, 300, 2][word]
                        })
                        .collect();
                    keys.extend_from_slice(&key);
                    *expected.entry(key).or_insert(0_u32) += 1;
                }
                runs.count(&keys);
                if round % 3 == 0 {
                    runs.sort();
                }
            }
            runs.sort();
            for run in &runs.runs {
                assert!(run.keys.chunks_exact(words).is_sorted());
            }
            let sizes: Vec<usize> = runs.runs.iter().map(|run| run.counts.len()).collect();
            assert!(
                sizes.is_sorted_by(|before, after| before / 2 >= *after),
                "{sizes:?}"
            );
            let mut found = BTreeMap::new();
            for (key, count) in runs.iter() {
                *found.entry(key.to_vec()).or_insert(0) += count;
            }
            assert_eq!(found, expected, "{words} words");
        }
    }

    #[test]
    fn many_keys_are_sorted_by_themselves() {
        let mut runs = Runs::new(1);
        let keys: Vec<u64> = (0..GATHERED as u64 / 8).map(|key| key % 1_000).collect();
        (0..20).for_each(|_| runs.count(&keys));
        assert_eq!(
            runs.iter().count(),
            1_000,
            "and what was gathered is not many"
        );
        assert!(runs.gathered.len() < GATHERED);
    }

    #[test]
    fn keys_are_packed_anew() {
        let narrow = Layout::new(&[4, 4]);
        let wide = Layout::new(&[1 << 31, 1 << 31, 1 << 31]);
        let wide = [Layout::new(&[1 << 20, 1 << 30]), wide];
        for to in wide {
            let mut runs = Runs::new(narrow.words());
            let mut key = [0];
            for codes in [[1, 2], [2, 1], [3, 0], [1, 2], [0, 3]] {
                narrow.pack(codes, &mut key);
                runs.count(&key);
            }
            let runs = runs.repacked(&narrow, &to);
            let found: BTreeMap<(u32, u32), u32> = runs
                .iter()
                .map(|(key, count)| ((to.code(key, 0), to.code(key, 1)), count))
                .collect();
            let expected = [((0, 3), 1), ((1, 2), 2), ((2, 1), 1), ((3, 0), 1)];
            assert_eq!(found, expected.into());
        }
    }
}
