//! Addresses of Belgium, Switzerland and Luxembourg: codes of four digits, numbers behind the street.

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

/// Reads `Rue Haute 12, 1000 Bruxelles` around the number of the house. Gives where the street
/// begins, and the place behind the code.
pub(super) fn around_number(text: Text<'_>, start: usize, run: usize) -> Option<(usize, usize)> {
    let end = code_end(text, start + run)?;
    let street = street_before(text, start)?;
    Some((street, end))
}

/// Where the street begins whose name ends before the number at `start`.
fn street_before(text: Text<'_>, start: usize) -> Option<usize> {
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
        if words::is_street(name) && nth > 0 || nth == 0 && ends_as_street(name) {
            return Some(word);
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

fn ends_as_street(name: &[u8]) -> bool {
    let name = str::from_utf8(name).unwrap_or_default().to_lowercase();
    ENDS.iter()
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
        "antwerpen",
        "anvers",
        "neuchatel",
        "neuchâtel",
        "sion",
        "fully",
        "saxon",
        "martigny",
        "bramois",
        "diegem",
        "berchem",
        "hoboken",
        "colombier",
        "peseux",
        "verbier",
        "conthey",
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
