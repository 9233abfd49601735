//! Entries in pieces by the first bits of their keys, in the order of these bits.
//!
//! What several threads give is counted first and then put in its place, so the pieces of all of
//! them stand one behind the other without being merged, and each can be sorted by itself, in a
//! processor's cache.

use crate::base::parallel;

/// What is told of rows with the same key.
pub(super) trait Entry<const WORDS: usize>: Copy + Send + Sync {
    /// Where many entries stand.
    type Memory;

    fn room(entries: usize) -> Self::Memory;

    fn entries_in(memory: &mut Self::Memory) -> &mut [Self];

    /// How many entries so many rows take.
    fn entries(rows: u32) -> usize;

    /// An entry of a key with so many rows.
    fn new(key: [u64; WORDS], rows: u32) -> Self;

    fn key(&self) -> [u64; WORDS];

    /// The rows of this entry.
    fn rows(&self) -> u32;

    /// Sorts entries by their keys.
    fn sort(entries: &mut [Self]);
}

/// A key and how many rows have it.
pub(super) type WithRows<const WORDS: usize> = ([u64; WORDS], u32);

impl<const WORDS: usize> Entry<WORDS> for WithRows<WORDS> {
    type Memory = Vec<Self>;

    fn room(entries: usize) -> Vec<Self> {
        vec![([0; WORDS], 0); entries]
    }

    fn entries_in(memory: &mut Vec<Self>) -> &mut [Self] {
        memory
    }

    #[inline]
    fn entries(_: u32) -> usize {
        1
    }

    #[inline]
    fn new(key: [u64; WORDS], rows: u32) -> Self {
        (key, rows)
    }

    #[inline]
    fn key(&self) -> [u64; WORDS] {
        self.0
    }

    #[inline]
    fn rows(&self) -> u32 {
        self.1
    }

    fn sort(entries: &mut [Self]) {
        entries.sort_unstable_by_key(|entry| entry.0);
    }
}

/// A key, once for each row that has it.
impl<const WORDS: usize> Entry<WORDS> for [u64; WORDS] {
    type Memory = Vec<u64>;

    fn room(entries: usize) -> Vec<u64> {
        vec![0; entries.saturating_mul(WORDS)]
    }

    fn entries_in(memory: &mut Vec<u64>) -> &mut [Self] {
        memory.as_chunks_mut().0
    }

    #[inline]
    fn entries(rows: u32) -> usize {
        rows as usize
    }

    #[inline]
    fn new(key: [u64; WORDS], _: u32) -> Self {
        key
    }

    #[inline]
    fn key(&self) -> [u64; WORDS] {
        *self
    }

    #[inline]
    fn rows(&self) -> u32 {
        1
    }

    fn sort(entries: &mut [Self]) {
        match WORDS {
            1 => entries.as_flattened_mut().sort_unstable(),
            _ => entries.sort_unstable(),
        }
    }
}

/// Takes keys with their rows; one row each, where no rows are given.
pub(super) type Take<'t, const WORDS: usize> = dyn FnMut(&[[u64; WORDS]], Option<&[u32]>) + 't;

/// Entries of a piece, if they do not share too many bits.
const SIZE: usize = 1 << 13;

/// All entries, in pieces.
pub(super) struct Pieces<const WORDS: usize, E: Entry<WORDS>> {
    entries: E::Memory,
    sizes: Vec<usize>,
}

/// Which piece the entries with the same first bits are in, and how many it has of each source.
struct Plan {
    piece_of: Vec<u32>,
    sizes: Vec<Vec<usize>>,
}

impl<const WORDS: usize, E: Entry<WORDS>> Pieces<WORDS, E> {
    /// How many of its first bits decide on a key's piece.
    pub(super) const BITS: u32 = 16;

    /// The entries of all sources, a thread for each; `give` gives some keys at a time, twice the
    /// same, but that only the first bits of keys have to be right if it is not told to give `all`.
    /// `first_bits` are less than 2 to the power of [`Self::BITS`], and of two keys the
    /// lesser one's are not greater.
    pub(super) fn new<S: Send>(
        sources: Vec<S>,
        give: impl Fn(&S, bool, &mut Take<'_, WORDS>) + Sync,
        first_bits: impl Fn(&[u64; WORDS]) -> usize + Sync,
    ) -> Self {
        let counted = parallel::on_each(sources, |source| {
            let mut sizes = vec![0_u32; 1 << Self::BITS];
            let mut count = |key: &[u64; WORDS], rows| {
                if let Some(size) = sizes.get_mut(first_bits(key)) {
                    *size = size.saturating_add(E::entries(rows) as u32);
                }
            };
            give(&source, false, &mut |keys, rows| match rows {
                None => keys.iter().for_each(|key| count(key, 1)),
                Some(rows) => (keys.iter().zip(rows)).for_each(|(key, rows)| count(key, *rows)),
            });
            (source, sizes)
        });
        let (sources, sizes): (Vec<S>, Vec<Vec<u32>>) = counted.into_iter().unzip();
        let plan = Plan::new(&sizes);
        drop(sizes);
        let sizes: Vec<usize> = plan.sizes.iter().map(|sizes| sizes.iter().sum()).collect();
        let mut entries = E::room(sizes.iter().sum());
        let mut spaces: Vec<Vec<std::slice::IterMut<'_, E>>> =
            sources.iter().map(|_| Vec::new()).collect();
        let mut rest = E::entries_in(&mut entries);
        for sizes in &plan.sizes {
            for (size, spaces) in sizes.iter().zip(&mut spaces) {
                let cut = std::mem::take(&mut rest).split_at_mut_checked(*size);
                let (own, behind) = cut.unwrap_or_default();
                spaces.push(own.iter_mut());
                rest = behind;
            }
        }
        let sources = sources.into_iter().zip(spaces).collect();
        parallel::on_each(sources, |(source, mut spaces): (S, Vec<_>)| {
            let mut put = |key: &[u64; WORDS], rows| {
                let piece = plan.piece_of.get(first_bits(key));
                if let Some(space) = piece.and_then(|piece| spaces.get_mut(*piece as usize)) {
                    let own = space.take(E::entries(rows));
                    own.for_each(|to| *to = E::new(*key, rows));
                }
            };
            give(&source, true, &mut |keys, rows| match rows {
                None => keys.iter().for_each(|key| put(key, 1)),
                Some(rows) => (keys.iter().zip(rows)).for_each(|(key, rows)| put(key, *rows)),
            });
        });
        Self { entries, sizes }
    }

    /// The pieces, cut into as many parts of about as many entries; always into the same.
    pub(super) fn parts(&mut self, parts: usize) -> Vec<Vec<&mut [E]>> {
        let entries = E::entries_in(&mut self.entries);
        let share = entries.len().div_ceil(parts.max(1)).max(1);
        let mut cut: Vec<Vec<_>> = (0..parts.max(1)).map(|_| Vec::new()).collect();
        let (mut rest, mut begin) = (entries, 0);
        for size in &self.sizes {
            let piece = std::mem::take(&mut rest).split_at_mut_checked(*size);
            let (own, behind) = piece.unwrap_or_default();
            rest = behind;
            if let Some(part) = cut.get_mut(begin / share) {
                part.push(own);
            }
            begin += size;
        }
        cut
    }
}

impl Plan {
    /// From how many entries each source has by their first bits.
    fn new(sizes: &[Vec<u32>]) -> Self {
        let mut plan = Self {
            piece_of: Vec::new(),
            sizes: vec![vec![0; sizes.len()]],
        };
        let mut all = 0;
        for bits in 0..sizes.first().map_or(0, Vec::len) {
            let sizes = sizes
                .iter()
                .map(|sizes| sizes.get(bits).copied().unwrap_or(0) as usize);
            let more: usize = sizes.clone().sum();
            if all > 0 && all + more > SIZE {
                plan.sizes.push(vec![0; sizes.len()]);
                all = 0;
            }
            all += more;
            plan.piece_of.push((plan.sizes.len() - 1) as u32);
            if let Some(last) = plan.sizes.last_mut() {
                last.iter_mut()
                    .zip(sizes)
                    .for_each(|(sum, size)| *sum += size);
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<E: Entry<2>>(by_row: bool) {
        for (sources, keys) in [(1, 0), (1, 1), (2, 100), (3, 40_000), (4, 90_000_u64)] {
            let entries = |source: &u64| -> Vec<WithRows<2>> {
                let own = (0..keys).filter(|key| key % sources == *source);
                // A source gives keys with their rows first, then keys of one row each.
                own.map(|key| {
                    (
                        [key * 7919 % 60_000 / 3, key],
                        [(key % 5) as u32, 1][usize::from(key > 500)],
                    )
                })
                .collect()
            };
            let mut pieces = Pieces::<2, E>::new(
                (0..sources).collect(),
                |source, _, take| {
                    for entries in entries(source).chunks(100) {
                        let (keys, rows): (Vec<[u64; 2]>, Vec<u32>) =
                            entries.iter().copied().unzip();
                        take(&keys, rows.iter().any(|rows| *rows != 1).then_some(&rows));
                    }
                },
                |key| key[0] as usize,
            );
            let all = (0..sources).flat_map(|source| entries(&source));
            let mut expected: Vec<WithRows<2>> = match by_row {
                false => all.collect(),
                true => all
                    .flat_map(|(key, rows)| vec![(key, 1); rows as usize])
                    .collect(),
            };
            expected.sort_unstable();
            for parts in 1..4 {
                let mut found = Vec::new();
                for piece in pieces.parts(parts).into_iter().flatten() {
                    E::sort(piece);
                    assert!(piece.len() <= SIZE);
                    found.extend(piece.iter().map(|entry| (entry.key(), entry.rows())));
                }
                assert!(
                    found == expected,
                    "{sources} sources, {keys} keys, {parts} parts"
                );
            }
        }
    }

    #[test]
    fn all_entries_are_there_in_the_order_of_their_first_bits() {
        check::<WithRows<2>>(false);
        check::<[u64; 2]>(true);
    }
}
