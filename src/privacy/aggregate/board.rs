//! What somebody knows of a table who knows all its published figures: which places are suppressed, and how
//! much could be moved into and out of them.
//!
//! A share is two numbers of persons, those with and those without: each of them can be moved as a sum can, and whoever
//! else is moved must be one or the other too.

use std::collections::HashSet;

use super::cell::{Amounts, Cell};
use super::figures::Figures;
use super::shape::{Move, Shape};
use super::{Demand, Told};

/// The most sums of a table; a share counts as two.
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
    /// What could be moved beside persons.
    sums: Vec<Sum>,
    cost: Vec<u64>,
    suppressed: Vec<bool>,
    threshold: u64,
}

/// What can be moved beside persons: cents of an amount, or the persons with or without something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Cents,
    With,
    /// Those of the sum before it.
    Without,
}

/// Of each place, how much of a sum could be elsewhere, and how far above and below it nobody may know it to be.
#[derive(Debug)]
struct Sum {
    amount: usize,
    quantity: Quantity,
    room: Vec<u128>,
    deltas: Vec<(u128, u128)>,
    /// Whether anybody there has such an amount.
    occurs: Vec<bool>,
}

impl Sum {
    fn all(told: &[Told], len: usize) -> Vec<Self> {
        let told = told.iter().enumerate().flat_map(|(amount, told)| {
            let cents = told.sum.then_some(Quantity::Cents);
            let parts = [Quantity::With, Quantity::Without].map(|of| told.part.then_some(of));
            let all = cents.into_iter().chain(parts.into_iter().flatten());
            all.map(move |quantity| (amount, quantity))
        });
        let new = |(amount, quantity)| Self {
            amount,
            quantity,
            room: vec![0; len],
            deltas: vec![(0, 0); len],
            occurs: vec![false; len],
        };
        told.map(new).collect()
    }

    /// Notes a cell; `negative` says whether the amount may be below zero somewhere.
    fn note(&mut self, place: usize, cell: &Cell, demand: &Demand, negative: bool) {
        let Some(amounts) = cell.amounts.get(self.amount) else {
            return;
        };
        let (with, without) = amounts.movable();
        let persons = |movable: u64| u128::from(movable.min(cell.room()));
        let (room, delta) = match self.quantity {
            Quantity::Cents => {
                let sum = u128::try_from(amounts.sum).unwrap_or(0);
                let unbounded = negative && amounts.units > 0;
                let delta = amounts.largest() * u128::from(demand.p_percent);
                let delta = delta.div_ceil(100);
                // Where nobody has more than nothing, nobody may know that either.
                let least = u128::from(amounts.units > 0 && demand.p_percent > 0);
                let room = if unbounded { u128::MAX >> 8 } else { sum };
                (room, (delta.max(least), delta))
            }
            Quantity::With | Quantity::Without => {
                let own = self.quantity == Quantity::With;
                let room = persons(if own { with } else { without });
                (room, (u128::from(demand.threshold.saturating_sub(1)), 0))
            }
        };
        set(&mut self.room, place, room);
        set(&mut self.deltas, place, delta);
        set(&mut self.occurs, place, amounts.units > 0);
    }

    fn room(&self, place: usize) -> u128 {
        self.room.get(place).copied().unwrap_or(0)
    }

    fn occurs(&self, place: usize) -> bool {
        self.occurs.get(place).copied().unwrap_or(false)
    }
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
        let amounts = figures.told.len();
        let len = shape.len();
        let mut board = Self {
            of_table,
            units: vec![0; len],
            room: vec![0; len],
            // Without margins no sum follows from others.
            sums: Sum::all(if figures.totals { &figures.told } else { &[] }, len),
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
            for sum in &mut board.sums {
                let negative = negative.get(sum.amount).copied().unwrap_or(true);
                sum.note(here, cell, demand, negative);
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
        for (own, sum) in need.sums.iter_mut().zip(&self.sums) {
            *own = sum.deltas.get(place).copied().unwrap_or_default();
        }
        need
    }

    /// Whether anything is moved beside persons.
    pub(super) fn has_sums(&self) -> bool {
        !self.sums.is_empty()
    }

    /// How many persons can be moved along a cube, up and down, where so many of its corners are moved already.
    pub(super) fn persons(&self, corners: &Move, moved: &Moved) -> (u64, u64) {
        let least = |negative: bool| {
            let moved = |place| moved.of(place, negative);
            let places = corners.inner(negative);
            let left = places.map(|place| self.room(place).saturating_sub(moved(place)));
            let least = left.min().unwrap_or(0);
            if !self.has_sums() {
                return least;
            }
            let moved = |place| u128::from(moved(place));
            let least = u128::from(least).min(self.alike((corners, negative), None, &moved));
            u64::try_from(least).unwrap_or(u64::MAX)
        };
        (least(true), least(false))
    }

    /// How much can be moved along a cube where so much of its corners is moved already.
    pub(super) fn flow(&self, corners: &Move, moved: &Moved) -> Flow {
        let (up, down) = self.persons(corners, moved);
        let mut flow = Flow {
            up,
            down,
            ..Flow::default()
        };
        for (at, (sum, own)) in self.sums.iter().zip(&mut flow.sums).enumerate() {
            let least = |negative: bool| {
                let moved = |place| moved.of_sum(place, at, negative);
                let places = corners.inner(negative);
                let left = places.map(|place| sum.room(place).saturating_sub(moved(place)));
                let least = left.min().unwrap_or(0);
                match sum.quantity {
                    Quantity::Cents => least,
                    // These are persons.
                    _ => least.min(self.alike((corners, negative), Some(sum.amount), &moved)),
                }
            };
            // Nobody is given an amount where nobody has one.
            let empty = |place| sum.quantity == Quantity::Cents && !sum.occurs(place);
            let mut inner = corners.inner(true).chain(corners.inner(false));
            if !inner.any(empty) {
                *own = (least(true), least(false));
            }
        }
        flow
    }

    /// How many persons can leave the corners of a sign if each of them is replaced by one who is with or without
    /// what they are with or without, for each share but one; `moved` have left already.
    fn alike(
        &self,
        (corners, negative): (&Move, bool),
        but: Option<usize>,
        moved: &dyn Fn(usize) -> u128,
    ) -> u128 {
        let least = |sum: &Sum| {
            let places = corners.inner(negative);
            let left = places.map(|place| sum.room(place).saturating_sub(moved(place)));
            left.min().unwrap_or(0)
        };
        let parts = self.sums.iter().zip(self.sums.iter().skip(1));
        let parts = parts
            .filter(|(with, _)| with.quantity == Quantity::With && but != Some(with.amount))
            .map(|(with, without)| least(with) + least(without));
        parts.min().unwrap_or(u128::MAX)
    }
}

/// What is moved out of places already, by cubes that win their base something, and by cubes that take
/// something from it.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// Persons, by place and sign.
    persons: Vec<(usize, bool, u64)>,
    /// Sums, where any are moved.
    sums: Vec<(usize, bool, [u128; MOST_AMOUNTS])>,
}

impl Moved {
    /// Notes what a cube moves.
    pub(super) fn add(&mut self, corners: &Move, flow: &Flow) {
        for negative in [true, false] {
            let persons = if negative { flow.up } else { flow.down };
            if persons > 0 {
                let places = corners.inner(negative);
                self.persons
                    .extend(places.map(|place| (place, negative, persons)));
            }
            let sums = flow.sums.map(|(up, down)| if negative { up } else { down });
            if sums.iter().any(|sum| *sum > 0) {
                let places = corners.inner(negative);
                self.sums
                    .extend(places.map(|place| (place, negative, sums)));
            }
        }
    }

    /// Persons that have left a place: where it is a corner that loses what the base wins, or one that loses
    /// with the base.
    fn of(&self, place: usize, negative: bool) -> u64 {
        let here = self.persons.iter();
        let here = here.filter(|(at, sign, _)| *at == place && *sign == negative);
        here.map(|(.., persons)| persons).sum()
    }

    fn of_sum(&self, place: usize, amount: usize, negative: bool) -> u128 {
        let here = self.sums.iter();
        let here = here.filter(|(at, sign, _)| *at == place && *sign == negative);
        here.filter_map(|(.., sums)| sums.get(amount)).sum()
    }
}

fn set<T>(array: &mut [T], place: usize, value: T) {
    if let Some(own) = array.get_mut(place) {
        *own = value;
    }
}
