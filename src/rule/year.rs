//! `year`: the year of a date, after the whole date was checked.
//!
//! A year on its own, or a date that does not exist, is refused rather than guessed at: shifted or
//! garbled cells show that way. The built-in forms are read from fixed positions; a rule's own
//! formats go through chrono.

mod formats;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use toml::de::ValueDeserializer;

use self::formats::{Format, Formats};
use super::amount::{split_digits, trim};
use super::{Action, Cell, Kind, OptionDoc, Outcome, Reason, Rule, RunContext, Transform, options};

/// The kind `year`.
pub(super) static KIND: Kind = Kind {
    name: "year",
    summary: "write the year of a date from 1900 to today: YYYY-MM-DD, YYYY/MM/DD, DD/MM/YYYY, \
              DD-MM-YYYY, DD.MM.YYYY or YYYYMMDD, with or without a time",
    options: &[OptionDoc {
        name: "formats",
        takes: "a list of chrono formats such as [\"%m/%d/%Y\", \"%d %B %Y\"]; default: the forms \
                above",
        meaning: "read dates in these formats instead, trying one after the other; names of months \
                  and days are English; a year of two digits (%y) is read as one of 1970 to 2069",
    }],
    parse,
};

/// Nobody whose data is processed today was born before.
const FIRST_YEAR: i32 = 1900;

static NOT_A_DATE: Reason = Reason {
    code: "not_a_date",
    what: "not a date in an accepted form",
    advice: "say in the rule how dates are written, such as formats = [\"%m/%d/%Y\"]; a bare year \
             or a year of two digits is not accepted",
};

static NO_SUCH_DATE: Reason = Reason {
    code: "no_such_date",
    what: "a date or a time of day that does not exist",
    advice: "check the order of day and month; if the month comes first, say in the rule \
             formats = [\"%m/%d/%Y\"]",
};

static BEFORE_1900: Reason = Reason {
    code: "before_1900",
    what: "a date before 1900",
    advice: "check for placeholder dates and for years written with fewer than four digits",
};

static IN_THE_FUTURE: Reason = Reason {
    code: "in_the_future",
    what: "a date after today",
    advice: "check the column, and this machine's clock",
};

fn parse(options: ValueDeserializer<'_>) -> Result<Box<dyn Rule>, toml::de::Error> {
    let options: Options = options::read(options)?;
    Ok(Box::new(options))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    formats: Option<Formats>,
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn compile(&self, run: &RunContext) -> Action {
        Action::Write(match &self.formats {
            None => Box::new(BuiltIn {
                today: Day::of(run.today),
            }),
            Some(Formats(formats)) => Box::new(Custom {
                formats: formats.clone(),
                today: run.today,
            }),
        })
    }
}

/// A day, in the order of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Day {
    year: i32,
    month: u8,
    day: u8,
}

impl Day {
    fn of(date: NaiveDate) -> Self {
        // A month and a day of a month fit a byte.
        Self {
            year: date.year(),
            month: date.month() as u8,
            day: date.day() as u8,
        }
    }

    /// Whether the day exists, by the lengths of months in the Gregorian calendar.
    fn exists(self) -> bool {
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0) => 29,
            2 => 28,
            _ => 0,
        };
        (1..=days).contains(&self.day)
    }
}

/// Reads the built-in forms.
struct BuiltIn {
    today: Day,
}

impl Transform for BuiltIn {
    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        // Most cells have nothing to trim, and trimming takes longer than reading the date.
        let (day, digits, time) = match split_date(cell.content) {
            Some(date @ (_, _, [])) => date,
            _ => split_date(trim(cell.content)).ok_or(&NOT_A_DATE)?,
        };
        let time_exists = time.is_empty() || time_exists(time).ok_or(&NOT_A_DATE)?;
        if !time_exists || !day.exists() {
            return Err(&NO_SUCH_DATE);
        }
        if day.year < FIRST_YEAR {
            return Err(&BEFORE_1900);
        }
        if day > self.today {
            return Err(&IN_THE_FUTURE);
        }
        out.extend_from_slice(&digits);
        Ok(Outcome::Written)
    }
}

/// Reads the date that `text` begins with: the day, the digits of its year, and what comes behind.
#[inline]
fn split_date(text: &[u8]) -> Option<(Day, [u8; 4], &[u8])> {
    let (year, month, day, time) = match *text {
        [a, b, c, d, s @ (b'-' | b'/'), m, n, t, x, y, ref time @ ..] if s == t => {
            ([a, b, c, d], [m, n], [x, y], time)
        }
        [
            x,
            y,
            s @ (b'-' | b'/' | b'.'),
            m,
            n,
            t,
            a,
            b,
            c,
            d,
            ref time @ ..,
        ] if s == t => ([a, b, c, d], [m, n], [x, y], time),
        [a, b, c, d, m, n, x, y, ref time @ ..] => ([a, b, c, d], [m, n], [x, y], time),
        _ => return None,
    };
    let [a, b, c, d] = year;
    let date = Day {
        year: i32::from(two_digits([a, b])?) * 100 + i32::from(two_digits([c, d])?),
        month: two_digits(month)?,
        day: two_digits(day)?,
    };
    Some((date, year, time))
}

#[inline]
fn two_digits([tens, units]: [u8; 2]) -> Option<u8> {
    (tens.is_ascii_digit() && units.is_ascii_digit()).then(|| (tens - b'0') * 10 + (units - b'0'))
}

/// Whether what stands behind a date is a time of day that exists; nothing if it is not in the form
/// `HH:MM[:SS[.f]]` and `Z`, `+HH`, `+HHMM`, `+HH:MM` or nothing, behind a `T` or a space.
fn time_exists(text: &[u8]) -> Option<bool> {
    let [b'T' | b' ', h, i, b':', m, n, ref rest @ ..] = *text else {
        return None;
    };
    let mut exists = two_digits([h, i])? < 24 && two_digits([m, n])? < 60;
    let offset = match *rest {
        [b':', s, t, ref rest @ ..] => {
            exists &= two_digits([s, t])? < 60;
            match rest {
                [b'.', rest @ ..] => match split_digits(rest) {
                    ([], _) => return None,
                    (_, rest) => rest,
                },
                rest => rest,
            }
        }
        _ => rest,
    };
    let (hours, minutes) = match *offset {
        [] | [b'Z'] => return Some(exists),
        [b'+' | b'-', h, i] => ([h, i], [b'0', b'0']),
        [b'+' | b'-', h, i, m, n] | [b'+' | b'-', h, i, b':', m, n] => ([h, i], [m, n]),
        _ => return None,
    };
    Some(exists & (two_digits(hours)? < 24) & (two_digits(minutes)? < 60))
}

/// Reads the formats of a rule.
struct Custom {
    formats: Vec<Format>,
    today: NaiveDate,
}

impl Transform for Custom {
    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let text = str::from_utf8(trim(cell.content)).map_err(|_| &NOT_A_DATE)?;
        // The reason given is that of the first format that makes anything of the cell.
        let mut reason = &NOT_A_DATE;
        for format in &self.formats {
            match format.year(text, self.today) {
                Ok(year) => {
                    out.extend(formats::four_digits(year));
                    return Ok(Outcome::Written);
                }
                Err(other) if *reason == NOT_A_DATE => reason = other,
                Err(_) => {}
            }
        }
        Err(reason)
    }
}

#[cfg(test)]
mod tests;
