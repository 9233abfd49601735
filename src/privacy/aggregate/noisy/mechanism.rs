//! What is asked of the cells, what is drawn for it, and with how much noise.

use super::{Data, reach};
use crate::privacy::aggregate::Range;
use crate::privacy::aggregate::contributions::{Limits, Sums};
use crate::privacy::differential::{Delta, Epsilon, Scale, threshold};
use crate::privacy::error::Error;

/// What is counted in each cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Persons,
    /// Values of an amount.
    Values(usize),
    /// The sum of an amount, in cents.
    Sum(usize),
    /// The same, of what each value is above the middle of its range.
    Centred(usize),
    /// Values of an amount in each of its brackets.
    InBrackets(usize),
}

/// A measure that is told with noise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mechanism {
    pub(crate) measure: Measure,
    /// Its share.
    pub(crate) epsilon: Epsilon,
    /// By how much all of its figures move together with one person, at most.
    pub(crate) sensitivity: u128,
    pub(super) scale: Scale,
}

/// A statistic that is asked for, and of which amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The number of persons.
    Persons,
    Sum(usize),
    /// A mean, and with it the number of values.
    Mean(usize),
    /// A share of all values, which is told as the mean of amounts that are all or nothing.
    Share(usize),
    /// Quantiles, of which any number can be read from the same brackets.
    Quantile(usize),
}

impl Asked {
    pub(crate) fn amount(self) -> Option<usize> {
        match self {
            Self::Persons => None,
            Self::Sum(amount)
            | Self::Mean(amount)
            | Self::Share(amount)
            | Self::Quantile(amount) => Some(amount),
        }
    }
}

/// The parts of ε that a statistic gets; of a mean the count of values gets one, and the sum the other.
const PARTS: u64 = 2;

impl Mechanism {
    /// What is to be drawn for these statistics.
    pub(crate) fn all(
        asked: &[Asked],
        epsilon: Epsilon,
        limits: Limits,
        ranges: &[Range],
    ) -> Result<Vec<Self>, Error> {
        let of = PARTS * asked.len() as u64;
        let shares = asked.iter().flat_map(|asked| match *asked {
            Asked::Persons => vec![(Measure::Persons, PARTS)],
            Asked::Sum(amount) => vec![(Measure::Sum(amount), PARTS)],
            Asked::Mean(amount) | Asked::Share(amount) => {
                vec![(Measure::Values(amount), 1), (Measure::Centred(amount), 1)]
            }
            Asked::Quantile(amount) => vec![(Measure::InBrackets(amount), PARTS)],
        });
        let mechanisms = shares.map(|(measure, parts)| {
            let epsilon = epsilon.share(parts, of);
            let sensitivity = measure.sensitivity(limits, ranges);
            let scale = Scale::new(sensitivity, epsilon).ok_or(Error::NoiseTooLarge)?;
            Ok(Self {
                measure,
                epsilon,
                sensitivity,
                scale,
            })
        });
        mechanisms.collect()
    }

    /// The least noisy count with which cells are told that are found in the data, if a person is in so many at most.
    ///
    /// # Errors
    /// Numbers that cannot be reckoned with.
    pub(crate) fn threshold(all: &[Self], limits: Limits, delta: Delta) -> Result<u128, Error> {
        let persons = all.iter().find(|one| one.measure == Measure::Persons);
        let least = persons.and_then(|persons| threshold(persons.scale, limits.cells, delta));
        least.ok_or(Error::NoiseTooLarge)
    }
}

impl Measure {
    /// By how much one person moves all figures together, at most.
    pub(super) fn sensitivity(self, limits: Limits, ranges: &[Range]) -> u128 {
        let (cells, rows) = (u128::from(limits.cells), u128::from(limits.rows));
        let range = |amount: usize| {
            ranges
                .get(amount)
                .copied()
                .unwrap_or(Range { low: 0, high: 0 })
        };
        match self {
            Self::Persons => cells,
            // A value is in one bracket.
            Self::Values(_) | Self::InBrackets(_) => cells * rows,
            Self::Sum(amount) => {
                let Range { low, high } = range(amount);
                cells * rows * u128::from(low.unsigned_abs().max(high.unsigned_abs()))
            }
            Self::Centred(amount) => cells * rows * u128::from(reach(range(amount))),
        }
    }

    /// How many figures it has in a cell.
    pub(super) fn figures(self, data: &Data<'_>) -> usize {
        match self {
            Self::InBrackets(amount) => data.brackets(amount).map_or(0, |all| all.count),
            _ => 1,
        }
    }

    pub(super) fn exact(self, sums: &Sums, data: &Data<'_>, (cell, at): (usize, usize)) -> i128 {
        let of = |amount: usize| -> (u64, i128) {
            let sums = sums.amounts.get(amount).and_then(|sums| sums.get(cell));
            sums.copied().unwrap_or_default()
        };
        match self {
            Self::Persons => sums.persons.get(cell).copied().unwrap_or(0).into(),
            Self::Values(amount) => of(amount).0.into(),
            Self::Sum(amount) => of(amount).1,
            Self::Centred(amount) => {
                let (values, sum) = of(amount);
                let middle = data.ranges.get(amount).map_or(0, |range| range.middle());
                sum - i128::from(values) * i128::from(middle)
            }
            Self::InBrackets(amount) => {
                let counts = sums.in_brackets.get(amount);
                let count = counts.and_then(|counts| counts.get(cell * self.figures(data) + at));
                count.copied().unwrap_or(0).into()
            }
        }
    }
}
