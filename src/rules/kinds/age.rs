//! `age`: how many whole years have passed since a date of birth.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::privacy::ladder::Ladder;
use crate::rules::coding::push_whole;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::date::{self, DAY, Dates, FIRST_YEAR, FORMATS_DO, FORMATS_TAKE, Formats};
use crate::rules::ladder::{self, Brackets, StepName, Style};
use crate::rules::options::Whole;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Again, Kind, Listed, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "age",
    summary: "write the whole years from a date of birth to a day; read like year; whoever was born \
              on 29 February is a year older on 1 March of other years",
    done: fixed!("each date of birth becomes an age in whole years"),
    options: &[
        OptionDoc {
            name: "at",
            takes: "a day as text, \"2026-01-01\"; default: 1 January of the year of the run",
            meaning: "the day on which the age is counted; who was born after it is invalid (by default: \
                      0 years old)",
        },
        OptionDoc {
            name: "top",
            takes: "a whole number from 1 to 150; default: none",
            meaning: "write every age from it on alike: 90+",
        },
        OptionDoc {
            name: "formats",
            takes: FORMATS_TAKE,
            meaning: FORMATS_DO,
        },
    ],
    samples: &["{ top = 90 }"],
    parse: options::rule::<Options>,
};

static BORN_AFTER: Reason = Reason {
    code: "born_after",
    what: fixed!("a date after the day that the rule counts ages on"),
    advice: fixed!("check the column, and the rule's at"),
    mend: None,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    at: Option<At>,
    top: Option<Whole<1, 150>>,
    formats: Option<Formats<DAY>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct At(NaiveDate);

impl TryFrom<String> for At {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        day.filter(|day| (FIRST_YEAR..=9999).contains(&day.year()))
            .map(Self)
            .ok_or(fixed!(
                "expected a day from 1900 on in the form \"2026-01-01\""
            ))
    }
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let today = column.run.today;
        Ok(Action::Write(Box::new(Compiled {
            dates: Dates::new(self.formats.as_ref(), today),
            at: self.at.map_or_else(|| new_year(today), |At(at)| at),
            newborn: self.at.is_none().then_some(0),
            top: self.top.map(|Whole(top)| top as u32),
        })))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let dialect = column.dialect();
        let date = date::sql::day(column, self.formats.as_ref(), false)?;
        let at = match self.at {
            None => {
                let today = dialect.today();
                format!("({today} - {today} % 10000 + 101)")
            }
            Some(At(at)) => at.format("%Y%m%d").to_string(),
        };
        let whole = dialect.integer_type();
        // As numbers of eight digits, days differ by ten thousand for each whole year.
        let apart = column.step("apart", format!("{at} - CAST({date} AS {whole})"));
        let newborn = match self.at {
            None => format!("\n  WHEN {apart} < 0 THEN 0"),
            Some(_) => String::new(),
        };
        let age = format!(
            "CASE WHEN {apart} >= 0\n  THEN CAST(substr(lpad({}, 8, '0'), 1, 4) AS {whole}){newborn} END",
            dialect.as_text(&apart)
        );
        let age = column.step("age", age);
        let text = dialect.as_text(&age);
        let value = match self.top {
            None => text,
            Some(Whole(top)) => format!("CASE WHEN {age} >= {top} THEN '{top}+' ELSE {text} END"),
        };
        Ok(Output::checked(
            column.step("text", value),
            "not a date of birth from 1900 up to the day that ages are counted on",
        ))
    }

    fn again(&self) -> Again {
        match self.at {
            Some(_) => Again::Nothing,
            None => Again::YearOfRun,
        }
    }

    fn tells_when_or_where(&self) -> bool {
        true
    }

    fn listed(&self) -> Option<Listed> {
        let ages = || (0..200).map(|age: u32| age.to_string());
        self.top.is_none().then(|| Listed::Texts(ages().collect()))
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let widths = steps.map_or_else(|| Ok(vec![5, 10, 20]), ladder::widths)?;
        Ok(Box::new(Brackets::coded(Style::Numbers, widths)))
    }
}

struct Compiled {
    dates: Dates,
    at: NaiveDate,
    /// The age of those born after that day, if they have one.
    newborn: Option<u32>,
    top: Option<u32>,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let birth = self.dates.day(cell.content)?;
        let age = age(birth, self.at).or(self.newborn).ok_or(&BORN_AFTER)?;
        let top = self.top.filter(|top| age >= *top);
        push_whole(out, (false, top.unwrap_or(age).into()));
        if top.is_some() {
            out.push(b'+');
        }
        Ok(Outcome::Written)
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

/// The day that ages are counted on unless a rule says otherwise. Counted on the day of each run, the
/// ages of two exports would tell the date of birth of everybody who has a birthday between them; on
/// the first day of a year they tell the year of birth, in every export.
fn new_year(today: NaiveDate) -> NaiveDate {
    today.with_ordinal(1).unwrap_or(today)
}

/// The whole years from a birth to a day; nothing if the birth came after it.
fn age(birth: NaiveDate, at: NaiveDate) -> Option<u32> {
    let years = at.year() - birth.year();
    let birthday_to_come = (at.month(), at.day()) < (birth.month(), birth.day());
    u32::try_from(years - i32::from(birthday_to_come)).ok()
}

#[cfg(test)]
mod tests {
    use chrono::{Days, Months};
    use proptest::prelude::*;

    use super::*;
    use crate::rules::context::RunContext;
    use crate::rules::options::testing::{refuses, rule, write, writes};

    #[test]
    fn counts_whole_years() {
        let new_year = "{ at = '2026-01-01', top = 90 }";
        let february = "{ at = '2025-02-28' }";
        let march = "{ at = '2025-03-01' }";
        let leap = "{ at = '2024-02-29' }";
        writes(
            &KIND,
            &[
                ("{}", "2026-06-15", Ok("0")),
                ("{}", "2026-01-01", Ok("0")),
                ("{}", "2025-01-02", Ok("0")),
                ("{}", "2025-01-01", Ok("1")),
                ("{}", "01/01/1990", Ok("36")),
                ("{}", "02/01/1990", Ok("35")),
                ("{}", "31/12/1990", Ok("35")),
                ("{}", "2026-06-16", Err("in_the_future")),
                ("{}", "1899-12-31", Err("before_1900")),
                ("{}", "1990", Err("not_a_date")),
                (new_year, "2026-01-01", Ok("0")),
                (new_year, "2026-01-02", Err("born_after")),
                (new_year, "2025-01-02", Ok("0")),
                (new_year, "2025-01-01", Ok("1")),
                (new_year, "1936-01-02", Ok("89")),
                (new_year, "1936-01-01", Ok("90+")),
                (new_year, "1900-01-01", Ok("90+")),
                (february, "29/02/2004", Ok("20")),
                (march, "29/02/2004", Ok("21")),
                (leap, "29/02/2004", Ok("20")),
                (leap, "01/03/2004", Ok("19")),
                ("{ formats = ['%d.%m.%y'] }", "01.01.90", Ok("36")),
            ],
        );
    }

    proptest! {
        #[test]
        fn a_birthday_is_the_first_day_of_an_age(
            born in 0_u32..46_000,
            years in 0_u32..120,
        ) {
            let birth = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Days::new(born.into());
            let year = birth.year() + i32::try_from(years).unwrap();
            let birthday = NaiveDate::from_ymd_opt(year, birth.month(), birth.day())
                .unwrap_or_else(|| NaiveDate::from_ymd_opt(year, 3, 1).unwrap());
            prop_assert_eq!(age(birth, birthday), Some(years));
            let eve = birthday.pred_opt().unwrap();
            prop_assert_eq!(age(birth, eve), years.checked_sub(1));
        }
    }

    /// The days of birth that an age on a day leaves possible.
    fn births(at: NaiveDate, age: u32) -> (NaiveDate, NaiveDate) {
        let years = |years: u32| at.checked_sub_months(Months::new(12 * years)).unwrap();
        (years(age + 1).succ_opt().unwrap(), years(age))
    }

    #[test]
    fn ninety_nights_tell_no_more_of_a_birth_than_one() {
        const PEOPLE: u64 = 1_000;
        // A new year is among them.
        let nights =
            (0..90).map(|night| NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + Days::new(night));
        let runs: Vec<_> = nights.map(|night| (night, RunContext::on(night))).collect();
        // Without `at`, and on the day of each night, as a table that says it would have it.
        let possible = |options: &dyn Fn(NaiveDate) -> String,
                        counted_on: &dyn Fn(NaiveDate) -> NaiveDate,
                        people: u64| {
            let mut left = vec![(NaiveDate::MIN, NaiveDate::MAX); people as usize];
            for (night, run) in &runs {
                let column = ColumnContext {
                    run,
                    name: "born",
                    output: "born",
                    position: 0,
                };
                let Ok(Action::Write(ages)) = rule(&KIND, &options(*night)).compile(&column) else {
                    panic!("age writes");
                };
                for (person, left) in (0..people).zip(&mut left) {
                    let born =
                        NaiveDate::from_ymd_opt(1940, 1, 2).unwrap() + Days::new(person * 25);
                    let (age, _) = write(&*ages, &born.to_string()).unwrap();
                    let (first, last) = births(counted_on(*night), age.parse().unwrap());
                    assert!((first..=last).contains(&born), "{born}");
                    *left = (left.0.max(first), left.1.min(last));
                }
            }
            let days = left
                .iter()
                .map(|(first, last)| (*last - *first).num_days() + 1);
            days.collect::<Vec<_>>()
        };
        let exact = |days: &[i64]| days.iter().filter(|days| **days == 1).count();
        let each_day = possible(
            &|night| format!("{{ at = '{night}' }}"),
            &|night| night,
            300,
        );
        assert!(
            exact(&each_day) > 60,
            "the attack works: {}",
            exact(&each_day)
        );
        let usual = possible(&|_| "{}".to_owned(), &new_year, PEOPLE);
        assert!(usual.iter().all(|days| *days >= 365), "a whole year each");
    }

    #[test]
    fn refuses_bad_options() {
        assert!(!rule(&KIND, "{}").identifies_when_repeated());
        let day = "expected a day from 1900 on in the form \"2026-01-01\"";
        refuses(
            &KIND,
            &[
                ("{ at = '01/01/2026' }", "'01/01/2026'", day),
                ("{ at = '2025-02-29' }", "'2025-02-29'", day),
                ("{ at = '1899-12-31' }", "'1899-12-31'", day),
                ("{ at = 2026-01-01 }", "2026-01-01", "expected a string"),
                ("{ top = 0 }", "0", "a whole number from 1 to 150"),
                ("{ formats = ['%m/%Y'] }", "'%m/%Y'", "does not read a day"),
                ("{ on = 1 }", "on", "expected one of `at`, `top`, `formats`"),
            ],
        );
    }
}
