//! The journal as a ledger: what tables with the noise of differential privacy have spent.

use chrono::{DateTime, Utc};

use super::verify::verify_locked;
use super::{Appending, Event, JournalError, Known};

/// What was spent, in billionths of an epsilon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// In the time that a budget is for.
    pub within: u128,
    /// In all.
    pub lifetime: u128,
}

impl Spent {
    /// Adds more that is spent now.
    #[must_use]
    pub fn and(self, nano: u64) -> Self {
        Self {
            within: self.within + u128::from(nano),
            lifetime: self.lifetime + u128::from(nano),
        }
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
        let nano = u128::from(spending.epsilon.nano());
        self.lifetime += nano;
        let time = DateTime::parse_from_rfc3339(&known.time).ok();
        // A line with a time that nobody can read counts, as does one from the future.
        let is_before = since.zip(time).is_some_and(|(since, time)| time < since);
        if !is_before {
            self.within += nano;
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
