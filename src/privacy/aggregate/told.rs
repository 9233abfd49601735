//! What is told of an amount beside the number of persons.

/// A share of persons, in thousandths: which quantile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(u16);

impl Level {
    /// So many thousandths; nothing for a minimum and a maximum, and beyond.
    pub(crate) fn of_thousandths(thousandths: u16) -> Option<Self> {
        (1..1000)
            .contains(&thousandths)
            .then_some(Self(thousandths))
    }

    pub(super) fn thousandths(self) -> i128 {
        self.0.into()
    }

    /// In percent, as text.
    pub(crate) fn percent(self) -> String {
        match (self.0 / 10, self.0 % 10) {
            (whole, 0) => whole.to_string(),
            (whole, tenth) => format!("{whole}.{tenth}"),
        }
    }

    /// Whose amount it is among so many in rising order, counted from 1.
    pub(super) fn rank(self, of: u64) -> u64 {
        (u128::from(of) * u128::from(self.0)).div_ceil(1000) as u64
    }
}

/// What is told of an amount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Its sum or mean.
    pub(crate) sum: bool,
    /// How many persons have it: it is more than nothing for those, and nothing for the others.
    pub(crate) part: bool,
    /// Which quantiles, in rising order.
    pub(crate) quantiles: Vec<Level>,
    /// What these are rounded to, in cents.
    pub(crate) round: u64,
}

impl Told {
    /// How many sums and numbers of persons follow from each other in the lines of a table.
    pub(crate) fn additive(&self) -> usize {
        usize::from(self.sum) + 2 * usize::from(self.part)
    }

    /// The nearest multiple that quantiles are rounded to, halves upwards, as a number of these.
    pub(super) fn class(&self, amount: i128) -> i128 {
        let round = i128::from(self.round.max(1));
        (2 * amount + round).div_euclid(2 * round)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_classes_are_the_textbook_ones() {
        let level = |thousandths| Level::of_thousandths(thousandths).unwrap();
        for (thousandths, of, rank) in [
            (500, 1, 1),
            (500, 4, 2),
            (500, 5, 3),
            (900, 10, 9),
            (25, 1000, 25),
        ] {
            assert_eq!(level(thousandths).rank(of), rank, "{thousandths} of {of}");
        }
        assert_eq!(
            (level(500).percent(), level(25).percent()),
            ("50".to_owned(), "2.5".to_owned())
        );
        assert_eq!(
            (Level::of_thousandths(0), Level::of_thousandths(1000)),
            (None, None)
        );
        let told = Told {
            round: 100_000,
            ..Told::default()
        };
        for (amount, class) in [
            (0, 0),
            (49_999, 0),
            (50_000, 1),
            (-50_000, 0),
            (-50_001, -1),
            (149_999, 1),
        ] {
            assert_eq!(told.class(amount), class, "{amount}");
        }
    }
}
