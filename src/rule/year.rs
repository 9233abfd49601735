//! `year`: the year of a date, after the whole date was checked.
//!
//! A year on its own, or a date that does not exist, is refused rather than guessed at: shifted or
//! garbled cells show that way. The built-in forms are read from fixed positions; a rule's own
//! formats go through chrono.

mod formats;
mod sql;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use toml::de::ValueDeserializer;

use self::formats::{Format, Formats};
use super::amount::{split_digits, trim};
use super::ladder::{self, Brackets, Ladder, StepName, Style};
use super::{
    Action, Cell, ColumnContext, Kind, OptionDoc, Outcome, Reason, Rule, Transform, Unready,
    options,
};
use crate::sql::{Column, Inexpressible, Output};
use crate::words::Words;

/// The kind `year`.
pub(super) static KIND: Kind = Kind {
    name: "year",
    summary: "write the year of a date from 1900 to today: YYYY-MM-DD, YYYY/MM/DD, DD/MM/YYYY, \
              DD-MM-YYYY, DD.MM.YYYY or YYYYMMDD, with or without a time",
    done: Words {
        en: "only the year is left of each date",
        fr: "de chaque date il ne reste que l’année",
    },
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

    fn tells_again(&self) -> bool {
        false
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let run = column.run;
        Ok(Action::Write(match &self.formats {
            None => Box::new(BuiltIn {
                today: Day::of(run.today),
            }),
            Some(Formats(formats)) => Box::new(Custom {
                formats: formats.clone(),
                today: run.today,
            }),
        }))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        match &self.formats {
            None => Ok(sql::built_in(column)),
            Some(Formats(formats)) => sql::custom(column, formats),
        }
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let widths = steps.map_or_else(|| Ok(vec![5, 10, 20]), ladder::widths)?;
        Ok(Box::new(Brackets::new(Style::Years, Some(widths))))
    }
}

/// A day as the eight digits of YYYYMMDD, 0 to 9, a byte each: `0x0109_0805_0007_0203` is
/// 1985-07-23. Days compare as these numbers do, and no digit is ever multiplied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Day(u64);

/// One in each byte of a [`Day`].
const EACH: u64 = 0x0101_0101_0101_0101;

/// The character `0` in each byte of a [`Day`].
const ZEROS: u64 = EACH * b'0' as u64;

/// The first day of [`FIRST_YEAR`].
const FIRST_DAY: Day = Day(0x0109_0000_0001_0001);

/// The last day of each month from January on, outside leap years, in the digits of a [`Day`].
const LAST_DAYS: [u64; 12] = [
    0x0301, 0x0208, 0x0301, 0x0300, 0x0301, 0x0300, 0x0301, 0x0301, 0x0300, 0x0301, 0x0300, 0x0301,
];

impl Day {
    /// Years of more than four digits end as the last day before them, negative ones as a day
    /// before all others: no cell can hold such a day.
    fn of(date: NaiveDate) -> Self {
        let digits = match date.year() {
            ..0 => 0,
            year @ 0..=9999 => {
                u64::from(year.unsigned_abs() * 100 + date.month()) * 100 + u64::from(date.day())
            }
            _ => 99_991_231,
        };
        let units = [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
        Self(
            units
                .iter()
                .fold(0, |day, unit| (day << 8) | (digits / unit % 10)),
        )
    }

    /// Reads the digits of a day that may not exist; nothing if one of them is no digit.
    #[inline]
    fn read(year: [u8; 4], month: [u8; 2], day: [u8; 2]) -> Option<Self> {
        let year = u64::from(u32::from_be_bytes(year));
        let month = u64::from(u16::from_be_bytes(month));
        let day = u64::from(u16::from_be_bytes(day));
        let digits = ((year << 32) | (month << 16) | day) ^ ZEROS;
        // A byte over 9 shows in its high bit, by itself or after adding 0x76. What is carried out
        // of a byte cannot hide one: then that byte's own high bit was set before.
        let other = digits | digits.wrapping_add(EACH * 0x76);
        (other & (EACH * 0x80) == 0).then_some(Self(digits))
    }

    /// Whether the day exists, by the lengths of months in the Gregorian calendar.
    #[inline]
    fn exists(self) -> bool {
        let Self(digits) = self;
        let month = (digits >> 24 & 0xF) * 10 + (digits >> 16 & 0xF);
        let day = digits & 0xFFFF;
        let Some(last_day) = LAST_DAYS.get((month as usize).wrapping_sub(1)) else {
            return false;
        };
        day != 0 && (day <= *last_day || (month == 2 && day == 0x0209 && self.is_in_leap_year()))
    }

    #[cold]
    fn is_in_leap_year(self) -> bool {
        let [a, b, c, d, ..] = self.0.to_be_bytes();
        let year = [a, b, c, d]
            .iter()
            .fold(0, |year, digit| year * 10 + u16::from(*digit));
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The year, in ASCII.
    #[inline]
    fn year(self) -> [u8; 4] {
        let [a, b, c, d, ..] = (self.0 ^ ZEROS).to_be_bytes();
        [a, b, c, d]
    }
}

/// Reads the built-in forms.
struct BuiltIn {
    today: Day,
}

impl Transform for BuiltIn {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let (day, time) = split_date(trim(cell.content)).ok_or(&NOT_A_DATE)?;
        let time_exists = time.is_empty() || time_exists(time).ok_or(&NOT_A_DATE)?;
        if !time_exists || !day.exists() {
            return Err(&NO_SUCH_DATE);
        }
        if day < FIRST_DAY {
            return Err(&BEFORE_1900);
        }
        if day > self.today {
            return Err(&IN_THE_FUTURE);
        }
        out.extend_from_slice(&day.year());
        Ok(Outcome::Written)
    }
}

/// Reads the date that `text` begins with, and gives what comes behind.
#[inline]
fn split_date(text: &[u8]) -> Option<(Day, &[u8])> {
    if let Some((date, time)) = text.split_first_chunk() {
        match *date {
            [a, b, c, d, s @ (b'-' | b'/'), m, n, t, x, y] if s == t => {
                return Some((Day::read([a, b, c, d], [m, n], [x, y])?, time));
            }
            [x, y, s @ (b'-' | b'/' | b'.'), m, n, t, a, b, c, d] if s == t => {
                return Some((Day::read([a, b, c, d], [m, n], [x, y])?, time));
            }
            _ => {}
        }
    }
    let (&[a, b, c, d, m, n, x, y], time) = text.split_first_chunk()?;
    Some((Day::read([a, b, c, d], [m, n], [x, y])?, time))
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
    fn writes_plain(&self) -> bool {
        true
    }

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
