//! The letters that words begin and end with, as sets that are asked in a few instructions.

use super::super::words::{CODES, COUNTRIES, NOT_A_TOWN, NUMBERED, NUMBERED_OR_STREET};

/// Of ASCII, or perhaps one with an accent.
pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == 0xC3
}

/// The last three characters without accents; nothing if there are fewer, or others than French has.
#[inline]
pub(super) fn last_letters(text: &[u8]) -> Option<[u8; 3]> {
    if let Some(last) = text.last_chunk::<3>()
        && last.is_ascii()
    {
        return Some(*last);
    }
    let mut letters = [0; 3];
    let mut bytes = text.iter().rev().copied();
    for letter in letters.iter_mut().rev() {
        *letter = match bytes.next()? {
            byte if byte.is_ascii() => byte,
            byte => match bytes.next()? {
                0xC3 => base_letter(byte)?,
                _ => return None,
            },
        };
    }
    Some(letters)
}

/// The first three characters without accents; nothing if there are fewer, or others than French has.
#[inline]
pub(super) fn first_letters(text: &[u8]) -> Option<[u8; 3]> {
    if let Some(first) = text.first_chunk::<3>()
        && first.is_ascii()
    {
        return Some(*first);
    }
    let mut letters = [0; 3];
    let mut bytes = text.iter().copied();
    for letter in &mut letters {
        *letter = match bytes.next()? {
            0xC3 => base_letter(bytes.next()?)?,
            byte if byte.is_ascii() => byte,
            _ => return None,
        };
    }
    Some(letters)
}

/// The letter below the accent of a character from U+00C0 to U+00FF, by the second of its two bytes in
/// UTF-8, as [`plain`](super::plain) has it; nothing for signs.
#[inline]
pub(super) fn base_letter(second: u8) -> Option<u8> {
    plain_letter(second).filter(|letter| *letter != b'/')
}

/// As [`base_letter`], with `/` for signs; nothing where it is no second byte.
#[inline]
pub(in super::super) fn plain_letter(second: u8) -> Option<u8> {
    const LETTERS: &[u8; 64] = b"aaaaaaxceeeeiiiixnooooo/xuuuuyxxaaaaaaxceeeeiiiixnooooo/xuuuuyxy";
    let at = usize::from(second.checked_sub(0x80)?);
    LETTERS.get(at).copied()
}

/// Three letters of any case, as bits: five of each letter.
pub(super) struct Letters([u64; 512]);

impl Letters {
    /// The first or the last letters of phrases. At the end of a phrase, fewer letters are left out.
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    const fn new(lists: &[&[&str]], at_end: bool) -> Self {
        let mut bits = [0; 512];
        let mut list = 0;
        while list < lists.len() {
            let phrases = lists[list];
            let mut at = 0;
            while at < phrases.len() {
                let phrase = phrases[at].as_bytes();
                at += 1;
                if at_end && phrase.len() < 3 {
                    continue;
                }
                let from = if at_end { phrase.len() - 3 } else { 0 };
                // A shorter phrase, `kg`, may have anything behind it.
                let mut any = 0;
                while any < 32 {
                    let third = if phrase.len() < 3 {
                        any
                    } else {
                        phrase[from + 2]
                    };
                    let place = Self::place([phrase[from], phrase[from + 1], third]);
                    bits[place / 64] |= 1 << (place % 64);
                    any += 1;
                }
            }
            list += 1;
        }
        Self(bits)
    }

    const fn place(letters: [u8; 3]) -> usize {
        (letters[0] as usize & 31) << 10
            | (letters[1] as usize & 31) << 5
            | letters[2] as usize & 31
    }

    #[inline]
    pub(super) fn may_hold(&self, letters: [u8; 3]) -> bool {
        let place = Self::place(letters);
        let word = self.0.get(place / 64).copied().unwrap_or_default();
        word >> (place % 64) & 1 == 1
    }
}

/// Four letters of any case, as bits: one for each remainder of a product.
pub(super) struct Fours([u64; 512]);

impl Fours {
    /// The first or the last four letters of phrases of three or more. What is missing may be
    /// anything, and a blank also an apostrophe or a hyphen.
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    const fn new(phrases: &[&str], at_end: bool) -> Self {
        let mut bits = [0; 512];
        let mut at = 0;
        while at < phrases.len() {
            let phrase = phrases[at].as_bytes();
            at += 1;
            if phrase.len() < 3 {
                continue;
            }
            let shown = if phrase.len() < 4 { phrase.len() } else { 4 };
            let (from, to) = if at_end {
                (phrase.len() - shown, 4 - shown)
            } else {
                (0, 0)
            };
            let mut letters = [0; 4];
            let mut place = 0;
            while place < shown {
                letters[to + place] = phrase[from + place];
                place += 1;
            }
            let mut variant = 0;
            while variant < (if shown < 4 { 32 } else { 3 }) {
                let bit = Self::place(Self::variant(letters, variant));
                bits[bit / 64] |= 1 << (bit % 64);
                variant += 1;
            }
        }
        Self(bits)
    }

    /// The letters with some for those that are missing, or another sign for a blank.
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    const fn variant(mut letters: [u8; 4], variant: usize) -> [u8; 4] {
        let mut missing = variant;
        let mut place = 0;
        while place < 4 {
            match letters[place] {
                0 => {
                    letters[place] = (missing % 32) as u8;
                    missing /= 32;
                }
                b' ' => letters[place] = b" '-"[variant % 3],
                _ => {}
            }
            place += 1;
        }
        letters
    }

    #[inline]
    const fn place(letters: [u8; 4]) -> usize {
        let letters = u32::from_le_bytes(letters) & 0x1F1F_1F1F;
        (letters.wrapping_mul(0x9E37_79B1) >> 17) as usize
    }

    #[inline]
    pub(super) fn may_hold(&self, letters: [u8; 4]) -> bool {
        let place = Self::place(letters);
        let word = self.0.get(place / 64).copied().unwrap_or_default();
        word >> (place % 64) & 1 == 1
    }
}

pub(super) static COUNTRY_ENDINGS: Fours = Fours::new(COUNTRIES, true);
pub(super) static COUNTRY_BEGINNINGS: Fours = Fours::new(COUNTRIES, false);
pub(super) static TOWN_BEGINNINGS: Fours = Fours::new(NOT_A_TOWN, false);
pub(super) static ENDINGS: Letters = Letters::new(&[COUNTRIES], true);
pub(super) static STARTS: Letters = Letters::new(&[COUNTRIES], false);
/// A bit for each letter that ends a word of one or two that numbers something.
pub(super) const SHORT_NUMBER_ENDINGS: u32 =
    short_endings(NUMBERED) | short_endings(NUMBERED_OR_STREET) | short_endings(CODES);

#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn short_endings(words: &[&str]) -> u32 {
    let (mut endings, mut at) = (0, 0);
    while at < words.len() {
        let word = words[at].as_bytes();
        if word.len() < 3 {
            endings |= 1 << (word[word.len() - 1] & 31);
        }
        at += 1;
    }
    endings
}

/// What is shorter does not end in three letters.
pub(super) static NUMBER_ENDINGS: Letters =
    Letters::new(&[NUMBERED, NUMBERED_OR_STREET, CODES], true);

/// Whether the first two letters may be a phrase of [`NOT_A_TOWN`] by themselves.
#[inline]
pub(super) fn begins_with_pair(town: &[u8]) -> bool {
    let &[first, second, ..] = town else {
        return true;
    };
    let seconds = PAIRS.get(usize::from(first & 31)).copied();
    seconds.unwrap_or_default() >> (second & 31) & 1 == 1
}

/// For each first letter a bit for the second one of a phrase of two.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
static PAIRS: [u32; 32] = {
    let mut pairs = [0; 32];
    let mut at = 0;
    while at < NOT_A_TOWN.len() {
        if let [first, second] = NOT_A_TOWN[at].as_bytes() {
            pairs[(*first & 31) as usize] |= 1 << (*second & 31);
        }
        at += 1;
    }
    pairs
};
