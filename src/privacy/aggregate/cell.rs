//! What is counted of a cell: persons, sums, and who contributes most.

use super::Demand;

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
    /// Values.
    pub(crate) values: u64,
    /// Their sum in cents.
    pub(crate) sum: i128,
    /// The sum of what each person contributes, without its sign.
    size: u128,
    /// The largest of these, in falling order.
    largest: [u128; LARGEST],
    /// The least and the greatest of what persons contribute.
    range: Option<(i128, i128)>,
}

impl Amounts {
    /// Adds a person.
    fn add(&mut self, share: Share) {
        let size = share.sum.unsigned_abs();
        let mut largest = [0; LARGEST];
        largest[0] = size;
        self.merge(&Self {
            units: 1,
            values: share.values,
            sum: share.sum,
            size,
            largest,
            range: Some((share.sum, share.sum)),
        });
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
    pub(crate) fn is_unsafe(&self, demand: &Demand) -> bool {
        let Some((low, high)) = self.range else {
            return false;
        };
        self.units < demand.threshold
            || low == high
            || self.is_dominated(demand)
            || self.is_near(demand.p_percent)
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

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Persons.
    pub(crate) units: u64,
    /// Those of them that have one row in all, with a value of each amount.
    pub(crate) movable: u64,
    /// The amounts.
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
    pub(crate) fn add(&mut self, shares: &[Share], all: bool) {
        self.units += 1;
        let whole = shares.iter().all(|share| share.values > 0);
        self.movable += u64::from(all && whole);
        for (amounts, share) in self.amounts.iter_mut().zip(shares) {
            if share.values > 0 {
                amounts.add(*share);
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

    fn amounts(contributions: &[i128]) -> Amounts {
        let mut amounts = Amounts::default();
        for sum in contributions {
            amounts.add(Share {
                values: 1,
                sum: *sum,
            });
        }
        amounts
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
                amounts(contributions).is_unsafe(&demand),
                expected,
                "{case}"
            );
        }
    }

    #[test]
    fn merging_is_adding() {
        let (one, other) = ([5, -7, 300, 2], [9, 9, 1000]);
        let mut merged = amounts(&one);
        merged.merge(&amounts(&other));
        let all: Vec<i128> = one.into_iter().chain(other).collect();
        assert_eq!(merged, amounts(&all));
        assert_eq!(merged.largest, [1000, 300, 9, 9]);
        assert!(merged.is_negative());
    }

    #[test]
    fn the_last_person_stays() {
        let mut cell = Cell::new(1);
        assert_eq!(cell.room(), 0);
        for values in [1, 1, 0, 1] {
            cell.add(&[Share { values, sum: 7 }], true);
        }
        assert_eq!((cell.units, cell.movable, cell.room()), (4, 3, 2));
        cell.add(&[Share { values: 2, sum: 7 }], false);
        assert_eq!((cell.units, cell.movable, cell.room()), (5, 3, 3));
    }
}
