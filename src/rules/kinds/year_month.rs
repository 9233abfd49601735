//! `year_month`: the year and the month of a date.

use serde::Deserialize;

use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::date::{self, Dates, FORMATS_DO, FORMATS_TAKE, Formats, MONTH, four_digits};
use crate::rules::ladder::{Calendar, StepName};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Listed, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "year_month",
    summary: "write the year and the month of a date, YYYY-MM; read like year",
    done: fixed!("only the year and the month are left of each date"),
    options: &[OptionDoc {
        name: "formats",
        takes: FORMATS_TAKE,
        meaning: FORMATS_DO,
    }],
    samples: &["{}"],
    parse: options::rule::<Options>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    formats: Option<Formats<MONTH>>,
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let dates = Dates::new(self.formats.as_ref(), column.run.today);
        Ok(Action::Write(Box::new(Compiled(dates))))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let date = date::sql::day(column, self.formats.as_ref(), true)?;
        let (year, month) = (
            format!("substr({date}, 1, 4)"),
            format!("substr({date}, 5, 2)"),
        );
        let month = column.dialect().concat(&[&year, "'-'", &month]);
        Ok(Output::checked(
            column.step("month", month),
            date::sql::INVALID,
        ))
    }

    fn tells_when_or_where(&self) -> bool {
        true
    }

    fn listed(&self) -> Option<Listed> {
        let months = (1900..2100).flat_map(|year| (1..=12).map(move |month| (year, month)));
        let written = months.map(|(year, month)| format!("{year}-{month:02}"));
        Some(Listed::Texts(written.collect()))
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        Ok(Box::new(Calendar::of_months(steps)?))
    }
}

struct Compiled(Dates);

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let (year, month) = self.0.month(cell.content)?;
        out.extend_from_slice(&four_digits(year));
        // Both are digits: a month is 12 at most.
        out.extend_from_slice(&[b'-', b'0' + (month / 10) as u8, b'0' + (month % 10) as u8]);
        Ok(Outcome::Written)
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{refuses, rule, writes};

    #[test]
    fn writes_the_month() {
        let formats = "{ formats = ['%m/%Y', '%d %b %y'] }";
        writes(
            &KIND,
            &[
                ("{}", "23/07/1985", Ok("1985-07")),
                ("{}", "2000-02-29T10:20", Ok("2000-02")),
                ("{}", "20251231", Ok("2025-12")),
                ("{}", "2026-06-15", Ok("2026-06")),
                ("{}", "2026-06-16", Err("in_the_future")),
                ("{}", "1899-12-31", Err("before_1900")),
                ("{}", "2001-02-29", Err("no_such_date")),
                ("{}", "1985-07", Err("not_a_date")),
                (formats, "7/1985", Ok("1985-07")),
                (formats, "06/2026", Ok("2026-06")),
                (formats, "07/2026", Err("in_the_future")),
                (formats, "13/1985", Err("no_such_date")),
                (formats, "3 Jan 99", Ok("1999-01")),
            ],
        );
    }

    #[test]
    fn refuses_bad_options() {
        assert!(!rule(&KIND, "{}").identifies_when_repeated());
        refuses(
            &KIND,
            &[
                ("{ formats = ['%Y'] }", "'%Y'", "does not read a month"),
                ("{ formats = ['%d/%m'] }", "'%d/%m'", "does not read a year"),
                ("{ format = 1 }", "format", "expected `formats`"),
            ],
        );
    }
}
