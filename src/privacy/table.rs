//! A hash table from packed keys to numbers, made once and then read, with nothing in it but the
//! keys and the numbers.
//!
//! A table of millions of keys is far larger than a processor's caches, so what takes its time is to
//! wait for memory. A number stands beside its key, so there is one place to wait for, and keys are
//! treated many at a time: where they belong is looked at for all of them first, and the processor
//! waits for many places at once.
//!
//! Keys are codes given by the program in the order of the values, so nobody can choose them to
//! collide.

use super::parallel;

/// Packed keys of one width, each with a number from 1, in several parts that are made at the same
/// time; the part that a key is in follows from the key.
#[derive(Debug)]
pub(crate) struct Table {
    words: usize,
    parts: Vec<Part>,
}

/// Places for keys, each with its number behind it; 0 marks a free place.
#[derive(Debug)]
struct Part {
    words: usize,
    slots: Vec<u64>,
    places: u64,
}

/// Keys that are treated at a time: a processor waits for a dozen places at once, and what it has
/// come to know of these is still in its nearest cache when they are treated.
const AT_A_TIME: usize = 64;

impl Table {
    /// A table of `keys`, of so many words each, one behind the other and none of them twice, with
    /// a number from 1 each; with a part for each thread.
    pub(crate) fn new(words: usize, keys: &[u64], numbers: &[u32], threads: usize) -> Self {
        let (words, threads) = (words.max(1), threads.max(1));
        let parts = parallel::on_each((0..threads).collect(), |part| {
            let entries = || keys.chunks_exact(words).zip(numbers);
            let own = || entries().filter(|(key, _)| part_of(hash(key), threads) == part);
            Part::new(words, own)
        });
        Self { words, parts }
    }

    /// Puts the number of each of several keys, one behind the other, into `numbers`; 0 for one
    /// that is not there.
    pub(crate) fn numbers(&self, keys: &[u64], numbers: &mut Vec<u32>) {
        numbers.clear();
        // With a constant number of words, work on a key has no loop.
        match self.words {
            1 => self.numbers_of_words::<1>(keys, numbers),
            2 => self.numbers_of_words::<2>(keys, numbers),
            _ => self.numbers_of_words::<0>(keys, numbers),
        }
    }

    fn numbers_of_words<const WORDS: usize>(&self, keys: &[u64], numbers: &mut Vec<u32>) {
        let words = if WORDS == 0 { self.words } else { WORDS };
        let part = |hash| self.parts.get(part_of(hash, self.parts.len()));
        let mut hashes = [0; AT_A_TIME];
        for keys in keys.chunks(AT_A_TIME * words) {
            let keys = || keys.chunks_exact(words);
            let glances = keys().zip(&mut hashes).map(|(key, known)| {
                *known = hash(key);
                part(*known).map_or(0, |part| part.glance(*known))
            });
            // What was seen is of no use; that it was looked at is.
            std::hint::black_box(glances.fold(0, |all, seen| all ^ seen));
            numbers.extend(keys().zip(hashes).map(|(key, hash)| {
                let part = part(hash);
                part.map_or(0, |part| part.number::<WORDS>(key, hash))
            }));
        }
    }
}

/// Keys are put into a table by the first bits of their hashes, so that those which are put in one
/// after the other stand near each other.
const FIRST_BITS: u32 = 8;

impl Part {
    /// A quarter of the places stays free.
    fn new<'k, E: Iterator<Item = (&'k [u64], &'k u32)>>(
        words: usize,
        entries: impl Fn() -> E,
    ) -> Self {
        let stride = words + 1;
        let first_bits = |key: &[u64]| (hash(key) >> (u64::BITS - FIRST_BITS)) as usize;
        let mut ends = vec![0; 1 << FIRST_BITS];
        for (key, _) in entries() {
            if let Some(size) = ends.get_mut(first_bits(key)) {
                *size += stride;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            let size = *end;
            *end = sum;
            sum += size;
        }
        let mut ordered = vec![0; sum];
        for (key, number) in entries() {
            if let Some(end) = ends.get_mut(first_bits(key)) {
                let space = ordered.get_mut(*end..*end + stride);
                if let Some((last, space)) = space.and_then(<[u64]>::split_last_mut) {
                    space.copy_from_slice(key);
                    *last = u64::from(*number);
                }
                *end += stride;
            }
        }
        let len = sum / stride;
        let places = len + len / 3 + 1;
        let mut part = Self {
            words,
            slots: vec![0; places.saturating_mul(stride)],
            places: places as u64,
        };
        for entry in ordered.chunks_exact(stride) {
            part.put(entry);
        }
        part
    }

    /// Where a key of that hash is looked for first.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        ((u128::from(hash) * u128::from(self.places)) >> 64) as usize
    }

    /// Something of the place where a key of that hash is looked for first.
    #[inline]
    fn glance(&self, hash: u64) -> u64 {
        let slot = self.slots.get(self.place(hash) * (self.words + 1));
        slot.copied().unwrap_or(0)
    }

    #[inline]
    fn number<const WORDS: usize>(&self, key: &[u64], hash: u64) -> u32 {
        let words = if WORDS == 0 { self.words } else { WORDS };
        let mut place = self.place(hash);
        loop {
            let slot = self.slots.get(place * (words + 1)..);
            let Some((known, number)) = slot.and_then(|slot| slot.split_at_checked(words)) else {
                // Behind the last place comes the first.
                place = 0;
                continue;
            };
            let number = number.first().map_or(0, |number| *number as u32);
            if number == 0 || known.iter().eq(key) {
                return number;
            }
            place += 1;
        }
    }

    /// Puts a key, with its number behind it, into the first free place.
    fn put(&mut self, entry: &[u64]) {
        let stride = self.words + 1;
        let mut place = self.place(hash(entry.get(..self.words).unwrap_or_default()));
        loop {
            let start = place * stride;
            let Some(slot) = self.slots.get_mut(start..start + stride) else {
                place = 0;
                continue;
            };
            if slot.last() == Some(&0) {
                slot.copy_from_slice(entry);
                return;
            }
            place += 1;
        }
    }
}

/// The part in which a key of that hash is.
#[inline]
fn part_of(hash: u64, parts: usize) -> usize {
    // Other bits than those that the place there is taken from.
    (((hash & u64::from(u32::MAX)) * parts as u64) >> 32) as usize
}

/// Mixes the words of a key: each is multiplied by an odd number without pattern (the fraction of
/// the golden ratio), and the high bits of the product, which depend on all of it, come down.
#[inline]
fn hash(key: &[u64]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = key.iter().fold(0_u64, |mixed, word| {
        let product = (mixed ^ word).wrapping_mul(ODD);
        product ^ (product >> 32)
    });
    let product = mixed.wrapping_mul(ODD);
    product ^ (product >> 32)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_key_has_its_number() {
        for words in 1..=3 {
            let mut state = 1_u64;
            let keys: BTreeSet<Vec<u64>> = (0..20_000)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005);
                    state = state.wrapping_add(1);
                    (0..words)
                        .map(|word| (state >> (20 + word)) % 3_000)
                        .collect()
                })
                .collect();
            let packed: Vec<u64> = keys.iter().flatten().copied().collect();
            let numbers: Vec<u32> = (1..).take(keys.len()).collect();
            for threads in 1..=3 {
                let table = Table::new(words, &packed, &numbers, threads);
                let mut found = vec![7];
                table.numbers(&packed, &mut found);
                assert_eq!(found, numbers);
                let others: Vec<u64> = packed.iter().map(|word| word + 3_000).collect();
                table.numbers(&others, &mut found);
                assert_eq!(found, vec![0; numbers.len()]);
                let slots: usize = table.parts.iter().map(|part| part.places as usize).sum();
                assert!(slots * 3 <= numbers.len() * 4 + 3 * threads, "{slots}");
            }
        }
    }

    #[test]
    fn a_table_of_nothing_has_nothing() {
        for threads in 1..=3 {
            let table = Table::new(1, &[], &[], threads);
            let mut found = Vec::new();
            table.numbers(&[0, 1, u64::MAX], &mut found);
            assert_eq!(found, [0; 3]);
        }
    }
}
