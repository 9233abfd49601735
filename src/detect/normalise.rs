//! Texts in disguise: what a reader takes for `jean@example.fr` or `06 12 34 56 78`, and a program
//! does not.
//!
//! Spreadsheets, web pages and phones put characters into texts that nobody sees, or write them
//! otherwise: zero-width blanks, soft hyphens, full-width and Arabic digits, letters of other
//! alphabets that look Latin, `&#64;`, `%40`. [`Normaliser`] undoes this, and remembers where each
//! byte comes from, so that a find can be masked where it stands.
//!
//! Nearly all texts are as they should be, accents and French punctuation included; [`is_ordinary`]
//! tells that without any work.

mod entities;
mod letters;

use std::ops::Range;

use memchr::memchr3_iter;
use memchr::memmem;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::{Detectors, Facts, Finding, detect_word, fact};
use letters::{digit, is_ignorable, is_roughly_latin, latin, plain};

/// A text may be encoded so often: `&amp;#64;`, `%2540`.
const ROUNDS: usize = 3;

/// A no-break blank in UTF-8 that was read as Windows-1252 and encoded once more.
const ENCODED_TWICE: &str = "Â\u{A0}";

/// Whether nothing in a text can be in disguise.
#[inline]
fn is_ordinary(text: &[u8]) -> bool {
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| text.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    // The letter O beside digits is typed for a zero.
    let is_letter = |at: usize| {
        text.get(at) == Some(&b'O') && !is_digit(at.checked_sub(1)) && !is_digit(Some(at + 1))
    };
    memchr3_iter(b'&', b'%', b'O', text).all(is_letter)
        && (text.is_ascii() || is_ordinary_beyond_ascii(text))
}

#[inline(never)]
fn is_ordinary_beyond_ascii(text: &[u8]) -> bool {
    is_western(text) || has_ordinary_characters(text)
}

/// Whether a text has nothing beyond ASCII but the letters that are two bytes from 0xC3 on in UTF-8, and the signs
/// among them.
fn is_western(text: &[u8]) -> bool {
    let mut begun = false;
    let of_western = |byte: &u8| match std::mem::replace(&mut begun, *byte == 0xC3) {
        true => matches!(byte, 0x80..=0xBF),
        false => byte.is_ascii() || *byte == 0xC3,
    };
    text.iter().all(of_western) && !begun
}

fn has_ordinary_characters(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok_and(|text| text.chars().all(is_ordinary_character))
        && memmem::find(text, ENCODED_TWICE.as_bytes()).is_none()
}

/// Letters and signs of Western Europe that detectors and comparisons read as they are.
fn is_ordinary_character(character: char) -> bool {
    match character {
        '\u{AD}' | '²' | '³' | '¹' | '·' => false,
        '\0'..='ÿ' => true,
        'Œ' | 'œ' | 'Ÿ' | '‘' | '’' | '“' | '”' | '…' | '€' => true,
        '\u{2009}' | '\u{202F}' => true,
        _ => false,
    }
}

/// Reads texts in disguise, with buffers that are used again.
#[derive(Debug, Default)]
pub struct Normaliser {
    text: String,
    /// Where each byte of the text comes from.
    origins: Vec<Origin>,
    before: String,
    origins_before: Vec<Origin>,
}

/// Bytes of the original, from the first to behind the last.
type Origin = (u32, u32);

/// A character of a text, and the bytes that stand for it.
#[derive(Debug, Clone, Copy)]
struct Read {
    character: char,
    from: usize,
    until: usize,
}

impl Normaliser {
    /// The text without its disguise; nothing if it has none, or is no text.
    pub fn normalise(&mut self, text: &[u8]) -> Option<&[u8]> {
        if is_ordinary(text) {
            return None;
        }
        let original = str::from_utf8(text).ok()?;
        self.text.clear();
        self.text.push_str(original);
        self.origins.clear();
        let places = 0..u32::try_from(original.len()).ok()?;
        self.origins.extend(places.map(|at| (at, at + 1)));
        for _ in 0..ROUNDS {
            std::mem::swap(&mut self.text, &mut self.before);
            std::mem::swap(&mut self.origins, &mut self.origins_before);
            self.round();
            if self.text == self.before {
                break;
            }
        }
        (self.text != original).then_some(self.text.as_bytes())
    }

    /// Where a part of the last text that was normalised stands in the original.
    pub fn original(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let origins = self.origins.get(range.clone())?;
        let start = origins.iter().map(|(from, _)| *from).min()?;
        let end = origins.iter().map(|(_, until)| *until).max()?;
        Some(start as usize..end as usize)
    }

    /// Undoes one disguise of each character of `before`.
    fn round(&mut self) {
        self.text.clear();
        self.origins.clear();
        let before = std::mem::take(&mut self.before);
        let mut at = 0;
        let mut token: Vec<Read> = Vec::new();
        while let Some(read) = next(&before, at) {
            at = read.until;
            if is_ignorable(read.character) {
                continue;
            }
            if read.character.is_whitespace() {
                self.flush(&mut token);
                // What is no blank to a detector becomes one; its own stay as they are.
                let character = match read.character {
                    '\u{A0}' | '\u{2009}' | '\u{202F}' | ' ' | '\t' | '\n' | '\r' => read.character,
                    _ => ' ',
                };
                self.push(character, read);
            } else {
                token.push(read);
            }
        }
        self.flush(&mut token);
        self.before = before;
    }

    /// Writes the characters between two blanks, in the form that they are composed in.
    fn flush(&mut self, token: &mut Vec<Read>) {
        signs(token);
        let mut composed: Vec<Read> = Vec::with_capacity(token.len());
        let mut rest = token.as_slice();
        while let Some((first, behind)) = rest.split_first() {
            let marks = behind
                .iter()
                .take_while(|read| canonical_combining_class(read.character) != 0)
                .count();
            let (marks, behind) = behind.split_at(marks);
            let from = first.from;
            let until = marks.last().unwrap_or(first).until;
            if marks.is_empty() && is_kept_by_composition(first.character) {
                composed.push(*first);
            } else {
                let whole = std::iter::once(first).chain(marks);
                let characters = whole.map(|read| read.character).nfkc();
                let characters = characters.filter(|character| !is_ignorable(*character));
                composed.extend(characters.map(|character| Read {
                    character,
                    from,
                    until,
                }));
            }
            rest = behind;
        }
        for read in &mut composed {
            read.character = digit(read.character).unwrap_or(plain(read.character));
        }
        lookalikes(&mut composed);
        zeros(&mut composed);
        for read in composed {
            self.push(read.character, read);
        }
        token.clear();
    }

    fn push(&mut self, character: char, read: Read) {
        let origins = self.origins_before.get(read.from..read.until);
        let origins = origins.unwrap_or_default();
        let start = origins.iter().map(|(from, _)| *from).min();
        let end = origins.iter().map(|(_, until)| *until).max();
        let origin = (start.unwrap_or_default(), end.unwrap_or_default());
        self.text.push(character);
        let bytes = std::iter::repeat_n(origin, character.len_utf8());
        self.origins.extend(bytes);
    }
}

/// Characters that composition would make something else of than a reader does: raised letters are
/// signs (`nº`), and so is a raised digit that stands alone (`m²`).
fn is_kept_by_composition(character: char) -> bool {
    character.is_ascii()
        || matches!(
            character,
            'º' | 'ª' | '¹' | '²' | '³' | '…' | '´' | '¨' | '¸' | '¯' | '™'
        )
}

/// The character at `at`, whatever it is written as.
fn next(text: &str, at: usize) -> Option<Read> {
    let rest = text.get(at..)?;
    let first = rest.chars().next()?;
    let decoded = match first {
        '&' => entities::decode(rest),
        '%' => percent(rest),
        'Â' if rest.starts_with(ENCODED_TWICE) => Some(('\u{A0}', ENCODED_TWICE.len())),
        _ => None,
    };
    let (character, length) = decoded.unwrap_or((first, first.len_utf8()));
    Some(Read {
        character,
        from: at,
        until: at + length,
    })
}

/// The character that percent signs and hexadecimal digits stand for at the start of a text, and how
/// many bytes they are.
fn percent(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    let byte = |nth: usize| {
        let [b'%', high, low] = bytes.get(3 * nth..3 * nth + 3)? else {
            return None;
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        u8::try_from(digit(high)? * 16 + digit(low)?).ok()
    };
    let mut decoded = [0; 4];
    for nth in 0..4 {
        *decoded.get_mut(nth)? = byte(nth)?;
        let so_far = decoded.get(..=nth)?;
        if let Ok(text) = str::from_utf8(so_far) {
            let character = text.chars().next()?;
            return Some((character, 3 * (nth + 1)));
        }
    }
    None
}

/// Reads signs by what stands beside them: dots in the middle of a line and the `+` of a web form
/// between digits, raised digits beside others.
fn signs(token: &mut [Read]) {
    let all: Vec<char> = token.iter().map(|read| read.character).collect();
    let decoded = token
        .iter()
        .any(|read| read.character.is_ascii() && read.until > read.from + 1);
    let is_digit = |at: Option<usize>| {
        let character = at.and_then(|at| all.get(at));
        character.is_some_and(|character| character.is_numeric())
    };
    for (at, read) in token.iter_mut().enumerate() {
        let (before, behind) = (at.checked_sub(1), Some(at + 1));
        read.character = match read.character {
            '·' | '•' | '∙' | '‧' if is_digit(before) && is_digit(behind) => '.',
            '+' if decoded && is_digit(before) && is_digit(behind) => ' ',
            raised @ ('¹' | '²' | '³') => {
                let other = |at: Option<usize>| {
                    let character = at.and_then(|at| all.get(at));
                    character.is_some_and(|other| is_raised(*other))
                };
                match raised {
                    _ if !other(before) && !other(behind) => raised,
                    '¹' => '1',
                    '²' => '2',
                    _ => '3',
                }
            }
            other => other,
        };
    }
}

fn is_raised(character: char) -> bool {
    matches!(character, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// Replaces letters of other alphabets that look Latin, where they stand among Latin letters, digits
/// or an `@`, or are all that there is. Words of their own alphabet stay.
fn lookalikes(token: &mut [Read]) {
    let foreign = |read: &&Read| latin(read.character).is_some();
    if !token.iter().any(|read| foreign(&read)) {
        return;
    }
    let is_own = |read: &Read| {
        !read.character.is_ascii()
            && read.character.is_alphabetic()
            && (latin(read.character).is_none() || is_roughly_latin(read.character))
            && !matches!(read.character, 'À'..='ɏ' | 'Ḁ'..='ỿ')
    };
    let among = token
        .iter()
        .any(|read| read.character.is_ascii_alphanumeric() || read.character == '@');
    if !among && token.iter().any(is_own) {
        return;
    }
    let letters = token.iter().filter(|read| read.character.is_alphabetic());
    let only_zeros = letters
        .clone()
        .all(|read| latin(read.character) == Some('O'));
    let has_digit = token.iter().any(|read| read.character.is_ascii_digit());
    for read in token {
        read.character = match latin(read.character) {
            Some('O') if only_zeros && has_digit => '0',
            Some(letter) => letter,
            None => read.character,
        };
    }
}

/// Replaces the letter O by a zero in runs of digits that no other letter is glued to.
fn zeros(token: &mut [Read]) {
    let of_run = |read: &Read| read.character.is_ascii_digit() || read.character == 'O';
    let is_letter = |read: Option<&Read>| read.is_some_and(|read| read.character.is_alphabetic());
    let mut start = 0;
    while start < token.len() {
        let rest = token.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|read| of_run(read)).count();
        let end = start + length;
        let has_digit = |run: &[Read]| run.iter().any(|read| read.character != 'O');
        let before = start.checked_sub(1).and_then(|at| token.get(at));
        let glued = is_letter(before) || is_letter(token.get(end));
        if let Some(run) = token.get_mut(start..end)
            && !glued
            && has_digit(run)
        {
            let letters = run.iter_mut().filter(|read| read.character == 'O');
            letters.for_each(|read| read.character = '0');
        }
        start = end + 1;
    }
}

/// [`detect`](super::detect) in a cell of a column as it stands, and as it reads without disguise; a word that may be a
/// name, too. The ranges of finds that are
/// in disguise are those of the text that `normaliser` holds, which is given back if it differs.
pub fn detect_disguised<'a>(
    cell: &[u8],
    wanted: Detectors,
    normaliser: &'a mut Normaliser,
    found: &mut Vec<Finding>,
) -> Option<&'a [u8]> {
    detect_known(cell, Facts::of(cell), wanted, normaliser, found)
}

/// The same of a cell with these facts.
pub(crate) fn detect_known<'a>(
    cell: &[u8],
    facts: Facts,
    wanted: Detectors,
    normaliser: &'a mut Normaliser,
    found: &mut Vec<Finding>,
) -> Option<&'a [u8]> {
    detect_word(cell, facts, wanted, found);
    if !facts.has(fact::DISGUISE | fact::OTHER) {
        return None;
    }
    let normal = normaliser.normalise(cell)?;
    let mut disguised = Vec::new();
    detect_word(normal, Facts::of(normal), wanted, &mut disguised);
    let same = |a: &Finding, b: &Finding| (a.detector, a.form) == (b.detector, b.form);
    // What is found is no lookalike of itself.
    found.retain(|finding| finding.hit || !disguised.iter().any(|other| same(finding, other)));
    disguised.retain(|finding| !found.iter().any(|other| other.hit && same(finding, other)));
    found.append(&mut disguised);
    Some(normal)
}

#[cfg(test)]
mod tests;
