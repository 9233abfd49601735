//! Addresses of neighbours, whose numbers stand behind the street: Belgium, Switzerland and Luxembourg with codes
//! of four digits, Germany, Spain and Italy with five, Portugal and the Netherlands; and the codes of Britain.

use super::super::text::{Text, number};
use super::words;

/// How far before its number a street may begin, in bytes, and how many words that are.
const REACH: usize = 60;
const WORDS: usize = 6;

/// Where streets end that are one word, Dutch and German, in small letters.
const ENDS: [&str; 16] = [
    "straat", "laan", "plein", "weg", "steenweg", "dreef", "lei", "kaai", "strasse", "straße",
    "str.", "gasse", "platz", "allee", "rain", "markt",
];

/// The same of streets with a code of five digits. French words that end so are not among them (`train`).
const LONG_ENDS: [&str; 13] = [
    "strasse", "straße", "str.", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "markt",
    "gracht", "straat",
];

/// Reads `Rue Haute 12, 1000 Bruxelles` around the number of the house. Gives where the street
/// begins, and the place behind the code.
pub(super) fn around_number(text: Text<'_>, start: usize, run: usize) -> Option<(usize, usize)> {
    if let Some(end) = code_end(text, start + run) {
        return Some((street_before(text, start, &ENDS)?, end));
    }
    let (end, proves_street) = long_code_end(text, start + run)?;
    let street = street_before(text, start, &LONG_ENDS);
    let street = street.or_else(|| proves_street.then(|| capital_before(text, start))?)?;
    Some((street, end))
}

/// Where a code of another length ends that stands with its town behind the house at `at`, and whether
/// nothing but a code of a town looks like it, as the Dutch `1012 AB Amsterdam`.
fn long_code_end(text: Text<'_>, at: usize) -> Option<(usize, bool)> {
    let (start, run) = Text(text.behind(at)).runs().find(|(_, run)| *run > 3)?;
    let (code, end) = (at + start, at + start + run);
    let between = text.0.get(at..code)?;
    let apart = between.trim_ascii_end();
    let separated = matches!(apart.last(), Some(b',' | b'-')) || between.contains(&b'\n');
    if !separated || between.len() > REACH / 2 || between.contains(&b';') || text.is_unit(end) {
        return None;
    }
    match run {
        5 => town_follows(text, end).then_some((end, false)),
        4 if text.byte(end) == Some(b'-') && text.run(end + 1) == 3 => {
            town_follows(text, end + 4).then_some((end + 4, false))
        }
        4 => {
            let letters = text.skip_blanks(end);
            let two = text.0.get(letters..letters + 2)?;
            let is_code = two.iter().all(u8::is_ascii_uppercase);
            (is_code && town_follows(text, letters + 2)).then_some((letters + 2, true))
        }
        _ => None,
    }
}

/// Where a code such as `SW1A 1AA` ends, in reach behind the street's word.
pub(super) fn british_code_end(text: Text<'_>, street: usize) -> Option<usize> {
    for (start, run) in Text(text.behind(street)).runs().take(4) {
        let digits = street + start;
        let between = text.0.get(street..digits)?;
        if between.len() > REACH || between.contains(&b';') {
            return None;
        }
        let capital = |at: usize| text.byte(at).is_some_and(|byte| byte.is_ascii_uppercase());
        let area = between.iter().rev();
        let area = area.take_while(|byte| byte.is_ascii_uppercase()).count();
        let district = digits + run + usize::from(capital(digits + run));
        let inward = district + text.blank(district).unwrap_or_default();
        let is_code = matches!(area, 1 | 2)
            && run <= 2
            && inward > district
            && text.is_free_before(digits - area)
            && text.run(inward) == 1
            && capital(inward + 1)
            && capital(inward + 2)
            && text.is_free_after(inward + 3);
        if is_code {
            return Some(inward + 3);
        }
    }
    None
}

/// Where the word with a capital begins that stands right before the number at `start`.
fn capital_before(text: Text<'_>, start: usize) -> Option<usize> {
    let end = start - text.blank_before(start)?;
    let word = word_start(text, end);
    let capital = text.char_at(word).is_some_and(char::is_uppercase);
    (capital && end > word + 2).then_some(word)
}

/// Where the street begins whose name ends before the number at `start`.
fn street_before(text: Text<'_>, start: usize, ends: &[&str]) -> Option<usize> {
    let mut at = start;
    for nth in 0..WORDS {
        let mut end = at;
        while let Some(length) = text.blank_before(end) {
            end -= length;
        }
        if end == at || start - end > REACH {
            return None;
        }
        if nth == 0 && text.before(end).ends_with(b",") {
            end -= 1;
        }
        let word = word_start(text, end);
        let name = text.0.get(word..end)?;
        if name.is_empty() {
            return None;
        }
        if words::is_street(name) && nth > 0 || nth == 0 && ends_as_street(name, ends) {
            return Some(word);
        }
        // `C/ Serrano`
        let slash = word - text.blank_before(word).unwrap_or_default();
        if let Some(calle) = slash.checked_sub(2)
            && matches!(text.0.get(calle..slash), Some(b"C/" | b"c/"))
            && text.is_free_before(calle)
        {
            return Some(calle);
        }
        at = word;
    }
    None
}

fn word_start(text: Text<'_>, end: usize) -> usize {
    let mut start = end;
    while let Some(character) = text.char_before(start) {
        if !character.is_alphabetic() && !matches!(character, '-' | '\'' | '’' | '.') {
            break;
        }
        start -= character.len_utf8();
    }
    start
}

fn ends_as_street(name: &[u8], ends: &[&str]) -> bool {
    let name = str::from_utf8(name).unwrap_or_default().to_lowercase();
    ends.iter()
        .any(|end| name.ends_with(end) && name.len() > end.len() || name == "markt")
}

/// Where a code of four digits ends that stands behind `at` with a comma, a dash, its country or a
/// box before it, and a town behind.
pub(super) fn code_end(text: Text<'_>, at: usize) -> Option<usize> {
    for (start, run) in Text(text.behind(at)).runs().take(4) {
        let (code, end) = (at + start, at + start + run);
        let between = text.0.get(at..code)?;
        if between.len() > REACH || between.contains(&b';') {
            return None;
        }
        if run != 4 || !text.is_free_before(code) || !text.is_free_after(end) || text.is_unit(end) {
            continue;
        }
        let country = ["L-", "CH-", "B-", "LU-", "BE-"]
            .iter()
            .any(|country| between.ends_with(country.as_bytes()));
        if country {
            return Some(end);
        }
        let year = (1900..=2099).contains(&number(text.0.get(code..end)?));
        let apart = between.trim_ascii_end();
        let separated = matches!(apart.last(), Some(b',' | b'-'))
            || between.contains(&b'\n')
            || apart.is_empty();
        let known_year = year && !is_town_of_year(text, end);
        if separated
            && number(text.0.get(code..end)?) >= 1000
            && !known_year
            && town_follows(text, end)
        {
            return Some(end);
        }
    }
    None
}

/// Whether the word behind a code that looks like a year is one of the towns with such a code.
fn is_town_of_year(text: Text<'_>, at: usize) -> bool {
    const TOWNS: [&str; 16] = [
        "antwerpen", "anvers", "neuchatel", "neuchâtel", "sion", "fully", "saxon", "martigny",
        "bramois", "diegem", "berchem", "hoboken", "colombier", "peseux", "verbier", "conthey",
    ];
    let start = text.skip_blanks(at);
    let end = words::end(text, start);
    let town = text
        .0
        .get(start..end)
        .and_then(|town| str::from_utf8(town).ok());
    town.is_some_and(|town| TOWNS.contains(&town.trim_end_matches('.').to_lowercase().as_str()))
}

/// Whether a town in capitals stands behind a code.
fn town_follows(text: Text<'_>, at: usize) -> bool {
    let start = text.skip_blanks(at);
    start > at
        && text.char_at(start).is_some_and(char::is_uppercase)
        && words::end(text, start) > start + 2
}
