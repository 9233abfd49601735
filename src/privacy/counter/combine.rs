//! Putting together what several coders counted.
//!
//! A first look at the final codes of each coder's rows tells how many begin alike; a second one
//! puts them into pieces by their first bits, small enough to be sorted in a processor's cache
//! (see `pieces.rs`). The pieces are then made combinations where they stay. All of it is done by
//! as many threads as there are coders.

use super::Counts;
use super::moves::Move;
use super::pieces::{Entry, Pieces, Take, WithRows};
use crate::base::parallel;
use crate::privacy::combinations::{Combinations, Layout};
use crate::privacy::error::Error;
use crate::privacy::sensitive_counts::{MOST_ROWS, Room, SensitiveCounts};

/// How codes are packed in the end: the quasi-identifying ones first, so that rows which share
/// them are neighbours once sorted.
pub(super) struct Layouts {
    quasi: Layout,
    sensitive: Layout,
    /// How many values each sensitive column has; the last one is of persons, if `persons` says so.
    distinct: Vec<usize>,
    persons: bool,
    /// The bits of the sensitive codes, where all codes fit one word: they stand below the others.
    below: Option<u32>,
}

/// Keys that are packed anew together, column by column.
const BLOCK: usize = 1024;

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
    /// For columns of so many values each, of which the first `quasi` are not sensitive; the last one
    /// is of `persons`, or sensitive too.
    pub(super) fn new(distinct: &[usize], quasi: usize, persons: bool) -> Self {
        let (first, rest) = distinct.split_at_checked(quasi).unwrap_or((distinct, &[]));
        let (quasi, sensitive) = (Layout::new(first), Layout::new(rest));
        let fits = quasi.words() == 1
            && sensitive.words() == 1
            && quasi.bits() + sensitive.bits() <= u64::BITS;
        Self {
            below: fits.then(|| sensitive.bits()),
            distinct: rest.to_vec(),
            persons,
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
        let sizes = coders.iter().map(Counts::sizes);
        let (keys, rows) = sizes.fold((0, 0), |(keys, rows), of| (keys + of.0, rows + of.1));
        check_rows(rows, !self.distinct.is_empty())?;
        // As it takes less memory.
        let by_row = rows.saturating_mul(size_of::<[u64; WORDS]>() as u64);
        let counted = keys.saturating_mul(size_of::<WithRows<WORDS>>());
        Ok(match by_row <= counted as u64 {
            true => self.combine_entries::<WORDS, [u64; WORDS]>(coders, ranks),
            false => self.combine_entries::<WORDS, WithRows<WORDS>>(coders, ranks),
        })
    }

    fn combine_entries<const WORDS: usize, E: Entry<WORDS>>(
        &self,
        coders: Vec<Counts>,
        ranks: &[Vec<u32>],
    ) -> Combinations {
        let threads = coders.len();
        let coders = coders.into_iter().map(|counts| {
            let moves = Move::all(&counts.layout, self.places(), ranks);
            (counts, moves)
        });
        // A combination is in one piece, so what is sensitive does not decide on it.
        let unused = self
            .bits_of_first()
            .saturating_sub(Pieces::<WORDS, E>::BITS);
        let unused = unused.max(self.below.unwrap_or(0));
        let mut pieces = Pieces::<WORDS, E>::new(
            coders.collect(),
            |(counts, moves), all, take| {
                let first = |to: &&Move| all || to.is_above(unused);
                let moves: Vec<&Move> = moves.iter().filter(first).collect();
                give(counts, &moves, take);
            },
            // Of two keys the lesser one's are not greater.
            |key| {
                let word = key.first().copied().unwrap_or(0);
                word.checked_shr(unused).unwrap_or(0) as usize
            },
        );
        let parts = pieces.parts(threads);
        // Sorted at the same time, and counted while they are near.
        let sizes = parallel::on_each(parts, |part| {
            let mut size = Size {
                combinations: 0,
                values: vec![0; self.distinct.len()],
            };
            let mut room = Vec::new();
            for piece in part {
                E::sort(piece);
                self.measure(piece, &mut size, &mut room);
            }
            size
        });
        let combinations: usize = sizes.iter().map(|size| size.combinations).sum();
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
        let sensitive = sensitive.into_iter().map(|(column, _)| column);
        let mut sensitive: Vec<SensitiveCounts> = sensitive.collect();
        let persons = if self.persons { sensitive.pop() } else { None };
        let combinations = Combinations::new(self.quasi.clone(), keys, counts, sensitive);
        match persons {
            Some(persons) => combinations.of_persons(persons),
            None => combinations,
        }
    }

    /// Where in a final key the codes of each column stand: a word and a shift.
    fn places(&self) -> impl Iterator<Item = (usize, u32)> {
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
        quasi.chain(sensitive)
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
    fn groups<'e, const WORDS: usize, E: Entry<WORDS>>(
        &self,
        sorted: &'e [E],
    ) -> impl Iterator<Item = &'e [E]> {
        sorted.chunk_by(|one, other| self.quasi_of(one.key()) == self.quasi_of(other.key()))
    }

    /// Adds up what the combinations of sorted entries take. `room` is for the work.
    fn measure<const WORDS: usize, E: Entry<WORDS>>(
        &self,
        sorted: &[E],
        size: &mut Size,
        room: &mut Vec<(u32, u32)>,
    ) {
        for group in self.groups(sorted) {
            size.combinations += 1;
            if let [entry] = group
                && entry.rows() == 1
            {
                continue;
            }
            for (column, size) in size.values.iter_mut().enumerate() {
                self.values(group, column, room);
                *size += SensitiveCounts::entries_of(room);
            }
        }
    }

    /// The value that the rows of an entry have in a sensitive column.
    #[inline]
    fn value<const WORDS: usize, E: Entry<WORDS>>(&self, entry: &E, column: usize) -> (u32, u32) {
        let slot = self.sensitive.slot(column);
        (slot.code(self.sensitive_of(&entry.key())), entry.rows())
    }

    /// The values that the rows of a combination have in a sensitive column, each with its number of
    /// rows; with that of its persons, if there are persons.
    fn values<const WORDS: usize, E: Entry<WORDS>>(
        &self,
        group: &[E],
        column: usize,
        values: &mut Vec<(u32, u32)>,
    ) {
        values.clear();
        let last = self.distinct.len().saturating_sub(1);
        if self.persons && column != last {
            values.extend(group.iter().map(|entry| {
                let (value, _) = self.value(entry, column);
                (value, self.value(entry, last).0)
            }));
            values.sort_unstable();
            values.dedup();
            values.iter_mut().for_each(|(_, count)| *count = 1);
        } else {
            values.extend(group.iter().map(|entry| self.value(entry, column)));
            values.sort_unstable();
        }
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
    fn put<const WORDS: usize, E: Entry<WORDS>>(
        &self,
        sorted: &[E],
        space: &mut Space<'_>,
        room: &mut Vec<(u32, u32)>,
    ) {
        let mut places = space.keys.by_ref().zip(space.counts.by_ref());
        for group in self.groups(sorted) {
            let (Some(first), Some((to, sum))) = (group.first(), places.next()) else {
                break;
            };
            for (to, word) in to.iter_mut().zip(self.quasi_of(first.key())) {
                *to = word;
            }
            *sum = group
                .iter()
                .fold(0_u32, |rows, entry| rows.saturating_add(entry.rows()));
            for (column, counted) in space.sensitive.iter_mut().enumerate() {
                // Most combinations are one row.
                if let [entry] = group
                    && (entry.rows() == 1 || !self.persons)
                {
                    counted.push(&[self.value(entry, column)]);
                } else {
                    self.values(group, column, room);
                    counted.push(room);
                }
            }
        }
    }
}

/// Gives the rows of one coder with their final codes, some at a time.
fn give<const WORDS: usize>(counts: &Counts, moves: &[&Move], take: &mut Take<'_, WORDS>) {
    let mut packed = Vec::with_capacity(BLOCK);
    let words = counts.runs.words();
    for (keys, rows) in counts.runs.blocks(BLOCK) {
        packed.clear();
        packed.resize(keys.len() / words, [0; WORDS]);
        for to in moves {
            to.apply((keys, words), &mut packed);
        }
        take(&packed, rows);
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
