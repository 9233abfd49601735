//! Strict reading of CSV, in batches.
//!
//! What is accepted reads exactly as the `csv` crate and Python's `csv` read it. What those read
//! leniently is refused, because a stray quote that swallows a row puts one person's cells under
//! another column's rule: see [`Malformed`] for every reason.
//!
//! A [`Reader`] recognises the delimiter and the encoding from the content, takes the header, and
//! then fills one [`Batch`] after the other with whole records. Filling is the only part that must
//! happen in order; checking a batch and treating its rows can happen anywhere.

mod batch;
mod detect;
mod encoding;
pub mod format;
mod merged;
mod refusal;
mod rows;
mod scalar;
mod structure;
mod unpack;

use std::io::{self, Read};

pub use batch::{Batch, Ends, Text};
pub use detect::DELIMITERS;
pub use encoding::Encoding;
use encoding::{BadUnit, Utf16};
pub use refusal::{Malformed, Refusal};
pub(crate) use rows::{Fields, RowPlace};
pub use rows::{Row, Rows};
use scalar::QUOTE;

use crate::base::name::Shown;
use crate::cli::exit::Error;

/// How an input is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The delimiter; recognised when not given.
    pub delimiter: Option<u8>,
    /// The encoding; recognised when not given.
    pub encoding: Option<Encoding>,
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
            max_field: 1 << 20,
            batch: 1024 * 1024,
        }
    }
}

/// The most fields' worth of memory that one record may take.
const RECORD_FIELDS: usize = 64;

/// Reads an input in batches of whole records.
pub struct Reader {
    source: Box<dyn Read + Send>,
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
}

/// What ends a line.
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
    /// Recognises what `source` is and reads its header. `source` is already decompressed.
    ///
    /// # Errors
    /// [`Error::Read`] if reading fails, [`Error::Refused`] if there is no header or it is
    /// malformed.
    pub fn open(mut source: Box<dyn Read + Send>, options: Options) -> Result<Self, Error> {
        let mut start = [0; 4];
        let pulled = pull(&mut source, &mut start);
        if let Some(error) = pulled.error {
            return Err(Error::Read(error));
        }
        let start = start.get(..pulled.read).unwrap_or_default();
        let marked = Encoding::of_mark(start);
        let encoding = options.encoding.or(marked.map(|(encoding, _)| encoding));
        let mark = match marked {
            Some((marked, length)) if Some(marked) == encoding => length,
            _ => 0,
        };
        let start = start.get(mark..).unwrap_or_default().to_vec();
        let mut pending = Vec::new();
        match encoding {
            Some(encoding @ (Encoding::Utf16Le | Encoding::Utf16Be)) => {
                source = Box::new(Utf16::new(io::Cursor::new(start).chain(source), encoding));
            }
            _ => pending = start,
        }
        let mut reader = Self {
            source,
            options,
            delimiter: b',',
            encoding,
            header: Vec::new(),
            shown: Vec::new(),
            pending,
            ended: false,
            sequence: 0,
            next_record: 0,
            next_line: 1,
            offset: 0,
            after_cr: false,
            line_end: None,
        };
        reader.read_header()?;
        Ok(reader)
    }

    /// The names of the columns, decoded, as they stand in the header.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The names of the columns as messages show them.
    pub fn shown_header(&self) -> &[Shown] {
        &self.shown
    }

    /// The delimiter, said or recognised.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The encoding, said or recognised; `None` as long as the text is ASCII.
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// What ends the header; `None` if nothing follows it.
    pub fn line_end(&self) -> Option<LineEnd> {
        self.line_end
    }

    /// The first rows behind the header, decoded, a few of them at most. Nothing is taken from what is to
    /// be read, and what is malformed in them is left to the reading.
    pub(crate) fn sample(&self) -> Vec<Vec<String>> {
        const BYTES: usize = 32 * 1024;
        const ROWS: usize = 50;
        let mut batch = Batch::new();
        self.prepare(&mut batch);
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
            Some(Encoding::Windows1252) => Text::In(Encoding::Windows1252),
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
            let cells = fields.map(|field| batch.content(field, &mut scratch).to_vec());
            let texts = cells.map(|cell| String::from_utf8_lossy(&cell).into_owned());
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
        if batch.buffer.is_empty() {
            // Fresh memory is zero, and takes nothing until it is written.
            batch.buffer = vec![0; room];
        }
        batch.buffer.resize(room, 0);
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
            batch.buffer.resize(batch.buffer.len() * 2, 0);
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
        let unit = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<BadUnit>());
        let Some(&BadUnit { offset }) = unit else {
            return Error::Read(error);
        };
        let reason = Malformed::Encoding {
            encoding: self.encoding.unwrap_or(Encoding::Utf16Le),
            detected: self.options.encoding.is_none(),
            offset,
        };
        self.refuse(batch, reason, known)
    }

    /// What the next bytes are; the first of them that is not ASCII decides, once for all.
    fn text_of(&mut self, bytes: &[u8]) -> Text {
        if self.encoding.is_none() {
            self.encoding = Encoding::decide(bytes);
        }
        match self.encoding {
            None => Text::Ascii,
            Some(Encoding::Windows1252) => Text::In(Encoding::Windows1252),
            Some(_) => Text::In(Encoding::Utf8),
        }
    }

    /// Refuses what would make a record outgrow the memory set aside for it.
    fn check_growth(&self, batch: &Batch, filled: usize) -> Result<(), Error> {
        let max_field = self.options.max_field;
        let at = scalar::locate(&batch.buffer, filled, self.delimiter, self.after_cr);
        if filled - at.field_start > max_field {
            let quoted = batch.buffer.get(at.field_start) == Some(&QUOTE);
            let reason = Malformed::FieldTooLong {
                limit: max_field,
                quoted,
            };
            return Err(self.refuse(batch, reason, filled));
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

    /// Recognises the delimiter, reads the first record as the header and leaves what follows it
    /// pending.
    fn read_header(&mut self) -> Result<(), Error> {
        let mut batch = Batch::new();
        let mut filled = self.pending.len();
        batch.buffer = std::mem::take(&mut self.pending);
        let mut room = self.options.batch;
        self.prepare(&mut batch);
        let cut = loop {
            batch.buffer.resize(room.max(filled + 2), 0);
            filled += self.read_into(&mut batch, filled)?;
            let text = batch.buffer.get(..filled).unwrap_or_default();
            self.delimiter = match self.options.delimiter {
                Some(delimiter) => delimiter,
                None => detect::delimiter(text, self.ended).ok_or(Error::Refused(Refusal {
                    reason: Malformed::AmbiguousDelimiter,
                    place: None,
                }))?,
            };
            self.prepare(&mut batch);
            let text = batch.buffer.get(..filled).unwrap_or_default();
            match scalar::first_record(text, self.delimiter) {
                Ok(Some(cut)) => break cut,
                Ok(None) if self.ended => {
                    let reason = match batch.buffer.get(..filled).unwrap_or_default() {
                        text if text.iter().all(|byte| matches!(byte, b'\n' | b'\r')) => {
                            Malformed::Empty
                        }
                        _ => Malformed::UnclosedQuote,
                    };
                    return Err(match reason {
                        Malformed::Empty => Error::Refused(Refusal {
                            reason,
                            place: None,
                        }),
                        _ => self.refuse(&batch, reason, filled),
                    });
                }
                Ok(None) => self.check_growth(&batch, filled)?,
                Err(at) => return Err(self.refuse(&batch, Malformed::TextAfterQuote, at)),
            }
            room = room.saturating_mul(2);
        };
        self.pending
            .extend_from_slice(batch.buffer.get(cut..filled).unwrap_or_default());
        let last = cut.checked_sub(1).and_then(|last| batch.buffer.get(last));
        self.line_end = match (last, self.pending.first()) {
            (_, None) => None,
            (Some(b'\r'), Some(b'\n')) => Some(LineEnd::CrLf),
            (Some(b'\r'), _) => Some(LineEnd::Cr),
            _ => Some(LineEnd::Lf),
        };
        batch.buffer.truncate(cut);
        // The exact reading has been over these bytes: there is nothing left to refuse in them.
        let _ = batch.structure.scan(&batch.buffer, true);
        batch.text = self.text_of(batch.bytes());
        let mut ends = Ends::default();
        batch.check(&[], &mut ends).map_err(Error::Refused)?;
        let mut scratch = Vec::new();
        if let Some(row) = batch.rows(&ends).next() {
            for position in 0..row.width() {
                let field = row.field(position).unwrap_or_default();
                let name = String::from_utf8_lossy(batch.content(field, &mut scratch)).into_owned();
                self.shown.push(Shown::new(&name, position + 1));
                self.header.push(name);
            }
        }
        self.next_record = 1;
        self.next_line += batch.structure.lines_at_cut();
        self.offset = cut as u64;
        self.after_cr = batch.bytes().last() == Some(&b'\r');
        Ok(())
    }
}

/// What came of filling a buffer.
struct Pulled {
    read: usize,
    ended: bool,
    error: Option<io::Error>,
}

/// Fills `buffer` as far as the source goes.
fn pull(source: &mut dyn Read, buffer: &mut [u8]) -> Pulled {
    let mut read = 0;
    while let Some(free) = buffer.get_mut(read..).filter(|free| !free.is_empty()) {
        match source.read(free) {
            Ok(0) => {
                return Pulled {
                    read,
                    ended: true,
                    error: None,
                };
            }
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                return Pulled {
                    read,
                    ended: false,
                    error: Some(error),
                };
            }
        }
    }
    Pulled {
        read,
        ended: false,
        error: None,
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
mod tests;
