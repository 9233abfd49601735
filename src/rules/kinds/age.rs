//! `age`: how many whole years have passed since a date of birth.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use toml::de::ValueDeserializer;

use crate::base::lang::Fixed;
use crate::privacy::ladder::Ladder;
use crate::rules::coding::push_whole;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::date::{self, DAY, Dates, FIRST_YEAR, FORMATS_DO, FORMATS_TAKE, Formats};
use crate::rules::ladder::{self, Brackets, StepName, Style};
use crate::rules::options::Whole;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

/// The kind `age`.
pub(crate) static KIND: Kind = Kind {
    name: "age",
    summary: "write the whole years from a date of birth to a day; read like year; whoever was born \
              on 29 February is a year older on 1 March of other years",
    done: fixed!("each date of birth becomes an age in whole years"),
    options: &[
        OptionDoc {
            name: "at",
            takes: "a day as text, \"2026-01-01\"; default: the day of the run",
            meaning: "the day on which the age is counted; who was born after it is invalid",
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
    parse,
};

static BORN_AFTER: Reason = Reason {
    code: "born_after",
    what: fixed!("a date after the day that the rule counts ages on"),
    advice: fixed!("check the column, and the rule's at"),
    mend: None,
};

fn parse(options: ValueDeserializer<'_>) -> Result<Box<dyn Rule>, toml::de::Error> {
    let options: Options = options::read(options)?;
    Ok(Box::new(options))
}

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

    fn tells_again(&self) -> bool {
        false
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let today = column.run.today;
        Ok(Action::Write(Box::new(Compiled {
            dates: Dates::new(self.formats.as_ref(), today),
            at: self.at.map_or(today, |At(at)| at),
            top: self.top.map(|Whole(top)| top as u32),
        })))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let dialect = column.dialect();
        let date = date::sql::day(column, self.formats.as_ref(), false)?;
        let at = match self.at {
            None => dialect.today(),
            Some(At(at)) => at.format("%Y%m%d").to_string(),
        };
        let whole = dialect.integer_type();
        // As numbers of eight digits, days differ by ten thousand for each whole year.
        let apart = column.step("apart", format!("{at} - CAST({date} AS {whole})"));
        let age = format!(
            "CASE WHEN {apart} >= 0\n  THEN CAST(substr(lpad({}, 8, '0'), 1, 4) AS {whole}) END",
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

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let widths = steps.map_or_else(|| Ok(vec![5, 10, 20]), ladder::widths)?;
        Ok(Box::new(Brackets::coded(Style::Numbers, widths)))
    }
}

struct Compiled {
    dates: Dates,
    at: NaiveDate,
    top: Option<u32>,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let birth = self.dates.day(cell.content)?;
        let age = age(birth, self.at).ok_or(&BORN_AFTER)?;
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

/// The whole years from a birth to a day; nothing if the birth came after it.
fn age(birth: NaiveDate, at: NaiveDate) -> Option<u32> {
    let years = at.year() - birth.year();
    let birthday_to_come = (at.month(), at.day()) < (birth.month(), birth.day());
    u32::try_from(years - i32::from(birthday_to_come)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::options::testing::{refuses, rule, writes};

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
                ("{}", "15/06/1990", Ok("36")),
                ("{}", "16/06/1990", Ok("35")),
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
                ("{ formats = ['%d.%m.%y'] }", "15.06.90", Ok("36")),
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

    #[test]
    fn refuses_bad_options() {
        assert!(!rule(&KIND, "{}").tells_again());
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
