//! Reads a release that is compared with others: of each row, the codes of its labels, whose it is, and the hash of
//! its index. What is read comes in the order of the rows.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::Worker;
use super::decision::Decision;
use super::selection::Selection;
use super::tally::Tally;
use super::whose::Identifier;
use crate::base::name::Shown;
use crate::engine;
use crate::engine::error::Error;
use crate::engine::plan::Plan;
use crate::io::csv::{Batch, Ends, Reader, Refusal, Row};
use crate::privacy::codes::{Codes, Value};
use crate::privacy::compare::{Release, Rows};
use crate::privacy::counter::{Dictionary, Persons};
use crate::rules::policy::OnInvalid;

/// The cells that a worker remembers for each column; others are asked for every time.
const REMEMBERED: usize = 1 << 16;

/// A release that is to be read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// The plan to measure the file; its steps are the columns.
    pub(crate) plan: &'a Plan,
    /// The names of the file's columns, for places.
    pub(crate) header: &'a [Shown],
    /// Which steps are compared, and their labels, which other releases have too.
    pub(crate) columns: &'a [(usize, &'a Dictionary)],
    /// The columns that say whose rows are whose, if any does.
    pub(crate) person: &'a [usize],
    /// The column of the index, if there is one.
    pub(crate) index: Option<usize>,
    pub(crate) threads: usize,
}

/// What comes of a batch.
#[derive(Debug, Default)]
struct Part {
    rows: Rows,
    tally: Tally,
}

/// Reads batches of a release.
struct Collector<'a> {
    reading: Reading<'a>,
    columns: Vec<Column<'a>>,
    identifier: Option<Identifier<'a>>,
    ends: Ends,
    scratch: Vec<u8>,
    part: Part,
}

/// A column, as its worker knows it.
struct Column<'a> {
    /// Its position in the file.
    position: usize,
    dictionary: &'a Dictionary,
    /// By cell as it stands in the file.
    remembered: Codes,
}

impl<'a> Reading<'a> {
    /// Reads all rows. `heard` is told of each batch that was read. Gives the release, and what was counted of its
    /// rows.
    pub(crate) fn read<E: From<Error> + Send>(
        self,
        reader: &mut Reader,
        heard: &mut (dyn FnMut() + Send),
    ) -> Result<(Release, Tally), E> {
        let persons = (!self.person.is_empty()).then(Persons::default);
        let columns = self.columns.len();
        let mut release = Release::new(columns, persons.is_some(), self.index.is_some());
        let mut tally = Tally::new(self.plan.steps.len());
        let mut workers: Vec<Collector<'_>> = (0..self.threads)
            .map(|_| Collector::new(self, persons.as_ref()))
            .collect();
        engine::run(
            reader,
            workers.iter_mut().collect(),
            &mut |part: &mut Part| {
                tally.add(&part.tally);
                release.add(&part.rows);
                heard();
                Ok::<(), E>(())
            },
        )?;
        Ok((release, tally))
    }
}

impl<'a> Collector<'a> {
    fn new(reading: Reading<'a>, persons: Option<&'a Persons>) -> Self {
        let columns = reading.columns.iter().filter_map(|(step, dictionary)| {
            Some(Column {
                position: reading.plan.steps.get(*step)?.column,
                dictionary,
                remembered: Codes::default(),
            })
        });
        Self {
            reading,
            columns: columns.collect(),
            identifier: persons.map(|persons| Identifier::new(reading.person, persons)),
            ends: Ends::default(),
            scratch: Vec::new(),
            part: Part {
                rows: Rows::default(),
                tally: Tally::new(reading.plan.steps.len()),
            },
        }
    }
}

impl Column<'_> {
    /// The code of a row's label.
    #[inline]
    fn code(&mut self, row: &Row<'_>, batch: &Batch, decode: bool, scratch: &mut Vec<u8>) -> u32 {
        let (start, end) = row.bounds(self.position);
        let cell = Value::within(batch.buffer(), start, end);
        if let Some(code) = self.remembered.get(cell) {
            return code;
        }
        let label = batch.cell(row, self.position, decode, scratch);
        let code = self.dictionary.code(label);
        if self.remembered.len() < REMEMBERED {
            self.remembered.insert(cell, code);
        }
        code
    }
}

impl Worker for Collector<'_> {
    type Part = Part;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        let Reading { plan, header, .. } = self.reading;
        let (into, tally) = (&mut self.part.rows, &mut self.part.tally);
        into.codes.clear();
        into.persons.clear();
        into.indexes.clear();
        tally.clear();
        batch.check(header, &mut self.ends)?;
        let selection = Selection {
            plan,
            header,
            on_invalid: OnInvalid::Fail,
        };
        let mut rows = Vec::new();
        for row in batch.rows(&self.ends) {
            let decision = selection.decide(&row, batch, &mut self.scratch, tally)?;
            if decision != Decision::Stays {
                tally.written += 1;
                rows.push(row);
            }
        }
        into.rows = rows.len();
        let (decode, scratch) = (batch.text().needs_decoding(), &mut self.scratch);
        for column in &mut self.columns {
            let codes = rows
                .iter()
                .map(|row| column.code(row, batch, decode, scratch));
            into.codes.extend(codes);
        }
        if let Some(identifier) = &mut self.identifier {
            let numbers = rows
                .iter()
                .map(|row| identifier.number(row, batch, &plan.missing));
            into.persons.extend(numbers);
        }
        if let Some(index) = self.reading.index {
            let hash = |row: &Row<'_>| {
                let cell = batch.cell(row, index, decode, scratch);
                FixedState::with_seed(0).hash_one(cell)
            };
            into.indexes.extend(rows.iter().map(hash));
        }
        Ok(())
    }

    fn part(&mut self) -> &mut Part {
        &mut self.part
    }
}
