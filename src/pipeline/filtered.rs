//! Rows that the rule table's row filter keeps from leaving, or has leave with less in them.

use super::anonymise::OnInvalid;
use super::row::{Piece, RowWriter};
use super::tally::Cause;
use crate::reader::{Refusal, Row};
use crate::rows::{Judgement, RowFilter};

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Leaves,
    Blanked,
    Stays,
}

impl RowWriter<'_, '_> {
    /// Makes the tests of the filter until one fails, and counts why. Nothing is done to the row.
    #[inline(never)]
    pub(super) fn decide(&mut self, row: &Row<'_>, filter: &RowFilter) -> Decision {
        let mut decision = Decision::Leaves;
        for (number, test) in filter.tests().iter().enumerate() {
            let field = row.field(test.position).unwrap_or_default();
            let cell = self.batch.content(field, self.scratch);
            let judgement = test.judge(cell, &self.plan.missing);
            let tally = &mut self.part.tally;
            match judgement {
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
                        counts.unreadable +=
                            u64::from(self.settings.on_invalid == OnInvalid::Blank);
                    });
                    let cause = Cause::Undecided {
                        test: number,
                        reason,
                    };
                    self.note(row, test.position, cause);
                }
            }
            return Decision::Stays;
        }
        decision
    }

    /// Writes a row whose identifying and quasi-identifying cells leave empty; `false` if another
    /// one is invalid.
    #[inline(never)]
    pub(super) fn blanked(
        &mut self,
        row: &Row<'_>,
        index: Option<u64>,
        pieces: &[Piece<'_>],
        filter: &RowFilter,
    ) -> Result<bool, Refusal> {
        let delimiter = self.settings.format.delimiter;
        let mut valid = true;
        for piece in pieces {
            let start = self.part.rows.len();
            let watched = match piece {
                Piece::Keep { run, watched, .. } => {
                    for kept in run {
                        if filter.blanks(kept.step) {
                            self.part.rows.push(delimiter);
                            continue;
                        }
                        if self.settings.count_missing_kept {
                            self.count_missing_in(row, std::slice::from_ref(kept));
                        }
                        self.keep(row, *kept)?;
                    }
                    *watched
                }
                &Piece::Write { step, watched, .. } if filter.blanks(step) => {
                    self.part.rows.push(delimiter);
                    watched
                }
                &Piece::Write {
                    step,
                    column,
                    transform,
                    plain,
                    watched,
                } => {
                    valid &= self.write(row, index, step, column, transform, plain);
                    self.part.rows.push(delimiter);
                    watched
                }
            };
            if watched {
                self.part.mark(start);
            }
        }
        Ok(valid)
    }
}
