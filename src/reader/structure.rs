//! Where fields and records end, 64 bytes at a time.
//!
//! A block of 64 bytes becomes four 64-bit masks: its quotes, delimiters, line feeds and carriage
//! returns. Arithmetic on the masks gives the rest, and proves at once that the quoting is strict:
//!
//! ```text
//!   text        1,"12, rue X",y⏎      one bit a byte, the first on the left
//!   quotes      00100000000100 0
//!   inside      00111111111000 0      prefix-xor of the quotes: from each opening one to its closing one
//!   delimiters  01000100000010 0
//!   field ends  01000000000010 1      delimiters and line ends that are not inside
//!   opening     00100000000000 0      quotes that are inside: each must follow a field end, or a closing one ("")
//!   closing     00000000000100 0      quotes that are not: each must be followed by a field end, or an opening one
//! ```
//!
//! A block in which a quote breaks those two rules is read again by [`super::scalar`], byte by
//! byte: either it holds a quote as a letter (`12" pipe`), or the text is refused. Both ways leave
//! the same masks behind, so nothing after this module knows which one a block took.

use super::masks::{self, BLOCK, Compare, Work};
use super::scalar::{QUOTE, Role, State, step};

/// What stands between two blocks.
#[derive(Debug, Clone, Copy)]
struct Carry {
    state: State,
    /// The last byte ended a line outside quotes: another line end would only be a blank line.
    after_end: bool,
    /// The last byte was a carriage return: a line feed would end no line of its own.
    after_cr: bool,
}

/// The masks of one block as far as they lie outside quotes.
struct Outside {
    delimiters: u64,
    ends: u64,
}

/// The structure of a stretch of text that begins with a record.
#[derive(Debug)]
pub(super) struct Structure {
    delimiter: u8,
    scanned: usize,
    carry: Carry,
    lines: u64,
    /// A bit for each byte that ends a field.
    pub(super) field_ends: Vec<u64>,
    /// A bit for each byte that ends a record: a subset of the field ends.
    pub(super) record_ends: Vec<u64>,
    /// The length of the whole records.
    pub(super) cut: usize,
    /// How many records that is.
    pub(super) records: u64,
    /// How many line breaks it holds, those inside quotes too (CRLF is one).
    pub(super) lines_at_cut: u64,
    /// Some unquoted field may hold a quote.
    pub(super) literal_quotes: bool,
    /// Some quoted field may hold a line break.
    pub(super) inner_breaks: bool,
}

impl Structure {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            scanned: 0,
            carry: Carry {
                state: State::FieldStart,
                after_end: true,
                after_cr: false,
            },
            lines: 0,
            field_ends: Vec::new(),
            record_ends: Vec::new(),
            cut: 0,
            records: 0,
            lines_at_cut: 0,
            literal_quotes: false,
            inner_breaks: false,
        }
    }

    /// Begins a new stretch, at the start of a record.
    pub(super) fn restart(&mut self, delimiter: u8, after_cr: bool) {
        let (mut field_ends, mut record_ends) = (
            std::mem::take(&mut self.field_ends),
            std::mem::take(&mut self.record_ends),
        );
        field_ends.clear();
        record_ends.clear();
        *self = Self {
            field_ends,
            record_ends,
            ..Self::new(delimiter)
        };
        self.carry.after_cr = after_cr;
    }

    /// Whether the text read so far ends between the quotes of a field.
    pub(super) fn inside_quotes(&self) -> bool {
        self.carry.state == State::Quoted
    }

    /// Reads on in `text`, which begins with what earlier calls have read; `last` tells that
    /// nothing follows, so that an incomplete block is read too.
    ///
    /// # Errors
    /// The offset of a byte that stands where only a delimiter or a line end may, behind a quote.
    pub(super) fn scan(&mut self, text: &[u8], last: bool) -> Result<(), usize> {
        masks::run(Scan {
            structure: self,
            text,
            last,
        })
    }

    /// Unpacks the masks of the whole records: where fields end, and how many fields end up to the
    /// end of each record.
    pub(super) fn unpack(&self, fields: &mut Vec<u32>, records: &mut Vec<u32>) {
        fields.clear();
        records.clear();
        let words = self
            .field_ends
            .iter()
            .zip(&self.record_ends)
            .take(self.cut.div_ceil(BLOCK));
        for (word, (&field_ends, &record_ends)) in words.enumerate() {
            let base = (word * BLOCK) as u32;
            let behind_cut = ((word + 1) * BLOCK).saturating_sub(self.cut);
            let mut ends = field_ends & u64::MAX >> behind_cut;
            let mut last = record_ends;
            while last != 0 {
                let until = last ^ (last - 1);
                records.push(fields.len() as u32 + (ends & until).count_ones());
                last &= last - 1;
            }
            while ends != 0 {
                fields.push(base + ends.trailing_zeros());
                ends &= ends - 1;
            }
        }
    }

    /// Reads the first `length` bytes of a block.
    #[inline(always)]
    fn block(
        &mut self,
        compare: impl Compare,
        block: &[u8; BLOCK],
        length: usize,
    ) -> Result<(), usize> {
        let within = u64::MAX >> (BLOCK - length);
        let line_feeds = compare.equal(block, b'\n') & within;
        let returns = compare.equal(block, b'\r') & within;
        let outside = match self.regular(compare, block, within, line_feeds | returns) {
            Some(outside) => outside,
            None => self.irregular(block.get(..length).unwrap_or_default())?,
        };
        let records = outside.ends & !(outside.ends << 1 | u64::from(self.carry.after_end));
        let breaks = returns | line_feeds & !(returns << 1 | u64::from(self.carry.after_cr));
        if records != 0 {
            let last = records.ilog2();
            self.cut = self.scanned + last as usize + 1;
            self.records += u64::from(records.count_ones());
            let until = u64::MAX >> (63 - last);
            self.lines_at_cut = self.lines + u64::from((breaks & until).count_ones());
        }
        self.lines += u64::from(breaks.count_ones());
        self.inner_breaks |= breaks & !outside.ends != 0;
        self.field_ends.push(outside.delimiters | records);
        self.record_ends.push(records);
        let top = 1 << (length - 1);
        self.carry.after_end = outside.ends & top != 0;
        self.carry.after_cr = returns & top != 0;
        self.scanned += length;
        Ok(())
    }

    /// The mask arithmetic, if the quotes of the block allow it.
    #[inline(always)]
    fn regular(
        &mut self,
        compare: impl Compare,
        block: &[u8; BLOCK],
        within: u64,
        line_ends: u64,
    ) -> Option<Outside> {
        let quotes = compare.equal(block, QUOTE) & within;
        let delimiters = compare.equal(block, self.delimiter) & within;
        let carried = if self.carry.state == State::Quoted {
            u64::MAX
        } else {
            0
        };
        let inside = prefix_xor(quotes) ^ carried;
        let outside = Outside {
            delimiters: delimiters & !inside,
            ends: line_ends & !inside,
        };
        let field_ends = outside.delimiters | outside.ends;
        let opening = quotes & inside;
        let closing = quotes & !inside;
        let behind_end = field_ends << 1 | u64::from(self.carry.state == State::FieldStart);
        let behind_closing = closing << 1 | u64::from(self.carry.state == State::QuoteSeen);
        let stray = opening & !(behind_end | behind_closing);
        let text_behind = behind_closing & !(field_ends | opening);
        if (stray | text_behind) & within != 0 {
            return None;
        }
        let top = within ^ within >> 1;
        self.carry.state = if inside & top != 0 {
            State::Quoted
        } else if field_ends & top != 0 {
            State::FieldStart
        } else if closing & top != 0 {
            State::QuoteSeen
        } else {
            State::Unquoted
        };
        Some(outside)
    }

    /// The exact reading, for a block with a quote where none should be.
    #[cold]
    fn irregular(&mut self, bytes: &[u8]) -> Result<Outside, usize> {
        let mut outside = Outside {
            delimiters: 0,
            ends: 0,
        };
        for (position, &byte) in bytes.iter().enumerate() {
            let (next, role) = step(self.carry.state, byte, self.delimiter);
            match role {
                Role::Content => {}
                Role::LiteralQuote => self.literal_quotes = true,
                Role::FieldEnd => outside.delimiters |= 1 << position,
                Role::LineEnd => outside.ends |= 1 << position,
                Role::TextAfterQuote => return Err(self.scanned + position),
            }
            self.carry.state = next;
        }
        Ok(outside)
    }
}

/// Reading on in a text.
struct Scan<'a> {
    structure: &'a mut Structure,
    text: &'a [u8],
    last: bool,
}

impl Work for Scan<'_> {
    type Output = Result<(), usize>;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> Result<(), usize> {
        let Self {
            structure,
            text,
            last,
        } = self;
        let fresh = text.get(structure.scanned..).unwrap_or_default();
        let (blocks, rest) = fresh.as_chunks::<BLOCK>();
        for block in blocks {
            structure.block(compare, block, BLOCK)?;
        }
        if last && !rest.is_empty() {
            let mut block = [0; BLOCK];
            for (to, from) in block.iter_mut().zip(rest) {
                *to = *from;
            }
            structure.block(compare, &block, rest.len())?;
        }
        Ok(())
    }
}

/// Each bit becomes the exclusive or of itself and all bits below it.
#[inline(always)]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
