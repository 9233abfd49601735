//! Kept cells on their way out: neighbours are copied as one, together with the delimiters between and
//! behind them. Only a cell with a quote needs a look of its own.

use memchr::memchr;

use super::RowWriter;
use super::formulas::{is_formula_in_quotes, may_begin};
use crate::io::csv::{Malformed, Refusal, Row};

/// A column that is kept.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Kept {
    pub(in crate::engine) step: usize,
    pub(in crate::engine) column: usize,
    pub(in crate::engine) multiline: bool,
}

impl RowWriter<'_, '_> {
    /// Copies neighbours that are kept, and one byte behind them: a delimiter, or whatever stands
    /// behind the last cell of the row, which is taken off again.
    #[inline(always)]
    pub(super) fn keep_run<const USUAL: bool, const DECODE: bool>(
        &mut self,
        row: &Row<'_>,
        first: usize,
        last: usize,
        run: &[Kept],
    ) -> Result<(), Refusal> {
        if !USUAL && self.settings.count_missing_kept {
            self.count_missing_in(row, run);
        }
        let Some((mut start, ends)) = row.run(first, last) else {
            // A row without a cell would be shifted.
            return Err(self.batch.refuse(Malformed::Changed, 0, &[]));
        };
        if self.may_be_formulas::<USUAL>(start, ends) && self.formulas_in(row, run)? {
            return Ok(());
        }
        if !USUAL && !self.same_delimiter {
            for kept in run {
                self.keep(row, *kept)?;
            }
            return Ok(());
        }
        let end = ends.last().map_or(start, |end| *end as usize);
        let mut rest = run.iter();
        // Nothing that is decoded becomes a quote, a delimiter or a line break, so only a cell with
        // a quote is looked at by itself.
        while start <= end {
            let batch = self.batch;
            let quote = self.quote.after(start, |start| batch.next_quote(start));
            let behind = |kept: &&Kept| row.field_end(kept.column).is_some_and(|end| end > quote);
            if quote < end
                && let Some(kept) = rest.find(behind)
            {
                self.copy::<DECODE>(row, start, row.field_start(kept.column));
                self.keep(row, *kept)?;
                start = row.field_start(kept.column + 1);
                continue;
            }
            self.copy::<DECODE>(row, start, end.wrapping_add(1));
            break;
        }
        Ok(())
    }

    /// Whether anything from `start` up to `end`, in the row, has to be decoded.
    #[inline(always)]
    fn needs_decoding(&mut self, row: &Row<'_>, start: usize, end: usize) -> bool {
        let batch = self.batch;
        let find = |start| batch.next_not_ascii(start);
        self.decode && self.not_ascii.after(start, find) < end.min(row.end())
    }

    /// Copies bytes of the row, and perhaps the one behind it, decoded.
    #[inline(always)]
    fn copy<const DECODE: bool>(&mut self, row: &Row<'_>, start: usize, end: usize) {
        if DECODE && self.needs_decoding(row, start, end) {
            self.batch.append_decoded(start, end, &mut self.part.rows);
        } else {
            self.batch.append(start, end, &mut self.part.rows);
        }
    }

    /// Copies one cell that is kept, with the quotes and the encoding of the output, and writes
    /// the delimiter behind it. If it is in quotes, it is looked at for a formula.
    pub(super) fn keep(&mut self, row: &Row<'_>, kept: Kept) -> Result<(), Refusal> {
        let at = row.field_start(kept.column);
        let end = row.field_end(kept.column).unwrap_or(at);
        let breaks = self.batch.has_inner_break(at, end);
        if breaks && !kept.multiline {
            return Err(self
                .batch
                .refuse(Malformed::LineBreakInKept, at, self.header));
        }
        let field = row.field(kept.column).unwrap_or_default();
        if let [b'"', inner @ .., b'"'] = field
            && self.same_delimiter
            && !self.decode
            && inner.first().is_some_and(|first| !may_begin(*first))
        {
            // No formula, nor a text written as one: only whether it needs its quotes is to be known.
            let needed = breaks
                || self
                    .batch
                    .first_quote(at + 1, end)
                    .is_some_and(|quote| quote + 1 < end)
                || memchr(self.delimiter, inner).is_some();
            self.part
                .rows
                .extend_from_slice(if needed { field } else { inner });
            self.part.rows.push(self.delimiter);
            return Ok(());
        }
        let content = self.batch.cell(row, kept.column, self.decode, self.scratch);
        let is_formula = is_formula_in_quotes(self.settings.formulas, field, content);
        let format = &self.settings.format;
        let out = &mut self.part.rows;
        let start = out.len();
        let as_it_stands = self.same_delimiter && !self.decode && field.first() == Some(&b'"');
        let is_undone = content.len() + 2 != field.len();
        if as_it_stands && !(is_undone && self.batch.is_text_formula(field)) {
            // What is quoted for a reason stays as it is.
            let needed = is_undone || breaks || memchr(format.delimiter, content).is_some();
            out.extend_from_slice(if needed { field } else { content });
        } else {
            out.extend_from_slice(content);
            format.quote_from(start, out);
        }
        out.push(format.delimiter);
        if is_formula {
            self.kept_formula(row, kept, start);
        }
        Ok(())
    }

    /// Counts the missing cells among neighbours that are kept.
    #[cold]
    pub(super) fn count_missing_in(&mut self, row: &Row<'_>, run: &[Kept]) {
        for kept in run {
            let field = row.field(kept.column).unwrap_or_default();
            let content = self.batch.content(field, self.scratch);
            let missing = self.plan.missing.is(content);
            self.count_missing(missing, kept.step);
        }
    }
}
