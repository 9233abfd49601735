//! A table of figures with the noise of differential privacy.
//!
//! ```text
//!   rows ──► Contributions (bounded) ──► Sums (exact) ──► Mechanisms: one draw for each cell ──► NoisyTable
//! ```
//!
//! ε is shared out among the statistics. Each of them is asked of all cells at once: a person is in few of them,
//! so all of these figures together move by no more than what one person may add. What is told beyond that,
//! totals, means and quantiles, is worked out from the noisy figures alone.

mod mechanism;
mod quantile;

pub(crate) use self::mechanism::{Asked, Measure, Mechanism};
use self::quantile::Widths;
use super::MOST_DIMENSIONS;
use super::brackets::Brackets;
use super::brackets::Range;
use super::contributions::{Grid, Sums};
use crate::privacy::differential::{Chance, half_width, laplace};
use crate::privacy::error::Error;

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

/// What is public of the data: its cells, and what each amount is counted in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Data<'a> {
    pub(crate) grid: &'a Grid,
    pub(crate) ranges: &'a [Range],
    /// Of amounts that quantiles are told of.
    pub(crate) brackets: &'a [Option<Brackets>],
}

impl Data<'_> {
    fn brackets(&self, amount: usize) -> Option<Brackets> {
        self.brackets.get(amount).copied().flatten()
    }
}

/// Which cells are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// All of them, and whether margins are.
    All { totals: bool },
    /// Those whose noisy count of persons is so much at least. The cells are those that were found in the data.
    From(u128),
}

/// A table with noise: all cells, whether anybody is in them or not; or those above a threshold.
#[derive(Debug)]
pub(crate) struct NoisyTable<'a> {
    data: Data<'a>,
    pub(crate) mechanisms: &'a [Mechanism],
    /// What was drawn, by mechanism, place and, within it, bracket; places of margins are sums.
    drawn: Vec<Vec<i128>>,
    /// How many draws are in the figure of a place, by the dimensions that it is a margin of.
    draws: Vec<u64>,
    /// Half-widths by mechanism and margin: for 95 %, and for 97.5 %.
    widths: Vec<Vec<(i128, i128)>>,
    /// Of mechanisms that count in brackets.
    bracket_widths: Vec<Option<Widths>>,
    which: Which,
}

impl<'a> NoisyTable<'a> {
    /// Draws all figures. Nothing exact is left in it.
    pub(crate) fn draw(
        data: Data<'a>,
        sums: &Sums,
        mechanisms: &'a [Mechanism],
        which: Which,
        chance: &mut impl Chance,
    ) -> Result<Self, Error> {
        let shape = &data.grid.shape;
        let masks = 0..1_usize << shape.dimensions();
        let is_margin = |mask: usize, dimension: usize| mask >> dimension & 1 == 1;
        let draws = masks.clone().map(|mask| {
            let summed = (0..shape.dimensions()).filter(|at| is_margin(mask, *at));
            summed.map(|at| shape.size(at) as u64).product()
        });
        let draws: Vec<u64> = draws.collect();
        let totals = which == Which::All { totals: true };
        let (mut drawn, mut widths, mut bracket_widths) = (Vec::new(), Vec::new(), Vec::new());
        for mechanism in mechanisms {
            let each = mechanism.measure.figures(&data);
            let mut figures = vec![0_i128; shape.len() * each];
            let is_cell = |place: &usize| shape.totals(*place) == 0;
            // Of a cell that was found and nobody counts in, nothing is drawn: a person might be in any number of these.
            let is_anybodys = |cell: &usize| match which {
                Which::All { .. } => true,
                Which::From(_) => sums.persons.get(*cell).is_some_and(|persons| *persons > 0),
            };
            for cell in (0..shape.len()).filter(is_cell).filter(is_anybodys) {
                for at in 0..each {
                    let exact = mechanism.measure.exact(sums, &data, (cell, at));
                    let noisy = exact.checked_add(laplace(mechanism.scale, chance)?);
                    let noisy = noisy.ok_or(Error::NoiseTooLarge)?;
                    for mask in masks.clone().filter(|mask| totals || *mask == 0) {
                        let place = shape.margin(cell, mask) * each + at;
                        if let Some(figure) = figures.get_mut(place) {
                            *figure = figure.checked_add(noisy).ok_or(Error::NoiseTooLarge)?;
                        }
                    }
                }
            }
            drawn.push(figures);
            let widths_of = |draws: &u64| {
                let width = |probability| half_width(mechanism.scale, *draws, probability);
                (width(0.05), width(0.025))
            };
            let told = if totals { draws.len() } else { 1 };
            let told = draws.get(..told).unwrap_or_default();
            widths.push(told.iter().map(widths_of).collect());
            let in_brackets = matches!(mechanism.measure, Measure::InBrackets(_));
            bracket_widths.push(in_brackets.then(|| Widths::new(mechanism.scale, told, each)));
        }
        Ok(Self {
            data,
            mechanisms,
            drawn,
            draws,
            widths,
            bracket_widths,
            which,
        })
    }

    /// The places that are told, in their order.
    pub(crate) fn places(&self) -> Vec<usize> {
        let shape = &self.data.grid.shape;
        let reaches = |place: &usize, least: u128| {
            let count = self.measure(Measure::Persons, *place);
            count.is_some_and(|(count, _)| i128::try_from(least).is_ok_and(|least| count >= least))
        };
        let told = |place: &usize| match self.which {
            Which::All { totals } => totals || self.is_cell(*place),
            Which::From(least) => self.is_cell(*place) && reaches(place, least),
        };
        let mut places: Vec<usize> = (0..shape.len()).filter(told).collect();
        if let Which::From(_) = self.which {
            // Not in the order in which they were found.
            places.sort_by_cached_key(|place| {
                let names = self.names(*place).into_iter();
                let names = names.map(|name| name.map(<[u8]>::to_vec));
                names.collect::<Vec<_>>()
            });
            return places;
        }
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
        self.data.grid.shape.totals(place) == 0
    }

    /// How many cells are told, margins apart.
    pub(crate) fn cells(&self) -> u64 {
        match self.which {
            Which::All { .. } => self.draws.last().copied().unwrap_or(0),
            Which::From(_) => self.places().len() as u64,
        }
    }

    /// The least noisy count of a cell that is told, if not all of them are.
    pub(crate) fn threshold(&self) -> Option<u128> {
        match self.which {
            Which::All { .. } => None,
            Which::From(least) => Some(least),
        }
    }

    /// The names of a place's values: nothing for `Total`.
    pub(crate) fn names(&self, place: usize) -> Vec<Option<&[u8]>> {
        self.data.grid.names(place)
    }

    /// The number of a measure's mechanism.
    fn mechanism(&self, measure: Measure) -> Option<usize> {
        let mut mechanisms = self.mechanisms.iter();
        mechanisms.position(|known| known.measure == measure)
    }

    /// The dimensions that a place is a margin of.
    fn mask(&self, place: usize) -> usize {
        let shape = &self.data.grid.shape;
        let margins = (0..shape.dimensions()).filter(|at| shape.is_total(place, *at));
        margins.map(|at| 1 << at).sum()
    }

    /// A measure of a place that has one figure, and its half-widths.
    fn measure(&self, measure: Measure, place: usize) -> Option<(i128, (i128, i128))> {
        let at = self.mechanism(measure)?;
        let value = *self.drawn.get(at)?.get(place)?;
        let widths = *self.widths.get(at)?.get(self.mask(place))?;
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
        let range = *self.data.ranges.get(amount)?;
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
