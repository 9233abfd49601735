//! Whether the row filter of the rule table lets a row be published.

use super::tally::{Cause, Tally};
use crate::io::csv::{Batch, Row};
use crate::rules::filter::{Judgement, RowFilter};
use crate::rules::policy::OnInvalid;
use crate::rules::table::Missing;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Leaves,
    Blanked,
    Stays,
}

/// Makes the tests of a row filter.
pub(super) struct Tests<'a> {
    pub(super) filter: &'a RowFilter,
    pub(super) missing: &'a Missing,
    pub(super) on_invalid: OnInvalid,
}

/// A cell that a test needs and that cannot be read: its column, and what is wrong.
pub(super) type Unreadable = (usize, Cause);

impl Tests<'_> {
    /// Makes the tests until one fails, and counts why.
    #[inline(never)]
    pub(super) fn decide(
        &self,
        row: &Row<'_>,
        batch: &Batch,
        scratch: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> (Decision, Option<Unreadable>) {
        let mut decision = Decision::Leaves;
        for (number, test) in self.filter.tests().iter().enumerate() {
            let field = row.field(test.position).unwrap_or_default();
            let cell = batch.content(field, scratch);
            let mut unreadable = None;
            match test.judge(cell, self.missing) {
                Judgement::Passes => continue,
                Judgement::Blanked => {
                    decision = Decision::Blanked;
                    continue;
                }
                Judgement::Unmet => tally.of_test(number, |counts| counts.unmet += 1),
                Judgement::Missing => tally.of_test(number, |counts| counts.missing += 1),
                Judgement::Invalid(reason) => {
                    tally.of_test(number, |counts| {
                        counts.add_invalid(reason, 1);
                        // An empty cell in its place would be a missing one.
                        counts.unreadable += u64::from(self.on_invalid == OnInvalid::Blank);
                    });
                    let cause = Cause::Undecided {
                        test: number,
                        reason,
                    };
                    unreadable = Some((test.position, cause));
                }
            }
            return (Decision::Stays, unreadable);
        }
        if !self.filter.draws(row.number) {
            tally.not_drawn += 1;
            return (Decision::Stays, None);
        }
        (decision, None)
    }
}
