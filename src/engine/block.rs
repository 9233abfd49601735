//! A column whose cells are processed down the column, a block of rows at a time, rather than as their
//! rows are written: what would leave in the place of each is wanted, and what is to be counted of it.

use crate::base::name::Shown;
use crate::engine::plan::{Act, Plan};
use crate::io::csv::{Batch, Malformed, Refusal, Row};
use crate::privacy::codes::{Numbered, Processed, Value};
use crate::rules::transform::{Cell, CellRow, Outcome, Reason};

use super::tally::ColumnTally;
use super::whose::read_person;

/// Rows that are looked at together: so few that they stay in a processor's nearest cache meanwhile.
pub(super) const BLOCK: usize = 128;

/// A column that leaves with more distinct cells than that is processed cell by cell; what leaves in
/// the place of fewer is remembered.
const FEW: usize = 1 << 13;

/// A column whose cells are processed.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    /// The position of its step in the plan.
    pub(super) step: usize,
    /// Its position in the input.
    pub(super) column: usize,
    pub(super) act: &'a Act,
}

/// Rows that leave, and what they are read with.
#[derive(Clone, Copy)]
pub(super) struct Block<'a, 'b> {
    pub(super) rows: &'b [Row<'a>],
    /// The index of each row of the batch, if rows have one.
    pub(super) indexes: &'b [u64],
    pub(super) batch: &'a Batch,
    pub(super) plan: &'a Plan,
    pub(super) header: &'a [Shown],
    /// What is not ASCII has to be decoded.
    pub(super) decode: bool,
}

/// What is to be counted of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Effect {
    pub(super) missing: bool,
    /// What the rule lists at this position.
    pub(super) counted: Option<usize>,
    pub(super) invalid: Option<&'static Reason>,
}

/// Codes are kept for smaller numbers than that.
const NUMBERS: u32 = 1 << 17;

impl Effect {
    /// Counts it.
    pub(super) fn add_to(self, tally: &mut ColumnTally) {
        tally.missing += u64::from(self.missing);
        if let Some(which) = self.counted {
            tally.add_count(which, 1);
        }
        if let Some(reason) = self.invalid {
            tally.add_invalid(reason, 1);
        }
    }
}

impl<'a> Column<'a> {
    /// The column of a step of the plan.
    pub(super) fn new(plan: &'a Plan, step: usize) -> Option<Self> {
        let planned = plan.steps.get(step)?;
        Some(Self {
            step,
            column: planned.column,
            act: &planned.act,
        })
    }

    /// Whether the same always leaves in the place of the same cell.
    pub(super) fn goes_by_content(&self) -> bool {
        match self.act {
            Act::Keep { .. } => true,
            Act::Write(transform) => transform.goes_by_content(),
        }
    }

    /// Whether what leaves in the place of its cells is remembered by cell, while so many are.
    pub(super) fn is_by_cell(&self, remembered: usize) -> bool {
        match self.act {
            Act::Keep { .. } => true,
            Act::Write(transform) => transform.goes_by_content() && remembered <= FEW,
        }
    }

    /// Its cells in a block, as they stand in the input.
    #[inline]
    pub(super) fn cells<'b>(
        &self,
        block: &Block<'a, 'b>,
    ) -> impl Iterator<Item = Value<'a>> + Clone + use<'a, 'b> {
        let (buffer, column) = (block.batch.buffer(), self.column);
        block.rows.iter().map(move |row| {
            let (start, end) = row.bounds(column);
            Value::within(buffer, start, end)
        })
    }

    /// Appends what leaves in the place of the cell of the row at a position, unless `known` has the
    /// code of its number; nothing is to be counted then. Without `known` no number is asked for: it
    /// costs as much as the text.
    #[inline]
    pub(super) fn process(
        &self,
        (block, at): (&Block<'_, '_>, usize),
        known: Option<&Numbered>,
        scratch: &mut Vec<u8>,
        text: &mut Vec<u8>,
    ) -> Result<(Processed, Effect), Refusal> {
        let mut effect = Effect::default();
        let Some(row) = block.rows.get(at) else {
            return Ok((Processed::Text(None), effect));
        };
        let batch = block.batch;
        let content = batch.cell(row, self.column, block.decode, scratch);
        let transform = match self.act {
            Act::Keep { multiline } => {
                let (start, end) = row.bounds(self.column);
                if !multiline && batch.has_inner_break(start, end) {
                    return Err(batch.refuse(Malformed::LineBreakInKept, start, block.header));
                }
                text.extend_from_slice(content);
                effect.missing = block.plan.missing.is(content);
                return Ok((Processed::Text(None), effect));
            }
            Act::Write(transform) => transform,
        };
        if block.plan.missing.is(content) {
            effect.missing = true;
            if content.is_empty() || !transform.takes_missing() {
                return Ok((Processed::Text(None), effect));
            }
        }
        let known = known.filter(|_| !effect.missing);
        let number = known.and_then(|_| transform.number(content));
        let number = number.filter(|number| *number < NUMBERS);
        if let (Some(known), Some(number)) = (known, number)
            && let Some(code) = known.get(number)
        {
            return Ok((Processed::Known(code), effect));
        }
        let begin = text.len();
        let mut person = Vec::new();
        if !block.plan.draws_by.is_empty() {
            let read = (batch, &block.plan.missing);
            let room = (&mut Vec::new(), &mut person);
            read_person(&block.plan.draws_by, row, read, room);
        }
        let position = usize::try_from(row.number.wrapping_sub(batch.first_record)).ok();
        let index = position.and_then(|position| block.indexes.get(position));
        let cell = Cell {
            content,
            row: &CellRow {
                record: row.number,
                index: index.copied(),
                person: &person,
            },
        };
        match transform.apply(cell, text) {
            Ok(Outcome::Written) => {}
            Ok(Outcome::Counted(which)) => effect.counted = Some(which),
            Err(reason) => {
                text.truncate(begin);
                effect.invalid = Some(reason);
            }
        }
        Ok((Processed::Text(number), effect))
    }
}
