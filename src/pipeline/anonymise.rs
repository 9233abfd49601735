//! The main job on one batch: from rows of the input to rows that may leave.

use std::ops::Range;

use memchr::memchr;

use super::Worker;
use super::cells::{OutputFormat, write_number};
use super::tally::{Cause, Found, MAX_PLACES, Tally};
use crate::index::IndexKey;
use crate::name::Shown;
use crate::plan::{Act, Plan};
use crate::reader::{Batch, Encoding, Ends, Malformed, Refusal, Row, Text};
use crate::rule::{Cell, Outcome, Transform};

/// What is done about an invalid cell, or a row of the wrong width (which is never written).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum OnInvalid {
    /// Stop, with everything that is wrong in one message.
    #[default]
    Fail,
    /// Leave the cell empty.
    Blank,
    /// Leave the row out.
    Skip,
}

/// How a run anonymises, beside its plan.
#[derive(Clone, Copy)]
pub struct Settings {
    /// How rows are written.
    pub format: OutputFormat,
    /// What is done about invalid cells.
    pub on_invalid: OnInvalid,
    /// The key of the index, if rows get theirs here.
    pub index: Option<IndexKey>,
    /// Whether the ends of rows are to be noted.
    pub note_row_ends: bool,
    /// Whether missing cells are counted in columns that are kept, too: nothing else there needs a
    /// look at each cell.
    pub count_missing_kept: bool,
}

/// What comes of a batch.
#[derive(Debug)]
pub struct Part {
    /// The rows, ready to be written.
    pub rows: Vec<u8>,
    /// Where each row ends in `rows`, if that was asked for.
    pub row_ends: Vec<usize>,
    /// Where the watched cells of each row begin and end in `rows`, quotes and all.
    pub cells: Vec<Range<usize>>,
    /// What was counted.
    pub tally: Tally,
}

/// Anonymises batches after a plan.
pub struct Anonymiser<'a> {
    plan: &'a Plan,
    header: &'a [Shown],
    settings: Settings,
    pieces: Vec<Watched<Piece<'a>>>,
    ends: Ends,
    indexes: Vec<u64>,
    scratch: Vec<u8>,
    part: Part,
}

/// Something, and whether where it is written is to be noted.
struct Watched<T> {
    what: T,
    noted: bool,
}

/// Columns that are treated together.
enum Piece<'a> {
    /// Columns side by side that are kept: copied as one where nothing stands against it.
    Keep(Vec<Kept>),
    /// A column that a transform writes.
    Write {
        step: usize,
        column: usize,
        transform: &'a dyn Transform,
    },
}

/// A column that is kept.
#[derive(Clone, Copy)]
struct Kept {
    step: usize,
    column: usize,
    multiline: bool,
}

/// What is true of a whole batch.
#[derive(Clone, Copy)]
struct Facts {
    /// The output has the input's delimiter.
    same_delimiter: bool,
    /// What is not ASCII has to be decoded.
    decode: bool,
}

impl<'a> Anonymiser<'a> {
    /// A worker for this plan; `header` names the input's columns, for places. Where the cells of
    /// the `watched` steps are written is noted.
    pub fn new(
        plan: &'a Plan,
        header: &'a [Shown],
        settings: Settings,
        watched: &[usize],
    ) -> Self {
        Self {
            plan,
            header,
            settings,
            pieces: pieces(plan, watched),
            ends: Ends::default(),
            indexes: Vec::new(),
            scratch: Vec::new(),
            part: Part {
                rows: Vec::new(),
                row_ends: Vec::new(),
                cells: Vec::new(),
                tally: Tally::new(plan.steps.len()),
            },
        }
    }
}

/// The steps of a plan, kept columns that are neighbours in the input put together.
fn pieces<'a>(plan: &'a Plan, watched: &[usize]) -> Vec<Watched<Piece<'a>>> {
    let mut pieces: Vec<Watched<Piece<'_>>> = Vec::new();
    for (position, step) in plan.steps.iter().enumerate() {
        let column = step.column;
        let noted = watched.contains(&position);
        match &step.act {
            Act::Write(transform) => {
                let what = Piece::Write {
                    step: position,
                    column,
                    transform: transform.as_ref(),
                };
                pieces.push(Watched { what, noted });
            }
            &Act::Keep { multiline } => {
                let kept = Kept {
                    step: position,
                    column,
                    multiline,
                };
                match pieces.last_mut() {
                    Some(Watched {
                        what: Piece::Keep(run),
                        noted: false,
                    }) if !noted && run.last().is_some_and(|last| last.column + 1 == column) => {
                        run.push(kept);
                    }
                    _ => pieces.push(Watched {
                        what: Piece::Keep(vec![kept]),
                        noted,
                    }),
                }
            }
        }
    }
    pieces
}

/// Appends the header of the output.
pub fn write_header(plan: &Plan, format: OutputFormat, out: &mut Vec<u8>) {
    if format.mark {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    for (position, name) in plan.output_names().enumerate() {
        if position > 0 {
            out.push(format.delimiter);
        }
        let start = out.len();
        out.extend_from_slice(name.as_bytes());
        format.quote_from(start, out);
    }
    out.extend_from_slice(format.line_end());
}

impl Worker for Anonymiser<'_> {
    type Part = Part;

    fn part(&mut self) -> &mut Part {
        &mut self.part
    }

    fn treat(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.part.rows.clear();
        self.part.row_ends.clear();
        self.part.cells.clear();
        self.part.tally.clear();
        batch.check(self.header, &mut self.ends)?;
        if let Some(key) = self.settings.index {
            let count = usize::try_from(batch.records()).unwrap_or(usize::MAX);
            key.indexes(batch.first_record - 1, count, &mut self.indexes);
        }
        let facts = Facts {
            same_delimiter: self.settings.format.delimiter == batch.delimiter(),
            decode: batch.text() == Text::In(Encoding::Windows1252),
        };
        let mut writer = RowWriter {
            plan: self.plan,
            header: self.header,
            settings: &self.settings,
            batch,
            facts,
            scratch: &mut self.scratch,
            part: &mut self.part,
        };
        for (position, row) in batch.rows(&self.ends).enumerate() {
            writer.row(&row, self.indexes.get(position).copied(), &self.pieces)?;
        }
        Ok(())
    }
}

/// Writes the rows of one batch.
struct RowWriter<'a> {
    plan: &'a Plan,
    header: &'a [Shown],
    settings: &'a Settings,
    batch: &'a Batch,
    facts: Facts,
    scratch: &'a mut Vec<u8>,
    part: &'a mut Part,
}

impl RowWriter<'_> {
    #[inline]
    fn row(
        &mut self,
        row: &Row<'_>,
        index: Option<u64>,
        pieces: &[Watched<Piece<'_>>],
    ) -> Result<(), Refusal> {
        self.part.tally.rows += 1;
        if row.width() != self.header.len() {
            self.part.tally.wrong_width += 1;
            self.note(row, 0, Cause::Width(row.width()));
            return Ok(());
        }
        let delimiter = self.settings.format.delimiter;
        let row_start = self.part.rows.len();
        let cells_before = self.part.cells.len();
        if let Some(index) = index {
            write_number(index, &mut self.part.rows);
            self.part.rows.push(delimiter);
        }
        let mut valid = true;
        for piece in pieces {
            let start = self.part.rows.len();
            match &piece.what {
                Piece::Keep(run) => self.keep_run(row, run)?,
                &Piece::Write {
                    step,
                    column,
                    transform,
                } => {
                    valid &= self.write(row, step, column, transform);
                }
            }
            if piece.noted {
                self.part.cells.push(start..self.part.rows.len());
            }
            self.part.rows.push(delimiter);
        }
        if !valid && self.settings.on_invalid == OnInvalid::Skip {
            self.part.rows.truncate(row_start);
            self.part.cells.truncate(cells_before);
            return Ok(());
        }
        if self.part.rows.len() > row_start {
            // The delimiter behind the last cell.
            self.part.rows.pop();
        }
        // A row of one empty cell would read as a blank line.
        if self.part.rows.len() == row_start {
            self.part.rows.extend_from_slice(b"\"\"");
        }
        self.part
            .rows
            .extend_from_slice(self.settings.format.line_end());
        self.part.tally.written += 1;
        if self.settings.note_row_ends {
            self.part.row_ends.push(self.part.rows.len());
        }
        Ok(())
    }

    /// Copies neighbours that are kept.
    #[inline]
    fn keep_run(&mut self, row: &Row<'_>, run: &[Kept]) -> Result<(), Refusal> {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return Ok(());
        };
        let start = row.field_start(first.column);
        let end = row.field_end(last.column).unwrap_or(start);
        // Nothing that is decoded becomes a quote, a delimiter or a line break.
        if self.facts.same_delimiter && !self.batch.has_quote(start, end) {
            if self.facts.decode {
                self.batch.append_decoded(start, end, &mut self.part.rows);
            } else {
                self.batch.append(start, end, &mut self.part.rows);
            }
            if self.settings.count_missing_kept {
                for kept in run {
                    let field = row.field(kept.column).unwrap_or_default();
                    let content = self.batch.content(field, self.scratch);
                    let missing = self.plan.missing.is(content);
                    self.count_missing(missing, kept.step);
                }
            }
            return Ok(());
        }
        for (position, kept) in run.iter().enumerate() {
            if position > 0 {
                self.part.rows.push(self.settings.format.delimiter);
            }
            self.keep(row, *kept)?;
        }
        Ok(())
    }

    /// Copies one cell that is kept, with the quotes and the encoding of the output.
    fn keep(&mut self, row: &Row<'_>, kept: Kept) -> Result<(), Refusal> {
        let field = row.field(kept.column).unwrap_or_default();
        let content = self.batch.content(field, self.scratch);
        let at = row.field_start(kept.column);
        let breaks = self
            .batch
            .has_inner_break(at, row.field_end(kept.column).unwrap_or(at));
        if breaks && !kept.multiline {
            return Err(self
                .batch
                .refuse(Malformed::LineBreakInKept, at, self.header));
        }
        let format = &self.settings.format;
        let out = &mut self.part.rows;
        if self.facts.same_delimiter && !self.facts.decode && field.first() == Some(&b'"') {
            // What is quoted for a reason stays as it is.
            let needed = content.len() + 2 != field.len()
                || breaks
                || memchr(format.delimiter, content).is_some();
            out.extend_from_slice(if needed { field } else { content });
        } else {
            let start = out.len();
            out.extend_from_slice(content);
            format.quote_from(start, out);
        }
        let missing = self.settings.count_missing_kept && self.plan.missing.is(content);
        self.count_missing(missing, kept.step);
        Ok(())
    }

    /// Writes what a transform makes of a cell; `false` if it is invalid.
    #[inline]
    fn write(
        &mut self,
        row: &Row<'_>,
        step: usize,
        column: usize,
        transform: &dyn Transform,
    ) -> bool {
        let field = row.field(column).unwrap_or_default();
        let content = match field.first() {
            Some(b'"') => self.batch.content(field, self.scratch),
            _ if self.facts.decode => self.batch.content(field, self.scratch),
            _ => field,
        };
        if self.plan.missing.is(content) {
            self.count_missing(true, step);
            return true;
        }
        let start = self.part.rows.len();
        let applied = transform.apply(
            Cell {
                content,
                record: row.number,
            },
            &mut self.part.rows,
        );
        match applied {
            Ok(outcome) => {
                if !transform.writes_plain() {
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
    fn note(&mut self, row: &Row<'_>, column: usize, cause: Cause) {
        if self.part.tally.places.len() < MAX_PLACES {
            let line = self.batch.place(row.field_start(column), self.header).line;
            self.part.tally.places.push(Found {
                record: row.number,
                line,
                cause,
            });
        }
    }

    #[inline]
    fn count_missing(&mut self, missing: bool, step: usize) {
        if missing && let Some(column) = self.part.tally.columns.get_mut(step) {
            column.missing += 1;
        }
    }
}
