//! A batch: the whole records that one worker treats at a time.
//!
//! The reader cuts the input into batches and notes where fields end; whoever treats a batch
//! [checks](Batch::check) its text, splits it into [`Rows`] and looks at the cells it needs, all
//! on borrowed bytes.

use std::sync::Arc;

use memchr::memchr;

use super::encoding::Encoding;
use super::field;
use super::refusal::{Malformed, Refusal};
use super::rows::{Row, Rows};
use super::scalar::{self, QUOTE};
use super::single_byte::Table;
use super::structure::Structure;
use super::unpack::Unpacked;
use crate::base::bytes;
use crate::base::name::Shown;
use crate::io::place::Place;
use crate::io::quirk::Counts;

/// What the bytes of a batch are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// ASCII: valid in every encoding.
    Ascii,
    /// Said or found to be in this encoding; [`Batch::check`] proves it. UTF-16 comes as UTF-8.
    In(Encoding),
}

impl Text {
    /// Whether what is not ASCII has to be decoded to UTF-8.
    pub fn needs_decoding(self) -> bool {
        matches!(self, Self::In(encoding) if encoding.is_single_byte())
    }
}

/// Whole records of the input, with their structure.
#[derive(Debug)]
pub struct Batch {
    /// The position of the batch in the input, from 0.
    pub sequence: u64,
    /// The number of its first record, from 1.
    pub first_record: u64,
    pub(super) first_line: u64,
    pub(super) offset: u64,
    pub(super) after_cr: bool,
    pub(super) text: Text,
    pub(super) detected: bool,
    pub(super) delimiter: u8,
    pub(super) max_field: usize,
    /// How many empty fields each row has behind those of the header.
    pub(super) trailing: usize,
    pub(super) counts: Arc<Counts>,
    /// At least as long as the records; what lies behind them belongs to the next batch.
    pub(super) buffer: Vec<u8>,
    pub(super) structure: Structure,
}

/// The ends of the fields of a batch, unpacked: made once, used again for every batch.
#[derive(Debug, Default)]
pub struct Ends(pub(super) Unpacked);

impl Batch {
    /// An empty batch, to be filled by a reader.
    pub fn new() -> Self {
        Self {
            sequence: 0,
            first_record: 1,
            first_line: 1,
            offset: 0,
            after_cr: false,
            text: Text::Ascii,
            detected: false,
            delimiter: b',',
            max_field: usize::MAX,
            trailing: 0,
            counts: Arc::default(),
            buffer: Vec::new(),
            structure: Structure::new(b','),
        }
    }

    /// Takes a text that this program has written itself, in place of what it held, and finds its rows;
    /// false if the text is malformed.
    pub(crate) fn take_written(&mut self, text: &[u8], delimiter: u8, ends: &mut Ends) -> bool {
        self.buffer.clear();
        self.buffer.extend_from_slice(text);
        self.find_written(delimiter, ends)
    }

    /// The same without a copy: gives what it held in exchange.
    pub(crate) fn swap_written(
        &mut self,
        text: &mut Vec<u8>,
        delimiter: u8,
        ends: &mut Ends,
    ) -> bool {
        std::mem::swap(&mut self.buffer, text);
        self.find_written(delimiter, ends)
    }

    fn find_written(&mut self, delimiter: u8, ends: &mut Ends) -> bool {
        self.delimiter = delimiter;
        self.text = Text::In(Encoding::Utf8);
        self.structure.restart(delimiter, false);
        let scanned = self.structure.scan(&self.buffer, true).is_ok();
        ends.0.fill(&self.structure);
        scanned
    }

    /// The bytes of its records.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.structure.cut()).unwrap_or_default()
    }

    /// The bytes of its records, and perhaps others behind them.
    #[inline(always)]
    pub(crate) fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// The line of its first byte, from 1.
    pub(crate) fn first_line(&self) -> u64 {
        self.first_line
    }

    /// How many lines end from byte `start` up to `end`.
    pub(crate) fn line_ends(&self, start: usize, end: usize) -> u64 {
        let before = match start.checked_sub(1) {
            Some(before) => self.buffer.get(before) == Some(&b'\r'),
            None => self.after_cr,
        };
        scalar::line_ends(self.buffer.get(start..end).unwrap_or_default(), before)
    }

    /// How many records it has.
    pub fn records(&self) -> u64 {
        self.structure.records()
    }

    /// What its bytes are.
    pub fn text(&self) -> Text {
        self.text
    }

    /// The delimiter of its fields.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The first quote from `start` on, or else where the records end.
    #[inline(always)]
    pub(crate) fn next_quote(&self, start: usize) -> usize {
        let end = self.structure.cut();
        self.first_quote(start, end).unwrap_or(end)
    }

    /// Where the first quote from `start` on may be that is content, or else the end of all bytes: there is none before.
    #[inline(always)]
    pub(crate) fn next_inner_quote(&self, start: usize) -> usize {
        let next = self.structure.next_inner_quote(start);
        next.unwrap_or(self.buffer.len())
    }

    /// The first byte from `start` on that is not ASCII, or else where the records end.
    #[inline(always)]
    pub(crate) fn next_not_ascii(&self, start: usize) -> usize {
        let end = self.structure.cut();
        self.first_not_ascii(start, end).unwrap_or(end)
    }

    /// The first quote from `start` up to `end`.
    #[inline(always)]
    pub fn first_quote(&self, start: usize, end: usize) -> Option<usize> {
        self.structure.first(|block| block.quotes, start, end)
    }

    /// The first byte from `start` up to `end` that is not ASCII.
    #[inline(always)]
    pub fn first_not_ascii(&self, start: usize, end: usize) -> Option<usize> {
        self.structure.first(|block| block.not_ascii, start, end)
    }

    /// Whether there is a line break between quotes from `start` up to `end`.
    pub fn has_inner_break(&self, start: usize, end: usize) -> bool {
        let breaks = self.structure.inner_breaks();
        let next = breaks.partition_point(|&at| at < start);
        breaks.get(next).is_some_and(|&at| at < end)
    }

    /// Appends its bytes from `start` up to `end`, decoded to UTF-8.
    pub fn append_decoded(&self, mut start: usize, end: usize, out: &mut Vec<u8>) {
        if let Text::In(encoding) = self.text
            && encoding.is_single_byte()
        {
            let table = Table::of(encoding);
            while let Some(at) = self.first_not_ascii(start, end) {
                self.append(start, at, out);
                self.buffer
                    .get(at)
                    .into_iter()
                    .for_each(|byte| table.push(*byte, out));
                start = at + 1;
            }
        }
        self.append(start, end, out);
    }

    /// Appends its bytes from `start` up to `end` as they are.
    #[inline(always)]
    pub fn append(&self, start: usize, end: usize, out: &mut Vec<u8>) {
        bytes::append(&self.buffer, start, end, out);
    }

    /// A refusal with the place of the field that holds the byte at `at`.
    pub(crate) fn refuse(&self, reason: Malformed, at: usize, header: &[Shown]) -> Refusal {
        Refusal {
            reason,
            place: Some(self.place(at, header)),
        }
    }

    /// The place of the field that holds the byte at `at`: the line is the field's first.
    pub(crate) fn place(&self, at: usize, header: &[Shown]) -> Place {
        let found = scalar::locate(&self.buffer, at, self.delimiter, self.after_cr);
        Place {
            record: self.first_record + found.records,
            line: self.first_line + found.field_lines,
            column: header.get(found.field).cloned(),
        }
    }

    /// Splits the batch into rows.
    ///
    /// `ends` is what [`Batch::check`] left there.
    pub fn rows<'a>(&'a self, ends: &'a Ends) -> Rows<'a> {
        Rows::new(self.bytes(), &ends.0, self.first_record, self.trailing)
    }

    /// The content of a field: its quotes taken off, doubled quotes undone, decoded to UTF-8; of
    /// one written as `="…"` the text between the quotes. Borrowed where nothing had to be done.
    pub fn content<'a>(&self, field: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let inner = field::inner(field);
        let decode = self.text.needs_decoding() && !inner.text.is_ascii();
        if !decode && inner.repeated == 0 {
            return inner.text;
        }
        scratch.clear();
        let mut rest = inner.text;
        while let Some(quote) = match inner.repeated {
            0 => None,
            _ => memchr(QUOTE, rest),
        } {
            let (piece, behind) = rest.split_at(quote + 1);
            self.decode(piece, scratch);
            rest = behind.get(inner.repeated - 1..).unwrap_or_default();
        }
        self.decode(rest, scratch);
        scratch
    }

    /// Whether the fields of a row are its cells as they stand: it has no quotes, and nothing to decode.
    #[inline]
    pub(crate) fn is_plain(&self, row: &Row<'_>) -> bool {
        let (start, end) = (row.field_start(0), row.end());
        self.first_quote(start, end).is_none()
            && (!self.text.needs_decoding() || self.first_not_ascii(start, end).is_none())
    }

    /// Whether a field is written as `="…"`, so that its content is not what stands in the file.
    pub(crate) fn is_text_formula(&self, field: &[u8]) -> bool {
        self.structure.has_inner_quotes() && field::inner(field).is_formula
    }

    /// The content of the cell of a row in a column; `decode` says that what is not ASCII is in another
    /// encoding. Nearly all cells are their content already: without a quote between their quotes
    /// there is nothing to undo, and ASCII is the same in every encoding.
    #[inline(always)]
    pub(crate) fn cell<'a>(
        &self,
        row: &Row<'a>,
        column: usize,
        decode: bool,
        scratch: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        let (start, field) = row.span(column);
        // Whatever has something to undo ends with a quote.
        match field {
            [.., QUOTE] => self.quoted(start, field, decode, scratch),
            _ => self.decoded(start, field, decode, scratch),
        }
    }

    /// The same, where `next` tells what [`Batch::next_inner_quote`] does: so most cells in quotes are known to have
    /// nothing to undo, either.
    #[inline(always)]
    pub(crate) fn cell_before<'a>(
        &self,
        row: &Row<'a>,
        column: usize,
        decode: bool,
        scratch: &'a mut Vec<u8>,
        next: impl FnOnce(usize) -> usize,
    ) -> &'a [u8] {
        let (start, field) = row.span(column);
        match field {
            [.., QUOTE] => match field {
                [QUOTE, inner @ .., QUOTE] if next(start) > start + inner.len() => {
                    self.decoded(start + 1, inner, decode, scratch)
                }
                _ => self.quoted(start, field, decode, scratch),
            },
            _ => self.decoded(start, field, decode, scratch),
        }
    }

    /// The content of a field that ends with a quote and begins at `start`.
    #[inline(never)]
    fn quoted<'a>(
        &self,
        start: usize,
        field: &'a [u8],
        decode: bool,
        scratch: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        let start = start + 1;
        match field {
            [QUOTE, inner @ .., QUOTE]
                if self.first_quote(start, start + inner.len()).is_none() =>
            {
                self.decoded(start, inner, decode, scratch)
            }
            _ => self.content(field, scratch),
        }
    }

    /// A text without quotes that begins at `start`, decoded if need be.
    #[inline(always)]
    fn decoded<'a>(
        &self,
        start: usize,
        text: &'a [u8],
        decode: bool,
        scratch: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        if !decode || self.first_not_ascii(start, start + text.len()).is_none() {
            return text;
        }
        let end = start + text.len();
        scratch.clear();
        self.append_decoded(start, end, scratch);
        scratch
    }

    fn decode(&self, piece: &[u8], out: &mut Vec<u8>) {
        match self.text {
            Text::In(encoding) if encoding.is_single_byte() => {
                Table::of(encoding).decode(piece, out);
            }
            _ => out.extend_from_slice(piece),
        }
    }
}

impl Default for Batch {
    fn default() -> Self {
        Self::new()
    }
}
