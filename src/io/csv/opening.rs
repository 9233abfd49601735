//! Opening a reader: what the input is, what stands above its header, and the header.

use std::io::{self, Read};
use std::sync::Arc;

use super::above::{self, Knows};
use super::batch::{Batch, Ends, Text};
use super::encoding::Encoding;
use super::end_mark::EndMark;
use super::refusal::{Malformed, Refusal};
use super::scalar;
use super::single_byte::Table;
use super::unquoted::Unquoted;
use super::utf16::Utf16;
use super::{LineEnd, Options, Reader, detect, field, pull};
use crate::base::bytes;
use crate::base::name::Shown;
use crate::io::error::Error;
use crate::io::quirk::Quirk;
use crate::io::workbook::{SEPARATOR, SheetFacts, SheetReader};

/// How far a first row is looked for, in bytes behind the header.
const FIRST_ROW: usize = 64 * 1024;

/// A mark at the start of a UTF-8 text.
const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Reader {
    /// Recognises what `source` is and reads its header, which is the first record. `source` is
    /// already decompressed.
    ///
    /// # Errors
    /// [`Error::Read`] if reading fails, [`Error::Refused`] if there is no header or it is
    /// malformed.
    pub fn open(source: Box<dyn Read + Send>, options: Options) -> Result<Self, Error> {
        Self::new(source, options, None)
    }

    /// As [`Self::open`], but looks for a header below lines of a title if `knows` does not know
    /// the names of the first record, and the options do not say how many lines to skip.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_below(
        source: Box<dyn Read + Send>,
        options: Options,
        knows: &Knows<'_>,
    ) -> Result<Self, Error> {
        Self::new(source, options, Some(knows))
    }

    /// As [`Self::open_below`], for a sheet of a workbook.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn open_sheet(
        source: Box<SheetReader>,
        facts: Arc<SheetFacts>,
        options: Options,
        knows: &Knows<'_>,
    ) -> Result<Self, Error> {
        let options = Options {
            delimiter: Some(SEPARATOR),
            encoding: Some(Encoding::Utf8),
            unquoted: false,
            ..options
        };
        let mut reader = Self::new(source, options, Some(knows))?;
        reader.sheet = Some(facts);
        reader.header_end = reader.next_line;
        Ok(reader)
    }

    fn new(
        mut source: Box<dyn Read + Send>,
        options: Options,
        knows: Option<&Knows<'_>>,
    ) -> Result<Self, Error> {
        let mut start = [0; 4];
        let pulled = pull(&mut source, &mut start);
        if let Some(error) = pulled.error {
            return Err(Error::of_read(error));
        }
        let start = start.get(..pulled.read).unwrap_or_default();
        let marked = Encoding::of_mark(start);
        let encoding = options.encoding.or(marked.map(|(encoding, _)| encoding));
        let mark = match marked {
            Some((marked, length)) if Some(marked) == encoding => length,
            _ => 0,
        };
        let start = io::Cursor::new(start.get(mark..).unwrap_or_default().to_vec());
        let source: Box<dyn Read + Send> = match encoding {
            Some(encoding @ (Encoding::Utf16Le | Encoding::Utf16Be)) => {
                Box::new(Utf16::new(start.chain(source), encoding))
            }
            _ => Box::new(start.chain(source)),
        };
        let source = match options.delimiter.filter(|_| options.unquoted) {
            Some(delimiter) => Box::new(Unquoted::new(source, delimiter, options.max_field)),
            None => source,
        };
        let mut reader = Self {
            source: EndMark::new(source),
            options,
            delimiter: b',',
            encoding,
            header: Vec::new(),
            shown: Vec::new(),
            pending: Vec::new(),
            ended: false,
            sequence: 0,
            next_record: 0,
            next_line: 1,
            offset: 0,
            after_cr: false,
            line_end: None,
            trailing: 0,
            sheet: None,
            header_end: 0,
            quirks: Vec::new(),
            counts: Arc::default(),
        };
        reader.read_header(knows)?;
        Ok(reader)
    }

    /// Recognises the delimiter, reads the first record as the header and leaves what follows it
    /// pending.
    fn read_header(&mut self, knows: Option<&Knows<'_>>) -> Result<(), Error> {
        let mut batch = Batch::new();
        let mut filled = 0;
        self.prepare(&mut batch);
        self.read_more(&mut batch, &mut filled, self.options.batch)?;
        self.skip_above(&mut batch, &mut filled, knows)?;
        let cut = self.find_header(&mut batch, &mut filled)?;
        let fits = self.find_trailing(&mut batch, &mut filled, cut)?;
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
        self.take_names(&batch, &ends, fits)?;
        self.next_record = 1;
        self.next_line += batch.structure.lines_at_cut();
        self.offset += cut as u64;
        self.after_cr = batch.bytes().last() == Some(&b'\r');
        Ok(())
    }

    /// Takes the names of the columns from the header. One of several lines is refused where it may
    /// have drawn in a part of a row: it holds a delimiter, or the first row does not fit the header.
    fn take_names(&mut self, batch: &Batch, ends: &Ends, fits: bool) -> Result<(), Error> {
        let mut scratch = Vec::new();
        let Some(row) = batch.rows(ends).next() else {
            return Ok(());
        };
        for position in 0..row.width() {
            let field = row.field(position).unwrap_or_default();
            let breaks = field.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
            if breaks && (field.contains(&self.delimiter) || !fits) {
                let at = row.field_start(position);
                let reason = Malformed::LineBreakInName;
                return Err(Error::Refused(batch.refuse(reason, at, &[])));
            }
            let name = String::from_utf8_lossy(batch.content(field, &mut scratch)).into_owned();
            self.shown.push(Shown::new(&name, position + 1));
            self.header.push(name);
        }
        Ok(())
    }

    /// Makes the buffer hold `room` bytes at least, and reads as many.
    fn read_more(
        &mut self,
        batch: &mut Batch,
        filled: &mut usize,
        room: usize,
    ) -> Result<(), Error> {
        bytes::make_room(&mut batch.buffer, room.max(*filled + 2));
        *filled += self.read_into(batch, *filled)?;
        Ok(())
    }

    /// Reads more of a record that is longer than the buffer, unless it is too long.
    fn grow(&mut self, batch: &mut Batch, filled: &mut usize) -> Result<(), Error> {
        self.check_growth(batch, *filled)?;
        let room = batch.buffer.len().saturating_mul(2);
        self.read_more(batch, filled, room)
    }

    /// Skips what stands above the header.
    fn skip_above(
        &mut self,
        batch: &mut Batch,
        filled: &mut usize,
        knows: Option<&Knows<'_>>,
    ) -> Result<(), Error> {
        let mut lines = self.options.skip_lines;
        let may_be_sep_line =
            above::may_be_sep_line(batch.buffer.get(..*filled).unwrap_or_default());
        if may_be_sep_line && !self.ended {
            self.read_more(batch, filled, above::SEP_LINE + 2)?;
        }
        let text = batch.buffer.get(..*filled).unwrap_or_default();
        if self.encoding.is_none() {
            self.encoding = Encoding::decide(text);
        }
        if let Some(line) = above::sep_line(text) {
            let delimiter = line.delimiter;
            self.quirks.push(Quirk::SepLine { delimiter });
            let said = &mut self.options.delimiter;
            *said = said.or(Some(delimiter));
            self.drop_lines(batch, filled, (line.length, 1));
            lines = lines.map(|lines| lines.saturating_sub(1));
        }
        let skipped = match (lines, knows) {
            (Some(lines), _) => loop {
                let text = batch.buffer.get(..*filled).unwrap_or_default();
                match above::lines(text, lines) {
                    Some(begin) if begin < text.len() || lines == 0 => break Some((begin, lines)),
                    _ if self.ended => {
                        return Err(Error::Refused(Refusal {
                            reason: Malformed::AllSkipped,
                            place: None,
                        }));
                    }
                    _ => self.grow(batch, filled)?,
                }
            },
            (None, None) => None,
            (None, Some(knows)) => {
                let text = batch.buffer.get(..*filled).unwrap_or_default();
                let decode = |field: &[u8]| self.decoded(field);
                let delimiter = self.options.delimiter;
                let below = above::header_below(text, self.ended, delimiter, &decode, knows);
                below.map(|below| (below.begin, below.lines))
            }
        };
        if let Some((begin, lines @ 1..)) = skipped {
            self.quirks.push(Quirk::LinesAbove { lines });
            self.drop_lines(batch, filled, (begin, lines));
        }
        Ok(())
    }

    /// Takes whole lines off the start of the buffer, and a mark behind them.
    fn drop_lines(&mut self, batch: &mut Batch, filled: &mut usize, of: (usize, u64)) {
        let (mut bytes, lines) = of;
        // The rest of a CRLF may not have been read yet.
        let last = bytes.checked_sub(1).and_then(|last| batch.buffer.get(last));
        self.after_cr = last == Some(&b'\r');
        let is_utf8 = !self.encoding.is_some_and(Encoding::is_single_byte);
        if is_utf8
            && let Some(behind) = batch.buffer.get(bytes..*filled)
            && behind.starts_with(MARK)
        {
            bytes += MARK.len();
        }
        batch.buffer.drain(..bytes.min(*filled));
        *filled = filled.saturating_sub(bytes);
        self.offset += bytes as u64;
        self.next_line += lines;
        self.prepare(batch);
    }

    /// A field as it may be compared with names.
    fn decoded(&self, field: &[u8]) -> String {
        let inner = field::inner(field).text;
        match self.encoding {
            Some(encoding) if encoding.is_single_byte() => {
                let mut text = Vec::new();
                Table::of(encoding).decode(inner, &mut text);
                String::from_utf8_lossy(&text).into_owned()
            }
            _ => String::from_utf8_lossy(inner).into_owned(),
        }
    }

    /// Recognises the delimiter and gives where the header ends.
    fn find_header(&mut self, batch: &mut Batch, filled: &mut usize) -> Result<usize, Error> {
        loop {
            let text = batch.buffer.get(..*filled).unwrap_or_default();
            self.delimiter = match self.options.delimiter {
                Some(delimiter) => delimiter,
                None => detect::delimiter(text, self.ended).ok_or(Error::Refused(Refusal {
                    reason: Malformed::AmbiguousDelimiter,
                    place: None,
                }))?,
            };
            self.prepare(batch);
            let text = batch.buffer.get(..*filled).unwrap_or_default();
            let first = match scalar::first_record(text, self.delimiter) {
                Ok(first) => first,
                Err(at) => return Err(self.refuse(batch, Malformed::TextAfterQuote, at)),
            };
            let limit = self.options.max_columns;
            if first.fields > limit {
                return Err(self.refuse(batch, Malformed::TooManyColumns { limit }, 0));
            }
            match first.cut {
                Some(cut) => return Ok(cut),
                None if self.ended => return Err(self.no_header(batch, *filled)),
                None => self.grow(batch, filled)?,
            }
        }
    }

    /// Why a text that has ended has no first record.
    fn no_header(&self, batch: &Batch, filled: usize) -> Error {
        let text = batch.buffer.get(..filled).unwrap_or_default();
        match text.iter().all(|byte| matches!(byte, b'\n' | b'\r')) {
            true => Error::Refused(Refusal {
                reason: Malformed::Empty,
                place: None,
            }),
            false => self.refuse(batch, Malformed::UnclosedQuote, filled),
        }
    }

    /// Looks whether the first row has more fields than the header, which ends at `cut`, and those
    /// are empty: then every row is to have as many. Gives whether the row fits the header, if
    /// there is one.
    fn find_trailing(
        &mut self,
        batch: &mut Batch,
        filled: &mut usize,
        cut: usize,
    ) -> Result<bool, Error> {
        loop {
            let text = batch.buffer.get(..*filled).unwrap_or_default();
            let rows = text.get(cut..).unwrap_or_default();
            let Ok(first) = scalar::first_record(rows, self.delimiter) else {
                return Ok(true);
            };
            match first.cut {
                Some(end) => {
                    let header = text.get(..cut).unwrap_or_default();
                    let width = above::fields(header, self.delimiter).len();
                    let row = rows.get(..end).unwrap_or_default();
                    let row = above::fields(row, self.delimiter);
                    let behind = row.get(width..).unwrap_or_default();
                    let each = behind.len();
                    if each > 0 && behind.iter().all(|field| field.is_empty()) {
                        self.trailing = each;
                        self.quirks.push(Quirk::TrailingDelimiters { each });
                    }
                    return Ok(row.len() == width || self.trailing > 0);
                }
                None if self.ended || rows.len() > FIRST_ROW => return Ok(true),
                None => {
                    let room = batch.buffer.len().saturating_mul(2);
                    self.read_more(batch, filled, room)?;
                }
            }
        }
    }

    /// What the next bytes are; the first of them that is not ASCII decides, once for all.
    pub(super) fn text_of(&mut self, bytes: &[u8]) -> Text {
        if self.encoding.is_none() {
            self.encoding = Encoding::decide(bytes);
        }
        match self.encoding {
            None => Text::Ascii,
            Some(encoding) if encoding.is_single_byte() => Text::In(encoding),
            Some(_) => Text::In(Encoding::Utf8),
        }
    }
}
