//! How often things come again, of a sample of things where they are many.
//!
//! A thing is in the sample by its hash, so all that is equal is in it or none of it; whatever is counted
//! of the things in the sample holds for all of them, but for chance.

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// Things that are counted where nobody says how many; of more, every second one is, and so on.
const SAMPLED: usize = 1 << 14;

/// Counts things by their hashes.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// So many things are counted at most.
    most: usize,
    /// Things whose hash ends with so many zeros are in the sample.
    halved: u32,
    counts: HashMap<u64, u64, RandomState>,
    all: u64,
}

impl Default for Sample {
    fn default() -> Self {
        Self::of(SAMPLED)
    }
}

impl Sample {
    /// A sample of so many things at most.
    pub(crate) fn of(most: usize) -> Self {
        Self {
            most,
            halved: 0,
            counts: HashMap::default(),
            all: 0,
        }
    }

    /// Counts a thing once more.
    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        self.all += 1;
        if hash.trailing_zeros() >= self.halved {
            self.count(hash, 1);
        }
    }

    fn count(&mut self, hash: u64, times: u64) {
        *self.counts.entry(hash).or_default() += times;
        if self.counts.len() > self.most {
            self.halve(self.halved + 1);
        }
    }

    fn halve(&mut self, halved: u32) {
        self.halved = halved;
        self.counts
            .retain(|hash, _| hash.trailing_zeros() >= halved);
    }

    /// Adds what another one has counted.
    pub(crate) fn merge(&mut self, other: Self) {
        self.all += other.all;
        if other.halved > self.halved {
            self.halve(other.halved);
        }
        for (hash, times) in other.counts {
            if hash.trailing_zeros() >= self.halved {
                self.count(hash, times);
            }
        }
    }

    /// So many zeros the hashes end with of what is in the sample.
    pub(crate) fn halved(&self) -> u32 {
        self.halved
    }

    /// How many times anything was counted, in the sample or not.
    pub(crate) fn all(&self) -> u64 {
        self.all
    }

    /// Whether all things are in the sample.
    pub(crate) fn is_whole(&self) -> bool {
        self.halved == 0
    }

    /// How many things there are, at about as many times each as in the sample.
    pub(crate) fn things(&self) -> u64 {
        let sampled = self.counts.len() as u64;
        let times: u64 = self.counts.values().sum();
        match (self.is_whole(), times > sampled) {
            (true, _) => sampled,
            (false, true) => (self.all as f64 * sampled as f64 / times as f64).round() as u64,
            // Where nothing of the sample comes again, nothing does as far as it tells.
            (false, false) => self.all,
        }
    }

    /// The share of what was counted that came once only; 0 of nothing.
    pub(crate) fn alone(&self) -> f64 {
        let times: u64 = self.counts.values().sum();
        let alone = self.counts.values().filter(|times| **times == 1).count();
        alone as f64 / times.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::BuildHasher;

    #[test]
    fn few_things_are_counted_and_many_are_estimated() {
        let key = std::hash::RandomState::new();
        for (things, each, parts, whole) in [
            (1, 1, 1, true),
            (1, 5, 2, true),
            (1_000, 1, 2, true),
            (1_000, 3, 2, true),
            (16_384, 2, 1, true),
            (200_000, 1, 2, false),
            (100_000, 4, 2, false),
            (200_000, 2, 3, false),
        ] {
            let mut samples = vec![Sample::default(); parts];
            for at in 0..things * each {
                samples[at as usize % parts].add(key.hash_one(at % things));
            }
            let mut all = Sample::default();
            samples.into_iter().for_each(|sample| all.merge(sample));
            let case = format!("{things} × {each}");
            assert_eq!(
                (all.all(), all.is_whole()),
                (things * each, whole),
                "{case}"
            );
            // Each comes as often, so the sample tells how many these are.
            assert_eq!(all.things(), things, "{case}");
            let alone = if each == 1 { 1.0 } else { 0.0 };
            assert!((all.alone() - alone).abs() < 1e-12, "{case}");
        }
    }

    #[test]
    fn a_sample_tells_how_many_are_alone() {
        let key = std::hash::RandomState::new();
        let mut sample = Sample::default();
        // Of 300 000, one third is alone.
        for at in 0..300_000_u32 {
            sample.add(key.hash_one(if at % 3 == 0 { at } else { at / 6 + 1_000_000 }));
        }
        assert!(
            (sample.alone() - 1.0 / 3.0).abs() < 0.03,
            "{}",
            sample.alone()
        );
    }
}
