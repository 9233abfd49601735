use super::*;
use crate::io::csv::{Options, read_all};
use crate::io::workbook::{self, Kept};

/// The bytes of a workbook of a text that is written in pieces.
fn made(text: &str, piece: usize) -> Vec<u8> {
    let mut writer = WorkbookWriter::new(Vec::new(), FirstColumn::Index).unwrap();
    for piece in text.as_bytes().chunks(piece) {
        writer.write_all(piece).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn a_workbook_is_read_back_as_the_text_that_it_was_made_of() {
    let text = "id,texte,z\n7,=1+1,01000\n123456789012345,\"a \"\"b\"\", c\",\n\
                0,\" deux\nlignes \",é€\u{1f600}\n007,_x000D_ a\u{1}b,<&>\n,,\"a\rb\"\n";
    let options = Options {
        delimiter: Some(b','),
        ..Options::default()
    };
    let wanted = read_all(text.as_bytes(), options).unwrap();
    let whole = made(text, usize::MAX);
    for piece in [1, 3, 7, usize::MAX] {
        let bytes = made(text, piece);
        assert_eq!(bytes, whole, "{piece}");
        let kept = Kept::copy(&mut &bytes[..]).unwrap();
        let (mut sheet, _) = workbook::open(kept, None).unwrap();
        let mut read = Vec::new();
        io::Read::read_to_end(&mut sheet, &mut read).unwrap();
        let options = Options {
            delimiter: Some(workbook::SEPARATOR),
            ..Options::default()
        };
        assert_eq!(read_all(&read, options).unwrap(), wanted, "{piece}");
    }
}

#[test]
fn only_exact_numbers_are_numbers() {
    for (text, expected) in [
        ("0", true),
        ("42", true),
        ("999999999999999", true),
        ("1000000000000000", false),
        ("01", false),
        ("-1", false),
        ("1.5", false),
        ("=1", false),
    ] {
        assert_eq!(is_exact(text), expected, "{text}");
    }
}

#[test]
fn columns_have_letters() {
    for (column, expected) in [
        (0, "A"),
        (25, "Z"),
        (26, "AA"),
        (701, "ZZ"),
        (702, "AAA"),
        (16_383, "XFD"),
    ] {
        let mut out = Vec::new();
        write_letters(column, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

#[test]
fn what_a_sheet_cannot_hold_is_refused() {
    let mut writer = WorkbookWriter::new(io::sink(), FirstColumn::Text).unwrap();
    let long = format!("{}\n", "é".repeat(CHARACTERS));
    writer.write_all(long.as_bytes()).unwrap();
    let longer = format!("{}\n", "é".repeat(CHARACTERS + 1));
    assert!(writer.write_all(longer.as_bytes()).is_err());
    let mut writer = WorkbookWriter::new(io::sink(), FirstColumn::Text).unwrap();
    let wide = ",".repeat(COLUMNS as usize);
    assert!(writer.write_all(format!("{wide}\n").as_bytes()).is_err());
    let mut writer = WorkbookWriter::new(io::sink(), FirstColumn::Text).unwrap();
    writer.row = ROWS - 1;
    writer.write_all(b"a\n").unwrap();
    assert!(writer.write_all(b"a\n").is_err());
}
