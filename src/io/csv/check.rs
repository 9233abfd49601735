//! What the reader does not look at, proved for each batch by whoever treats it.

use memchr::memchr;

use super::batch::{Batch, Ends, Text};
use super::encoding::{Encoding, Encodings};
use super::evidence::{self, Against};
use super::field;
use super::refusal::{Malformed, Refusal};
use super::scalar::QUOTE;
use super::single_byte::Table;
use crate::base::name::Shown;
use crate::base::simd;
use crate::base::simd::{BLOCK, Compare, HALF, Work};

/// How far around a character that makes no sense others are looked at.
const WINDOW: usize = 64 * 1024;

impl Batch {
    /// Proves what the reader did not look at: the encoding, no NUL byte, no field over the
    /// limit, no rows merged by stray quotes, no cell cut in two, and delimiters behind the last
    /// column on every row or on none. `header` names the columns; it is empty if the batch is the
    /// header itself.
    ///
    /// # Errors
    /// The first of these in the order of the text.
    pub fn check(&self, header: &[Shown], ends: &mut Ends) -> Result<(), Refusal> {
        let bytes = self.bytes();
        ends.0.fill(&self.structure);
        let nul = match self.structure.has_nul() {
            true => memchr(0, bytes),
            false => None,
        };
        let width = match header {
            [] => ends.0.fields().len(),
            _ => header.len() + self.trailing,
        };
        let quoted = |at: usize| bytes.get(at) == Some(&QUOTE);
        let reasons = [
            self.bad_text(),
            nul.map(|at| (at, Malformed::Nul)),
            self.too_long(ends).map(|at| {
                let (limit, quoted) = (self.max_field, quoted(at));
                (at, Malformed::FieldTooLong { limit, quoted })
            }),
            self.blank_line(header.len(), ends)
                .map(|at| (at, Malformed::BlankLine)),
            self.merged(width, ends)
                .map(|at| (at, Malformed::MergedRows)),
            self.cut_formula(ends).map(|at| (at, Malformed::CutFormula)),
            self.without_trailing(header.len(), ends)
                .map(|at| (at, Malformed::TrailingDelimiters)),
        ];
        let first = reasons.into_iter().flatten().min_by_key(|(at, _)| *at);
        match first {
            None => Ok(()),
            Some((at, reason)) => Err(self.refuse(reason, at, header)),
        }
    }

    /// The first byte that does not fit the encoding.
    fn bad_text(&self) -> Option<(usize, Malformed)> {
        let (encoding, at, fits) = match self.text {
            Text::Ascii => return None,
            Text::In(encoding) if encoding.is_single_byte() => {
                let table = Table::of(encoding);
                let is_undefined = |_, byte| table.character(byte).is_none();
                let undefined = self.first_not_ascii_from(0, is_undefined);
                let unlikely = match self.detected {
                    true => self.unlikely(encoding),
                    false => None,
                };
                let unlikely = unlikely.filter(|(at, _)| undefined.is_none_or(|first| *at < first));
                match (unlikely, undefined) {
                    (Some((at, fits)), _) => (encoding, at, Some(fits)),
                    (None, undefined) => (encoding, undefined?, None),
                }
            }
            Text::In(_) => (Encoding::Utf8, simd::run(NotUtf8(self))?, None),
        };
        let reason = Malformed::Encoding {
            encoding,
            detected: self.detected,
            offset: self.offset + at as u64,
            fits,
        };
        Some((at, reason))
    }

    /// The first byte that is not UTF-8. Only runs of bytes that are not ASCII are looked at: all bytes of
    /// their characters are such.
    #[inline(always)]
    fn first_not_utf8(&self, compare: impl Compare) -> Option<usize> {
        let bytes = self.bytes();
        let blocks = self.structure.blocks();
        // Where a run began that reached the end of a block.
        let mut open = None;
        let mut number = 0;
        while let Some(block) = blocks.get(number) {
            let mut bits = block.not_ascii;
            if bits == 0 && open.is_none() {
                // Nothing here, as in most blocks: on to the next that has some.
                let others = blocks.get(number..).unwrap_or_default().iter();
                number += others.take_while(|block| block.not_ascii == 0).count();
                continue;
            }
            let base = number * BLOCK;
            number += 1;
            if open.is_none() && self.has_letters_only(base, bits, compare) {
                continue;
            }
            if let Some(start) = open {
                let more = bits.trailing_ones();
                if more == u64::BITS {
                    continue;
                }
                if let Some(wrong) = wrong_in_run(bytes, start, base + more as usize) {
                    return Some(wrong);
                }
                bits &= u64::MAX << more;
                open = None;
            }
            while bits != 0 {
                let from = bits.trailing_zeros();
                let until = from + (bits >> from).trailing_ones();
                if until == u64::BITS {
                    open = Some(base + from as usize);
                    break;
                }
                if let Some(wrong) =
                    wrong_in_run(bytes, base + from as usize, base + until as usize)
                {
                    return Some(wrong);
                }
                bits &= u64::MAX << until;
            }
        }
        open.and_then(|start| wrong_in_run(bytes, start, bytes.len()))
    }

    /// Whether what is not ASCII in a block are whole letters from U+00C0 to U+00FF, as in most French texts: each is
    /// 0xC3 and a byte less than 0xC0, and no letter of the block before goes on here.
    #[inline(always)]
    fn has_letters_only(&self, base: usize, not_ascii: u64, compare: impl Compare) -> bool {
        const LETTERS: u8 = 0xC3;
        let block = self
            .buffer
            .get(base..)
            .and_then(|rest| rest.first_chunk::<BLOCK>());
        block.is_some_and(|block| {
            let first = compare.equal(block, LETTERS);
            let ([low, high], _) = block.as_chunks::<HALF>() else {
                return false;
            };
            let more = u64::from(compare.foreign(high, 0xC0)) << HALF;
            let second = first << 1;
            let are_pairs = first >> 63 == 0 && first & second == 0;
            are_pairs
                && first == more | u64::from(compare.foreign(low, 0xC0))
                && not_ascii == first | second
        })
    }

    /// The first byte that makes no sense in the encoding that was recognised, if the batch is in
    /// another by all it holds; and in which.
    fn unlikely(&self, encoding: Encoding) -> Option<(usize, Encodings)> {
        let bytes = self.bytes();
        let mut against = Against::of(encoding);
        // Where the encodings have letters others have letters too: they tell less, and are many.
        let tells = |byte: u8| encoding != Encoding::Windows1252 || byte < 0xC0;
        let mut known = 0;
        while let Some(first) =
            self.first_not_ascii_from(known, |at, byte| tells(byte) && against.holds(bytes, at))
        {
            known = first.saturating_add(WINDOW);
            let behind = bytes.get(first.saturating_sub(2)..known.min(bytes.len()));
            let around = bytes.get(first.saturating_sub(WINDOW)..known.min(bytes.len()));
            if let Ok(other) = evidence::decide(behind.unwrap_or_default())
                && other != encoding
            {
                return Some((first, Encodings::of(|fit| fit == other)));
            }
            match evidence::decide(around.unwrap_or_default()) {
                Ok(decided) if decided == encoding => {}
                Ok(other) => return Some((first, Encodings::of(|fit| fit == other))),
                Err(fits) => return Some((first, fits)),
            }
        }
        None
    }

    /// The first byte from `start` on that is not ASCII and is `wanted`, by its place and itself.
    fn first_not_ascii_from(
        &self,
        start: usize,
        mut wanted: impl FnMut(usize, u8) -> bool,
    ) -> Option<usize> {
        let bytes = self.bytes();
        let blocks = self.structure.blocks().iter().enumerate();
        for (number, block) in blocks.skip(start / BLOCK) {
            let mut bits = block.not_ascii;
            while bits != 0 {
                let at = number * BLOCK + bits.trailing_zeros() as usize;
                // What stands behind the records belongs to the next batch.
                let byte = *bytes.get(at)?;
                if at >= start && wanted(at, byte) {
                    return Some(at);
                }
                bits &= bits - 1;
            }
        }
        None
    }

    /// The start of the first field over the limit.
    fn too_long(&self, ends: &Ends) -> Option<usize> {
        if self.bytes().len() <= self.max_field {
            return None;
        }
        self.fields(ends)
            .find(|(start, end)| end - start > self.max_field)
            .map(|(start, _)| start)
    }

    /// The first blank line of a file of one column.
    fn blank_line(&self, width: usize, ends: &Ends) -> Option<usize> {
        if width != 1 {
            return None;
        }
        let mut after_cr = self.after_cr;
        let mut behind = 0;
        let fields = ends.0.fields();
        for (row, until) in self.rows(ends).zip(ends.0.records()) {
            let skipped = self.bytes().get(behind..row.start).unwrap_or_default();
            if !(skipped.is_empty() || after_cr && skipped == b"\n") {
                return Some(behind);
            }
            let last = (*until as usize).checked_sub(1);
            let end = last.and_then(|last| fields.get(last));
            let end = end.map_or(row.end(), |end| *end as usize);
            behind = end + 1;
            after_cr = self.bytes().get(end) == Some(&b'\r');
        }
        None
    }

    /// The first cell written as `="…"` that a delimiter or a line break in its text has cut in
    /// two; counts those that are whole.
    fn cut_formula(&self, ends: &Ends) -> Option<usize> {
        let bytes = self.bytes();
        if !self.structure.has_inner_quote_behind(b'=', bytes) {
            return None;
        }
        let mut whole = 0;
        for (start, end) in self.fields(ends) {
            let field = bytes.get(start..end).unwrap_or_default();
            if let [b'=', QUOTE, ..] | [QUOTE, b'=', QUOTE, ..] = field {
                if field::is_cut_formula(field) {
                    return Some(start);
                }
                whole += u64::from(field::inner(field).is_formula);
            }
        }
        if whole > 0 {
            self.counts.add_text_formulas(whole);
        }
        None
    }

    /// The first row as wide as the header, where the others have delimiters behind their last cell.
    fn without_trailing(&self, width: usize, ends: &Ends) -> Option<usize> {
        if self.trailing == 0 {
            return None;
        }
        let mut before = 0;
        let mut widths = ends.0.records().iter().map(|until| {
            let width = *until - before;
            before = *until;
            width as usize
        });
        let row = widths.position(|fields| fields == width)?;
        self.rows(ends).nth(row).map(|row| row.start)
    }

    /// Where the fields begin and end.
    fn fields<'a>(&'a self, ends: &'a Ends) -> impl Iterator<Item = (usize, usize)> {
        self.rows(ends).flat_map(|row| {
            let mut start = row.start;
            row.ends.iter().map(move |&end| {
                let field = (start, end as usize);
                start = end as usize + 1;
                field
            })
        })
    }
}

/// Looking for the first byte of a batch that is not UTF-8.
struct NotUtf8<'a>(&'a Batch);

impl Work for NotUtf8<'_> {
    type Output = Option<usize>;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> Option<usize> {
        let Self(batch) = self;
        batch.first_not_utf8(compare)
    }
}

/// The first byte of a run that is not UTF-8. What stands behind the records belongs to the next batch.
#[inline]
fn wrong_in_run(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    match bytes.get(start..end.min(bytes.len()))? {
        // One letter with an accent, as nearly all are.
        [0xC2..=0xDF, 0x80..=0xBF] => None,
        run => {
            let error = std::str::from_utf8(run).err()?;
            Some(start + error.valid_up_to())
        }
    }
}
