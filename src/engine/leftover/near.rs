//! What the kept cells of one row rule out: a cell that does not leave is read word by word only if a
//! kept cell beside it has a word that it begins with, or may have one of its names.
//!
//! Where every row has a value of its own (a customer's number, an identifier of a web site), nearly every
//! word has stood in some kept cell, and only those of the same row tell anything.

use memchr::memchr3_iter;

use super::Source;
use super::block;
use super::content::Content;
use super::words::{First, Word, eight, first, fold};
use crate::base::simd::{self, BLOCK, Compare, HALF, Work};
use crate::io::csv::{Batch, Row};

/// Which words stand in the kept cells of a row that are to be compared, wrong only on the side of having one.
#[derive(Debug, Default, Clone)]
pub(super) struct Near {
    bits: [u64; 8],
    /// Whether one of them may be of a name.
    pub(super) has_name: bool,
}

/// The same for each row of a block, as far as its cells were read just now.
#[derive(Debug, Default)]
pub(super) struct NearRows(Vec<Near>);

impl NearRows {
    /// Begins a block; its rows will be asked for if they are `wanted`.
    pub(super) fn begin(&mut self, wanted: bool) {
        self.0.clear();
        if wanted {
            self.0.resize_with(block::BLOCK, Near::default);
        }
    }

    /// Adds what was read in a cell of the row at `at`, if that is wanted.
    pub(super) fn add(&mut self, at: usize, content: &Content) -> bool {
        let near = self.0.get_mut(at);
        near.map(|near| near.add_all(content)).is_some()
    }

    pub(super) fn of(&self, at: usize) -> Near {
        self.0.get(at).cloned().unwrap_or_default()
    }
}

/// Which sources of a row are to be read, by their places in the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidates {
    bits: u64,
    /// Whether there are more sources than bits; those behind them are always to be read.
    more: bool,
}

/// So many letters and digits a whole cell must have to count: of fewer, others have the same by accident.
pub(super) const fn least_telling(identifying: bool) -> u32 {
    if identifying { 5 } else { 7 }
}

impl Candidates {
    /// All that there are.
    pub(super) const ALL: Self = Self {
        bits: u64::MAX,
        more: true,
    };

    pub(super) fn has(self, source: usize) -> bool {
        let shift = u32::try_from(source).unwrap_or(u32::MAX);
        self.bits
            .checked_shr(shift)
            .is_none_or(|bits| bits & 1 != 0)
    }

    /// Whether no source is to be read.
    pub(super) fn is_empty(self) -> bool {
        self.bits == 0 && !self.more
    }
}

impl Near {
    /// Whatever there is.
    pub(super) const ALL: Self = Self {
        bits: [u64::MAX; 8],
        has_name: true,
    };

    pub(super) fn add_all(&mut self, content: &Content) {
        content.words.iter().for_each(|word| self.add(word));
    }

    pub(super) fn add(&mut self, word: &Word) {
        self.has_name |= word.may_be_of_name();
        let (place, bit) = Self::bit(word.key);
        if let Some(bits) = self.bits.get_mut(place) {
            *bits |= 1 << bit;
        }
    }

    #[inline(always)]
    pub(super) fn has(&self, key: u64) -> bool {
        let (place, bit) = Self::bit(key);
        self.bits.get(place).is_none_or(|bits| bits >> bit & 1 != 0)
    }

    pub(super) fn has_all(&self, words: &[Word]) -> bool {
        words.iter().all(|word| self.has(word.key))
    }

    #[inline(always)]
    fn bit(key: u64) -> (usize, u64) {
        let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 61) as usize, mixed >> 55 & 63)
    }

    /// Whether neither a text nor a part of it behind a separator begins with such a word, as far as
    /// its first bytes tell.
    pub(super) fn has_no_beginning(&self, text: &[u8]) -> bool {
        let begins = |text: &[u8]| match first(text.trim_ascii_start(), false) {
            First::Word { key, .. } => self.has(key),
            First::Other | First::Foreign => true,
        };
        let mut separators = memchr3_iter(b',', b';', b'\n', text);
        !begins(text) && !separators.any(|at| begins(text.get(at + 1..).unwrap_or_default()))
    }

    /// The sources whose cells in a row may have something in common with such words.
    pub(super) fn candidates(
        &self,
        sources: &[Source],
        row: &Row<'_>,
        batch: &Batch,
    ) -> Candidates {
        let choosing = Choosing {
            near: self,
            sources,
            row,
            batch,
        };
        Candidates {
            bits: simd::run(choosing),
            more: sources.len() > u64::BITS as usize,
        }
    }

    /// Whether the cell from `at` up to `end` may have something in common with such words: the word that it or
    /// a part of it begins with, or if it is `identifying` any word of a name. `decode` says that what is not ASCII is
    /// in another encoding than UTF-8.
    #[inline(always)]
    fn may_meet(
        &self,
        compare: impl Compare,
        (buffer, at, end): (&[u8], usize, usize),
        identifying: bool,
        decode: bool,
    ) -> bool {
        let length = end.wrapping_sub(at);
        if length == 0 {
            return false;
        }
        let block = buffer
            .get(at..)
            .and_then(|rest| rest.first_chunk::<BLOCK>());
        let Some((block, ([low, high], _))) = block.map(|block| (block, block.as_chunks::<HALF>()))
        else {
            return true;
        };
        if length > BLOCK {
            return true;
        }
        let within = u64::MAX.unbounded_shr((BLOCK - length) as u32);
        let mut letters = u64::from(compare.letters(low));
        let mut digits = u64::from(compare.digits(low));
        if length > HALF {
            letters |= u64::from(compare.letters(high)) << HALF;
            digits |= u64::from(compare.digits(high)) << HALF;
        }
        (letters, digits) = (letters & within, digits & within);
        // What begins with a separator, is in quotes, or has to be read otherwise than it stands.
        let unusual = compare.at_most(block, b',') & !compare.equal(block, b' ')
            | compare.equal(block, b';')
            | compare.not_ascii(block);
        let (mut starts, mut accents) = (1, 0);
        if unusual & within != 0 {
            let of = Within {
                compare,
                block,
                within,
            };
            let quotes = of.bytes(b'"');
            let around = 1 | within & !(within >> 1);
            let beyond = compare.not_ascii(block) & within;
            // In UTF-8 the letters of Latin-1 begin with this byte.
            let latin = of.bytes(0xC3);
            if quotes != 0 && quotes != around
                || of.bytes(b'&') | of.bytes(b'%') != 0
                || beyond & !(latin | latin << 1) != 0
                || decode && beyond != 0
            {
                return true;
            }
            starts |= (of.bytes(b',') | of.bytes(b';') | of.bytes(b'\n')) << 1;
            accents = beyond;
        }
        // The letter O beside digits is typed for a zero.
        if compare.equal(block, b'O') & (digits << 1 | digits >> 1) & within != 0 {
            return true;
        }
        let may_name = digits == 0 || compare.equal(block, b'@') & within != 0;
        if identifying && self.has_name && may_name {
            return true;
        }
        let of_words = letters | digits | accents;
        // A letter with an accent counts twice, which is no more than doubt.
        if of_words.count_ones() < least_telling(identifying) {
            return false;
        }
        let words = Words {
            cell: (block, length),
            letters,
            all: of_words,
            accents,
        };
        while starts != 0 {
            let start = starts.trailing_zeros();
            starts &= starts - 1;
            // A word that stands behind the next separator is asked for twice.
            let Some(first) = self.word(&words, start) else {
                return false;
            };
            // Whatever counts has all its words in a kept cell; of a part, that is three words at least.
            let next = |end| self.word(&words, end);
            if first.known && first.end.and_then(next).is_none_or(|next| next.known) {
                return true;
            }
        }
        false
    }

    /// The first word from `behind` on, if there is any.
    #[inline(always)]
    fn word(&self, words: &Words<'_>, behind: u32) -> Option<Known> {
        let rest = words.all.unbounded_shr(behind);
        if rest == 0 {
            return None;
        }
        let start = behind.wrapping_add(rest.trailing_zeros());
        let is_letter = words.letters.unbounded_shr(start) & 1 != 0;
        let class = match is_letter {
            true => words.letters,
            false => words.all & !words.letters & !words.accents,
        };
        let run = (!class.unbounded_shr(start)).trailing_zeros();
        let end = start.wrapping_add(run);
        let goes_on = words.accents.unbounded_shr(end) & 1 != 0;
        let (block, length) = words.cell;
        let known = match goes_on && run < 8 {
            true => self.has_first(block.get(start as usize..length)),
            false => self.has(fold(eight(block, start as usize), run)),
        };
        Some(Known {
            known,
            end: (!goes_on).then_some(end),
        })
    }

    /// Whether a text begins with such a word, or has to be folded to tell.
    #[inline(never)]
    fn has_first(&self, text: Option<&[u8]>) -> bool {
        match first(text.unwrap_or_default(), false) {
            First::Word { key, .. } => self.has(key),
            First::Other | First::Foreign => true,
        }
    }
}

/// A block of which some bytes matter.
struct Within<'a, C> {
    compare: C,
    block: &'a [u8; BLOCK],
    within: u64,
}

impl<C: Compare> Within<'_, C> {
    #[inline(always)]
    fn bytes(&self, wanted: u8) -> u64 {
        self.compare.equal(self.block, wanted) & self.within
    }
}

/// Where the words of a cell stand: a bit for each byte.
struct Words<'a> {
    /// It stands at the start of the block, and has this length.
    cell: (&'a [u8; BLOCK], usize),
    letters: u64,
    all: u64,
    accents: u64,
}

/// What the kept cells tell of a word.
struct Known {
    known: bool,
    /// Where it ends, unless it goes on with an accent.
    end: Option<u32>,
}

/// The choice of [`Near::candidates`], as work of its own.
struct Choosing<'a> {
    near: &'a Near,
    sources: &'a [Source],
    row: &'a Row<'a>,
    batch: &'a Batch,
}

impl Work for Choosing<'_> {
    type Output = u64;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> u64 {
        let Self {
            near,
            sources,
            row,
            batch,
        } = self;
        let decode = batch.text().needs_decoding();
        let sources = sources.iter().zip(0..u64::BITS);
        sources.fold(0, |chosen, (source, place)| {
            let (at, end) = row.bounds(source.column);
            let cell = (batch.buffer(), at, end);
            let may_meet = near.may_meet(compare, cell, source.identifying, decode);
            chosen | u64::from(may_meet) << place
        })
    }
}

#[cfg(test)]
mod tests;
