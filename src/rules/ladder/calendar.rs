//! Days and months, generalised to months and years.

use std::cmp::Ordering;

use chrono::{Datelike as _, NaiveDate};

use super::StepName;
use super::brackets::{Brackets, Style};
use crate::privacy::extent::Extent;
use crate::privacy::ladder::{Ladder, Step, Steps, Uncovered};

/// A part of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Month,
    Year,
    Years(u64),
}

/// `YYYY-MM-DD` → `YYYY-MM` → `YYYY` → `1980-1989`.
#[derive(Debug)]
pub(in crate::rules) struct Calendar(Vec<Part>);

impl Calendar {
    /// A ladder of days without steps, which tells what labels stand for.
    pub(in crate::rules) fn usual() -> Self {
        Self(Vec::new())
    }

    /// A ladder of days, with these steps or all of them.
    ///
    /// # Errors
    /// What steps are expected instead.
    pub(in crate::rules) fn of_days(steps: Option<&[StepName]>) -> Result<Self, String> {
        Self::new(steps, &[Part::Month, Part::Year]).ok_or_else(|| fixed!("expected any of \"month\", \"year\" and whole numbers of years from 2, each more than \
             the one before, as in ladder = [\"month\", \"year\", 5, 10]; `*` follows by itself").to_string())
    }

    /// The same of months.
    ///
    /// # Errors
    /// What steps are expected instead.
    pub(in crate::rules) fn of_months(steps: Option<&[StepName]>) -> Result<Self, String> {
        Self::new(steps, &[Part::Year]).ok_or_else(|| fixed!("expected \"year\" and whole numbers of years from 2, each more than the one before, as \
             in ladder = [\"year\", 5, 10]; `*` follows by itself").to_string())
    }

    fn new(steps: Option<&[StepName]>, named: &[Part]) -> Option<Self> {
        let Some(steps) = steps else {
            let years = [5, 10, 20].map(Part::Years);
            return Some(Self([named, &years].concat()));
        };
        let part = |step: &StepName| {
            let part = match step {
                StepName::Name(name) if name == "month" => Part::Month,
                StepName::Name(name) if name == "year" => Part::Year,
                StepName::Name(_) => return None,
                StepName::Width(width) => return (*width >= 2).then_some(Part::Years(*width)),
            };
            named.contains(&part).then_some(part)
        };
        let parts: Option<Vec<Part>> = steps.iter().map(part).collect();
        parts.filter(|parts| rises(parts)).map(Self)
    }
}

fn rises(parts: &[Part]) -> bool {
    parts.is_sorted_by(|one, next| one.cmp(next) == Ordering::Less)
}

/// The days of a part of the calendar.
fn days(label: &[u8]) -> Option<Extent> {
    let text = str::from_utf8(label).ok()?;
    let number = |digits: Option<&str>| digits?.parse::<u32>().ok();
    let day = |year: u32, month: u32, day: u32| {
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        Some(i64::from(date.num_days_from_ce()))
    };
    let first = number(text.get(..4))?;
    let next_month = |month: u32| match month {
        12 => day(first + 1, 1, 1),
        _ => day(first, month + 1, 1),
    };
    let shape = |known: &[u8]| {
        let mut bytes = known.iter().zip(label);
        let fits = |(shape, byte): (&u8, &u8)| (*shape == b'9') == byte.is_ascii_digit();
        known.len() == label.len() && bytes.all(fits)
    };
    let (least, behind) = if shape(b"9999-99-99") {
        let own = day(first, number(text.get(5..7))?, number(text.get(8..))?)?;
        (own, own + 1)
    } else if shape(b"9999-99") {
        let month = number(text.get(5..))?;
        (day(first, month, 1)?, next_month(month)?)
    } else if shape(b"9999-9999") {
        (day(first, 1, 1)?, day(number(text.get(5..))? + 1, 1, 1)?)
    } else if shape(b"9999") {
        (day(first, 1, 1)?, day(first + 1, 1, 1)?)
    } else {
        return None;
    };
    Some(Extent::Span(least, behind))
}

impl Ladder for Calendar {
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        let extents = labels.iter().map(|label| days(label));
        extents.map(|days| days.unwrap_or(Extent::Itself)).collect()
    }

    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        let years: Vec<Box<[u8]>> = values
            .iter()
            .map(|value| year(value).map_or_else(|| value.clone(), Box::from))
            .collect();
        let mut steps = Vec::new();
        for part in &self.0 {
            match part {
                Part::Month => steps.push(Step::by("month".to_owned(), values, |value| {
                    year(value)?;
                    value.get(..7).map(<[u8]>::to_vec)
                })),
                Part::Year => steps.push(Step::by("year".to_owned(), values, |value| {
                    year(value).map(<[u8]>::to_vec)
                })),
                // What is left of a date is a year, which has intervals of its own.
                Part::Years(width) => {
                    let brackets = Brackets::new(Style::Years, Some(vec![*width]));
                    steps.extend(brackets.steps(&years)?.steps);
                }
            }
        }
        Ok(Steps::of(values, steps))
    }
}

/// The year of `YYYY-MM` or `YYYY-MM-DD`.
fn year(value: &[u8]) -> Option<&[u8]> {
    let shape: Vec<u8> = value
        .iter()
        .map(|byte| if byte.is_ascii_digit() { b'9' } else { *byte })
        .collect();
    match shape.as_slice() {
        b"9999-99" | b"9999-99-99" => value.get(..4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::climb;
    use super::*;

    #[test]
    fn dates_become_months_and_years() {
        let values = ["1985-07-23", "1999-12", "1950-1959", "", "*"];
        let days = climb(&Calendar::of_days(None).unwrap(), &values);
        let found: Vec<(&str, String)> = days
            .iter()
            .map(|(title, labels)| (title.as_str(), labels.join(" ")))
            .collect();
        let expected = [
            ("month", "1985-07 1999-12 1950-1959  *"),
            ("year", "1985 1999 1950-1959  *"),
            ("5 years", "1985-1989 1995-1999 1950-1959  *"),
            ("10 years", "1980-1989 1990-1999 1950-1959  *"),
            ("20 years", "1980-1999 1980-1999 1940-1959  *"),
        ];
        let expected = expected.map(|(title, labels)| (title, labels.to_owned()));
        assert_eq!(found, expected);
        let months = climb(&Calendar::of_months(None).unwrap(), &values);
        assert_eq!(months, days[1..]);
    }

    #[test]
    fn steps_are_checked() {
        let name = |name: &str| StepName::Name(name.to_owned());
        let width = StepName::Width;
        for (case, steps, of_days, of_months) in [
            ("none", vec![], true, true),
            (
                "all",
                vec![name("month"), name("year"), width(5), width(10)],
                true,
                false,
            ),
            ("years", vec![name("year"), width(5)], true, true),
            ("widths alone", vec![width(5), width(10)], true, true),
            ("falling widths", vec![width(10), width(5)], false, false),
            ("falling", vec![name("year"), name("month")], false, false),
            ("twice", vec![name("year"), name("year")], false, false),
            ("too narrow", vec![width(1)], false, false),
            ("unknown", vec![name("decade")], false, false),
        ] {
            assert_eq!(Calendar::of_days(Some(&steps)).is_ok(), of_days, "{case}");
            assert_eq!(
                Calendar::of_months(Some(&steps)).is_ok(),
                of_months,
                "{case}"
            );
        }
    }
}
