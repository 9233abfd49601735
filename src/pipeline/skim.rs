//! A pass that only counts: of each row that would leave, the codes of its watched cells.
//!
//! Nothing is written, and of what is wrong with a cell only that it is. Cells are taken down a
//! column, a block of rows at a time, as they stand in the input. Most columns have few distinct
//! cells, which are remembered with the code of what leaves in their place; only of a column with
//! very many is each one treated.

use super::Worker;
use super::anonymise::{OnInvalid, Part, Settings};
use super::filtered::{Decision, Tests};
use super::measured::Watch;
use super::tally::{Cause, Tally};
use crate::index::IndexKey;
use crate::name::Shown;
use crate::plan::{Act, Plan};
use crate::privacy::codes::Value;
use crate::privacy::counter::Coder;
use crate::reader::{Batch, Encoding, Ends, Malformed, Refusal, Row, Text};
use crate::rule::Cell;

/// Rows that are looked at together: so few that they stay in a processor's nearest cache meanwhile.
const BLOCK: usize = 128;

/// Columns of more distinct cells than that are treated cell by cell, unless they are kept.
const FEW: usize = 1 << 13;

/// Counts batches of rows that are not written.
pub struct Skim<'a> {
    plan: &'a Plan,
    header: &'a [Shown],
    on_invalid: OnInvalid,
    /// The key of the index, if what leaves in the place of a watched cell may depend on it.
    index: Option<IndexKey>,
    /// In the order in which the coder takes them.
    columns: Vec<Column<'a>>,
    coder: Coder<'a>,
    ends: Ends,
    indexes: Vec<u64>,
    room: Room,
    part: Part,
}

/// A watched column.
struct Column<'a> {
    step: usize,
    /// Its position in the input.
    column: usize,
    act: &'a Act,
    /// Whether its cells are remembered.
    by_cell: bool,
}

/// Space that is used again and again.
#[derive(Default)]
struct Room {
    scratch: Vec<u8>,
    /// What leaves in the place of cells, one behind the other, and where each begins and ends.
    texts: Vec<u8>,
    places: Vec<(usize, usize)>,
}

/// Rows that leave, and what they are read with.
struct Block<'a, 'b> {
    rows: &'b [Row<'a>],
    indexes: &'b [u64],
    batch: &'a Batch,
    plan: &'a Plan,
    header: &'a [Shown],
    /// What is not ASCII has to be decoded.
    decode: bool,
}

impl<'a> Skim<'a> {
    /// A worker that counts the columns of `watch` with `coder`, of an output after this plan. The row
    /// filter, if there is one, may not blank rows, and invalid cells may not have rows left out.
    pub fn new(
        plan: &'a Plan,
        header: &'a [Shown],
        settings: &Settings,
        watch: &Watch,
        coder: Coder<'a>,
    ) -> Self {
        let watched = watch.quasi.iter().chain(&watch.sensitive);
        let columns = watched.filter_map(|at| {
            let step = *watch.steps.get(*at)?;
            let planned = plan.steps.get(step)?;
            Some(Column {
                step,
                column: planned.column,
                by_cell: goes_by_content(&planned.act),
                act: &planned.act,
            })
        });
        let columns: Vec<Column<'_>> = columns.collect();
        let needs_index = columns.iter().any(|column| !goes_by_content(column.act));
        Self {
            plan,
            header,
            on_invalid: settings.on_invalid,
            index: settings.index.filter(|_| needs_index),
            columns,
            coder,
            ends: Ends::default(),
            indexes: Vec::new(),
            room: Room::default(),
            part: Part::new(plan),
        }
    }

    /// What was counted.
    pub fn into_coder(self) -> Coder<'a> {
        self.coder
    }

    /// Whether a row leaves.
    #[inline(always)]
    fn leaves(&mut self, row: &Row<'_>, batch: &Batch) -> bool {
        let tally = &mut self.part.tally;
        tally.rows += 1;
        if row.width() != self.header.len() {
            tally.wrong_width += 1;
            tally.note(row, 0, Cause::Width(row.width()), (batch, self.header));
            return false;
        }
        if let Some(filter) = &self.plan.filter {
            let tests = Tests {
                filter,
                missing: &self.plan.missing,
                on_invalid: self.on_invalid,
            };
            let (decision, _) = tests.decide(row, batch, &mut self.room.scratch, tally);
            if decision == Decision::Stays {
                return false;
            }
        }
        tally.written += 1;
        true
    }
}

/// Whether the same always leaves in the place of the same cell.
fn goes_by_content(act: &Act) -> bool {
    match act {
        Act::Keep { .. } => true,
        Act::Write(transform) => transform.goes_by_content(),
    }
}

impl Column<'_> {
    /// Gives the coder the column of a block.
    fn count(
        &mut self,
        block: &Block<'_, '_>,
        coder: &mut Coder<'_>,
        room: &mut Room,
        tally: &mut Tally,
    ) -> Result<(), Refusal> {
        let Room {
            scratch,
            texts,
            places,
        } = room;
        let mut done = Ok(());
        if self.by_cell {
            let buffer = block.batch.buffer();
            let cells = block.rows.iter().map(|row| {
                let (start, end) = row.bounds(self.column);
                Value::within(buffer, start, end)
            });
            let remembered = coder.cells(cells, |at, text| {
                let treated = self.treat(block, at, scratch, text, tally);
                done = std::mem::replace(&mut done, Ok(())).and(treated);
            });
            self.by_cell = remembered <= FEW || matches!(self.act, Act::Keep { .. });
            return done;
        }
        texts.clear();
        places.clear();
        for at in 0..block.rows.len() {
            let start = texts.len();
            self.treat(block, at, scratch, texts, tally)?;
            places.push((start, texts.len()));
        }
        // A text is read together with what stands behind it, which is faster.
        texts.extend_from_slice(&[0; 16]);
        coder.values(
            places
                .iter()
                .map(|(start, end)| Value::within(texts, *start, *end)),
        );
        done
    }

    /// Appends what leaves in the place of a cell.
    #[inline]
    fn treat(
        &self,
        block: &Block<'_, '_>,
        at: usize,
        scratch: &mut Vec<u8>,
        text: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> Result<(), Refusal> {
        let Some(row) = block.rows.get(at) else {
            return Ok(());
        };
        let batch = block.batch;
        let content = batch.cell(row, self.column, block.decode, scratch);
        match self.act {
            Act::Keep { multiline } => {
                let (start, end) = row.bounds(self.column);
                if !multiline && batch.has_inner_break(start, end) {
                    return Err(batch.refuse(Malformed::LineBreakInKept, start, block.header));
                }
                text.extend_from_slice(content);
            }
            Act::Write(transform) => {
                let empty = content.is_empty() || !transform.takes_missing();
                if empty && block.plan.missing.is(content) {
                    return Ok(());
                }
                let begin = text.len();
                let position = row.number.wrapping_sub(batch.first_record);
                let index = usize::try_from(position).ok();
                let cell = Cell {
                    content,
                    record: row.number,
                    index: index
                        .and_then(|position| block.indexes.get(position))
                        .copied(),
                };
                if let Err(reason) = transform.apply(cell, text) {
                    text.truncate(begin);
                    if let Some(column) = tally.columns.get_mut(self.step) {
                        column.add_invalid(reason, 1);
                    }
                }
            }
        }
        Ok(())
    }
}

impl Worker for Skim<'_> {
    type Part = Part;

    fn treat(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.part.tally.clear();
        let mut ends = std::mem::take(&mut self.ends);
        batch.check(self.header, &mut ends)?;
        if let Some(key) = self.index {
            let count = usize::try_from(batch.records()).unwrap_or(usize::MAX);
            key.indexes(batch.first_record - 1, count, &mut self.indexes);
        }
        let mut all = batch.rows(&ends);
        let mut rows = Vec::with_capacity(BLOCK);
        loop {
            rows.clear();
            let leaving = all.by_ref().filter(|row| self.leaves(row, batch));
            rows.extend(leaving.take(BLOCK));
            if rows.is_empty() {
                break;
            }
            let block = Block {
                rows: &rows,
                indexes: &self.indexes,
                batch,
                plan: self.plan,
                header: self.header,
                decode: batch.text() == Text::In(Encoding::Windows1252),
            };
            for column in &mut self.columns {
                let tally = &mut self.part.tally;
                column.count(&block, &mut self.coder, &mut self.room, tally)?;
            }
            self.coder.flush();
        }
        drop(rows);
        self.ends = ends;
        Ok(())
    }

    fn part(&mut self) -> &mut Part {
        &mut self.part
    }
}
