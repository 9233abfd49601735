//! The figures of a table: each cell that occurs, and its margins.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::Told;
use super::cell::Cell;
use super::pairs;
use super::shape::{Margins, Shape};
use super::tally::{Counted, Label};
use crate::privacy::error::Error;

/// What a margin is called.
pub(crate) const TOTAL: &str = "Total";

/// A column that figures are told by.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Its name in the output.
    pub(crate) name: String,
    /// Whether it tells something that nobody is to learn of a person.
    pub(crate) sensitive: bool,
}

/// A table's figures.
#[derive(Debug)]
pub(crate) struct Figures {
    /// The values of each dimension in their order, without `Total`.
    labels: Vec<Vec<Label>>,
    pub(super) shape: Shape,
    /// Whether margins are published.
    pub(super) totals: bool,
    pub(crate) columns: Vec<Column>,
    /// What is told of each amount.
    pub(super) told: Vec<Told>,
    /// The places that occur, in their order.
    pub(super) cells: Vec<(usize, Cell)>,
    /// All persons.
    pub(super) everybody: u64,
}

impl Figures {
    /// Puts values in their order, and makes margins if they are published.
    pub(crate) fn new(counted: Counted, totals: bool, columns: Vec<Column>) -> Result<Self, Error> {
        let mut labels = Vec::new();
        let mut places: Vec<Vec<usize>> = Vec::new();
        for (values, column) in counted.labels.iter().zip(&columns) {
            let is_total =
                |label: &Label| label.trim_ascii().eq_ignore_ascii_case(TOTAL.as_bytes());
            if values.iter().any(is_total) {
                let column = column.name.clone();
                return Err(Error::TotalCell { column });
            }
            let mut order: Vec<usize> = (0..values.len()).collect();
            let label = |at: &usize| values.get(*at).map_or(&b""[..], |label| label);
            order.sort_by(|one, other| compare(label(one), label(other)));
            let mut place = vec![0; values.len()];
            for (rank, code) in order.iter().enumerate() {
                if let Some(place) = place.get_mut(*code) {
                    *place = rank;
                }
            }
            labels.push(order.iter().map(|at| label(at).into()).collect());
            places.push(place);
        }
        let sizes: Vec<usize> = labels.iter().map(Vec::len).collect();
        let shape = Shape::new(&sizes).ok_or(Error::TooManyCells)?;
        let inner = counted.cells.iter().map(|(key, _)| {
            let coordinates = key
                .iter()
                .zip(&places)
                .map(|(code, places)| places.get(*code as usize).copied().unwrap_or(0));
            shape.place(coordinates)
        });
        let inner: Vec<usize> = inner.collect();
        let mut figures = Self {
            labels,
            shape,
            totals,
            columns,
            told: counted.told.clone(),
            cells: Vec::new(),
            everybody: 0,
        };
        figures.fill(counted, &inner)?;
        Ok(figures)
    }

    /// Counts each place that is published, and everybody.
    fn fill(&mut self, counted: Counted, inner: &[usize]) -> Result<(), Error> {
        let margins = Margins::new(&self.shape, inner, self.totals);
        let (told, (_, mut alone)): (_, (Vec<_>, Vec<Cell>)) =
            (counted.told, counted.cells.into_iter().unzip());
        self.everybody = alone.iter().map(|cell| cell.units).sum();
        let several = pairs::count(&counted.pairs, &told, &mut alone, &margins)?;
        drop(counted.pairs);
        self.everybody += several.persons;
        let mut cells = several.cells;
        for mask in margins.masks() {
            for (at, cell) in (0..).zip(&alone) {
                if cell.units > 0 {
                    let place = cells.entry(margins.of(at, mask) as usize);
                    place.or_insert_with(|| Cell::new(told.len())).merge(cell);
                }
            }
        }
        let mut cells: Vec<(usize, Cell)> = cells.into_iter().collect();
        cells.sort_unstable_by_key(|(place, _)| self.shape_order(*place));
        self.cells = cells;
        Ok(())
    }

    /// The margins that some of these cells are part of, if margins are told.
    pub(super) fn margins_of(&self, cells: &HashSet<usize>) -> HashSet<usize> {
        let masks = match self.totals {
            true => 1..1_usize << self.shape.dimensions(),
            false => 0..0,
        };
        let inner = cells.iter().filter(|place| self.shape.totals(**place) == 0);
        let margins =
            inner.flat_map(|place| masks.clone().map(|mask| self.shape.margin(*place, mask)));
        margins.collect()
    }

    /// In the order of the first dimension first.
    fn shape_order(&self, place: usize) -> [usize; super::MOST_DIMENSIONS] {
        let mut order = [0; super::MOST_DIMENSIONS];
        let coordinates = self.shape.coordinates(place);
        order
            .iter_mut()
            .zip(coordinates)
            .for_each(|(own, coordinate)| *own = coordinate);
        order
    }

    /// The names of a place's values: nothing for `Total`.
    pub(crate) fn names(&self, place: usize) -> impl Iterator<Item = Option<&[u8]>> {
        let coordinates = self.shape.coordinates(place);
        coordinates
            .zip(&self.labels)
            .map(|(at, labels)| labels.get(at).map(|label| &**label))
    }

    /// The places that occur, in their order, with what was counted of them.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().map(|(place, cell)| (*place, cell))
    }

    /// All persons of the table.
    pub(crate) fn everybody(&self) -> u64 {
        self.everybody
    }

    /// The place behind another, in the order in which they are published.
    pub(super) fn sort(&self, places: &mut [usize]) {
        places.sort_unstable_by_key(|place| self.shape_order(*place));
    }
}

/// The order of values: those that begin with a number, such as brackets, by that number.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let by_number = match (number(one), number(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    };
    by_number.then_with(|| one.cmp(other))
}

/// The whole number that a value begins with.
fn number(value: &[u8]) -> Option<i64> {
    let (minus, rest) = match value {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, value),
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
    let number: i64 = str::from_utf8(&digits.copied().collect::<Vec<u8>>())
        .ok()?
        .parse()
        .ok()?;
    Some(if minus { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::super::aside::Room;
    use super::super::tally::Tally;
    use super::*;

    fn columns(names: &[&str]) -> Vec<Column> {
        let columns = names.iter().map(|name| Column {
            name: (*name).to_owned(),
            sensitive: false,
        });
        columns.collect()
    }

    #[test]
    fn brackets_stand_in_the_order_of_their_numbers() {
        let mut values = [
            "100000-120000", "é", "0-20000", "", "-20000-0", "20000-40000", "A",
        ];
        values.sort_by(|one, other| compare(one.as_bytes(), other.as_bytes()));
        let expected = [
            "-20000-0", "0-20000", "20000-40000", "100000-120000", "", "A", "é",
        ];
        assert_eq!(values, expected);
    }

    #[test]
    fn margins_count_each_person_once() {
        let mut tally = Tally::new(2, vec![Told::default()], Room::endless());
        for (region, plan, person, amount) in [
            ("n", "x", 1, 10),
            ("n", "y", 1, 20),
            ("s", "x", 1, 40),
            ("s", "x", 2, 5),
        ] {
            let values = [region, plan];
            let values = values.iter().map(|value| value.as_bytes());
            tally.add(values, Some(person), &[Some(amount)]).unwrap();
        }
        let counted = Tally::together(vec![tally], &|text| text.into()).unwrap();
        let figures = Figures::new(counted, true, columns(&["region", "plan"])).unwrap();
        let told: Vec<(String, u64, i128)> = figures
            .cells
            .iter()
            .map(|(place, cell)| {
                let names = figures.names(*place).map(|name| {
                    name.map_or(TOTAL, |name| str::from_utf8(name).unwrap())
                        .to_owned()
                });
                (
                    names.collect::<Vec<_>>().join(" "),
                    cell.units,
                    cell.amounts[0].sum,
                )
            })
            .collect();
        let expected = [
            ("n x", 1, 10),
            ("n y", 1, 20),
            ("n Total", 1, 30),
            ("s x", 2, 45),
            ("s Total", 2, 45),
            ("Total x", 2, 55),
            ("Total y", 1, 20),
            ("Total Total", 2, 75),
        ];
        let expected = expected.map(|(names, units, sum)| (names.to_owned(), units, sum));
        assert_eq!(told, expected);
        assert_eq!(figures.everybody(), 2);
    }

    #[test]
    fn a_cell_called_total_is_refused() {
        let mut tally = Tally::new(1, Vec::new(), Room::endless());
        let value = b" total".as_slice();
        tally.add(std::iter::once(value), None, &[]).unwrap();
        let counted = Tally::together(vec![tally], &|text| text.into()).unwrap();
        let refused = Figures::new(counted, false, columns(&["region"]));
        assert!(matches!(refused, Err(Error::TotalCell { column }) if column == "region"));
    }
}
