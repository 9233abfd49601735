//! What stands around five digits, told from a few letters of a cell that was not turned into
//! [plain](super::plain) characters: that nothing is in the way of a postal code.
//!
//! Every answer is on the safe side: `false` only means that it takes a closer look.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use super::context::{is_gap, is_word};
use super::letters::{Fours, Letters, short_endings};
use super::words::{CODES, COUNTRIES, NOT_A_TOWN, NUMBERED, NUMBERED_OR_STREET};

/// Whether no country may be in a street, quoted or not, as what stands before a code.
#[inline]
pub(super) fn names_no_country(street: &[u8]) -> bool {
    let street = street.strip_suffix(b"\"").unwrap_or(street);
    let begins = match street {
        [b'0'..=b'9', ..] => true,
        [first, ..] if is_letter(*first) => {
            first_letters(street).is_some_and(|first| !COUNTRY_BEGINNINGS.may_hold(first))
        }
        _ => false,
    };
    let ends_in_word = street
        .last()
        .is_some_and(|last| last.is_ascii_alphanumeric() || !last.is_ascii());
    begins && ends_in_word && !may_end_country(street)
}

/// Whether the first two letters may be a phrase of [`NOT_A_TOWN`] by themselves.
#[inline]
fn begins_with_pair(town: &[u8]) -> bool {
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

/// Whether a street, as what stands directly before a number, does not say what is numbered.
#[inline]
pub(super) fn numbers_nothing(street: &[u8]) -> bool {
    let ends = last_letters::<3>(street).is_some_and(|last| {
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

/// Whether a text in plain characters may end in a word that numbers something.
#[inline]
pub(super) fn may_end_number_word(text: &[u8]) -> bool {
    let Some(last) = text.last().filter(|last| last.is_ascii_lowercase()) else {
        return false;
    };
    let short = SHORT_NUMBER_ENDINGS >> (last & 31) & 1 == 1;
    // The shorter ones have another character than a letter before them.
    match text.last_chunk::<3>() {
        Some(last) if NUMBER_ENDINGS.may_hold(*last) => true,
        Some(last) => short && !last.iter().all(u8::is_ascii_lowercase),
        None => short,
    }
}

/// Whether a text in plain characters may begin with a country.
#[inline]
pub(super) fn may_begin_country(text: &[u8]) -> bool {
    let first = text.first_chunk();
    first.is_none_or(|first| COUNTRY_BEGINNINGS.may_hold(*first))
}

/// Whether a text in plain characters may begin with a town abroad.
#[inline]
pub(super) fn may_begin_town_abroad(text: &[u8]) -> bool {
    let first = text.first_chunk();
    first.is_none_or(|first| TOWN_BEGINNINGS.may_hold(*first)) || begins_with_pair(text)
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
    last_letters(text)
        .is_none_or(|last| COUNTRY_ENDINGS.may_hold(last) && ends_in_country(text, last))
}

/// Whether a text that ends in these letters ends in a country, or may.
#[cold]
fn ends_in_country(text: &[u8], [_, last @ ..]: [u8; 4]) -> bool {
    let last = last.map(|letter| letter.to_ascii_lowercase());
    let countries = COUNTRIES_BY_ENDING.get(&last);
    let mut countries = countries.into_iter().flatten();
    countries.any(|country| !differs(text, country) && ends_with(text, country))
}

/// The countries by their last three letters.
static COUNTRIES_BY_ENDING: LazyLock<HashMap<[u8; 3], Vec<&str>>> = LazyLock::new(|| {
    let mut by_ending: HashMap<_, Vec<&str>> = HashMap::new();
    for country in COUNTRIES {
        if let Some(ending) = country.as_bytes().last_chunk() {
            by_ending.entry(*ending).or_default().push(country);
        }
    }
    by_ending
});

/// Whether the fifth letter from the end tells that a text does not end with a phrase, as it does for the
/// `République` that so many streets end in.
fn differs(text: &[u8], phrase: &str) -> bool {
    match (text.last_chunk::<5>(), phrase.as_bytes().last_chunk::<5>()) {
        (Some(last), Some([wanted, ..])) if last.is_ascii() => {
            let [letter, ..] = last;
            let are_letters = letter.is_ascii_alphabetic() && wanted.is_ascii_alphabetic();
            are_letters && !letter.eq_ignore_ascii_case(wanted)
        }
        _ => false,
    }
}

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

/// The characters of a text without accents, from the end; nothing for each that French does not have.
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

/// The last characters without accents; nothing if there are fewer, or others than French has.
#[inline]
fn last_letters<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    if let Some(last) = text.last_chunk::<N>()
        && last.iter().fold(0, |all, byte| all | byte).is_ascii()
    {
        return Some(*last);
    }
    let mut letters = [0; N];
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

/// The first four characters without accents; nothing if there are fewer, or others than French has.
#[inline]
fn first_letters(text: &[u8]) -> Option<[u8; 4]> {
    if let Some(first) = text.first_chunk::<4>()
        && first.iter().fold(0, |all, byte| all | byte).is_ascii()
    {
        return Some(*first);
    }
    let mut letters = [0; 4];
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
    plain_letter(second).filter(|letter| *letter != b'/')
}

/// As [`base_letter`], with `/` for signs; nothing where it is no second byte.
#[inline]
pub(super) fn plain_letter(second: u8) -> Option<u8> {
    const LETTERS: &[u8; 64] = b"aaaaaaxceeeeiiiixnooooo/xuuuuyxxaaaaaaxceeeeiiiixnooooo/xuuuuyxy";
    let at = usize::from(second.checked_sub(0x80)?);
    LETTERS.get(at).copied()
}

static COUNTRY_ENDINGS: Fours = Fours::new(COUNTRIES, true);
static COUNTRY_BEGINNINGS: Fours = Fours::new(COUNTRIES, false);
static TOWN_BEGINNINGS: Fours = Fours::new(NOT_A_TOWN, false);
/// A bit for each letter that ends a word of one or two that numbers something.
const SHORT_NUMBER_ENDINGS: u32 =
    short_endings(NUMBERED) | short_endings(NUMBERED_OR_STREET) | short_endings(CODES);

/// What is shorter does not end in three letters.
static NUMBER_ENDINGS: Letters = Letters::last_of(&[NUMBERED, NUMBERED_OR_STREET, CODES]);

#[cfg(test)]
mod tests;
