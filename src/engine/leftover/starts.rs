//! How the words of kept cells begin.
//!
//! Of most cells that do not leave this alone tells that no kept cell has a word of them. It is
//! wrong only on the side of doubt.

use memchr::memchr;

use super::words::{First, Word, first_of};
use crate::base::simd::{BLOCK, Compare, HALF, Work};

/// What the first bytes of words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Guess {
    /// No kept cell has such a word.
    No,
    /// One may have.
    Yes,
    /// The text has to be folded to tell.
    Foreign,
}

impl Guess {
    pub(super) fn of(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

/// The bits that four letters have.
const FOUR: usize = 1 << 16;

/// How many letters there are, and a few more.
const LETTERS: usize = 32;

/// How the words of kept cells begin.
#[derive(Debug)]
pub(super) struct Starts {
    /// A bit for four letters, shared by some.
    four: Box<[u64; FOUR / 64]>,
    /// For each first letter, a bit for each second one.
    two: [u32; LETTERS],
}

/// A text in a buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    pub(super) buffer: &'a [u8],
    pub(super) at: usize,
    pub(super) end: usize,
}

impl Default for Starts {
    fn default() -> Self {
        Self {
            four: Box::new([0; FOUR / 64]),
            two: [0; LETTERS],
        }
    }
}

/// The bit of four letters in any case.
#[inline(always)]
fn bit(letters: [u8; 4]) -> usize {
    let lower = u32::from_le_bytes(letters) | 0x2020_2020;
    (lower.wrapping_mul(0x9E37_79B1) >> 16) as usize % FOUR
}

impl Starts {
    /// Adds the start of a word.
    pub(super) fn add(&mut self, word: &Word) {
        let [first, second, third, fourth, ..] = word.key.to_le_bytes();
        let bit = bit([first, second, third, fourth]);
        if let Some(bits) = self.four.get_mut(bit / 64) {
            *bits |= 1 << (bit % 64);
        }
        if let Some(bits) = self.two.get_mut(usize::from(first) % LETTERS) {
            *bits |= 1 << (usize::from(second) % LETTERS);
        }
    }

    fn has(&self, letters: [u8; 4]) -> bool {
        let bit = bit(letters);
        let bits = self.four.get(bit / 64);
        bits.is_none_or(|bits| bits >> (bit % 64) & 1 != 0)
    }

    /// Whether a text begins with two letters of ASCII that no word begins with.
    #[inline]
    fn begins_otherwise(&self, text: &[u8]) -> bool {
        let [first, second, ..] = text else {
            return false;
        };
        let bits = self.two.get(usize::from(*first) % LETTERS);
        let bits = bits.copied().unwrap_or(u32::MAX);
        let known = bits >> (usize::from(*second) % LETTERS) & 1 != 0;
        !known && first.is_ascii_alphabetic() && second.is_ascii_alphabetic()
    }

    /// Whether a text begins with four letters or four digits of ASCII, and no word does so.
    #[inline]
    pub(super) fn begins_with_others(&self, text: &[u8]) -> bool {
        let Some(four) = text.first_chunk::<4>() else {
            return false;
        };
        let letters = four.iter().all(u8::is_ascii_alphabetic);
        (letters || four.iter().all(u8::is_ascii_digit)) && !self.has(*four)
    }

    /// Whether a kept cell may have a word of four letters or more of a text, up to the `@` if it is
    /// an `address`; what is longer than a block is no name. `decode` says that what is not ASCII is
    /// in Windows-1252, else in UTF-8.
    #[inline(always)]
    pub(super) fn may_name(
        &self,
        compare: impl Compare,
        Span { buffer, at, end }: Span<'_>,
        address: bool,
        decode: bool,
    ) -> Guess {
        let length = end.wrapping_sub(at);
        if length > BLOCK {
            return Guess::No;
        }
        let Some(block) = buffer
            .get(at..)
            .and_then(|rest| rest.first_chunk::<BLOCK>())
        else {
            return Guess::Foreign;
        };
        let ([low, high], _) = block.as_chunks::<HALF>() else {
            return Guess::Foreign;
        };
        // In UTF-8 the first bytes of characters will do.
        let least = if decode { 0x80 } else { 0xC0 };
        let mut letters = u64::from(compare.letters(low));
        let mut foreign = u64::from(compare.foreign(low, least));
        if length > HALF {
            letters |= u64::from(compare.letters(high)) << HALF;
            foreign |= u64::from(compare.foreign(high, least)) << HALF;
        }
        let within = u64::MAX.unbounded_shr((BLOCK - length) as u32);
        (letters, foreign) = (letters & within, foreign & within);
        // What is not ASCII may be no letter, so that a word begins behind it.
        let starts = (letters | foreign) & !(letters << 1);
        let two = letters & letters >> 1;
        let four = starts & two & two >> 2;
        let cell = block.get(..length).unwrap_or(block.as_slice());
        let references = compare.equal(block, b'&') | compare.equal(block, b'%');
        if references & within != 0 {
            return Guess::Foreign;
        }
        if four == 0 && foreign == 0 {
            return Guess::No;
        }
        let known = self.any_of_four(block, four);
        let near = foreign
            | letters
                & (foreign >> 1 | letters >> 1 & (foreign >> 2 | letters >> 2 & foreign >> 3));
        let folded = starts & near;
        if !known && folded == 0 {
            return Guess::No;
        }
        let until = match address {
            true => memchr(b'@', cell).unwrap_or(BLOCK),
            false => BLOCK,
        };
        self.any_word(cell, four | folded, until, decode)
    }

    /// [`Starts::may_name`] of a cell, as work of its own.
    pub(super) fn naming<'a>(&'a self, span: Span<'a>, decode: bool) -> Naming<'a> {
        Naming {
            starts: self,
            span,
            decode,
        }
    }

    /// Whether four letters that begin at one of these places are known.
    #[inline(always)]
    fn any_of_four(&self, block: &[u8], mut starts: u64) -> bool {
        let mut known = false;
        while starts != 0 {
            let start = starts.trailing_zeros() as usize;
            starts &= starts - 1;
            let letters = block.get(start..start.wrapping_add(4));
            known |= letters.is_none_or(|letters| {
                letters
                    .first_chunk()
                    .is_none_or(|letters| self.has(*letters))
            });
        }
        known
    }

    /// Whether words that begin at these places of a text, before `until`, are known.
    #[inline(never)]
    fn any_word(&self, cell: &[u8], mut starts: u64, until: usize, decode: bool) -> Guess {
        let mut guess = Guess::No;
        while starts != 0 {
            let start = starts.trailing_zeros() as usize;
            starts &= starts - 1;
            if start >= until {
                break;
            }
            let text = cell.get(start..).unwrap_or_default();
            if self.begins_otherwise(text) {
                continue;
            }
            let letters = text.first_chunk().filter(|first| first.is_ascii());
            if let Some(letters) = letters {
                guess = guess.max(Guess::of(self.has(*letters)));
                continue;
            }
            guess = guess.max(match first_of::<4>(text, decode) {
                First::Word { key, length: 4, .. } => {
                    let [a, b, c, d, ..] = key.to_le_bytes();
                    Guess::of(self.has([a, b, c, d]))
                }
                First::Word { .. } | First::Other => Guess::No,
                First::Foreign => Guess::Foreign,
            });
        }
        guess
    }
}

/// Whether a kept cell may have a word of a cell of names.
pub(super) struct Naming<'a> {
    starts: &'a Starts,
    span: Span<'a>,
    decode: bool,
}

impl Work for Naming<'_> {
    type Output = Guess;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> Guess {
        let Self {
            starts,
            span,
            decode,
        } = self;
        starts.may_name(compare, span, true, decode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd;
    use crate::engine::leftover::words::words;

    fn starts(cells: &[&str]) -> Starts {
        let (mut starts, mut found) = (Starts::default(), Vec::new());
        for cell in cells {
            words(cell.as_bytes(), &mut found);
            found.iter().for_each(|word| starts.add(word));
        }
        starts
    }

    fn names(starts: &Starts, cell: &[u8], decode: bool) -> Guess {
        // Behind a cell there may be anything.
        let mut buffer = cell.to_vec();
        buffer.extend_from_slice(&b",cadre;".repeat(10));
        let span = Span {
            buffer: &buffer,
            at: 0,
            end: cell.len(),
        };
        simd::run(starts.naming(span, decode))
    }

    #[test]
    fn words_of_names_are_known_by_four_letters() {
        use Guess::{Foreign, No, Yes};
        let starts = starts(&["cadre", "été", "élève", "rue", "Bérénice"]);
        for (cell, guess) in [
            ("Martin", No),
            ("Anne CADOT", No),
            ("Anne CADRAN", Yes),
            ("anne.cadran@b.fr", Yes),
            ("anne.martin@cadran.fr", No),
            ("Anne Élevé", Yes),
            ("Anne Éluard", No),
            ("Bereniké", Yes),
            ("Zoé", No),
            ("Zoé\u{a0}Cadran", Foreign),
            ("Jean\u{2019}Élevé", Yes),
            ("be\u{301}re", Foreign),
            ("œil", Foreign),
            ("x Łódź", Foreign),
            ("13ae2e5a61", No),
            ("12cadre", Yes),
            ("Anne Cad", No),
            ("-", No),
            (
                "Anne-Marie-Louise du Moulin de la Croix-Rousse, née Cadran",
                Yes,
            ),
            (
                "Anne-Marie-Louise du Moulin de la Croix-Rousse, née Martin",
                No,
            ),
        ] {
            assert_eq!(names(&starts, cell.as_bytes(), false), guess, "{cell}");
        }
        // In Windows-1252 a letter is one byte.
        for (cell, guess) in [
            (&b"Zo\xe9"[..], No),
            (b"B\xe9r\xe9", Yes),
            (b"B\xe9rarde", No),
            (b"Zo\xe9 \x8cuvre", Foreign),
        ] {
            assert_eq!(names(&starts, cell, true), guess, "{cell:?}");
        }
        assert_eq!(names(&starts, "cadre ".repeat(11).as_bytes(), false), No);
        let alone = Span {
            buffer: b"Martin",
            at: 0,
            end: 6,
        };
        assert_eq!(simd::run(starts.naming(alone, false)), Foreign);
    }
}
