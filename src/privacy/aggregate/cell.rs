//! What is counted of a cell: persons, sums, and who contributes most.

use std::collections::BTreeMap;

use super::{Demand, Level, Told};

/// How many of the largest contributions are known.
pub(crate) const LARGEST: usize = 4;

/// What a person has in a cell of one amount: so many values, and their sum in cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) values: u64,
    pub(crate) sum: i128,
}

impl Share {
    pub(crate) fn add(&mut self, other: Self) {
        self.values += other.values;
        self.sum += other.sum;
    }
}

/// The amounts of a cell, of those persons that have any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    /// Persons with a value.
    pub(crate) units: u64,
    pub(crate) values: u64,
    /// Their sum in cents.
    pub(crate) sum: i128,
    /// The sum of what each person contributes, without its sign.
    size: u128,
    /// The largest of these, in falling order.
    largest: [u128; LARGEST],
    /// The least and the greatest of what persons contribute.
    range: Option<(i128, i128)>,
    /// Persons with more than nothing.
    with: u64,
    /// Persons with and without it who could as well be in another cell.
    movable: (u64, u64),
    /// Where quantiles are told, the persons by the rounded mean of what they have.
    classes: BTreeMap<i128, u64>,
}

impl Amounts {
    /// Adds a person, who could be in another cell or not.
    fn add(&mut self, share: Share, told: &Told, is_movable: bool) {
        let is_with = share.sum > 0;
        if !told.quantiles.is_empty() {
            let values = i128::from(share.values);
            // Halves upwards, as classes are rounded.
            let mean = (2 * share.sum + values).div_euclid(2 * values.max(1));
            *self.classes.entry(told.class(mean)).or_default() += 1;
        }
        let mut size = share.sum.unsigned_abs();
        self.units += 1;
        self.values += share.values;
        self.sum += share.sum;
        self.size += size;
        if self.largest.last().is_some_and(|least| *least < size) {
            for largest in &mut self.largest {
                if *largest < size {
                    std::mem::swap(largest, &mut size);
                }
            }
        }
        let (low, high) = self.range.unwrap_or((share.sum, share.sum));
        self.range = Some((low.min(share.sum), high.max(share.sum)));
        self.with += u64::from(is_with);
        self.movable.0 += u64::from(is_movable && is_with);
        self.movable.1 += u64::from(is_movable && !is_with);
    }

    /// Adds other persons.
    fn merge(&mut self, other: &Self) {
        self.units += other.units;
        self.values += other.values;
        self.sum += other.sum;
        self.size += other.size;
        let mut all: Vec<u128> = self.largest.iter().chain(&other.largest).copied().collect();
        all.sort_unstable_by(|one, another| another.cmp(one));
        self.largest
            .iter_mut()
            .zip(all)
            .for_each(|(own, size)| *own = size);
        self.range = match (self.range, other.range) {
            (Some((low, high)), Some((lower, higher))) => Some((low.min(lower), high.max(higher))),
            (range, None) | (None, range) => range,
        };
        self.with += other.with;
        self.movable.0 += other.movable.0;
        self.movable.1 += other.movable.1;
        for (class, persons) in &other.classes {
            *self.classes.entry(*class).or_default() += persons;
        }
    }

    /// The persons with more than nothing, and those without.
    pub(crate) fn parts(&self) -> (u64, u64) {
        (self.with, self.units.saturating_sub(self.with))
    }

    /// Those of them who could as well be in another cell.
    pub(super) fn movable(&self) -> (u64, u64) {
        self.movable
    }

    /// A quantile: how many times what it is rounded to.
    pub(crate) fn quantile(&self, level: Level) -> Option<i128> {
        let rank = level.rank(self.units);
        let mut below = 0;
        let mut classes = self.classes.iter();
        let found = classes.find(|(_, persons)| {
            below += **persons;
            below >= rank
        });
        found.map(|(class, _)| *class)
    }

    /// The largest contribution.
    pub(crate) fn largest(&self) -> u128 {
        self.largest.iter().copied().max().unwrap_or(0)
    }

    /// Whether any person contributes less than nothing.
    pub(crate) fn is_negative(&self) -> bool {
        self.range.is_some_and(|(low, _)| low < 0)
    }

    /// Whether it tells too much of too few persons, if it tells of anybody.
    pub(crate) fn is_unsafe(&self, told: &Told, demand: &Demand) -> bool {
        let Some((low, high)) = self.range else {
            return false;
        };
        let sum = || low == high || self.is_dominated(demand) || self.is_near(demand.p_percent);
        let (with, without) = self.parts();
        self.units < demand.threshold
            || told.sum && sum()
            || told.part && with.min(without) < demand.threshold
    }

    /// Whether quantiles tell too much: fewer persons than the threshold are on either side of one or between
    /// two, or all have the same.
    pub(super) fn has_unsafe_quantiles(&self, told: &Told, demand: &Demand) -> bool {
        if told.quantiles.is_empty() || self.units == 0 {
            return false;
        }
        let ranks = told.quantiles.iter().map(|level| level.rank(self.units));
        let mut below = 0;
        let mut ranks = ranks.chain([self.units + 1]);
        let is_close = ranks.any(|rank| {
            let between = rank.saturating_sub(below + 1);
            below = rank;
            between < demand.threshold
        });
        is_close || self.classes.len() == 1
    }

    /// Whether few contributions are most of it.
    fn is_dominated(&self, demand: &Demand) -> bool {
        let few = self.largest.iter().take(usize::from(demand.dominance.n));
        100 * few.sum::<u128>() > u128::from(demand.dominance.percent) * self.size
    }

    /// Whether the second largest contributor could work out the largest too nearly.
    fn is_near(&self, p_percent: u8) -> bool {
        let two: u128 = self.largest.iter().take(2).sum();
        100 * self.size.saturating_sub(two) < u128::from(p_percent) * self.largest()
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Persons.
    pub(crate) units: u64,
    /// Those of them that have one row in all, with a value of each amount.
    pub(crate) movable: u64,
    pub(crate) amounts: Vec<Amounts>,
}

impl Cell {
    pub(crate) fn new(amounts: usize) -> Self {
        Self {
            units: 0,
            movable: 0,
            amounts: vec![Amounts::default(); amounts],
        }
    }

    /// Adds a person, of whom `all` says whether this is all that there is of them: one row, in no
    /// other cell.
    pub(crate) fn add(&mut self, shares: &[Share], told: &[Told], all: bool) {
        self.units += 1;
        let is_movable = all && shares.iter().all(|share| share.values > 0);
        self.movable += u64::from(is_movable);
        for ((amounts, share), told) in self.amounts.iter_mut().zip(shares).zip(told) {
            if share.values > 0 {
                amounts.add(*share, told, is_movable);
            }
        }
    }

    /// Adds other persons.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.units += other.units;
        self.movable += other.movable;
        for (amounts, more) in self.amounts.iter_mut().zip(&other.amounts) {
            amounts.merge(more);
        }
    }

    /// How many persons could as well be in another cell: not the last one, so that sums can be those of
    /// who stays.
    pub(crate) fn room(&self) -> u64 {
        let amounts = self.amounts.iter().map(|amounts| amounts.units);
        let least = amounts.filter(|units| *units > 0).chain([self.units]).min();
        self.movable.min(least.unwrap_or(0).saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(contributions: &[i128], told: &Told) -> Amounts {
        let mut amounts = Amounts::default();
        for sum in contributions {
            let share = Share {
                values: 1,
                sum: *sum,
            };
            amounts.add(share, told, true);
        }
        amounts
    }

    fn sums() -> Told {
        Told {
            sum: true,
            ..Told::default()
        }
    }

    #[test]
    fn sums_of_too_few_are_told_from_others() {
        let demand = Demand {
            threshold: 3,
            ..Demand::default()
        };
        for (case, contributions, expected) in [
            ("nobody", &[][..], false),
            ("two", &[10, 12], true),
            ("three", &[10, 12, 13], false),
            ("all alike", &[10, 10, 10], true),
            ("one has 86 %", &[860, 70, 70], true),
            ("one has 85 %", &[850, 75, 75], true),
            // 1 000 − 849 − 50 = 101 is over a tenth of 849.
            ("one has 85 %, of many", &[849, 50, 50, 51], false),
            // 84 is 10 % of 840.
            ("two know nearly all", &[840, 800, 83], true),
            ("two do not", &[840, 800, 84], false),
            ("below zero", &[-860, 70, 70], true),
        ] {
            assert_eq!(
                amounts(contributions, &sums()).is_unsafe(&sums(), &demand),
                expected,
                "{case}"
            );
        }
    }

    #[test]
    fn merging_is_adding() {
        let (one, other) = ([5, -7, 300, 2], [9, 9, 1000]);
        let told = Told {
            quantiles: vec![Level::of_thousandths(500).unwrap()],
            round: 10,
            ..sums()
        };
        let mut merged = amounts(&one, &told);
        merged.merge(&amounts(&other, &told));
        let all: Vec<i128> = one.into_iter().chain(other).collect();
        assert_eq!(merged, amounts(&all, &told));
        assert_eq!(merged.largest, [1000, 300, 9, 9]);
        assert!(merged.is_negative());
    }

    #[test]
    fn shares_and_quantiles_need_persons_on_either_side() {
        let demand = Demand {
            threshold: 3,
            ..Demand::default()
        };
        let part = Told {
            part: true,
            ..Told::default()
        };
        for (case, with, without, expected) in [
            ("nobody", 0, 0, false),
            ("all", 9, 0, true),
            ("none", 0, 9, true),
            ("few", 2, 9, true),
            ("few without", 9, 2, true),
            ("enough", 3, 3, false),
        ] {
            let all = [vec![10_000; with], vec![0; without]].concat();
            let all = amounts(&all, &part);
            assert_eq!(all.is_unsafe(&part, &demand), expected, "{case}");
            assert_eq!(all.parts(), (with as u64, without as u64), "{case}");
        }
        for (case, levels, persons, expected) in [
            ("nobody", &[500][..], 0, false),
            ("two below", &[500], 6, true),
            ("three on either side", &[500], 7, false),
            ("two above", &[900], 29, true),
            ("three above", &[900], 30, false),
            ("two between", &[400, 600], 14, true),
            ("three between", &[400, 600], 19, false),
        ] {
            let level = |thousandths: &u16| Level::of_thousandths(*thousandths).unwrap();
            let told = Told {
                quantiles: levels.iter().map(level).collect(),
                round: 100,
                ..Told::default()
            };
            let rising: Vec<i128> = (0..persons).map(|at| 100 * at).collect();
            let found = amounts(&rising, &told);
            assert_eq!(
                found.has_unsafe_quantiles(&told, &demand),
                expected,
                "{case}"
            );
            if persons > 0 {
                let rank = told.quantiles[0].rank(persons as u64);
                let quantile = found.quantile(told.quantiles[0]);
                assert_eq!(quantile, Some(i128::from(rank) - 1), "{case}");
            }
            let alike = amounts(&vec![149; rising.len()], &told);
            assert_eq!(
                alike.has_unsafe_quantiles(&told, &demand),
                persons > 0,
                "{case}"
            );
        }
    }

    #[test]
    fn the_last_person_stays() {
        let mut cell = Cell::new(1);
        assert_eq!(cell.room(), 0);
        for values in [1, 1, 0, 1] {
            cell.add(&[Share { values, sum: 7 }], &[sums()], true);
        }
        assert_eq!((cell.units, cell.movable, cell.room()), (4, 3, 2));
        cell.add(&[Share { values: 2, sum: 7 }], &[sums()], false);
        assert_eq!((cell.units, cell.movable, cell.room()), (5, 3, 3));
    }
}
