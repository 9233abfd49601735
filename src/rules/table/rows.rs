//! Which rows may leave: the `[rows]` part of a rule table.

mod period;
mod sample;
mod texts;

use crate::base::lang::Fixed;
use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

pub use self::period::Period;
pub use self::sample::Sample;
pub use self::texts::Texts;
use super::Missing;
use super::keys::{Keys, Wrong, at};
use crate::rules::{Dates, DecimalMark};

/// The keys of `[rows]`.
const KEYS: &[&str] = &["consent", "retention", "where", "sample"];

/// What `[rows]` says. A row leaves only if all of it holds.
#[derive(Debug, Clone, Default)]
pub struct RowRules {
    /// Only people who agreed.
    pub consent: Option<Consent>,
    /// Only what is not too old.
    pub retention: Option<Retention>,
    /// As in `SELECT … WHERE`, in the table's order.
    pub conditions: Vec<Condition>,
    /// Only some of the rows for which the rest holds, drawn at random.
    pub sample: Option<Sample>,
}

impl RowRules {
    /// Whether every row may leave.
    pub(crate) fn are_none(&self) -> bool {
        let nothing = self.consent.is_none() && self.retention.is_none();
        nothing && self.conditions.is_empty() && self.sample.is_none()
    }

    /// The columns that decide about rows.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        let consent = self.consent.iter().map(|consent| consent.column.as_str());
        let retention = self
            .retention
            .iter()
            .map(|retention| retention.column.as_str());
        let conditions = self.conditions.iter();
        let conditions = conditions.map(|condition| condition.column.as_str());
        consent.chain(retention).chain(conditions)
    }

    /// The texts that cells are compared with.
    pub(crate) fn words(&self) -> Vec<String> {
        let consent = self.consent.iter().map(|consent| &consent.is);
        let conditions = self.conditions.iter();
        let conditions = conditions.filter_map(|condition| match &condition.wanted {
            Wanted::Is(texts) | Wanted::IsNot(texts) => Some(texts),
            Wanted::Between { .. } | Wanted::Amount { .. } => None,
        });
        let texts = consent.chain(conditions).flat_map(|texts| &texts.0);
        texts.cloned().collect()
    }
}

/// Who agreed: the rows in which a column says so. Whatever else it says, nothing included, is no
/// consent.
#[derive(Debug, Clone)]
pub struct Consent {
    pub column: String,
    /// What it says then.
    pub is: Texts,
}

/// How long rows may be kept.
#[derive(Debug, Clone)]
pub struct Retention {
    /// The column with the date that counts.
    pub column: String,
    /// How long.
    pub keep: Period,
    /// What becomes of older rows.
    pub older: Older,
    /// How its dates are read.
    pub(crate) dates: Dates,
}

/// What becomes of rows that are too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Older {
    /// They are left out.
    #[default]
    LeaveOut,
    /// They leave with their quasi-identifying and identifying cells empty.
    Blank,
}

/// A condition on one column.
#[derive(Debug, Clone)]
pub struct Condition {
    pub column: String,
    /// What must hold of its cell. Nothing does of a missing one.
    pub wanted: Wanted,
}

/// What must hold of a cell.
#[derive(Debug, Clone)]
pub enum Wanted {
    Is(Texts),
    /// It is none of them.
    IsNot(Texts),
    /// It is a date in a range.
    Between {
        /// The first day, if there is one.
        from: Option<NaiveDate>,
        /// The last day, if there is one.
        to: Option<NaiveDate>,
        /// How its dates are read.
        dates: DateForms,
    },
    /// It is an amount in a range.
    Amount {
        /// It is this or more.
        at_least: Option<i64>,
        /// It is less than this.
        below: Option<i64>,
        /// The column's decimal mark, if the table says which.
        decimal: Option<DecimalMark>,
    },
}

/// The forms that the dates of a column are read in.
#[derive(Debug, Clone)]
pub struct DateForms(pub(crate) Dates);

/// A day as a rule table writes it.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Day(NaiveDate);

impl TryFrom<String> for Day {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d");
        // chrono takes 2024-1-1 too.
        let day = day.ok().filter(|day| day.to_string() == text);
        day.map(Day)
            .ok_or(fixed!("expected a day in quotes, such as \"2024-01-31\""))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with column and is")]
struct ConsentKeys {
    column: String,
    is: Spanned<Texts>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with column, keep, older and formats"
)]
struct RetentionKeys {
    column: String,
    keep: Period,
    #[serde(default)]
    older: Older,
    #[serde(default)]
    formats: Dates,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with column and what must hold of it"
)]
struct ConditionKeys {
    column: String,
    is: Option<Spanned<Texts>>,
    is_not: Option<Spanned<Texts>>,
    from: Option<Day>,
    to: Option<Day>,
    formats: Option<Dates>,
    at_least: Option<i64>,
    below: Option<i64>,
    decimal: Option<DecimalMark>,
}

/// Reads `[rows]`; `missing` is what the table calls a missing cell.
pub(super) fn rows(value: Spanned<DeValue<'_>>, missing: &Missing) -> Result<RowRules, Wrong> {
    let span = value.span();
    let DeValue::Table(table) = value.into_inner() else {
        return Err(at(
            span,
            text!("expected a table with {keys}", keys = KEYS.join(", ")),
        ));
    };
    let mut keys = Keys::new(Spanned::new(span.clone(), table), KEYS)?;
    let consent = keys.take::<ConsentKeys>("consent")?;
    let retention = keys.take::<RetentionKeys>("retention")?;
    let sample = keys.take("sample")?;
    let mut conditions = Vec::new();
    if let Some(list) = keys.value("where") {
        let span = list.span();
        let DeValue::Array(list) = list.into_inner() else {
            return Err(at(
                span,
                fixed!("expected a list of conditions: [{ column = \"sexe\", is = \"F\" }]"),
            ));
        };
        for value in list {
            conditions.push(condition(value, missing)?);
        }
    }
    let rules = RowRules {
        consent: consent
            .map(|keys| {
                Ok::<_, Wrong>(Consent {
                    column: keys.column,
                    is: comparable(keys.is, missing)?,
                })
            })
            .transpose()?,
        retention: retention.map(|keys| Retention {
            column: keys.column,
            keep: keys.keep,
            older: keys.older,
            dates: keys.formats,
        }),
        conditions,
        sample,
    };
    if rules.are_none() {
        return Err(at(
            span,
            text!("expected one of {known}", known = KEYS.join(", ")),
        ));
    }
    Ok(rules)
}

fn condition(value: Spanned<DeValue<'_>>, missing: &Missing) -> Result<Condition, Wrong> {
    let span = value.span();
    let keys = ConditionKeys::deserialize(ValueDeserializer::from(value))?;
    let expected = || {
        at(
            span,
            fixed!(
                "expected one of `is`, `is_not`, a range of dates (`from`, `to`, `formats`) or of amounts \
             (`at_least`, `below`, `decimal`)"
            ),
        )
    };
    let wanted = match keys {
        ConditionKeys {
            is: Some(texts),
            is_not: None,
            from: None,
            to: None,
            formats: None,
            at_least: None,
            below: None,
            decimal: None,
            ..
        } => Wanted::Is(comparable(texts, missing)?),
        ConditionKeys {
            is: None,
            is_not: Some(texts),
            from: None,
            to: None,
            formats: None,
            at_least: None,
            below: None,
            decimal: None,
            ..
        } => Wanted::IsNot(comparable(texts, missing)?),
        ConditionKeys {
            is: None,
            is_not: None,
            from,
            to,
            formats,
            at_least: None,
            below: None,
            decimal: None,
            ..
        } if from.is_some() || to.is_some() => {
            let (from, to) = (from.map(|Day(day)| day), to.map(|Day(day)| day));
            if from.zip(to).is_some_and(|(from, to)| from > to) {
                return Err(at(
                    expected().span,
                    fixed!("`from` is after `to`: no row would leave"),
                ));
            }
            let dates = DateForms(formats.unwrap_or_default());
            Wanted::Between { from, to, dates }
        }
        ConditionKeys {
            is: None,
            is_not: None,
            from: None,
            to: None,
            formats: None,
            at_least,
            below,
            decimal,
            ..
        } if at_least.is_some() || below.is_some() => {
            if at_least
                .zip(below)
                .is_some_and(|(least, below)| least >= below)
            {
                return Err(at(
                    expected().span,
                    fixed!("`at_least` is not less than `below`: no row would leave"),
                ));
            }
            Wanted::Amount {
                at_least,
                below,
                decimal,
            }
        }
        _ => return Err(expected()),
    };
    Ok(Condition {
        column: keys.column,
        wanted,
    })
}

/// Texts that a cell can be: a missing one is never compared.
fn comparable(texts: Spanned<Texts>, missing: &Missing) -> Result<Texts, Wrong> {
    let Texts(list) = texts.get_ref();
    let empty = |text: &String| text.is_empty() || missing.is(text.as_bytes());
    if list.iter().any(empty) {
        return Err(at(
            texts.span(),
            fixed!("one of these texts stands for a missing cell, which meets no condition"),
        ));
    }
    Ok(texts.into_inner())
}

#[cfg(test)]
mod tests;
