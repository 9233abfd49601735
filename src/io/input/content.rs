//! What an input holds: a text, a sheet of a workbook, or something that is refused by its name.

use std::io::{self, Read};
use std::sync::Arc;

use super::{Compression, Input};
use crate::io::error::Error;
use crate::io::workbook::{self, Kept, Recognised, SheetFacts, SheetReader, WorkbookError};

/// The bytes by which a file that is no text is recognised.
const START: u64 = 512;

/// The most bytes in which a file of older office programs is looked through for what it is.
const COMPOUND: u64 = 256 << 20;

/// How the content of an input is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// How it is compressed.
    pub(crate) compression: Compression,
    /// Which sheet of a workbook is wanted.
    pub(crate) sheet: Option<&'a str>,
    /// Whether somebody said how the text is to be read, so that it is one.
    pub(crate) is_text: bool,
}

/// The content of an input.
pub(crate) enum Content {
    Text(Box<dyn Read + Send>),
    /// A sheet of a workbook, as a text.
    Sheet(Box<SheetReader>, Arc<SheetFacts>),
}

impl Input {
    /// Its content, decompressed; of a workbook the text of a sheet.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Foreign`] for what is neither a text nor a workbook;
    /// [`Error::Workbook`] and [`Error::Aside`] for a workbook.
    pub(crate) fn content(&self, asked: &Asked<'_>) -> Result<Content, Error> {
        let mut bytes = self.decompressed(asked.compression)?;
        let mut start = Vec::new();
        let read = (&mut bytes).take(START).read_to_end(&mut start);
        read.map_err(Error::Read)?;
        let recognised = workbook::of_start(&start);
        let mut bytes: Box<dyn Read + Send> = Box::new(io::Cursor::new(start).chain(bytes));
        match recognised {
            Some(Recognised::Archive) => {
                if asked.is_text {
                    return Err(WorkbookError::NotAText.into());
                }
                let kept = Kept::copy(&mut bytes)?;
                let (sheet, facts) = workbook::open(kept, asked.sheet)?;
                return Ok(Content::Sheet(Box::new(sheet), facts));
            }
            Some(Recognised::Compound) => {
                let mut whole = Vec::new();
                let read = bytes.take(COMPOUND).read_to_end(&mut whole);
                read.map_err(Error::Read)?;
                return Err(workbook::in_compound(&whole).into());
            }
            Some(Recognised::Foreign(foreign)) if !(asked.is_text && foreign.may_be_text()) => {
                return Err(foreign.into());
            }
            Some(Recognised::Foreign(_)) | None => {}
        }
        match asked.sheet {
            Some(_) => Err(WorkbookError::NotAWorkbook.into()),
            None => Ok(Content::Text(bytes)),
        }
    }
}
