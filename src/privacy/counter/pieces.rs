//! Entries in pieces by the first bits of their keys, in the order of these bits.
//!
//! What several threads give is counted first and then put in its place, so the pieces of all of
//! them stand one behind the other without being merged, and each can be sorted by itself, in a
//! processor's cache.

use crate::privacy::parallel;

/// A row's key and how many rows have it.
pub(super) type Entry<const WORDS: usize> = ([u64; WORDS], u32);

/// Entries of a piece, if they do not share too many bits.
const SIZE: usize = 1 << 13;

/// All entries, in pieces.
pub(super) struct Pieces<const WORDS: usize> {
    entries: Vec<Entry<WORDS>>,
    sizes: Vec<usize>,
}

/// Which piece the entries with the same first bits are in, and how many it has of each source.
struct Plan {
    piece_of: Vec<u32>,
    sizes: Vec<Vec<usize>>,
}

impl<const WORDS: usize> Pieces<WORDS> {
    /// How many of its first bits decide on a key's piece.
    pub(super) const BITS: u32 = 16;

    /// The entries of all sources, a thread for each; `give` gives some of them at a time, twice
    /// the same, but that only the first bits of keys have to be right if it is not told to give
    /// `all`. `first_bits` are less than 2 to the power of [`Self::BITS`], and of two keys the
    /// lesser one's are not greater.
    pub(super) fn new<S: Send>(
        sources: Vec<S>,
        give: impl Fn(&S, bool, &mut dyn FnMut(&[Entry<WORDS>])) + Sync,
        first_bits: impl Fn(&[u64; WORDS]) -> usize + Sync,
    ) -> Self {
        let counted = parallel::on_each(sources, |source| {
            let mut sizes = vec![0_u32; 1 << Self::BITS];
            give(&source, false, &mut |entries| {
                for (key, _) in entries {
                    if let Some(size) = sizes.get_mut(first_bits(key)) {
                        *size += 1;
                    }
                }
            });
            (source, sizes)
        });
        let (sources, sizes): (Vec<S>, Vec<Vec<u32>>) = counted.into_iter().unzip();
        let plan = Plan::new(&sizes);
        drop(sizes);
        let sizes: Vec<usize> = plan.sizes.iter().map(|sizes| sizes.iter().sum()).collect();
        let mut entries = vec![([0; WORDS], 0); sizes.iter().sum()];
        let mut spaces: Vec<Vec<std::slice::IterMut<'_, Entry<WORDS>>>> =
            sources.iter().map(|_| Vec::new()).collect();
        let mut rest = entries.as_mut_slice();
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
            give(&source, true, &mut |entries| {
                for entry in entries {
                    let piece = plan.piece_of.get(first_bits(&entry.0));
                    let space = piece.and_then(|piece| spaces.get_mut(*piece as usize));
                    if let Some(to) = space.and_then(Iterator::next) {
                        *to = *entry;
                    }
                }
            });
        });
        Self { entries, sizes }
    }

    /// The pieces, cut into as many parts of about as many entries; always into the same.
    pub(super) fn parts(&mut self, parts: usize) -> Vec<Vec<&mut [Entry<WORDS>]>> {
        let share = self.entries.len().div_ceil(parts.max(1)).max(1);
        let mut cut: Vec<Vec<_>> = (0..parts.max(1)).map(|_| Vec::new()).collect();
        let (mut rest, mut begin) = (self.entries.as_mut_slice(), 0);
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

    #[test]
    fn all_entries_are_there_in_the_order_of_their_first_bits() {
        for (sources, keys) in [(1, 0), (1, 1), (2, 100), (3, 40_000), (4, 90_000_u64)] {
            let entries = |source: &u64| -> Vec<Entry<2>> {
                let own = (0..keys).filter(|key| key % sources == *source);
                own.map(|key| ([key * 7919 % 60_000 / 3, key], key as u32))
                    .collect()
            };
            let mut pieces = Pieces::<2>::new(
                (0..sources).collect(),
                |source, _, take| entries(source).chunks(100).for_each(take),
                |key| key[0] as usize,
            );
            let mut expected: Vec<Entry<2>> =
                (0..sources).flat_map(|source| entries(&source)).collect();
            expected.sort_unstable();
            for parts in 1..4 {
                let mut found = Vec::new();
                for piece in pieces.parts(parts).into_iter().flatten() {
                    piece.sort_unstable();
                    assert!(piece.len() <= SIZE);
                    found.extend_from_slice(piece);
                }
                assert!(
                    found == expected,
                    "{sources} sources, {keys} keys, {parts} parts"
                );
            }
        }
    }
}
