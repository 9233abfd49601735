//! Writing one row: its columns in turn, and what is counted of them.
//!
//! Every cell of every row comes by here, so what holds for the whole batch or for a whole column
//! is known beforehand.

mod blanked;
mod checked;
mod formulas;
mod kept;

pub(super) use kept::Kept;

use super::decision::Decision;
use super::labels::InOrder;
use super::next::Next;
use super::part::{Part, Settings};
use super::selection::Selection;
use super::tally::Cause;
use super::whose::read_person;
use crate::base::name::Shown;
use crate::base::simd::{Compare, Work};
use crate::engine::leftover::{BLOCK, Checker};
use crate::engine::plan::Plan;
use crate::io::csv::{Batch, Fields, Malformed, Refusal, Row, RowPlace, Rows};
use crate::io::format::write_number;
use crate::rules::Formulas;
use crate::rules::policy::OnInvalid;
use crate::rules::transform::{Cell, CellRow, Outcome, Transform};

/// Columns that are processed together.
pub(super) enum Piece<'a> {
    /// Columns side by side that are kept: copied as one where nothing stands against it.
    Keep {
        first: usize,
        last: usize,
        run: Vec<Kept>,
        /// Where the one column's cell is written is noted.
        watched: bool,
    },
    /// A column that a transform writes.
    Write {
        step: usize,
        column: usize,
        transform: &'a dyn Transform,
        /// What it writes never needs quotes, and is never a formula of the input's.
        plain: bool,
        /// Where its cell is written is noted.
        watched: bool,
    },
    /// A column with labels in the place of its cells.
    Label {
        /// Its position among those.
        label: usize,
        step: usize,
        column: usize,
        /// Its cells are kept where they are not generalised.
        kept: bool,
    },
}

/// Where a row begins in what is written, and its marks.
#[derive(Default)]
pub(super) struct Start {
    pub(super) row: usize,
    pub(super) marks: usize,
}

/// Writes the rows of one batch.
pub(super) struct RowWriter<'a, 'c> {
    pub(super) plan: &'a Plan,
    pub(super) header: &'a [Shown],
    pub(super) selection: Selection<'a>,
    pub(super) settings: &'a Settings,
    pub(super) batch: &'a Batch,
    /// The fields of its rows.
    pub(super) fields: Fields<'a>,
    /// The delimiter of the output.
    pub(super) delimiter: u8,
    /// It is the input's, too.
    pub(super) same_delimiter: bool,
    /// What is not ASCII has to be decoded.
    pub(super) decode: bool,
    pub(super) scratch: &'a mut Vec<u8>,
    /// The cells that say whose the row is, if a rule draws for persons.
    pub(super) person: Vec<u8>,
    pub(super) part: &'a mut Part,
    /// Looks for what is left over, if that is wanted.
    pub(super) checker: Option<&'a mut Checker<'c>>,
    /// The labels of the rows that leave, if there are any.
    pub(super) labels: Option<InOrder<'a>>,
    /// Rows that leave and are to be looked through.
    pub(super) pending: Vec<RowPlace>,
    /// A bit for each of them: it left with less in it.
    pub(super) blanks: u64,
    /// Where the last row that was written begins.
    pub(super) last: Start,
    pub(super) quote: Next,
    pub(super) inner_quote: Next,
    pub(super) not_ascii: Next,
}

/// Writing all rows of a batch, as work that is compiled for the processor.
pub(super) struct WriteRows<'a, 'b, 'c> {
    pub(super) writer: RowWriter<'a, 'c>,
    pub(super) rows: Rows<'a>,
    pub(super) indexes: &'b [u64],
    pub(super) pieces: &'b [Piece<'b>],
}

impl Work for WriteRows<'_, '_, '_> {
    type Output = Result<(), Refusal>;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> Result<(), Refusal> {
        let Self {
            writer,
            rows,
            indexes,
            pieces,
        } = self;
        let masks = writer
            .checker
            .as_ref()
            .is_some_and(|checker| checker.masks());
        let most = if masks { 1 } else { BLOCK };
        let indexes = indexes.iter().copied();
        match (writer.is_usual(pieces) && !masks, writer.decode) {
            (true, false) => writer.rows::<true, false>(rows, indexes, pieces, (most, compare)),
            (true, true) => writer.rows::<true, true>(rows, indexes, pieces, (most, compare)),
            (false, _) => writer.rows::<false, true>(rows, indexes, pieces, (most, compare)),
        }
    }
}

impl RowWriter<'_, '_> {
    /// Whether nothing is asked for but the columns as they are and what transforms write, with the
    /// input's delimiter: then nothing else is looked at, row by row.
    fn is_usual(&self, pieces: &[Piece<'_>]) -> bool {
        let settings = self.settings;
        let is_plain = |piece: &Piece<'_>| {
            matches!(
                piece,
                Piece::Keep { watched: false, .. } | Piece::Write { watched: false, .. }
            )
        };
        self.same_delimiter
            && self.labels.is_none()
            && self.plan.filter.is_none()
            && self.plan.draws_by.is_empty()
            && !settings.count_missing_kept
            && !settings.note_row_ends
            && !settings.format.crlf
            && settings.formulas != Formulas::Keep
            && pieces.iter().all(is_plain)
    }

    /// Writes all rows, and has them looked through, so many at a time. `USUAL` says that what
    /// [`RowWriter::is_usual`] tells is so, and `DECODE` whether anything may have to be decoded: the same
    /// work, without what does not happen then.
    #[inline(always)]
    fn rows<const USUAL: bool, const DECODE: bool>(
        mut self,
        mut rows: Rows<'_>,
        mut indexes: impl Iterator<Item = u64>,
        pieces: &[Piece<'_>],
        (most, compare): (usize, impl Compare),
    ) -> Result<(), Refusal> {
        loop {
            let mut ended = false;
            while self.pending.len() < most && !ended {
                match rows.next() {
                    Some(row) => self.row::<USUAL, DECODE>(&row, indexes.next(), pieces)?,
                    None => ended = true,
                }
            }
            self.check(compare);
            if ended {
                return Ok(());
            }
        }
    }

    #[inline(always)]
    fn row<const USUAL: bool, const DECODE: bool>(
        &mut self,
        row: &Row<'_>,
        index: Option<u64>,
        pieces: &[Piece<'_>],
    ) -> Result<(), Refusal> {
        let plan = self.plan;
        let tally = &mut self.part.tally;
        let decision = (self.selection).decide(row, self.batch, self.scratch, tally)?;
        if decision == Decision::Stays {
            return Ok(());
        }
        if !USUAL
            && let Some(labels) = &mut self.labels
            && !labels.advance()
        {
            return Err(self.batch.refuse(Malformed::Changed, 0, &[]));
        }
        if !USUAL && !plan.draws_by.is_empty() {
            let room = (&mut *self.scratch, &mut self.person);
            read_person(&plan.draws_by, row, (self.batch, &plan.missing), room);
        }
        let person = if USUAL {
            Vec::new()
        } else {
            std::mem::take(&mut self.person)
        };
        let facts = CellRow {
            record: row.number,
            index,
            person: &person,
        };
        let row_start = self.part.rows.len();
        let marks_before = self.part.marks.len();
        if let Some(index) = index {
            write_number(index, &mut self.part.rows);
            self.part.rows.push(self.delimiter);
        }
        let blanked = plan.filter.as_ref().filter(|_| !USUAL);
        let blanked = blanked.filter(|_| decision == Decision::Blanked);
        let (mut valid, pieces) = match blanked {
            Some(filter) => (self.blanked(row, &facts, pieces, filter)?, &[][..]),
            None => (true, pieces),
        };
        for piece in pieces {
            // Where its cell begins, if anyone asks.
            let start = if USUAL { 0 } else { self.part.rows.len() };
            let watched = match piece {
                Piece::Keep {
                    first,
                    last,
                    run,
                    watched,
                } => {
                    self.keep_run::<USUAL, DECODE>(row, *first, *last, run)?;
                    *watched
                }
                &Piece::Write {
                    step,
                    column,
                    transform,
                    plain,
                    watched,
                } => {
                    valid &= self.write::<DECODE>(row, &facts, (step, column), transform, plain);
                    self.part.rows.push(self.delimiter);
                    watched
                }
                &Piece::Label {
                    label,
                    step,
                    column,
                    kept,
                } => {
                    self.label(label)?;
                    if kept {
                        self.look_at_label(row, (step, column), start);
                    }
                    false
                }
            };
            if !USUAL && watched {
                self.part.mark(start);
            }
        }
        if !USUAL {
            self.person = person;
        }
        if !valid && self.settings.on_invalid == OnInvalid::Skip {
            self.part.rows.truncate(row_start);
            self.part.marks.truncate(marks_before);
            return Ok(());
        }
        match self.part.rows.get_mut(row_start..) {
            // The row ends where a delimiter stands behind its last cell.
            Some([_, .., behind]) if !self.settings.format.crlf => *behind = b'\n',
            _ => self.end_row(row_start),
        }
        self.part.tally.written += 1;
        self.part.tally.blanked += u64::from(blanked.is_some());
        if !USUAL && self.settings.note_row_ends {
            self.part.row_ends.push(self.part.rows.len());
            self.part.records.push(row.number);
        }
        if self.checker.is_some() {
            self.blanks |= u64::from(blanked.is_some()) << (self.pending.len() % BLOCK);
            self.pending.push(row.place());
            self.last = Start {
                row: row_start,
                marks: marks_before,
            };
        }
        Ok(())
    }

    /// Ends a row that begins at `row_start`, in the place of the delimiter behind its last cell.
    #[inline(never)]
    fn end_row(&mut self, row_start: usize) {
        if self.part.rows.len() > row_start {
            self.part.rows.pop();
        }
        // A row of one empty cell would read as a blank line.
        if self.part.rows.len() == row_start {
            self.part.rows.extend_from_slice(b"\"\"");
            if let Some(end) = self.part.marks.last_mut() {
                *end = self.part.rows.len();
            }
        }
        let line_end = self.settings.format.line_end();
        self.part.rows.extend_from_slice(line_end);
    }

    /// Writes the label of the row in the column at a position among those with labels, and the
    /// delimiter behind it.
    #[inline(always)]
    fn label(&mut self, position: usize) -> Result<(), Refusal> {
        let rows = &mut self.part.rows;
        let labels = self.labels.as_ref();
        match labels.is_some_and(|labels| labels.write(position, rows)) {
            true => Ok(()),
            // A row without a cell would be shifted.
            false => Err(self.batch.refuse(Malformed::Changed, 0, &[])),
        }
    }

    /// Writes what a transform makes of a cell; `false` if it is invalid.
    #[inline(always)]
    pub(super) fn write<const DECODE: bool>(
        &mut self,
        row: &Row<'_>,
        facts: &CellRow<'_>,
        (step, column): (usize, usize),
        transform: &dyn Transform,
        plain: bool,
    ) -> bool {
        let decode = DECODE && self.decode;
        let (batch, inner) = (self.batch, &mut self.inner_quote);
        let next = |start| inner.after(start, |start| batch.next_inner_quote(start));
        let content = batch.cell_before(row, column, decode, self.scratch, next);
        if self.plan.missing.is(content) {
            if let Some(column) = self.part.tally.columns.get_mut(step) {
                column.missing += 1;
            }
            if content.is_empty() || !transform.takes_missing() {
                return true;
            }
        }
        let start = self.part.rows.len();
        let cell = Cell {
            content,
            row: facts,
        };
        match transform.apply(cell, &mut self.part.rows) {
            Ok(outcome) => {
                if !plain {
                    self.look_at_written(row, (step, column), start, transform);
                    self.settings.format.quote_from(start, &mut self.part.rows);
                }
                if let Outcome::Counted(which) = outcome
                    && let Some(column) = self.part.tally.columns.get_mut(step)
                {
                    column.add_count(which, 1);
                }
                true
            }
            Err(reason) => {
                self.part.rows.truncate(start);
                if let Some(column) = self.part.tally.columns.get_mut(step) {
                    column.add_invalid(reason, 1);
                }
                self.note(row, column, Cause::Cell { step, reason });
                false
            }
        }
    }

    /// Notes the place of what is wrong, as long as there is room for it.
    #[cold]
    pub(super) fn note(&mut self, row: &Row<'_>, column: usize, cause: Cause) {
        let tally = &mut self.part.tally;
        tally.note(row, column, cause, (self.batch, self.header));
    }

    #[inline(always)]
    pub(super) fn count_missing(&mut self, missing: bool, step: usize) {
        if missing && let Some(column) = self.part.tally.columns.get_mut(step) {
            column.missing += 1;
        }
    }
}
