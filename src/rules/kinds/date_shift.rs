//! `date_shift`: a date, moved by a random number of days that all dates of its row share.
//!
//! How long it was from one date of a person to another stays true; when it was does not.

use chrono::TimeDelta;
use rand::RngExt;
use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::crypto::keys::Role;
use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::date::{DAY, Dates, FORMATS_DO, FORMATS_TAKE, Formats, NO_SUCH_DATE};
use crate::rules::draws::{self, Draws};
use crate::rules::ladder::{Calendar, StepName};
use crate::rules::options::Whole;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Again, Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "date_shift",
    summary: "write a date moved by a random number of days, the same for all dates of a row (with \
              a role, of a person) under one max_days, as YYYY-MM-DD without a time; read like year; a moved date may lie \
              after today",
    done: fixed!("the dates of a row are moved by one random number of days"),
    options: &[
        OptionDoc {
            name: "max_days",
            takes: "a whole number from 1 to 36500; required",
            meaning: "how far a date is moved at most, either way; every number of days is as likely \
                      as any other, none too",
        },
        OptionDoc {
            name: "formats",
            takes: FORMATS_TAKE,
            meaning: FORMATS_DO,
        },
        OptionDoc {
            name: "role",
            takes: draws::ROLE_TAKES,
            meaning: "whose key (`--key`) the number of days follows from, the same in every run for \
                      the same person: `person` must be said",
        },
    ],
    samples: &["{ max_days = 30 }"],
    parse: options::rule::<DateShift>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    max_days: Option<Whole<1, 36_500>>,
    formats: Option<Formats<DAY>>,
    role: Option<Role>,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "Options")]
struct DateShift {
    max_days: i64,
    formats: Option<Formats<DAY>>,
    role: Option<Role>,
}

impl TryFrom<Options> for DateShift {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        let Some(Whole(max_days)) = options.max_days else {
            return Err(fixed!(
                "max_days is required: a whole number from 1 to 36500, \
                        as in { date_shift = { max_days = 30 } }"
            ));
        };
        Ok(Self {
            max_days,
            formats: options.formats,
            role: options.role,
        })
    }
}

impl Rule for DateShift {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Err(Inexpressible::Because(fixed!(
            "its random numbers are those of this program"
        )))
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let days = self.max_days.to_string();
        let draws = match &self.role {
            None => Draws::of_run(column, &format!("date_shift {days}")),
            Some(role) => Draws::of_role(role, column, (KIND.name, &days))?,
        };
        Ok(Action::Write(Box::new(Compiled {
            dates: Dates::new(self.formats.as_ref(), column.run.today),
            max_days: self.max_days,
            draws,
        })))
    }

    fn role(&self) -> Option<&Role> {
        self.role.as_ref()
    }

    fn again(&self) -> Again {
        match self.role {
            Some(_) => Again::SameDraw,
            None => Again::Draw,
        }
    }

    fn tells_when_or_where(&self) -> bool {
        true
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        Ok(Box::new(Calendar::of_days(steps)?))
    }
}

struct Compiled {
    dates: Dates,
    max_days: i64,
    /// Those of all columns with these days.
    draws: Draws,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let date = self.dates.day(cell.content)?;
        // Not of the date: the days between two dates of a person stay what they were.
        let mut random = self.draws.of(cell, b"")?;
        let days = random.random_range(-self.max_days..=self.max_days);
        // From 1800 to a century after today: that exists.
        let moved = date.checked_add_signed(TimeDelta::days(days));
        let moved = moved.ok_or(&NO_SUCH_DATE)?;
        out.extend_from_slice(moved.format("%Y-%m-%d").to_string().as_bytes());
        Ok(Outcome::Written)
    }
}

#[cfg(test)]
mod tests;
