//! The equivalence classes with one column generalised, for every column, at all its levels.
//!
//! Two combinations fall into one class only if they agree in all other columns. So the keys are
//! brought together by what they have there: scattered by a hash into pieces that fit a processor's
//! cache, then grouped in each with a table of open addressing. Keys that are scattered by one
//! column alone, the one with the most values, are in the right pieces for all other columns too.
//! Of most real tables few groups have more than one combination, and only these are looked at by
//! level.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::{Combinations, Level};
use super::grouping::{Column, Grouping, Piece, hash};
use super::sizes::Smallness;
use crate::base::parallel;

/// Combinations in a piece: with their table they take a few hundred kilobytes.
const PIECE: usize = 1 << 14;

/// More pieces than this cost more in scattering than they save in grouping.
const MAX_PIECES: usize = 1 << 11;

/// How many times as large as asked for pieces may be on average that serve several columns.
const LARGER: usize = 8;

/// What generalising one column does.
#[derive(Debug, Clone, Default)]
pub(super) struct Regrouped {
    /// The classes over the other columns alone.
    pub(super) without: Smallness,
    /// The classes with the column at each of the levels.
    pub(super) steps: Vec<Smallness>,
}

/// Regroups by the levels of each of the first columns. `distinct` says how many values each has. The
/// result does not depend on `threads`.
pub(super) fn regroup(
    combinations: &Combinations,
    levels: &[&[Level]],
    distinct: &[usize],
    threads: usize,
) -> Vec<Regrouped> {
    let pieces = pieces_of(combinations.len());
    let (by, rest) = scattered_by(distinct, (pieces / LARGER).max(pieces.min(2 * LARGER)));
    let mut all = vec![Regrouped::default(); levels.len()];
    // All columns but those that are scattered by, together; then each of these alone.
    let of_all = rest.iter().map(|column| (*column, by.clone()));
    let of_one = by.iter().map(|column| {
        let others = (0..combinations.layout().columns()).filter(|other| other != column);
        (*column, others.collect::<Vec<_>>())
    });
    let all_columns: Vec<(usize, Vec<usize>)> = of_all.chain(of_one).collect();
    for together in all_columns.chunk_by(|(_, by), (_, other)| by == other) {
        let by = together.first().map_or(&[][..], |(_, by)| by);
        let columns = together.iter().map(|(column, _)| {
            let levels = levels.get(*column).copied().unwrap_or_default();
            Column::new(combinations.layout(), *column, levels)
        });
        let columns: Vec<Column<'_>> = columns.collect();
        let bits = bits_of(combinations, by);
        // With a constant number of words, work on a key has no loop.
        let regrouped = match combinations.layout().words() {
            1 => regroup_words::<1>(combinations, &columns, &bits, pieces, threads),
            2 => regroup_words::<2>(combinations, &columns, &bits, pieces, threads),
            _ => regroup_words::<0>(combinations, &columns, &bits, pieces, threads),
        };
        for ((column, _), regrouped) in together.iter().zip(regrouped) {
            if let Some(space) = all.get_mut(*column) {
                *space = regrouped;
            }
        }
    }
    all
}

/// How many pieces so many combinations are brought into.
fn pieces_of(combinations: usize) -> usize {
    let pieces = (combinations / PIECE + 1).next_power_of_two();
    pieces.min(MAX_PIECES)
}

/// The columns that have so many pieces between them, those of the most values; and the others.
fn scattered_by(distinct: &[usize], pieces: usize) -> (Vec<usize>, Vec<usize>) {
    let mut order: Vec<usize> = (0..distinct.len()).collect();
    order.sort_by_key(|column| std::cmp::Reverse(distinct.get(*column)));
    let mut product = 1_usize;
    let enough = order.iter().position(|column| {
        let enough = product >= pieces;
        product = product.saturating_mul(distinct.get(*column).copied().unwrap_or(1));
        enough
    });
    let (by, rest) = order.split_at(enough.unwrap_or(order.len()));
    (by.to_vec(), rest.to_vec())
}

/// By word of a key: the bits of these columns.
fn bits_of(combinations: &Combinations, columns: &[usize]) -> Vec<u64> {
    let layout = combinations.layout();
    let mut bits = vec![0; layout.words()];
    for column in columns {
        let slot = layout.slot(*column);
        if let Some(bits) = bits.get_mut(slot.word) {
            *bits |= slot.mask << slot.shift;
        }
    }
    bits
}

/// Scatters by the columns of these bits and regroups by each of `columns`, which are others.
/// `WORDS` is the number of words of a key, or 0 for any.
fn regroup_words<const WORDS: usize>(
    combinations: &Combinations,
    columns: &[Column<'_>],
    bits: &[u64],
    pieces: usize,
    threads: usize,
) -> Vec<Regrouped> {
    let scattered = parallel::ranges(combinations.len(), threads, |range| {
        let words = combinations.layout().words();
        let keys = combinations
            .keys()
            .get(range.start * words..range.end * words);
        let counts = combinations.counts().get(range);
        Scattered::new::<WORDS>(
            keys.unwrap_or_default(),
            counts.unwrap_or_default(),
            bits,
            pieces,
        )
    });
    let groupings = || columns.iter().map(Grouping::new).collect::<Vec<_>>();
    let parts = by_piece(&scattered, bits.len(), threads, groupings, |all, piece| {
        all.iter_mut().for_each(|one| one.piece::<WORDS>(piece));
    });
    let parts = parts.into_iter().map(|groupings| {
        let groupings = groupings.into_iter();
        groupings.map(Grouping::into_smallness).collect::<Vec<_>>()
    });
    let mut regrouped: Vec<Regrouped> = columns
        .iter()
        .map(|column| Regrouped {
            without: Smallness::default(),
            steps: vec![Smallness::default(); column.levels.len()],
        })
        .collect();
    for part in parts {
        for (regrouped, (without, steps)) in regrouped.iter_mut().zip(part) {
            regrouped.without.merge(&without);
            for (sum, step) in regrouped.steps.iter_mut().zip(&steps) {
                sum.merge(step);
            }
        }
    }
    regrouped
}

/// The classes where keys of so many words may be the same, each with a count of rows; `keys` gives
/// those of a range. The result does not depend on `threads`.
pub(super) fn together(
    keys: impl Fn(Range<usize>) -> Vec<u64> + Sync,
    counts: &[u32],
    words: usize,
    threads: usize,
) -> Smallness {
    match words {
        1 => together_words::<1>(keys, counts, words, threads),
        _ => together_words::<0>(keys, counts, words, threads),
    }
}

fn together_words<const WORDS: usize>(
    keys: impl Fn(Range<usize>) -> Vec<u64> + Sync,
    counts: &[u32],
    words: usize,
    threads: usize,
) -> Smallness {
    let bits = vec![u64::MAX; words];
    let pieces = pieces_of(counts.len());
    let scattered = parallel::ranges(counts.len(), threads, |range| {
        let keys = keys(range.clone());
        let counts = counts.get(range).unwrap_or_default();
        Scattered::new::<WORDS>(&keys, counts, &bits, pieces)
    });
    let parts = by_piece(
        &scattered,
        words,
        threads,
        Smallness::default,
        |all, piece| {
            piece.classes::<WORDS>(all);
        },
    );
    let mut all = Smallness::default();
    parts.iter().for_each(|part| all.merge(part));
    all
}

/// What each thread makes of the pieces that it takes, beginning with `new`.
fn by_piece<T: Send>(
    scattered: &[Scattered],
    words: usize,
    threads: usize,
    new: impl Fn() -> T + Sync,
    add: impl Fn(&mut T, &mut Piece) + Sync,
) -> Vec<T> {
    let pieces = scattered.first().map_or(0, Scattered::pieces);
    let next = AtomicUsize::new(0);
    let workers: Vec<_> = (0..threads.clamp(1, pieces.max(1))).collect();
    parallel::on_each(workers, |_| {
        let (mut made, mut piece) = (new(), Piece::new(words));
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= pieces {
                return made;
            }
            piece.clear();
            for part in scattered {
                let (keys, counts) = part.piece(number, words);
                piece.add(keys, counts);
            }
            if !piece.is_empty() {
                add(&mut made, &mut piece);
            }
        }
    })
}

/// A part of the keys, brought into pieces by the hash of some columns.
struct Scattered {
    /// Where each piece begins, and behind the last one where it ends.
    starts: Vec<usize>,
    keys: Vec<u64>,
    counts: Vec<u32>,
}

impl Scattered {
    fn new<const WORDS: usize>(keys: &[u64], counts: &[u32], bits: &[u64], pieces: usize) -> Self {
        let words = if WORDS == 0 { bits.len() } else { WORDS };
        let piece_of = |key: &[u64]| {
            let some = key.iter().zip(bits).map(|(word, bits)| word & bits);
            // Other bits of the hash than a place in a piece's table is taken from.
            (hash(some) >> 40) as usize & (pieces - 1)
        };
        // One piece is all there is.
        if pieces == 1 {
            return Self {
                starts: vec![0, counts.len()],
                keys: keys.to_vec(),
                counts: counts.to_vec(),
            };
        }
        // There are at most [`MAX_PIECES`].
        let numbers: Vec<u16> = keys
            .chunks_exact(words)
            .map(|key| piece_of(key) as u16)
            .collect();
        let mut starts = vec![0; pieces + 1];
        for number in &numbers {
            if let Some(size) = starts.get_mut(usize::from(*number) + 1) {
                *size += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut cursors = starts.clone();
        let mut scattered_keys = vec![0; keys.len()];
        let mut scattered_counts = vec![0; counts.len()];
        let all = keys.chunks_exact(words).zip(counts).zip(&numbers);
        for ((key, count), number) in all {
            let Some(cursor) = cursors.get_mut(usize::from(*number)) else {
                continue;
            };
            let at = *cursor;
            *cursor += 1;
            if let Some(to) = scattered_keys.get_mut(at * words..(at + 1) * words) {
                to.copy_from_slice(key);
            }
            if let Some(to) = scattered_counts.get_mut(at) {
                *to = *count;
            }
        }
        Self {
            starts,
            keys: scattered_keys,
            counts: scattered_counts,
        }
    }

    /// How many pieces there are.
    fn pieces(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The keys and counts of a piece.
    fn piece(&self, piece: usize, words: usize) -> (&[u64], &[u32]) {
        let at = |piece: usize| self.starts.get(piece).copied().unwrap_or(0);
        let (from, to) = (at(piece), at(piece + 1));
        let keys = self.keys.get(from * words..to * words);
        let counts = self.counts.get(from..to);
        (keys.unwrap_or_default(), counts.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_many_values_scatter() {
        for (name, distinct, pieces, by, rest) in [
            ("none is needed", &[3, 9, 5][..], 1, &[][..], &[1, 2, 0][..]),
            ("one is enough", &[3, 9, 5], 9, &[1], &[2, 0]),
            ("two are", &[3, 9, 5], 10, &[1, 2], &[0]),
            ("none is enough", &[3, 2], 100, &[0, 1], &[]),
        ] {
            let found = scattered_by(distinct, pieces);
            assert_eq!((&found.0[..], &found.1[..]), (by, rest), "{name}");
        }
    }
}
