//! A rule's own date formats, in chrono's notation, and the checks that each can do its work.

use std::fmt::{self, Write};

use chrono::format::{
    Fixed as FixedItem, Item, Numeric, ParseErrorKind, Parsed, StrftimeItems, parse,
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::special::{self, Numbered};
use super::{BEFORE_1900, FIRST_YEAR, IN_THE_FUTURE, NO_SUCH_DATE, NOT_A_DATE, Reason};
use crate::base::lang::Fixed;
use crate::rules::options::Whole;

/// Dates of which the year is told.
pub(in crate::rules) const YEAR: u8 = 0;
/// Dates of which the year and the month are told.
pub(in crate::rules) const MONTH: u8 = 1;
/// Dates that are told whole.
pub(in crate::rules) const DAY: u8 = 2;

/// One format or more, each of which tells [`YEAR`], [`MONTH`] or [`DAY`] at least.
#[derive(Debug)]
pub(in crate::rules) struct Formats<const DETAIL: u8>(pub(in crate::rules) Vec<Format>);

impl<'de, const DETAIL: u8> Deserialize<'de> for Formats<DETAIL> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<const DETAIL: u8>;

        impl<'de, const DETAIL: u8> Visitor<'de> for List<DETAIL> {
            type Value = Formats<DETAIL>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    fixed!(
                        "a list of date formats, such as [\"%d/%m/%Y\"], with at least one in it"
                    )
                    .get(),
                )
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Formats<DETAIL>, A::Error> {
                let mut formats = Vec::new();
                while let Some(Checked::<DETAIL>(format)) = list.next_element()? {
                    formats.push(format);
                }
                if formats.is_empty() {
                    return Err(A::Error::invalid_length(0, &self));
                }
                Ok(Formats(formats))
            }
        }

        deserializer.deserialize_seq(List::<DETAIL>)
    }
}

/// A checked format.
#[derive(Debug, Clone)]
pub(in crate::rules) struct Format {
    text: String,
    form: Form,
}

/// How a format is read.
#[derive(Debug, Clone)]
enum Form {
    Numbered(Numbered),
    /// As a pattern of chrono.
    Pattern {
        items: Vec<Item<'static>>,
        /// The first of the hundred years that a year of two digits is one of.
        century: Option<i32>,
        /// Whether names of months may be French.
        french: bool,
    },
}

/// A format with what is said about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    format: String,
    century: Option<Whole<1800, 2000>>,
    months: Option<Months>,
}

/// The language of names of months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Months {
    En,
    Fr,
}

/// A format that was checked to tell so much.
struct Checked<const DETAIL: u8>(Format);

impl<'de, const DETAIL: u8> Deserialize<'de> for Checked<DETAIL> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<const DETAIL: u8>;

        // The check is made inside a visitor for the error to have the place of the format, not
        // that of the list.
        impl<'de, const DETAIL: u8> Visitor<'de> for Text<DETAIL> {
            type Value = Checked<DETAIL>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    fixed!("a date format, such as \"%d/%m/%Y\" or { format = \"%d/%m/%y\", century = 1900 }").get(),
                )
            }

            fn visit_str<E: Error>(self, format: &str) -> Result<Self::Value, E> {
                let described = Described {
                    format: format.to_owned(),
                    century: None,
                    months: None,
                };
                Format::new(&described, DETAIL)
                    .map(Checked)
                    .map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let described = Described::deserialize(MapAccessDeserializer::new(map))?;
                Format::new(&described, DETAIL)
                    .map(Checked)
                    .map_err(A::Error::custom)
            }
        }

        deserializer.deserialize_any(Text::<DETAIL>)
    }
}

/// Seconds since 1970 of moments that a format must read back as it writes them: two centuries, a
/// leap day, days and months of one digit and of two, mornings and evenings.
const SAMPLES: [i64; 5] = [
    490_957_507,    // 1985-07-23 09:05:07
    -1_835_592_306, // 1911-11-01 17:14:54
    946_684_738,    // 1999-12-31 23:58:58
    951_830_130,    // 2000-02-29 13:15:30
    978_397_384,    // 2001-01-02 01:03:04
];

impl Format {
    /// Takes a format that can be parsed, tells as much as `detail` wants, and reads back what it
    /// writes.
    fn new(described: &Described, detail: u8) -> Result<Self, Fixed> {
        let format = described.format.as_str();
        let french = described.months == Some(Months::Fr);
        let text = format.to_owned();
        if let Some(numbered) = Numbered::named(format) {
            return match french || described.century.is_some() {
                true => Err(fixed!(
                    "a number has no names of months and no years of two digits"
                )),
                false => Ok(Self {
                    text,
                    form: Form::Numbered(numbered),
                }),
            };
        }
        let items = StrftimeItems::new(format).parse_to_owned();
        let items = items.map_err(|_| {
            fixed!("not a date format: expected text with fields such as %d, %m and %Y")
        })?;
        let has = |field: &Numeric| {
            items
                .iter()
                .any(|item| matches!(item, Item::Numeric(numeric, _) if numeric == field))
        };
        // chrono reads a year of two digits as one of 1970 to 2069.
        let short = has(&Numeric::YearMod100) && !has(&Numeric::YearDiv100) && !has(&Numeric::Year);
        if described.century.is_some() && !short {
            return Err(fixed!(
                "century is for years of two digits: expected %y in the format"
            ));
        }
        let has_names = items.iter().any(|item| {
            matches!(
                item,
                Item::Fixed(FixedItem::ShortMonthName | FixedItem::LongMonthName)
            )
        });
        if french && !has_names {
            return Err(fixed!(
                "months is for names of months: expected %B or %b in the format"
            ));
        }
        let mut format = Self {
            text,
            form: Form::Pattern {
                items,
                // Checked without: a leap day need not be one in another century.
                century: None,
                french,
            },
        };
        for sample in SAMPLES
            .iter()
            .filter_map(|at| DateTime::from_timestamp(*at, 0))
        {
            let read = format.write(sample).ok_or(fixed!(
                "a format that writes nothing: expected text with fields such as %d, %m and %Y"
            ))?;
            match format.tell(&read) {
                Ok(Some(told)) if detail >= MONTH && told.month.is_none() => {
                    return Err(fixed!(
                        "the format does not read a month: expected %m, %b or %B in it"
                    ));
                }
                Ok(Some(told)) if detail >= DAY && told.date.is_none() => {
                    return Err(fixed!("the format does not read a day: expected %d in it"));
                }
                Ok(Some(Told { year, month, date }))
                    if (year == sample.year() || short && (year - sample.year()) % 100 == 0)
                        && (detail < MONTH || month == Some(sample.month()))
                        && (detail < DAY || date.map(|date| date.day()) == Some(sample.day())) => {}
                Ok(None) => {
                    return Err(fixed!(
                        "the format does not read a year: expected %Y in it, or %G with %V \
                                and a day of the week"
                    ));
                }
                Ok(Some(_)) | Err(_) => {
                    return Err(fixed!(
                        "the format does not read back the dates it writes: expected \
                                separators, or fields of a fixed width"
                    ));
                }
            }
        }
        if let Form::Pattern { century, .. } = &mut format.form {
            *century = described.century.map(|Whole(first)| first as i32);
        }
        Ok(format)
    }

    /// The format as it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its parts, if it is nothing but a pattern of chrono.
    pub(super) fn items(&self) -> Option<&[Item<'static>]> {
        match &self.form {
            Form::Pattern {
                items,
                century: None,
                french: false,
            } => Some(items),
            _ => None,
        }
    }

    fn write(&self, at: DateTime<Utc>) -> Option<String> {
        let Form::Pattern { items, .. } = &self.form else {
            return None;
        };
        let mut text = String::new();
        // Formatting by itself would panic where a field has nothing to write.
        write!(text, "{}", at.format_with_items(items.iter())).ok()?;
        Some(text)
    }

    /// What `text` tells in this format; nothing if that is not even the year.
    fn tell(&self, text: &str) -> Result<Option<Told>, ParseErrorKind> {
        let (items, century) = match &self.form {
            Form::Pattern { items, century, .. } => (items, *century),
            Form::Numbered(_) => return Ok(None),
        };
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, items.iter()).map_err(|error| error.kind())?;
        if let (Some(first), Some(two)) = (century, parsed.year_mod_100()) {
            let year = first + (two - first).rem_euclid(100);
            let set = parsed.set_year(i64::from(year));
            set.map_err(|error| error.kind())?;
        }
        match parsed.to_naive_date() {
            Ok(date) => Ok(Some(Told {
                year: date.year(),
                month: Some(date.month()),
                date: Some(date),
            })),
            Err(error) if error.kind() == ParseErrorKind::NotEnough => {
                let of_parts = || Some(parsed.year_div_100()? * 100 + parsed.year_mod_100()?);
                let year = parsed.year().or_else(of_parts);
                Ok(year.map(|year| Told {
                    year,
                    month: parsed.month(),
                    date: None,
                }))
            }
            Err(error) => Err(error.kind()),
        }
    }

    /// What the date that `text` is in this format tells, from 1900 to `today`.
    ///
    /// # Errors
    /// The reason why it is none.
    pub(super) fn read(&self, text: &str, today: NaiveDate) -> Result<Told, &'static Reason> {
        let told = match &self.form {
            Form::Numbered(numbered) => numbered.read(text).map(|date| {
                Ok(Some(Told {
                    year: date.year(),
                    month: Some(date.month()),
                    date: Some(date),
                }))
            })?,
            Form::Pattern { french: true, .. } => match special::in_english(text) {
                Some(english) => self.tell(&english),
                None => self.tell(text),
            },
            Form::Pattern { .. } => self.tell(text),
        };
        let told = match told {
            Ok(Some(told)) => told,
            Err(ParseErrorKind::OutOfRange | ParseErrorKind::Impossible) => {
                return Err(&NO_SUCH_DATE);
            }
            Ok(None) | Err(_) => return Err(&NOT_A_DATE),
        };
        if told.year < FIRST_YEAR {
            Err(&BEFORE_1900)
        } else if told.year > today.year() || told.date.is_some_and(|date| date > today) {
            Err(&IN_THE_FUTURE)
        } else {
            Ok(told)
        }
    }
}

/// What a format tells of a date.
#[derive(Debug, Clone, Copy)]
pub(in crate::rules) struct Told {
    pub(in crate::rules) year: i32,
    /// The month, from 1, if the format has one.
    pub(in crate::rules) month: Option<u32>,
    /// The day, if the format tells it.
    pub(in crate::rules) date: Option<NaiveDate>,
}

/// The digits of a year from 0 to 9999.
pub(in crate::rules) fn four_digits(year: i32) -> [u8; 4] {
    // Each is a digit.
    [1000, 100, 10, 1].map(|unit| b'0' + (year / unit % 10) as u8)
}

#[cfg(test)]
mod tests;
