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

use super::large::Large;
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
    slots: Large,
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
        let counted = counted.into_iter().map(|range| (range.0, range.1));
        let counted = counted.collect();
        match slot.stride == words {
            true => Self::put::<WORDS, WORDS>(slot, counted, threads),
            false if WORDS == 1 => Self::put::<WORDS, 2>(slot, counted, threads),
            false if WORDS == 2 => Self::put::<WORDS, 3>(slot, counted, threads),
            false => Self::put::<WORDS, 0>(slot, counted, threads),
        }
    }

    /// A table of keys with their numbers, in several ranges, of which the sizes of groups are
    /// known; places have `STRIDE` words, or any number if that is 0.
    fn put<'k, const WORDS: usize, const STRIDE: usize>(
        slot: Slot,
        counted: Vec<(
            impl Iterator<Item = (&'k [u64], &'k u32)> + Send,
            Vec<usize>,
        )>,
        threads: usize,
    ) -> Self {
        let slot = slot.constant::<WORDS, STRIDE>();
        let groups = threads * GROUPS;
        // Each thread puts its keys where those of each group stand together,
        let mut group_sizes = vec![0; groups];
        for (_, sizes) in &counted {
            let sums = group_sizes.iter_mut().zip(sizes);
            sums.for_each(|(sum, size)| *sum += size * slot.stride);
        }
        let mut ordered = Large::zeroed(group_sizes.iter().sum());
        let mut spaces: Vec<Vec<&mut [u64]>> = counted.iter().map(|_| Vec::new()).collect();
        let mut rest = &mut *ordered;
        for group in 0..groups {
            for ((_, sizes), spaces) in counted.iter().zip(&mut spaces) {
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
            |((entries, _), mut spaces): (_, Vec<&mut [u64]>)| {
                let slot = slot.constant::<WORDS, STRIDE>();
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
        let mut rest = &*ordered;
        let parts = group_sizes.chunks(GROUPS).map(|sizes| {
            let (own, behind) = rest
                .split_at_checked(sizes.iter().sum())
                .unwrap_or_default();
            rest = behind;
            own
        });
        let parts = parallel::on_each(parts.collect(), |own| {
            Part::new(slot.constant::<WORDS, STRIDE>(), own, threads)
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
    #[inline]
    fn new(slot: Slot, ordered: &[u64], parts: usize) -> Self {
        let len = ordered.len() / slot.stride;
        let places = len + len / 3 + 1;
        let mut slots = Large::zeroed(places.saturating_mul(slot.stride));
        let places = places as u64;
        let to = &mut *slots;
        for entry in ordered.chunks_exact(slot.stride) {
            let (_, hash) = share(hash(slot.key(entry)), parts);
            put(slot, first(hash, places), entry, to);
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
fn put(slot: Slot, mut place: usize, entry: &[u64], slots: &mut [u64]) {
    loop {
        let start = place * slot.stride;
        let Some(to) = slots.get_mut(start..start + slot.stride) else {
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
