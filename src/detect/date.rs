//! `date`: a full date, which may be of birth: with a postal code and a sex it names most people.

mod words;

use std::ops::Range;

use super::prefilter::Needs;
use super::text::{Text, number};
use super::{Detector, Finder, Form};

/// The detector `date`.
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
    needs: Needs { digits: 3, any: 0 },
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
    "ne",
    "nee",
    "naissance",
    "naiss",
    "ddn",
    "dn",
    "nais",
    "born",
    "dob",
    "birth",
    "birthday",
    "anniversaire",
    "e",
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
    let has_word = words::has_word(text);
    for (start, run) in text.runs() {
        if has_word && run <= 4 && in_words(text, start, run, found) {
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
    } else if date.year < RECENT || date.form == SEPARATED && is_alone(text, &range) {
        found.hit(date.form, range);
    } else {
        found.hit_among_others(date.form, range);
    }
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
    let sign = text
        .byte(start + run)
        .filter(|sign| b"-/._ ".contains(sign))?;
    let middle = start + run + 1;
    let middle_run = text.run(middle);
    let last = middle + middle_run + 1;
    let last_run = text.run(last);
    if text.byte(last - 1) != Some(sign) {
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
        (4, 1..=2, 1..=2) if b"-/_".contains(&sign) && middle_run == last_run => {
            (SEPARATED, read(start, 4))
        }
        // With blanks between them, two numbers of two digits each.
        (1..=2, 1..=2, 4) if run == middle_run && run == 2 || sign != b' ' => {
            (SEPARATED, read(last, 4))
        }
        // 23/07/85, or 3/7/85: with dots a version may be meant, with one digit a number of pages.
        (2, 2, 2) if b"-/.".contains(&sign) => (SHORT_YEAR, century(read(last, 2))),
        (1, 2, 2) if sign == b'/' => (SHORT_YEAR, century(read(last, 2))),
        _ => return None,
    };
    // One digit and dots: `1.2.2024` is a version too.
    if form == SEPARATED && sign == b'.' && (run, middle_run) != (2, 2) {
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
mod tests {
    use crate::detect::testing::{finds, forms, misses};
    use crate::detect::{Detectors, detect};

    #[test]
    fn dates_are_found() {
        finds(
            "date",
            &[
                ("1985-07-23", &["1985-07-23"]),
                ("né le 23/07/1985 à Lyon", &["23/07/1985"]),
                ("23.07.1985.", &["23.07.1985"]),
                ("23-07-1985", &["23-07-1985"]),
                ("1985/07/23", &["1985/07/23"]),
                ("19850723", &["19850723"]),
                (
                    "1985-07-23T10:00:00.250+02:00;",
                    &["1985-07-23T10:00:00.250+02:00"],
                ),
                ("1985-07-23 10:00", &["1985-07-23 10:00"]),
                ("19850723T10:00Z", &["19850723T10:00Z"]),
                ("du 01/02/2020-29/02/2020", &["01/02/2020", "29/02/2020"]),
            ],
        );
        forms("date", &[("23/07/1985", 0), ("19850723", 1)]);
    }

    #[test]
    fn dates_in_words_and_with_short_years_are_found() {
        finds(
            "date",
            &[
                ("23 juillet 1985", &["23 juillet 1985"]),
                ("née le 1er mars 1990 à Lyon", &["1er mars 1990"]),
                ("23 JUILLET 1985", &["23 JUILLET 1985"]),
                ("mardi 3 août 1948.", &["3 août 1948"]),
                (
                    "12 déc. 1970, 5 fevrier 1961",
                    &["12 déc. 1970", "5 fevrier 1961"],
                ),
                ("23 July 1985", &["23 July 1985"]),
                ("July 23, 1985", &["July 23, 1985"]),
                (
                    "Jul 3rd, 1985; 3rd of July 1985",
                    &["Jul 3rd, 1985", "3rd of July 1985"],
                ),
                ("23-juil-1985, 23-Jul-85", &["23-juil-1985", "23-Jul-85"]),
                ("23juillet1985", &["23juillet1985"]),
                ("23/07/85", &["23/07/85"]),
                ("23.07.85, 23-07-85", &["23.07.85", "23-07-85"]),
                ("3/7/1985, 1985-7-3", &["3/7/1985", "1985-7-3"]),
                ("23 07 1985, 23_07_1985", &["23 07 1985", "23_07_1985"]),
                ("07/23/1985", &["07/23/1985"]),
                ("16 mai 53", &["16 mai 53"]),
                ("1er juin 89", &["1er juin 89"]),
                (
                    "8. Februar 1964, 14 de mayo de 1957",
                    &["8. Februar 1964", "14 de mayo de 1957"],
                ),
                ("le 12 mars 2024 à 14h", &["12 mars 2024"]),
            ],
        );
        forms(
            "date",
            &[
                ("né le 23/07/85", 2),
                ("née le : 3 mai 2012", 2),
                ("date de naissance 3 mai 2012", 2),
                ("23 juillet 1985", 3),
                ("23/07/85", 4),
                ("né le 23/07/2015", 2),
            ],
        );
    }

    #[test]
    fn recent_days_in_a_text_are_no_evidence() {
        for (cell, evidence) in [
            ("12/03/2024", true),
            ("« 12/03/2024 »", true),
            ("12/03/1985", true),
            ("vu le 12/03/1985", true),
            ("réunion du 12/03/2024", false),
            ("né le 12/03/2014", true),
        ] {
            let mut found = Vec::new();
            detect(cell.as_bytes(), Detectors::ALL, &mut found);
            let told: Vec<bool> = found.iter().map(|finding| finding.evidence).collect();
            assert_eq!(told, [evidence], "{cell}");
        }
    }

    #[test]
    fn near_misses() {
        misses(
            "date",
            &[
                ("no such day", "31/02/1985, 29.02.1900, 1985-04-31"),
                ("no such month", "1985-13-01, 19851301"),
                ("a year out of range", "01/01/1899, 2100-01-01"),
                ("a day and a month", "23/07, 23 juillet, 1er mars à 14h"),
                (
                    "no such day in words",
                    "31 juin 1985, 0 mai 1985, June 31, 1985",
                ),
                ("months as words", "12 mars, 3 mai 19, 20 maisons 1985"),
                ("a version", "1.2.2024, 10.2.24, 1.2.24"),
                ("a month and a year", "07/1985, 1985-07"),
                ("a part of a longer code", "1985-07-23-001, 7-23-07-1985"),
                ("glued to a letter", "A1985-07-23, 19850723B"),
                ("mixed separators", "1985-07/23"),
                ("an amount", "19850723,50"),
                (
                    "a law",
                    "loi n° 78-17 du 6 janvier 1978, décret du 19/10/2005",
                ),
                ("the number of an invoice", "20240306-578"),
                ("numbers", "12 3 1985, 120 07 1985, 1 12 2024"),
                ("a range of years", "1985-2005"),
            ],
        );
    }
}
