//! Counting: from rows to cells.
//!
//! Memory goes by cells. Where columns say whose rows are whose, only a keyed hash of what identifies a person is kept
//! of them, with what they have in each cell: in a [`Room`] that is bounded, and beyond it put aside (see [`Pairs`]).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;

use super::Told;
use super::aside::Room;
use super::cell::{Cell, Share};
use super::pairs::{OfWorker, Pairs};
use super::shape::{MOST_CELLS, MOST_DIMENSIONS};
use crate::privacy::error::Error;

/// The codes of a row's values.
pub(super) type Key = [u32; MOST_DIMENSIONS];

/// A value, as text.
pub(crate) type Label = Box<[u8]>;

/// What was counted of some rows.
#[derive(Debug)]
pub(crate) struct Tally {
    told: Vec<Told>,
    /// The codes of the values of each column.
    codes: Vec<HashMap<Label, u32, RandomState>>,
    cells: HashMap<Key, u32, RandomState>,
    /// Of rows that are one person each: what there is in each cell.
    alone: Vec<Cell>,
    /// Of persons: what each has in each cell.
    pairs: Pairs,
    /// What one row has of each amount.
    shares: Vec<Share>,
}

impl Tally {
    /// Of so many columns, and amounts of which this is to be told.
    pub(crate) fn new(columns: usize, told: Vec<Told>, room: Room) -> Self {
        Self::empty(columns, told.clone(), Pairs::new(told.len(), room))
    }

    fn empty(columns: usize, told: Vec<Told>, pairs: Pairs) -> Self {
        Self {
            told,
            codes: vec![HashMap::default(); columns],
            cells: HashMap::default(),
            alone: Vec::new(),
            pairs,
            shares: Vec::new(),
        }
    }

    /// An empty one that counts alike, in the same room.
    pub(crate) fn another(&self) -> Self {
        Self::empty(self.codes.len(), self.told.clone(), self.pairs.another())
    }

    /// Counts a row: its values, the hash of its person if that is known, and its amounts in cents.
    pub(crate) fn add<'a>(
        &mut self,
        values: impl Iterator<Item = &'a [u8]>,
        person: Option<u64>,
        amounts: &[Option<i128>],
    ) -> Result<(), Error> {
        let mut key = Key::default();
        for ((value, codes), code) in values.zip(&mut self.codes).zip(&mut key) {
            *code = match codes.get(value) {
                Some(code) => *code,
                None => new_code(codes, value.into())?,
            };
        }
        let cell = self.cell(key)?;
        self.shares.clear();
        self.shares.extend(amounts.iter().map(|amount| Share {
            values: u64::from(amount.is_some()),
            sum: amount.unwrap_or(0),
        }));
        if let Some(person) = person {
            return self.pairs.add(person, cell, &self.shares);
        }
        if let Some(cell) = self.alone.get_mut(cell as usize) {
            cell.add(&self.shares, &self.told, true);
        }
        Ok(())
    }

    /// The number of a cell.
    fn cell(&mut self, key: Key) -> Result<u32, Error> {
        let next = self.cells.len();
        match self.cells.entry(key) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(_) if next >= MOST_CELLS => Err(Error::TooManyCells),
            Entry::Vacant(vacant) => {
                self.alone.push(Cell::new(self.told.len()));
                let number = u32::try_from(next).map_err(|_| Error::TooManyCells)?;
                Ok(*vacant.insert(number))
            }
        }
    }

    /// Adds what was counted of other rows, and gives what there is of persons; `text` gives a value as it is to be
    /// compared.
    fn merge(&mut self, other: Self, text: &dyn Fn(&[u8]) -> Label) -> Result<OfWorker, Error> {
        let mut codes: Vec<Vec<u32>> = Vec::new();
        for (own, others) in self.codes.iter_mut().zip(other.codes) {
            let mut same = vec![0; others.len()];
            for (value, code) in others {
                let value = text(&value);
                let known = match own.get(&value) {
                    Some(known) => *known,
                    None => new_code(own, value)?,
                };
                if let Some(same) = same.get_mut(code as usize) {
                    *same = known;
                }
            }
            codes.push(same);
        }
        let mut cells = vec![0; other.cells.len()];
        for (key, cell) in other.cells {
            let mut own = Key::default();
            for ((own, code), codes) in own.iter_mut().zip(key).zip(&codes) {
                *own = codes.get(code as usize).copied().unwrap_or(0);
            }
            let number = self.cell(own)?;
            let counted = other.alone.get(cell as usize);
            if let (Some(own), Some(counted)) = (self.alone.get_mut(number as usize), counted) {
                own.merge(counted);
            }
            if let Some(cell) = cells.get_mut(cell as usize) {
                *cell = number;
            }
        }
        other.pairs.finish(cells)
    }

    /// What several workers counted together; `text` gives a value as it is to be compared.
    pub(crate) fn together(
        tallies: Vec<Self>,
        text: &dyn Fn(&[u8]) -> Label,
    ) -> Result<Counted, Error> {
        let Some(first) = tallies.first() else {
            return Ok(Counted::default());
        };
        let mut all = first.another();
        let pairs = tallies.into_iter().map(|tally| all.merge(tally, text));
        let pairs: Vec<OfWorker> = pairs.collect::<Result<_, _>>()?;
        Ok(all.counted(pairs))
    }

    /// The cells, and what persons have in them apart.
    fn counted(self, pairs: Vec<OfWorker>) -> Counted {
        let labels = self.codes.iter().map(|codes| {
            let mut labels = vec![Label::default(); codes.len()];
            for (value, code) in codes {
                if let Some(label) = labels.get_mut(*code as usize) {
                    label.clone_from(value);
                }
            }
            labels
        });
        let labels = labels.collect();
        let mut keys = vec![Key::default(); self.alone.len()];
        for (key, cell) in self.cells {
            if let Some(own) = keys.get_mut(cell as usize) {
                *own = key;
            }
        }
        Counted {
            labels,
            told: self.told,
            cells: keys.into_iter().zip(self.alone).collect(),
            pairs,
        }
    }
}

/// A code for a value that has none yet.
fn new_code(codes: &mut HashMap<Label, u32, RandomState>, value: Label) -> Result<u32, Error> {
    let code = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    if codes.len() >= MOST_CELLS {
        return Err(Error::TooManyCells);
    }
    codes.insert(value, code);
    Ok(code)
}

/// What was counted of all rows.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// The values of each column, by their codes.
    pub(crate) labels: Vec<Vec<Label>>,
    /// What is told of each amount.
    pub(super) told: Vec<Told>,
    /// The cells, with rows that are one person each.
    pub(super) cells: Vec<(Key, Cell)>,
    /// What persons have in each cell, by its position in `cells`.
    pub(super) pairs: Vec<OfWorker>,
}

#[cfg(test)]
mod tests {
    use super::super::pairs;
    use super::super::shape::{Margins, Shape};
    use super::*;

    #[test]
    fn persons_count_once_in_a_cell_however_rows_are_shared_out() {
        let rows: [(&[u8], u64, Option<i128>); 6] = [
            (b"x", 1, Some(5)),
            (b"\"x\"", 1, Some(6)),
            (b"x", 2, None),
            (b"y", 2, Some(7)),
            (b"x", 3, Some(1)),
            (b"y", 4, Some(1)),
        ];
        let bare = |text: &[u8]| -> Label {
            let text = text.iter().filter(|byte| **byte != b'"');
            text.copied().collect()
        };
        for split in 0..=rows.len() {
            let (one, other) = rows.split_at(split);
            let first = Tally::new(1, vec![Told::default()], Room::endless());
            let tallies = [one, other].map(|rows| {
                let mut tally = first.another();
                for (value, person, amount) in rows {
                    let values = std::iter::once(*value);
                    tally.add(values, Some(*person), &[*amount]).unwrap();
                }
                tally
            });
            let counted = Tally::together(tallies.into(), &bare).unwrap();
            let label = |key: &Key| counted.labels[0][key[0] as usize].clone();
            let labels: Vec<Label> = counted.cells.iter().map(|(key, _)| label(key)).collect();
            let (_, mut alone): (Vec<Key>, Vec<Cell>) = counted.cells.into_iter().unzip();
            let shape = Shape::new(&[2]).unwrap();
            let margins = Margins::new(&shape, &[0, 1], true);
            let several = pairs::count(&counted.pairs, &counted.told, &mut alone, &margins);
            let several = several.unwrap();
            let mut cells: Vec<_> = labels
                .iter()
                .zip(&alone)
                .map(|(label, cell)| {
                    let amounts = &cell.amounts[0];
                    (
                        &**label, cell.units, cell.movable, amounts.units, amounts.sum,
                    )
                })
                .collect();
            cells.sort_unstable();
            // Person 1 has two rows in x, 2 is in both, 3 and 4 have one row each.
            assert_eq!(cells, [(&b"x"[..], 2, 1, 2, 12), (b"y", 1, 1, 1, 1)]);
            assert_eq!(several.persons, 4);
            // In x, in y and in all.
            let mut told: Vec<_> = several.cells.into_iter().collect();
            told.sort_unstable_by_key(|(place, _)| *place);
            let told = told.iter().map(|(_, cell)| (cell.units, cell.movable));
            assert_eq!(told.collect::<Vec<_>>(), [(1, 0); 3]);
        }
    }

    #[test]
    fn rows_without_persons_are_one_each() {
        let mut tally = Tally::new(2, Vec::new(), Room::endless());
        for values in [["a", "b"], ["a", "b"], ["a", "c"]] {
            let values = values.iter().map(|value| value.as_bytes());
            tally.add(values, None, &[]).unwrap();
        }
        let counted = Tally::together(vec![tally], &|text| text.into()).unwrap();
        let mut units: Vec<u64> = counted.cells.iter().map(|(_, cell)| cell.units).collect();
        units.sort_unstable();
        assert_eq!(units, [1, 2]);
    }
}
