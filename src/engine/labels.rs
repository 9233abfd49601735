//! Labels in the place of quasi-identifying cells, found before the rows are written.
//!
//! A recoding knows the rows by what would leave, which mostly follows from the cell alone, so it is
//! worked out down the columns and remembered by cell; the rows are then written at once with the
//! labels in them, and not a second time.

use std::slice::ChunksExact;

use super::block::{BLOCK, Block, Column, Effect};
use super::decision::Decision;
use super::part::Settings;
use super::recoding::{self, Coded, Recoding};
use super::selection::Selection;
use super::tally::{Cause, Found, MAX_PLACES, Tally};
use crate::base::name::Shown;
use crate::engine::plan::{Act, Plan};
use crate::io::csv::{Batch, Malformed, Refusal, Rows};
use crate::privacy::codes::{Codes, Numbered, Processed, Value};
use crate::rules::policy::OnInvalid;
use crate::rules::transform::Reason;

/// Finds the labels of the rows of a batch.
pub(super) struct Labels<'a> {
    recoding: &'a Recoding,
    plan: &'a Plan,
    header: &'a [Shown],
    on_invalid: OnInvalid,
    columns: Vec<Labelled<'a>>,
    coded: Coded,
    scratch: Vec<u8>,
    text: Vec<u8>,
    /// What is counted again when the rows are written.
    unheard: Tally,
    /// What is wrong in a block: the row and the column, and why.
    wrong: Vec<(usize, usize, &'static Reason)>,
    /// The first places of what is wrong in the batch.
    places: Vec<Found>,
}

/// A column with labels.
struct Labelled<'a> {
    /// Its position among those with labels.
    position: usize,
    column: Column<'a>,
    /// Whether its missing cells are counted.
    counts_missing: bool,
    /// Whether its cells are remembered.
    by_cell: bool,
    /// By cell: the code of what would leave, or else from [`SPECIAL`] on the position in `special`.
    remembered: Codes,
    /// For texts that come with a number: the code.
    numbered: Numbered,
    /// The codes of cells of which something is to be counted.
    special: Vec<(u32, Effect)>,
}

/// No code of a cell that nothing more is to be done for.
const SPECIAL: u32 = 1 << 31;

/// Of a cell that is not remembered.
const UNKNOWN: u32 = u32::MAX;

/// The cells that are remembered for each column; others are processed every time.
const REMEMBERED: usize = 1 << 16;

/// What a block is processed with.
struct Room<'r> {
    scratch: &'r mut Vec<u8>,
    text: &'r mut Vec<u8>,
    tally: &'r mut Tally,
    wrong: &'r mut Vec<(usize, usize, &'static Reason)>,
}

/// The labels of the rows of a batch that leave, while they are written one after the other.
pub(super) struct InOrder<'a> {
    recoding: &'a Recoding,
    rows: ChunksExact<'a, u32>,
    row: &'a [u32],
}

impl<'a> Labels<'a> {
    /// Labels after a recoding, whose columns are those of these steps of the plan.
    pub(super) fn new(
        recoding: &'a Recoding,
        steps: impl Iterator<Item = usize>,
        (plan, header): (&'a Plan, &'a [Shown]),
        settings: &Settings,
    ) -> Self {
        let columns = steps.filter_map(|step| Column::new(plan, step));
        let columns = columns.enumerate().map(|(position, column)| Labelled {
            position,
            counts_missing: settings.count_missing_kept || matches!(column.act, Act::Write(_)),
            by_cell: column.is_by_cell(0),
            column,
            remembered: Codes::default(),
            numbered: Numbered::default(),
            special: Vec::new(),
        });
        Self {
            recoding,
            plan,
            header,
            on_invalid: settings.on_invalid,
            columns: columns.collect(),
            coded: Coded::default(),
            scratch: Vec::new(),
            text: Vec::new(),
            unheard: Tally::new(0),
            wrong: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Finds the labels of the rows that leave, and counts what is to be counted of their cells.
    ///
    /// # Errors
    /// A row that the recoding does not know: the input is not what it was.
    pub(super) fn take<'b>(
        &mut self,
        batch: &'b Batch,
        rows: Rows<'b>,
        indexes: &[u64],
        decode: bool,
        tally: &mut Tally,
    ) -> Result<(), Refusal> {
        self.coded.numbers.clear();
        self.places.clear();
        self.unheard.clear();
        let mut all = rows;
        let selection = Selection {
            plan: self.plan,
            header: self.header,
            on_invalid: self.on_invalid,
        };
        let mut rows = Vec::with_capacity(BLOCK);
        loop {
            rows.clear();
            while rows.len() < BLOCK
                && let Some(row) = all.next()
            {
                let (scratch, tally) = (&mut self.scratch, &mut self.unheard);
                if selection.decide(&row, batch, scratch, tally)? != Decision::Stays {
                    rows.push(row);
                }
            }
            if rows.is_empty() {
                return Ok(());
            }
            let block = Block {
                rows: &rows,
                indexes,
                batch,
                plan: self.plan,
                header: self.header,
                decode,
            };
            self.coded.codes.clear();
            let mut room = Room {
                scratch: &mut self.scratch,
                text: &mut self.text,
                tally,
                wrong: &mut self.wrong,
            };
            let mut all_known = self.columns.len() == self.recoding.columns().len();
            for (column, known) in self.columns.iter_mut().zip(self.recoding.columns()) {
                let codes = &mut self.coded.codes;
                all_known &= column.codes(&block, known, codes, &mut room)?;
            }
            if !all_known || !self.recoding.label(&mut self.coded) {
                return Err(batch.refuse(Malformed::Changed, 0, &[]));
            }
            if !self.wrong.is_empty() {
                self.note(&block);
            }
        }
    }

    /// Notes the places of what is wrong in a block, in the order of the rows.
    #[cold]
    fn note(&mut self, block: &Block<'_, '_>) {
        self.wrong.sort_by_key(|(at, position, _)| (*at, *position));
        let room = MAX_PLACES.saturating_sub(self.places.len());
        for (at, position, reason) in self.wrong.drain(..).take(room) {
            let column = self.columns.get(position).map(|known| known.column);
            if let (Some(row), Some(column)) = (block.rows.get(at), column) {
                let start = row.field_start(column.column);
                self.places.push(Found {
                    record: row.number,
                    line: block.batch.place(start, self.header).line,
                    cause: Cause::Cell {
                        step: column.step,
                        reason,
                    },
                });
            }
        }
    }

    /// Puts the places of what is wrong with these cells among the others of the batch.
    pub(super) fn add_places(&mut self, tally: &mut Tally) {
        if self.places.is_empty() {
            return;
        }
        tally.places.append(&mut self.places);
        tally.places.sort_by_key(|found| {
            let step = match found.cause {
                Cause::Cell { step, .. } => Some(step),
                Cause::Width(_) | Cause::Total | Cause::Undecided { .. } => None,
            };
            (found.record, step)
        });
        tally.places.truncate(MAX_PLACES);
    }

    /// The numbers of the labels of the rows that leave, one row's behind the other's.
    pub(super) fn numbers(&self) -> &[u32] {
        &self.coded.numbers
    }

    /// The labels for the rows that leave.
    pub(super) fn in_order(&self) -> InOrder<'_> {
        let columns = self.columns.len().max(1);
        InOrder {
            recoding: self.recoding,
            rows: self.coded.numbers.chunks_exact(columns),
            row: &[],
        }
    }
}

impl Labelled<'_> {
    /// Appends the codes of the column in a block, which the recoding has in `known`; `false` if it
    /// lacks one.
    fn codes(
        &mut self,
        block: &Block<'_, '_>,
        known: &recoding::Column,
        codes: &mut Vec<u32>,
        room: &mut Room<'_>,
    ) -> Result<bool, Refusal> {
        let Room {
            scratch,
            text,
            tally,
            wrong,
        } = room;
        let (step, position) = (self.column.step, self.position);
        let mut count = |at: usize, effect: Effect| {
            if let Some(counts) = tally.columns.get_mut(step) {
                effect.add_to(counts);
            }
            if let Some(reason) = effect.invalid {
                wrong.push((at, position, reason));
            }
        };
        if !self.by_cell {
            let mut all_known = true;
            for at in 0..block.rows.len() {
                text.clear();
                let (processed, effect) =
                    (self.column).process((block, at), Some(&self.numbered), scratch, text)?;
                if effect != Effect::default() {
                    count(at, effect);
                }
                let code = match processed {
                    Processed::Known(code) => Some(code),
                    Processed::Text(number) => {
                        let code = known.code(Value::in_room(text));
                        if let (Some(number), Some(code)) = (number, code) {
                            self.numbered.insert(number, code);
                        }
                        code
                    }
                };
                all_known &= code.is_some();
                codes.push(code.unwrap_or(UNKNOWN));
            }
            return Ok(all_known);
        }
        let begin = codes.len();
        let mut any = 0;
        let remembered = &self.remembered;
        let cells = self.column.cells(block);
        codes.extend(cells.clone().map(|cell| {
            let code = remembered.get(cell).unwrap_or(UNKNOWN);
            any |= code;
            code
        }));
        if any < SPECIAL {
            return Ok(true);
        }
        let mut all_known = true;
        let codes = codes.iter_mut().skip(begin).zip(cells).enumerate();
        for (at, (code, cell)) in codes.filter(|(_, (code, _))| **code >= SPECIAL) {
            let effect = if let Some((special, effect)) = self.special_of(*code) {
                *code = special;
                effect
            } else {
                text.clear();
                let (_, mut effect) = (self.column).process((block, at), None, scratch, text)?;
                effect.missing &= self.counts_missing;
                let Some(found) = known.code(Value::from(text.as_slice())) else {
                    all_known = false;
                    continue;
                };
                self.remember(cell, found, effect);
                *code = found;
                effect
            };
            count(at, effect);
        }
        self.by_cell = self.column.is_by_cell(self.remembered.len());
        Ok(all_known)
    }

    fn special_of(&self, code: u32) -> Option<(u32, Effect)> {
        self.special.get((code ^ SPECIAL) as usize).copied()
    }

    /// Remembers what is the matter with a cell. One that is invalid may come again, but its place
    /// has to be noted each time.
    fn remember(&mut self, cell: Value<'_>, code: u32, effect: Effect) {
        if self.remembered.len() >= REMEMBERED {
            return;
        }
        let remembered = match effect == Effect::default() && code < SPECIAL {
            true => code,
            false => {
                let position = self.special.len() as u32;
                self.special.push((code, effect));
                position | SPECIAL
            }
        };
        self.remembered.insert(cell, remembered);
    }
}

impl<'a> InOrder<'a> {
    /// Goes on to the next row; `false` if there is none.
    #[inline(always)]
    pub(super) fn advance(&mut self) -> bool {
        let next = self.rows.next();
        self.row = next.unwrap_or_default();
        next.is_some()
    }

    /// Appends the label of the row in the column at a position among those with labels, and the
    /// delimiter; `false` if there is none.
    #[inline(always)]
    pub(super) fn write(&self, position: usize, out: &mut Vec<u8>) -> bool {
        let column = self.recoding.columns().get(position);
        let (Some(column), Some(number)) = (column, self.row.get(position)) else {
            return false;
        };
        column.write(*number, out);
        true
    }
}
