//! Dates in SQL: what is written as a date, then whether there is such a day.

use chrono::format::{Fixed, Item, Numeric};

use super::super::amount::sql::trimmed;
use super::{Format, Formats};
use crate::sql::{Column, Inexpressible, exactly, white_space};

/// What may stand behind a date.
const TIME: &str = "(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?\
                    (?:Z|[-+](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?";

/// The days of the Gregorian calendar, as `YYYYMMDD`.
const DAYS: &str = "[0-9]{4}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])\
                    |(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))\
                    |(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)0229";

/// All days but those of leap years, as `YYYY-MM-DD` and as `DD/MM/YYYY`.
const DAYS_BUT_LEAP: [&str; 2] = [
    "[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])\
     |(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)",
    "(?:(?:0[1-9]|1[0-9]|2[0-8])/(?:0[1-9]|1[0-2])\
     |(?:29|30)/(?:0[13-9]|1[0-2])|31/(?:0[13578]|1[02]))/[0-9]{4}",
];

/// What is wrong with a cell that has no date.
pub(in crate::rules) const INVALID: &str = "not a date from 1900 to today in an accepted form";

/// The day of a date from 1900 to today, `YYYYMMDD`, in these formats or in the built-in forms. What
/// a format does not tell of it is the first: of the year, or of the month where `monthly` is said.
pub(in crate::rules) fn day<const DETAIL: u8>(
    column: &mut Column<'_>,
    formats: Option<&Formats<DETAIL>>,
    monthly: bool,
) -> Result<String, Inexpressible> {
    match formats {
        None => Ok(built_in(column)),
        Some(Formats(formats)) => custom(column, formats, monthly),
    }
}

fn built_in(column: &mut Column<'_>) -> String {
    let dialect = column.dialect();
    let cell = column.cell();
    let day_of = |text: &str, [year, month, day]: [u8; 3]| {
        let digits = |at, length| format!("substr({text}, {at}, {length})");
        let parts = [digits(year, 4), digits(month, 2), digits(day, 2)];
        dialect.concat(&parts.each_ref().map(String::as_str))
    };
    // Most cells are a day that there is, and no more.
    let [forward, backward] = DAYS_BUT_LEAP.map(|days| dialect.is_whole(&cell, days));
    let plain = format!(
        "CASE\n  WHEN {forward} THEN {}\n  WHEN {backward} THEN {}\nEND",
        day_of(&cell, [1, 6, 9]),
        day_of(&cell, [7, 4, 1]),
    );
    let plain = column.step("plain", plain);
    let date = trimmed(column, Some(&plain));
    let is = |form: &str| dialect.is_whole(&date, &format!("{form}{TIME}"));
    let day = format!(
        "CASE\n  WHEN {} THEN {}\n  WHEN {} THEN {}\n  WHEN {} THEN substr({date}, 1, 8)\nEND",
        is("[0-9]{4}(?:-[0-9]{2}-|/[0-9]{2}/)[0-9]{2}"),
        day_of(&date, [1, 6, 9]),
        is("[0-9]{2}(?:-[0-9]{2}-|/[0-9]{2}/|[.][0-9]{2}[.])[0-9]{4}"),
        day_of(&date, [7, 4, 1]),
        is("[0-9]{8}"),
    );
    let day = column.step("day", day);
    let date = format!(
        "CASE\n  WHEN {} THEN {plain}\n  WHEN {} THEN {day}\nEND",
        is_past(column, &plain),
        exists(column, &day)
    );
    column.step("date", date)
}

/// A day, `YYYYMMDD`, if there is such a day from 1900 to today.
fn checked(column: &Column<'_>, day: &str) -> String {
    format!("CASE WHEN {}\n  THEN {day} END", exists(column, day))
}

/// The condition that there is such a day from 1900 to today.
fn exists(column: &Column<'_>, day: &str) -> String {
    let exists = column.dialect().is_whole(day, DAYS);
    format!("{exists}\n    AND {}", is_past(column, day))
}

/// The condition that a day, which exists, lies between 1900 and today.
fn is_past(column: &Column<'_>, day: &str) -> String {
    let dialect = column.dialect();
    format!(
        "CAST({day} AS {}) BETWEEN 19000101 AND {}",
        dialect.integer_type(),
        dialect.today()
    )
}

/// The day in the first of these formats that fits.
fn custom(
    column: &mut Column<'_>,
    formats: &[Format],
    monthly: bool,
) -> Result<String, Inexpressible> {
    let readings: Result<Vec<Reading>, Inexpressible> = formats.iter().map(Reading::new).collect();
    let readings = readings?;
    // Whether a month lies ahead is asked after a format was chosen.
    if monthly && readings.len() > 1 && readings.iter().any(|reading| !reading.has(Field::Day)) {
        return Err(Inexpressible::Because(fixed!(
            "one of several date formats does not tell the day"
        )));
    }
    let dialect = column.dialect();
    let date = trimmed(column, None);
    let names = |part: &str, at: usize| format!("{part}_{}", at + 1);
    let mut fields = Vec::new();
    for (at, reading) in readings.iter().enumerate() {
        let part = |field| {
            let pattern = reading.pattern(field)?;
            let text = dialect.group(&date, &pattern);
            Some(match field {
                Field::MonthName => text,
                _ => dialect.replace(&text, "[^0-9]", ""),
            })
        };
        let mut add = |field, name: &str| {
            let text = part(field)?;
            Some(match (at, field) {
                (0, Field::Year | Field::ShortYear) => column.step(&names(name, at), text),
                _ => column.beside(&names(name, at), text),
            })
        };
        let year = add(Field::Year, "y").map(|year| (year, false));
        let year = year.or_else(|| Some((add(Field::ShortYear, "y")?, true)));
        let month = add(Field::Month, "m");
        let name = add(Field::MonthName, "month");
        let day = add(Field::Day, "d");
        fields.push((year, month, name, day));
    }
    let mut days = Vec::new();
    for (at, (year, month, name, day)) in fields.iter().enumerate() {
        let Some((year, short)) = year else {
            continue;
        };
        let two = |digits: &str| format!("right({}, 2)", dialect.concat(&["'0'", digits]));
        let year = match short {
            true => {
                let year = two(year);
                let century = format!("CASE WHEN {year} < '70' THEN '20' ELSE '19' END");
                dialect.concat(&[&century, &year])
            }
            false => format!(
                "CASE WHEN {} THEN right({year}, 4) END",
                dialect.is_whole(year, "0*(?:19|[2-9][0-9])[0-9]{2}")
            ),
        };
        let month = match (month, name) {
            (Some(month), _) => Some(two(month)),
            (None, Some(name)) => Some(month_number(name)),
            (None, None) => None,
        };
        let text = match (month, day) {
            (Some(month), Some(day)) => dialect.concat(&[&year, &month, &two(day)]),
            (Some(month), None) if monthly => dialect.concat(&[&year, &month, "'01'"]),
            // Then it is the year alone that must not lie ahead.
            _ => dialect.concat(&[&year, "'0101'"]),
        };
        let name = names("day", at);
        days.push(match at {
            0 => column.step(&name, text),
            _ => column.beside(&name, text),
        });
    }
    let dates: Vec<String> = days.iter().map(|day| checked(column, day)).collect();
    let date = match dates.as_slice() {
        [one] => one.clone(),
        _ => format!("coalesce(\n  {}\n)", dates.join(",\n  ")),
    };
    Ok(column.step("date", date))
}

const MONTHS: [(&str, &str); 12] = [
    ("jan", "uary"),
    ("feb", "ruary"),
    ("mar", "ch"),
    ("apr", "il"),
    ("may", ""),
    ("jun", "e"),
    ("jul", "y"),
    ("aug", "ust"),
    ("sep", "tember"),
    ("oct", "ober"),
    ("nov", "ember"),
    ("dec", "ember"),
];

fn month_number(name: &str) -> String {
    let cases: Vec<String> = MONTHS
        .iter()
        .zip(1..)
        .map(|((short, _), number)| format!("WHEN '{short}' THEN '{number:02}'"))
        .collect();
    format!("CASE lower(substr({name}, 1, 3)) {} END", cases.join(" "))
}

/// What a format reads into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    Minute,
    Second,
}

/// A format as a list of patterns, in order; those of fields can be caught.
#[derive(Debug)]
struct Reading(Vec<(Option<Field>, String)>);

impl Reading {
    /// chrono reads from the left and never goes back: a number takes as many digits as it may. A
    /// pattern does the same only if nothing else could be read, so a number before another one is
    /// as long as it may be, or ends before a blank.
    fn new(format: &Format) -> Result<Self, Inexpressible> {
        let refused = || Inexpressible::Format(format.text().to_owned());
        let items = format.items().ok_or_else(refused)?;
        let blanks = format!("[{}]*", white_space());
        let mut parts: Vec<(Option<Field>, String)> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let behind = items.get(at + 1..).unwrap_or_default();
            let part = match item {
                Item::Literal(text) => (None, exactly(text)),
                Item::OwnedLiteral(text) => (None, exactly(text)),
                Item::Space(_) | Item::OwnedSpace(_) => (None, blanks.clone()),
                Item::Numeric(number, _) => {
                    let (field, long, short, signed) =
                        number_patterns(number).ok_or_else(refused)?;
                    let end = number_end(behind);
                    let pattern = match end {
                        End::Clear => format!("(?:{signed}{long}|{short})"),
                        End::Digit => format!("(?:{long})"),
                        End::Number => {
                            let blank = white_space();
                            format!("(?:(?:{long})[{blank}]*|(?:{signed}{short})[{blank}]+)")
                        }
                    };
                    (Some(field), format!("{blanks}{pattern}"))
                }
                Item::Fixed(Fixed::ShortMonthName) => (Some(Field::MonthName), month_names(false)),
                Item::Fixed(Fixed::LongMonthName) if !begins_with_letter(behind) => {
                    (Some(Field::MonthName), month_names(true))
                }
                _ => return Err(refused()),
            };
            let again = |other: &(Option<Field>, String)| other.0.is_some() && other.0 == part.0;
            if parts.iter().any(again) {
                return Err(refused());
            }
            parts.push(part);
        }
        let has = |field| parts.iter().any(|(known, _)| *known == Some(field));
        let twice = has(Field::Year) && has(Field::ShortYear)
            || has(Field::Month) && has(Field::MonthName)
            || !has(Field::Year) && !has(Field::ShortYear);
        match twice {
            true => Err(refused()),
            false => Ok(Self(parts)),
        }
    }

    fn has(&self, field: Field) -> bool {
        self.0.iter().any(|(known, _)| *known == Some(field))
    }

    /// The whole pattern, which catches one field.
    fn pattern(&self, caught: Field) -> Option<String> {
        let mut pattern = String::new();
        let mut found = false;
        for (field, part) in &self.0 {
            match *field == Some(caught) {
                true => pattern.push_str(&format!("({part})")),
                false => pattern.push_str(part),
            }
            found |= *field == Some(caught);
        }
        found.then_some(pattern)
    }
}

/// What stands behind a number.
enum End {
    /// Nothing that begins with a digit.
    Clear,
    Digit,
    /// A number, perhaps with blanks before it.
    Number,
}

fn number_end(behind: &[Item<'_>]) -> End {
    let begins = |text: &str| match text.starts_with(|c: char| c.is_ascii_digit()) {
        true => End::Digit,
        false => End::Clear,
    };
    match behind.first() {
        Some(Item::Literal(text)) => begins(text),
        Some(Item::OwnedLiteral(text)) => begins(text),
        Some(Item::Numeric(..)) => End::Number,
        Some(Item::Space(_) | Item::OwnedSpace(_)) => {
            match number_end(behind.get(1..).unwrap_or_default()) {
                End::Clear => End::Clear,
                End::Digit | End::Number => End::Number,
            }
        }
        _ => End::Clear,
    }
}

fn begins_with_letter(behind: &[Item<'_>]) -> bool {
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    match behind.first() {
        Some(Item::Literal(text)) => begins(text),
        Some(Item::OwnedLiteral(text)) => begins(text),
        _ => false,
    }
}

/// The field of a number, its pattern with all digits and with fewer, and what a sign lets in.
fn number_patterns(number: &Numeric) -> Option<(Field, &'static str, &'static str, &'static str)> {
    Some(match number {
        Numeric::Year => (Field::Year, "[0-9]{4}", "[0-9]{1,3}", "[+][0-9]+|"),
        Numeric::YearMod100 => (Field::ShortYear, "[0-9]{2}", "[0-9]", ""),
        Numeric::Month => (Field::Month, "0[1-9]|1[0-2]", "[1-9]", ""),
        Numeric::Day => (Field::Day, "0[1-9]|[12][0-9]|3[01]", "[1-9]", ""),
        Numeric::Hour => (Field::Hour, "[01][0-9]|2[0-3]", "[0-9]", ""),
        Numeric::Minute => (Field::Minute, "[0-5][0-9]", "[0-9]", ""),
        Numeric::Second => (Field::Second, "[0-5][0-9]|60", "[0-9]", ""),
        _ => return None,
    })
}

/// The English names of months in any case, short or both.
fn month_names(long: bool) -> String {
    let any_case = |text: &str| -> String {
        let each = text
            .chars()
            .map(|c| format!("[{}{c}]", c.to_ascii_uppercase()));
        each.collect()
    };
    let names: Vec<String> = MONTHS
        .iter()
        .map(|(short, rest)| match long && !rest.is_empty() {
            true => format!("{}(?:{})?", any_case(short), any_case(rest)),
            false => any_case(short),
        })
        .collect();
    format!("(?:{})", names.join("|"))
}
