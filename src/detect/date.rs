//! `date`: a full date, which may be of birth: with a postal code and a sex it names most people.

use super::prefilter::Needs;
use super::text::{Text, number};
use super::{Detector, Finder, Form};

/// The detector `date`.
pub(super) static DETECTOR: Detector = Detector {
    name: "date",
    summary: "a full date from 1900 to 2099, as the rule `year` reads it: `1985-07-23`, `23/07/1985`, `19850723`, \
              with or without a time",
    checksum: "– (the day exists)",
    forms: &[
        Form::weak("with separators", 50, 0.05),
        // Identifiers now and then look like a day.
        Form::of_most_cells("eight digits", 1),
    ],
    needs: Needs { digits: 8, any: 0 },
    find,
};

const SEPARATED: u8 = 0;
const COMPACT: u8 = 1;

/// The length of a date with separators.
const LENGTH: usize = 10;

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in text.runs() {
        let (form, year, month, day, end) = match (run, text.behind(start)) {
            (4, [a, b, c, d, s @ (b'-' | b'/'), m, n, t, x, y, ..])
            | (2, [x, y, s @ (b'-' | b'/' | b'.'), m, n, t, a, b, c, d, ..])
                if s == t
                    && [a, b, c, d, m, n, x, y]
                        .iter()
                        .all(|digit| digit.is_ascii_digit()) =>
            {
                let end = start + LENGTH;
                let before = text.before(start);
                let in_longer = matches!(before, [.., digit, sign] if sign == s && digit.is_ascii_digit())
                    || text.byte(end) == Some(*s) && text.is_digit(end + 1)
                    || text.is_digit(end);
                if in_longer {
                    continue;
                }
                (SEPARATED, [*a, *b, *c, *d], [*m, *n], [*x, *y], end)
            }
            (8, [a, b, c, d, m, n, x, y, ..]) if !text.is_part_of_decimal(start, start + 8) => {
                (COMPACT, [*a, *b, *c, *d], [*m, *n], [*x, *y], start + 8)
            }
            _ => continue,
        };
        let end = time_end(text, end);
        if !text.is_free_before(start) || !text.is_free_after(end) {
            continue;
        }
        if exists(number(&year), number(&month), number(&day)) {
            found.hit(form, start..end);
        } else {
            found.lookalike(form, start..end);
        }
    }
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
    fn near_misses() {
        misses(
            "date",
            &[
                ("no such day", "31/02/1985, 29.02.1900, 1985-04-31"),
                ("no such month", "1985-13-01, 19851301"),
                ("a year out of range", "01/01/1899, 2100-01-01"),
                ("a day and a month", "23/07, 23/07/85"),
                ("a month and a year", "07/1985, 1985-07"),
                ("a part of a longer code", "1985-07-23-001, 7-23-07-1985"),
                ("glued to a letter", "A1985-07-23, 19850723B"),
                ("mixed separators", "1985-07/23"),
                ("an amount", "19850723,50"),
                ("a range of years", "1985-2005"),
            ],
        );
    }
}
