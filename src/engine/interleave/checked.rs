//! Rows that were written, looked through for what is left over in kept cells.

use super::RowWriter;
use crate::base::simd::Compare;
use crate::engine::leftover::Block;
use crate::rules::Formulas;

impl RowWriter<'_, '_> {
    /// Looks through the rows that wait for it.
    #[inline(always)]
    pub(super) fn check(&mut self, compare: impl Compare) {
        let Some(checker) = &mut self.checker else {
            return;
        };
        let block = Block {
            places: self.pending.as_slice(),
            width: self.header.len(),
            blanked: self.blanks,
            fields: self.fields,
            batch: self.batch,
        };
        let outcome = checker.rows(block, self.decode, compare);
        self.part.tally.leftovers += outcome.certain;
        if outcome.mask {
            self.mask();
        }
        self.pending.clear();
        self.blanks = 0;
    }

    /// Masks the row that was written last, if that is wanted.
    #[inline(never)]
    fn mask(&mut self) {
        let format = self.settings.format;
        let (Some(checker), [place]) = (&mut self.checker, self.pending.as_slice()) else {
            return;
        };
        if !checker.masks() {
            return;
        }
        let row = self.fields.row(*place, self.header.len());
        let rows = &mut self.part.rows;
        rows.truncate(rows.len().saturating_sub(format.line_end().len()));
        let marks = self.part.marks.get_mut(self.last.marks..);
        checker.mask(
            (&row, self.batch, self.blanks != 0),
            (format, self.settings.formulas == Formulas::Escape),
            usize::from(self.settings.index.is_some()),
            (rows, self.last.row),
            marks.unwrap_or_default(),
        );
        rows.extend_from_slice(format.line_end());
        if let Some(end) = self.part.row_ends.last_mut() {
            *end = rows.len();
        }
    }
}
