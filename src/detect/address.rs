//! `address`: a postal address: a number, a street and a code.

mod abroad;
mod words;

use super::prefilter::{
    Needs,
    fact::{LETTER, SIGN},
    run,
};
use super::text::{Text, is_alphanumeric, is_one_of, number};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "address",
    title: fixed!("address"),
    summary: "a postal address: `12 bis rue des Lilas, 75002`, `69003 Lyon, 12 rue Haute`, `350 Fifth Avenue, New \
              York, NY 10118`, Belgian (`Rue Haute 12, 1000 Bruxelles`), Swiss (`Rue du Rhône 8, 1204 Genève`), of \
              Luxembourg (`12, rue de la Gare L-1611`), German, Dutch, Spanish, Italian, Portuguese and British; without its code, `12 rue Haute, Lyon`",
    checksum: "– (the code exists in France)",
    forms: &[
        Form::certain("number, street and code, or behind a word such as `habite`"),
        // Rooms and places to park have numbers too.
        Form::weak("number, street and town", 50, 0.3),
        Form::of_most_cells("number and street", 1),
    ],
    needs: &[
        // A street stands apart from what is behind it.
        Needs {
            digits: 1,
            any: LETTER,
            and: SIGN,
            runs: run(1) | run(2) | run(3) | run(4) | run(5),
            ..Needs::NOTHING
        },
        // The code behind a hamlet.
        Needs {
            digits: 5,
            any: LETTER,
            runs: run(5),
            ..Needs::NOTHING
        },
    ],
    find,
};

/// How far behind the street's word its code may stand, in bytes.
const REACH: usize = 120;

/// How many words an English name may have before its street's word.
const WORDS: usize = 4;

/// What stands before somebody's address, without accents.
const LIVES: [&str; 9] = [
    "habite", "habitant", "demeurant", "domicile", "domicilie", "domiciliee", "reside", "residant",
    "adresse",
];

const WITH_CODE: u8 = 0;
const WITH_TOWN: u8 = 1;
const STREET: u8 = 2;

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let has_parts = found.facts.has(SIGN);
    for (start, run) in found.facts.runs_in(text) {
        if run == 5
            && is_french(text.0.get(start..start + 5).map_or(0, number))
            && town_follows(text, start + 5)
            && let Some(place) = words::hamlet_before(text, start)
        {
            found.hit(WITH_CODE, place..start + 5);
            continue;
        }
        if !has_parts || run > 4 || !text.is_free_before(start) {
            continue;
        }
        if let Some((street, french)) = street(text, start + run) {
            let british = || (!french).then(|| abroad::british_code_end(text, street))?;
            if let Some(end) = code_end(text, street, french).or_else(british) {
                found.hit(WITH_CODE, start..end);
                continue;
            }
            if french {
                without_code(text, start, street, found);
                continue;
            }
        }
        // The number of the house behind its street.
        if let Some((street, end)) = abroad::around_number(text, start, run) {
            found.hit(WITH_CODE, street..end);
        }
    }
}

/// Reports an address in French from the number at `start` on, with no code behind its `street`.
fn without_code(text: Text<'_>, start: usize, street: usize, found: &mut Finder<'_>) {
    if let Some(end) = abroad::code_end(text, street) {
        found.hit(WITH_CODE, start..end);
        return;
    }
    let Some(name) = name_end(text, street) else {
        return;
    };
    if let Some(code) = code_before(text, start) {
        found.hit(WITH_CODE, code..name);
        return;
    }
    let lives = text.follows(start, &LIVES);
    match town_behind(text, name) {
        Some(town) if lives => found.hit(WITH_CODE, start..town),
        None if lives => found.hit(WITH_CODE, start..name),
        Some(town) => found.hit(WITH_TOWN, start..town),
        None => found.hit(STREET, start..name),
    }
}

/// Where the name behind a street's word ends: articles, then words of which the first begins with a
/// capital or is a number, to the next comma, or other sign.
fn name_end(text: Text<'_>, street: usize) -> Option<usize> {
    const ARTICLES: [&str; 9] = ["de", "du", "des", "la", "le", "les", "l", "d", "aux"];
    let (mut end, mut named) = (None, false);
    let mut at = street;
    text.blank(street)?;
    for _ in 0..8 {
        let start = text.skip_blanks(at);
        let start = start + usize::from(start > at && text.byte(start) == Some(b'\''));
        let mut place = start;
        while let Some(letter) = text.char_at(place) {
            if !is_alphanumeric(letter) && letter != '-' {
                break;
            }
            place += letter.len_utf8();
        }
        let word = text.0.get(start..place)?;
        let capital = text
            .char_at(start)
            .is_some_and(|first| first.is_uppercase() || first.is_ascii_digit());
        if word.is_empty()
            || text
                .blank(at)
                .is_some_and(|_| matches!(text.byte(at), Some(b'\n')))
        {
            break;
        }
        // `place 17` is a seat.
        if !named && at == street && word.iter().all(u8::is_ascii_digit) {
            return None;
        }
        if capital {
            named = true;
            end = Some(place);
        } else if named && !is_one_of(word, &ARTICLES) {
            break;
        } else if !named && !is_one_of(word, &ARTICLES) {
            return None;
        }
        at = place + usize::from(matches!(text.byte(place), Some(b'\'' | b'.')));
        if text.behind(place).starts_with("’".as_bytes()) {
            at = place + "’".len();
        }
    }
    end
}

/// Where a town ends that stands behind a comma, a dash or `à` at `at`: words in capitals.
fn town_behind(text: Text<'_>, at: usize) -> Option<usize> {
    let mut start = text.skip_blanks(at);
    match text.byte(start) {
        Some(b',' | b'-' | b'(') => start = text.skip_blanks(start + 1),
        _ if text.behind(start).starts_with("à ".as_bytes()) => start += "à ".len(),
        _ => return None,
    }
    let end = words::end(text, start);
    let capital = text.char_at(start).is_some_and(char::is_uppercase);
    (capital && end > start + 1).then_some(end)
}

/// Where a code begins that stands with its town before the number at `number`.
fn code_before(text: Text<'_>, number_at: usize) -> Option<usize> {
    let from = number_at.saturating_sub(REACH / 2);
    // Bytes may be cut here; digits are not.
    let before = Text(text.0.get(from..number_at)?);
    let (start, run) = before.runs().last()?;
    let code = from + start;
    let known = run == 5 && is_french(number(text.0.get(code..code + 5)?));
    let between = text.0.get(code + 5..number_at)?;
    let town = town_follows(text, code + 5) && !between.contains(&b';') && !between.contains(&b'.');
    let glued = !text.is_free_before(code) || text.is_unit(code + 5);
    (known && town && !glued).then_some(code)
}

/// The place behind the street's word that belongs to the number before `at`, and whether the word
/// is French.
fn street(text: Text<'_>, at: usize) -> Option<(usize, bool)> {
    let mut at = repetition_end(text, at);
    for nth in 0..=WORDS {
        at = text.skip_blanks(at);
        if nth == 0 && text.byte(at) == Some(b',') {
            at = text.skip_blanks(at + 1);
        }
        let end = words::end(text, at);
        let word = text.0.get(at..end)?;
        if word.is_empty() {
            return None;
        }
        if nth == 0 && words::is_french(word) {
            return Some((end, true));
        }
        if nth > 0 && words::is_english(word) {
            return Some((end, false));
        }
        at = end;
    }
    None
}

/// The place behind `bis`, `ter`, `quater` or a letter that follows a number at `at`, else `at`.
fn repetition_end(text: Text<'_>, at: usize) -> usize {
    let start = text.skip_blanks(at);
    let end = words::end(text, start);
    let word = text.0.get(start..end).unwrap_or_default();
    let repeats = matches!(word, [b'A'..=b'H' | b'a'..=b'h'])
        || [&b"bis"[..], b"ter", b"quater"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
    if repeats { end } else { at }
}

/// Where the address's code ends: the last one in reach that a town's name follows, else the last.
fn code_end(text: Text<'_>, street: usize, french: bool) -> Option<usize> {
    let (mut before_town, mut last) = (None, None);
    for (start, run) in Text(text.behind(street)).runs() {
        let (start, end) = (street + start, street + start + run);
        // What stands behind a semicolon is another matter.
        let between = text.0.get(street..start).unwrap_or_default();
        if between.len() > REACH || between.contains(&b';') {
            break;
        }
        let code = text.0.get(start..end).unwrap_or_default();
        if let Some(end) = parted_code(text, start, run).filter(|_| french) {
            before_town = Some(end);
            continue;
        }
        let known = run == 5 && (!french || is_french(number(code)));
        if !known || !text.is_free_before(start) || !text.is_free_after(end) || text.is_unit(end) {
            continue;
        }
        if text.is_part_of_decimal(start, end) {
            continue;
        }
        last = Some(end);
        if town_follows(text, end) {
            before_town = last;
        }
    }
    before_town.or(last)
}

/// Where a code ends that is written in two groups before its town: `33 000 Bordeaux`.
fn parted_code(text: Text<'_>, start: usize, run: usize) -> Option<usize> {
    let rest = start + run + text.blank(start + run)?;
    let end = rest + text.run(rest);
    let first = text.0.get(start..start + run).map(number)?;
    let last = text.0.get(rest..end).map(number)?;
    let code = match (run, end - rest) {
        (2, 3) => first * 1000 + last,
        (3, 2) => first * 100 + last,
        _ => return None,
    };
    let town = text.char_at(text.skip_blanks(end));
    let town = town.is_some_and(char::is_uppercase) && text.blank(end).is_some();
    (town && is_french(code) && text.is_free_before(start) && !text.is_unit(end)).then_some(end)
}

/// Whether a code begins as one of a French department does.
fn is_french(code: u32) -> bool {
    matches!(code / 1000, 1..=95) || matches!(code / 100, 971..=978 | 980 | 986..=988)
}

fn town_follows(text: Text<'_>, end: usize) -> bool {
    let mut at = text.skip_blanks(end);
    while matches!(text.byte(at), Some(b',' | b'-')) {
        at = text.skip_blanks(at + 1);
    }
    text.char_at(at).is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests;
