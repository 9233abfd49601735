//! Kept cells that a spreadsheet would run, on their way out.
//!
//! One byte of a cell tells nearly always that it is no formula; the rest is out of line. What a rule
//! table's author has written (labels, constants, values of a map) is not looked at.

use super::RowWriter;
use super::kept::Kept;
use crate::engine::tally::Cause;
use crate::io::csv::{Refusal, Row};
use crate::rules::Formulas;
use crate::rules::formulas::{ESCAPE, FORMULA, MAY_BEGIN, is_formula};
use crate::rules::transform::Transform;

impl RowWriter<'_, '_> {
    /// Whether one of neighbours that are kept may be a formula, by the first byte of each field; they begin
    /// and end where [`Row::run`] says. A cell in quotes is looked at where [it is kept](RowWriter::keep). `USUAL`
    /// as in [`RowWriter::rows`].
    #[inline(always)]
    pub(super) fn may_be_formulas<const USUAL: bool>(&self, start: usize, ends: &[u32]) -> bool {
        if !USUAL && self.settings.formulas == Formulas::Keep {
            return false;
        }
        let bytes = self.batch.buffer();
        let suspect = |at: usize| may_begin(bytes.get(at).copied().unwrap_or_default());
        // Nearly none is suspect, so all are asked without a branch for each.
        let before_others = ends.split_last().map_or(ends, |(_, others)| others);
        let ends = before_others.iter().map(|end| *end as usize + 1);
        ends.fold(suspect(start), |any, at| any | suspect(at))
    }

    /// Looks at neighbours that are kept and are not in quotes. Where one is to be escaped, all are written,
    /// each with the delimiter behind it; otherwise `false`, and nothing is written.
    #[inline(never)]
    pub(super) fn formulas_in(&mut self, row: &Row<'_>, run: &[Kept]) -> Result<bool, Refusal> {
        let escaped = self.settings.formulas == Formulas::Escape;
        let mut any = false;
        for kept in run {
            if self.is_bare_formula(row, kept.column) {
                any = true;
                if !escaped {
                    self.count_formula(row, kept.step, kept.column);
                }
            }
        }
        if !any || !escaped {
            return Ok(false);
        }
        for kept in run {
            let start = self.part.rows.len();
            self.keep(row, *kept)?;
            if self.is_bare_formula(row, kept.column) {
                self.kept_formula(row, *kept, start);
            }
        }
        Ok(true)
    }

    /// Whether the cell of a column is a formula, and not in quotes.
    fn is_bare_formula(&mut self, row: &Row<'_>, column: usize) -> bool {
        let field = row.field(column).unwrap_or_default();
        field.first().copied().is_some_and(may_begin)
            && is_formula(self.batch.content(field, self.scratch))
    }

    /// Counts a formula that was kept from `start` on, with the delimiter behind it, and escapes it if that is
    /// wanted.
    #[cold]
    pub(super) fn kept_formula(&mut self, row: &Row<'_>, kept: Kept, start: usize) {
        self.count_formula(row, kept.step, kept.column);
        if self.settings.formulas == Formulas::Escape {
            let field = row.field(kept.column).unwrap_or_default();
            let content = self.batch.content(field, self.scratch);
            let (format, out) = (&self.settings.format, &mut self.part.rows);
            out.truncate(start);
            out.push(ESCAPE);
            out.extend_from_slice(content);
            format.quote_from(start, out);
            out.push(format.delimiter);
        }
    }

    /// Looks at what a transform has written from `start` on, not quoted yet.
    #[inline(always)]
    pub(super) fn look_at_written(
        &mut self,
        row: &Row<'_>,
        (step, column): (usize, usize),
        start: usize,
        transform: &dyn Transform,
    ) {
        let first = self.part.rows.get(start).copied();
        if first.is_some_and(may_begin)
            && self.settings.formulas != Formulas::Keep
            && transform.copies_input()
        {
            self.written_formula(row, (step, column), start);
        }
    }

    #[inline(never)]
    fn written_formula(&mut self, row: &Row<'_>, (step, column): (usize, usize), start: usize) {
        let written = self.part.rows.get(start..).unwrap_or_default();
        // A map writes texts of its table, too.
        let field = row.field(column).unwrap_or_default();
        let content = self.batch.content(field, self.scratch).trim_ascii_start();
        let copied = content.first() == written.trim_ascii_start().first();
        if copied && is_formula(written) {
            self.count_formula(row, step, column);
            if self.settings.formulas == Formulas::Escape {
                self.part.rows.insert(start, ESCAPE);
            }
        }
    }

    /// Looks at the label of a kept cell that was written from `start` on, with the delimiter behind
    /// it: it is the cell itself where nothing was generalised.
    #[inline(always)]
    pub(super) fn look_at_label(
        &mut self,
        row: &Row<'_>,
        (step, column): (usize, usize),
        start: usize,
    ) {
        let first = self.part.rows.get(start).copied();
        if first.is_some_and(may_begin) && self.settings.formulas != Formulas::Keep {
            self.labelled_formula(row, (step, column), start);
        }
    }

    #[inline(never)]
    fn labelled_formula(&mut self, row: &Row<'_>, (step, column): (usize, usize), start: usize) {
        let field = row.field(column).unwrap_or_default();
        let content = self.batch.content(field, self.scratch);
        if !is_formula(content) {
            return;
        }
        let format = &self.settings.format;
        let mut cell = content.to_vec();
        format.quote_from(0, &mut cell);
        let end = self.part.rows.len().saturating_sub(1);
        if self.part.rows.get(start..end) != Some(cell.as_slice()) {
            return;
        }
        if self.settings.formulas == Formulas::Escape {
            let out = &mut self.part.rows;
            out.truncate(start);
            out.push(ESCAPE);
            out.extend_from_slice(content);
            format.quote_from(start, out);
            out.push(format.delimiter);
        }
        self.count_formula(row, step, column);
    }

    /// Counts a formula, and notes its place if it stops the run.
    #[cold]
    fn count_formula(&mut self, row: &Row<'_>, step: usize, column: usize) {
        let refused = self.settings.formulas == Formulas::Refuse;
        if let Some(tally) = self.part.tally.columns.get_mut(step) {
            tally.formulas += 1;
            if refused {
                tally.add_invalid(&FORMULA, 1);
            }
        }
        if refused {
            let reason = &FORMULA;
            self.note(row, column, Cause::Cell { step, reason });
        }
    }
}

/// Whether the cell of a field in quotes is a formula, by its content.
#[inline]
pub(super) fn is_formula_in_quotes(formulas: Formulas, field: &[u8], content: &[u8]) -> bool {
    field.first() == Some(&b'"')
        && content.first().copied().is_some_and(may_begin)
        && formulas != Formulas::Keep
        && is_formula(content)
}

/// Whether a cell may be a formula, by its first byte.
#[inline(always)]
pub(super) fn may_begin(byte: u8) -> bool {
    MAY_BEGIN.get(usize::from(byte)).copied().unwrap_or(true)
}
