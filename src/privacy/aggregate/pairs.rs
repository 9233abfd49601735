//! The pairs of a person and a cell: what each person has in each cell.
//!
//! Rows are written down one behind the other, by parts of the persons' hashes, and put together by sorting when a part
//! has grown to twice what was left of it before. So memory goes by pairs, and no row waits for a place in memory that
//! is far away, as each would in one table of all persons.

use super::Told;
use super::cell::{Cell, Share};
use crate::base::parallel::on_each;
use crate::privacy::error::Error;

/// The most pairs.
const MOST: usize = 1 << 26;

/// So many parts that one of them fits the caches of a processor.
const PARTS: usize = 256;

/// A part of fewer rows is not put together.
const FEW: usize = 1 << 12;

/// The rows of a person in a cell.
#[derive(Debug, Clone, Copy)]
struct Pair {
    /// The keyed hash of what identifies the person.
    person: u64,
    cell: u32,
    rows: u32,
}

/// Some of the pairs.
#[derive(Debug, Clone, Default)]
struct Part {
    pairs: Vec<Pair>,
    /// What each has of each amount, one behind the other.
    shares: Vec<Share>,
    /// How many there were when they were put together last.
    settled: usize,
}

/// All pairs of some rows.
#[derive(Debug, Clone)]
pub(super) struct Pairs {
    /// How many amounts there are.
    amounts: usize,
    parts: Vec<Part>,
    /// How many were settled in all parts.
    settled: usize,
}

/// Those who are in several cells: what each person has in each of them.
pub(super) type Spread = Vec<Vec<(usize, Vec<Share>)>>;

impl Part {
    fn push(&mut self, pair: Pair, shares: &[Share]) {
        self.pairs.push(pair);
        self.shares.extend_from_slice(shares);
    }

    /// Sorts the pairs by person and cell, and puts equal ones together.
    fn settle(&mut self, amounts: usize) {
        let mut order: Vec<(u64, u32, u32)> = Vec::with_capacity(self.pairs.len());
        let numbered = (0..).zip(&self.pairs);
        order.extend(numbered.map(|(at, pair)| (pair.person, pair.cell, at)));
        order.sort_unstable();
        let mut pairs: Vec<Pair> = Vec::with_capacity(self.pairs.len());
        let mut shares = Vec::with_capacity(self.shares.len());
        for (person, cell, at) in order {
            let at = at as usize;
            let rows = self.pairs.get(at).map_or(0, |pair| pair.rows);
            let own = self.shares.get(at * amounts..(at + 1) * amounts);
            let own = own.unwrap_or_default();
            match pairs.last_mut() {
                Some(last) if (last.person, last.cell) == (person, cell) => {
                    last.rows = last.rows.saturating_add(rows);
                    let first = shares.len() - amounts;
                    let known = shares.iter_mut().skip(first);
                    known
                        .zip(own)
                        .for_each(|(known, own): (&mut Share, _)| known.add(*own));
                }
                _ => {
                    pairs.push(Pair { person, cell, rows });
                    shares.extend_from_slice(own);
                }
            }
        }
        self.settled = pairs.len();
        (self.pairs, self.shares) = (pairs, shares);
    }

    /// Adds each person to the cell that they are in, if it is one; gives the others.
    fn count(&self, told: &[Told], cells: &mut [Cell], spread: &mut Spread) {
        let amounts = told.len();
        let shares = |at: usize| {
            let own = self.shares.get(at * amounts..(at + 1) * amounts);
            own.unwrap_or_default()
        };
        let mut first = 0;
        for of_person in self.pairs.chunk_by(|one, other| one.person == other.person) {
            match of_person {
                [pair] => {
                    if let Some(cell) = cells.get_mut(pair.cell as usize) {
                        cell.add(shares(first), told, pair.rows == 1);
                    }
                }
                several => {
                    let several = (first..).zip(several);
                    let own = several.map(|(at, pair)| (pair.cell as usize, shares(at).to_vec()));
                    spread.push(own.collect());
                }
            }
            first += of_person.len();
        }
    }
}

impl Pairs {
    pub(super) fn new(amounts: usize) -> Self {
        Self {
            amounts,
            parts: vec![Part::default(); PARTS],
            settled: 0,
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.pairs.is_empty())
    }

    /// Adds a row of a person in a cell, with what it has of each amount.
    ///
    /// # Errors
    /// There are too many pairs.
    pub(super) fn add(&mut self, person: u64, cell: u32, shares: &[Share]) -> Result<(), Error> {
        let amounts = self.amounts;
        // Tables of hashes go by their last bits, and sorting by the first.
        let Some(part) = self.parts.get_mut(person as usize % PARTS) else {
            return Ok(());
        };
        let rows = 1;
        part.push(Pair { person, cell, rows }, shares);
        if part.pairs.len() >= FEW.max(2 * part.settled) {
            self.settled -= part.settled;
            part.settle(amounts);
            self.settled += part.settled;
            if self.settled >= MOST {
                return Err(Error::TooManyRows);
            }
        }
        Ok(())
    }

    /// Adds the pairs of other rows, whose cells have these numbers here.
    pub(super) fn merge(&mut self, other: Self, cells: &[u32]) {
        for (own, mut other) in self.parts.iter_mut().zip(other.parts) {
            for pair in &mut other.pairs {
                pair.cell = cells.get(pair.cell as usize).copied().unwrap_or(0);
            }
            match own.pairs.is_empty() {
                true => *own = other,
                false => {
                    own.pairs.append(&mut other.pairs);
                    own.shares.append(&mut other.shares);
                }
            }
        }
    }

    /// Adds each person to the cell that they are in, if it is one, on so many threads; gives the others, in an order of
    /// their hashes.
    ///
    /// # Errors
    /// There are too many pairs.
    pub(super) fn count(
        mut self,
        told: &[Told],
        cells: &mut [Cell],
        threads: usize,
    ) -> Result<Spread, Error> {
        let (amounts, size) = (self.amounts, PARTS.div_ceil(threads.max(1)));
        let places = cells.len();
        let counted = on_each(
            self.parts.chunks_mut(size).collect(),
            |parts: &mut [Part]| {
                let mut cells = vec![Cell::new(amounts); places];
                let (mut spread, mut pairs) = (Spread::new(), 0);
                for part in parts {
                    let mut part = std::mem::take(part);
                    part.settle(amounts);
                    part.count(told, &mut cells, &mut spread);
                    pairs += part.pairs.len();
                }
                (pairs, cells, spread)
            },
        );
        if counted.iter().map(|(pairs, ..)| pairs).sum::<usize>() > MOST {
            return Err(Error::TooManyRows);
        }
        let mut spread = Vec::new();
        for (_, others, mut own) in counted {
            cells
                .iter_mut()
                .zip(&others)
                .for_each(|(cell, other)| cell.merge(other));
            spread.append(&mut own);
        }
        Ok(spread)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// What persons have in cells, counted again: rows, values and sum.
    type Known = BTreeMap<(u64, u32), (u32, u64, i128)>;

    /// Rows of so many persons, some of whom have very many.
    fn rows(count: u64, persons: u64) -> Vec<(u64, u32, Option<i128>)> {
        let mixed = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        let rows = (0..count).map(|at| {
            let dice = mixed(at + 1);
            let person = mixed(if dice % 5 == 0 { 7 } else { dice % persons });
            // Some are in one cell only.
            let cell = if person % 3 == 0 { 1 } else { (dice >> 20) % 4 };
            let amount = (dice % 11 != 0).then_some(i128::from(dice >> 40) - 1000);
            (person, cell as u32, amount)
        });
        rows.collect()
    }

    #[test]
    fn pairs_are_those_that_a_table_of_all_would_have() {
        for (count, persons, workers) in [
            (0, 1, 1),
            (1, 1, 2),
            (900, 40, 3),
            (90_000, 300, 2),
            (60_000, 50_000, 4),
        ] {
            let rows = rows(count, persons);
            let mut known = Known::new();
            let mut pairs = Pairs::new(1);
            for part in rows.chunks(rows.len().div_ceil(workers).max(1)) {
                let mut own = Pairs::new(1);
                for (person, cell, amount) in part {
                    let share = Share {
                        values: u64::from(amount.is_some()),
                        sum: amount.unwrap_or(0),
                    };
                    own.add(*person, *cell, &[share]).unwrap();
                    let (rows, values, sum) = known.entry((*person, *cell)).or_default();
                    (*rows, *values, *sum) = (*rows + 1, *values + share.values, *sum + share.sum);
                }
                // The cells of the other rows have other numbers.
                pairs.merge(own, &[3, 2, 1, 0]);
            }
            let told = [Told {
                sum: true,
                ..Told::default()
            }];
            let mut cells = vec![Cell::new(1); 4];
            let mut spread = pairs.count(&told, &mut cells, workers).unwrap();
            let mut expected = (vec![Cell::new(1); 4], Spread::new());
            let all: Vec<_> = known.into_iter().collect();
            for of_person in all.chunk_by(|one, other| one.0.0 == other.0.0) {
                let own = of_person.iter().map(|((_, cell), (rows, values, sum))| {
                    let (values, sum) = (*values, *sum);
                    (3 - *cell as usize, vec![Share { values, sum }], *rows)
                });
                match own.collect::<Vec<_>>().as_slice() {
                    [(cell, shares, rows)] => expected.0[*cell].add(shares, &told, *rows == 1),
                    several => {
                        let mut several: Vec<_> = several
                            .iter()
                            .map(|(cell, shares, _)| (*cell, shares.clone()))
                            .collect();
                        several.sort_unstable_by_key(|(cell, _)| *cell);
                        expected.1.push(several);
                    }
                }
            }
            let key = |person: &Vec<(usize, Vec<Share>)>| -> Vec<(usize, u64, i128)> {
                person
                    .iter()
                    .map(|(cell, shares)| (*cell, shares[0].values, shares[0].sum))
                    .collect()
            };
            spread.sort_by_key(key);
            expected.1.sort_by_key(key);
            assert_eq!((cells, spread), expected, "{count} rows of {persons}");
        }
    }

    #[test]
    fn rows_of_few_persons_take_no_more_than_these_do() {
        let mut pairs = Pairs::new(0);
        for row in 0..300_000_u64 {
            pairs.add(row % 50, 0, &[]).unwrap();
        }
        let kept: usize = pairs.parts.iter().map(|part| part.pairs.len()).sum();
        assert!(kept <= PARTS * FEW && pairs.settled <= 50, "{kept}");
        let most = pairs.parts.iter().map(|part| part.pairs.len()).max();
        assert!(most <= Some(FEW));
    }
}
