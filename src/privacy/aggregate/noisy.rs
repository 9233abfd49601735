//! A table of figures with the noise of differential privacy.
//!
//! ```text
//!   rows ──► Contributions (bounded) ──► Sums (exact) ──► Mechanisms: one draw for each cell ──► NoisyTable
//! ```
//!
//! ε is shared out among the statistics. Each of them is asked of all cells at once: a person is in few of them,
//! so all of these figures together move by no more than what one person may add. What is told beyond that,
//! totals and means, is worked out from the noisy figures alone.

use super::MOST_DIMENSIONS;
use super::contributions::{Grid, Limits, Range, Sums};
use crate::privacy::differential::{Chance, Epsilon, Scale, half_width, laplace};
use crate::privacy::error::Error;

/// What is counted in each cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Persons.
    Persons,
    /// Values of an amount.
    Values(usize),
    /// The sum of an amount, in cents.
    Sum(usize),
    /// The same, of what each value is above the middle of its range.
    Centred(usize),
}

/// A measure that is told with noise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mechanism {
    pub(crate) measure: Measure,
    /// Its share.
    pub(crate) epsilon: Epsilon,
    /// By how much all of its figures move together with one person, at most.
    pub(crate) sensitivity: u128,
    scale: Scale,
}

/// A statistic that is asked for, and of which amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The number of persons.
    Persons,
    /// A sum.
    Sum(usize),
    /// A mean, and with it the number of values.
    Mean(usize),
    /// A share of all values, which is told as the mean of amounts that are all or nothing.
    Share(usize),
}

impl Asked {
    /// The amount that it is of.
    pub(crate) fn amount(self) -> Option<usize> {
        match self {
            Self::Persons => None,
            Self::Sum(amount) | Self::Mean(amount) | Self::Share(amount) => Some(amount),
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
}

impl Measure {
    /// By how much one person moves all figures together, at most.
    fn sensitivity(self, limits: Limits, ranges: &[Range]) -> u128 {
        let (cells, rows) = (u128::from(limits.cells), u128::from(limits.rows));
        let range = |amount: usize| {
            ranges
                .get(amount)
                .copied()
                .unwrap_or(Range { low: 0, high: 0 })
        };
        match self {
            Self::Persons => cells,
            Self::Values(_) => cells * rows,
            Self::Sum(amount) => {
                let Range { low, high } = range(amount);
                cells * rows * u128::from(low.unsigned_abs().max(high.unsigned_abs()))
            }
            Self::Centred(amount) => cells * rows * u128::from(reach(range(amount))),
        }
    }

    /// What it is in a cell.
    fn exact(self, sums: &Sums, ranges: &[Range], cell: usize) -> i128 {
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
                let middle = ranges.get(amount).map_or(0, |range| range.middle());
                sum - i128::from(values) * i128::from(middle)
            }
        }
    }
}

/// How far a value of this range is from its middle, at most.
fn reach(range: Range) -> u64 {
    let middle = range.middle();
    range.high.abs_diff(middle).max(middle.abs_diff(range.low))
}

/// A figure with noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) value: i128,
    /// It is no farther from the truth, in 95 of 100 cases.
    pub(crate) half_width: i128,
}

/// A table with noise: all cells, whether anybody is in them or not.
#[derive(Debug)]
pub(crate) struct NoisyTable<'a> {
    grid: &'a Grid,
    ranges: &'a [Range],
    pub(crate) mechanisms: &'a [Mechanism],
    /// What was drawn, by mechanism and place; places of margins are sums.
    drawn: Vec<Vec<i128>>,
    /// How many draws are in the figure of a place, by the dimensions that it is a margin of.
    draws: Vec<u64>,
    /// Half-widths by mechanism and margin: for 95 %, and for 97.5 %.
    widths: Vec<Vec<(i128, i128)>>,
    totals: bool,
}

impl<'a> NoisyTable<'a> {
    /// Draws all figures. Nothing exact is left in it.
    pub(crate) fn draw(
        (grid, ranges): (&'a Grid, &'a [Range]),
        sums: &Sums,
        mechanisms: &'a [Mechanism],
        totals: bool,
        chance: &mut impl Chance,
    ) -> Result<Self, Error> {
        let shape = &grid.shape;
        let masks = 0..1_usize << shape.dimensions();
        let is_margin = |mask: usize, dimension: usize| mask >> dimension & 1 == 1;
        let draws = masks.clone().map(|mask| {
            let summed = (0..shape.dimensions()).filter(|at| is_margin(mask, *at));
            summed.map(|at| shape.size(at) as u64).product()
        });
        let draws: Vec<u64> = draws.collect();
        let (mut drawn, mut widths) = (Vec::new(), Vec::new());
        for mechanism in mechanisms {
            let mut figures = vec![0_i128; shape.len()];
            for cell in (0..shape.len()).filter(|place| shape.totals(*place) == 0) {
                let exact = mechanism.measure.exact(sums, ranges, cell);
                let noisy = exact.checked_add(laplace(mechanism.scale, chance)?);
                let noisy = noisy.ok_or(Error::NoiseTooLarge)?;
                for mask in masks.clone().filter(|mask| totals || *mask == 0) {
                    let place = shape.margin(cell, mask);
                    if let Some(figure) = figures.get_mut(place) {
                        *figure = figure.checked_add(noisy).ok_or(Error::NoiseTooLarge)?;
                    }
                }
            }
            drawn.push(figures);
            let widths_of = |draws: &u64| {
                let width = |probability| half_width(mechanism.scale, *draws, probability);
                (width(0.05), width(0.025))
            };
            widths.push(draws.iter().map(widths_of).collect());
        }
        Ok(Self {
            grid,
            ranges,
            mechanisms,
            drawn,
            draws,
            widths,
            totals,
        })
    }

    /// The places that are told, in their order.
    pub(crate) fn places(&self) -> Vec<usize> {
        let shape = &self.grid.shape;
        let told = |place: &usize| self.totals || shape.totals(*place) == 0;
        let mut places: Vec<usize> = (0..shape.len()).filter(told).collect();
        places.sort_by_cached_key(|place| {
            let mut order = [0; MOST_DIMENSIONS];
            let coordinates = shape.coordinates(*place);
            order
                .iter_mut()
                .zip(coordinates)
                .for_each(|(own, at)| *own = at);
            order
        });
        places
    }

    /// Whether a place is no margin.
    pub(crate) fn is_cell(&self, place: usize) -> bool {
        self.grid.shape.totals(place) == 0
    }

    /// How many cells there are, margins apart.
    pub(crate) fn cells(&self) -> u64 {
        self.draws.last().copied().unwrap_or(0)
    }

    /// The names of a place's values: nothing for `Total`.
    pub(crate) fn names(&self, place: usize) -> impl Iterator<Item = Option<&[u8]>> {
        let coordinates = self.grid.shape.coordinates(place);
        coordinates
            .zip(&self.grid.labels)
            .map(|(at, labels)| labels.get(at).map(|label| &**label))
    }

    /// A measure of a place, and its half-widths.
    fn measure(&self, measure: Measure, place: usize) -> Option<(i128, (i128, i128))> {
        let at = self
            .mechanisms
            .iter()
            .position(|known| known.measure == measure)?;
        let value = *self.drawn.get(at)?.get(place)?;
        let shape = &self.grid.shape;
        let margins = (0..shape.dimensions()).filter(|at| shape.is_total(place, *at));
        let mask: usize = margins.map(|at| 1 << at).sum();
        let widths = *self.widths.get(at)?.get(mask)?;
        Some((value, widths))
    }

    /// A count or a sum of a place.
    pub(crate) fn figure(&self, measure: Measure, place: usize) -> Option<Figure> {
        let (value, (half_width, _)) = self.measure(measure, place)?;
        Some(Figure { value, half_width })
    }

    /// The mean of an amount in a place, in cents: the middle of its range plus the noisy centred sum over the noisy
    /// count. Nothing if the count is not above zero.
    pub(crate) fn mean(&self, amount: usize, place: usize) -> Option<Figure> {
        let (sum, (_, sum_width)) = self.measure(Measure::Centred(amount), place)?;
        let (count, (_, count_width)) = self.measure(Measure::Values(amount), place)?;
        let range = *self.ranges.get(amount)?;
        let reach = i128::from(reach(range));
        let above = nearest(sum, count)?.clamp(-reach, reach);
        // Both are within their half-widths in 95 of 100 cases. Then it is (X − m Y) / count, with the noises X and Y
        // and the true m, which is no more than what is told and the error together.
        let rest = count - count_width;
        let error = match rest > 0 {
            true => count
                .checked_mul(rest)
                .zip(sum_width.checked_mul(count))
                .zip(
                    sum.checked_abs()
                        .and_then(|sum| sum.checked_mul(count_width)),
                )
                .and_then(|((below, one), other)| {
                    let error = one.checked_add(other)?;
                    // One cent for the rounding of the mean.
                    error
                        .checked_add(below - 1)?
                        .checked_div(below)?
                        .checked_add(1)
                }),
            false => None,
        };
        let most = reach + above.abs();
        Some(Figure {
            value: i128::from(range.middle()) + above,
            half_width: error.map_or(most, |error| error.min(most)),
        })
    }
}

/// The nearest whole number to a quotient, halves away from zero; nothing if the divisor is not above zero.
fn nearest(sum: i128, of: i128) -> Option<i128> {
    let half = of / 2;
    let sum = match sum < 0 {
        true => sum.checked_sub(half)?,
        false => sum.checked_add(half)?,
    };
    (of > 0).then(|| sum / of)
}

#[cfg(test)]
mod tests;
