//! Lengths of time by the calendar.

use crate::base::lang::Fixed;
use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;

/// A length of time: whole years, months or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Period {
    /// Calendar months; a year has twelve.
    Months(u32),
    Days(u32),
}

impl Period {
    /// The day so long before `today`; where the calendar has no such day (29 February), the last
    /// of its month.
    pub fn before(self, today: NaiveDate) -> NaiveDate {
        let day = match self {
            Self::Months(months) => today.checked_sub_months(Months::new(months)),
            Self::Days(days) => today.checked_sub_days(Days::new(days.into())),
        };
        day.unwrap_or(NaiveDate::MIN)
    }
}

impl TryFrom<String> for Period {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        let expected =
            fixed!("expected a whole number of years, months or days, such as \"3 years\"");
        let (number, unit) = text.trim().split_once(' ').ok_or(expected)?;
        let number = number.parse().ok().filter(|n| (1..=100_000).contains(n));
        let number: u32 = number.ok_or(expected)?;
        match unit.trim_start() {
            "year" | "years" => Ok(Self::Months(number * 12)),
            "month" | "months" => Ok(Self::Months(number)),
            "day" | "days" => Ok(Self::Days(number)),
            _ => Err(expected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_day_that_is_kept() {
        for (keep, today, first) in [
            ("3 years", "2026-11-22", "2023-11-22"),
            ("1 year", "2024-02-29", "2023-02-28"),
            ("4 years", "2024-02-29", "2020-02-29"),
            ("1 year", "2025-02-28", "2024-02-28"),
            ("1 year", "2025-03-01", "2024-03-01"),
            ("1 month", "2026-03-31", "2026-02-28"),
            ("1 month", "2024-03-31", "2024-02-29"),
            ("12 months", "2026-01-31", "2025-01-31"),
            ("30 days", "2024-03-30", "2024-02-29"),
            ("1 day", "2026-01-01", "2025-12-31"),
            ("365 days", "2025-01-01", "2024-01-02"),
        ] {
            let period = Period::try_from(keep.to_owned()).unwrap();
            assert_eq!(
                period.before(day(today)),
                day(first),
                "{keep} before {today}"
            );
        }
        let period = Period::try_from("100000 years".to_owned()).unwrap();
        assert!(period.before(day("2026-01-01")) < day("1900-01-01"));
    }
}
