//! What stands around five digits, in plain characters: see [`plain`](super::plain).

use std::borrow::Cow;

use super::glance;
use super::words::{
    BEFORE_STREET_NAME, CODES, COUNTRIES, IN_FRANCE, NOT_A_TOWN, NUMBERED, NUMBERED_OR_STREET, OF,
    ORDINALS, POSTAL, STATES, WORDS_BEHIND_CODE,
};

/// A letter, a digit or `_`.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Between a code and its town.
pub(super) fn is_between(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | b',' | b'-')
}

/// Between a word and the number that it tells of. No comma: it ends what numbers something.
pub(super) fn is_before_number(byte: u8) -> bool {
    b" \t.:=*#'\"(-".contains(&byte)
}

/// In a phrase a blank stands for these.
pub(super) fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b'\'' | b'-')
}

/// `text` without, and with only, the bytes at its end that are `wanted`.
pub(super) fn split_trailing(text: &[u8], wanted: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let kept = text.iter().rposition(|byte| !wanted(*byte));
    text.split_at_checked(kept.map_or(0, |at| at + 1))
        .unwrap_or((text, &[]))
}

/// `text` without the bytes at its beginning that are `unwanted`.
fn trim_start(text: &[u8], unwanted: impl Fn(u8) -> bool) -> &[u8] {
    let first = text.iter().position(|byte| !unwanted(*byte));
    first.and_then(|at| text.get(at..)).unwrap_or_default()
}

fn is_phrase(text: &[u8], phrase: &str) -> bool {
    let same = |(byte, wanted): (&u8, u8)| *byte == wanted || wanted == b' ' && is_gap(*byte);
    text.len() == phrase.len() && text.iter().zip(phrase.bytes()).all(same)
}

/// What is before the phrase that `text` ends with; nothing if it ends with none, or in a word.
fn before_phrase<'t>(text: &'t [u8], phrases: &[&str]) -> Option<&'t [u8]> {
    let last = *text.last()?;
    let ends = |phrase: &&str| {
        // A look at one letter spares most comparisons.
        if phrase.as_bytes().last() != Some(&last) {
            return None;
        }
        let (before, end) = text.split_at_checked(text.len().checked_sub(phrase.len())?)?;
        let alone = !before.last().copied().is_some_and(is_word);
        (alone && is_phrase(end, phrase)).then_some(before)
    };
    phrases.iter().find_map(ends)
}

/// What is behind the phrase that `text` begins with, be it a part of a word or not.
fn after_phrase<'t>(text: &'t [u8], phrases: &[&str]) -> Option<&'t [u8]> {
    let first = *text.first()?;
    let begins = |phrase: &&str| {
        let likely = phrase.as_bytes().first()?;
        if *likely != first && *likely != b' ' {
            return None;
        }
        let (start, after) = text.split_at_checked(phrase.len())?;
        is_phrase(start, phrase).then_some(after)
    };
    phrases.iter().find_map(begins)
}

/// Whether a town follows: a letter behind spaces, commas and dashes.
pub(super) fn is_before_a_town(after: &[u8]) -> bool {
    let town = trim_start(after, is_between);
    town.len() < after.len() && town.first().is_some_and(u8::is_ascii_lowercase)
}

/// Whether a town and `cedex` follow, with no digit, comma or line break in the town.
pub(super) fn is_before_cedex(after: &[u8]) -> bool {
    const CEDEX: &[u8] = b"cedex";
    if !is_before_a_town(after) {
        return false;
    }
    let town = trim_start(after, is_between);
    let ends_town = |byte: u8| matches!(byte, b'0'..=b'9' | b'_' | b',' | b';' | b'\n' | b'\r');
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(town.get(at..).unwrap_or_default(), CEDEX) {
        let before = town.get(..at + found).unwrap_or_default();
        let (name, gap) = split_trailing(before, |byte| !is_word(byte));
        if !name.is_empty() && !gap.is_empty() && !name.iter().any(|byte| ends_town(*byte)) {
            return true;
        }
        at += found + CEDEX.len();
    }
    false
}

/// Whether five digits are some other number than a postal code: of a box, a client, a door, of a
/// town abroad, an amount.
pub(super) fn numbers_something_else(before: &[u8], after: &[u8]) -> bool {
    is_behind_a_number_word(before)
        || is_behind_country_letters(before)
        || is_before_no_town(after)
        || is_behind_state(before, after)
}

fn is_behind_a_number_word(before: &[u8]) -> bool {
    let (mut words, gap) = split_trailing(before, is_before_number);
    if gap.contains(&b'#') {
        return true;
    }
    if gap.is_empty() || words.is_empty() {
        return false;
    }
    let may_number = glance::may_end_number_word(words);
    if may_number && before_phrase(words, NUMBERED).is_some() {
        return true;
    }
    if may_number && let Some(before) = before_phrase(words, NUMBERED_OR_STREET) {
        let in_name = is_of(before) || words.ends_with(b"etage") && is_ordinal(before);
        if !in_name {
            return true;
        }
    }
    for _ in 0..=WORDS_BEHIND_CODE {
        if before_phrase(words, CODES).is_some() {
            return true;
        }
        let (rest, word) = split_trailing(words, |byte| byte.is_ascii_lowercase());
        let (rest, gap) = split_trailing(rest, |byte| is_gap(byte) || byte == b'.');
        if word.is_empty() || gap.is_empty() {
            return false;
        }
        words = rest;
    }
    false
}

/// `rue de la` before `Porte`.
fn is_of(before: &[u8]) -> bool {
    before
        .split_last()
        .is_some_and(|(gap, rest)| is_gap(*gap) && before_phrase(rest, OF).is_some())
}

/// `3e`, `2ème`, `4°`, `dernier` before `étage`.
fn is_ordinal(before: &[u8]) -> bool {
    let Some((b' ', rest)) = before.split_last() else {
        return false;
    };
    if before_phrase(rest, ORDINALS).is_some() {
        return true;
    }
    let (rest, sign) = split_trailing(rest, |byte| byte == b'*');
    let (rest, letters) = split_trailing(rest, |byte| byte.is_ascii_lowercase());
    let (rest, digits) = split_trailing(rest, |byte| byte.is_ascii_digit());
    let ending = (sign.len(), letters.len());
    let alone = !rest.last().copied().is_some_and(is_word);
    !digits.is_empty() && alone && matches!(ending, (0, 0..=4) | (1, 0))
}

/// `D-` before 10115: one or two letters that are not France's.
fn is_behind_country_letters(before: &[u8]) -> bool {
    let Some((b'-', rest)) = before.split_last() else {
        return false;
    };
    let (rest, letters) = split_trailing(rest, |byte| byte.is_ascii_lowercase());
    let alone = !rest.last().copied().is_some_and(is_word);
    alone && matches!(letters.len(), 1 | 2) && !matches!(letters, b"f" | b"fr" | b"cp")
}

fn is_before_no_town(after: &[u8]) -> bool {
    let town = trim_start(after, is_between);
    if town.len() == after.len() || town.is_empty() || !glance::may_begin_town_abroad(town) {
        return false;
    }
    NOT_A_TOWN
        .iter()
        .filter_map(|phrase| after_phrase(town, &[phrase]))
        .any(|rest| !rest.first().copied().is_some_and(is_word))
}

/// `Addison, TX` before 75001 at the end of the cell.
fn is_behind_state(before: &[u8], after: &[u8]) -> bool {
    let (rest, gap) = split_trailing(before, |byte| matches!(byte, b' ' | b','));
    let of_two_letters = match rest {
        [.., before, first, second] => !is_word(*before) && is_word(*first) && is_word(*second),
        _ => rest.len() == 2,
    };
    if gap.is_empty() || !of_two_letters || before_phrase(rest, STATES).is_none() {
        return false;
    }
    let more = match after {
        [b'-', a, b, c, d, more @ ..] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
            more
        }
        _ => after,
    };
    !more.iter().any(u8::is_ascii_alphanumeric)
}

/// `cp` in the place of `code postal`, which is no code of a door.
pub(super) fn without_postal_code_words(plain: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let is_code = |d: usize| {
        let around = d.checked_sub(2).and_then(|from| plain.get(from..=d + 1));
        around == Some(b"code")
    };
    if !memchr::memchr_iter(b'd', &plain).any(is_code) {
        return plain;
    }
    let mut written = Vec::with_capacity(plain.len());
    let mut rest = &*plain;
    while let Some((first, behind)) = rest.split_first() {
        let alone = !written.last().copied().is_some_and(is_word);
        match alone.then(|| after_phrase(rest, POSTAL)).flatten() {
            Some(after) => {
                written.extend_from_slice(b"cp");
                rest = after;
            }
            None => {
                written.push(*first);
                rest = behind;
            }
        }
    }
    Cow::Owned(written)
}

/// Whether a country other than France stands by itself, not in the name of a street: behind the
/// last five digits, directly before them, or at the beginning.
pub(super) fn names_country(plain: &[u8]) -> bool {
    let (end, run) = last_five_digits(plain);
    let (Some(before), Some(start)) = (plain.get(..end - run), plain.get(..plain.len())) else {
        return false;
    };
    let (name, gap) = split_trailing(before, |byte| !is_word(byte));
    let after_name = plain.get(name.len()..).unwrap_or_default();
    if !gap.is_empty() && is_country(name, after_name) {
        return true;
    }
    // A country ends with a letter, and its word with it.
    let ends_word = |(text, after): &(&[u8], &[u8])| {
        text.last().is_some_and(u8::is_ascii_lowercase)
            && !after.first().copied().is_some_and(is_word)
    };
    let behind = (end + 1..=plain.len()).filter_map(|at| start.split_at_checked(at));
    let behind = behind.filter(ends_word);
    behind
        .chain(first_country(plain))
        .any(|(text, after)| ends_name(after) && is_country(text, after))
}

/// The end and the length of the last run of five digits or more.
fn last_five_digits(plain: &[u8]) -> (usize, usize) {
    let mut end = plain.len();
    while let Some(text) = plain.get(..end).filter(|text| !text.is_empty()) {
        let (text, _) = split_trailing(text, |byte| !byte.is_ascii_digit());
        let (rest, run) = split_trailing(text, |byte| byte.is_ascii_digit());
        if run.len() >= 5 {
            return (text.len(), run.len());
        }
        end = rest.len();
    }
    (0, 0)
}

/// The text up to the end of a country at its beginning, and the rest.
fn first_country(plain: &[u8]) -> Option<(&[u8], &[u8])> {
    let name = trim_start(plain, |byte| !is_word(byte));
    if !glance::may_begin_country(name) {
        return None;
    }
    let ends = COUNTRIES.iter().filter_map(|country| {
        let after = after_phrase(name, &[country])?;
        ends_name(after).then_some(plain.len() - after.len())
    });
    plain.split_at_checked(ends.max()?)
}

fn ends_name(after: &[u8]) -> bool {
    let rest = trim_start(after, |byte| byte == b' ');
    !rest.first().copied().is_some_and(is_word)
}

/// Whether `text` ends in a country that is no street's and, with what is behind it, no French town's.
fn is_country(text: &[u8], after: &[u8]) -> bool {
    glance::may_end_country(text)
        && COUNTRIES.iter().any(|country| {
            let Some(before) = before_phrase(text, &[country]) else {
                return false;
            };
            let in_street = before.split_last().is_some_and(|(gap, rest)| {
                is_gap(*gap) && before_phrase(rest, BEFORE_STREET_NAME).is_some()
            });
            let in_france = IN_FRANCE.iter().any(|place| {
                place
                    .strip_prefix(country)
                    .is_some_and(|more| after_phrase(after, &[more]).is_some())
            });
            !in_street && !in_france
        })
}
