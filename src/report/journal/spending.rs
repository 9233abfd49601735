//! The journal as a ledger: what tables with the noise of differential privacy have spent.

use chrono::{DateTime, Utc};

use super::verify::verify_locked;
use super::{Appending, Event, JournalError, Known};
use crate::privacy::differential::{Delta, Epsilon};

/// What several tables of the same people come to: by basic composition, the sums of what each of them spent. That
/// holds however the tables were chosen, and a finer composition is never above it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// In billionths.
    pub epsilon: u128,
    /// In parts of 10^15.
    pub delta: u128,
}

impl Total {
    fn add(&mut self, epsilon: Epsilon, delta: Option<Delta>) {
        self.epsilon += u128::from(epsilon.nano());
        self.delta += u128::from(delta.map_or(0, Delta::parts));
    }
}

/// What was spent.
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
