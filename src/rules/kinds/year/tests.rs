//! Dates against tables of named cases and against chrono.

use chrono::Datelike;
use proptest::prelude::*;

use super::*;
use crate::rules::options::testing::{refuses, rule, today, transform, write};

/// The built-in forms of a date, for chrono.
const FORMS: [&str; 6] = [
    "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d",
];

fn year(transform: &dyn Transform, cell: &str) -> Result<String, &'static str> {
    let written = write(transform, cell).map(|(year, outcome)| {
        assert_eq!(outcome, Outcome::Written);
        year
    });
    if let Some(number) = transform.number(cell.as_bytes()) {
        assert_eq!(written, Ok(format!("{number:04}")), "{cell:?}");
    }
    written
}

#[test]
fn reads_dates() {
    let built_in = transform(&KIND, "{}");
    for (cell, expected) in [
        ("1985-07-23", "1985"),
        ("1985/07/23", "1985"),
        ("23/07/1985", "1985"),
        ("23-07-1985", "1985"),
        ("23.07.1985", "1985"),
        ("19850723", "1985"),
        ("  1985-07-23\t", "1985"),
        ("\u{a0}23/07/1985\u{202f}", "1985"),
        ("1900-01-01", "1900"),
        ("2000-02-29", "2000"),
        ("2024-02-29", "2024"),
        ("2026-06-15", "2026"),
        ("1985-07-23T00:00", "1985"),
        ("1985-07-23 23:59", "1985"),
        ("1985-07-23T10:20:30", "1985"),
        ("23/07/1985 10:20:30", "1985"),
        ("19850723T10:20:30.5Z", "1985"),
        (" 1985-07-23 10:20:30.123456789012 ", "1985"),
        ("1985-07-23T10:20Z", "1985"),
        ("1985-07-23T10:20:30+02", "1985"),
        ("1985-07-23T10:20:30-0230", "1985"),
        ("1985-07-23 10:20:30.000+02:00", "1985"),
    ] {
        assert_eq!(
            year(built_in.as_ref(), cell).as_deref(),
            Ok(expected),
            "{cell}"
        );
    }
}

#[test]
fn early_years_are_written_alike() {
    let formats = "{ before = 1940, formats = ['%d.%m.%y', '%Y'] }";
    for (options, cell, expected) in [
        ("{ before = 1940 }", "1939-12-31", Ok("<1940")),
        ("{ before = 1940 }", "1900-01-01", Ok("<1940")),
        ("{ before = 1940 }", "01/01/1940", Ok("1940")),
        ("{ before = 1940 }", "2026-06-15", Ok("2026")),
        ("{ before = 1940 }", "1899-12-31", Err("before_1900")),
        ("{ before = 9999 }", "2026-06-15", Ok("<9999")),
        (formats, "1939", Ok("<1940")),
        (formats, "23.07.85", Ok("1985")),
        (formats, "inconnu", Err("not_a_date")),
    ] {
        let written = year(transform(&KIND, options).as_ref(), cell);
        assert_eq!(written.as_deref(), expected.as_ref().copied(), "{cell}");
    }
}

#[test]
fn refuses_what_is_no_date() {
    let built_in = transform(&KIND, "{}");
    for (reason, cells) in cases![
        "not_a_date",
        &[
            "",
            "1985",
            "07/1985",
            "23/07/85",
            "85-07-23",
            "850723",
            "1985-7-23",
            "3/7/1985",
            "1985-07",
            "1985.07.23",
            "1985-07/23",
            "23/07-1985",
            "23 07 1985",
            "23 juillet 1985",
            "inconnu",
            "1985-07-233",
            "198507230",
            "+1985-07-23",
            "1985-07-2x",
            "19x5-07-23",
            "1985-07-23T",
            "1985-07-23 10",
            "1985-07-23  10:20",
            "1985-07-23t10:20",
            "1985-07-23_10:20",
            "1985-07-23T10:2",
            "1985-07-23T1:20",
            "1985-07-23T10:20:3",
            "1985-07-23T10:20:30.",
            "1985-07-23T10:20:30,5",
            "1985-07-23T10:20.5",
            "1985-07-23T10:20z",
            "1985-07-23T10:20 Z",
            "1985-07-23T10:20+2",
            "1985-07-23T10:20+020",
            "1985-07-23T10:20+02:0",
            "1985-07-23T10:20+02:00:00",
            "1985-07-23T10:20 UTC",
            "1985-07-23Z",
            "1985-07-23T10:20:30Zx",
            "１９８５-07-23",
        ][..];
        "no_such_date",
        &[
            "1985-02-29",
            "1900-02-29",
            "2100-02-29",
            "1985-13-01",
            "1985-00-10",
            "1985-01-00",
            "1985-01-32",
            "31/04/1985",
            "31.06.1985",
            "31-09-1985",
            "19851131",
            "07/23/1985",
            "0000-00-00",
            "00/00/0000",
            "1985-07-23T24:00",
            "1985-07-23T10:60",
            "1985-07-23T10:20:60",
            "1985-07-23T10:20+24:00",
            "1985-07-23T10:20+02:60",
        ];
        "before_1900", &["1899-12-31", "01/01/1753", "0001-01-01", "0985-07-23"];
        "in_the_future", &["2026-06-16", "2026-07-01", "01/01/2027", "9999-12-31"];
    ] {
        for cell in cells {
            assert_eq!(year(built_in.as_ref(), cell), Err(reason), "{cell}");
        }
    }
}

#[test]
fn gives_the_year_of_every_real_date_and_of_no_other() {
    let built_in = transform(&KIND, "{}");
    let forms: [fn(i32, u32, u32) -> String; 6] = [
        |y, m, d| format!("{y}-{m:02}-{d:02}"),
        |y, m, d| format!("{y}/{m:02}/{d:02}"),
        |y, m, d| format!("{d:02}/{m:02}/{y}"),
        |y, m, d| format!("{d:02}-{m:02}-{y}"),
        |y, m, d| format!("{d:02}.{m:02}.{y}"),
        |y, m, d| format!("{y}{m:02}{d:02}"),
    ];
    let mut real = 0;
    for y in 1899..=2027 {
        for (m, d) in (0..=13).flat_map(|m| (0..=32).map(move |d| (m, d))) {
            let date = NaiveDate::from_ymd_opt(y, m, d);
            let expected = match date {
                None => Err("no_such_date"),
                Some(date) if date > today() => Err("in_the_future"),
                Some(_) if y < 1900 => Err("before_1900"),
                Some(_) => Ok(y.to_string()),
            };
            real += usize::from(expected.is_ok());
            for form in forms {
                let cell = form(y, m, d);
                assert_eq!(year(built_in.as_ref(), &cell), expected, "{cell}");
            }
        }
    }
    // The days from 1900-01-01 to today.
    assert_eq!(real, 46_187);
}

/// The date and time that chrono reads in a built-in form, if it would write them so itself.
fn reference(cell: &str) -> Option<NaiveDate> {
    FORMS.iter().find_map(|form| {
        let (date, time) = NaiveDate::parse_and_remainder(cell, form).ok()?;
        let written = date.format(form).to_string();
        let times = [
            "%H:%M", "%H:%M%#z", "%H:%M:%S", "%H:%M:%S%#z", "%H:%M:%S%.f", "%H:%M:%S%.f%#z",
        ];
        let real = time.is_empty()
            || times.iter().any(|format| {
                let format = format!("T{format}");
                let mut parsed = chrono::format::Parsed::new();
                let items = chrono::format::StrftimeItems::new(&format);
                chrono::format::parse(&mut parsed, &time.replacen(' ', "T", 1), items).is_ok()
                    && parsed.second() != Some(60)
            });
        (cell.starts_with(&written) && real).then_some(date)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn accepts_only_what_chrono_accepts(
        cell in prop_oneof![
            "(19|20)[0-9]{2}[-/][01][0-9][-/][0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,3})?)?(Z|[+-][0-2][0-9]:?[0-6][0-9]|[+-][0-2][0-9])?)?",
            "[0-3][0-9][-/.][01][0-9][-/.](19|20)[0-9]{2}([T ][0-2][0-9]:[0-6][0-9](Z|[+-][0-9]{1,4})?)?",
            "(19|20)[0-9]{2}[01][0-9][0-3][0-9](T[0-9:]{0,6})?",
            "[0-9TZ:./ +-]{0,20}",
            any::<String>(),
        ],
    ) {
        let read = year(transform(&KIND, "{}").as_ref(), &cell);
        let real = reference(trim_str(&cell)).filter(|date| date.year() >= 1900 && *date <= today());
        if let Ok(year) = &read {
            let expected = real.map(|date| date.year().to_string());
            prop_assert_eq!(expected.as_ref(), Some(year));
        }
        // Of a date without a time, it accepts just as much.
        if cell.len() <= 10 {
            prop_assert_eq!(read.ok(), real.map(|date| date.year().to_string()));
        }
    }
}

fn trim_str(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace() || "\u{a0}\u{202f}\u{2009}".contains(c))
}

#[test]
fn refuses_bad_options() {
    assert_eq!(rule(&KIND, "{ formats = ['%Y'] }").kind().name, "year");
    refuses(
        &KIND,
        &cases![
            "{ format = '%Y' }", "format", "expected `formats` or `before`";
            "{ formats = '%Y' }", "'%Y'", "expected a list of date formats";
            "{ formats = [] }", "[]", "expected a list of date formats, such as [\"%d/%m/%Y\"], with at least one";
            "{ formats = ['%Y', 5] }", "5", "expected a date format";
            "{ formats = ['%Y', ''] }", "''", "does not read a year";
            "{ formats = ['%d %Q'] }", "'%d %Q'", "not a date format";
            "{ formats = ['%'] }", "'%'", "not a date format";
            "{ formats = ['%G'] }", "'%G'", "does not read a year";
            "{ formats = ['%d/%m'] }", "'%d/%m'", "does not read a year";
            "{ formats = ['%s'] }", "'%s'", "does not read a year";
            "{ formats = ['%C'] }", "'%C'", "does not read a year";
            "{ formats = ['%-d%-m%Y'] }", "'%-d%-m%Y'", "does not read back the dates it writes";
            "{ before = 40 }", "40", "expected a whole number from 1901";
            "['%Y']", "['%Y']", "expected a table of options";
        ],
    );
}
