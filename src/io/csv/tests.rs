//! The reader against the `csv` crate, and every refusal with its place.

use super::*;

/// How many bytes a batch has: small ones cut the text everywhere.
const BATCHES: [usize; 5] = [4, 7, 64, 100, 4096];

fn read(text: &[u8], batch: usize) -> Result<Vec<Vec<Vec<u8>>>, Error> {
    let options = Options {
        delimiter: Some(b','),
        batch,
        ..Options::default()
    };
    read_all(text, options)
}

fn reference(text: &[u8]) -> Vec<Vec<Vec<u8>>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text)
        .byte_records()
        .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
        .collect()
}

#[test]
fn what_is_accepted_reads_as_the_csv_crate_reads_it() {
    for (case, text) in [
        ("plain", "a,b\n1,2\n3,4\n"),
        ("no line end at the end", "a,b\n1,2"),
        ("CRLF", "a,b\r\n1,2\r\n"),
        ("CR", "a,b\r1,2\r3,4"),
        ("mixed line ends", "a,b\r\n1,2\n3,4\r5,6"),
        ("blank lines", "\n\na,b\n\n\r\n1,2\n\n"),
        ("empty fields", "a,b,c\n,,\n1,,3\n"),
        ("delimiter at the end", "a,b\n1,"),
        ("quoted", "a,b\n\"1\",\"2\"\n"),
        ("quoted delimiter", "a,b\n\"1,5\",2\n"),
        ("doubled quotes", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n"),
        ("empty quoted", "a,b\n\"\",\"\"\n"),
        ("line break inside", "a,b\n\"1\n1\",2\n\"1\r\n1\",2\n"),
        ("literal quote", "a,b\n12\" pipe,6\"\n"),
        ("space before a quote", "a,b\n \"1\",2\n"),
        ("wrong widths", "a,b\n1\n1,2,3\n"),
        ("accents", "né,é\nœ,€\n"),
        (
            "long",
            &format!("a,b\n{},\"{}\"\n", "x".repeat(300), "y,".repeat(200)),
        ),
        ("one column", "a\n1\n2\n\n\n"),
        ("one column, an empty row", "a\n\"\"\n2\n"),
    ] {
        for batch in BATCHES {
            assert_eq!(
                read(text.as_bytes(), batch).unwrap(),
                reference(text.as_bytes()),
                "{case}, {batch}"
            );
        }
    }
}

#[test]
fn what_is_refused_has_its_reason_and_place() {
    let nested = |record, line, column: Option<&str>| (record, line, column.map(str::to_owned));
    for (case, text, code, place) in cases![
        "empty", &b""[..], "empty", None;
        "blank lines only", b"\n\r\n\n", "empty", None;
        "text after a quote", b"a,b\n1,2\n3,\"x\"y\n", "text_after_quote", Some(nested(2, 3, Some("b")));
        "the opening quote's place", b"a,b\n\"1\n1\"2,3\n", "text_after_quote", Some(nested(1, 2, Some("a")));
        "unclosed", b"a,b\n1,2\n3,\"x\n4,5\n", "unclosed_quote", Some(nested(2, 3, Some("b")));
        "unclosed header", b"a,\"b\n1,2\n", "unclosed_quote", Some(nested(0, 1, None));
        "text after a quote in the header", b"\"a\"x,b\n", "text_after_quote", Some(nested(0, 1, None));
        "NUL", b"a,b\n1,2\n3,\0\n", "nul", Some(nested(2, 3, Some("b")));
        "NUL in the header", b"a,\0b\n1,2\n", "nul", Some(nested(0, 1, None));
        "bad UTF-8", b"a,b\n\xc3\xa9,2\n3,\xe9x\n", "encoding", Some(nested(2, 3, Some("b")));
        "bad Windows-1252", b"a,b\n\xe9,2\n3,\x81\n", "encoding", Some(nested(2, 3, Some("b")));
        "a row inside a field", b"a,b,c\n1,\"x\n2,3,4\ny\",z\n", "merged_rows", Some(nested(1, 2, Some("b")));
        "adjacent rows merged", b"a,b,c\n1,\"x,y\n2,z\",3\n", "merged_rows", Some(nested(1, 2, Some("b")));
        "merged in the first column", b"a,b\n\"x,1\ny\",2\n", "merged_rows", Some(nested(1, 2, Some("a")));
        "blank line in one column", b"a\n1\n\n2\n", "blank_line", Some(nested(2, 3, Some("a")));
    ] {
        for batch in BATCHES {
            let Err(Error::Refused(refusal)) = read(text, batch) else {
                panic!("{case}, {batch}: accepted");
            };
            assert_eq!(refusal.reason.code(), code, "{case}, {batch}");
            let found = refusal.place.map(|place| {
                (
                    place.record,
                    place.line,
                    place.column.map(|shown| shown.as_str().to_owned()),
                )
            });
            assert_eq!(found, place, "{case}, {batch}");
        }
    }
}

#[test]
fn an_endless_field_does_not_fill_the_memory() {
    for (case, start, quoted) in [
        ("unquoted", "a,b\n1,", false),
        ("quoted", "a,b\n1,\"", true),
    ] {
        let endless = io::Cursor::new(start).chain(io::repeat(b'x'));
        let options = Options {
            max_field: 1000,
            batch: 64,
            ..Options::default()
        };
        let mut reader = Reader::open(Box::new(endless), options).unwrap();
        let Err(Error::Refused(refusal)) = reader.fill(&mut Batch::new()) else {
            panic!("{case}: accepted");
        };
        assert_eq!(
            refusal.reason,
            Malformed::FieldTooLong {
                limit: 1000,
                quoted
            },
            "{case}"
        );
        assert_eq!(refusal.place.unwrap().record, 1, "{case}");
    }
    for (case, endless) in [("delimiters", b','), ("line feeds", b'\n')] {
        let options = Options {
            delimiter: Some(b','),
            max_field: 100,
            batch: 64,
            ..Options::default()
        };
        let opened = Reader::open(Box::new(io::repeat(endless)), options);
        let Err(Error::Refused(refusal)) = opened else {
            panic!("{case}: accepted")
        };
        assert_eq!(refusal.reason.code(), "record_too_long", "{case}");
    }
}

#[test]
fn a_field_of_the_limit_passes_and_one_more_byte_does_not() {
    for (length, accepted) in [(99, true), (100, true), (101, false)] {
        let text = format!("a,b\n1,{}\n2,3\n", "x".repeat(length));
        for batch in BATCHES {
            let options = Options {
                max_field: 100,
                batch,
                ..Options::default()
            };
            assert_eq!(
                read_all(text.as_bytes(), options).is_ok(),
                accepted,
                "{length}, {batch}"
            );
        }
    }
}

#[test]
fn marks_and_encodings_lead_to_the_same_text() {
    let text = "métier;prix\r\nÉlève;50 €\r\n";
    let utf16 = |mark: u16, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(mark)
            .chain(text.encode_utf16())
            .flat_map(bytes)
            .collect()
    };
    let expected = read_all(text.as_bytes(), Options::default()).unwrap();
    assert_eq!(expected[1][1], "50 €".as_bytes());
    for (case, bytes) in [
        (
            "UTF-8 with a mark",
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        ),
        ("UTF-16LE", utf16(0xfeff, u16::to_le_bytes)),
        ("UTF-16BE", utf16(0xfeff, u16::to_be_bytes)),
        (
            "Windows-1252",
            b"m\xe9tier;prix\r\n\xc9l\xe8ve;50 \x80\r\n".to_vec(),
        ),
    ] {
        for batch in BATCHES {
            let options = Options {
                batch,
                ..Options::default()
            };
            assert_eq!(
                read_all(&bytes, options).unwrap(),
                expected,
                "{case}, {batch}"
            );
        }
    }
}

#[test]
fn invalid_utf16_is_refused_with_its_place() {
    let mut bytes: Vec<u8> = "\u{feff}a;b\n1;2\n3;"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    bytes.extend([0x00, 0xdc, b'\n', 0]);
    for batch in BATCHES {
        let options = Options {
            delimiter: Some(b';'),
            batch,
            ..Options::default()
        };
        let Err(Error::Refused(refusal)) = read_all(&bytes, options) else {
            panic!("accepted")
        };
        assert_eq!(refusal.reason.code(), "encoding");
        let place = refusal.place.unwrap();
        assert_eq!((place.record, place.line), (2, 3));
    }
}

#[test]
fn the_first_byte_that_is_not_utf_8_is_found_wherever_it_stands() {
    // Characters of every length across the borders of blocks, and stretches of ASCII between them.
    let mut text = String::from("a\n");
    for at in 0..300 {
        text.push_str(["x", "é", "€", "😀"][at * at / 7 % 4]);
        text.push_str(&"y".repeat(at * 31 % 90));
        text.push(if at % 5 == 0 { '\n' } else { ' ' });
    }
    let options = |batch| Options {
        delimiter: Some(b','),
        encoding: Some(Encoding::Utf8),
        batch,
        ..Options::default()
    };
    read_all(text.as_bytes(), options(1 << 20)).unwrap();
    for (number, at) in (2..text.len()).step_by(3).enumerate() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = [0x80, 0xC3, 0xFF, 0xE2][number % 4];
        let expected = std::str::from_utf8(&bytes).map_err(|error| error.valid_up_to() as u64);
        let batch = [100, 700, 1 << 20][number % 3];
        let found = read_all(bytes.as_slice(), options(batch)).map(|_| ());
        let found = found.map_err(|error| match error {
            Error::Refused(Refusal {
                reason: Malformed::Encoding { offset, .. },
                ..
            }) => offset,
            other => panic!("{other}"),
        });
        assert_eq!(found, expected.map(|_| ()), "{at}");
    }
}
