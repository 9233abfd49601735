//! Dates as people write them, checked whole: `1985-07-23`, `23/07/1985 10:20`, or a rule's own
//! formats.
//!
//! Shared by the kinds that make something of a date. A year on its own, or a date that does not
//! exist, is refused rather than guessed at: shifted or garbled cells show that way. The built-in
//! forms are read from fixed positions; a rule's own formats go through chrono.

mod formats;
pub(crate) mod forms;
mod special;
pub(in crate::rules) mod sql;
mod unread;

use chrono::{Datelike, NaiveDate};

use super::amount::{split_digits, trim};
use crate::base::lang::Fixed;
use crate::rules::transform::Reason;

pub(super) use formats::{DAY, Format, Formats, MONTH, Told, YEAR, four_digits};

/// What the option `formats` takes, for the documentation.
pub(super) const FORMATS_TAKE: &str = "a list of date formats such as [\"%m/%d/%Y\", \"%d %B %Y\", \"excel\"], as for year; default: those of year";

/// What the option `formats` does.
pub(super) const FORMATS_DO: &str = "read dates in these formats instead, as year does";

/// Nobody whose data is processed today was born before.
pub(super) const FIRST_YEAR: i32 = 1900;

/// The forms that are read where a rule names none.
const ACCEPTED: Fixed = fixed!(
    "accepted are 1985-07-23, 1985/07/23, 23/07/1985, 23-07-1985, 23.07.1985 and 19850723, with or \
     without a time, from 1900 to today; `formats` names other forms"
);

pub(super) static NOT_A_DATE: Reason = Reason {
    code: "not_a_date",
    what: fixed!("not a date in an accepted form"),
    advice: ACCEPTED,
    mend: None,
};

pub(super) static NOT_IN_FORMATS: Reason = Reason {
    code: "not_a_date",
    what: fixed!("not a date in one of the rule's formats"),
    advice: fixed!("accepted is what the rule's `formats` name, from 1900 to today"),
    mend: None,
};

pub(super) static NO_SUCH_DATE: Reason = Reason {
    code: "no_such_date",
    what: fixed!("a date or a time of day that does not exist"),
    advice: ACCEPTED,
    mend: None,
};

pub(super) static BEFORE_1900: Reason = Reason {
    code: "before_1900",
    what: fixed!("a date before 1900 (a placeholder, or a year of fewer than four digits?)"),
    advice: ACCEPTED,
    mend: None,
};

pub(super) static IN_THE_FUTURE: Reason = Reason {
    code: "in_the_future",
    what: fixed!("a date after today (by the clock of this machine)"),
    advice: ACCEPTED,
    mend: None,
};

/// A day as the eight digits of YYYYMMDD, 0 to 9, a byte each: `0x0109_0805_0007_0203` is
/// 1985-07-23. Days compare as these numbers do, and no digit is ever multiplied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(u64);

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
    pub(super) fn of(date: NaiveDate) -> Self {
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
    pub(super) fn year(self) -> [u8; 4] {
        let [a, b, c, d, ..] = (self.0 ^ ZEROS).to_be_bytes();
        [a, b, c, d]
    }

    /// The day in the calendar, if it exists.
    fn date(self) -> Option<NaiveDate> {
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |sum, digit| sum * 10 + u32::from(*digit))
        };
        let [a, b, c, d, m, n, x, y] = self.0.to_be_bytes();
        let year = i32::try_from(number(&[a, b, c, d])).ok()?;
        NaiveDate::from_ymd_opt(year, number(&[m, n]), number(&[x, y]))
    }
}

/// Reads a date from 1900 to `today` in one of the built-in forms.
///
/// # Errors
/// The reason why it is none.
#[inline]
pub(super) fn built_in(text: &[u8], today: Day) -> Result<Day, &'static Reason> {
    if let Some(day) = plain(text, today) {
        return Ok(day);
    }
    read(text, today).map_err(|unread| match unread {
        Unread::NotADate => unread::not_a_date(text, today),
        Unread::NoSuchDate => unread::no_such_date(text, today),
        Unread::Before1900 => &BEFORE_1900,
        Unread::InTheFuture => &IN_THE_FUTURE,
    })
}

/// The date of a cell that is nothing but `1985-07-23`, as most are.
#[inline(always)]
fn plain(text: &[u8], today: Day) -> Option<Day> {
    let &[a, b, c, d, b'-', m, n, b'-', x, y] = text else {
        return None;
    };
    let day = Day::read([a, b, c, d], [m, n], [x, y])?;
    (FIRST_DAY <= day && day <= today && day.exists()).then_some(day)
}

/// Why a text is no date in a built-in form, before it is asked which option would read it.
pub(super) enum Unread {
    NotADate,
    NoSuchDate,
    Before1900,
    InTheFuture,
}

/// Reads a date as [`built_in`] does.
///
/// # Errors
/// Why it is none.
#[inline]
pub(super) fn read(text: &[u8], today: Day) -> Result<Day, Unread> {
    let (day, time) = split_date(trim(text)).ok_or(Unread::NotADate)?;
    let time_exists = time.is_empty() || time_exists(time).ok_or(Unread::NotADate)?;
    if !time_exists || !day.exists() {
        return Err(Unread::NoSuchDate);
    }
    if day < FIRST_DAY {
        return Err(Unread::Before1900);
    }
    if day > today {
        return Err(Unread::InTheFuture);
    }
    Ok(day)
}

/// Reads a date from 1900 to `today` in the first of the formats that fits.
///
/// # Errors
/// The reason why it is none: that of the first format that makes anything of the text.
pub(super) fn custom(
    text: &[u8],
    formats: &[Format],
    today: NaiveDate,
) -> Result<Told, &'static Reason> {
    let text = str::from_utf8(trim(text)).map_err(|_| &NOT_IN_FORMATS)?;
    let mut reason = &NOT_IN_FORMATS;
    for format in formats {
        match format.read(text, today) {
            Ok(told) => return Ok(told),
            Err(other) if *reason == NOT_IN_FORMATS && *other != NOT_A_DATE => reason = other,
            Err(_) => {}
        }
    }
    Err(reason)
}

/// Reads the dates of a column.
#[derive(Debug, Clone)]
pub(super) struct Dates {
    formats: Option<Vec<Format>>,
    today: NaiveDate,
}

impl Dates {
    /// Dates up to `today` in these formats, or in the built-in forms.
    pub(super) fn new<const DETAIL: u8>(
        formats: Option<&Formats<DETAIL>>,
        today: NaiveDate,
    ) -> Self {
        Self {
            formats: formats.map(|Formats(formats)| formats.clone()),
            today,
        }
    }

    /// The day of a date, of [`DAY`] formats.
    ///
    /// # Errors
    /// The reason why it is none.
    pub(super) fn day(&self, text: &[u8]) -> Result<NaiveDate, &'static Reason> {
        match &self.formats {
            None => built_in(text, Day::of(self.today))?.date(),
            Some(formats) => custom(text, formats, self.today)?.date,
        }
        .ok_or(&NOT_A_DATE)
    }

    /// The year and the month of a date, of [`MONTH`] formats or finer ones.
    ///
    /// # Errors
    /// The reason why it is none.
    pub(super) fn month(&self, text: &[u8]) -> Result<(i32, u32), &'static Reason> {
        let Some(formats) = &self.formats else {
            let date = self.day(text)?;
            return Ok((date.year(), date.month()));
        };
        let told = custom(text, formats, self.today)?;
        let month = told.month.ok_or(&NOT_A_DATE)?;
        if (told.year, month) > (self.today.year(), self.today.month()) {
            return Err(&IN_THE_FUTURE);
        }
        Ok((told.year, month))
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
