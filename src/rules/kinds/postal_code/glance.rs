//! What stands around five digits, told from a few letters of a cell that was not turned into
//! [plain](super::plain) characters: that nothing is in the way of a postal code.
//!
//! Every answer is on the safe side: `false` only means that it takes a closer look.

use std::sync::LazyLock;

use super::context::{is_gap, is_word};
use super::words::{CODES, COUNTRIES, NOT_A_TOWN, NUMBERED, NUMBERED_OR_STREET};

/// Whether no country may be in an address with this street before its code and this town behind.
#[inline]
pub(super) fn names_no_country(street: &[u8], town: &[u8]) -> bool {
    let begins = match street {
        [b'0'..=b'9', ..] => true,
        [first, ..] if is_letter(*first) => {
            first_letters(street).is_some_and(|first| !STARTS.may_hold(first))
        }
        _ => false,
    };
    let ends_in_word = street
        .last()
        .is_some_and(|last| last.is_ascii_alphanumeric() || !last.is_ascii());
    begins && ends_in_word && !may_end_country(street) && no_word_ends_country(town)
}

/// Whether no word of a town ends a country.
#[inline]
fn no_word_ends_country(town: &[u8]) -> bool {
    let ends_country = |at: usize, last: [u8; 3]| {
        ENDINGS.may_hold(last) && ends_in_country(town.get(..at).unwrap_or_default(), last)
    };
    let mut last = [0; 3];
    let mut bytes = town.iter().copied().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let letter = match byte {
            0xC3 => match bytes.next().and_then(|(_, second)| base_letter(second)) {
                Some(letter) => letter,
                None => return false,
            },
            _ if byte.is_ascii() => byte,
            _ => return false,
        };
        if !letter.is_ascii_alphabetic() && ends_country(at, last) {
            return false;
        }
        let [_, second, third] = last;
        last = [second, third, letter];
    }
    !ends_country(town.len(), last)
}

/// Whether a town abroad, or a unit, cannot stand here.
#[inline]
pub(super) fn is_no_town_abroad(town: &[u8]) -> bool {
    town.first().is_some_and(|first| is_letter(*first))
        && first_letters(town).is_some_and(|first| {
            !BEGINNINGS.may_hold(first) || !NOT_A_TOWN.iter().any(|name| begins_with(town, name))
        })
}

/// Whether a text begins with a phrase, or may.
fn begins_with(text: &[u8], phrase: &str) -> bool {
    matches_phrase(plain_letters(text), phrase.bytes())
}

/// Whether a street, as what stands directly before a number, does not say what is numbered.
#[inline]
pub(super) fn numbers_nothing(street: &[u8]) -> bool {
    let ends = last_letters(street).is_some_and(|last| {
        last.iter().all(u8::is_ascii_alphabetic) && !NUMBER_ENDINGS.may_hold(last)
    });
    ends && has_known_letters(street) && !may_have_code(street)
}

/// Whether a text has no other characters than ASCII and those from U+00C0 to U+00FF.
#[inline]
fn has_known_letters(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    let is_known = |byte: &u8, bytes: &mut std::slice::Iter<'_, u8>| {
        byte.is_ascii() || *byte == 0xC3 && bytes.next().is_some()
    };
    while let Some(byte) = bytes.next() {
        if !is_known(byte, &mut bytes) {
            return false;
        }
    }
    true
}

/// Whether `code` or `digicode` may be in a text: behind the code of a door there can be other words.
#[inline]
fn may_have_code(text: &[u8]) -> bool {
    let is = |at: Option<usize>, letter: u8| {
        let byte = at.and_then(|at| text.get(at)).copied().unwrap_or(b' ');
        byte.eq_ignore_ascii_case(&letter) || !byte.is_ascii()
    };
    memchr::memchr2_iter(b'd', b'D', text)
        .any(|at| is(at.checked_sub(1), b'o') && is(at.checked_add(1), b'e'))
}

/// Whether the last letters may be those of a country, which they may where nobody knows them.
#[inline]
pub(super) fn may_end_country(text: &[u8]) -> bool {
    last_letters(text).is_none_or(|last| ENDINGS.may_hold(last) && ends_in_country(text, last))
}

/// Whether a text that ends in these letters ends in a country, or may.
#[cold]
fn ends_in_country(text: &[u8], last: [u8; 3]) -> bool {
    let last = last.map(|letter| letter.to_ascii_lowercase());
    let first = COUNTRIES_BY_ENDING.partition_point(|(ending, _)| *ending < last);
    let countries = COUNTRIES_BY_ENDING.iter().skip(first);
    countries
        .take_while(|(ending, _)| *ending == last)
        .any(|(_, country)| ends_with(text, country))
}

/// The countries by their last three letters.
static COUNTRIES_BY_ENDING: LazyLock<Vec<([u8; 3], &str)>> = LazyLock::new(|| {
    let ending = |country: &&'static str| Some((*country.as_bytes().last_chunk()?, *country));
    let mut countries: Vec<_> = COUNTRIES.iter().filter_map(ending).collect();
    countries.sort_unstable();
    countries
});

/// Whether a text ends with a phrase, or may.
fn ends_with(text: &[u8], phrase: &str) -> bool {
    matches_phrase(plain_letters_reversed(text), phrase.bytes().rev())
}

/// Whether letters are those of a phrase and no word goes on behind them. Where a letter is not known,
/// they may be.
fn matches_phrase(
    mut letters: impl Iterator<Item = Option<u8>>,
    phrase: impl Iterator<Item = u8>,
) -> bool {
    for wanted in phrase {
        match letters.next() {
            Some(Some(letter)) if letter.eq_ignore_ascii_case(&wanted) => {}
            Some(Some(letter)) if wanted == b' ' && is_gap(letter) => {}
            Some(None) => return true,
            _ => return false,
        }
    }
    letters.next().flatten().is_none_or(|next| !is_word(next))
}

/// The characters of a text without accents; nothing for each that French does not have.
fn plain_letters(text: &[u8]) -> impl Iterator<Item = Option<u8>> {
    let mut bytes = text.iter().copied();
    std::iter::from_fn(move || {
        Some(match bytes.next()? {
            0xC3 => bytes.next().and_then(base_letter),
            byte => Some(byte).filter(u8::is_ascii),
        })
    })
}

/// As [`plain_letters`], from the end.
fn plain_letters_reversed(text: &[u8]) -> impl Iterator<Item = Option<u8>> {
    let mut bytes = text.iter().rev().copied();
    std::iter::from_fn(move || {
        Some(match bytes.next()? {
            byte if byte.is_ascii() => Some(byte),
            byte => match bytes.next() {
                Some(0xC3) => base_letter(byte),
                _ => None,
            },
        })
    })
}

/// Of ASCII, or perhaps one with an accent.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == 0xC3
}

/// The last three characters without accents; nothing if there are fewer, or others than French has.
#[inline]
fn last_letters(text: &[u8]) -> Option<[u8; 3]> {
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
fn first_letters(text: &[u8]) -> Option<[u8; 3]> {
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
fn base_letter(second: u8) -> Option<u8> {
    const LETTERS: &[u8; 64] = b"aaaaaaxceeeeiiiixnooooo/xuuuuyxxaaaaaaxceeeeiiiixnooooo/xuuuuyxy";
    let at = usize::from(second.checked_sub(0x80)?);
    LETTERS.get(at).copied().filter(|letter| *letter != b'/')
}

/// Three letters of any case, as bits: five of each letter.
struct Letters([u64; 512]);

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
    fn may_hold(&self, letters: [u8; 3]) -> bool {
        let place = Self::place(letters);
        let word = self.0.get(place / 64).copied().unwrap_or_default();
        word >> (place % 64) & 1 == 1
    }
}

static ENDINGS: Letters = Letters::new(&[COUNTRIES], true);
static STARTS: Letters = Letters::new(&[COUNTRIES], false);
static BEGINNINGS: Letters = Letters::new(&[NOT_A_TOWN], false);
/// What is shorter does not end in three letters.
static NUMBER_ENDINGS: Letters = Letters::new(&[NUMBERED, NUMBERED_OR_STREET, CODES], true);

#[cfg(test)]
mod tests;
