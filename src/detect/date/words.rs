//! Dates with the name of a month, French or English.

use super::super::text::{Text, Word, number};
use super::century;

/// A day, a month, a year, and the place behind.
type Date = (u32, u32, u32, usize);

/// The names of months and what they are cut to, without accents.
const MONTHS: [&[&str]; 12] = [
    &["janvier", "january", "janv", "jan"],
    &["fevrier", "february", "fevr", "fev", "feb"],
    &["mars", "march", "mar"],
    &["avril", "april", "avr", "apr"],
    &["mai", "may"],
    &["juin", "june", "jun"],
    &["juillet", "july", "juil", "jul"],
    &["aout", "august", "aou", "aug"],
    &["septembre", "september", "sept", "sep"],
    &["octobre", "october", "oct"],
    &["novembre", "november", "nov"],
    &["decembre", "december", "dec"],
];

/// Reads `23 juillet 1985`, `1er mars 1990`, `23-Jul-85`; the day's digits begin at `start`.
pub(super) fn day_first(text: Text<'_>, start: usize, run: usize) -> Option<Date> {
    let day = text.0.get(start..start + run).map(number)?;
    let at = gap(text, ordinal_end(text, start + run));
    let at = if starts_with(text, at, b"of ") {
        at + 3
    } else {
        at
    };
    let (month, at) = month(text, at)?;
    let (year, end) = year(text, gap(text, at))?;
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
