//! Dates with the name of a month: French, English, German, Dutch, Spanish or Italian.

use super::super::text::{Text, Word, is_one_of, number};
use super::century;

/// A day, a month, a year, and the place behind.
type Date = (u32, u32, u32, usize);

/// The names of months and what they are cut to, without accents.
const MONTHS: [&[&str]; 12] = [
    &[
        "janvier", "january", "janv", "jan", "januar", "januari", "enero", "gennaio",
    ],
    &[
        "fevrier", "february", "fevr", "fev", "feb", "februar", "februari", "febrero", "febbraio",
    ],
    &["mars", "march", "mar", "marz", "maerz", "maart", "marzo"],
    &["avril", "april", "avr", "apr", "abril", "aprile"],
    &["mai", "may", "mei", "mayo", "maggio"],
    &["juin", "june", "jun", "juni", "junio", "giugno"],
    &["juillet", "july", "juil", "jul", "juli", "julio", "luglio"],
    &["aout", "august", "aou", "aug", "augustus", "agosto"],
    &[
        "septembre", "september", "sept", "sep", "septiembre", "settembre",
    ],
    &["octobre", "october", "oct", "oktober", "octubre", "ottobre"],
    &["novembre", "november", "nov", "noviembre"],
    &[
        "decembre", "december", "dec", "dezember", "diciembre", "dicembre",
    ],
];

/// Whether there are so many letters in a row as a month's name has.
pub(super) fn has_word(text: Text<'_>) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let mut threes = text.0.array_windows::<3>();
    threes.any(|three| three.iter().all(is_letter))
}

/// Reads `23 juillet 1985`, `1er mars 1990`, `23-Jul-85`; the day's digits begin at `start`.
pub(super) fn day_first(text: Text<'_>, start: usize, run: usize) -> Option<Date> {
    let day = text.0.get(start..start + run).map(number)?;
    let at = behind_of(text, gap(text, ordinal_end(text, start + run)));
    let (month, at) = month(text, at)?;
    let (year, end) = year(text, behind_of(text, gap(text, at)))?;
    Some((day, month, year, end))
}

/// Reads `July 23, 1985`; the day's digits begin at `digits`. Gives where the month begins too.
pub(super) fn month_first(text: Text<'_>, digits: usize, run: usize) -> Option<(usize, Date)> {
    let mut before = digits;
    while let Some(b' ' | b'-' | b'.') = before.checked_sub(1).and_then(|at| text.byte(at)) {
        before -= 1;
    }
    let mut start = before;
    while let Some(letter) = text
        .char_before(start)
        .filter(|letter| letter.is_alphabetic())
    {
        start -= letter.len_utf8();
    }
    if start == before || before == digits {
        return None;
    }
    let (month, _) = month(text, start)?;
    let day = text.0.get(digits..digits + run).map(number)?;
    let at = ordinal_end(text, digits + run);
    let at = gap(text, at + usize::from(text.byte(at) == Some(b',')));
    // Two digits may be an hour: `12 mars 10 30`.
    let (year, end) = year(text, at).filter(|(_, end)| end - at == 4)?;
    Some((start, (day, month, year, end)))
}

/// The place behind `of`, `de` or `del` at `at`.
fn behind_of(text: Text<'_>, at: usize) -> usize {
    let word = [&b"of "[..], b"de ", b"del "];
    let word = word.iter().find(|word| starts_with(text, at, word));
    at + word.map_or(0, |word| word.len())
}

/// Whether the day that begins at `start` is of a law: `loi n° 78-17 du 6 janvier 1978`.
pub(super) fn is_of_law(text: Text<'_>, start: usize) -> bool {
    const LAWS: [&str; 9] = [
        "loi", "decret", "arrete", "ordonnance", "directive", "reglement", "circulaire", "cass",
        "convention",
    ];
    /// So many bytes before the day.
    const REACH: usize = 40;
    let mut from = start.saturating_sub(REACH);
    while text.0.get(from).is_some_and(|byte| byte & 0xC0 == 0x80) {
        from += 1;
    }
    let before = text
        .0
        .get(from..start)
        .and_then(|text| str::from_utf8(text).ok());
    let mut words = before
        .unwrap_or_default()
        .split(|c: char| !c.is_alphanumeric());
    words.any(|word| is_one_of(word.as_bytes(), &LAWS))
}

fn starts_with(text: Text<'_>, at: usize, expected: &[u8]) -> bool {
    let start = text.behind(at).get(..expected.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(expected))
}

/// The place behind `er`, `st`, `nd`, `rd`, `th` at `at`.
fn ordinal_end(text: Text<'_>, at: usize) -> usize {
    let ordinal = [&b"er"[..], b"st", b"nd", b"rd", b"th"];
    let known = ordinal.iter().any(|known| starts_with(text, at, known));
    if known && text.is_free_after(at + 2) {
        at + 2
    } else {
        at
    }
}

/// The place behind blanks, a dash, a dot, a slash or a comma.
fn gap(text: Text<'_>, at: usize) -> usize {
    let at = text.skip_blanks(at);
    match text.byte(at) {
        Some(b'-' | b'.' | b'/' | b',') => text.skip_blanks(at + 1),
        _ => at,
    }
}

/// The month whose name begins at `start`, and the place behind it.
fn month(text: Text<'_>, start: usize) -> Option<(u32, usize)> {
    let mut end = start;
    while let Some(letter) = text.char_at(end).filter(|letter| letter.is_alphabetic()) {
        end += letter.len_utf8();
        // No name of a month is longer.
        if end - start > 12 {
            return None;
        }
    }
    if end < start + 3 {
        return None;
    }
    // The letters that months begin with.
    if !matches!(
        text.byte(start).map(|first| first.to_ascii_lowercase()),
        Some(b'a' | b'd' | b'e' | b'f' | b'g' | b'j' | b'l' | b'm' | b'n' | b'o' | b's' | 0x80..)
    ) {
        return None;
    }
    let word = Word::of(text.0.get(start..end)?)?;
    let (month, _) = (1_u32..)
        .zip(&MONTHS)
        .find(|(_, names)| word.is_one_of(names))?;
    Some((month, end + usize::from(text.byte(end) == Some(b'.'))))
}

/// The year at `at`, of four digits or of two.
fn year(text: Text<'_>, at: usize) -> Option<(u32, usize)> {
    let run = text.run(at);
    let year = text.0.get(at..at + run).map(number)?;
    match run {
        4 => Some((year, at + 4)),
        // Hours and numbers of days are lower.
        2 if year > 31 => Some((century(year), at + 2)),
        _ => None,
    }
}
