//! A sheet as the rows of a strict CSV text.
//!
//! Each row of the sheet is one line, so a line's number is the row's, but for cells that hold line
//! breaks. The first rows are held back to see between which columns the table stands: rows are filled
//! up to its last column, and one that goes beyond is of the wrong width, as it would be in CSV.

use crate::base::lang::Fixed;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use quick_xml::events::Event;

use super::cell::{CellKind, RawCell, Reading, reference};
use super::error::WorkbookError;
use super::facts::{SheetFacts, count};
use super::lines::{Lines, SheetCell, SheetRow};
use super::strings::rich_text;
use super::xml::{Xml, attribute, ended, is_on};

/// How many rows are held back to see how wide the table is.
const HELD: usize = 64;

/// The bytes of text that are made at once.
const PIECE: usize = 64 << 10;

/// The most rows and columns of a sheet.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// The most merged ranges that are told apart.
const MERGED: usize = 1 << 20;

/// A sheet as a text.
pub(crate) struct SheetReader {
    rows: RowReader,
    row: SheetRow,
    lines: Lines,
    at: usize,
    ended: bool,
}

impl SheetReader {
    pub(super) fn new(xml: Xml, reading: Reading, facts: Arc<SheetFacts>) -> Self {
        Self {
            rows: RowReader {
                xml,
                reading,
                facts,
                place: Place::Before,
                last_row: 0,
                hidden: Vec::new(),
                cell: RawCell::default(),
            },
            row: SheetRow::default(),
            lines: Lines::default(),
            at: 0,
            ended: false,
        }
    }

    /// Makes more text, none at the end.
    fn fill(&mut self) -> Result<(), WorkbookError> {
        self.lines.text.clear();
        self.at = 0;
        while !self.ended && self.lines.text.len() < PIECE {
            if !self.lines.is_placed && self.lines.held.len() >= HELD {
                self.place()?;
            }
            if self.rows.next(&mut self.row)? {
                if self.row.is_blank() {
                    continue;
                }
                if self.lines.is_placed {
                    self.lines.write(&self.row)?;
                } else {
                    self.lines.held.push(std::mem::take(&mut self.row));
                }
            } else {
                self.place()?;
                self.ended = true;
            }
        }
        Ok(())
    }

    /// Decides where the table stands, by the rows that were held back, and writes them.
    fn place(&mut self) -> Result<(), WorkbookError> {
        if self.lines.is_placed {
            return Ok(());
        }
        self.lines.place()?;
        let hidden = self.rows.hidden.iter();
        let hidden = hidden.map(|(first, last)| {
            let first = (*first).max(self.lines.left);
            let last = (*last).min(self.lines.right);
            u64::from((last + 1).saturating_sub(first))
        });
        let facts = &self.rows.facts;
        facts.hidden_columns.store(hidden.sum(), Ordering::Relaxed);
        Ok(())
    }
}

impl Read for SheetReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.lines.text.len() {
            self.fill().map_err(io::Error::other)?;
        }
        let mut rest = self.lines.text.get(self.at..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

/// Where in the part of a sheet its reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Rows,
    Behind,
}

/// Reads the rows of a sheet.
struct RowReader {
    xml: Xml,
    reading: Reading,
    facts: Arc<SheetFacts>,
    place: Place,
    last_row: u32,
    /// The first and the last of columns that are hidden.
    hidden: Vec<(u32, u32)>,
    cell: RawCell,
}

impl RowReader {
    /// Reads the next row; `false` if there is none.
    fn next(&mut self, row: &mut SheetRow) -> Result<bool, WorkbookError> {
        loop {
            match self.xml.next()? {
                Event::Start(element) => match (self.place, element.local_name().as_ref()) {
                    (Place::Rows, "row") => {
                        let number = match attribute(&element, "r")? {
                            Some(number) => number.parse().ok(),
                            None => self.last_row.checked_add(1),
                        };
                        let is_next = |number: &u32| *number > self.last_row && *number <= ROWS;
                        let Some(number) = number.filter(is_next) else {
                            return Err(self.damaged(fixed!("its rows are not in order")));
                        };
                        let is_hidden = is_on(attribute(&element, "hidden")?.as_deref());
                        self.last_row = number;
                        row.clear();
                        row.number = number;
                        let read = self.cells(row);
                        read.map_err(|error| in_row(error, number))?;
                        if is_hidden && !row.is_blank() {
                            count(&self.facts.hidden_rows);
                        }
                        return Ok(true);
                    }
                    (Place::Before, "sheetData") => self.place = Place::Rows,
                    (Place::Before, "col") if is_on(attribute(&element, "hidden")?.as_deref()) => {
                        let number = |name| -> Result<Option<u32>, WorkbookError> {
                            let value = attribute(&element, name)?;
                            Ok(value.and_then(|value| value.parse().ok()))
                        };
                        if let (Some(first), Some(last)) = (number("min")?, number("max")?) {
                            self.hidden.push((first, last.min(COLUMNS)));
                        }
                    }
                    (Place::Behind, "mergeCell") => {
                        let range = attribute(&element, "ref")?.unwrap_or_default();
                        let last = range.rsplit(':').next().and_then(reference);
                        if let (Some((row, _)), Ok(mut merged)) = (last, self.facts.merged.lock())
                            && merged.len() < MERGED
                        {
                            merged.push(row);
                        }
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "sheetData" => {
                    self.place = Place::Behind;
                }
                Event::Eof if self.place == Place::Behind => return Ok(false),
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
    }

    /// Reads the cells of a row to its end.
    fn cells(&mut self, row: &mut SheetRow) -> Result<(), WorkbookError> {
        let mut last_column = 0;
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "c" => {
                    let mut kind = Some(CellKind::Number);
                    let mut place = Some((row.number, last_column + 1));
                    self.cell.style = 0;
                    for attribute in element.attributes().with_checks(false) {
                        let unread =
                            |_| WorkbookError::damaged(fixed!("a cell of it cannot be read"));
                        let attribute = attribute.map_err(unread)?;
                        let value = attribute.value.as_ref();
                        match attribute.key.as_ref() {
                            "r" => place = reference(value),
                            "t" => kind = CellKind::of(Some(value)),
                            "s" => self.cell.style = value.parse().unwrap_or(usize::MAX),
                            _ => {}
                        }
                    }
                    let Some(kind) = kind else {
                        return Err(WorkbookError::damaged(fixed!(
                            "a cell of it is of an unknown kind"
                        )));
                    };
                    let column = place.filter(|(of_row, column)| {
                        *of_row == row.number && *column > last_column && *column <= COLUMNS
                    });
                    let Some((_, column)) = column else {
                        return Err(WorkbookError::damaged(fixed!(
                            "the cells of a row are not in order"
                        )));
                    };
                    last_column = column;
                    self.cell.kind = kind;
                    self.cell()?;
                    self.cell.write(&self.reading, &mut row.text)?;
                    let begin = row.cells.last().map_or(0, |cell| cell.end);
                    let text = row.text.get(begin..).unwrap_or_default();
                    if !text.is_empty() {
                        row.cells.push(SheetCell {
                            column,
                            is_blank: text.trim().is_empty(),
                            end: row.text.len(),
                        });
                    }
                }
                Event::Start(_) => self.xml.skip()?,
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
    }

    /// Reads what is in a cell to its end, and counts what is to be told of it.
    fn cell(&mut self) -> Result<(), WorkbookError> {
        let cell = &mut self.cell;
        cell.clear();
        loop {
            match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" => {
                        cell.has_value = true;
                        self.xml.text(&mut cell.value)?;
                    }
                    "is" => rich_text(&mut self.xml, &mut cell.inline)?,
                    name => {
                        cell.has_formula |= name == "f";
                        self.xml.skip()?;
                    }
                },
                Event::End(_) => break,
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
        if cell.has_formula {
            count(&self.facts.formulas);
        }
        if cell.lacks_result() {
            count(&self.facts.without_result);
        }
        if cell.kind == CellKind::Error {
            count(&self.facts.errors);
        }
        Ok(())
    }

    fn damaged(&self, what: Fixed) -> WorkbookError {
        in_row(WorkbookError::damaged(what), self.last_row)
    }
}

fn in_row(error: WorkbookError, number: u32) -> WorkbookError {
    match error {
        WorkbookError::Damaged { what, row: None } => WorkbookError::Damaged {
            what,
            row: Some(number),
        },
        other => other,
    }
}
