//! The journal as a ledger: what tables with the noise of differential privacy have spent.

use chrono::{DateTime, Utc};

use super::verify::verify_locked;
use super::{Appending, Event, JournalError, Known};
use crate::privacy::differential::{Delta, Epsilon, by_zcdp, kept};

/// The sums of what several tables of the same people spent, whatever they were chosen by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// In billionths.
    pub epsilon: u128,
    /// The squares of ε, in parts of 10^18.
    pub squares: u128,
    /// In parts of 10^15.
    pub delta: u128,
}

impl Total {
    fn add(&mut self, epsilon: Epsilon, delta: Option<Delta>) {
        let nano = u128::from(epsilon.nano());
        self.epsilon += nano;
        // Too many to be reckoned with count as infinitely many.
        self.squares = self.squares.saturating_add(nano * nano);
        self.delta += u128::from(delta.map_or(0, Delta::parts));
    }

    /// What they come to by zCDP, in billionths, if the budget has a δ and they have left of it what is kept for that.
    pub fn by_zcdp(&self, budget: Option<Delta>) -> Option<u128> {
        let budget = budget?;
        let left = u128::from(budget.parts()).checked_sub(self.delta)?;
        let kept = kept(budget);
        (left >= u128::from(kept)).then(|| by_zcdp(self.squares, kept))?
    }

    /// What they come to, in billionths: the sum of ε, or less by zCDP.
    pub fn composed(&self, budget: Option<Delta>) -> u128 {
        let zcdp = self.by_zcdp(budget);
        zcdp.map_or(self.epsilon, |zcdp| zcdp.min(self.epsilon))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// In the time that a budget is for.
    pub within: Total,
    /// In all.
    pub lifetime: Total,
}

impl Spent {
    /// Adds more that is spent now.
    #[must_use]
    pub fn and(mut self, epsilon: Epsilon, delta: Option<Delta>) -> Self {
        self.within.add(epsilon, delta);
        self.lifetime.add(epsilon, delta);
        self
    }

    /// Counts a line, if it is about this dataset. What has no name may be about any.
    fn add(&mut self, known: &Known, dataset: Option<&str>, since: Option<DateTime<Utc>>) {
        let spending = known.spent.as_ref().filter(|_| known.event == Event::Spent);
        let Some(spending) = spending else {
            return;
        };
        let other = matches!((dataset, &spending.dataset), (Some(own), Some(of)) if own != of);
        if other {
            return;
        }
        self.lifetime.add(spending.epsilon, spending.delta);
        let time = DateTime::parse_from_rfc3339(&known.time).ok();
        // A line with a time that nobody can read counts, as does one from the future.
        let is_before = since.zip(time).is_some_and(|(since, time)| time < since);
        if !is_before {
            self.within.add(spending.epsilon, spending.delta);
        }
    }
}

impl Appending<'_> {
    /// Verifies the whole chain, the journals that were rotated too, and adds up what was spent: of these data, and
    /// since then.
    ///
    /// # Errors
    /// [`JournalError`], if the chain is broken anywhere: then nobody knows what was spent.
    pub fn spent(
        &mut self,
        dataset: Option<&str>,
        since: Option<DateTime<Utc>>,
    ) -> Result<Spent, JournalError> {
        let mut spent = Spent::default();
        let journal = &self.0;
        verify_locked(&journal.file, &journal.path, &mut |known| {
            spent.add(known, dataset, since);
        })?;
        Ok(spent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(tables: &[(u64, u64)]) -> Total {
        let mut total = Total::default();
        for (milli, parts) in tables {
            let decimals = |number: &u64, digits: usize| format!("0.{number:0digits$}");
            let delta = decimals(parts, 15).parse().ok();
            total.add(decimals(milli, 3).parse().unwrap(), delta);
        }
        total
    }

    #[test]
    fn many_small_tables_come_to_less_than_their_sum_where_a_delta_is_kept() {
        let budget: Option<Delta> = "0.00001".parse().ok();
        let tables = total(&[(100, 10_000_000); 200]);
        assert_eq!(tables.epsilon, 20_000_000_000);
        assert_eq!(tables.composed(None), 20_000_000_000);
        assert_eq!(tables.by_zcdp(None), None);
        let composed = tables.composed(budget);
        assert!(
            (8_433_844_000..8_433_847_000).contains(&composed),
            "{composed}"
        );
        // A tenth of it must be left.
        let most = total(&[(100, 45_000_000); 200]);
        assert_eq!(most.delta, 9_000_000_000);
        assert_eq!(most.composed(budget), composed);
        let more = total(&[(100, 45_000_001); 200]);
        assert_eq!(more.composed(budget), 20_000_000_000);
        // Few tables come to their sum.
        let few = total(&[(500, 1); 3]);
        assert!(few.by_zcdp(budget) > Some(1_500_000_000));
        assert_eq!(few.composed(budget), 1_500_000_000);
    }

    proptest! {
        /// Each table adds something, and all of them are never more than their sum.
        #[test]
        fn what_tables_come_to_grows_and_is_their_sum_at_most(
            tables in prop::collection::vec((1..1000_u64, 1..1_000_000_u64), 1..300),
        ) {
            let budget: Option<Delta> = "0.000001".parse().ok();
            let mut before = 0;
            for count in 1..=tables.len() {
                let all = total(&tables[..count]);
                let composed = all.composed(budget);
                prop_assert!(composed <= all.epsilon);
                prop_assert!(composed > before);
                before = composed;
            }
        }
    }
}
