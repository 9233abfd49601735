//! Counting for differential privacy: what each person adds is bounded before anything is added up.
//!
//! The cells are known beforehand, and rows elsewhere count nowhere; or they are those that are found. Of each person so many cells count, and so
//! many rows in each; which of more, is drawn with keyed hashes whose keys are fresh for each count: the
//! cells with the least hashes of the person and the cell, and the rows with the least hashes of their
//! numbers. So what is kept of a person does not depend on anybody else, nor on the order of rows.

mod grid;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use foldhash::fast::RandomState as Fast;

pub(crate) use self::grid::Grid;
use self::grid::{Outside, Remembered};
use super::brackets::{Brackets, MOST_COUNTS, Range};
use super::tally::Label;
use crate::privacy::error::Error;

/// What is counted of one person, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) cells: u32,
    /// Rows in each of them.
    pub(crate) rows: u32,
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
    /// Of each amount that quantiles are told of.
    pub(crate) brackets: &'a [Option<Brackets>],
    cell_key: RandomState,
    row_key: RandomState,
}

impl<'a> Counting<'a> {
    pub(crate) fn new(
        grid: &'a Grid,
        limits: Limits,
        (ranges, brackets): (&'a [Range], &'a [Option<Brackets>]),
    ) -> Self {
        Self {
            grid,
            limits,
            ranges,
            brackets,
            cell_key: RandomState::new(),
            row_key: RandomState::new(),
        }
    }
}

impl Counting<'_> {
    /// Makes sure that so many cells have no more brackets than can be counted.
    fn check_brackets(&self, places: usize) -> Result<(), Error> {
        let each = self.brackets.iter().flatten().map(|all| all.count);
        match each.sum::<usize>().checked_mul(places) {
            Some(..=MOST_COUNTS) => Ok(()),
            _ => Err(Error::TooManyBrackets),
        }
    }
}

/// What was counted of some rows.
#[derive(Debug, Clone)]
pub(crate) struct Contributions<'a> {
    how: Counting<'a>,
    sums: Sums,
    /// The rows of each person that count; of rows that are one person each there are none here.
    persons: HashMap<u64, Vec<Kept>, Fast>,
    total: Option<usize>,
    remembered: Remembered,
}

/// What there is in each cell, and what is in none. It is exact, and not for publication.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    /// Persons, by cell.
    pub(super) persons: Vec<u64>,
    /// For each amount: values and their sum, by cell.
    pub(super) amounts: Vec<Vec<(u64, i128)>>,
    /// For each amount: values by cell and, within it, bracket.
    pub(super) in_brackets: Vec<Vec<u64>>,
    /// Rows of which a value is not among the keys.
    pub(crate) outside: u64,
    /// Rows that were left out because their person has too many.
    pub(crate) over: u64,
    /// Amounts that were moved into their range.
    pub(crate) moved: u64,
}

impl<'a> Contributions<'a> {
    /// Nothing yet.
    ///
    /// # Errors
    /// Quantiles are to be read from more brackets than can be counted.
    pub(crate) fn new(how: Counting<'a>) -> Result<Self, Error> {
        how.check_brackets(how.grid.places())?;
        let mut sums = Sums {
            amounts: vec![Vec::new(); how.ranges.len()],
            in_brackets: vec![Vec::new(); how.brackets.len()],
            ..Sums::default()
        };
        sums.grow(how.grid.places(), how.brackets);
        Ok(Self {
            sums,
            how,
            persons: HashMap::default(),
            total: None,
            remembered: Remembered::default(),
        })
    }

    /// Counts a row: its values as they are written, the hash of its person if that is known, the
    /// number of the row, and its amounts in cents. `text` undoes quotes.
    ///
    /// # Errors
    /// More cells were found than a table may have.
    pub(crate) fn add<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
        (person, row): (Option<u64>, u64),
        amounts: &[Option<i128>],
        text: &dyn Fn(&[u8]) -> Label,
    ) -> Result<(), Error> {
        let cell = match self.how.grid.cell(values, &mut self.remembered, text)? {
            Ok(cell) => cell,
            Err(Outside::NoKey) => {
                self.sums.outside += 1;
                return Ok(());
            }
            Err(Outside::Total(column)) => {
                self.total.get_or_insert(column);
                return Ok(());
            }
        };
        if cell >= self.sums.persons.len() {
            self.how.check_brackets(cell + 1)?;
            self.sums.grow(cell + 1, self.how.brackets);
        }
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
            self.sums.add_row(cell, &amounts, self.how.brackets);
            return Ok(());
        };
        let kept = Kept {
            cell: u32::try_from(cell).unwrap_or(u32::MAX),
            cell_rank: self.how.cell_key.hash_one((person, cell)),
            row_rank: self.how.row_key.hash_one(row),
            amounts,
        };
        self.keep(person, kept);
        Ok(())
    }

    /// Keeps a row of a person, or another one in its place.
    fn keep(&mut self, person: u64, row: Kept) {
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
        self.sums.merge(&other.sums, self.how.brackets);
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
        sums.grow(first.how.grid.places(), first.how.brackets);
        for mut rows in first.persons.into_values() {
            rows.sort_unstable_by_key(|row| row.cell);
            for of_cell in rows.chunk_by(|one, other| one.cell == other.cell) {
                let cell = of_cell.first().map_or(0, |row| row.cell as usize);
                sums.add_person(cell);
                for row in of_cell {
                    sums.add_row(cell, &row.amounts, first.how.brackets);
                }
            }
        }
        Ok(sums)
    }
}

impl Sums {
    /// Makes room for so many cells.
    fn grow(&mut self, places: usize, brackets: &[Option<Brackets>]) {
        if places <= self.persons.len() {
            return;
        }
        self.persons.resize(places, 0);
        for sums in &mut self.amounts {
            sums.resize(places, (0, 0));
        }
        for (counts, brackets) in self.in_brackets.iter_mut().zip(brackets) {
            counts.resize(places * brackets.map_or(0, |all| all.count), 0);
        }
    }

    fn add_person(&mut self, cell: usize) {
        if let Some(persons) = self.persons.get_mut(cell) {
            *persons += 1;
        }
    }

    fn add_row(&mut self, cell: usize, amounts: &[Option<i64>], brackets: &[Option<Brackets>]) {
        for (amount, sums) in amounts.iter().zip(&mut self.amounts) {
            if let (Some(amount), Some((values, sum))) = (amount, sums.get_mut(cell)) {
                *values += 1;
                *sum += i128::from(*amount);
            }
        }
        let counts = self.in_brackets.iter_mut().zip(brackets);
        for (amount, (counts, brackets)) in amounts.iter().zip(counts) {
            if let (Some(amount), Some(brackets)) = (amount, brackets)
                && let Some(count) = counts.get_mut(cell * brackets.count + brackets.of(*amount))
            {
                *count += 1;
            }
        }
    }

    fn merge(&mut self, other: &Self, brackets: &[Option<Brackets>]) {
        self.grow(other.persons.len(), brackets);
        let persons = self.persons.iter_mut().zip(&other.persons);
        persons.for_each(|(own, more)| *own += more);
        for (own, more) in self.amounts.iter_mut().zip(&other.amounts) {
            for ((values, sum), (more_values, more_sum)) in own.iter_mut().zip(more) {
                *values += more_values;
                *sum += more_sum;
            }
        }
        for (own, more) in self.in_brackets.iter_mut().zip(&other.in_brackets) {
            own.iter_mut()
                .zip(more)
                .for_each(|(own, more)| *own += more);
        }
        self.outside += other.outside;
        self.over += other.over;
        self.moved += other.moved;
    }
}

#[cfg(test)]
mod tests;
