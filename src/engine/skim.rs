//! A pass that only counts: of each row that would leave, the codes of its watched cells.
//!
//! Nothing is written, and of what is wrong with a cell only that it is. Cells are taken down a
//! column, a block of rows at a time, as they stand in the input. Most columns have few distinct
//! cells, which are remembered with the code of what leaves in their place; only of a column with
//! very many is each one processed.

use super::Worker;
use super::block::{BLOCK, Block, Column};
use super::decision::Decision;
use super::part::{Part, Settings};
use super::selection::Selection;
use super::tally::{ColumnTally, Tally};
use super::watch::Watch;
use super::whose::{Sketch, Watcher};
use crate::base::name::Shown;
use crate::crypto::row_index::IndexKey;
use crate::engine::plan::Plan;
use crate::io::csv::{Batch, Ends, Refusal};
use crate::privacy::codes::Numbered;
use crate::privacy::counter::Coder;
use crate::rules::policy::OnInvalid;

/// Counts batches of rows that are not written.
pub struct Skim<'a> {
    plan: &'a Plan,
    header: &'a [Shown],
    on_invalid: OnInvalid,
    /// The key of the index, if what leaves in the place of a watched cell may depend on it.
    index: Option<IndexKey>,
    /// In the order in which the coder takes them.
    columns: Vec<Watched<'a>>,
    /// Columns that are looked at and do not count, behind the persons.
    others: Vec<Watched<'a>>,
    coder: Coder<'a>,
    watcher: Watcher<'a>,
    persons: Vec<u32>,
    ends: Ends,
    indexes: Vec<u64>,
    scratch: Vec<u8>,
    part: Part,
}

/// A watched column.
struct Watched<'a> {
    column: Column<'a>,
    /// Whether its cells are remembered.
    by_cell: bool,
}

impl<'a> Skim<'a> {
    /// A worker that counts the columns of `watch` with `coder`, of an output after this plan. The row
    /// filter, if there is one, may not blank rows, and invalid cells may not have rows left out.
    pub(super) fn new(
        plan: &'a Plan,
        header: &'a [Shown],
        settings: &Settings,
        watch: &Watch,
        (coder, watcher): (Coder<'a>, Watcher<'a>),
    ) -> Self {
        let watched = |at: &usize| {
            let column = Column::new(plan, *watch.steps.get(*at)?)?;
            Some(Watched {
                by_cell: column.is_by_cell(0),
                column,
            })
        };
        let counted = watch.quasi.iter().chain(&watch.sensitive);
        let columns: Vec<Watched<'_>> = counted.filter_map(watched).collect();
        let others = watch.others.iter().map(|(at, _)| at);
        let others: Vec<Watched<'_>> = others.filter_map(watched).collect();
        let by_content = |watched: &Watched<'_>| watched.column.goes_by_content();
        let needs_index = !columns.iter().chain(&others).all(by_content);
        Self {
            plan,
            header,
            on_invalid: settings.on_invalid,
            index: settings.index.filter(|_| needs_index),
            columns,
            others,
            coder,
            watcher,
            persons: Vec::new(),
            ends: Ends::default(),
            indexes: Vec::new(),
            scratch: Vec::new(),
            part: Part::new(plan),
        }
    }

    /// What was counted.
    pub(super) fn into_parts(self) -> (Coder<'a>, Option<Sketch>) {
        (self.coder, self.watcher.into_sketch())
    }
}

impl Watched<'_> {
    /// Gives the coder the column of a block. What is wrong with cells is counted at least once.
    fn count(
        &mut self,
        block: &Block<'_, '_>,
        coder: &mut Coder<'_>,
        scratch: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> Result<(), Refusal> {
        let Self { column, by_cell } = self;
        let mut unheard = ColumnTally::default();
        let counts = tally.columns.get_mut(column.step).unwrap_or(&mut unheard);
        let mut process = |at: usize, known: Option<&Numbered>, text: &mut Vec<u8>| {
            let (processed, effect) = column.process((block, at), known, scratch, text)?;
            if let Some(reason) = effect.invalid {
                counts.add_invalid(reason, 1);
            }
            Ok(processed)
        };
        if !*by_cell {
            return coder.texts(block.rows.len(), |at, known, text| {
                process(at, Some(known), text)
            });
        }
        let mut done = Ok(());
        let remembered = coder.cells(column.cells(block), |at, text| {
            let processed = process(at, None, text);
            done = std::mem::replace(&mut done, Ok(())).and(processed.map(|_| ()));
        });
        *by_cell = column.is_by_cell(remembered);
        done
    }
}

impl Worker for Skim<'_> {
    type Part = Part;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.part.tally.clear();
        let mut ends = std::mem::take(&mut self.ends);
        batch.check(self.header, &mut ends)?;
        if let Some(key) = self.index {
            let count = usize::try_from(batch.records()).unwrap_or(usize::MAX);
            key.indexes(batch.first_record - 1, count, &mut self.indexes);
        }
        let mut all = batch.rows(&ends);
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
                let tally = &mut self.part.tally;
                let decision = selection.decide(&row, batch, &mut self.scratch, tally)?;
                if decision != Decision::Stays {
                    tally.written += 1;
                    rows.push(row);
                }
            }
            if rows.is_empty() {
                break;
            }
            let block = Block {
                rows: &rows,
                indexes: &self.indexes,
                batch,
                plan: self.plan,
                header: self.header,
                decode: batch.text().needs_decoding(),
            };
            for column in &mut self.columns {
                let (scratch, tally) = (&mut self.scratch, &mut self.part.tally);
                column.count(&block, &mut self.coder, scratch, tally)?;
            }
            self.persons.clear();
            let read = (batch, &self.plan.missing);
            self.watcher.take(rows.iter(), read, &mut self.persons);
            self.coder.persons(&self.persons);
            for column in &mut self.others {
                let (scratch, tally) = (&mut self.scratch, &mut self.part.tally);
                column.count(&block, &mut self.coder, scratch, tally)?;
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

    fn set_aside(&mut self) -> Option<Part> {
        Some(std::mem::replace(&mut self.part, Part::new(self.plan)))
    }

    fn compact(&mut self) {
        self.coder.compact();
    }
}
