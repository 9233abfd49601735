//! Dates that no pattern of chrono reads: day numbers of a spreadsheet, seconds since 1970, French names
//! of months.

use chrono::{DateTime, Days, NaiveDate};

use super::{NO_SUCH_DATE, NOT_A_DATE, Reason};
use crate::rules::amount::split_digits;

/// The names of the forms that are no patterns, and what reads them.
const FORMS: [(&str, Numbered); 4] = [
    ("excel", Numbered::Excel),
    ("excel_1904", Numbered::Excel1904),
    ("epoch", Numbered::Seconds),
    ("epoch_ms", Numbered::Milliseconds),
];

/// A date that is one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbered {
    /// The day of a spreadsheet: 1 is 1900-01-01, and there is a 60 for the 29th of February 1900.
    Excel,
    /// The day of a spreadsheet that counts from 1904-01-01, which is 0.
    Excel1904,
    /// Seconds since 1970, in UTC.
    Seconds,
    /// Milliseconds since 1970, in UTC.
    Milliseconds,
}

impl Numbered {
    /// The form of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let mut forms = FORMS.iter();
        forms
            .find(|(known, _)| *known == name)
            .map(|(_, form)| *form)
    }

    /// Reads a date: a whole number, which may have decimals (the time of day) if it counts days.
    ///
    /// # Errors
    /// The reason why it is none.
    pub(super) fn read(self, text: &str) -> Result<NaiveDate, &'static Reason> {
        let (minus, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (digits, decimals) = split_digits(unsigned.as_bytes());
        let counts_days = matches!(self, Self::Excel | Self::Excel1904);
        let are_decimals = match decimals {
            [] => true,
            [b'.' | b',', digits @ ..] => {
                counts_days && !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
            }
            _ => false,
        };
        if digits.is_empty() || digits.len() > 14 || !are_decimals || minus && counts_days {
            return Err(&NOT_A_DATE);
        }
        let number = digits.iter().fold(0_i64, |sum, digit| {
            sum.saturating_mul(10)
                .saturating_add(i64::from(digit - b'0'))
        });
        let number = if minus { -number } else { number };
        let date = match (self, number) {
            (Self::Excel, 0 | 60) => None,
            (Self::Excel, ..60) => day(NaiveDate::from_ymd_opt(1899, 12, 31), number),
            (Self::Excel, _) => day(NaiveDate::from_ymd_opt(1899, 12, 30), number),
            (Self::Excel1904, _) => day(NaiveDate::from_ymd_opt(1904, 1, 1), number),
            (Self::Seconds, _) => DateTime::from_timestamp(number, 0).map(|at| at.date_naive()),
            (Self::Milliseconds, _) => {
                DateTime::from_timestamp_millis(number).map(|at| at.date_naive())
            }
        };
        date.ok_or(&NO_SUCH_DATE)
    }
}

fn day(from: Option<NaiveDate>, days: i64) -> Option<NaiveDate> {
    from?.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

/// The French names of months, without accents and in lower case, each with its usual short forms, and
/// the English ones.
const MONTHS: [(&[&str], &str); 12] = [
    (&["janvier", "janv", "jan"], "Jan"),
    (&["fevrier", "fevr", "fev"], "Feb"),
    (&["mars", "mar"], "Mar"),
    (&["avril", "avr"], "Apr"),
    (&["mai"], "May"),
    (&["juin"], "Jun"),
    (&["juillet", "juil"], "Jul"),
    (&["aout"], "Aug"),
    (&["septembre", "sept", "sep"], "Sep"),
    (&["octobre", "oct"], "Oct"),
    (&["novembre", "nov"], "Nov"),
    (&["decembre", "dec"], "Dec"),
];

/// A text with the only French name of a month in it turned into English, a dot of an abbreviation
/// included, and `1er` into `1`; nothing if there is none, or several.
pub(super) fn in_english(text: &str) -> Option<String> {
    let mut english = String::with_capacity(text.len());
    let mut found = 0;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let letters = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(letters)?;
        if word.is_empty() {
            english.push(c);
            rest = rest.get(c.len_utf8()..)?;
            continue;
        }
        let plain = crate::base::name::key(word);
        let month = MONTHS
            .iter()
            .find(|(names, _)| names.contains(&plain.as_str()));
        rest = behind;
        match month {
            Some((_, name)) => {
                found += 1;
                english.push_str(name);
                rest = rest.strip_prefix('.').unwrap_or(rest);
            }
            None if plain == "er" && english.ends_with('1') => {}
            None => english.push_str(word),
        }
    }
    (found == 1).then_some(english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_days_of_a_spreadsheet_or_seconds() {
        for (name, text, expected) in [
            ("excel", "29353", Ok("1980-05-12")),
            ("excel", "29353.75", Ok("1980-05-12")),
            ("excel", "29353,75", Ok("1980-05-12")),
            ("excel", "1", Ok("1900-01-01")),
            ("excel", "59", Ok("1900-02-28")),
            ("excel", "60", Err("no_such_date")),
            ("excel", "61", Ok("1900-03-01")),
            ("excel", "0", Err("no_such_date")),
            ("excel", "-1", Err("not_a_date")),
            ("excel", "29353.", Err("not_a_date")),
            ("excel", "29 353", Err("not_a_date")),
            ("excel", "", Err("not_a_date")),
            ("excel", "99999999999999", Err("no_such_date")),
            ("excel", "999999999999999", Err("not_a_date")),
            ("excel_1904", "27891", Ok("1980-05-12")),
            ("excel_1904", "0", Ok("1904-01-01")),
            ("epoch", "326937600", Ok("1980-05-12")),
            ("epoch", "327023999", Ok("1980-05-12")),
            ("epoch", "327024000", Ok("1980-05-13")),
            ("epoch", "-1", Ok("1969-12-31")),
            ("epoch", "326937600.5", Err("not_a_date")),
            ("epoch_ms", "326937600123", Ok("1980-05-12")),
        ] {
            let form = Numbered::named(name).unwrap();
            let read = form.read(text).map(|date| date.to_string());
            let read = read.as_deref().map_err(|reason| reason.code);
            assert_eq!(read, expected, "{name} {text:?}");
        }
        assert_eq!(Numbered::named("%Y"), None);
    }

    #[test]
    fn french_names_of_months_become_english() {
        for (text, expected) in [
            ("12 mai 1980", Some("12 May 1980")),
            ("1er août 1980", Some("1 Aug 1980")),
            ("3 FÉVRIER 1980", Some("3 Feb 1980")),
            ("3 févr. 1980", Some("3 Feb 1980")),
            ("12-déc-80", Some("12-Dec-80")),
            ("mars 2020", Some("Mar 2020")),
            ("lundi 12 mai 1980", Some("lundi 12 May 1980")),
            ("12/05/1980", None),
            ("mai mai 1980", None),
            ("marseille 1980", None),
            ("", None),
        ] {
            assert_eq!(in_english(text).as_deref(), expected, "{text}");
        }
    }
}
