//! Strict reading of CSV, in batches.
//!
//! What is accepted reads exactly as the `csv` crate and Python's `csv` read it. What those read
//! leniently is refused, because a stray quote that swallows a row puts one person's cells under
//! another column's rule: see [`Malformed`] for every reason.
//!
//! A [`Reader`] recognises the delimiter and the encoding from the content, takes the header, and
//! then fills one [`Batch`] after the other with whole records. Filling is the only part that must
//! happen in order; checking a batch and treating its rows can happen anywhere.

mod above;
mod batch;
mod check;
mod detect;
mod encoding;
mod end_mark;
mod evidence;
mod field;
mod merged;
mod opening;
mod pull;
pub(crate) mod refusal;
mod rows;
mod scalar;
mod single_byte;
mod structure;
mod unpack;
mod unquoted;
mod utf16;

use std::io::{self, Read};
use std::sync::Arc;

pub use batch::{Batch, Ends, Text};
pub use detect::DELIMITERS;
pub use encoding::Encoding;
use end_mark::EndMark;
use pull::pull;
pub use refusal::{Malformed, Refusal};
pub(crate) use rows::{Fields, RowPlace};
pub use rows::{Row, Rows};
use scalar::QUOTE;
use unquoted::Escaped;
use utf16::BadUnit;

use crate::base::bytes;
use crate::base::name::Shown;
use crate::io::error::Error;
use crate::io::quirk::{Counts, Quirk};
use crate::io::workbook::SheetFacts;

/// How an input is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The delimiter; recognised when not given.
    pub delimiter: Option<u8>,
    /// The encoding; recognised when not given.
    pub encoding: Option<Encoding>,
    /// Whether cells are written without quotes, as `mysql -B` does; the delimiter is given then.
    pub unquoted: bool,
    /// How many lines stand above the header; recognised when not given.
    pub skip_lines: Option<u64>,
    /// The most columns.
    pub max_columns: usize,
    /// The longest field, in bytes.
    pub max_field: usize,
    /// The bytes of a batch; a record that is longer makes its batch longer.
    pub batch: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            delimiter: None,
            encoding: None,
            unquoted: false,
            skip_lines: None,
            max_columns: MAX_COLUMNS,
            max_field: 1 << 20,
            batch: 1024 * 1024,
        }
    }
}

/// The most columns, where nobody says another number: as many as a spreadsheet has.
pub const MAX_COLUMNS: usize = 16_384;

/// The most fields' worth of memory that one record may take.
const RECORD_FIELDS: usize = 64;

/// Reads an input in batches of whole records.
pub struct Reader {
    source: EndMark<Box<dyn Read + Send>>,
    options: Options,
    delimiter: u8,
    encoding: Option<Encoding>,
    header: Vec<String>,
    shown: Vec<Shown>,
    /// What was read and not yet handed over: it begins with a record.
    pending: Vec<u8>,
    ended: bool,
    sequence: u64,
    next_record: u64,
    next_line: u64,
    offset: u64,
    after_cr: bool,
    line_end: Option<LineEnd>,
    /// How many empty fields each row has behind those of the header.
    trailing: usize,
    /// What is read, if it is a sheet of a workbook.
    sheet: Option<Arc<SheetFacts>>,
    /// The line behind the header of a sheet.
    header_end: u64,
    quirks: Vec<Quirk>,
    counts: Arc<Counts>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

impl Reader {
    /// The names of the columns, decoded, as they stand in the header.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The names of the columns as messages show them.
    pub fn shown_header(&self) -> &[Shown] {
        &self.shown
    }

    /// The delimiter, said or recognised; a comma for a workbook, which has none.
    pub fn delimiter(&self) -> u8 {
        match self.sheet {
            Some(_) => b',',
            None => self.delimiter,
        }
    }

    /// The name of the sheet, if it is one of a workbook.
    pub fn sheet(&self) -> Option<&Shown> {
        self.sheet.as_deref().map(|facts| &facts.name)
    }

    /// The encoding, said or recognised; `None` as long as the text is ASCII.
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// What ends the header; `None` if nothing follows it.
    pub fn line_end(&self) -> Option<LineEnd> {
        self.line_end
    }

    /// What was recognised beside plain CSV, and read over. What rows have is known when they were
    /// read and checked.
    pub fn quirks(&self) -> Vec<Quirk> {
        let mut quirks = self.quirks.clone();
        let cells = self.counts.text_formulas();
        quirks.extend((cells > 0).then_some(Quirk::TextFormulas { cells }));
        let of_sheet = self.sheet.iter();
        quirks.extend(of_sheet.flat_map(|facts| facts.quirks(self.header_end)));
        quirks.extend(self.source.found().then_some(Quirk::EndMark));
        quirks
    }

    /// The first rows behind the header, decoded, a few of them at most. Nothing is taken from what is to
    /// be read, and what is malformed in them is left to the reading.
    pub(crate) fn sample(&self) -> Vec<Vec<String>> {
        const BYTES: usize = 32 * 1024;
        const ROWS: usize = 50;
        let mut batch = Batch::new();
        self.prepare(&mut batch);
        // The rows come again, and are counted then.
        batch.counts = Arc::default();
        let known = self.pending.len().min(BYTES);
        batch.buffer = self.pending.get(..known).unwrap_or_default().to_vec();
        if known == self.pending.len() && self.ended && !batch.buffer.ends_with(b"\n") {
            batch.buffer.push(b'\n');
        }
        if batch.structure.scan(&batch.buffer, true).is_err() {
            return Vec::new();
        }
        batch.text = match self.encoding.or_else(|| Encoding::decide(batch.bytes())) {
            None => Text::Ascii,
            Some(encoding) if encoding.is_single_byte() => Text::In(encoding),
            Some(_) => Text::In(Encoding::Utf8),
        };
        let mut ends = Ends::default();
        if batch.check(&self.shown, &mut ends).is_err() {
            return Vec::new();
        }
        let mut scratch = Vec::new();
        let rows = batch.rows(&ends).take(ROWS);
        let rows = rows.map(|row| {
            let fields = (0..row.width()).filter_map(|column| row.field(column));
            let texts = fields.map(|field| {
                let cell = batch.content(field, &mut scratch);
                String::from_utf8_lossy(cell).into_owned()
            });
            texts.collect()
        });
        rows.collect()
    }

    /// Fills `batch` with the next whole records; `false` if there are none.
    ///
    /// # Errors
    /// [`Error::Read`] if reading fails, [`Error::Refused`] where the quoting is broken, a record
    /// does not fit the memory set aside for it, or UTF-16 is invalid.
    pub fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        self.prepare(batch);
        let mut filled = self.pending.len();
        let room = (filled + 1).max(self.options.batch);
        bytes::make_room(&mut batch.buffer, room);
        if let Some(start) = batch.buffer.get_mut(..filled) {
            start.copy_from_slice(&self.pending);
        }
        self.pending.clear();
        loop {
            filled += self.read_into(batch, filled)?;
            let text = batch.buffer.get(..filled).unwrap_or_default();
            if let Err(at) = batch.structure.scan(text, self.ended) {
                return Err(self.refuse(batch, Malformed::TextAfterQuote, at));
            }
            if self.ended || batch.structure.records() > 0 {
                break;
            }
            self.check_growth(batch, filled)?;
            let room = batch.buffer.len() * 2;
            bytes::make_room(&mut batch.buffer, room);
        }
        if self.ended && batch.structure.inside_quotes() {
            return Err(self.refuse(batch, Malformed::UnclosedQuote, filled));
        }
        let cut = batch.structure.cut();
        if !self.ended {
            self.pending
                .extend_from_slice(batch.buffer.get(cut..filled).unwrap_or_default());
        }
        self.sequence += 1;
        self.next_record += batch.structure.records();
        self.next_line += batch.structure.lines_at_cut();
        self.offset += cut as u64;
        self.after_cr = batch.bytes().last() == Some(&b'\r');
        batch.text = self.text_of(batch.bytes());
        Ok(batch.structure.records() > 0)
    }

    /// Says what is known of a batch before it is filled.
    fn prepare(&self, batch: &mut Batch) {
        batch.sequence = self.sequence;
        batch.first_record = self.next_record;
        batch.first_line = self.next_line;
        batch.offset = self.offset;
        batch.after_cr = self.after_cr;
        batch.delimiter = self.delimiter;
        batch.max_field = self.options.max_field;
        batch.detected = self.options.encoding.is_none();
        batch.trailing = self.trailing;
        batch.counts = Arc::clone(&self.counts);
        batch.structure.restart(self.delimiter, self.after_cr);
    }

    /// Fills the buffer from `filled` on, to its end or the input's; gives how many bytes came. An
    /// input that does not end with a line end gets one.
    fn read_into(&mut self, batch: &mut Batch, filled: usize) -> Result<usize, Error> {
        let mut came = 0;
        if !self.ended {
            let room = batch.buffer.len().saturating_sub(1);
            let free = batch.buffer.get_mut(filled..room).unwrap_or_default();
            let pulled = pull(&mut self.source, free);
            (came, self.ended) = (pulled.read, pulled.ended);
            if let Some(error) = pulled.error {
                return Err(self.failed(error, batch, filled + came));
            }
        }
        let behind = filled + came;
        let last = behind
            .checked_sub(1)
            .and_then(|last| batch.buffer.get(last));
        if self.ended
            && !matches!(last, None | Some(b'\n' | b'\r'))
            && let Some(end) = batch.buffer.get_mut(behind)
        {
            *end = b'\n';
            came += 1;
        }
        Ok(came)
    }

    /// What a failed read means, `known` bytes of the batch having come before it.
    fn failed(&self, error: io::Error, batch: &Batch, known: usize) -> Error {
        if error.get_ref().is_some_and(|inner| inner.is::<Escaped>()) {
            return self.refuse(batch, Malformed::Escaped, known);
        }
        let unit = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<BadUnit>());
        let Some(&BadUnit { offset }) = unit else {
            return Error::of_read(error);
        };
        let reason = Malformed::Encoding {
            encoding: self.encoding.unwrap_or(Encoding::Utf16Le),
            detected: self.options.encoding.is_none(),
            offset,
            fits: None,
        };
        self.refuse(batch, reason, known)
    }

    /// Refuses what would make a record outgrow the memory set aside for it.
    fn check_growth(&self, batch: &Batch, filled: usize) -> Result<(), Error> {
        let (max_field, max_columns) = (self.options.max_field, self.options.max_columns);
        let at = scalar::locate(&batch.buffer, filled, self.delimiter, self.after_cr);
        if filled - at.field_start > max_field {
            let quoted = batch.buffer.get(at.field_start) == Some(&QUOTE);
            let reason = Malformed::FieldTooLong {
                limit: max_field,
                quoted,
            };
            return Err(self.refuse(batch, reason, filled));
        }
        if at.field >= max_columns {
            let reason = Malformed::TooManyColumns { limit: max_columns };
            return Err(self.refuse(batch, reason, 0));
        }
        let limit = max_field
            .saturating_mul(self.header.len().max(RECORD_FIELDS))
            .min(1 << 31);
        if filled > limit {
            return Err(self.refuse(batch, Malformed::RecordTooLong { limit }, 0));
        }
        Ok(())
    }

    fn refuse(&self, batch: &Batch, reason: Malformed, at: usize) -> Error {
        Error::Refused(batch.refuse(reason, at, &self.shown))
    }
}

/// Reads a text from memory, header included as the first record.
///
/// # Errors
/// As [`Reader::open`] and [`Reader::fill`], and whatever [`Batch::check`] refuses.
pub fn read_all(text: &[u8], options: Options) -> Result<Vec<Vec<Vec<u8>>>, Error> {
    let mut reader = Reader::open(Box::new(io::Cursor::new(text.to_vec())), options)?;
    let mut records = vec![
        reader
            .header()
            .iter()
            .map(|name| name.clone().into_bytes())
            .collect(),
    ];
    let (mut batch, mut ends, mut scratch) = (Batch::new(), Ends::default(), Vec::new());
    while reader.fill(&mut batch)? {
        batch
            .check(reader.shown_header(), &mut ends)
            .map_err(Error::Refused)?;
        records.extend(batch.rows(&ends).map(|row| {
            (0..row.width())
                .map(|position| {
                    let field = row.field(position).unwrap_or_default();
                    batch.content(field, &mut scratch).to_vec()
                })
                .collect()
        }));
    }
    Ok(records)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
