//! From rows to combinations: each distinct value gets a code, each distinct row is counted once.
//!
//! Every worker has its own [`Coder`], with its own table and its own memory of codes; only a
//! value that a worker meets for the first time is asked for at the [`Dictionary`] that all share.
//! Which worker meets a value first decides its code, so [`count`] gives the values new codes in
//! their own order and sorts the combinations: what comes out does not depend on threads.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

use foldhash::fast::RandomState;

use super::combinations::{Combinations, Layout, SensitiveCounts};
use super::table::Table;
use crate::error::Error;

/// A value's text.
pub type Text = Box<[u8]>;

/// From texts to codes.
type Codes = HashMap<Text, u32, RandomState>;

/// The distinct values of a column, and the code of each.
#[derive(Debug, Default)]
pub struct Dictionary(Mutex<Codes>);

impl Dictionary {
    /// The code of a value, a new one if it is new.
    fn code(&self, value: &[u8]) -> u32 {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = u32::try_from(codes.len()).unwrap_or(u32::MAX);
        match codes.get(value) {
            Some(code) => *code,
            None => *codes.entry(value.into()).or_insert(next),
        }
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The values that a worker remembers for each column; more are asked for every time.
const REMEMBERED: usize = 1 << 16;

/// Counts the rows that one worker sees.
#[derive(Debug)]
pub struct Coder<'a> {
    dictionaries: &'a [Dictionary],
    remembered: Vec<Codes>,
    /// The codes of the rows that are not in the table yet.
    codes: Vec<u32>,
    /// For each column the number of codes that the layout has room for.
    room: Vec<usize>,
    layout: Layout,
    table: Table,
    key: Vec<u64>,
}

impl<'a> Coder<'a> {
    /// A coder for rows with a value for each dictionary.
    pub fn new(dictionaries: &'a [Dictionary]) -> Self {
        let room = vec![2; dictionaries.len()];
        let layout = Layout::new(&room);
        Self {
            dictionaries,
            remembered: vec![Codes::default(); dictionaries.len()],
            codes: Vec::new(),
            room,
            table: Table::new(layout.words()),
            key: vec![0; layout.words()],
            layout,
        }
    }

    /// Takes the values of a row, one for each column.
    #[inline]
    pub fn row<'v>(&mut self, values: impl IntoIterator<Item = &'v [u8]>) {
        let columns = self.remembered.iter_mut().zip(self.dictionaries);
        for ((remembered, dictionary), value) in columns.zip(values) {
            let code = match remembered.get(value) {
                Some(code) => *code,
                None => {
                    let code = dictionary.code(value);
                    if remembered.len() < REMEMBERED {
                        remembered.insert(value.into(), code);
                    }
                    code
                }
            };
            self.codes.push(code);
        }
    }

    /// Counts the rows taken since the last time. To be called after each batch.
    pub fn flush(&mut self) {
        let columns = self.dictionaries.len().max(1);
        let mut most = vec![0; self.dictionaries.len()];
        for row in self.codes.chunks_exact(columns) {
            for (most, code) in most.iter_mut().zip(row) {
                *most = (*most).max(*code as usize + 1);
            }
        }
        if most.iter().zip(&self.room).any(|(most, room)| most > room) {
            self.make_room();
        }
        for row in self.codes.chunks_exact(columns) {
            self.layout.pack(row.iter().copied(), &mut self.key);
            self.table.add(&self.key, 1);
        }
        self.codes.clear();
    }

    /// Widens the layout to what the dictionaries hold by now, doubled where they grow.
    #[cold]
    fn make_room(&mut self) {
        for (room, dictionary) in self.room.iter_mut().zip(self.dictionaries) {
            let needed = dictionary.len();
            if needed > *room {
                *room = needed.next_power_of_two();
            }
        }
        let layout = Layout::new(&self.room);
        let mut table = Table::for_entries(layout.words(), self.table.len());
        let mut key = vec![0; layout.words()];
        let mut codes = Vec::new();
        for (old, count) in self.table.iter() {
            codes.clear();
            self.layout.unpack(old, &mut codes);
            layout.pack(codes.iter().copied(), &mut key);
            table.add(&key, count);
        }
        (self.layout, self.table, self.key) = (layout, table, key);
    }
}

/// What was counted.
#[derive(Debug)]
pub struct Counted {
    /// The combinations, over the first columns.
    pub combinations: Combinations,
    /// The distinct values of every column, in the order of their codes, which is their own.
    pub values: Vec<Vec<Text>>,
    /// The bytes that the coders' tables took together.
    pub table_bytes: usize,
}

/// Puts together what coders counted: combinations of the first `quasi` columns, the other ones
/// being sensitive. `read` turns a value as it was given into its text.
///
/// # Errors
/// [`Error::TooManyColumns`] if a row's codes do not fit [`MAX_WORDS`] words.
pub fn count(
    dictionaries: Vec<Dictionary>,
    coders: Vec<Counts>,
    quasi: usize,
    read: &(dyn Fn(&[u8]) -> Text + Sync),
) -> Result<Counted, Error> {
    let (values, ranks): (Vec<Vec<Text>>, Vec<Vec<u32>>) = dictionaries
        .into_iter()
        .map(|dictionary| {
            let codes = dictionary
                .0
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner);
            sorted(codes, read)
        })
        .unzip();
    let distinct: Vec<usize> = values.iter().map(Vec::len).collect();
    let (first, rest) = distinct.split_at_checked(quasi).unwrap_or((&distinct, &[]));
    let layouts = Layouts {
        quasi: Layout::new(first),
        sensitive: Layout::new(rest),
        columns: first.len(),
    };
    let table_bytes = coders.iter().map(|counts| counts.table.bytes()).sum();
    let combinations = match layouts.words() {
        1 => layouts.combine::<1>(coders, &ranks, rest),
        2 => layouts.combine::<2>(coders, &ranks, rest),
        3 => layouts.combine::<3>(coders, &ranks, rest),
        4 => layouts.combine::<4>(coders, &ranks, rest),
        5..=MAX_WORDS => layouts.combine::<MAX_WORDS>(coders, &ranks, rest),
        _ => return Err(Error::TooManyColumns),
    };
    Ok(Counted {
        combinations,
        values,
        table_bytes,
    })
}

/// The widest row of codes that is counted, in words of 64 bits: some forty columns.
pub const MAX_WORDS: usize = 10;

/// What one coder counted, without the memory of its codes.
#[derive(Debug)]
pub struct Counts {
    layout: Layout,
    table: Table,
}

impl From<Coder<'_>> for Counts {
    fn from(mut coder: Coder<'_>) -> Self {
        coder.flush();
        Self {
            layout: coder.layout,
            table: coder.table,
        }
    }
}

/// Values in their own order, and for each old code the place in it.
fn sorted(codes: Codes, read: &dyn Fn(&[u8]) -> Text) -> (Vec<Text>, Vec<u32>) {
    let mut values: Vec<(Text, u32)> = codes
        .into_iter()
        .map(|(text, code)| (read(&text), code))
        .collect();
    values.sort_unstable();
    let mut ranks = vec![0; values.len()];
    for (rank, (_, code)) in (0..).zip(&values) {
        if let Some(space) = ranks.get_mut(*code as usize) {
            *space = rank;
        }
    }
    (values.into_iter().map(|(text, _)| text).collect(), ranks)
}

/// How codes are packed in the end: the quasi-identifying ones first, so that rows which share
/// them are neighbours once sorted.
struct Layouts {
    quasi: Layout,
    sensitive: Layout,
    columns: usize,
}

/// A row's key and how many rows have it.
type Entry<const WORDS: usize> = ([u64; WORDS], u32);

impl Layouts {
    fn words(&self) -> usize {
        let sensitive = if self.sensitive.columns() == 0 {
            0
        } else {
            self.sensitive.words()
        };
        self.quasi.words() + sensitive
    }

    fn combine<const WORDS: usize>(
        &self,
        coders: Vec<Counts>,
        ranks: &[Vec<u32>],
        sensitive: &[usize],
    ) -> Combinations {
        let lists: Vec<Vec<Entry<WORDS>>> = thread::scope(|scope| {
            let threads: Vec<_> = coders
                .into_iter()
                .map(|counts| scope.spawn(move || self.entries(&counts, ranks)))
                .collect();
            // A list that a thread could not make leaves rows out, which the caller notices.
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_default())
                .collect()
        });
        let mut entries = lists.into_iter().reduce(merge).unwrap_or_default();
        entries.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
        self.grouped(&entries, sensitive)
    }

    /// The rows of one coder, with their codes' places as codes, sorted.
    fn entries<const WORDS: usize>(
        &self,
        counts: &Counts,
        ranks: &[Vec<u32>],
    ) -> Vec<Entry<WORDS>> {
        let mut entries = Vec::with_capacity(counts.table.len());
        let mut codes = Vec::new();
        for (key, count) in counts.table.iter() {
            codes.clear();
            counts.layout.unpack(key, &mut codes);
            for (code, ranks) in codes.iter_mut().zip(ranks) {
                *code = ranks.get(*code as usize).copied().unwrap_or(0);
            }
            let mut packed = [0; WORDS];
            let (quasi, sensitive) = codes.split_at(self.columns.min(codes.len()));
            if let Some((first, rest)) = packed.split_at_mut_checked(self.quasi.words()) {
                self.quasi.pack(quasi.iter().copied(), first);
                if let Some(rest) = rest.get_mut(..self.sensitive.words()) {
                    self.sensitive.pack(sensitive.iter().copied(), rest);
                }
            }
            entries.push((packed, count));
        }
        entries.sort_unstable();
        entries
    }

    /// Neighbours that share their quasi-identifying codes become one combination.
    fn grouped<const WORDS: usize>(
        &self,
        entries: &[Entry<WORDS>],
        distinct: &[usize],
    ) -> Combinations {
        let words = self.quasi.words();
        let quasi = |entry: &Entry<WORDS>| entry.0.get(..words).map(<[u64]>::to_vec);
        let (mut keys, mut counts) = (Vec::new(), Vec::new());
        let mut sensitive: Vec<SensitiveCounts> = distinct
            .iter()
            .map(|&distinct| SensitiveCounts {
                distinct,
                starts: vec![0],
                entries: Vec::new(),
            })
            .collect();
        let mut values: Vec<(u32, u32)> = Vec::new();
        for group in entries.chunk_by(|one, other| one.0.get(..words) == other.0.get(..words)) {
            keys.extend(group.first().and_then(quasi).unwrap_or_default());
            let rows = group
                .iter()
                .fold(0_u32, |rows, (_, count)| rows.saturating_add(*count));
            counts.push(rows);
            for (column, counted) in sensitive.iter_mut().enumerate() {
                values.clear();
                values.extend(group.iter().map(|(key, count)| {
                    let key = key.get(words..).unwrap_or_default();
                    (self.sensitive.code(key, column), *count)
                }));
                values.sort_unstable();
                values.dedup_by(|next, kept| {
                    let same = next.0 == kept.0;
                    if same {
                        kept.1 = kept.1.saturating_add(next.1);
                    }
                    same
                });
                counted.entries.extend(&values);
                counted.starts.push(counted.entries.len());
            }
        }
        Combinations::new(self.quasi.clone(), keys, counts, sensitive)
    }
}

/// Merges two sorted lists.
fn merge<T: Ord>(one: Vec<T>, other: Vec<T>) -> Vec<T> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    while let (Some(left), Some(right)) = (one.peek(), other.peek()) {
        let smaller = if left <= right {
            one.next()
        } else {
            other.next()
        };
        merged.extend(smaller);
    }
    merged.extend(one);
    merged.extend(other);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(rows: &[[&str; 3]], coders: usize, quasi: usize) -> Counted {
        let dictionaries: Vec<Dictionary> = (0..3).map(|_| Dictionary::default()).collect();
        let mut all: Vec<Coder<'_>> = (0..coders).map(|_| Coder::new(&dictionaries)).collect();
        // The last coder begins, so that codes do not come in the order of the rows.
        for (at, row) in rows.iter().enumerate().rev() {
            let coder = &mut all[at % coders];
            coder.row(row.iter().map(|value| value.as_bytes()));
            if at % 7 == 0 {
                coder.flush();
            }
        }
        let counts = all.into_iter().map(Counts::from).collect();
        count(dictionaries, counts, quasi, &|value| value.into()).unwrap()
    }

    #[test]
    fn rows_are_counted_whatever_the_number_of_coders() {
        let words: Vec<String> = (0..50).map(|number| format!("value {number}")).collect();
        let rows: Vec<[&str; 3]> = (0..2_000_usize)
            .map(|row| {
                let word = |step: usize| words[row * row % (step + 7) % 50].as_str();
                [word(1), word(40), word(13)]
            })
            .collect();
        let one = counted(&rows, 1, 2);
        assert_eq!(one.combinations.rows(), 2_000);
        for coders in 2..5 {
            let more = counted(&rows, coders, 2);
            assert_eq!(more.combinations, one.combinations);
            assert_eq!(more.values, one.values);
        }
        let mut expected: HashMap<(&str, &str), HashMap<&str, u32>> = HashMap::new();
        for [first, second, third] in rows {
            *expected
                .entry((first, second))
                .or_default()
                .entry(third)
                .or_default() += 1;
        }
        assert_eq!(one.combinations.len(), expected.len());
        let text =
            |column: usize, code: u32| str::from_utf8(&one.values[column][code as usize]).unwrap();
        for at in 0..one.combinations.len() {
            let code = |column| one.combinations.code(at, column);
            let thirds = &expected[&(text(0, code(0)), text(1, code(1)))];
            assert_eq!(one.combinations.counts()[at], thirds.values().sum::<u32>());
            let found: HashMap<&str, u32> = one.combinations.sensitive()[0]
                .of(at)
                .iter()
                .map(|(code, count)| (text(2, *code), *count))
                .collect();
            assert_eq!(&found, thirds);
        }
    }

    #[test]
    fn all_columns_or_none_may_be_sensitive() {
        let rows = [["a", "x", "1"], ["a", "y", "1"], ["b", "x", "1"]];
        let all = counted(&rows, 2, 3);
        assert_eq!(
            (all.combinations.len(), all.combinations.sensitive().len()),
            (3, 0)
        );
        let none = counted(&rows, 2, 0);
        assert_eq!(
            (none.combinations.len(), none.combinations.counts()),
            (1, &[3][..])
        );
        assert_eq!(none.combinations.sensitive()[1].of(0), &[(0, 2), (1, 1)]);
    }
}
