//! The reading itself, on tens of thousands of generated texts: what is accepted reads as the
//! `csv` crate reads it, and what is refused is refused for a reason that a second, plain scanner
//! finds at the same place. The two must agree both ways.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};

use crm_anon::error::Error;
use crm_anon::reader::{Options, read_all};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A field as the scanner below finds it.
struct Field {
    raw: Vec<u8>,
    line: u64,
    /// What stands in its first line before it, and in its last line behind it.
    before: Vec<u8>,
}

/// The reasons to refuse a text, as code, record and line of each.
type Reasons = BTreeSet<(&'static str, u64, u64)>;

/// Whether the file is to be refused and why, by the book: one byte after the other, no tricks.
fn reasons(text: &[u8], delimiter: u8, max_field: usize) -> Reasons {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut found = Reasons::new();
    let (mut record, mut line) = (0_u64, 1_u64);
    let mut width = 0;
    let mut blank: Option<u64> = None;
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'\n' || text[at] == b'\r' {
            // Behind the header of a one-column file a blank line is an empty row, or none.
            if record > 0 && blank.is_none() {
                blank = Some(line);
            }
            at += line_end(text, at);
            line += 1;
            continue;
        }
        if let (1, Some(blank)) = (width, blank) {
            found.insert(("blank_line", record, blank));
        }
        blank = None;
        let start = at;
        let mut fields: Vec<Field> = Vec::new();
        let mut refused = None;
        loop {
            let (from, first_line) = (at, line);
            let quoted = text.get(at) == Some(&b'"');
            if quoted {
                at += 1;
                loop {
                    match (text.get(at), text.get(at + 1)) {
                        (None, _) => {
                            refused = Some("unclosed_quote");
                            break;
                        }
                        (Some(b'"'), Some(b'"')) => at += 2,
                        (Some(b'"'), _) => {
                            at += 1;
                            break;
                        }
                        (Some(b'\n' | b'\r'), _) => {
                            at += line_end(text, at);
                            line += 1;
                        }
                        _ => at += 1,
                    }
                }
                if refused.is_none()
                    && at < text.len()
                    && ![delimiter, b'\n', b'\r'].contains(&text[at])
                {
                    refused = Some("text_after_quote");
                }
            } else {
                while at < text.len() && ![delimiter, b'\n', b'\r'].contains(&text[at]) {
                    at += 1;
                }
            }
            let raw = text[from..at].to_vec();
            if raw.contains(&0) {
                found.insert(("nul", record, first_line));
            }
            if raw.len() > max_field {
                found.insert(("field_too_long", record, first_line));
            }
            let before = text[start..from].to_vec();
            fields.push(Field {
                raw,
                line: first_line,
                before,
            });
            if let Some(reason) = refused {
                // Whoever reads piece by piece may meet the limit before what breaks the quoting.
                if text.len() - from > max_field {
                    found.insert(("field_too_long", record, first_line));
                }
                found.insert((reason, record, first_line));
                return found;
            }
            match text.get(at) {
                Some(byte) if *byte == delimiter => at += 1,
                _ => break,
            }
        }
        if record == 0 {
            width = fields.len();
        }
        let behind = &text[start..at];
        for field in &fields {
            if merges(field, behind, width, delimiter) {
                found.insert(("merged_rows", record, field.line));
            }
        }
        if at < text.len() {
            at += line_end(text, at);
            line += 1;
        }
        record += 1;
    }
    if record == 0 {
        found.insert(("empty", 0, 0));
    }
    found
}

/// The bytes of the line end at `at`: two for CRLF.
fn line_end(text: &[u8], at: usize) -> usize {
    if text[at..].starts_with(b"\r\n") {
        2
    } else {
        1
    }
}

/// Whether a quoted field of several lines may be rows merged by stray quotes: a line inside it is
/// a row of the header's width, or the two lines that it joins would each be one.
fn merges(field: &Field, record: &[u8], width: usize, delimiter: u8) -> bool {
    let is_break = |byte: &u8| *byte == b'\n' || *byte == b'\r';
    let Some(inner) = field
        .raw
        .strip_prefix(b"\"")
        .and_then(|raw| raw.strip_suffix(b"\""))
    else {
        return false;
    };
    if !inner.iter().any(is_break) {
        return false;
    }
    let delimiters = |text: &[u8]| text.iter().filter(|byte| **byte == delimiter).count();
    let lines: Vec<&[u8]> = inner.split(is_break).collect();
    if lines
        .iter()
        .any(|line| !line.is_empty() && delimiters(line) + 1 == width)
    {
        return true;
    }
    let behind = &record[field.before.len() + field.raw.len()..];
    let first = field.before.rsplit(is_break).next().unwrap();
    let last = behind.split(is_break).next().unwrap();
    delimiters(first) + delimiters(lines[0]) + 1 == width
        && delimiters(last) + delimiters(lines[lines.len() - 1]) + 1 == width
}

/// Reads `text` both ways and compares; gives the reason's code, or "accepted".
fn compare(
    text: &[u8],
    delimiter: u8,
    max_field: usize,
    batch: usize,
) -> Result<&'static str, TestCaseError> {
    let options = Options {
        delimiter: Some(delimiter),
        max_field,
        batch,
        ..Options::default()
    };
    let reasons = reasons(text, delimiter, max_field);
    match read_all(text, options) {
        Ok(records) => {
            prop_assert!(reasons.is_empty(), "accepted in spite of {:?}", reasons);
            let wanted: Vec<Vec<Vec<u8>>> = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .from_reader(text)
                .byte_records()
                .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
                .collect();
            prop_assert_eq!(records, wanted);
            Ok("accepted")
        }
        Err(Error::Refused(refusal)) => {
            let code = refusal.reason.code();
            let place = refusal
                .place
                .as_ref()
                .map_or((0, 0), |place| (place.record, place.line));
            let known = reasons
                .iter()
                .any(|reason| *reason == (code, place.0, place.1));
            prop_assert!(
                known,
                "refused for {} at {:?}, and not for one of {:?}",
                code,
                place,
                reasons
            );
            Ok(reasons.iter().find(|r| r.0 == code).unwrap().0)
        }
        Err(error) => Err(TestCaseError::fail(format!("{error}"))),
    }
}

/// A piece of text: mostly whole fields, now and then what breaks them.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        10 => "[ab é;|]{0,3}",
        4 => "\"[ab ,é]{0,4}\"",
        2 => "\"[ab,\n\r]{0,6}\"",
        2 => "\"([ab,]|\"\"){0,4}\"",
        1 => "[ab\", \n\r]{0,4}",
        1 => "[ab]{20,90}",
        1 => Just("\"".to_owned()),
    ]
}

/// A separator between pieces.
fn separator() -> impl Strategy<Value = &'static str> {
    prop_oneof![8 => Just(","), 3 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n")]
}

/// A text of rows that mostly have one width.
fn structured() -> impl Strategy<Value = String> {
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (1..5_usize, end).prop_flat_map(|(width, end)| {
        let row = prop_oneof![
            12 => prop::collection::vec(piece(), width),
            1 => prop::collection::vec(piece(), 0..6),
        ];
        (prop::collection::vec(row, 1..8), any::<bool>()).prop_map(move |(rows, ended)| {
            let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            format!("{}{}", rows.join(end), if ended { end } else { "" })
        })
    })
}

fn text() -> impl Strategy<Value = String> {
    let loose = prop::collection::vec((piece(), separator()), 0..12).prop_map(|pieces| {
        pieces
            .iter()
            .map(|(piece, end)| format!("{piece}{end}"))
            .collect::<String>()
    });
    let wild = "[a\",\n\r]{0,24}";
    let nul = ("[ab,\n\"]{0,9}", "[ab,\n\"]{0,9}").prop_map(|(a, b)| format!("{a}\0{b}"));
    let all = prop_oneof![12 => structured(), 6 => loose, 6 => wild, 1 => nul];
    (prop_oneof![20 => Just(""), 1 => Just("\u{feff}")], all)
        .prop_map(|(mark, text)| format!("{mark}{text}"))
}

/// Runs `cases` texts and gives how often each answer came.
fn answers(cases: u32, max_field: usize) -> BTreeMap<&'static str, u32> {
    let counts = std::cell::RefCell::new(BTreeMap::new());
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let batches = prop_oneof![Just(1_usize), Just(7), Just(64), Just(65), Just(1 << 12)];
    TestRunner::new(config)
        .run(&(text(), batches), |(text, batch)| {
            let answer = compare(text.as_bytes(), b',', max_field, batch)?;
            *counts.borrow_mut().entry(answer).or_insert(0) += 1;
            Ok(())
        })
        .unwrap();
    counts.into_inner()
}

#[test]
fn twelve_thousand_texts_are_read_like_the_csv_crate_or_refused_for_a_reason() {
    let counts = answers(12_000, 1 << 20);
    println!("{counts:?}");
    // Every answer came often enough to have been tested.
    for (answer, least) in [
        ("accepted", 2_000),
        ("text_after_quote", 500),
        ("unclosed_quote", 500),
        ("merged_rows", 100),
        ("blank_line", 100),
        ("nul", 100),
        ("empty", 20),
    ] {
        assert!(
            counts.get(answer).is_some_and(|n| *n >= least),
            "{answer}: {counts:?}"
        );
    }
}

/// The limit is longer than a block of the reading, which tells the place exactly only then.
#[test]
fn five_thousand_texts_under_a_small_limit_of_the_field() {
    let counts = answers(5_000, 70);
    println!("{counts:?}");
    assert!(
        counts.get("field_too_long").is_some_and(|n| *n >= 100),
        "{counts:?}"
    );
    assert!(
        counts.get("accepted").is_some_and(|n| *n >= 100),
        "{counts:?}"
    );
}

#[test]
fn every_text_of_up_to_seven_of_four_bytes_is_read_right() {
    let alphabet = [b'a', b'"', b',', b'\n'];
    let mut texts = 0;
    for length in 0..=7_u32 {
        for number in 0..4_usize.pow(length) {
            let text: Vec<u8> = (0..length)
                .map(|n| alphabet[number >> (2 * n) & 3])
                .collect();
            if let Err(error) = compare(&text, b',', 1 << 20, 64) {
                panic!("{:?}: {error}", String::from_utf8_lossy(&text));
            }
            texts += 1;
        }
    }
    assert_eq!(texts, (4_usize.pow(8) - 1) / 3);
}

#[test]
fn the_same_text_at_every_distance_from_a_block_s_edge() {
    // A filler of any length puts each structure across the edges of 64 bytes and of batches.
    let pieces: [&str; 9] = [
        "\"x\"\"y\",b\n",
        "\"\",\"\"\r\n",
        "a\"b,c\n",
        "\"x\ny\",b\n",
        "\"x\"z,b\n",
        "a,\"b\n",
        "\r\na,b\r\n\r\n",
        "a,\"b\"\r",
        "a,\0\n",
    ];
    for piece in pieces {
        for filler in 0..140 {
            let text = format!("h1,h2\n{},1\n{piece}", "f".repeat(filler));
            let text = if piece.contains("z,b") || piece.ends_with("\"b\n") {
                text
            } else {
                format!("{text}e,f\n")
            };
            for batch in [1, 63, 64, 1 << 12] {
                if let Err(error) = compare(text.as_bytes(), b',', 1 << 20, batch) {
                    panic!("{piece:?} behind {filler} bytes, batches of {batch}: {error}");
                }
            }
        }
    }
}

#[test]
fn the_delimiter_is_recognised_from_what_the_file_holds() {
    for delimiter in [',', ';', '\t', '|'] {
        for (rows, others) in [(1, ""), (5, ""), (5, ",;|"), (300, ","), (300, ";\t")] {
            let others: String = others.chars().filter(|c| *c != delimiter).collect();
            let mut text = format!("metier{delimiter}nom{delimiter}sexe\n");
            for n in 0..rows {
                text.push_str(&format!(
                    "{n}{others}{delimiter}\"x{delimiter}{others}y\"{delimiter}F\n"
                ));
            }
            let found = read_all(text.as_bytes(), Options::default());
            let said = Options {
                delimiter: Some(delimiter as u8),
                ..Options::default()
            };
            assert_eq!(
                found.unwrap(),
                read_all(text.as_bytes(), said).unwrap(),
                "{delimiter:?} {others:?}"
            );
        }
    }
}
