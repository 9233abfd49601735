//! Brackets of an amount, which are public: the multiples of a rounding from the lower of its bounds to the upper.
//! Quantiles with noise are read from how many amounts are in each of them.

/// The most brackets of an amount.
const MOST: usize = 10_000;

/// The most brackets of all amounts in all cells together.
pub(crate) const MOST_COUNTS: usize = 10_000_000;

/// The least and the greatest amount that is added, in cents; others are moved to the nearer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub low: i64,
    /// The greatest.
    pub high: i64,
}

impl Range {
    /// The middle of it, rounded down.
    pub(crate) fn middle(self) -> i64 {
        self.low + (self.high - self.low) / 2
    }
}

/// The brackets of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Brackets {
    /// The first, as a number of multiples.
    first: i64,
    pub(crate) count: usize,
    /// What they are multiples of, in cents.
    pub(crate) round: i64,
}

impl Brackets {
    /// Those of amounts in a range; nothing if there is only one of them, or too many.
    pub(crate) fn new(range: Range, round: u64) -> Option<Self> {
        let round = i64::try_from(round).ok().filter(|round| *round > 0)?;
        let first = nearest(range.low, round)?;
        let last = nearest(range.high, round)?;
        let count = usize::try_from(last.checked_sub(first)?)
            .ok()?
            .checked_add(1)?;
        (2..=MOST).contains(&count).then_some(Self {
            first,
            count,
            round,
        })
    }

    /// The bracket of an amount that is within the range.
    pub(super) fn of(self, amount: i64) -> usize {
        let number = nearest(amount, self.round).unwrap_or(self.first);
        let at = usize::try_from(number.saturating_sub(self.first)).unwrap_or(0);
        at.min(self.count - 1)
    }

    /// The amount that stands for a bracket.
    pub(super) fn amount(self, at: usize) -> i128 {
        (i128::from(self.first) + at as i128) * i128::from(self.round)
    }
}

/// The nearest multiple, halves upwards, as a number of these.
fn nearest(amount: i64, round: i64) -> Option<i64> {
    let doubled = i128::from(amount) * 2 + i128::from(round);
    i64::try_from(doubled.div_euclid(2 * i128::from(round))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_the_multiples_within_the_bounds() {
        let range = |low, high| Range { low, high };
        let brackets = Brackets::new(range(-150, 1_000), 100).unwrap();
        assert_eq!((brackets.count, brackets.amount(0)), (12, -100));
        for (amount, expected) in [
            (-150, -100),
            (-51, -100),
            (-50, 0),
            (49, 0),
            (50, 100),
            (1_000, 1_000),
        ] {
            assert_eq!(brackets.amount(brackets.of(amount)), expected, "{amount}");
        }
        assert_eq!(Brackets::new(range(0, 10), 100), None);
        assert_eq!(
            Brackets::new(range(0, 1_000_000), 100).map(|all| all.count),
            None
        );
        assert_eq!(
            Brackets::new(range(0, 999_900), 100).map(|all| all.count),
            Some(10_000)
        );
        assert_eq!(Brackets::new(range(0, 1_000), 0), None);
    }
}
