//! Putting together what several coders counted.
//!
//! A first look at the final codes of each coder's rows tells how many begin alike; a second one
//! puts them into pieces by their first bits, small enough to be sorted in a processor's cache
//! (see `pieces.rs`). The pieces are then made combinations where they stay. All of it is done by
//! as many threads as there are coders.

use super::Counts;
use super::pieces::{Entry, Pieces};
use crate::error::Error;
use crate::privacy::combinations::{Combinations, Layout, Slot};
use crate::privacy::parallel;
use crate::privacy::sensitive_counts::{MOST_ROWS, Room, SensitiveCounts};

/// How codes are packed in the end: the quasi-identifying ones first, so that rows which share
/// them are neighbours once sorted.
pub(super) struct Layouts {
    quasi: Layout,
    sensitive: Layout,
    /// How many values each sensitive column has.
    distinct: Vec<usize>,
    /// The bits of the sensitive codes, where all codes fit one word: they stand below the others.
    below: Option<u32>,
}

/// Keys that are packed anew together, column by column.
const BLOCK: usize = 256;

/// Columns whose codes take so many bits together are packed anew together.
const JOINT_BITS: u32 = 11;

/// The way of the codes of neighbouring columns from a coder's key to the final one.
struct Move {
    from: Slot,
    word: usize,
    /// By the codes: what they are in the final word.
    packed: Vec<u64>,
}

/// Makes sure that what is said of so many rows can be told apart in 32 bits. A count that has
/// reached its limit of 32 bits alone is more than that.
fn check_rows(rows: u64, sensitive: bool) -> Result<(), Error> {
    let most = match sensitive {
        true => MOST_ROWS,
        false => u64::from(u32::MAX) - 1,
    };
    match rows <= most {
        true => Ok(()),
        false => Err(Error::TooManyRows),
    }
}

/// How many combinations a part of the entries has, and by sensitive column how many entries
/// their values take.
struct Size {
    combinations: usize,
    values: Vec<usize>,
}

/// Where the combinations of a part stand.
struct Space<'a> {
    keys: std::slice::ChunksExactMut<'a, u64>,
    counts: std::slice::IterMut<'a, u32>,
    sensitive: Vec<Room<'a>>,
}

impl Layouts {
    /// For columns of so many values each, of which the first `quasi` are not sensitive.
    pub(super) fn new(distinct: &[usize], quasi: usize) -> Self {
        let (first, rest) = distinct.split_at_checked(quasi).unwrap_or((distinct, &[]));
        let (quasi, sensitive) = (Layout::new(first), Layout::new(rest));
        let fits = quasi.words() == 1
            && sensitive.words() == 1
            && quasi.bits() + sensitive.bits() <= u64::BITS;
        Self {
            below: fits.then(|| sensitive.bits()),
            distinct: rest.to_vec(),
            quasi,
            sensitive,
        }
    }

    /// How many words a key has.
    pub(super) fn words(&self) -> usize {
        let sensitive = match self.sensitive.columns() {
            0 => 0,
            _ => self.sensitive.words(),
        };
        match self.below {
            Some(_) => 1,
            None => self.quasi.words() + sensitive,
        }
    }

    /// All combinations. `ranks` has, for each column and each code of the coders, the final code.
    ///
    /// # Errors
    /// [`Error::TooManyRows`] if there are more than can be told apart in 32 bits.
    pub(super) fn combine<const WORDS: usize>(
        &self,
        coders: Vec<Counts>,
        ranks: &[Vec<u32>],
    ) -> Result<Combinations, Error> {
        let threads = coders.len();
        let coders = coders.into_iter().map(|counts| {
            let moves = self.moves(&counts.layout, ranks);
            (counts, moves)
        });
        let unused = self.bits_of_first().saturating_sub(Pieces::<WORDS>::BITS);
        let mut pieces = Pieces::<WORDS>::new(
            coders.collect(),
            |(counts, moves), all, take| {
                let first = |to: &&Move| all || to.packed.iter().any(|packed| packed >> unused > 0);
                let moves: Vec<&Move> = moves.iter().filter(first).collect();
                self.entries(counts, &moves, take);
            },
            // Of two keys the lesser one's are not greater.
            |key| key.first().map_or(0, |word| word >> unused) as usize,
        );
        let parts = pieces.parts(threads);
        // Sorted at the same time, and counted while they are near.
        let sizes = parallel::on_each(parts, |part| {
            let mut size = Size {
                combinations: 0,
                values: vec![0; self.distinct.len()],
            };
            let (mut rows, mut room) = (0, Vec::new());
            for piece in part {
                piece.sort_unstable_by_key(|entry| entry.0);
                rows += piece.iter().map(|entry| u64::from(entry.1)).sum::<u64>();
                self.measure(piece, &mut size, &mut room);
            }
            (size, rows)
        });
        let rows: u64 = sizes.iter().map(|(_, rows)| rows).sum();
        let sizes: Vec<Size> = sizes.into_iter().map(|(size, _)| size).collect();
        let combinations: usize = sizes.iter().map(|size| size.combinations).sum();
        check_rows(rows, !self.distinct.is_empty())?;
        let mut keys = vec![0; combinations * self.quasi.words()];
        let mut counts = vec![0; combinations];
        let columns = self.distinct.iter().enumerate();
        let mut sensitive: Vec<(SensitiveCounts, Vec<(usize, usize)>)> = columns
            .map(|(column, distinct)| {
                let parts = sizes.iter().map(|size| {
                    let entries = size.values.get(column).copied().unwrap_or(0);
                    (size.combinations, entries)
                });
                let parts: Vec<(usize, usize)> = parts.collect();
                (SensitiveCounts::with_room(*distinct, &parts), parts)
            })
            .collect();
        let spaces = self.spaces(&sizes, &mut keys, &mut counts, &mut sensitive);
        let parts = pieces.parts(threads).into_iter().zip(spaces).collect();
        parallel::on_each(parts, |(part, mut space)| {
            let mut room = Vec::new();
            for piece in part {
                self.put(piece, &mut space, &mut room);
            }
        });
        let sensitive = sensitive.into_iter().map(|(column, _)| column).collect();
        Ok(Combinations::new(
            self.quasi.clone(),
            keys,
            counts,
            sensitive,
        ))
    }

    /// Gives the rows of one coder with their final codes, some at a time.
    fn entries<const WORDS: usize>(
        &self,
        counts: &Counts,
        moves: &[&Move],
        take: &mut dyn FnMut(&[Entry<WORDS>]),
    ) {
        let mut entries: Vec<Entry<WORDS>> = Vec::with_capacity(BLOCK);
        for (keys, counts) in counts.runs.blocks(BLOCK) {
            entries.clear();
            entries.extend(counts.iter().map(|count| ([0; WORDS], *count)));
            let words = keys.len() / counts.len().max(1);
            for to in moves {
                for ((packed, _), key) in entries.iter_mut().zip(keys.chunks_exact(words)) {
                    let codes = to.from.code(key);
                    if let (Some(word), Some(codes)) =
                        (packed.get_mut(to.word), to.packed.get(codes as usize))
                    {
                        *word |= codes;
                    }
                }
            }
            take(&entries);
        }
    }

    fn moves(&self, layout: &Layout, ranks: &[Vec<u32>]) -> Vec<Move> {
        let quasi = (0..self.quasi.columns()).map(|column| {
            let slot = self.quasi.slot(column);
            (slot.word, slot.shift + self.below.unwrap_or(0))
        });
        let sensitive = (0..self.sensitive.columns()).map(|column| {
            let slot = self.sensitive.slot(column);
            let words = match self.below {
                Some(_) => 0,
                None => self.quasi.words(),
            };
            (slot.word + words, slot.shift)
        });
        let places: Vec<(usize, u32)> = quasi.chain(sensitive).collect();
        let mut moves: Vec<Move> = Vec::new();
        for ((column, (word, shift)), ranks) in places.into_iter().enumerate().zip(ranks) {
            let from = layout.slot(column);
            let packed = ranks.iter().map(|rank| u64::from(*rank) << shift);
            let mut packed: Vec<u64> = packed.collect();
            let before = moves.last_mut().filter(|before| {
                let width = before.from.mask.count_ones() + from.mask.count_ones();
                before.word == word && before.from.word == from.word && width <= JOINT_BITS
            });
            let Some(before) = before else {
                moves.push(Move { from, word, packed });
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

    /// The quasi-identifying part of a key.
    #[inline]
    fn quasi_of<const WORDS: usize>(&self, mut key: [u64; WORDS]) -> [u64; WORDS] {
        match self.below {
            Some(bits) => key
                .iter_mut()
                .for_each(|word| *word = word.checked_shr(bits).unwrap_or(0)),
            None => key
                .iter_mut()
                .skip(self.quasi.words())
                .for_each(|word| *word = 0),
        }
        key
    }

    /// How many bits of a key's first word are in use.
    fn bits_of_first(&self) -> u32 {
        self.quasi.bits_of_first() + self.below.unwrap_or(0)
    }

    /// The sensitive part of a key.
    #[inline]
    fn sensitive_of<'k, const WORDS: usize>(&self, key: &'k [u64; WORDS]) -> &'k [u64] {
        match self.below {
            // The layout's masks leave out what stands above.
            Some(_) => key,
            None => key.get(self.quasi.words()..).unwrap_or_default(),
        }
    }

    /// The entries of each combination.
    fn groups<'e, const WORDS: usize>(
        &self,
        sorted: &'e [Entry<WORDS>],
    ) -> impl Iterator<Item = &'e [Entry<WORDS>]> {
        sorted.chunk_by(|one, other| self.quasi_of(one.0) == self.quasi_of(other.0))
    }

    /// Adds up what the combinations of sorted entries take. `room` is for the work.
    fn measure<const WORDS: usize>(
        &self,
        sorted: &[Entry<WORDS>],
        size: &mut Size,
        room: &mut Vec<(u32, u32)>,
    ) {
        for group in self.groups(sorted) {
            size.combinations += 1;
            if let [(_, 1)] = group {
                continue;
            }
            for (column, size) in size.values.iter_mut().enumerate() {
                self.values(group, column, room);
                *size += SensitiveCounts::entries_of(room);
            }
        }
    }

    /// The values that the rows of a combination have in a sensitive column.
    #[inline]
    fn values<const WORDS: usize>(
        &self,
        group: &[Entry<WORDS>],
        column: usize,
        values: &mut Vec<(u32, u32)>,
    ) {
        let slot = self.sensitive.slot(column);
        let of_rows = group.iter().map(|(key, count)| {
            let code = slot.code(self.sensitive_of(key));
            (code, *count)
        });
        values.clear();
        values.extend(of_rows);
        if group.len() == 1 {
            return;
        }
        values.sort_unstable();
        values.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
    }

    /// Cuts all space into that for each part.
    fn spaces<'a>(
        &self,
        sizes: &[Size],
        mut keys: &'a mut [u64],
        mut counts: &'a mut [u32],
        sensitive: &'a mut [(SensitiveCounts, Vec<(usize, usize)>)],
    ) -> Vec<Space<'a>> {
        let rooms = sensitive
            .iter_mut()
            .map(|(column, parts)| column.rooms(parts).into_iter());
        let mut rooms: Vec<_> = rooms.collect();
        let spaces = sizes.iter().map(|size| {
            let words = size.combinations * self.quasi.words();
            let own = std::mem::take(&mut keys).split_at_mut_checked(words);
            let (own_keys, behind) = own.unwrap_or_default();
            keys = behind;
            let own = std::mem::take(&mut counts).split_at_mut_checked(size.combinations);
            let (own_counts, behind) = own.unwrap_or_default();
            counts = behind;
            Space {
                keys: own_keys.chunks_exact_mut(self.quasi.words()),
                counts: own_counts.iter_mut(),
                sensitive: rooms.iter_mut().filter_map(Iterator::next).collect(),
            }
        });
        spaces.collect()
    }

    /// Makes combinations of sorted entries, behind those that `space` has. `room` is for the work.
    fn put<const WORDS: usize>(
        &self,
        sorted: &[Entry<WORDS>],
        space: &mut Space<'_>,
        room: &mut Vec<(u32, u32)>,
    ) {
        let mut places = space.keys.by_ref().zip(space.counts.by_ref());
        for group in self.groups(sorted) {
            let (Some((key, _)), Some((to, sum))) = (group.first(), places.next()) else {
                break;
            };
            for (to, word) in to.iter_mut().zip(self.quasi_of(*key)) {
                *to = word;
            }
            *sum = group
                .iter()
                .fold(0_u32, |rows, (_, count)| rows.saturating_add(*count));
            for (column, counted) in space.sensitive.iter_mut().enumerate() {
                self.values(group, column, room);
                counted.push(room);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_can_be_told_apart_are_refused() {
        let most = 1_u64 << 30;
        for (rows, sensitive, fits) in [
            (0, true, true),
            (most, true, true),
            (most + 1, true, false),
            (most + 1, false, true),
            ((1 << 32) - 2, false, true),
            // What a count of 32 bits shows that could not go on.
            ((1 << 32) - 1, false, false),
            (1 << 40, false, false),
        ] {
            assert_eq!(
                check_rows(rows, sensitive).is_ok(),
                fits,
                "{rows} {sensitive}"
            );
        }
        // Distinct values, entries and their numbers, at the most that there can be.
        assert!(most + most + most / 2 < 1 << 32);
    }
}
