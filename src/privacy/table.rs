//! A hash table from packed keys to numbers, as small as it can be: nothing but the keys and the
//! numbers, side by side.
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
        if self.used >= self.numbers.len() / 4 * 3 {
            self.grow();
        }
        let place = self.place(key);
        let start = place * self.words;
        let Some(found) = self.numbers.get_mut(place) else {
            return;
        };
        if *found == 0 {
            self.used += 1;
            if let Some(space) = self.keys.get_mut(start..start + self.words) {
                space.copy_from_slice(key);
            }
        }
        *found = found.saturating_add(number);
    }

    /// The number of a key; 0 if it is not there.
    #[inline]
    pub(crate) fn number(&self, key: &[u64]) -> u32 {
        self.numbers.get(self.place(key)).copied().unwrap_or(0)
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
    fn place(&self, key: &[u64]) -> usize {
        let mask = self.numbers.len() - 1;
        let mut place = hash(key) as usize & mask;
        loop {
            let start = place * self.words;
            let known = self.keys.get(start..start + self.words);
            if self.numbers.get(place).is_none_or(|number| *number == 0) || known == Some(key) {
                return place;
            }
            place = (place + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let mut larger = Self::with_places(self.words, self.numbers.len() * 2);
        for (key, number) in self.iter() {
            larger.add(key, number);
        }
        *self = larger;
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
                assert_eq!(table.number(key), *number);
            }
            assert_eq!(table.number(&vec![u64::MAX; words]), 0);
        }
        let mut table = Table::for_entries(1, 1_000);
        let bytes = table.bytes();
        for key in 0..1_000 {
            table.add(&[key], 1);
        }
        assert_eq!(table.bytes(), bytes, "it did not grow");
        table.add(&[0], u32::MAX);
        assert_eq!(table.number(&[0]), u32::MAX);
    }
}
