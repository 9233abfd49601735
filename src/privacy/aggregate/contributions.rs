//! Counting for differential privacy: what each person adds is bounded before anything is added up.
//!
//! The cells are known beforehand, and rows elsewhere count nowhere. Of each person so many cells count, and so
//! many rows in each; which of more, is drawn with keyed hashes whose keys are fresh for each count: the
//! cells with the least hashes of the person and the cell, and the rows with the least hashes of their
//! numbers. So what is kept of a person does not depend on anybody else, nor on the order of rows.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use foldhash::fast::RandomState as Fast;

use super::figures::TOTAL;
use super::shape::{MOST_DIMENSIONS, Shape};
use super::tally::Label;
use crate::privacy::error::Error;

/// What is counted of one person, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Cells.
    pub(crate) cells: u32,
    /// Rows in each of them.
    pub(crate) rows: u32,
}

/// The least and the greatest amount that is added, in cents; others are moved to the nearer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub low: i64,
    /// The greatest.
    pub high: i64,
}

impl Range {
    /// The middle of it, rounded down.
    pub(crate) fn middle(self) -> i64 {
        self.low + (self.high - self.low) / 2
    }
}

/// The cells of a table, which are public.
#[derive(Debug)]
pub(crate) struct Grid {
    /// The values of each column, in the order in which they are told.
    pub(super) labels: Vec<Vec<Label>>,
    codes: Vec<HashMap<Label, usize, Fast>>,
    pub(super) shape: Shape,
}

impl Grid {
    pub(crate) fn new(labels: Vec<Vec<Label>>) -> Result<Self, Error> {
        let sizes: Vec<usize> = labels.iter().map(Vec::len).collect();
        let shape = Shape::new(&sizes).ok_or(Error::TooManyCells)?;
        let codes = labels.iter().map(|labels| {
            let labels = labels.iter().enumerate();
            labels.map(|(at, label)| (label.clone(), at)).collect()
        });
        Ok(Self {
            codes: codes.collect(),
            labels,
            shape,
        })
    }

    /// The cell of a row's values, as they are written; else why there is none.
    fn cell<'v>(
        &self,
        values: impl Iterator<Item = &'v [u8]>,
        text: &dyn Fn(&[u8]) -> Label,
    ) -> Result<usize, Outside> {
        let mut place = [0; MOST_DIMENSIONS];
        let mut outside = None;
        for (at, ((value, codes), place)) in values.zip(&self.codes).zip(&mut place).enumerate() {
            let code = match value.first() {
                Some(b'"') => codes.get(&text(value)),
                _ => codes.get(value),
            };
            match code {
                Some(code) => *place = *code,
                None if value.trim_ascii().eq_ignore_ascii_case(TOTAL.as_bytes()) => {
                    return Err(Outside::Total(at));
                }
                None => outside = Some(Outside::NoKey),
            }
        }
        match outside {
            Some(outside) => Err(outside),
            None => Ok(self.shape.place(place.into_iter())),
        }
    }
}

/// Why a row is in no cell.
enum Outside {
    /// A value is not among the keys of its column.
    NoKey,
    /// The value of this column reads like the name of margins.
    Total(usize),
}

/// A row that counts.
#[derive(Debug, Clone)]
struct Kept {
    cell: u32,
    cell_rank: u64,
    row_rank: u64,
    amounts: Box<[Option<i64>]>,
}

/// What workers need to count alike.
#[derive(Debug, Clone)]
pub(crate) struct Counting<'a> {
    pub(crate) grid: &'a Grid,
    pub(crate) limits: Limits,
    /// Of each amount.
    pub(crate) ranges: &'a [Range],
    cell_key: RandomState,
    row_key: RandomState,
}

impl<'a> Counting<'a> {
    pub(crate) fn new(grid: &'a Grid, limits: Limits, ranges: &'a [Range]) -> Self {
        Self {
            grid,
            limits,
            ranges,
            cell_key: RandomState::new(),
            row_key: RandomState::new(),
        }
    }
}

/// What was counted of some rows.
#[derive(Debug, Clone)]
pub(crate) struct Contributions<'a> {
    how: Counting<'a>,
    sums: Sums,
    /// The rows of each person that count; of rows that are one person each there are none here.
    persons: HashMap<u32, Vec<Kept>, Fast>,
    total: Option<usize>,
}

/// What there is in each cell, and what is in none. It is exact, and not for publication.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    /// Persons, by cell.
    pub(super) persons: Vec<u64>,
    /// For each amount: values and their sum, by cell.
    pub(super) amounts: Vec<Vec<(u64, i128)>>,
    /// Rows of which a value is not among the keys.
    pub(crate) outside: u64,
    /// Rows that were left out because their person has too many.
    pub(crate) over: u64,
    /// Amounts that were moved into their range.
    pub(crate) moved: u64,
}

impl<'a> Contributions<'a> {
    pub(crate) fn new(how: Counting<'a>) -> Self {
        let places = how.grid.shape.len();
        Self {
            sums: Sums {
                persons: vec![0; places],
                amounts: vec![vec![(0, 0); places]; how.ranges.len()],
                ..Sums::default()
            },
            how,
            persons: HashMap::default(),
            total: None,
        }
    }

    /// Counts a row: its values as they are written, the number of its person if that is known, the
    /// number of the row, and its amounts in cents. `text` undoes quotes.
    pub(crate) fn add<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
        (person, row): (Option<u32>, u64),
        amounts: &[Option<i128>],
        text: &dyn Fn(&[u8]) -> Label,
    ) {
        let cell = match self.how.grid.cell(values, text) {
            Ok(cell) => cell,
            Err(Outside::NoKey) => {
                self.sums.outside += 1;
                return;
            }
            Err(Outside::Total(column)) => {
                self.total.get_or_insert(column);
                return;
            }
        };
        let moved = &mut self.sums.moved;
        let amounts = amounts.iter().zip(self.how.ranges).map(|(amount, range)| {
            let amount = (*amount)?;
            let within = amount.clamp(range.low.into(), range.high.into());
            *moved += u64::from(within != amount);
            i64::try_from(within).ok()
        });
        let amounts: Box<[Option<i64>]> = amounts.collect();
        let Some(person) = person else {
            self.sums.add_person(cell);
            self.sums.add_row(cell, &amounts);
            return;
        };
        let kept = Kept {
            cell: u32::try_from(cell).unwrap_or(u32::MAX),
            cell_rank: self.how.cell_key.hash_one((person, cell)),
            row_rank: self.how.row_key.hash_one(row),
            amounts,
        };
        self.keep(person, kept);
    }

    /// Keeps a row of a person, or another one in its place.
    fn keep(&mut self, person: u32, row: Kept) {
        let Limits { cells, rows } = self.how.limits;
        let kept = self.persons.entry(person).or_default();
        let (cell, before) = (row.cell, kept.len());
        kept.push(row);
        let mut known: Vec<(u64, u32)> = kept.iter().map(|row| (row.cell_rank, row.cell)).collect();
        known.sort_unstable();
        known.dedup();
        if known.len() > cells as usize
            && let Some(last) = known.last()
        {
            kept.retain(|row| (row.cell_rank, row.cell) != *last);
        }
        let of_cell = kept.iter().enumerate().filter(|(_, row)| row.cell == cell);
        if of_cell.clone().count() > rows as usize
            && let Some((last, _)) = of_cell.max_by_key(|(_, row)| row.row_rank)
        {
            kept.swap_remove(last);
        }
        self.sums.over += (before + 1).saturating_sub(kept.len()) as u64;
    }

    /// Adds what was counted of other rows.
    fn merge(&mut self, other: Self) {
        for (person, rows) in other.persons {
            rows.into_iter().for_each(|row| self.keep(person, row));
        }
        self.sums.merge(&other.sums);
        self.total = self.total.or(other.total);
    }

    /// What several workers counted together.
    ///
    /// # Errors
    /// The column of which a value reads like the name of margins.
    pub(crate) fn together(all: Vec<Self>) -> Result<Sums, usize> {
        let mut all = all.into_iter();
        let Some(mut first) = all.next() else {
            return Ok(Sums::default());
        };
        all.for_each(|other| first.merge(other));
        if let Some(column) = first.total {
            return Err(column);
        }
        let mut sums = first.sums;
        for mut rows in first.persons.into_values() {
            rows.sort_unstable_by_key(|row| row.cell);
            for of_cell in rows.chunk_by(|one, other| one.cell == other.cell) {
                let cell = of_cell.first().map_or(0, |row| row.cell as usize);
                sums.add_person(cell);
                for row in of_cell {
                    sums.add_row(cell, &row.amounts);
                }
            }
        }
        Ok(sums)
    }
}

impl Sums {
    fn add_person(&mut self, cell: usize) {
        if let Some(persons) = self.persons.get_mut(cell) {
            *persons += 1;
        }
    }

    fn add_row(&mut self, cell: usize, amounts: &[Option<i64>]) {
        for (amount, sums) in amounts.iter().zip(&mut self.amounts) {
            if let (Some(amount), Some((values, sum))) = (amount, sums.get_mut(cell)) {
                *values += 1;
                *sum += i128::from(*amount);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        let persons = self.persons.iter_mut().zip(&other.persons);
        persons.for_each(|(own, more)| *own += more);
        for (own, more) in self.amounts.iter_mut().zip(&other.amounts) {
            for ((values, sum), (more_values, more_sum)) in own.iter_mut().zip(more) {
                *values += more_values;
                *sum += more_sum;
            }
        }
        self.outside += other.outside;
        self.over += other.over;
        self.moved += other.moved;
    }
}

#[cfg(test)]
mod tests;
