//! What a run takes from a budget of differential privacy: the journal is the ledger.

use chrono::{NaiveTime, Utc};

use super::{RunJournal, stamped};
use crate::privacy::differential::{Delta, Epsilon, kept};
use crate::privacy::error::Error;
use crate::report::journal::{Event, Spending, Spent};
use crate::rules::table::Budget;

/// What a run is to spend, and of what.
pub(in super::super) struct Purse {
    pub(in super::super) epsilon: Epsilon,
    pub(in super::super) delta: Option<Delta>,
    pub(in super::super) budget: Option<Budget>,
    /// What the data are called.
    pub(in super::super) dataset: Option<String>,
    /// What is told of whose rows are whose.
    pub(in super::super) unit: Vec<String>,
}

impl Purse {
    /// Makes sure that there is enough behind what was spent, and gives all that is spent then. A budget with a δ keeps
    /// some of it for zCDP, and ε is what tables come to by that or by their sum, whichever is less.
    fn check(&self, before: Spent) -> Result<Spent, Error> {
        let after = before.and(self.epsilon, self.delta);
        let Some(budget) = &self.budget else {
            return Ok(after);
        };
        let per = budget.per.as_ref().map(|per| per.text.clone());
        if let Some(asked) = self.delta {
            let most = budget.delta.ok_or(Error::NoDeltaBudget)?;
            let kept = kept(most);
            if after.within.delta + u128::from(kept) > u128::from(most.parts()) {
                return Err(Error::DeltaSpent {
                    asked,
                    budget: (most, per),
                    kept,
                    spent: before.within.delta,
                    lifetime: before.lifetime.delta,
                    dataset: self.dataset.clone(),
                });
            }
        }
        if after.within.composed(budget.delta) > u128::from(budget.epsilon.nano()) {
            return Err(Error::BudgetSpent {
                asked: self.epsilon,
                budget: (budget.epsilon, per),
                spent: before.within.composed(budget.delta),
                lifetime: before.lifetime.composed(budget.delta),
                dataset: self.dataset.clone(),
            });
        }
        Ok(after)
    }
}

impl RunJournal {
    /// Makes sure, before any row is read, that the ledger is sound and the budget allows it.
    pub(in super::super) fn check_budget(&mut self, purse: &Purse) -> anyhow::Result<()> {
        self.take(purse, false).map(|_| ())
    }

    /// Spends: after this the line is on the disk, and noise may be drawn. Gives all that is spent then.
    pub(in super::super) fn spend(&mut self, purse: &Purse) -> anyhow::Result<Spent> {
        self.take(purse, true)
    }

    fn take(&mut self, purse: &Purse, spends: bool) -> anyhow::Result<Spent> {
        let open = self.open.as_mut().ok_or(Error::NoLedger)?;
        let per = purse.budget.as_ref().and_then(|budget| budget.per.as_ref());
        // From the beginning of that day on, so that it is no less than the time that was said.
        let since = per.map(|per| {
            let day = per.period.before(Utc::now().date_naive());
            day.and_time(NaiveTime::MIN).and_utc()
        });
        let mut appending = open.journal.lock()?;
        let before = appending.spent(purse.dataset.as_deref(), since)?;
        let after = purse.check(before)?;
        if spends {
            open.entry.spent = Some(Spending {
                epsilon: purse.epsilon,
                delta: purse.delta,
                dataset: purse.dataset.clone(),
                unit: purse.unit.clone(),
            });
            let appended = appending.append(stamped(&mut open.entry, Event::Spent, None));
            // Later lines of the run tell of something else.
            open.entry.spent = None;
            appended?;
        }
        Ok(after)
    }
}
