//! The forms that dates are read in, for row filters: they need the day, and not always a past one.

use chrono::NaiveDate;
use serde::de::{Deserialize, Deserializer};

use super::{DAY, Dates as Reader, Formats, Reason};

/// The built-in forms, or formats of the table's own that tell the day.
#[derive(Debug, Clone)]
pub(crate) struct Dates(Reader);

impl Default for Dates {
    fn default() -> Self {
        Self(Reader::new::<DAY>(None, NaiveDate::MAX))
    }
}

impl<'de> Deserialize<'de> for Dates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let formats = Formats::<DAY>::deserialize(deserializer)?;
        Ok(Self(Reader::new(Some(&formats), NaiveDate::MAX)))
    }
}

impl Dates {
    /// The day that a cell holds, from 1900 on: the day as it is written, whatever the time and the
    /// offset behind it.
    ///
    /// # Errors
    /// Why it holds none.
    pub(crate) fn day(&self, cell: &[u8]) -> Result<NaiveDate, &'static Reason> {
        self.0.day(cell)
    }

    /// The same of a day that is not after `today`.
    ///
    /// # Errors
    /// Why it holds none.
    pub(crate) fn past_day(
        &self,
        cell: &[u8],
        today: NaiveDate,
    ) -> Result<NaiveDate, &'static Reason> {
        let day = self.day(cell)?;
        match day > today {
            true => Err(&super::IN_THE_FUTURE),
            false => Ok(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::options::testing::{today, transform, write};
    use super::*;
    use chrono::Datelike;
    use proptest::prelude::*;
    use toml::de::ValueDeserializer;

    fn dates(formats: &str) -> Dates {
        Dates::deserialize(ValueDeserializer::parse(formats).unwrap()).unwrap()
    }

    #[test]
    fn days_are_read_whole() {
        let american = dates("['%m/%d/%Y']");
        let built_in = Dates::default();
        for (dates, cell, expected) in [
            (&built_in, "2024-02-29", Ok("2024-02-29")),
            (&built_in, " 29/02/2024 ", Ok("2024-02-29")),
            (&built_in, "20240229", Ok("2024-02-29")),
            (&built_in, "2024-02-29T23:59:59+02:00", Ok("2024-02-29")),
            (&built_in, "1900-01-01", Ok("1900-01-01")),
            (&built_in, "9999-12-31", Ok("9999-12-31")),
            (&built_in, "2023-02-29", Err("no_such_date")),
            (&built_in, "2024-13-01", Err("no_such_date")),
            (&built_in, "2024-00-10", Err("no_such_date")),
            (&built_in, "2024-02-29 25:00", Err("no_such_date")),
            (&built_in, "1899-12-31", Err("before_1900")),
            (&built_in, "2024", Err("not_a_date")),
            (&american, "02/29/2024", Ok("2024-02-29")),
            (&american, "29/02/2024", Err("no_such_date")),
            (&american, "2024-02-29", Err("no_such_date")),
            (&american, "12/31/1899", Err("before_1900")),
            (&american, "hier", Err("not_a_date")),
        ] {
            let read = dates.day(cell.as_bytes()).map(|day| day.to_string());
            let read = read.as_deref().map_err(|reason| reason.code);
            assert_eq!(read, expected, "{cell}");
        }
        let day = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
        let of = |text: &str| built_in.past_day(text.as_bytes(), day).map_err(|r| r.code);
        assert_eq!(of("2026-06-15"), Ok(day));
        assert_eq!(of("2026-06-16"), Err("in_the_future"));
    }

    #[test]
    fn formats_must_tell_the_day() {
        for formats in ["['%Y']", "['%d/%m/%Y', '%m/%Y']", "[]", "'%Y'"] {
            let value = ValueDeserializer::parse(formats).unwrap();
            assert!(Dates::deserialize(value).is_err(), "{formats}");
        }
    }

    proptest! {
        /// What the rule reads as a year is read here as a day of it, and nothing else is.
        #[test]
        fn reads_what_the_rule_reads(
            cell in "([0-9]{4}[-/][0-9]{2}[-/][0-9]{2}|[0-3][0-9][./-][01][0-9][./-](19|20)[0-9]{2}|[0-9]{8}|[12][09][0-9]{2}[01][0-9][0-3][0-9])( [0-2][0-9]:[0-6][0-9])?"
        ) {
            let year = write(&*transform(&crate::rules::kinds::year::KIND, "{}"), &cell);
            let day = Dates::default().past_day(cell.as_bytes(), today());
            prop_assert_eq!(
                year.map(|(year, _)| year),
                day.map(|day| day.year().to_string()).map_err(|reason| reason.code)
            );
        }
    }
}
