//! Workbooks (`.xlsx`): one sheet of one, as the text that a strict reader of CSV takes.
//!
//! ```text
//! file ─ kept bytes ─ zip archive ─ part of the sheet ─ XML ─ rows ─ lines of text
//! ```
//!
//! Cells are read as the spreadsheet shows them: dates as ISO 8601, numbers with 15 significant digits
//! and the zeros that their format gives back, formulas as their last result. What is not as the standard
//! (ECMA-376) says is refused rather than guessed: rows or cells out of order, texts or formats that are
//! named and do not exist, a part that is cut short. `Quirk` tells what the rows do not show.

mod cell;
mod container;
mod date;
pub(crate) mod error;
mod facts;
pub(crate) mod foreign;
mod format;
mod kept;
mod lines;
mod number;
mod parts;
mod recognised;
mod sheet;
mod strings;
mod styles;
mod xml;

use std::io::Read as _;
use std::sync::Arc;

pub use error::WorkbookError;
pub(crate) use facts::SheetFacts;
pub use foreign::Foreign;
pub(crate) use kept::Kept;
pub(crate) use lines::SEPARATOR;
pub(crate) use recognised::{Recognised, in_compound, of_start};
pub(crate) use sheet::SheetReader;

use cell::Reading;
use container::Container;
use parts::{Parts, Sheet};
use quick_xml::events::Event;
use recognised::in_archive;
use strings::Strings;
use styles::Styles;
use xml::Xml;

use crate::base::lang::Fixed;
use crate::base::name;
use crate::base::name::Shown;
use crate::io::error::Error;

/// The most bytes of a sheet, expanded.
const SHEET: u64 = 64 << 30;

/// What messages call a sheet.
const WHAT: Fixed = fixed!("its sheet");

/// The text that is read of the only sheet of a workbook.
///
/// # Errors
/// As for an input.
pub fn read_all(mut workbook: &[u8]) -> Result<Vec<u8>, Error> {
    let (mut sheet, _) = open(Kept::copy(&mut workbook)?, None)?;
    let mut text = Vec::new();
    sheet.read_to_end(&mut text).map_err(Error::Read)?;
    Ok(text)
}

/// Opens a sheet: the one that is `wanted`, or the only one that has cells.
///
/// # Errors
/// [`Error::Workbook`]; [`Error::Foreign`] if the archive is no workbook.
pub(crate) fn open(
    kept: Kept,
    wanted: Option<&str>,
) -> Result<(SheetReader, Arc<SheetFacts>), Error> {
    let mut container = Container::open(kept)?;
    if let Some(foreign) = in_archive(&mut container)? {
        return Err(foreign.into());
    }
    let parts = Parts::read(&mut container)?;
    let (sheet, hidden_sheets) = match wanted {
        Some(wanted) => (named(&parts, wanted)?, 0),
        None => only(&mut container, &parts)?,
    };
    let reading = Reading {
        strings: Strings::read(&mut container, &parts.strings)?,
        styles: Styles::read(&mut container, &parts.styles)?,
        epoch: parts.epoch,
    };
    let part = container.part(&sheet.part, WHAT, SHEET)?;
    let part =
        part.ok_or_else(|| WorkbookError::damaged(fixed!("a sheet of it cannot be found")))?;
    let facts = Arc::new(SheetFacts::new(sheet.shown(), hidden_sheets));
    let reader = SheetReader::new(Xml::new(part), reading, Arc::clone(&facts));
    Ok((reader, facts))
}

/// The sheet of a name; where none has it letter for letter, one whose name is compared like those of
/// columns.
fn named<'a>(parts: &'a Parts, wanted: &str) -> Result<&'a Sheet, WorkbookError> {
    let key = name::key(wanted);
    let exact = parts.sheets.iter().find(|sheet| sheet.name == wanted);
    let mut alike = parts.sheets.iter();
    let mut alike = alike.by_ref().filter(|sheet| name::key(&sheet.name) == key);
    let alike = match (alike.next(), alike.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    };
    exact.or(alike).ok_or_else(|| WorkbookError::NoSuchSheet {
        wanted: Shown::new(wanted, 1),
        sheets: parts.sheets.iter().map(Sheet::shown).collect(),
    })
}

/// The only sheet that has cells, and how many hidden ones have some too.
fn only<'a>(
    container: &mut Container,
    parts: &'a Parts,
) -> Result<(&'a Sheet, u64), WorkbookError> {
    let mut filled = Vec::new();
    for sheet in &parts.sheets {
        if has_cells(container, sheet)? {
            filled.push(sheet);
        }
    }
    let (hidden, visible): (Vec<&Sheet>, Vec<&Sheet>) =
        filled.into_iter().partition(|sheet| sheet.is_hidden);
    let candidates = if visible.is_empty() {
        &hidden
    } else {
        &visible
    };
    match candidates.as_slice() {
        [] => Err(WorkbookError::NoCells),
        [sheet] if visible.is_empty() => Ok((sheet, 0)),
        [sheet] => Ok((sheet, hidden.len() as u64)),
        several => Err(WorkbookError::Several {
            sheets: several.iter().map(|sheet| sheet.shown()).collect(),
        }),
    }
}

/// Whether a sheet has a cell with a value.
fn has_cells(container: &mut Container, sheet: &Sheet) -> Result<bool, WorkbookError> {
    let Some(part) = container.part(&sheet.part, WHAT, SHEET)? else {
        return Err(WorkbookError::damaged(fixed!(
            "a sheet of it cannot be found"
        )));
    };
    let mut xml = Xml::new(part);
    let mut text = String::new();
    loop {
        match xml.next()? {
            Event::Start(element) if matches!(element.local_name().as_ref(), "v" | "t") => {
                text.clear();
                xml.text(&mut text)?;
                if !text.trim().is_empty() {
                    return Ok(true);
                }
            }
            Event::End(element) if element.local_name().as_ref() == "sheetData" => {
                return Ok(false);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}
