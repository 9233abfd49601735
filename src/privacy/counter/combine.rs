//! Putting together what several coders counted.
//!
//! Each coder's rows get their final codes and are sorted, by a thread for each. The lists are then
//! cut at the same keys into as many ranges, and each range is merged by a thread of its own.

use super::Counts;
use crate::privacy::combinations::{Combinations, Layout, SensitiveCounts, Slot};
use crate::privacy::parallel;

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

/// A row's key and how many rows have it.
type Entry<const WORDS: usize> = ([u64; WORDS], u32);

/// The way of one column's code from a coder's key to the final one.
struct Move<'a> {
    from: Slot,
    ranks: &'a [u32],
    word: usize,
    shift: u32,
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
    pub(super) fn combine<const WORDS: usize>(
        &self,
        coders: Vec<Counts>,
        ranks: &[Vec<u32>],
    ) -> Combinations {
        let threads = coders.len();
        let lists: Vec<Vec<Entry<WORDS>>> =
            parallel::on_each(coders, |counts| self.entries(counts, ranks));
        let ranges = self.ranges(&lists, threads);
        let parts = parallel::on_each(ranges, |lists| self.merged(lists));
        drop(lists);
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_else(|| Part::new(&self.distinct));
        for part in parts {
            all.append(part);
        }
        Combinations::new(self.quasi.clone(), all.keys, all.counts, all.sensitive)
    }

    /// The rows of one coder with their final codes, sorted.
    fn entries<const WORDS: usize>(&self, counts: Counts, ranks: &[Vec<u32>]) -> Vec<Entry<WORDS>> {
        let moves = self.moves(&counts.layout, ranks);
        let mut entries: Vec<Entry<WORDS>> = Vec::with_capacity(counts.runs.len());
        let (mut rest, mut keys) = (counts.runs.iter(), Vec::with_capacity(BLOCK));
        loop {
            let begin = entries.len();
            keys.clear();
            entries.extend(rest.by_ref().take(BLOCK).map(|(key, count)| {
                keys.push(key);
                ([0; WORDS], count)
            }));
            if keys.is_empty() {
                break;
            }
            for to in &moves {
                let block = entries.get_mut(begin..).unwrap_or_default();
                for ((packed, _), key) in block.iter_mut().zip(&keys) {
                    let code = to.from.code(key);
                    let rank = to.ranks.get(code as usize).copied().unwrap_or(0);
                    if let Some(word) = packed.get_mut(to.word) {
                        *word |= u64::from(rank).wrapping_shl(to.shift);
                    }
                }
            }
        }
        drop((rest, keys));
        drop(counts);
        entries.sort_unstable();
        entries
    }

    fn moves<'r>(&self, layout: &Layout, ranks: &'r [Vec<u32>]) -> Vec<Move<'r>> {
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
        let places = quasi.chain(sensitive).enumerate();
        places
            .zip(ranks)
            .map(|((column, (word, shift)), ranks)| Move {
                from: layout.slot(column),
                ranks,
                word,
                shift,
            })
            .collect()
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

    /// The sensitive part of a key.
    #[inline]
    fn sensitive_of<'k, const WORDS: usize>(&self, key: &'k [u64; WORDS]) -> &'k [u64] {
        match self.below {
            // The layout's masks leave out what stands above.
            Some(_) => key,
            None => key.get(self.quasi.words()..).unwrap_or_default(),
        }
    }

    /// Cuts sorted lists into as many parts as there are threads: of each list the slice that lies
    /// between the same keys, so that no combination is in two parts.
    fn ranges<'l, const WORDS: usize>(
        &self,
        lists: &'l [Vec<Entry<WORDS>>],
        threads: usize,
    ) -> Vec<Vec<&'l [Entry<WORDS>]>> {
        let mut rest: Vec<&[Entry<WORDS>]> = lists.iter().map(Vec::as_slice).collect();
        let longest = lists.iter().max_by_key(|list| list.len());
        let mut ranges = Vec::new();
        for part in 1..threads {
            let at = longest.map_or(0, |list| list.len() / threads * part);
            let Some((key, _)) = longest.and_then(|list| list.get(at)) else {
                continue;
            };
            let bound = self.quasi_of(*key);
            let mut range = Vec::new();
            for rest in &mut rest {
                let end = rest.partition_point(|(key, _)| self.quasi_of(*key) < bound);
                let (before, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
                range.push(before);
                *rest = behind;
            }
            ranges.push(range);
        }
        ranges.push(rest);
        ranges
    }

    /// Merges sorted lists; neighbours that share their quasi-identifying codes become one
    /// combination.
    fn merged<const WORDS: usize>(&self, mut lists: Vec<&[Entry<WORDS>]>) -> Part {
        let mut part = Part::new(&self.distinct);
        let most = lists.iter().map(|list| list.len()).sum();
        part.keys.reserve(most * self.quasi.words());
        part.counts.reserve(most);
        for column in &mut part.sensitive {
            column.starts.reserve(most);
            column.entries.reserve(most);
        }
        let mut group: Vec<Entry<WORDS>> = Vec::new();
        let mut values = Vec::new();
        while let Some(key) = lists
            .iter()
            .filter_map(|list| list.first())
            .map(|(key, _)| *key)
            .min()
        {
            let mut rows = 0_u32;
            for list in &mut lists {
                if let Some(((first, count), rest)) = list.split_first()
                    && *first == key
                {
                    rows = rows.saturating_add(*count);
                    *list = rest;
                }
            }
            let begins = |(before, _): &Entry<WORDS>| self.quasi_of(*before) != self.quasi_of(key);
            if group.first().is_some_and(begins) {
                self.close(&group, &mut part, &mut values);
                group.clear();
            }
            group.push((key, rows));
        }
        self.close(&group, &mut part, &mut values);
        part
    }

    /// Makes a combination of rows that share their quasi-identifying codes. `values` is room for
    /// the work.
    #[inline]
    fn close<const WORDS: usize>(
        &self,
        group: &[Entry<WORDS>],
        part: &mut Part,
        values: &mut Vec<(u32, u32)>,
    ) {
        let Some((key, count)) = group.first() else {
            return;
        };
        let quasi = self.quasi_of(*key);
        let quasi = quasi.get(..self.quasi.words()).unwrap_or_default();
        part.keys.extend_from_slice(quasi);
        if group.len() == 1 {
            part.counts.push(*count);
            for (column, counted) in part.sensitive.iter_mut().enumerate() {
                let code = self.sensitive.code(self.sensitive_of(key), column);
                counted.entries.push((code, *count));
                counted.starts.push(counted.entries.len());
            }
            return;
        }
        let rows = group
            .iter()
            .fold(0_u32, |rows, (_, count)| rows.saturating_add(*count));
        part.counts.push(rows);
        for (column, counted) in part.sensitive.iter_mut().enumerate() {
            values.clear();
            values.extend(
                group.iter().map(|(key, count)| {
                    (self.sensitive.code(self.sensitive_of(key), column), *count)
                }),
            );
            values.sort_unstable();
            values.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 = kept.1.saturating_add(next.1);
                }
                same
            });
            counted.entries.extend_from_slice(values);
            counted.starts.push(counted.entries.len());
        }
    }
}

/// The combinations of a range of keys.
struct Part {
    keys: Vec<u64>,
    counts: Vec<u32>,
    sensitive: Vec<SensitiveCounts>,
}

impl Part {
    fn new(distinct: &[usize]) -> Self {
        let sensitive = distinct.iter().map(|&distinct| SensitiveCounts {
            distinct,
            starts: vec![0],
            entries: Vec::new(),
        });
        Self {
            keys: Vec::new(),
            counts: Vec::new(),
            sensitive: sensitive.collect(),
        }
    }

    /// Puts the part that comes behind this one behind it.
    fn append(&mut self, mut behind: Self) {
        self.keys.append(&mut behind.keys);
        self.counts.append(&mut behind.counts);
        for (column, mut behind) in self.sensitive.iter_mut().zip(behind.sensitive) {
            let before = column.entries.len();
            let starts = behind.starts.iter().skip(1);
            column.starts.extend(starts.map(|start| before + start));
            column.entries.append(&mut behind.entries);
        }
    }
}
