//! `date`: a full date, which may be of birth: with a postal code and a sex it names most people.

mod words;

use std::ops::Range;

use super::prefilter::{
    Facts, Needs,
    fact::{BLANK, DASH, DOT, LETTER, OTHER, SLASH, UNDERSCORE},
    run,
};
use super::text::{Text, number};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "date",
    title: fixed!("date"),
    summary: "a full date from 1900 to 2099, as the rule `year` reads it: `1985-07-23`, `23/07/1985`, `19850723`, \
              with or without a time; also in words (`23 juillet 1985`, `July 23, 1985`) and with a short year \
              (`23/07/85`)",
    checksum: "– (the day exists)",
    forms: &[
        // In a text, days from 2010 on are rather of what was done or is planned.
        Form::weak("with separators", 50, 0.05),
        // Identifiers now and then look like a day.
        Form::of_most_cells("eight digits", 1),
        Form::certain("in words or with a short year, behind a word such as `né le`"),
        Form::weak("in words, before 2010", 50, 0.05),
        Form::weak("with a short year, before 2010", 50, 0.35),
        // One number of eight digits in two thousand is such a day.
        Form::weak("eight digits, before 2010", 50, 0.01),
    ],
    needs: &[
        // A day and a year beside a month in words.
        Needs {
            digits: 3,
            pieces: 2,
            runs: run(2) | run(4),
            any: LETTER | OTHER,
            ..Needs::NOTHING
        },
        // With separators.
        Needs {
            digits: 3,
            pieces: 3,
            any: DASH | SLASH | DOT | UNDERSCORE | BLANK,
            ..Needs::NOTHING
        },
        Needs {
            digits: 6,
            runs: run(6),
            any: LETTER | OTHER,
            ..Needs::NOTHING
        },
        Needs {
            digits: 8,
            runs: run(8),
            ..Needs::NOTHING
        },
    ],
    find,
};

const SEPARATED: u8 = 0;
const COMPACT: u8 = 1;
const BORN: u8 = 2;
const IN_WORDS: u8 = 3;
const SHORT_YEAR: u8 = 4;
const COMPACT_OLD: u8 = 5;

/// From this year on, a date in words or with a short year is rather of what was done or is planned:
/// it counts where older ones are in the column. Nobody tells the two apart otherwise.
const RECENT: u32 = 2010;

/// What stands before dates of birth, without accents.
const BIRTH: [&str; 13] = [
    "ne", "nee", "naissance", "naiss", "ddn", "dn", "nais", "born", "dob", "birth", "birthday",
    "anniversaire", "e",
];

/// A day, and how it is written.
struct Day {
    form: u8,
    year: u32,
    month: u32,
    day: u32,
    end: usize,
}

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let has_word = may_be_in_words(found.facts) && words::has_word(text);
    if !has_word && !may_be_in_digits(found.facts) {
        return;
    }
    for (start, run) in found.facts.runs_in(text) {
        if has_word && run <= 4 && in_words(text, start, run, found) {
            continue;
        }
        if let Some(end) = born(text, start, run) {
            found.hit(BORN, start..end);
            continue;
        }
        let Some(date) = in_digits(text, start, run) else {
            continue;
        };
        let end = time_end(text, date.end);
        if !text.is_free_before(start) || !text.is_free_after(end) {
            continue;
        }
        report(text, start..end, &date, found);
    }
}

/// Whether a cell may have a date in words: beside a day of one or two digits there is a year of two or four.
fn may_be_in_words(facts: Facts) -> bool {
    facts.has(LETTER | OTHER)
        && facts.pieces() >= 2
        && (facts.has_run(run(4)) || facts.most_pieces_up_to(2) >= 2)
}

/// Whether a cell may have another: three groups of digits, or six or eight in one.
fn may_be_in_digits(facts: Facts) -> bool {
    facts.has_run(run(6) | run(8)) || facts.pieces() >= 3
}

/// Reports a date by what it proves.
fn report(text: Text<'_>, range: Range<usize>, date: &Day, found: &mut Finder<'_>) {
    // `07/23/1985`
    let year_last = text.run(range.start) <= 2;
    let american = date.form == SEPARATED && year_last && exists(date.year, date.day, date.month);
    if !exists(date.year, date.month, date.day) && !american {
        // Rows of short numbers may be anything.
        found.lookalike(date.form, range.clone());
        if date.form == COMPACT {
            found.lookalike(COMPACT_OLD, range);
        }
    } else if date.form == COMPACT {
        compact(text, range, date.year, found);
    } else if text.follows(range.start, &BIRTH) {
        found.hit(BORN, range);
    } else if words::is_of_law(text, range.start) {
        found.lookalike(date.form, range);
    } else if date.year < RECENT
        || date.form == SEPARATED && is_alone(text, &range) && !is_version(text, &range)
    {
        found.hit(date.form, range);
    } else {
        found.hit_among_others(date.form, range);
    }
}

/// Whether a year stands first and dots between: `2024.04.01` is rather a version.
fn is_version(text: Text<'_>, range: &Range<usize>) -> bool {
    text.run(range.start) == 4 && text.byte(range.start + 4) == Some(b'.')
}

/// Reads `05111957` or `051157` behind a word such as `né le`, and gives the place behind it.
fn born(text: Text<'_>, start: usize, run: usize) -> Option<usize> {
    let digits = text.0.get(start..start + run)?;
    let (day, rest) = digits.split_at_checked(2)?;
    let (month, year) = rest.split_at_checked(2)?;
    let year = match run {
        6 => century(number(year)),
        8 => number(year),
        _ => return None,
    };
    let free = text.is_free_before(start) && text.is_free_after(start + run);
    let real = exists(year, number(month), number(day));
    (free && real && text.follows(start, &BIRTH)).then_some(start + run)
}

/// Reports a day in eight digits. Alone in its cell it counts where most cells are such, in a text
/// where it is one of long ago.
fn compact(text: Text<'_>, range: Range<usize>, year: u32, found: &mut Finder<'_>) {
    let is_alone = is_alone(text, &range);
    if !is_alone && year < RECENT && !text.is_of_paper(range.start) {
        found.hit(COMPACT_OLD, range);
    } else if is_alone {
        found.hit(COMPACT, range);
    } else {
        found.hit_among_others(COMPACT_OLD, range);
    }
}

/// Whether a cell has nothing else in it.
fn is_alone(text: Text<'_>, range: &Range<usize>) -> bool {
    let sides = [text.before(range.start), text.behind(range.end)];
    let has_word = |side: &str| side.contains(char::is_alphanumeric);
    let is_bare = |side: &&[u8]| str::from_utf8(side).is_ok_and(|side| !has_word(side));
    sides.iter().all(is_bare)
}

/// Reads a date in digits that begins at `start`.
fn in_digits(text: Text<'_>, start: usize, run: usize) -> Option<Day> {
    if run == 8 {
        let digits = text.0.get(start..start + 8)?;
        // The number of an invoice: `20240306-578`.
        let code = matches!(text.behind(start + 8), [b'-' | b'_' | b'/', digit, ..] if digit.is_ascii_digit());
        return (!code && !text.is_part_of_decimal(start, start + 8)).then(|| Day {
            form: COMPACT,
            year: digits.get(..4).map_or(0, number),
            month: digits.get(4..6).map_or(0, number),
            day: digits.get(6..).map_or(0, number),
            end: start + 8,
        });
    }
    let (sign, gap) = sign(text, start + run)?;
    let middle = start + run + gap;
    let middle_run = text.run(middle);
    let last = middle + middle_run + gap;
    let last_run = text.run(last);
    if self::sign(text, middle + middle_run) != Some((sign, gap)) {
        return None;
    }
    let end = last + last_run;
    let read = |from: usize, length: usize| text.0.get(from..from + length).map_or(0, number);
    let before = text.before(start);
    let in_longer = matches!(before, [.., digit, before] if *before == sign && digit.is_ascii_digit())
        || text.byte(end) == Some(sign) && text.is_digit(end + 1);
    if in_longer {
        return None;
    }
    let (form, years) = match (run, middle_run, last_run) {
        (4, 1..=2, 1..=2) if b"-/_".contains(&sign) && gap == 1 && middle_run == last_run => {
            (SEPARATED, read(start, 4))
        }
        (4, 2, 2) if sign == b'.' && gap == 1 => (SEPARATED, read(start, 4)),
        // With blanks between them, two numbers of two digits each.
        (1..=2, 1..=2, 4) if run == middle_run && run == 2 || sign != b' ' => {
            (SEPARATED, read(last, 4))
        }
        // 23/07/85, or 3/7/85: with dots a version may be meant, with one digit a number of pages.
        (2, 2, 2) if b"-/.".contains(&sign) && gap == 1 => (SHORT_YEAR, century(read(last, 2))),
        // With blanks only behind `né le`.
        (2, 2, 2) if sign == b' ' && text.follows(start, &BIRTH) => {
            (SHORT_YEAR, century(read(last, 2)))
        }
        (1, 2, 2) if sign == b'/' && gap == 1 => (SHORT_YEAR, century(read(last, 2))),
        _ => return None,
    };
    // One digit and dots: `1.2.2024` is a version too.
    let padded = matches!((run, middle_run), (2 | 4, 2));
    if form == SEPARATED && sign == b'.' && !padded {
        return None;
    }
    // Groups of a longer number: `0470/12.03.56`, `06-12.03.56`.
    let signs = |byte: &u8| b"/-._".contains(byte);
    let glued = matches!(before, [.., digit, sign] if digit.is_ascii_digit() && signs(sign))
        || matches!(text.behind(end), [sign, digit, ..] if digit.is_ascii_digit() && signs(sign));
    if form == SHORT_YEAR && glued {
        return None;
    }
    let day = if run == 4 {
        read(last, last_run)
    } else {
        read(start, run)
    };
    Some(Day {
        form,
        year: years,
        month: read(middle, middle_run),
        day,
        end,
    })
}

/// The sign behind the digits that end at `at`, and the length of what stands before the next digits.
fn sign(text: Text<'_>, at: usize) -> Option<(u8, usize)> {
    match text.behind(at) {
        [b' ', sign @ (b'-' | b'/' | b'.'), b' ', ..] => Some((*sign, 3)),
        [sign @ (b'-' | b'/' | b'.' | b'_' | b' '), ..] => Some((*sign, 1)),
        _ => None,
    }
}

/// The year that two digits write: of the last hundred.
fn century(year: u32) -> u32 {
    if year <= 30 { 2000 + year } else { 1900 + year }
}

/// Reports a date in words whose day, or year, begins at `start`, and tells whether it is one.
fn in_words(text: Text<'_>, start: usize, run: usize, found: &mut Finder<'_>) -> bool {
    let date = match run {
        1..=2 if text.is_free_before(start) => words::day_first(text, start, run),
        _ => None,
    };
    let (start, (day, month, year, end)) = match date {
        Some(date) => (start, date),
        None if run <= 2 => match words::month_first(text, start, run) {
            Some((start, date)) => (start, date),
            None => return false,
        },
        None => return false,
    };
    let end = time_end(text, end);
    let date = Day {
        form: IN_WORDS,
        year,
        month,
        day,
        end,
    };
    if !text.is_free_after(end) || !exists(year, month, day) {
        return false;
    }
    report(text, start..end, &date, found);
    true
}

/// Whether there is such a day in the Gregorian calendar, in the years of people and their plans.
fn exists(year: u32, month: u32, day: u32) -> bool {
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1900..=2099).contains(&year) && (1..=last).contains(&day)
}

/// Where a time of day ends that begins at `at`: `HH:MM[:SS[.f]]` behind a `T` or a blank, and
/// `Z`, `+HH`, `+HHMM` or `+HH:MM`. It is `at` itself if there is none.
fn time_end(text: Text<'_>, at: usize) -> usize {
    let two = |at: usize| text.run(at) == 2;
    let marked = matches!(text.byte(at), Some(b'T' | b' '));
    if !marked || !two(at + 1) || text.byte(at + 3) != Some(b':') || !two(at + 4) {
        return at;
    }
    let mut end = at + 6;
    if text.byte(end) == Some(b':') && two(end + 1) {
        end += 3;
        if text.byte(end) == Some(b'.') && text.is_digit(end + 1) {
            end += 1 + text.run(end + 1);
        }
    }
    match (text.byte(end), text.run(end + 1)) {
        (Some(b'Z'), _) => end + 1,
        (Some(b'+' | b'-'), 4) => end + 5,
        (Some(b'+' | b'-'), 2) if text.byte(end + 3) == Some(b':') && two(end + 4) => end + 6,
        (Some(b'+' | b'-'), 2) => end + 3,
        _ => end,
    }
}

#[cfg(test)]
mod tests;
