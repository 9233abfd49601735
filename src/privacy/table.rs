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

use crate::base::parallel;

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

/// The places of a part, to be looked up.
#[derive(Clone, Copy)]
struct Places<'p> {
    slots: &'p [u64],
    places: u64,
}

/// Keys that are treated at a time: a processor waits for a dozen places at once, and what it has
/// come to know of these is still in its nearest cache when they are treated.
const AT_A_TIME: usize = 64;

impl Table {
    /// A table of `keys`, of so many words each, one behind the other and none of them twice, each
    /// with a number one greater than that in `numbers`; with a part for each thread.
    pub(crate) fn new(words: usize, keys: &[u64], numbers: &[u32], threads: usize) -> Self {
        let (words, threads) = (words.max(1), threads.max(1));
        let looked = parallel::ranges(numbers.len(), threads, |range| {
            let own = keys.get(range.start * words..range.end * words);
            let own = (
                own.unwrap_or_default(),
                numbers.get(range).unwrap_or_default(),
            );
            // With a constant number of words, work on a key has no loop.
            match words {
                1 => used_and_sizes::<1>(1, own, threads),
                2 => used_and_sizes::<2>(2, own, threads),
                _ => used_and_sizes::<0>(words, own, threads),
            }
        });
        let (mut used, mut largest, mut sizes) = (0, 0, vec![0; threads]);
        for (more, larger, of_range) in looked {
            (used, largest) = (used | more, largest | larger);
            sizes
                .iter_mut()
                .zip(of_range)
                .for_each(|(sum, size)| *sum += size);
        }
        let slot = Slot::new(words, used, largest);
        let entries = (keys, numbers);
        let parts = sizes.into_iter().enumerate().collect();
        let parts = parallel::on_each(parts, |(own, size): (usize, usize)| {
            let own = (own, threads);
            match (slot.words, slot.stride) {
                (1, 1) => Part::new(slot.constant::<1, 1>(), entries, own, size),
                (1, _) => Part::new(slot.constant::<1, 2>(), entries, own, size),
                (2, 2) => Part::new(slot.constant::<2, 2>(), entries, own, size),
                (2, _) => Part::new(slot.constant::<2, 3>(), entries, own, size),
                _ => Part::new(slot, entries, own, size),
            }
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
        let slot = self.slot.constant::<WORDS, STRIDE>();
        let parts: Vec<Places<'_>> = self.parts.iter().map(Part::places).collect();
        let part = |hash| {
            let (part, hash) = share(hash, parts.len());
            Some((parts.get(part)?, hash))
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

    /// The same, with words that the compiler knows, but for those that are 0.
    #[inline]
    fn constant<const WORDS: usize, const STRIDE: usize>(self) -> Self {
        Self {
            words: if WORDS == 0 { self.words } else { WORDS },
            stride: if STRIDE == 0 { self.stride } else { STRIDE },
            ..self
        }
    }

    #[inline]
    fn write(self, key: &[u64], number: u32, place: &mut [u64]) {
        for (to, word) in place.iter_mut().zip(key) {
            *to = *word;
        }
        if let Some(last) = place.last_mut() {
            *last |= u64::from(number).wrapping_shl(self.shift);
        }
    }

    #[inline]
    fn number(self, place: &[u64]) -> u32 {
        let last = place.last().copied().unwrap_or(0);
        last.wrapping_shr(self.shift) as u32
    }

    /// The bits of a key's last word that are its own.
    #[inline]
    fn mask(self) -> u64 {
        match self.stride > self.words {
            true => u64::MAX,
            false => (1_u64 << self.shift) - 1,
        }
    }

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
    /// The part with this position, of so many, for those of the keys that belong there, `size` of
    /// them; a quarter of the places stays free.
    #[inline(always)]
    fn new(
        slot: Slot,
        (keys, numbers): (&[u64], &[u32]),
        (own, parts): (usize, usize),
        size: usize,
    ) -> Self {
        let places = size + size / 3 + 1;
        let mut slots = vec![0; places.saturating_mul(slot.stride)];
        let places = places as u64;
        // Where each of some keys is put first, and which they are, but for those of other parts.
        let mut waiting = [(0, 0); AT_A_TIME];
        let keys = keys.chunks(AT_A_TIME * slot.words);
        for (keys, numbers) in keys.zip(numbers.chunks(AT_A_TIME)) {
            let mut some = 0;
            for (at, key) in keys.chunks_exact(slot.words).enumerate() {
                let (part, hash) = share(hash(key.iter().copied()), parts);
                if let Some(next) = waiting.get_mut(some) {
                    // Written in any case: whether a key belongs here nobody can foretell.
                    *next = (first(hash, places), at);
                    some += usize::from(part == own);
                }
            }
            let waiting = waiting.get(..some).unwrap_or_default();
            let glances = waiting
                .iter()
                .map(|(place, _)| slots.get(place * slot.stride));
            // What was seen is of no use; that it was looked at is.
            std::hint::black_box(glances.fold(0, |all, seen| all ^ seen.copied().unwrap_or(0)));
            for &(place, at) in waiting {
                let key = keys.get(at * slot.words..(at + 1) * slot.words);
                if let (Some(key), Some(number)) = (key, numbers.get(at)) {
                    put(slot, place, (key, number.saturating_add(1)), &mut slots);
                }
            }
        }
        Self { slots, places }
    }

    fn places(&self) -> Places<'_> {
        Places {
            slots: &self.slots,
            places: self.places,
        }
    }
}

/// Where of so many places a key of that hash is looked for first.
#[inline]
fn first(hash: u64, places: u64) -> usize {
    ((u128::from(hash) * u128::from(places)) >> 64) as usize
}

/// Puts a key, with its number, into the first free place from there on.
#[inline]
fn put(slot: Slot, mut place: usize, (key, number): (&[u64], u32), slots: &mut [u64]) {
    loop {
        let start = place * slot.stride;
        let Some(to) = slots.get_mut(start..start + slot.stride) else {
            place = 0;
            continue;
        };
        if slot.number(to) == 0 {
            slot.write(key, number, to);
            return;
        }
        place += 1;
    }
}

impl Places<'_> {
    /// Something of the place where a key of that hash is looked for first.
    #[inline]
    fn glance(self, slot: Slot, hash: u64) -> u64 {
        let place = self.slots.get(first(hash, self.places) * slot.stride);
        place.copied().unwrap_or(0)
    }

    #[inline]
    fn number(self, slot: Slot, key: &[u64], hash: u64) -> u32 {
        let mut place = first(hash, self.places);
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
}

/// The bits that are used by the last words of some keys and by their numbers plus one, and how
/// many of the keys each of so many parts has.
fn used_and_sizes<const WORDS: usize>(
    words: usize,
    (keys, numbers): (&[u64], &[u32]),
    parts: usize,
) -> (u64, u32, Vec<usize>) {
    let words = if WORDS == 0 { words } else { WORDS };
    let (mut used, mut largest, mut sizes) = (0, 0, vec![0; parts]);
    for (key, number) in keys.chunks_exact(words).zip(numbers) {
        used |= key.last().copied().unwrap_or(0);
        largest |= number.saturating_add(1);
        if let Some(size) = sizes.get_mut(share(hash(key.iter().copied()), parts).0) {
            *size += 1;
        }
    }
    (used, largest, sizes)
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
mod tests;
