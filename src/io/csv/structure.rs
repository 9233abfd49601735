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

mod scan;

use scan::Scan;

use super::scalar::{QUOTE, Role, State, step};
use crate::base::simd;
use crate::base::simd::{BLOCK, Compare};

/// What stands between two blocks: facts about the byte before the next one. All but the first
/// are the lowest bit of a mask, ready to be shifted in.
#[derive(Debug, Clone, Copy)]
struct Carry {
    /// All ones if it is between quotes.
    inside: u64,
    /// It ended a field.
    behind_end: u64,
    /// It closed a quoted field, or is the first of a doubled quote.
    behind_closing: u64,
    /// It ended a line outside quotes: another line end would only be a blank line.
    behind_line_end: u64,
    /// It was a carriage return: a line feed would end no line of its own.
    behind_return: u64,
}

/// How far a text has been read, and what was found on the way.
#[derive(Debug, Clone, Copy)]
struct Progress {
    scanned: usize,
    carry: Carry,
    lines: u64,
    cut: usize,
    records: u64,
    lines_at_cut: u64,
    /// Bits of bytes that are 0, of all blocks together.
    nul: u64,
}

/// Where some things stand that most texts have few of.
#[derive(Debug, Default)]
struct Rare {
    /// Line breaks between quotes.
    inner_breaks: Vec<usize>,
    /// Blocks with a quote that is content.
    inner_quotes: Vec<usize>,
}

/// The structure of a stretch of text that begins with a record.
#[derive(Debug)]
pub(super) struct Structure {
    delimiter: u8,
    progress: Progress,
    /// Longer than what is in use, so that it need not be cleared.
    blocks: Vec<Block>,
    used: usize,
    rare: Rare,
}

/// The masks of one block: a bit for each of its bytes, the first byte's lowest.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Block {
    /// Bytes that end a field.
    pub(super) field_ends: u64,
    /// Bytes that end a record: a subset of the field ends.
    pub(super) record_ends: u64,
    pub(super) quotes: u64,
    /// Bytes that are not ASCII.
    pub(super) not_ascii: u64,
}

impl Structure {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            progress: Progress::start(false),
            blocks: Vec::new(),
            used: 0,
            rare: Rare::default(),
        }
    }

    /// Begins a new stretch, at the start of a record. `after_return` tells that the byte before
    /// it is a carriage return.
    pub(super) fn restart(&mut self, delimiter: u8, after_return: bool) {
        self.delimiter = delimiter;
        self.progress = Progress::start(after_return);
        self.used = 0;
        self.rare.inner_breaks.clear();
        self.rare.inner_quotes.clear();
    }

    /// The length of the whole records.
    pub(super) fn cut(&self) -> usize {
        self.progress.cut
    }

    pub(super) fn records(&self) -> u64 {
        self.progress.records
    }

    /// How many line breaks it holds, those inside quotes too (CRLF is one).
    pub(super) fn lines_at_cut(&self) -> u64 {
        self.progress.lines_at_cut
    }

    /// Whether some byte of what was read is 0, perhaps behind the cut.
    pub(super) fn has_nul(&self) -> bool {
        self.progress.nul != 0
    }

    /// Whether some quote of what was read is content, perhaps behind the cut: without one there
    /// is no cell written as `="…"`.
    pub(super) fn has_inner_quotes(&self) -> bool {
        !self.rare.inner_quotes.is_empty()
    }

    /// Where the first block is, from `start` on, that has a quote which is content.
    pub(super) fn next_inner_quote(&self, start: usize) -> Option<usize> {
        let blocks = &self.rare.inner_quotes;
        let next = blocks.partition_point(|block| block + BLOCK <= start);
        blocks.get(next).map(|block| start.max(*block))
    }

    /// Whether some quote that is content, in what was read, has a byte before it, or before the quote that
    /// doubles it.
    pub(super) fn has_inner_quote_behind(&self, byte: u8, text: &[u8]) -> bool {
        let is_behind = |quote: usize| quote > 0 && text.get(quote - 1) == Some(&byte);
        self.rare.inner_quotes.iter().any(|&start| {
            let last = start.wrapping_sub(1);
            let block = self.blocks.get(start / BLOCK).copied();
            let mut quotes = block.unwrap_or_default().quotes;
            let mut behind = text.get(last) == Some(&QUOTE) && is_behind(last);
            while quotes != 0 {
                behind |= is_behind(start + quotes.trailing_zeros() as usize);
                quotes &= quotes - 1;
            }
            behind
        })
    }

    /// Where line breaks stand between quotes, perhaps behind the cut too.
    pub(super) fn inner_breaks(&self) -> &[usize] {
        &self.rare.inner_breaks
    }

    /// Whether the text read so far ends between the quotes of a field.
    pub(super) fn inside_quotes(&self) -> bool {
        self.progress.carry.inside != 0
    }

    /// The first of the bytes from `start` up to `end` that `mask` has a bit for.
    #[inline(always)] // so that it is compiled for the processor that its caller is
    pub(super) fn first(
        &self,
        mask: impl Fn(&Block) -> u64,
        start: usize,
        end: usize,
    ) -> Option<usize> {
        let (at, skipped) = (start / BLOCK, start % BLOCK);
        let (block, others) = self.blocks.get(at..)?.split_first()?;
        let found = mask(block) & u64::MAX << skipped;
        let mut others = others.iter().take((end / BLOCK).saturating_sub(at));
        let (base, found) = match found {
            0 => {
                let all = others.len();
                let found = others.find_map(|block| Some(mask(block)).filter(|bits| *bits != 0))?;
                (at + all - others.len(), found)
            }
            _ => (at, found),
        };
        let first = base
            .wrapping_mul(BLOCK)
            .wrapping_add(found.trailing_zeros() as usize);
        (first < end).then_some(first)
    }

    /// Reads on in `text`, which begins with what earlier calls have read; `last` tells that
    /// nothing follows, so that an incomplete block is read too.
    ///
    /// # Errors
    /// The offset of a byte that stands where only a delimiter or a line end may, behind a quote.
    pub(super) fn scan(&mut self, text: &[u8], last: bool) -> Result<(), usize> {
        simd::run(Scan {
            structure: self,
            text,
            last,
        })
    }

    /// Behind the last record that ends in one of the blocks from this position on, if one does.
    fn cut_behind(&self, known: usize) -> Option<usize> {
        let blocks = self.blocks().iter().enumerate().skip(known);
        let (at, block) = blocks.rev().find(|(_, block)| block.record_ends != 0)?;
        Some(at * BLOCK + block.record_ends.ilog2() as usize + 1)
    }

    /// What was read, a block after the other.
    pub(super) fn blocks(&self) -> &[Block] {
        self.blocks.get(..self.used).unwrap_or_default()
    }
}

impl Progress {
    fn start(after_return: bool) -> Self {
        Self {
            scanned: 0,
            carry: Carry {
                inside: 0,
                behind_end: 1,
                behind_closing: 0,
                behind_line_end: 1,
                behind_return: u64::from(after_return),
            },
            lines: 0,
            cut: 0,
            records: 0,
            lines_at_cut: 0,
            nul: 0,
        }
    }

    /// Reads the first `length` bytes of a block. Without `CONTROLS` there are no control characters up
    /// to a carriage return in it but line feeds, and none in front of it.
    #[inline(always)]
    fn block<const CONTROLS: bool>(
        &mut self,
        compare: impl Compare,
        delimiter: u8,
        (block, length): (&[u8; BLOCK], usize),
        rare: &mut Rare,
    ) -> Result<Block, usize> {
        let within = u64::MAX >> (BLOCK - length);
        let top = length as u32 - 1;
        let line_feeds = compare.equal(block, b'\n') & within;
        let delimiters = compare.equal(block, delimiter) & within;
        let quotes = compare.equal(block, QUOTE) & within;
        let mut returns = 0;
        if CONTROLS {
            returns = compare.equal(block, b'\r') & within;
            self.nul |= compare.equal(block, 0) & within;
        }

        let inside = prefix_xor(quotes) ^ self.carry.inside;
        let mut outside = Outside {
            delimiters: delimiters & !inside,
            line_ends: (line_feeds | returns) & !inside,
        };
        let field_ends = outside.delimiters | outside.line_ends;
        let opening = quotes & inside;
        let closing = quotes & !inside;
        let behind_end = field_ends << 1 | self.carry.behind_end;
        let behind_closing = closing << 1 | self.carry.behind_closing;
        let stray = opening & !(behind_end | behind_closing);
        let text_behind = behind_closing & !(field_ends | opening);
        if opening & behind_closing != 0 {
            note(1, self.scanned, &mut rare.inner_quotes);
        }
        if (stray | text_behind) & within == 0 {
            self.carry.inside = (inside >> top & 1).wrapping_neg();
            self.carry.behind_end = field_ends >> top & 1;
            self.carry.behind_closing = closing >> top & 1;
        } else {
            note(1, self.scanned, &mut rare.inner_quotes);
            outside = self.irregular(delimiter, block.get(..length).unwrap_or_default())?;
        }

        let behind_line_end = outside.line_ends << 1 | self.carry.behind_line_end;
        let record_ends = outside.line_ends & !behind_line_end;
        self.carry.behind_line_end = outside.line_ends >> top & 1;
        let mut breaks = line_feeds;
        if CONTROLS {
            breaks = returns | line_feeds & !(returns << 1 | self.carry.behind_return);
            self.carry.behind_return = returns >> top & 1;
        }
        // Where the last record ends is looked for behind the last block.
        self.records = (self.records).wrapping_add(u64::from(record_ends.count_ones()));
        self.lines = (self.lines).wrapping_add(u64::from(breaks.count_ones()));
        let inner = (line_feeds | returns) & !outside.line_ends;
        if inner != 0 {
            note(inner, self.scanned, &mut rare.inner_breaks);
        }
        self.scanned = self.scanned.wrapping_add(length);
        Ok(Block {
            field_ends: outside.delimiters | record_ends,
            record_ends,
            quotes,
            not_ascii: compare.not_ascii(block) & within,
        })
    }

    /// The exact reading, for a block with a quote where none should be.
    #[cold]
    fn irregular(&mut self, delimiter: u8, bytes: &[u8]) -> Result<Outside, usize> {
        let mut outside = Outside {
            delimiters: 0,
            line_ends: 0,
        };
        let mut state = self.carry.state();
        for (position, &byte) in bytes.iter().enumerate() {
            let (next, role) = step(state, byte, delimiter);
            match role {
                Role::Content | Role::LiteralQuote => {}
                Role::FieldEnd => outside.delimiters |= 1 << position,
                Role::LineEnd => outside.line_ends |= 1 << position,
                Role::TextAfterQuote => return Err(self.scanned + position),
            }
            state = next;
        }
        self.carry.inside = if state == State::Quoted { u64::MAX } else { 0 };
        self.carry.behind_end = u64::from(state == State::FieldStart);
        self.carry.behind_closing = u64::from(state == State::QuoteSeen);
        Ok(outside)
    }
}

impl Carry {
    fn state(&self) -> State {
        if self.inside != 0 {
            State::Quoted
        } else if self.behind_end != 0 {
            State::FieldStart
        } else if self.behind_closing != 0 {
            State::QuoteSeen
        } else {
            State::Unquoted
        }
    }
}

/// The delimiters and line ends of a block that are not inside quotes.
struct Outside {
    delimiters: u64,
    line_ends: u64,
}

/// Adds the positions of a block's bits.
#[cold]
fn note(bits: u64, base: usize, positions: &mut Vec<usize>) {
    let mut bits = bits;
    while bits != 0 {
        positions.push(base + bits.trailing_zeros() as usize);
        bits &= bits - 1;
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

#[cfg(test)]
mod tests;
