//! A marker in every cell: through every way a run can go, no marker of a dropped or transformed
//! column is ever in the output, and no marker at all in a message, a manifest or a left-over file.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{COLUMNS, Scratch, crm, gzip, oracle, run, run_with_input, to_csv, utf16};

/// In the text cells that must not leave.
const TEXT: &str = "zqxmark";
/// In the numbers and dates that must not leave: eight digits that no index holds but by an
/// accident of one in a million runs.
const DIGITS: &str = "73100000";
/// The day of birth that every row has.
const DAY: &str = "03-07";
/// In the cells that are kept: they leave, but are in no message.
const KEPT: &str = "kqzkept";

/// A valid row with a marker in each of its cells.
fn marked(n: usize) -> Vec<String> {
    COLUMNS
        .iter()
        .map(|column| match (oracle::fate(column).unwrap().0, *column) {
            (_, "num_ss") => format!("{DIGITS}{n:05}"),
            (_, "lat" | "lon") => format!("48.{DIGITS}{n:05}"),
            (_, "date_demande") => format!("2024-{DAY}T00:00:00.{DIGITS}"),
            (oracle::Fate::Drop, _) => format!("{TEXT}-{column}-{n}"),
            (oracle::Fate::Keep, _) => format!("{KEPT}-{column}-{n}"),
            (oracle::Fate::Year, _) => format!("1985-{DAY}T11:22:33.{DIGITS}"),
            (oracle::Fate::PostalCode, _) => format!("{n} rue {TEXT}, 75002 Paris {TEXT} {DIGITS}"),
            (_, _) => format!("{n}.{DIGITS}{n:04}"),
        })
        .collect()
}

fn rows() -> Vec<Vec<String>> {
    (1..=30).map(marked).collect()
}

fn file(rows: Vec<Vec<String>>) -> Vec<u8> {
    to_csv(&COLUMNS, rows, b',')
}

/// Asserts that `text` holds none of `markers`, whatever their case.
#[track_caller]
fn holds_none(what: &str, text: &[u8], markers: &[&str]) {
    let text = String::from_utf8_lossy(text).to_lowercase();
    for marker in markers {
        if let Some(at) = text.find(marker) {
            let around: String = text[..at]
                .chars()
                .rev()
                .take(80)
                .collect::<Vec<_>>()
                .iter()
                .rev()
                .collect();
            panic!("{marker} in {what}, after {around:?}");
        }
    }
}

/// Asserts of every file under `folder` but the input that it holds no marker.
#[track_caller]
fn search(what: &str, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            search(what, &path);
        } else if name == "out.csv" {
            holds_none(what, &fs::read(&path).unwrap(), &[TEXT, DIGITS, DAY]);
        } else if name != "in.csv" {
            holds_none(
                &format!("{what}: {name}"),
                &fs::read(&path).unwrap(),
                &[TEXT, DIGITS, DAY, KEPT],
            );
        }
    }
}

/// Runs `args` over `input` as a file and as standard input, with every policy and loudness, and
/// searches everything that comes of it. Gives the exit codes.
#[track_caller]
fn nothing_leaves(what: &str, input: &[u8], args: &[&str]) -> Vec<i32> {
    let mut codes = Vec::new();
    for policy in ["fail", "blank", "skip"] {
        for loudness in ["-q", "-v"] {
            let (scratch, temporary) = (Scratch::new(), Scratch::new());
            let path = scratch.write("in.csv", input);
            let prepare = |command: &mut Command| {
                command
                    .args(args)
                    .args(["--on-invalid", policy, loudness])
                    .current_dir(scratch.folder())
                    .env("TMPDIR", temporary.folder())
                    .env("RUST_BACKTRACE", "full")
                    .env("RUST_LOG", "trace");
            };
            let mut to_file = crm(["-o", "out.csv", "--manifest", "manifest.json"]);
            prepare(to_file.arg(&path));
            let mut piped = crm(["-"]);
            prepare(&mut piped);
            for outcome in [run(&mut to_file), run_with_input(&mut piped, input)] {
                let what = format!("{what} {policy} {loudness}");
                holds_none(
                    &format!("{what}: output"),
                    &outcome.out,
                    &[TEXT, DIGITS, DAY],
                );
                let messages = outcome.err.as_bytes();
                holds_none(
                    &format!("{what}: messages"),
                    messages,
                    &[TEXT, DIGITS, DAY, KEPT],
                );
                assert!(!outcome.err.contains("panicked"), "{what}: {}", outcome.err);
                search(&what, scratch.folder());
                search(&what, temporary.folder());
                codes.push(outcome.code());
            }
        }
    }
    codes
}

#[test]
fn the_markers_are_where_they_can_be_found() {
    // The search itself can fail: it finds every marker in what went in, and in a leak.
    for row in rows() {
        for (column, cell) in COLUMNS.iter().zip(row) {
            assert!(
                [TEXT, DIGITS, KEPT].iter().any(|m| cell.contains(m)),
                "{column}: {cell}"
            );
        }
    }
    let leak = std::panic::catch_unwind(|| holds_none("test", b"x ZQXMark y", &[TEXT]));
    assert!(leak.is_err());
}

#[test]
fn nothing_leaves_a_run_that_succeeds() {
    let input = file(rows());
    let text = String::from_utf8(input.clone()).unwrap();
    let semicolons = to_csv(&COLUMNS, rows(), b';');
    for (what, bytes) in [
        ("plain", input.clone()),
        ("gzip", gzip(&input)),
        ("UTF-16", utf16(&text, true)),
        ("semicolons", semicolons),
    ] {
        for args in [
            &[][..],
            &["--shuffle"],
            &["--seed", "3"],
            &["-j", "3", "--bom", "--crlf"],
        ] {
            let codes = nothing_leaves(what, &bytes, args);
            assert!(
                codes.iter().all(|code| *code == 0),
                "{what} {args:?}: {codes:?}"
            );
        }
    }
}

#[test]
fn nothing_leaves_with_invalid_cells() {
    for (column, cell) in COLUMNS.iter().enumerate() {
        let fate = oracle::fate(cell).unwrap().0;
        if matches!(
            fate,
            oracle::Fate::Drop | oracle::Fate::Keep | oracle::Fate::PostalCode
        ) {
            continue;
        }
        for bad in [
            TEXT.to_owned(),
            format!("731.000 {TEXT}"),
            format!("{DIGITS}x"),
            format!("{DIGITS}\n{TEXT}"),
        ] {
            let mut rows = rows();
            rows[3][column].clone_from(&bad);
            rows[17][column] = bad;
            let codes = nothing_leaves(cell, &file(rows), &[]);
            assert_eq!(codes, [3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0], "{cell}");
        }
    }
    let mut all = rows();
    for row in &mut all {
        for (column, cell) in COLUMNS.iter().enumerate() {
            if oracle::fate(cell).unwrap().0 != oracle::Fate::Keep {
                row[column] = format!("{TEXT} {DIGITS}");
            }
        }
    }
    nothing_leaves("all cells invalid", &file(all), &[]);
}

#[test]
fn nothing_leaves_with_rows_of_the_wrong_width() {
    let text = String::from_utf8(file(rows())).unwrap();
    let short = text.replacen("\nkqzkept-metier-4,", "\n", 1);
    let long = text.replacen("\nkqzkept-metier-4,", "\nkqzkept-metier-4,zqxmark,", 1);
    for (what, input) in [("short", short), ("long", long)] {
        assert_ne!(input, text);
        let codes = nothing_leaves(what, input.as_bytes(), &[]);
        assert_eq!(codes, [3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0], "{what}");
    }
}

#[test]
fn nothing_leaves_a_file_that_is_refused() {
    let text = String::from_utf8(file(rows())).unwrap();
    let (header, body) = text.split_once('\n').unwrap();
    let instead = |from: &str, to: &str| {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text);
        broken.into_bytes()
    };
    let name = "zqxmark-nom-20";
    let work = "kqzkept-metier-20";
    let long = "zqxmark".repeat(160_000);
    let mut latin = instead(name, "zqxmark-é");
    let accent = latin.windows(2).position(|w| w == "é".as_bytes()).unwrap();
    latin.splice(accent..accent + 2, [0xe9]);
    let latin_after_mark = [b"\xef\xbb\xbf", latin.as_slice()].concat();
    let cut = text.len() - 60;
    let cases: Vec<(&str, Vec<u8>, &[&str], i32)> = vec![
        (
            "text after a quote",
            instead(name, "\"zqxmark\" zqxmark"),
            &[],
            3,
        ),
        (
            "text after a quote, kept",
            instead(work, "\"kqzkept\"kqzkept"),
            &[],
            3,
        ),
        ("a quote never closed", instead(name, "\"zqxmark"), &[], 3),
        (
            "a quote never closed, kept",
            instead(work, "\"kqzkept"),
            &[],
            3,
        ),
        ("a NUL", instead(name, "zqx\0zqxmark"), &[], 3),
        ("a long field", instead(name, &long), &[], 3),
        (
            "a long quoted field",
            instead(name, &format!("\"{long}\"")),
            &[],
            3,
        ),
        (
            "a line break, kept",
            instead(work, "\"kqzkept\nkqzkept\""),
            &[],
            3,
        ),
        (
            "merged rows",
            instead(
                name,
                &format!("\"zqxmark\n{header}\nzqxmark\"").replace("nom", TEXT),
            ),
            &[],
            3,
        ),
        (
            "rows merged into the header",
            b"metier,\"nom,sexe\nkqzkept,zqxmark,F\nkqzkept,zqxmark\",F\nkqzkept,zqxmark,F\n"
                .to_vec(),
            &[],
            3,
        ),
        ("bad UTF-8", latin_after_mark, &[], 3),
        ("no header", body.as_bytes().to_vec(), &[], 3),
        (
            "no header, one row",
            body.split_once('\n').unwrap().0.as_bytes().to_vec(),
            &[],
            3,
        ),
        (
            "no header, a broken quote",
            body.replacen(name, "\"zqxmark", 1).into_bytes(),
            &[],
            3,
        ),
        (
            "the wrong delimiter",
            text.clone().into_bytes(),
            &["-d", ";"],
            3,
        ),
        (
            "the wrong encoding",
            text.clone().into_bytes(),
            &["-e", "utf-16le"],
            3,
        ),
        (
            "an unlisted column",
            text.replacen("nom,", "surnom,", 1).into_bytes(),
            &["--strict"],
            3,
        ),
        (
            "a cut UTF-16 file",
            utf16(&text[..cut], false)[..2 * cut - 1].to_vec(),
            &[],
            3,
        ),
        (
            "a cut gzip file",
            gzip(text.as_bytes())[..300].to_vec(),
            &[],
            1,
        ),
        (
            "a bad option",
            text.clone().into_bytes(),
            &["--no-such-option"],
            2,
        ),
        // Arguments in the wrong order make a table of people the rule table.
        (
            "an export as rule table",
            text.clone().into_bytes(),
            &["--rules", "in.csv"],
            2,
        ),
        (
            "people as rule table",
            body.as_bytes().to_vec(),
            &["--rules", "in.csv"],
            2,
        ),
    ];
    for (what, input, args, code) in cases {
        let codes = nothing_leaves(what, &input, args);
        assert!(codes.iter().all(|c| *c == code), "{what}: {codes:?}");
    }
}
