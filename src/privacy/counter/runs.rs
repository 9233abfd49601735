//! Counting packed keys by sorting them.
//!
//! Most rows of a customer file are alone with their key, so a hash table of keys grows with the
//! rows, soon beyond a processor's caches, and each row waits for memory. Sorting goes through
//! memory in order. Keys are gathered, sorted and counted some hundred thousand at a time; what
//! that gives is a run, and a run is merged with the one before it once it is not much smaller, so
//! there are few runs and each key stands in few of them.
//!
//! Where that shows that most keys are different, more of them are gathered, and those which were
//! gathered last are given as they came, with one row each: whoever puts together what several
//! workers counted sorts them in any case, and sorting keys of one row twice makes nothing of them.

use crate::privacy::combinations::Layout;

/// How many words of keys are gathered before they are sorted; twice as many where nobody has time
/// for it before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// As long as keys come again.
    pub(super) usual: usize,
    /// Where most keys are different.
    pub(super) different: usize,
}

impl Limits {
    /// 4 MiB, and 64 MiB.
    const BEST: Self = Self {
        usual: 1 << 19,
        different: 1 << 23,
    };
}

/// Packed keys of one width, each with how many rows have it.
#[derive(Debug)]
pub(super) struct Runs {
    words: usize,
    gathered: Vec<u64>,
    limits: Limits,
    /// Whether most keys were different when some were sorted last.
    different: bool,
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
            limits: Limits::BEST,
            different: false,
            runs: Vec::new(),
        }
    }

    /// The same, with other limits.
    #[cfg(test)]
    pub(super) fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Counts several keys, one behind the other.
    pub(super) fn count(&mut self, keys: &[u64]) {
        self.gathered.extend_from_slice(keys);
        if self.gathered.len() >= 2 * self.limit() {
            self.sort();
        }
    }

    /// Makes a run of what was gathered, if that is enough.
    pub(super) fn compact(&mut self) {
        if self.gathered.len() >= self.limit() {
            self.sort();
        }
    }

    fn limit(&self) -> usize {
        match self.different {
            true => self.limits.different,
            false => self.limits.usual,
        }
    }

    /// Counts no more.
    pub(super) fn end(&mut self) {
        if !self.different {
            self.sort();
            self.gathered = Vec::new();
        }
    }

    /// Makes a run of what was gathered.
    fn sort(&mut self) {
        let rows = self.gathered.len() / self.words;
        let run = Run::sorted(&mut self.gathered, self.words);
        let many = self.gathered.len() >= self.limits.usual;
        let different = many && run.counts.len() >= rows - rows / 4;
        if self.different && !different {
            self.gathered = Vec::new();
        }
        self.different = different;
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

    /// All keys, one behind the other, with their counts, up to so many of them at a time; no counts
    /// of keys that have one row each. A key's whole count, if it is given more than once, is the
    /// sum.
    pub(super) fn blocks(&self, keys: usize) -> impl Iterator<Item = (&[u64], Option<&[u32]>)> {
        let words = keys * self.words;
        let sorted = self.runs.iter().flat_map(move |run| {
            let counts = run.counts.chunks(keys).map(Some);
            run.keys.chunks(words).zip(counts)
        });
        sorted.chain(self.gathered.chunks(words).map(|keys| (keys, None)))
    }

    /// How many keys [`Self::blocks`] gives, and how many rows they have together.
    pub(super) fn sizes(&self) -> (usize, u64) {
        let gathered = self.gathered.len() / self.words;
        let (mut keys, mut rows) = (gathered, gathered as u64);
        for run in &self.runs {
            keys += run.counts.len();
            rows += run.counts.iter().copied().map(u64::from).sum::<u64>();
        }
        (keys, rows)
    }

    /// The words of a key.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The bytes that the keys and their counts take.
    pub(super) fn bytes(&self) -> usize {
        let runs = self.runs.iter();
        let sorted = runs.map(|run| size_of_val(&*run.keys) + size_of_val(&*run.counts));
        sorted.sum::<usize>() + size_of_val(&*self.gathered)
    }

    /// The same counts, with keys packed `to` another layout.
    pub(super) fn repacked(self, from: &Layout, to: &Layout) -> Self {
        let mut repacked = Self {
            limits: self.limits,
            different: self.different,
            ..Self::new(to.words())
        };
        let repack = |old: &[u64]| {
            let (mut codes, mut key) = (Vec::new(), vec![0; to.words()]);
            let mut keys = Vec::with_capacity(old.len() / self.words * to.words());
            for old in old.chunks_exact(self.words) {
                codes.clear();
                from.unpack(old, &mut codes);
                to.pack(codes.iter().copied(), &mut key);
                keys.extend_from_slice(&key);
            }
            keys
        };
        for run in &self.runs {
            let keys = repack(&run.keys);
            repacked.runs.push(Run::new(&keys, &run.counts, to.words()));
        }
        repacked.count(&repack(&self.gathered));
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
mod tests;
