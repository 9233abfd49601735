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
    slot: Slot,
    parts: Vec<Part>,
}

/// How a key stands in its place with its number.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The words of a key.
    words: usize,
    /// The words of a place.
    stride: usize,
    /// Where in the last word of a place the number begins: above the key, if that leaves room
    /// enough, else in a word of its own.
    shift: u32,
}

/// Places for keys, each with its number; 0 marks a free place.
#[derive(Debug)]
struct Part {
    slots: Vec<u64>,
    places: u64,
}

/// Keys that are treated at a time: a processor waits for a dozen places at once, and what it has
/// come to know of these is still in its nearest cache when they are treated.
const AT_A_TIME: usize = 64;

/// Keys are put into a part by the first bits of their hashes, so that those which are put in one
/// after the other stand near each other; this is how many such groups a part has.
const GROUPS: usize = 256;

impl Table {
    /// A table of `keys`, of so many words each, one behind the other and none of them twice, with
    /// a number from 1 each; with a part for each thread.
    pub(crate) fn new(words: usize, keys: &[u64], numbers: &[u32], threads: usize) -> Self {
        // With a constant number of words, work on a key has no loop.
        match words {
            0 | 1 => Self::of_words::<1>(1, keys, numbers, threads),
            2 => Self::of_words::<2>(2, keys, numbers, threads),
            _ => Self::of_words::<0>(words, keys, numbers, threads),
        }
    }

    /// [`Self::new`] for keys of `WORDS` words, or of any number if that is 0.
    fn of_words<const WORDS: usize>(
        words: usize,
        keys: &[u64],
        numbers: &[u32],
        threads: usize,
    ) -> Self {
        let words = if WORDS == 0 { words } else { WORDS };
        let threads = threads.max(1);
        let groups = threads * GROUPS;
        // Each thread counts the keys of each group in its range,
        let counted = parallel::ranges(numbers.len(), threads, |range| {
            let mut sizes = vec![0_usize; groups];
            let (mut used, mut largest) = (0, 0);
            let own = keys.get(range.start * words..range.end * words);
            let own = own.unwrap_or_default().chunks_exact(words);
            let numbers = numbers.get(range).unwrap_or_default();
            for (key, number) in own.clone().zip(numbers) {
                used |= key.last().copied().unwrap_or(0);
                largest |= *number;
                if let Some(size) = sizes.get_mut(share(hash(key.iter().copied()), groups).0) {
                    *size += 1;
                }
            }
            (own.zip(numbers), sizes, used, largest)
        });
        let (used, largest) = (counted.iter()).fold((0, 0), |(used, largest), range| {
            (used | range.2, largest | range.3)
        });
        let slot = Slot::new(words, used, largest);
        // then puts them where those of each group stand together,
        let mut group_sizes = vec![0; groups];
        for (_, sizes, ..) in &counted {
            let sums = group_sizes.iter_mut().zip(sizes);
            sums.for_each(|(sum, size)| *sum += size * slot.stride);
        }
        let mut ordered = vec![0; group_sizes.iter().sum()];
        let mut spaces: Vec<Vec<&mut [u64]>> = counted.iter().map(|_| Vec::new()).collect();
        let mut rest = ordered.as_mut_slice();
        for group in 0..groups {
            for ((_, sizes, ..), spaces) in counted.iter().zip(&mut spaces) {
                let size = sizes.get(group).map_or(0, |size| size * slot.stride);
                let cut = std::mem::take(&mut rest).split_at_mut_checked(size);
                let (own, behind) = cut.unwrap_or_default();
                spaces.push(own);
                rest = behind;
            }
        }
        let ranges = counted.into_iter().zip(spaces).collect();
        parallel::on_each(
            ranges,
            |((entries, ..), mut spaces): (_, Vec<&mut [u64]>)| {
                for (key, number) in entries {
                    let space = spaces.get_mut(share(hash(key.iter().copied()), groups).0);
                    if let Some(space) = space
                        && let Some((to, behind)) =
                            std::mem::take(space).split_at_mut_checked(slot.stride)
                    {
                        slot.write(key, *number, to);
                        *space = behind;
                    }
                }
            },
        );
        // and one thread for each part puts those of its groups in.
        let mut rest = ordered.as_slice();
        let parts = group_sizes.chunks(GROUPS).map(|sizes| {
            let (own, behind) = rest
                .split_at_checked(sizes.iter().sum())
                .unwrap_or_default();
            rest = behind;
            own
        });
        let parts = parallel::on_each(parts.collect(), |own| {
            Part::new::<WORDS>(slot, own, threads)
        });
        Self { slot, parts }
    }

    /// Puts the number of each of several keys, one behind the other, into `numbers`; 0 for one
    /// that is not there.
    pub(crate) fn numbers(&self, keys: &[u64], numbers: &mut Vec<u32>) {
        numbers.clear();
        // With a constant number of words, work on a key has no loop.
        match (self.slot.words, self.slot.stride) {
            (1, 1) => self.numbers_of_words::<1, 1>(keys, numbers),
            (1, _) => self.numbers_of_words::<1, 2>(keys, numbers),
            (2, 2) => self.numbers_of_words::<2, 2>(keys, numbers),
            (2, _) => self.numbers_of_words::<2, 3>(keys, numbers),
            _ => self.numbers_of_words::<0, 0>(keys, numbers),
        }
    }

    fn numbers_of_words<const WORDS: usize, const STRIDE: usize>(
        &self,
        keys: &[u64],
        numbers: &mut Vec<u32>,
    ) {
        let slot = match WORDS {
            0 => self.slot,
            words => Slot {
                words,
                stride: STRIDE,
                shift: self.slot.shift,
            },
        };
        let part = |hash| {
            let (part, hash) = share(hash, self.parts.len());
            Some((self.parts.get(part)?, hash))
        };
        let mut hashes = [0; AT_A_TIME];
        for keys in keys.chunks(AT_A_TIME * slot.words) {
            let keys = || keys.chunks_exact(slot.words);
            let glances = keys().zip(&mut hashes).map(|(key, known)| {
                *known = hash(key.iter().copied());
                part(*known).map_or(0, |(part, hash)| part.glance(slot, hash))
            });
            // What was seen is of no use; that it was looked at is.
            std::hint::black_box(glances.fold(0, |all, seen| all ^ seen));
            numbers.extend(keys().zip(hashes).map(|(key, hash)| {
                let part = part(hash);
                part.map_or(0, |(part, hash)| part.number(slot, key, hash))
            }));
        }
    }
}

impl Slot {
    /// For keys of so many words, of whose last ones these bits are used, and numbers that use
    /// these.
    fn new(words: usize, used: u64, numbers: u32) -> Self {
        let free = used.leading_zeros();
        if u32::BITS - numbers.leading_zeros() <= free && free > 0 {
            Self {
                words,
                stride: words,
                shift: u64::BITS - free,
            }
        } else {
            Self {
                words,
                stride: words + 1,
                shift: 0,
            }
        }
    }

    /// Writes a key and its number into a place.
    #[inline]
    fn write(self, key: &[u64], number: u32, place: &mut [u64]) {
        for (to, word) in place.iter_mut().zip(key) {
            *to = *word;
        }
        if let Some(last) = place.last_mut() {
            *last |= u64::from(number).wrapping_shl(self.shift);
        }
    }

    /// The number of a place.
    #[inline]
    fn number(self, place: &[u64]) -> u32 {
        let last = place.last().copied().unwrap_or(0);
        last.wrapping_shr(self.shift) as u32
    }

    /// The words of the key of a place.
    #[inline]
    fn key(self, place: &[u64]) -> impl Iterator<Item = u64> {
        let (words, mask) = (self.words, self.mask());
        let key = place.iter().take(words).enumerate();
        key.map(move |(at, word)| match at + 1 == words {
            true => word & mask,
            false => *word,
        })
    }

    /// The bits of a key's last word that are its own.
    #[inline]
    fn mask(self) -> u64 {
        match self.stride > self.words {
            true => u64::MAX,
            false => (1_u64 << self.shift) - 1,
        }
    }

    /// Whether a place has the key.
    #[inline]
    fn has(self, place: &[u64], key: &[u64]) -> bool {
        let (Some((last, key)), Some((word, words))) = (
            key.split_last(),
            place.get(..self.words).and_then(<[u64]>::split_last),
        ) else {
            return false;
        };
        words.iter().eq(key) && word & self.mask() == *last
    }
}

impl Part {
    /// A part of these places, one behind the other; a quarter of the places stays free. The table
    /// has so many parts.
    fn new<const WORDS: usize>(slot: Slot, ordered: &[u64], parts: usize) -> Self {
        let words = if WORDS == 0 { slot.words } else { WORDS };
        let slot = Slot { words, ..slot };
        let len = ordered.len() / slot.stride;
        let places = len + len / 3 + 1;
        let mut part = Self {
            slots: vec![0; places.saturating_mul(slot.stride)],
            places: places as u64,
        };
        for entry in ordered.chunks_exact(slot.stride) {
            part.put(slot, share(hash(slot.key(entry)), parts).1, entry);
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
    fn glance(&self, slot: Slot, hash: u64) -> u64 {
        let place = self.slots.get(self.place(hash) * slot.stride);
        place.copied().unwrap_or(0)
    }

    #[inline]
    fn number(&self, slot: Slot, key: &[u64], hash: u64) -> u32 {
        let mut place = self.place(hash);
        loop {
            let start = place * slot.stride;
            let Some(known) = self.slots.get(start..start + slot.stride) else {
                // Behind the last place comes the first.
                place = 0;
                continue;
            };
            let number = slot.number(known);
            if number == 0 || slot.has(known, key) {
                return number;
            }
            place += 1;
        }
    }

    /// Puts a key, with its number, into the first free place.
    #[inline]
    fn put(&mut self, slot: Slot, hash: u64, entry: &[u64]) {
        let mut place = self.place(hash);
        loop {
            let start = place * slot.stride;
            let Some(to) = self.slots.get_mut(start..start + slot.stride) else {
                place = 0;
                continue;
            };
            if slot.number(to) == 0 {
                to.copy_from_slice(entry);
                return;
            }
            place += 1;
        }
    }
}

/// Which of several equal shares of all hashes one is in, and where in it, again over all 64 bits.
#[inline]
fn share(hash: u64, shares: usize) -> (usize, u64) {
    let product = u128::from(hash) * shares as u128;
    ((product >> 64) as usize, product as u64)
}

/// Mixes the words of a key: each is multiplied by an odd number without pattern (the fraction of
/// the golden ratio), and the high bits of the product, which depend on all of it, come down.
#[inline]
fn hash(key: impl IntoIterator<Item = u64>) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = key.into_iter().fold(0_u64, |mixed, word| {
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
        // Numbers stand above keys that leave room for them, and beside others.
        for (words, above, beside) in [
            (1, 0, false),
            (1, 50, true),
            (2, 0, false),
            (2, 50, true),
            (3, 51, true),
        ] {
            let mut state = 1_u64;
            let keys: BTreeSet<Vec<u64>> = (0..20_000)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005);
                    state = state.wrapping_add(1);
                    (0..words)
                        .map(|word| ((state >> (20 + word)) % 3_000) << above)
                        .collect()
                })
                .collect();
            let packed: Vec<u64> = keys.iter().flatten().copied().collect();
            let numbers: Vec<u32> = (1..).take(keys.len()).collect();
            for threads in 1..=3 {
                let table = Table::new(words, &packed, &numbers, threads);
                assert_eq!(table.slot.stride, words + usize::from(beside));
                let mut found = vec![7];
                table.numbers(&packed, &mut found);
                assert_eq!(found, numbers);
                let others: Vec<u64> = packed.iter().map(|word| word + (3_000 << above)).collect();
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
