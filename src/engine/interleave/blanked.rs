//! Rows that are published with less in them, as the row filter of the rule table says.

use super::{Piece, RowWriter};
use crate::io::csv::{Refusal, Row};
use crate::rules::filter::RowFilter;
use crate::rules::transform::CellRow;

impl RowWriter<'_, '_> {
    /// Writes a row whose identifying and quasi-identifying cells leave empty; `false` if another
    /// one is invalid.
    #[inline(never)]
    pub(super) fn blanked(
        &mut self,
        row: &Row<'_>,
        facts: &CellRow<'_>,
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
                        let start = row.field_start(kept.column);
                        if !self.may_be_formulas::<false>(start, &[])
                            || !self.formulas_in(row, std::slice::from_ref(kept))?
                        {
                            self.keep(row, *kept)?;
                        }
                    }
                    *watched
                }
                &Piece::Write { step, watched, .. } if filter.blanks(step) => {
                    self.part.rows.push(delimiter);
                    watched
                }
                Piece::Label { .. } => {
                    self.part.rows.push(delimiter);
                    false
                }
                &Piece::Write {
                    step,
                    column,
                    transform,
                    plain,
                    watched,
                } => {
                    valid &= self.write::<true>(row, facts, (step, column), transform, plain);
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
