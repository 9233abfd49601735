//! A hash table from packed keys to numbers, as small as it can be: nothing but the keys and the
//! numbers, side by side.
//!
//! A table of millions of keys is far larger than a processor's caches, so what takes its time is to
//! wait for memory. Keys are therefore treated many at a time: where they belong is looked at for all
//! of them first, and the processor waits for many places at once.
//!
//! Keys are codes given by the program in the order in which values come up, so nobody can choose
//! them to collide.

/// Packed keys of one width, each with a number from 1; 0 marks a free place.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    words: usize,
    keys: Vec<u64>,
    numbers: Vec<u32>,
    used: usize,
}

/// Keys that are treated at a time: a processor waits for a dozen places at once, and what it has
/// come to know of these is still in its nearest cache when they are treated.
const AT_A_TIME: usize = 64;

/// The least number of places; a power of two, as every number of places is.
const LEAST: usize = 64;

impl Table {
    /// An empty table for keys of so many words.
    pub(crate) fn new(words: usize) -> Self {
        Self::with_places(words, LEAST)
    }

    /// An empty table that holds `entries` without growing.
    pub(crate) fn for_entries(words: usize, entries: usize) -> Self {
        let places = entries.saturating_add(entries / 2).max(LEAST);
        Self::with_places(words, places.next_power_of_two())
    }

    fn with_places(words: usize, places: usize) -> Self {
        Self {
            words,
            keys: vec![0; words.saturating_mul(places)],
            numbers: vec![0; places],
            used: 0,
        }
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.used
    }

    /// Adds to the number of a key, which begins at 0. A number stays at its largest value.
    #[inline]
    pub(crate) fn add(&mut self, key: &[u64], number: u32) {
        match self.words {
            1 => self.add_words::<1>(key, number),
            2 => self.add_words::<2>(key, number),
            _ => self.add_words::<0>(key, number),
        }
    }

    /// Adds 1 to the number of each of several keys, one behind the other.
    pub(crate) fn count(&mut self, keys: &[u64]) {
        // With a constant number of words, work on a key has no loop.
        match self.words {
            1 => self.count_words::<1>(keys),
            2 => self.count_words::<2>(keys),
            _ => self.count_words::<0>(keys),
        }
    }

    fn count_words<const WORDS: usize>(&mut self, keys: &[u64]) {
        let words = if WORDS == 0 { self.words } else { WORDS };
        for keys in keys.chunks(AT_A_TIME * words) {
            self.approach::<WORDS>(keys);
            for key in keys.chunks_exact(words) {
                self.add_words::<WORDS>(key, 1);
            }
        }
    }

    /// Looks at where keys belong, each without waiting for the one before.
    #[inline]
    fn approach<const WORDS: usize>(&self, keys: &[u64]) {
        let words = if WORDS == 0 { self.words } else { WORDS };
        let seen = keys.chunks_exact(words).map(|key| self.glance(key));
        // What was seen is of no use; that it was looked at is.
        std::hint::black_box(seen.fold(0, |all, seen| all ^ seen));
    }

    /// What stands where a key belongs, or before.
    #[inline]
    fn glance(&self, key: &[u64]) -> u64 {
        let place = hash(key) as usize & (self.numbers.len() - 1);
        let known = self.keys.get(place * self.words).copied().unwrap_or(0);
        known ^ u64::from(self.numbers.get(place).copied().unwrap_or(0))
    }

    #[inline]
    fn add_words<const WORDS: usize>(&mut self, key: &[u64], number: u32) {
        let words = if WORDS == 0 { self.words } else { WORDS };
        if self.used >= self.numbers.len() / 4 * 3 {
            self.grow();
        }
        let place = self.place::<WORDS>(key);
        let start = place * words;
        let Some(found) = self.numbers.get_mut(place) else {
            return;
        };
        if *found == 0 {
            self.used += 1;
            if let Some(space) = self.keys.get_mut(start..start + words) {
                space.copy_from_slice(key);
            }
        }
        *found = found.saturating_add(number);
    }

    /// All keys with their numbers, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u64], u32)> {
        let entries = self.keys.chunks_exact(self.words).zip(&self.numbers);
        entries
            .filter(|(_, number)| **number > 0)
            .map(|(key, number)| (key, *number))
    }

    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.keys.as_slice()) + size_of_val(self.numbers.as_slice())
    }

    /// Where a key is, or the free place where it belongs. A quarter of the places is free.
    #[inline]
    fn place<const WORDS: usize>(&self, key: &[u64]) -> usize {
        let words = if WORDS == 0 { self.words } else { WORDS };
        let mask = self.numbers.len() - 1;
        let mut place = hash(key) as usize & mask;
        loop {
            let start = place * words;
            let known = self.keys.get(start..start + words);
            let same = || known.is_some_and(|known| known.iter().eq(key));
            if self.numbers.get(place).is_none_or(|number| *number == 0) || same() {
                return place;
            }
            place = (place + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let mut larger = Self::with_places(self.words, self.numbers.len() * 2);
        larger.add_all(self.iter());
        *self = larger;
    }

    /// Adds to the numbers of several keys.
    pub(crate) fn add_all<'k>(&mut self, entries: impl Iterator<Item = (&'k [u64], u32)>) {
        let (mut keys, mut numbers) = (Vec::new(), Vec::new());
        let mut entries = entries.peekable();
        while entries.peek().is_some() {
            keys.clear();
            numbers.clear();
            for (key, number) in entries.by_ref().take(AT_A_TIME) {
                keys.extend_from_slice(key);
                numbers.push(number);
            }
            self.approach::<0>(&keys);
            for (key, number) in keys.chunks_exact(self.words).zip(&numbers) {
                self.add(key, *number);
            }
        }
    }
}

/// The table in which a key is, of so many tables that share the keys.
#[inline]
pub(crate) fn of_key(key: &[u64], tables: usize) -> usize {
    // Other bits of the hash than its place there is taken from.
    (hash(key) >> 32) as usize % tables.max(1)
}

/// Appends the number that each of several keys, one behind the other, has in its table of several
/// (see [`of_key`]); 0 for one that is not there.
pub(crate) fn numbers_in(tables: &[Table], keys: &[u64], numbers: &mut Vec<u32>) {
    match tables.first().map(|table| table.words) {
        None => {}
        Some(1) => numbers_of_words::<1>(tables, 1, keys, numbers),
        Some(2) => numbers_of_words::<2>(tables, 2, keys, numbers),
        Some(words) => numbers_of_words::<0>(tables, words, keys, numbers),
    }
}

fn numbers_of_words<const WORDS: usize>(
    tables: &[Table],
    words: usize,
    keys: &[u64],
    numbers: &mut Vec<u32>,
) {
    let words = if WORDS == 0 { words } else { WORDS };
    let table = |key: &[u64]| tables.get(of_key(key, tables.len()));
    for keys in keys.chunks(AT_A_TIME * words) {
        let keys = keys.chunks_exact(words);
        let seen = keys
            .clone()
            .map(|key| table(key).map_or(0, |table| table.glance(key)));
        std::hint::black_box(seen.fold(0, |all, seen| all ^ seen));
        numbers.extend(keys.map(|key| {
            let number = table(key).and_then(|table| table.numbers.get(table.place::<WORDS>(key)));
            number.copied().unwrap_or(0)
        }));
    }
}

/// Mixes the words of a key: each is multiplied by an odd number without pattern (the fraction of
/// the golden ratio), and the high bits of the product, which depend on all of it, come down.
#[inline]
pub(crate) fn hash(key: &[u64]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = key.iter().fold(0_u64, |mixed, word| {
        let product = (mixed ^ word).wrapping_mul(ODD);
        product ^ (product >> 32)
    });
    mixed.wrapping_mul(ODD) >> 16
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn number_of(table: &Table, key: &[u64]) -> u32 {
        let mut numbers = Vec::new();
        numbers_in(std::slice::from_ref(table), key, &mut numbers);
        numbers[0]
    }

    #[test]
    fn numbers_add_up_as_in_a_map() {
        for words in 1..=3 {
            let mut table = Table::new(words);
            let mut map = BTreeMap::new();
            let mut state = 1_u64;
            for _ in 0..20_000 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let key: Vec<u64> = (0..words)
                    .map(|word| (state >> (20 + word)) % 300)
                    .collect();
                table.add(&key, 2);
                *map.entry(key).or_insert(0) += 2;
            }
            assert_eq!(table.len(), map.len());
            let found: BTreeMap<Vec<u64>, u32> = table
                .iter()
                .map(|(key, number)| (key.to_vec(), number))
                .collect();
            assert_eq!(found, map);
            for (key, number) in &map {
                assert_eq!(number_of(&table, key), *number);
            }
            assert_eq!(number_of(&table, &vec![u64::MAX; words]), 0);
            let keys: Vec<u64> = map.keys().flatten().copied().collect();
            table.count(&keys);
            let mut numbers = Vec::new();
            numbers_in(std::slice::from_ref(&table), &keys, &mut numbers);
            let more: Vec<u32> = map.values().map(|number| number + 1).collect();
            assert_eq!(numbers, more);
        }
        let mut table = Table::for_entries(1, 1_000);
        let bytes = table.bytes();
        for key in 0..1_000 {
            table.add(&[key], 1);
        }
        assert_eq!(table.bytes(), bytes, "it did not grow");
        table.add(&[0], u32::MAX);
        assert_eq!(number_of(&table, &[0]), u32::MAX);
    }
}
