//! Shifts of dates: what is written, how they are drawn, and what many nights of them tell.

use std::sync::Arc;

use chrono::NaiveDate;

use super::*;
use crate::base::random::Randomness;
use crate::rules::context::RunContext;
use crate::rules::options::testing::{refuses, rule, today, transform, write};
use crate::rules::transform::CellRow;

/// How many days a column moves the dates of a record.
fn shift(options: &str, record: u64, (seed, position): (u64, usize), cell: &str) -> i64 {
    let run = RunContext {
        random: Arc::new(Randomness::from_seed(seed)),
        ..RunContext::on(today())
    };
    let name = format!("column {position}");
    let column = ColumnContext {
        run: &run,
        name: &name,
        output: "column",
        position,
    };
    let Ok(Action::Write(transform)) = rule(&KIND, options).compile(&column) else {
        panic!("date_shift writes");
    };
    let content = cell.as_bytes();
    let cell = Cell {
        content,
        row: &CellRow {
            record,
            index: None,
            person: b"",
        },
    };
    let mut out = Vec::new();
    transform.apply(cell, &mut out).unwrap();
    let date = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
    let before = date(str::from_utf8(content).unwrap().get(..10).unwrap());
    (date(str::from_utf8(&out).unwrap()) - before).num_days()
}

#[test]
fn all_dates_of_a_row_are_moved_alike() {
    let month = "{ max_days = 30 }";
    let formats = "{ max_days = 30, formats = ['%Y-%m-%d %H:%M', '%Y-%m-%d'] }";
    let shifts = |options, run, cell| -> Vec<i64> {
        (1..200)
            .map(|record| shift(options, record, run, cell))
            .collect()
    };
    let own = shifts(month, (1, 0), "1985-07-23");
    for (case, options, run, cell, same) in [
        ("another column and date", month, (1, 5), "2020-02-29", true),
        ("with a time", month, (1, 5), "2020-02-29T23:59:59Z", true),
        (
            "in formats of its own",
            formats,
            (1, 2),
            "1990-01-01 10:00",
            true,
        ),
        ("another run", month, (2, 0), "1985-07-23", false),
        (
            "other days",
            "{ max_days = 31 }",
            (1, 0),
            "1985-07-23",
            false,
        ),
    ] {
        assert_eq!(shifts(options, run, cell) == own, same, "{case}");
    }
}

#[test]
fn ninety_nights_of_a_key_tell_no_more_of_a_date_than_one() {
    const PEOPLE: u64 = 1_000;
    let start = NaiveDate::from_ymd_opt(1985, 7, 23).unwrap();
    let nights: Vec<RunContext> = (0..90)
        .map(|night| RunContext {
            random: Arc::new(Randomness::from_seed(night)),
            ..RunContext::on(today())
        })
        .collect();
    // By how many days a person's date is moved, night after night in another place of the file.
    let shifts = |options: &str, people: u64| -> Vec<Vec<i64>> {
        let runs = (0..).zip(&nights).map(|(night, run)| {
            let column = ColumnContext {
                run,
                name: "column",
                output: "column",
                position: 0,
            };
            let Ok(Action::Write(shifted)) = rule(&KIND, options).compile(&column) else {
                panic!("date_shift writes");
            };
            let people = (0..people).map(|person| {
                let (mut out, name) = (Vec::new(), format!("C-{person}"));
                let cell = Cell {
                    content: b"1985-07-23",
                    row: &CellRow {
                        record: 1 + (person + 7 * night) % PEOPLE,
                        index: None,
                        person: name.as_bytes(),
                    },
                };
                shifted.apply(cell, &mut out).unwrap();
                let moved: NaiveDate = str::from_utf8(&out).unwrap().parse().unwrap();
                (moved - start).num_days()
            });
            people.collect()
        });
        runs.collect()
    };
    // How many days are possible when each night allows those at most 30 away.
    let possible = |nights: &[Vec<i64>], person: usize| {
        let seen = || nights.iter().map(|night| night[person]);
        61 - (seen().max().unwrap() - seen().min().unwrap())
    };
    let anew = shifts("{ max_days = 30 }", 100);
    let found = (0..100).filter(|person| possible(&anew, *person) == 1);
    let found = found.count();
    assert!(found > 50, "the attack works: {found}");
    let kept = shifts("{ max_days = 30, role = 'a' }", PEOPLE);
    assert!((0..PEOPLE as usize).all(|person| possible(&kept, person) == 61));
    let mut drawn = kept[0].clone();
    drawn.sort_unstable();
    drawn.dedup();
    assert_eq!(drawn.len(), 61, "draws of their own");
}

#[test]
fn every_number_of_days_is_as_likely_as_any_other() {
    const ROWS: u32 = 100_000;
    const MOST: i64 = 10;
    let shifts = transform(&KIND, "{ max_days = 10 }");
    let start = NaiveDate::from_ymd_opt(1985, 7, 23).unwrap();
    let mut rows = [0_u32; 2 * MOST as usize + 1];
    for record in 1..=u64::from(ROWS) {
        let mut out = Vec::new();
        let cell = Cell {
            content: b"1985-07-23",
            row: &CellRow {
                record,
                index: None,
                person: b"",
            },
        };
        shifts.apply(cell, &mut out).unwrap();
        let moved: NaiveDate = str::from_utf8(&out).unwrap().parse().unwrap();
        // Out of range panics: no date is moved further.
        rows[usize::try_from((moved - start).num_days() + MOST).unwrap()] += 1;
    }
    let (all, days) = (f64::from(ROWS), rows.len() as f64);
    // Five standard errors of a binomial count. The variance of the shift is (m² − 1) / 12 for m
    // days, its fourth moment (3m⁴ − 10m² + 7) / 240.
    let each = (all / days * (1.0 - 1.0 / days)).sqrt();
    for (at, count) in rows.iter().enumerate() {
        assert!(
            (f64::from(*count) - all / days).abs() < 5.0 * each,
            "{at}: {count}"
        );
    }
    let power = |power: i32| -> f64 {
        let days = (-MOST..=MOST).map(|day| (day as f64).powi(power));
        days.zip(rows)
            .map(|(day, count)| day * f64::from(count))
            .sum::<f64>()
            / all
    };
    let variance = (days * days - 1.0) / 12.0;
    let fourth = (3.0 * days.powi(4) - 10.0 * days.powi(2) + 7.0) / 240.0;
    assert!(
        power(1).abs() < 5.0 * (variance / all).sqrt(),
        "mean {}",
        power(1)
    );
    let error = ((fourth - variance * variance) / all).sqrt();
    assert!(
        (power(2) - variance).abs() < 5.0 * error,
        "variance {}",
        power(2)
    );
}

#[test]
fn only_real_dates_are_moved() {
    let shifts = transform(&KIND, "{ max_days = 36500 }");
    for (cell, expected) in [
        ("1900-01-01", None),
        ("15/06/2026", None),
        ("16/06/2026", Some("in_the_future")),
        ("31/12/1899", Some("before_1900")),
        ("1985-02-29", Some("no_such_date")),
        ("1985", Some("not_a_date")),
    ] {
        let written = write(shifts.as_ref(), cell);
        assert_eq!(written.as_ref().err().copied(), expected, "{cell}");
        if let Ok((text, _)) = written {
            assert!(
                NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_ok(),
                "{text}"
            );
            assert_eq!(text.len(), 10, "{text}");
        }
    }
}

#[test]
fn refuses_bad_options() {
    let shifts = rule(&KIND, "{ max_days = 1 }");
    assert!(!shifts.identifies_when_repeated());
    refuses(
        &KIND,
        &cases![
            "{}", "{}", "max_days is required";
            "{ max_days = 0 }", "0", "a whole number from 1 to 36500";
            "{ max_days = 36501 }", "36501", "a whole number from 1 to 36500";
            "{ max_days = 1.5 }", "1.5", "a whole number";
            "{ max_days = 5, formats = ['%m/%Y'] }", "'%m/%Y'", "does not read a day";
            "{ max_days = 5, formats = ['%Y'] }", "'%Y'", "does not read a month";
            "{ days = 5 }", "days", "expected one of `max_days`, `formats`, `role`";
        ],
    );
}
