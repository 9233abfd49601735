//! Whose rows are whose: from the cells that identify a person to the person's number, and a count of
//! persons where nobody has said which cells these are.

use std::hash::{BuildHasher, RandomState};

use crate::io::csv::{Batch, Row};
use crate::privacy::counter::{Persons, Sample};
use crate::rules::table::Missing;

/// What is known of whose rows are whose.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose<'a> {
    /// Nothing: each row counts as one person.
    Unknown,
    /// These columns of the input say so together.
    Told(&'a [usize]),
    /// This column of the input may say so; rows count, and it is looked at whether its cells repeat.
    Suspected(usize),
}

impl<'a> Whose<'a> {
    /// The columns that say so.
    pub(crate) fn told(self) -> Option<&'a [usize]> {
        match self {
            Self::Told(columns) => Some(columns),
            Self::Unknown | Self::Suspected(_) => None,
        }
    }
}

/// Reads whose a row is.
pub(super) struct Identifier<'a> {
    columns: &'a [usize],
    persons: &'a Persons,
    text: Vec<u8>,
    scratch: Vec<u8>,
}

impl<'a> Identifier<'a> {
    pub(super) fn new(columns: &'a [usize], persons: &'a Persons) -> Self {
        Self {
            columns,
            persons,
            text: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// The number of the person of a row. A row of which all these cells are missing is nobody else's.
    pub(super) fn number(&mut self, row: &Row<'_>, batch: &Batch, missing: &Missing) -> u32 {
        let read = (batch, missing);
        read_person(self.columns, row, read, (&mut self.scratch, &mut self.text));
        match !self.text.is_empty() {
            true => self.persons.number(self.persons.hash(&self.text)),
            false => self.persons.nobody(),
        }
    }
}

/// Reads whose a row is, where equal persons need no number: a keyed hash says it. The key is fresh for each count and
/// lives in memory only (see [`Persons`], which also tells how likely two persons have one hash).
#[derive(Debug, Clone)]
pub(super) struct Hasher<'a> {
    columns: &'a [usize],
    key: RandomState,
    text: Vec<u8>,
    scratch: Vec<u8>,
}

impl<'a> Hasher<'a> {
    /// One with a key of its own, which only its clones have.
    pub(super) fn new(columns: &'a [usize]) -> Self {
        Self {
            columns,
            key: RandomState::new(),
            text: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// The hash of the person of a row. A row of which all these cells are missing is nobody else's.
    pub(super) fn person(&mut self, row: &Row<'_>, read: (&Batch, &Missing)) -> u64 {
        read_person(self.columns, row, read, (&mut self.scratch, &mut self.text));
        match self.text.is_empty() {
            false => self.key.hash_one(&self.text),
            true => self.key.hash_one(row.number),
        }
    }
}

/// Puts the cells of these columns, which say whose a row is, into `text`: nothing if all are missing.
pub(super) fn read_person(
    columns: &[usize],
    row: &Row<'_>,
    (batch, missing): (&Batch, &Missing),
    (scratch, text): (&mut Vec<u8>, &mut Vec<u8>),
) {
    let decode = batch.text().needs_decoding();
    text.clear();
    let mut named = false;
    for &column in columns {
        let content = batch.cell(row, column, decode, scratch);
        if !missing.is(content) {
            named = true;
            text.extend_from_slice(content.trim_ascii());
        }
        // No text in UTF-8 has this byte, so the cells of two rows are not mistaken for each other.
        text.push(0xFF);
    }
    if !named {
        text.clear();
    }
}

/// What a worker has to find out of whose rows are whose.
pub(super) enum Watcher<'a> {
    Idle,
    Identifier(Identifier<'a>),
    Sketch(Sketch),
}

impl<'a> Watcher<'a> {
    /// One for each of so many workers. There are `persons` if whose rows are whose was told.
    pub(super) fn all(whose: Whose<'a>, persons: Option<&'a Persons>, workers: usize) -> Vec<Self> {
        let sketch = match whose {
            Whose::Suspected(column) => Some(Sketch::new(column)),
            Whose::Unknown | Whose::Told(_) => None,
        };
        let watchers = (0..workers).map(|_| match (whose, persons, &sketch) {
            (Whose::Told(columns), Some(persons), _) => {
                Self::Identifier(Identifier::new(columns, persons))
            }
            (_, _, Some(sketch)) => Self::Sketch(sketch.clone()),
            _ => Self::Idle,
        });
        watchers.collect()
    }

    /// Whether it is to be known which rows are written.
    pub(super) fn identifies(&self) -> bool {
        matches!(self, Self::Identifier(_))
    }

    /// Takes rows that are published, and appends the numbers of their persons.
    #[inline]
    pub(super) fn take<'r>(
        &mut self,
        rows: impl Iterator<Item = &'r Row<'r>>,
        (batch, missing): (&Batch, &Missing),
        numbers: &mut Vec<u32>,
    ) {
        match self {
            Self::Idle => {}
            Self::Identifier(identifier) => {
                numbers.extend(rows.map(|row| identifier.number(row, batch, missing)));
            }
            Self::Sketch(sketch) => rows.for_each(|row| sketch.add(row, batch, missing)),
        }
    }

    /// What it has counted, if anything.
    pub(super) fn into_sketch(self) -> Option<Sketch> {
        match self {
            Self::Sketch(sketch) => Some(sketch),
            Self::Idle | Self::Identifier(_) => None,
        }
    }
}

/// Counts the rows of persons, of a sample of persons if they are many. Only keyed hashes are kept.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    column: usize,
    key: RandomState,
    persons: Sample,
    scratch: Vec<u8>,
}

/// The rows that have a cell in a column, and how many different cells these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeats {
    /// The column's position in the input.
    pub column: usize,
    /// Rows whose cell is not missing.
    pub rows: u64,
    /// Their different cells.
    pub persons: u64,
    /// Whether that is counted, not estimated from a sample.
    pub exact: bool,
}

impl Repeats {
    /// Whether any cell comes twice.
    pub fn any(&self) -> bool {
        self.persons < self.rows
    }
}

impl Sketch {
    /// A sketch of this column. Only with clones of it can it be put together.
    pub(super) fn new(column: usize) -> Self {
        Self {
            column,
            key: RandomState::new(),
            persons: Sample::default(),
            scratch: Vec::new(),
        }
    }

    /// Counts a row.
    pub(super) fn add(&mut self, row: &Row<'_>, batch: &Batch, missing: &Missing) {
        let decode = batch.text().needs_decoding();
        let content = batch.cell(row, self.column, decode, &mut self.scratch);
        if missing.is(content) {
            return;
        }
        self.persons.add(self.key.hash_one(content.trim_ascii()));
    }

    /// What several workers counted together, if any row has a cell.
    pub(super) fn together(sketches: impl IntoIterator<Item = Self>) -> Option<Repeats> {
        let mut sketches = sketches.into_iter();
        let mut all = sketches.next()?;
        sketches.for_each(|sketch| all.persons.merge(sketch.persons));
        let persons = &all.persons;
        (persons.all() > 0).then_some(Repeats {
            column: all.column,
            rows: persons.all(),
            persons: persons.things(),
            exact: persons.is_whole(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_no_person() {
        let mut sketch = Sketch::new(3);
        assert_eq!(Sketch::together([sketch.clone(), sketch.clone()]), None);
        assert_eq!(Sketch::together([]), None);
        let other = sketch.clone();
        for hash in [1, 1, 2] {
            sketch.persons.add(hash);
        }
        let found = Sketch::together([other, sketch]).unwrap();
        let expected = Repeats {
            column: 3,
            rows: 3,
            persons: 2,
            exact: true,
        };
        assert_eq!(found, expected);
        assert!(found.any());
    }
}
