//! The reading itself, on tens of thousands of generated texts: what is accepted reads as the
//! `csv` crate reads it, and what is refused is refused for a reason that a second, plain scanner
//! finds at the same place. The two must agree both ways.

use std::collections::BTreeMap;

use crate::support::strict::compare;
use crm_anon::inside::{Options, read_all};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

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
        1 => "=\"[ab]{0,3}\"",
        1 => "\"=\"\"[ab,]{0,3}\"\"\"",
        1 => "(=\"[ab\"]{0,3}|\"=\"\"(\"\"|a){0,4}\"\"\")",
    ]
}

/// A separator between pieces.
fn separator() -> impl Strategy<Value = &'static str> {
    prop_oneof![8 => Just(","), 3 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n")]
}

/// A text of rows that mostly have one width.
fn structured() -> impl Strategy<Value = String> {
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    let trailing = prop_oneof![6 => Just(""), 1 => Just(","), 1 => Just(",,")];
    (1..5_usize, end, trailing).prop_flat_map(|(width, end, trailing)| {
        let row = prop_oneof![
            12 => prop::collection::vec(piece(), width),
            1 => prop::collection::vec(piece(), 0..6),
        ];
        (prop::collection::vec(row, 1..8), any::<bool>()).prop_map(move |(rows, ended)| {
            let rows: Vec<String> = rows
                .iter()
                .enumerate()
                .map(|(at, row)| row.join(",") + if at > 0 { trailing } else { "" })
                .collect();
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
    let mark = prop_oneof![20 => Just(""), 1 => Just("\u{feff}")];
    let sep = prop_oneof![20 => Just(""), 1 => Just("sep=,\r\n"), 1 => Just("\"sep=,\"\n")];
    let end = prop_oneof![12 => Just(""), 1 => Just("\u{1a}"), 1 => Just("\u{1a}\u{1a}")];
    (mark, sep, all, end).prop_map(|(mark, sep, text, end)| format!("{mark}{sep}{text}{end}"))
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
            let answer =
                compare(text.as_bytes(), b',', max_field, batch).map_err(TestCaseError::fail)?;
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
        ("cut_formula", 20),
        ("trailing_delimiters", 20),
        ("line_break_in_name", 20),
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
        "\"x\"\"y\",b\n", "\"\",\"\"\r\n", "a\"b,c\n", "\"x\ny\",b\n", "\"x\"z,b\n", "a,\"b\n",
        "\r\na,b\r\n\r\n", "a,\"b\"\r", "a,\0\n",
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
