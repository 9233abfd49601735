//! What somebody knows of a table who knows all its published figures: which places are suppressed, and how
//! much could be moved into and out of them.

use std::collections::HashSet;

use super::Demand;
use super::cell::Amounts;
use super::figures::Figures;
use super::shape::{Move, Shape};

/// The most amounts of a table.
pub(crate) const MOST_AMOUNTS: usize = 8;

/// What each place of a table is to an attacker.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) shape: Shape,
    /// The table's place of each place here.
    of_table: Vec<usize>,
    /// Persons; a place that does not occur has none.
    units: Vec<u64>,
    /// How many of them could as well be elsewhere.
    room: Vec<u64>,
    /// By amount, how much of the sum could.
    sums: Vec<Vec<u128>>,
    /// By amount, how far above and below its sum nobody may know a place to be.
    deltas: Vec<Vec<u128>>,
    cost: Vec<u64>,
    suppressed: Vec<bool>,
    threshold: u64,
}

/// How much can be moved along a cube: what is added to its base, and what is taken from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) up: u64,
    pub(super) down: u64,
    pub(super) sums: [(u128, u128); MOST_AMOUNTS],
}

impl Board {
    /// The board of a table. Margins are places of it where they are published; where they are not, all that
    /// is known beside the cells is how many persons there are in all.
    pub(super) fn new(
        figures: &Figures,
        demand: &Demand,
        primary: &HashSet<usize>,
    ) -> Option<Self> {
        let (shape, of_table) = match figures.totals {
            true => (figures.shape.clone(), (0..figures.shape.len()).collect()),
            false => {
                let cells = figures.cells.iter();
                let of_table: Vec<usize> = cells.map(|(place, _)| *place).collect();
                (Shape::new(&[of_table.len()])?, of_table)
            }
        };
        let amounts = figures
            .cells
            .first()
            .map_or(0, |(_, cell)| cell.amounts.len());
        let len = shape.len();
        let mut board = Self {
            of_table,
            units: vec![0; len],
            room: vec![0; len],
            sums: vec![vec![0; len]; amounts],
            deltas: vec![vec![0; len]; amounts],
            cost: vec![0; len],
            suppressed: vec![false; len],
            threshold: demand.threshold,
            shape,
        };
        let negative: Vec<bool> = (0..amounts)
            .map(|amount| {
                let mut cells = figures.cells.iter();
                cells.any(|(_, cell)| cell.amounts.get(amount).is_some_and(Amounts::is_negative))
            })
            .collect();
        for (at, (place, cell)) in figures.cells.iter().enumerate() {
            let here = if figures.totals { *place } else { at };
            set(&mut board.units, here, cell.units);
            set(&mut board.room, here, cell.room());
            let size = u64::from(64 - cell.units.leading_zeros());
            let worth = 3_u64.pow(figures.shape.totals(*place).min(4));
            set(&mut board.cost, here, (16 + size) * worth);
            set(&mut board.suppressed, here, primary.contains(place));
            // Without margins no sum follows from others.
            let columns = cell
                .amounts
                .iter()
                .zip(&negative)
                .filter(|_| figures.totals);
            let arrays = board.sums.iter_mut().zip(&mut board.deltas);
            for ((amounts, negative), (sums, deltas)) in columns.zip(arrays) {
                let sum = u128::try_from(amounts.sum).unwrap_or(0);
                let unbounded = *negative && amounts.units > 0;
                set(sums, here, if unbounded { u128::MAX >> 8 } else { sum });
                let delta = amounts.largest() * u128::from(demand.p_percent);
                set(deltas, here, delta.div_ceil(100));
            }
        }
        Some(board)
    }

    /// Where a place of the board is in the table.
    pub(super) fn of_table(&self, place: usize) -> Option<usize> {
        self.of_table.get(place).copied()
    }

    pub(super) fn occurs(&self, place: usize) -> bool {
        self.units.get(place).is_some_and(|units| *units > 0)
    }

    /// Whether it is one person's, who knows it.
    pub(super) fn is_single(&self, place: usize) -> bool {
        self.units.get(place) == Some(&1)
    }

    pub(super) fn is_suppressed(&self, place: usize) -> bool {
        self.suppressed.get(place).copied().unwrap_or(false)
    }

    pub(super) fn suppress(&mut self, place: usize, suppressed: bool) {
        set(&mut self.suppressed, place, suppressed);
    }

    /// The suppressed places.
    pub(super) fn all_suppressed(&self) -> Vec<usize> {
        let places = 0..self.suppressed.len();
        places.filter(|place| self.is_suppressed(*place)).collect()
    }

    /// What is lost with a place that is not suppressed yet; nothing if it must not be, or does not occur.
    pub(super) fn cost(&self, place: usize) -> Option<u64> {
        if self.is_suppressed(place) {
            return Some(0);
        }
        // How many persons there are in all is known to many.
        let may_be = self.occurs(place) && place != self.shape.grand_total();
        may_be.then(|| self.cost.get(place).copied().unwrap_or(u64::MAX >> 8))
    }

    /// How many persons could leave a place; of a margin, those that are in its cells decide.
    pub(super) fn room(&self, place: usize) -> u64 {
        self.room.get(place).copied().unwrap_or(0)
    }

    /// How far a place must be movable: so many other numbers of persons, and so much of each sum up and
    /// down.
    pub(super) fn need(&self, place: usize) -> Flow {
        let mut need = Flow {
            up: self.threshold.saturating_sub(1),
            ..Flow::default()
        };
        for (own, deltas) in need.sums.iter_mut().zip(&self.deltas) {
            let delta = deltas.get(place).copied().unwrap_or(0);
            *own = (delta, delta);
        }
        need
    }

    /// How much can be moved along a cube where so much of its corners is moved already.
    pub(super) fn flow(&self, corners: &Move, moved: &Moved) -> Flow {
        let least = |negative: bool| {
            let places = corners.inner(negative);
            let left =
                places.map(|place| self.room(place).saturating_sub(moved.of(place, negative)));
            left.min().unwrap_or(0)
        };
        let mut flow = Flow {
            up: least(true),
            down: least(false),
            ..Flow::default()
        };
        for (amount, (sums, own)) in self.sums.iter().zip(&mut flow.sums).enumerate() {
            let least = |negative: bool| {
                let places = corners.inner(negative);
                let left = places.map(|place| {
                    let sum = sums.get(place).copied().unwrap_or(0);
                    sum.saturating_sub(moved.of_sum(place, amount, negative))
                });
                left.min().unwrap_or(0)
            };
            // Nobody is given an amount where nobody has one.
            let empty = |place: usize| sums.get(place).is_none_or(|sum| *sum == 0);
            let mut inner = corners.inner(true).chain(corners.inner(false));
            if !inner.any(empty) {
                *own = (least(true), least(false));
            }
        }
        flow
    }
}

/// What is moved out of places already, by cubes that win their base something, and by cubes that take
/// something from it.
#[derive(Debug, Default)]
pub(super) struct Moved(Vec<(usize, bool, Flow)>);

impl Moved {
    /// Notes what a cube moves.
    pub(super) fn add(&mut self, corners: &Move, flow: &Flow) {
        for negative in [true, false] {
            let places = corners.inner(negative);
            self.0.extend(places.map(|place| (place, negative, *flow)));
        }
    }

    fn at(&self, place: usize, negative: bool) -> impl Iterator<Item = &Flow> {
        let here = self.0.iter();
        let here = here.filter(move |(at, sign, _)| *at == place && *sign == negative);
        here.map(|(.., flow)| flow)
    }

    /// Persons that have left a place: where it is a corner that loses what the base wins, or one that loses
    /// with the base.
    fn of(&self, place: usize, negative: bool) -> u64 {
        let flows = self.at(place, negative);
        flows
            .map(|flow| if negative { flow.up } else { flow.down })
            .sum()
    }

    fn of_sum(&self, place: usize, amount: usize, negative: bool) -> u128 {
        let sums = self
            .at(place, negative)
            .filter_map(|flow| flow.sums.get(amount));
        sums.map(|(up, down)| if negative { *up } else { *down })
            .sum()
    }
}

/// Sets a place of an array, which has it.
fn set<T>(array: &mut [T], place: usize, value: T) {
    if let Some(own) = array.get_mut(place) {
        *own = value;
    }
}
