//! How the words of kept cells begin: their first two bytes.
//!
//! Of most cells that do not leave this alone tells that no kept cell has a word of them. It is
//! wrong only on the side of doubt: whatever is not ASCII may begin any word.

use super::words::Word;
use crate::simd::{BLOCK, Compare};

/// The least length of a cell that may have several parts, as an address has.
pub(super) const LONG: usize = 16;

/// The first two bytes that the words of kept cells may have in another cell.
#[derive(Debug)]
pub(super) struct Starts(Box<[[u64; 4]; 256]>);

/// A cell in a buffer: not empty, and without quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    pub(super) buffer: &'a [u8],
    pub(super) at: usize,
    pub(super) end: usize,
}

impl Default for Starts {
    fn default() -> Self {
        let mut starts = Self(Box::new([[0; 4]; 256]));
        for (byte, behind) in (0..=u8::MAX).zip(starts.0.iter_mut()) {
            // What stands there has to be skipped or folded first.
            if !byte.is_ascii_alphanumeric() {
                *behind = [u64::MAX; 4];
            }
        }
        starts
    }
}

impl Starts {
    /// Adds the start of a word.
    pub(super) fn add(&mut self, word: &Word) {
        let [first, second, ..] = word.key.to_le_bytes();
        for first in [first.to_ascii_lowercase(), first.to_ascii_uppercase()] {
            let Some([low, high, foreign @ ..]) = self.0.get_mut(usize::from(first)) else {
                continue;
            };
            *foreign = [u64::MAX; 2];
            let seconds = (0..0x80_u8).filter(|byte| match word.length {
                1 if word.letters => !byte.is_ascii_alphabetic(),
                1 => !byte.is_ascii_digit(),
                _ => byte.eq_ignore_ascii_case(&second),
            });
            for second in seconds {
                let bits = if second < 64 { &mut *low } else { &mut *high };
                *bits |= 1 << (second % 64);
            }
        }
    }

    /// Whether a kept cell may have a word that begins like the text at `at`.
    #[inline(always)]
    fn may_begin(&self, buffer: &[u8], at: usize) -> bool {
        let Some(&[first, second]) = buffer.get(at..at.wrapping_add(2)) else {
            return true;
        };
        let behind = self.0.get(usize::from(first));
        let bits = behind.and_then(|behind| behind.get(usize::from(second / 64)));
        bits.is_none_or(|bits| bits >> (second % 64) & 1 != 0)
    }

    /// Whether it is certain that no kept cell holds the cell or a part of it that begins behind a
    /// comma, a semicolon or a line break; or, with `names`, any word of letters in it. `decode`
    /// says that what is not ASCII is in another encoding than UTF-8.
    #[inline(always)]
    pub(super) fn rule_out(
        &self,
        compare: impl Compare,
        Span { buffer, at, end }: Span<'_>,
        names: bool,
        decode: bool,
    ) -> bool {
        let length = end.saturating_sub(at);
        if self.may_begin(buffer, at) {
            return false;
        }
        if !names && length < LONG {
            return true;
        }
        let block = buffer.get(at..at.wrapping_add(BLOCK));
        let Some(block) = block.and_then(|block| block.first_chunk::<BLOCK>()) else {
            return false;
        };
        if length > BLOCK {
            return false;
        }
        let mut starts = 0;
        if names {
            let letters = compare.letters(block);
            let foreign = match decode {
                true => compare.not_ascii(block),
                false => compare.leads(block),
            };
            starts = (letters | foreign) & !(letters << 1);
        }
        if length >= LONG {
            let equal = |byte| compare.equal(block, byte);
            let behind = (equal(b',') | equal(b';') | equal(b'\n')) << 1;
            let blank = behind & equal(b' ');
            starts |= behind & !blank | blank << 1;
        }
        let mut starts = starts & u64::MAX.unbounded_shr((BLOCK - length) as u32);
        while starts != 0 {
            if self.may_begin(buffer, at.wrapping_add(starts.trailing_zeros() as usize)) {
                return false;
            }
            starts &= starts - 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leftover::words::words;
    use crate::simd::{self, Work};

    struct RuleOut<'a>(&'a Starts, &'a [u8], usize, bool, bool);

    impl Work for RuleOut<'_> {
        type Output = bool;

        #[inline(always)]
        fn work(self, compare: impl Compare) -> bool {
            let Self(starts, buffer, end, names, decode) = self;
            let span = Span { buffer, at: 0, end };
            starts.rule_out(compare, span, names, decode)
        }
    }

    fn starts(cells: &[&str]) -> Starts {
        let (mut starts, mut found) = (Starts::default(), Vec::new());
        for cell in cells {
            words(cell.as_bytes(), &mut found);
            found.iter().for_each(|word| starts.add(word));
        }
        starts
    }

    /// Whether the cell is ruled out as a name, and as a phrase.
    fn ruled_out(starts: &Starts, cell: &[u8], decode: bool) -> [bool; 2] {
        let mut buffer = cell.to_vec();
        buffer.extend_from_slice(&[b';'; BLOCK]);
        [true, false].map(|names| {
            simd::run(RuleOut(starts, &buffer, cell.len(), names, decode))
        })
    }

    #[test]
    fn words_that_begin_like_those_of_kept_cells_are_not_ruled_out() {
        let starts = starts(&["cadre", "b 12", "4 roues", "été", "rue"]);
        for (cell, name, phrase) in [
            ("Martin", true, true),
            ("CAroline", false, false),
            ("Anne Cadot", false, true),
            ("anne.cadot@b.fr", false, true),
            ("Anne", true, true),
            ("B", false, false),
            ("bart", true, true),
            ("4x", false, false),
            ("45", true, true),
            ("126", false, false),
            ("Étienne", false, false),
            ("Zoé Étienne", false, true),
            ("cédric", false, false),
            ("Zoé", true, true),
            ("Zoé\u{a0}Cadot", false, true),
            ("Jean\u{2019}Étienne", false, true),
            ("-", false, false),
            ("2 place du Port, rue Basse", false, false),
            ("2 place du Port,rue Basse", false, false),
            ("le Moulin\nrue Basse du Port", false, false),
            ("le Moulin; 12 rue Basse", false, false),
            ("le Moulin, 2 place du Port", true, true),
            ("le Moulin,", true, true),
        ] {
            assert_eq!(ruled_out(&starts, cell.as_bytes(), false), [name, phrase], "{cell}");
        }
        // In Windows-1252 a letter is one byte, and any byte may be one.
        assert_eq!(ruled_out(&starts, b"Zo\xe9", true), [true, true]);
        assert_eq!(ruled_out(&starts, b"Zo\xe9 \x8auster", true), [false, true]);
        let long = "le Moulin, ".repeat(9);
        assert_eq!(ruled_out(&starts, long.as_bytes(), false), [false, false]);
        assert!(!simd::run(RuleOut(&starts, b"Martin Lemoine", 14, true, false)));
    }

    #[test]
    fn without_kept_words_only_what_is_not_ascii_is_in_doubt() {
        let starts = Starts::default();
        assert_eq!(ruled_out(&starts, b"Anne Cadot", false), [true, true]);
        assert_eq!(ruled_out(&starts, "Éva".as_bytes(), false), [false, false]);
    }
}
