//! The main job on one batch: from rows of the input to rows that may leave.

use memchr::memchr2;

use super::Worker;
use super::cells::{OutputFormat, write_number};
use super::tally::{Cause, Found, MAX_PLACES, Tally};
use crate::index::IndexKey;
use crate::name::Shown;
use crate::plan::{Act, Plan, Step};
use crate::reader::{Batch, Ends, Malformed, Refusal, Row, Text};
use crate::rule::{Cell, Outcome, Reason, Transform};

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

/// What comes of a batch.
#[derive(Debug)]
pub struct Part {
    /// The rows, ready to be written.
    pub rows: Vec<u8>,
    /// Where each row ends in `rows`, if that was asked for.
    pub row_ends: Vec<usize>,
    /// What was counted.
    pub tally: Tally,
}

/// Anonymises batches after a plan.
pub struct Anonymiser<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The names of the input's columns, for places.
    pub header: &'a [Shown],
    /// How rows are written.
    pub format: OutputFormat,
    /// What is done about invalid cells.
    pub on_invalid: OnInvalid,
    /// The key of the index, if rows get theirs here.
    pub index: Option<IndexKey>,
    /// Whether the ends of rows are to be noted.
    pub note_row_ends: bool,
    ends: Ends,
    scratch: Vec<u8>,
    part: Part,
}

impl<'a> Anonymiser<'a> {
    /// A worker for this plan.
    pub fn new(
        plan: &'a Plan,
        header: &'a [Shown],
        format: OutputFormat,
        on_invalid: OnInvalid,
    ) -> Self {
        Self {
            plan,
            header,
            format,
            on_invalid,
            index: None,
            note_row_ends: false,
            ends: Ends::default(),
            scratch: Vec::new(),
            part: Part {
                rows: Vec::new(),
                row_ends: Vec::new(),
                tally: Tally::new(plan.steps.len()),
            },
        }
    }
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
        self.part.tally.clear();
        let mut ends = std::mem::take(&mut self.ends);
        let treated = batch.check(self.header, &mut ends).and_then(|()| {
            let same_delimiter = self.format.delimiter == batch.delimiter();
            let as_is = same_delimiter && !batch.has_literal_quotes() && !is_1252(batch);
            batch
                .rows(&ends)
                .try_for_each(|row| self.row(batch, &row, as_is))
        });
        self.ends = ends;
        treated
    }
}

impl Anonymiser<'_> {
    /// Writes one row. `as_is` tells that an unquoted field can be copied without a look at it.
    fn row(&mut self, batch: &Batch, row: &Row<'_>, as_is: bool) -> Result<(), Refusal> {
        self.part.tally.rows += 1;
        if row.width() != self.header.len() {
            self.part.tally.wrong_width += 1;
            self.note(batch, row, 0, Cause::Width(row.width()));
            return Ok(());
        }
        let row_start = self.part.rows.len();
        if let Some(key) = self.index {
            write_number(key.index(row.number - 1), &mut self.part.rows);
        }
        let plan = self.plan;
        let mut valid = true;
        let mut first = self.index.is_none();
        for (position, step) in plan.steps.iter().enumerate() {
            if !first {
                self.part.rows.push(self.format.delimiter);
            }
            first = false;
            let Some(field) = row.field(step.column) else {
                continue;
            };
            match &step.act {
                Act::Keep { multiline } => {
                    self.keep(batch, row, (position, step), field, *multiline, as_is)?;
                }
                Act::Write(transform) => {
                    valid &= self.write(batch, row, (position, step), field, transform.as_ref());
                }
            }
        }
        if !valid && self.on_invalid == OnInvalid::Skip {
            self.part.rows.truncate(row_start);
            return Ok(());
        }
        // A row of one empty cell would read as a blank line.
        if self.part.rows.len() == row_start {
            self.part.rows.extend_from_slice(b"\"\"");
        }
        self.part.rows.extend_from_slice(self.format.line_end());
        self.part.tally.written += 1;
        if self.note_row_ends {
            self.part.row_ends.push(self.part.rows.len());
        }
        Ok(())
    }

    /// Copies a cell that is kept.
    #[inline]
    fn keep(
        &mut self,
        batch: &Batch,
        row: &Row<'_>,
        (position, step): (usize, &Step),
        field: &[u8],
        multiline: bool,
        as_is: bool,
    ) -> Result<(), Refusal> {
        if as_is && field.first() != Some(&b'"') {
            self.count_missing(position, field);
            self.part.rows.extend_from_slice(field);
            return Ok(());
        }
        let content = batch.content(field, &mut self.scratch);
        if !multiline && memchr2(b'\n', b'\r', content).is_some() {
            let at = row.field_start(step.column);
            return Err(batch.refuse(Malformed::LineBreakInKept, at, self.header));
        }
        let missing = self.plan.missing.is(content);
        let start = self.part.rows.len();
        self.part.rows.extend_from_slice(content);
        self.format.quote_from(start, &mut self.part.rows);
        if missing {
            self.add_missing(position);
        }
        Ok(())
    }

    /// Writes what a transform makes of a cell; `false` if it is invalid.
    #[inline]
    fn write(
        &mut self,
        batch: &Batch,
        row: &Row<'_>,
        (position, step): (usize, &Step),
        field: &[u8],
        transform: &dyn Transform,
    ) -> bool {
        let content = batch.content(field, &mut self.scratch);
        if self.plan.missing.is(content) {
            self.add_missing(position);
            return true;
        }
        let start = self.part.rows.len();
        match transform.apply(
            Cell {
                content,
                record: row.number,
            },
            &mut self.part.rows,
        ) {
            Ok(outcome) => {
                self.format.quote_from(start, &mut self.part.rows);
                if let Outcome::Counted(which) = outcome
                    && let Some(column) = self.part.tally.columns.get_mut(position)
                {
                    column.add_count(which, 1);
                }
                true
            }
            Err(reason) => {
                self.part.rows.truncate(start);
                self.invalid(batch, row, (position, step), reason);
                false
            }
        }
    }

    #[cold]
    fn invalid(
        &mut self,
        batch: &Batch,
        row: &Row<'_>,
        (position, step): (usize, &Step),
        reason: &'static Reason,
    ) {
        if let Some(column) = self.part.tally.columns.get_mut(position) {
            column.add_invalid(reason, 1);
        }
        self.note(
            batch,
            row,
            step.column,
            Cause::Cell {
                step: position,
                reason,
            },
        );
    }

    /// Notes the place of what is wrong, as long as there is room for it.
    fn note(&mut self, batch: &Batch, row: &Row<'_>, column: usize, cause: Cause) {
        if self.part.tally.places.len() < MAX_PLACES {
            let line = batch.place(row.field_start(column), self.header).line;
            self.part.tally.places.push(Found {
                record: row.number,
                line,
                cause,
            });
        }
    }

    #[inline]
    fn count_missing(&mut self, position: usize, content: &[u8]) {
        if self.plan.missing.is(content) {
            self.add_missing(position);
        }
    }

    #[inline]
    fn add_missing(&mut self, position: usize) {
        if let Some(column) = self.part.tally.columns.get_mut(position) {
            column.missing += 1;
        }
    }
}

fn is_1252(batch: &Batch) -> bool {
    batch.text() == Text::In(crate::reader::Encoding::Windows1252)
}
