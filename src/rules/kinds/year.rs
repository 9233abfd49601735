//! `year`: the year of a date, after the whole date was checked.
//!
//! The years of old people are rare: `before` writes them all alike.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::date::{self, Day, Format, Formats, YEAR};
use crate::rules::ladder::{self, Brackets, StepName, Style};
use crate::rules::options::Whole;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Listed, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "year",
    summary: "write the year of a date from 1900 to today: YYYY-MM-DD, YYYY/MM/DD, DD/MM/YYYY, \
              DD-MM-YYYY, DD.MM.YYYY or YYYYMMDD, with or without a time",
    done: fixed!("only the year is left of each date"),
    options: &[
        OptionDoc {
            name: "formats",
            takes: "a list of date formats such as [\"%m/%d/%Y\", \"%d %B %Y\"], of { format = \
                    \"%d/%m/%y\", century = 1900, months = \"fr\" }, and of \"excel\", \"excel_1904\", \"epoch\" \
                    and \"epoch_ms\"; default: the forms above",
            meaning: "read dates in these formats instead, trying one after the other; names of \
                      months and days are English unless months = \"fr\" is said; a year of two digits \
                      (%y) is read as one of 1970 to 2069, or of the hundred years from `century` on; \
                      \"excel\" reads the day numbers of a spreadsheet, \"epoch\" seconds since 1970",
        },
        OptionDoc {
            name: "before",
            takes: "a year from 1901 to 9999; default: none",
            meaning: "write every year before this one alike: <1940",
        },
    ],
    samples: &[
        "{}",
        "{ formats = ['%d %B %Y'] }",
        "{ formats = ['%G-W%V-%u'] }",
    ],
    parse: options::rule::<Options>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    formats: Option<Formats<YEAR>>,
    before: Option<Whole<1901, 9999>>,
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let run = column.run;
        let years: Box<dyn Transform> = match &self.formats {
            None => Box::new(BuiltIn {
                today: Day::of(run.today),
            }),
            Some(Formats(formats)) => Box::new(Custom {
                formats: formats.clone(),
                today: run.today,
            }),
        };
        Ok(Action::Write(match self.before {
            None => years,
            Some(Whole(before)) => Box::new(Early {
                years,
                before: date::four_digits(before as i32),
            }),
        }))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let date = date::sql::day(column, self.formats.as_ref(), false)?;
        let year = format!("substr({date}, 1, 4)");
        let value = match self.before {
            None => year,
            Some(Whole(before)) => format!(
                "CASE WHEN CAST({year} AS {}) < {before} THEN '<{before}' ELSE {year} END",
                column.dialect().integer_type()
            ),
        };
        Ok(Output::checked(
            column.step("year", value),
            date::sql::INVALID,
        ))
    }

    fn tells_when_or_where(&self) -> bool {
        true
    }

    fn listed(&self) -> Option<Listed> {
        let years = || (1900..2100).map(|year: u32| year.to_string());
        self.before
            .is_none()
            .then(|| Listed::Texts(years().collect()))
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let widths = steps.map_or_else(|| Ok(vec![5, 10, 20]), ladder::widths)?;
        Ok(Box::new(Brackets::coded(Style::Years, widths)))
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
        out.extend_from_slice(&date::built_in(cell.content, self.today)?.year());
        Ok(Outcome::Written)
    }

    fn takes(&self, content: &[u8]) -> bool {
        date::read(content, self.today).is_ok()
    }

    fn goes_by_content(&self) -> bool {
        true
    }

    fn number(&self, content: &[u8]) -> Option<u32> {
        let year = date::built_in(content, self.today).ok()?.year();
        Some(crate::rules::transform::number_of_digits(&year))
    }
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
        let told = date::custom(cell.content, &self.formats, self.today)?;
        out.extend_from_slice(&date::four_digits(told.year));
        Ok(Outcome::Written)
    }

    fn takes(&self, content: &[u8]) -> bool {
        date::custom(content, &self.formats, self.today).is_ok()
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

/// Writes the year that another transform writes, or that it is one of the early years.
struct Early {
    years: Box<dyn Transform>,
    /// The first year that is not early, in ASCII.
    before: [u8; 4],
}

impl Transform for Early {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let start = out.len();
        let outcome = self.years.apply(cell, out)?;
        if out.get(start..).is_some_and(|year| year < &self.before[..]) {
            out.truncate(start);
            out.push(b'<');
            out.extend_from_slice(&self.before);
        }
        Ok(outcome)
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
