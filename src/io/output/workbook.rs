//! An output as a workbook (`.xlsx`): the rows of a CSV text as the cells of one sheet.
//!
//! Cells are texts, so that nothing is run as a formula and no zero in front is lost; only the index is
//! a number. The parts are written one behind the other with a fixed date, so equal rows give equal bytes,
//! no part is ever put aside, and memory does not grow with the rows.

use std::io::{self, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Destination, PackedSink, Packing, Recipients, Sink};
use crate::base::counted::Counted;
use crate::io::format::OutputFormat;

/// What a sheet holds at most.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;
const CHARACTERS: usize = 32_767;

/// The XML that is compressed at once.
const PIECE: usize = 64 << 10;

/// The digits of a number that a spreadsheet keeps exactly.
const EXACT: usize = 15;

const FIXED: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>\
         </Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>\
         </Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         </Relationships>",
    ),
];

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const BEFORE: &str =
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";

/// Behind the rows; a spreadsheet is not to mark digits in texts as errors.
const BEHIND: &str = "</sheetData><ignoredErrors><ignoredError sqref=\"A1:XFD1048576\" numberStoredAsText=\"1\"/></ignoredErrors></worksheet>";

/// How the text is written that becomes a workbook.
pub const WORKBOOK_FORMAT: OutputFormat = OutputFormat {
    delimiter: b',',
    crlf: false,
    mark: false,
};

/// Where the rows of an output go: to a text or to a workbook.
pub enum TableSink<'a> {
    Text(PackedSink<'a>),
    Workbook(Box<WorkbookWriter<Sink<'a>>>),
}

impl<'a> TableSink<'a> {
    /// Begins an output: a workbook if `workbook` says so, whose first column may be an index; else a text, compressed
    /// if `packing` says so.
    ///
    /// # Errors
    /// What writing gives.
    pub fn open(
        output: &'a mut Counted<Destination>,
        recipients: &Recipients,
        workbook: Option<FirstColumn>,
        packing: Packing,
    ) -> io::Result<Self> {
        let sink = Sink::open(output, recipients)?;
        Ok(match workbook {
            None => Self::Text(PackedSink::open(sink, packing)?),
            Some(first) => Self::Workbook(Box::new(WorkbookWriter::new(sink, first)?)),
        })
    }

    /// Ends it.
    ///
    /// # Errors
    /// What writing gives.
    pub fn finish(self) -> io::Result<&'a mut Counted<Destination>> {
        match self {
            Self::Text(sink) => sink.finish(),
            Self::Workbook(writer) => writer.finish()?.finish(),
        }
    }
}

impl Write for TableSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Text(sink) => sink.write(bytes),
            Self::Workbook(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Text(sink) => sink.flush(),
            Self::Workbook(_) => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstColumn {
    /// A column like the others.
    Text,
    /// The index: numbers.
    Index,
}

/// What the next byte of the text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Cell,
    Quoted,
    /// Behind a quote in a quoted cell: its end, or the first of two.
    Quote,
}

/// Turns the bytes of a CSV text (see [`WORKBOOK_FORMAT`]) into a workbook.
pub struct WorkbookWriter<W: Write> {
    archive: ZipWriter<StreamWriter<W>>,
    first: FirstColumn,
    xml: Vec<u8>,
    state: State,
    cell: Vec<u8>,
    /// The row and the column of the cell under way, from 0.
    row: u32,
    column: u32,
}

impl<W: Write> WorkbookWriter<W> {
    /// Begins a workbook.
    ///
    /// # Errors
    /// What writing gives.
    pub fn new(inner: W, first: FirstColumn) -> io::Result<Self> {
        let mut archive = ZipWriter::new_stream(inner);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        for (name, text) in FIXED {
            archive.start_file(*name, options)?;
            archive.write_all(XML.as_bytes())?;
            archive.write_all(text.as_bytes())?;
        }
        archive.start_file("xl/worksheets/sheet1.xml", options.large_file(true))?;
        archive.write_all(XML.as_bytes())?;
        archive.write_all(BEFORE.as_bytes())?;
        Ok(Self {
            archive,
            first,
            xml: Vec::new(),
            state: State::CellStart,
            cell: Vec::new(),
            row: 0,
            column: 0,
        })
    }

    /// Ends it, and gives what it was written to.
    ///
    /// # Errors
    /// What writing gives.
    pub fn finish(mut self) -> io::Result<W> {
        self.archive.write_all(&self.xml)?;
        self.archive.write_all(BEHIND.as_bytes())?;
        Ok(self.archive.finish()?.into_inner())
    }

    fn take(&mut self, byte: u8) -> io::Result<()> {
        let ends_cell = matches!(byte, b',' | b'\n');
        self.state = match (self.state, byte) {
            (State::CellStart, b'"') | (State::Quote, b'"') => {
                if self.state == State::Quote {
                    self.cell.push(byte);
                }
                State::Quoted
            }
            (State::Quoted, b'"') => State::Quote,
            (State::Quoted, _) => {
                self.cell.push(byte);
                State::Quoted
            }
            (_, _) if ends_cell => {
                self.end_cell()?;
                if byte == b'\n' {
                    self.end_row()?;
                }
                State::CellStart
            }
            (_, _) => {
                self.cell.push(byte);
                State::Cell
            }
        };
        Ok(())
    }

    fn end_cell(&mut self) -> io::Result<()> {
        if self.column == 0 {
            write!(self.xml, "<row r=\"{}\">", self.row + 1)?;
        }
        if self.column >= COLUMNS {
            return Err(beyond("more columns than a sheet holds (16 384)"));
        }
        let text = std::str::from_utf8(&self.cell).map_err(io::Error::other)?;
        if !text.is_empty() {
            self.xml.extend_from_slice(b"<c r=\"");
            write_letters(self.column, &mut self.xml);
            write!(self.xml, "{}\"", self.row + 1)?;
            let is_index = self.column == 0 && self.row > 0 && self.first == FirstColumn::Index;
            if is_index && is_exact(text) {
                write!(self.xml, "><v>{text}</v></c>")?;
            } else {
                if text.len() > CHARACTERS && text.encode_utf16().count() > CHARACTERS {
                    return Err(beyond(
                        "a cell of more characters than a sheet holds (32 767)",
                    ));
                }
                self.xml
                    .extend_from_slice(b" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
                write_escaped(text, &mut self.xml);
                self.xml.extend_from_slice(b"</t></is></c>");
            }
        }
        self.cell.clear();
        self.column += 1;
        Ok(())
    }

    fn end_row(&mut self) -> io::Result<()> {
        if self.row >= ROWS {
            return Err(beyond("more rows than a sheet holds (1 048 576)"));
        }
        self.xml.extend_from_slice(b"</row>");
        self.row += 1;
        self.column = 0;
        if self.xml.len() >= PIECE {
            self.archive.write_all(&self.xml)?;
            self.xml.clear();
        }
        Ok(())
    }
}

impl<W: Write> Write for WorkbookWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.take(*byte)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn beyond(what: &str) -> io::Error {
    io::Error::other(format!("the result has {what}: write CSV instead"))
}

/// Whether a spreadsheet keeps a text as a number without changing it.
fn is_exact(text: &str) -> bool {
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    is_whole && text.len() <= EXACT && (text == "0" || !text.starts_with('0'))
}

/// Writes the letters of a column, from 0.
fn write_letters(column: u32, out: &mut Vec<u8>) {
    let (before, letter) = (column / 26, column % 26);
    if let Some(before) = before.checked_sub(1) {
        write_letters(before, out);
    }
    out.push(b'A' + letter as u8);
}

/// Writes a text as XML. What XML cannot hold, and what would be read as such an escape, is written as
/// `_x001F_`.
fn write_escaped(text: &str, out: &mut Vec<u8>) {
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '_' if is_escape(text.get(at..).unwrap_or_default()) => {
                out.extend_from_slice(b"_x005F_");
            }
            '\t' | '\n' => out.push(c as u8),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                // Writing to memory does not fail.
                let _ = write!(out, "_x{:04X}_", c as u32);
            }
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Whether a text begins with something like `_x000D_`.
fn is_escape(text: &str) -> bool {
    let digits = text
        .strip_prefix("_x")
        .and_then(|text| text.split_once('_'));
    digits.is_some_and(|(digits, _)| {
        digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests;
