//! Whose rows are whose: each person gets a number, by a keyed hash of what identifies them.
//!
//! The identifiers themselves are nowhere kept. The key (SipHash, see [`RandomState`]) is fresh for
//! each count and lives in memory only, so that nobody can look a known identifier up in a dump of
//! it. Hashes have 64 bits: that two of ten million people share one has a chance of three in a
//! million, and would make the count of persons one too low, never too high.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Threads that look for different persons hardly ever wait for each other.
const SHARDS: usize = 64;

/// The numbers of persons, shared by all workers: some 20 to 40 bytes for each person.
#[derive(Debug)]
pub struct Persons {
    key: RandomState,
    shards: Vec<Mutex<HashMap<u64, u32, foldhash::fast::RandomState>>>,
    next: AtomicU64,
    nameless: AtomicU64,
}

impl Default for Persons {
    fn default() -> Self {
        Self {
            key: RandomState::new(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            next: AtomicU64::new(0),
            nameless: AtomicU64::new(0),
        }
    }
}

impl Persons {
    /// The keyed hash of what identifies a person.
    #[inline]
    pub(crate) fn hash(&self, identifier: &[u8]) -> u64 {
        self.key.hash_one(identifier)
    }

    /// The number of the person with this hash, a new one if the person is new.
    pub(crate) fn number(&self, hash: u64) -> u32 {
        let Some(shard) = self.shards.get(hash as usize % SHARDS) else {
            return self.fresh();
        };
        let mut numbers = shard.lock().unwrap_or_else(PoisonError::into_inner);
        *numbers.entry(hash).or_insert_with(|| self.fresh())
    }

    /// A number for a row that does not say whose it is: it counts as one person.
    pub(crate) fn nobody(&self) -> u32 {
        self.nameless.fetch_add(1, Ordering::Relaxed);
        self.fresh()
    }

    /// How many numbers were given.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.next.load(Ordering::Relaxed)).unwrap_or(usize::MAX)
    }

    /// How many of them to rows that do not say whose they are.
    pub(crate) fn nameless(&self) -> u64 {
        self.nameless.load(Ordering::Relaxed)
    }

    // More rows than there are numbers are refused once they are counted.
    fn fresh(&self) -> u32 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        u32::try_from(number).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_has_one_number_and_each_row_without_a_person_its_own() {
        let persons = Persons::default();
        let number = |text: &str| persons.number(persons.hash(text.as_bytes()));
        let known = [number("a"), number("b"), number("a"), number("")];
        assert_eq!(known, [0, 1, 0, 2]);
        assert_eq!([persons.nobody(), persons.nobody()], [3, 4]);
        assert_eq!((persons.len(), persons.nameless()), (5, 2));
    }

    #[test]
    fn the_key_is_another_each_time() {
        let [one, other] = [Persons::default(), Persons::default()];
        assert_ne!(one.hash(b"4711"), other.hash(b"4711"));
    }
}
