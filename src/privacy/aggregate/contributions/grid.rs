//! The cells that rows are counted in: known beforehand, or found in the rows.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::RandomState as Fast;

use crate::privacy::aggregate::figures::TOTAL;
use crate::privacy::aggregate::shape::{MOST_CELLS, MOST_DIMENSIONS, Shape};
use crate::privacy::aggregate::tally::Label;
use crate::privacy::error::Error;

/// The cells of a table.
#[derive(Debug)]
pub(crate) struct Grid {
    /// The values of each column, in the order in which they are told; of a column of any values there are none here.
    labels: Vec<Vec<Label>>,
    codes: Vec<HashMap<Label, usize, Fast>>,
    pub(in crate::privacy::aggregate) shape: Shape,
    cells: Cells,
}

#[derive(Debug)]
enum Cells {
    /// All combinations of the columns' values.
    Known,
    /// Those that occur, by number, while rows are counted: which columns have any values, and what was found.
    Found(Vec<bool>, Mutex<HashMap<Box<[u8]>, u32, Fast>>),
    /// Those that occurred: their values.
    Listed(Vec<Vec<Label>>),
}

/// Why a row is in no cell.
pub(super) enum Outside {
    /// A value is not among the keys of its column.
    NoKey,
    /// The value of this column reads like the name of margins.
    Total(usize),
}

/// What a worker remembers of cells that were found.
#[derive(Debug, Clone, Default)]
pub(super) struct Remembered {
    numbers: HashMap<Box<[u8]>, u32, Fast>,
    key: Vec<u8>,
}

impl Grid {
    /// Cells by these values of each column, or by any where there is none.
    pub(crate) fn new(keys: Vec<Option<Vec<Label>>>) -> Result<Self, Error> {
        let any: Vec<bool> = keys.iter().map(Option::is_none).collect();
        let labels: Vec<Vec<Label>> = keys.into_iter().map(Option::unwrap_or_default).collect();
        let is_known = !any.contains(&true);
        let sizes: Vec<usize> = match is_known {
            true => labels.iter().map(Vec::len).collect(),
            false => Vec::new(),
        };
        let codes = labels.iter().map(|labels| {
            let labels = labels.iter().enumerate();
            labels.map(|(at, label)| (label.clone(), at)).collect()
        });
        Ok(Self {
            shape: Shape::new(&sizes).ok_or(Error::TooManyCells)?,
            codes: codes.collect(),
            labels,
            cells: match is_known {
                true => Cells::Known,
                false => Cells::Found(any, Mutex::default()),
            },
        })
    }

    /// Whether the cells are those that are found in the rows.
    pub(crate) fn is_found(&self) -> bool {
        !matches!(self.cells, Cells::Known)
    }

    /// The cells that were found until now, in the order of their numbers, as a grid of one dimension.
    pub(crate) fn listed(&self) -> Result<Self, Error> {
        let mut cells: Vec<Vec<Label>> = Vec::new();
        if let Cells::Found(_, found) = &self.cells {
            let found = found.lock().unwrap_or_else(PoisonError::into_inner);
            let mut numbered: Vec<_> = found.iter().map(|(key, number)| (*number, key)).collect();
            numbered.sort_unstable();
            cells = numbered.into_iter().map(|(_, key)| values(key)).collect();
        }
        Ok(Self {
            labels: Vec::new(),
            codes: Vec::new(),
            shape: Shape::new(&[cells.len()]).ok_or(Error::TooManyCells)?,
            cells: Cells::Listed(cells),
        })
    }

    /// How many places there are while rows are counted.
    pub(super) fn places(&self) -> usize {
        match &self.cells {
            Cells::Known => self.shape.len(),
            Cells::Found(_, found) => found.lock().unwrap_or_else(PoisonError::into_inner).len(),
            Cells::Listed(cells) => cells.len(),
        }
    }

    /// The names of a place's values: nothing for `Total`.
    pub(in crate::privacy::aggregate) fn names(&self, place: usize) -> Vec<Option<&[u8]>> {
        if let Cells::Listed(cells) = &self.cells {
            let values = cells.get(place).into_iter().flatten();
            return values.map(|value| Some(&**value)).collect();
        }
        let coordinates = self.shape.coordinates(place).zip(&self.labels);
        coordinates
            .map(|(at, labels)| labels.get(at).map(|label| &**label))
            .collect()
    }

    /// The cell of a row's values, as they are written; else why there is none.
    ///
    /// # Errors
    /// More cells were found than a table may have.
    pub(super) fn cell<'v>(
        &self,
        values: impl Iterator<Item = &'v [u8]>,
        remembered: &mut Remembered,
        text: &dyn Fn(&[u8]) -> Label,
    ) -> Result<Result<usize, Outside>, Error> {
        let mut place = [0; MOST_DIMENSIONS];
        let mut outside = None;
        let any = match &self.cells {
            Cells::Found(any, _) => any.as_slice(),
            Cells::Known | Cells::Listed(_) => &[],
        };
        remembered.key.clear();
        for (at, ((value, codes), place)) in values.zip(&self.codes).zip(&mut place).enumerate() {
            let unquoted = value.starts_with(b"\"").then(|| text(value));
            let value = unquoted.as_deref().unwrap_or(value);
            let is_any = any.get(at).copied().unwrap_or(false);
            match codes.get(value) {
                Some(code) => *place = *code,
                None if value.trim_ascii().eq_ignore_ascii_case(TOTAL.as_bytes()) => {
                    return Ok(Err(Outside::Total(at)));
                }
                None if is_any => {}
                None => outside = Some(Outside::NoKey),
            }
            if !any.is_empty() {
                let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
                remembered.key.extend_from_slice(&length.to_le_bytes());
                remembered.key.extend_from_slice(value);
            }
        }
        match (outside, &self.cells) {
            (Some(outside), _) => Ok(Err(outside)),
            (None, Cells::Found(_, found)) => Ok(Ok(remembered.number(found)? as usize)),
            (None, _) => Ok(Ok(self.shape.place(place.into_iter()))),
        }
    }
}

impl Remembered {
    /// The number of the cell of the key.
    fn number(&mut self, found: &Mutex<HashMap<Box<[u8]>, u32, Fast>>) -> Result<u32, Error> {
        if let Some(number) = self.numbers.get(self.key.as_slice()) {
            return Ok(*number);
        }
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        let next = found.len();
        let number = match found.get(self.key.as_slice()) {
            Some(number) => *number,
            None if next >= MOST_CELLS => return Err(Error::TooManyCells),
            None => {
                let number = u32::try_from(next).map_err(|_| Error::TooManyCells)?;
                found.insert(self.key.as_slice().into(), number);
                number
            }
        };
        self.numbers.insert(self.key.as_slice().into(), number);
        Ok(number)
    }
}

fn values(mut key: &[u8]) -> Vec<Label> {
    let mut values = Vec::new();
    while let Some((length, rest)) = key.split_first_chunk() {
        let length = u32::from_le_bytes(*length) as usize;
        let (value, rest) = rest.split_at(length.min(rest.len()));
        values.push(value.into());
        key = rest;
    }
    values
}
