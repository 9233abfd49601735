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
}

/// The parts of ε that a statistic gets; of a mean the sum gets more, as the count of values matters less.
const PARTS: u64 = 3;

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
            Asked::Mean(amount) => vec![
                (Measure::Values(amount), PARTS - 2),
                (Measure::Centred(amount), 2),
            ],
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
                    let summed = (0..shape.dimensions()).filter(|at| is_margin(mask, *at));
                    let place =
                        summed.fold(cell, |place, at| shape.moved(place, at, shape.size(at)));
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
mod tests {
    use rand::rngs::ChaCha12Rng;
    use rand::{Rng as _, SeedableRng as _};

    use super::super::contributions::{Contributions, Counting};
    use super::*;
    use crate::base::error::SystemError;

    struct Fixed(ChaCha12Rng);

    impl Chance for Fixed {
        fn word(&mut self) -> Result<u64, SystemError> {
            Ok(self.0.next_u64())
        }
    }

    const LIMITS: Limits = Limits { cells: 2, rows: 3 };
    const RANGES: [Range; 2] = [
        Range {
            low: 0,
            high: 10_000_000,
        },
        Range {
            low: -300,
            high: 101,
        },
    ];

    #[test]
    fn sensitivities_are_what_one_person_adds_at_most() {
        for (measure, expected) in [
            (Measure::Persons, 2),
            (Measure::Values(0), 6),
            (Measure::Sum(0), 60_000_000),
            (Measure::Centred(0), 30_000_000),
            (Measure::Sum(1), 1_800),
            (Measure::Centred(1), 6 * 201),
        ] {
            assert_eq!(
                measure.sensitivity(LIMITS, &RANGES),
                expected,
                "{measure:?}"
            );
        }
    }

    #[test]
    fn epsilon_is_shared_out() {
        let asked = [Asked::Persons, Asked::Mean(0), Asked::Sum(1)];
        let epsilon: Epsilon = "1".parse().unwrap();
        let all = Mechanism::all(&asked, epsilon, LIMITS, &RANGES).unwrap();
        let shares: Vec<String> = all.iter().map(|one| one.epsilon.to_string()).collect();
        assert_eq!(
            shares,
            ["0.333333333", "0.111111111", "0.222222222", "0.333333333"]
        );
        let wide = Range {
            low: -i64::MAX,
            high: 0,
        };
        let limits = Limits {
            cells: 1_000,
            rows: 1_000,
        };
        let least = "0.000001".parse().unwrap();
        let refused = Mechanism::all(&[Asked::Sum(0)], least, limits, &[wide]);
        assert!(matches!(refused, Err(Error::NoiseTooLarge)));
    }

    /// Rows with a label in each of two columns and an amount, at a given ε.
    fn tabled<T>(rows: u64, epsilon: &str, mut look: impl FnMut(&NoisyTable<'_>, &Sums) -> T) -> T {
        let label = |text: &str| text.as_bytes().into();
        let grid = Grid::new(vec![
            vec![label("a"), label("b")],
            vec![label("x"), label("y"), label("z")],
        ])
        .unwrap();
        let limits = Limits { cells: 1, rows: 1 };
        let how = Counting::new(&grid, limits, &RANGES[..1]);
        let mut counted = Contributions::new(how);
        for row in 0..rows {
            let values = [
                ["a", "b"][row as usize % 2],
                ["x", "y", "x"][row as usize % 3],
            ];
            let amount = 2_000_000 + i128::from(row % 7) * 100_000;
            let values = values.iter().map(|value| value.as_bytes());
            counted.add(values, (None, row), &[Some(amount)], &|text| text.into());
        }
        let sums = Contributions::together(vec![counted]).unwrap();
        let asked = [Asked::Persons, Asked::Mean(0), Asked::Sum(0)];
        let mechanisms = Mechanism::all(&asked, epsilon.parse().unwrap(), limits, &RANGES).unwrap();
        let mut chance = Fixed(ChaCha12Rng::seed_from_u64(5));
        let table =
            NoisyTable::draw((&grid, &RANGES[..1]), &sums, &mechanisms, true, &mut chance).unwrap();
        look(&table, &sums)
    }

    #[test]
    fn all_cells_are_told_and_totals_are_their_sums() {
        tabled(600, "1", |table, _| {
            let places = table.places();
            let names: Vec<String> = places
                .iter()
                .map(|place| {
                    let names = table.names(*place);
                    names
                        .map(|name| name.map_or("Total", |name| str::from_utf8(name).unwrap()))
                        .collect()
                })
                .collect();
            let expected = [
                "ax",
                "ay",
                "az",
                "aTotal",
                "bx",
                "by",
                "bz",
                "bTotal",
                "Totalx",
                "Totaly",
                "Totalz",
                "TotalTotal",
            ];
            assert_eq!(names, expected);
            let told = |at: usize| table.figure(Measure::Persons, places[at]).unwrap();
            assert_eq!(told(3).value, told(0).value + told(1).value + told(2).value);
            assert_eq!(told(11).value, told(3).value + told(7).value);
            let widths = [0, 8, 3, 11].map(|at| told(at).half_width);
            assert!(
                widths.is_sorted() && widths[0] > 0 && widths[1] < 3 * widths[0],
                "{widths:?}"
            );
            // Nobody is there, and noise is all the same.
            assert!([2, 6].iter().any(|at| told(*at).value != 0));
            assert_eq!(table.cells(), 6);
        });
    }

    /// With so large an ε there is no noise, and the figures are the exact ones.
    #[test]
    fn means_are_the_middle_and_the_centred_sum_over_the_count() {
        tabled(600, "1000", |table, sums| {
            for place in table.places() {
                if !table.is_cell(place) {
                    continue;
                }
                let (values, sum) = sums.amounts[0][place];
                let figure = |measure| table.figure(measure, place).unwrap().value;
                assert_eq!(figure(Measure::Persons), i128::from(values));
                let mean = table.mean(0, place);
                if values == 0 {
                    continue;
                }
                let mean = mean.unwrap();
                let exact = sum / i128::from(values);
                assert!(
                    (mean.value - exact).abs() <= mean.half_width,
                    "{mean:?} {exact}"
                );
                assert!(mean.half_width < 100_000, "{mean:?}");
                // The noise of sums is of 30 € each, at this ε.
                assert!((figure(Measure::Sum(0)) - sum).abs() < 1_000_000);
            }
        });
    }

    /// Half-widths hold in 95 of 100 cases, of means too, and means never leave their range by much.
    #[test]
    fn half_widths_hold() {
        let (mut held, mut all) = (0, 0);
        for rows in 0..60 {
            tabled(rows * 7, "2", |table, sums| {
                for place in table
                    .places()
                    .into_iter()
                    .filter(|place| table.is_cell(*place))
                {
                    let (values, sum) = sums.amounts[0][place];
                    let exact = i128::from(values);
                    let figure = table.figure(Measure::Persons, place).unwrap();
                    held += u32::from((figure.value - exact).abs() <= figure.half_width);
                    all += 1;
                    if let (Some(mean), true) = (table.mean(0, place), values > 0) {
                        assert!((0..=10_000_000).contains(&mean.value));
                        assert!(mean.half_width <= 10_000_000);
                        held += u32::from((mean.value - sum / exact).abs() <= mean.half_width);
                        all += 1;
                    }
                }
            });
        }
        assert!(all > 500 && held * 100 >= all * 94, "{held} of {all}");
    }

    #[test]
    fn quotients_are_rounded_to_the_nearest() {
        for (sum, of, expected) in [
            (7, 2, Some(4)),
            (-7, 2, Some(-4)),
            (1, 3, Some(0)),
            (5, 0, None),
            (5, -2, None),
        ] {
            assert_eq!(nearest(sum, of), expected, "{sum} / {of}");
        }
    }
}
