//! Which rows of a batch leave: decided here for writing, counting and labelling alike.

use super::decision::{Decision, Tests};
use super::sieve::Nobody;
use super::tally::{Cause, Tally};
use crate::base::name::Shown;
use crate::engine::plan::Plan;
use crate::io::csv::{Batch, Refusal, Row};
use crate::rules::policy::OnInvalid;

/// Decides about rows.
#[derive(Clone, Copy)]
pub(super) struct Selection<'a> {
    pub(super) plan: &'a Plan,
    /// The names of the columns, for places.
    pub(super) header: &'a [Shown],
    pub(super) on_invalid: OnInvalid,
}

impl Selection<'_> {
    /// What becomes of a row, which is counted with the reason if it stays. Nothing is done to it.
    ///
    /// # Errors
    /// A header of other columns, whatever is to be done about invalid rows.
    #[inline(always)]
    pub(super) fn decide(
        &self,
        row: &Row<'_>,
        batch: &Batch,
        scratch: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> Result<Decision, Refusal> {
        tally.rows += 1;
        if self.plan.sieve.suspects(row)
            && let Some(nobody) = self.plan.sieve.judge(row, batch)?
        {
            tally.nobody.count(nobody);
            if nobody == Nobody::Total {
                tally.note(row, 0, Cause::Total, (batch, self.header));
            }
            return Ok(Decision::Stays);
        }
        if row.width() != self.header.len() {
            tally.wrong_width += 1;
            tally.note(row, 0, Cause::Width(row.width()), (batch, self.header));
            return Ok(Decision::Stays);
        }
        let Some(filter) = &self.plan.filter else {
            return Ok(Decision::Leaves);
        };
        let tests = Tests {
            filter,
            missing: &self.plan.missing,
            on_invalid: self.on_invalid,
        };
        let (decision, unreadable) = tests.decide(row, batch, scratch, tally);
        if let Some((column, cause)) = unreadable {
            tally.note(row, column, cause, (batch, self.header));
        }
        Ok(decision)
    }
}
