//! The way of a row's codes from a coder's key to the final one.

use crate::privacy::combinations::{Layout, Slot};

/// Columns whose codes take so many bits together are packed anew together.
const JOINT_BITS: u32 = 11;

/// The way of the codes of neighbouring columns.
pub(super) struct Move {
    from: Slot,
    word: usize,
    /// By the codes: what they are in the final word.
    packed: Vec<u64>,
}

impl Move {
    /// The ways of all columns from keys of a coder's layout to places in final ones: each a word
    /// and a shift. `ranks` has, for each column and each code of the coders, the final code.
    pub(super) fn all(
        layout: &Layout,
        places: impl Iterator<Item = (usize, u32)>,
        ranks: &[Vec<u32>],
    ) -> Vec<Self> {
        let mut moves: Vec<Self> = Vec::new();
        for ((column, (word, shift)), ranks) in places.enumerate().zip(ranks) {
            let from = layout.slot(column);
            let packed = ranks.iter().map(|rank| u64::from(*rank) << shift);
            let mut packed: Vec<u64> = packed.collect();
            let before = moves.last_mut().filter(|before| {
                let width = before.from.mask.count_ones() + from.mask.count_ones();
                before.word == word && before.from.word == from.word && width <= JOINT_BITS
            });
            let Some(before) = before else {
                moves.push(Self { from, word, packed });
                continue;
            };
            let width = before.from.mask.count_ones();
            before.packed.resize(1 << width, 0);
            let codes = packed.drain(..);
            let lower = &before.packed;
            let joint = codes.flat_map(|code| lower.iter().map(move |lower| lower | code));
            before.packed = joint.collect();
            before.from.mask = (before.from.mask + 1) * (from.mask + 1) - 1;
        }
        moves
    }

    /// Whether it decides on anything above these lowest bits of a final word.
    pub(super) fn is_above(&self, bits: u32) -> bool {
        let mut packed = self.packed.iter();
        packed.any(|packed| packed.checked_shr(bits).unwrap_or(0) > 0)
    }

    /// Adds the codes of these keys, of so many words each, to the final ones.
    pub(super) fn apply<const WORDS: usize>(
        &self,
        (keys, words): (&[u64], usize),
        packed: &mut [[u64; WORDS]],
    ) {
        // With a constant number of words, work on a key has no loop.
        match words {
            1 => self.add(keys.as_chunks::<1>().0.iter(), packed),
            2 => self.add(keys.as_chunks::<2>().0.iter(), packed),
            _ => self.add(keys.chunks_exact(words.max(1)), packed),
        }
    }

    #[inline]
    fn add<'k, const WORDS: usize, K: AsRef<[u64]> + ?Sized + 'k>(
        &self,
        keys: impl Iterator<Item = &'k K>,
        packed: &mut [[u64; WORDS]],
    ) {
        for (packed, key) in packed.iter_mut().zip(keys) {
            let codes = self.packed.get(self.from.code(key.as_ref()) as usize);
            if let (Some(word), Some(codes)) = (packed.get_mut(self.word), codes) {
                *word |= codes;
            }
        }
    }
}
