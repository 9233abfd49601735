//! The ways in which codes are written, and codes that a spreadsheet took the zero of.

use super::*;

#[test]
fn codes_are_read_in_the_ways_they_are_written() {
    for (cell, expected) in [
        ("75 008 Paris", "75008"),
        ("12 rue du Lac, 75 008 Paris", "75008"),
        ("920 00 Nanterre", "92000"),
        ("75 001", "75001"),
        ("92 100 ", "92100"),
        ("75\u{a0}008 Paris", "75008"),
        ("75\u{202f}008", "75008"),
        ("７５００１", "75001"),
        ("７５００２ Paris", "75002"),
        ("7５ 0０2 Paris", "75002"),
        ("'01000", "01000"),
        ("’01000", "01000"),
        ("75001.0", "75001"),
        ("69003-", "69003"),
        ("69003 LYON CEDEX 03", "69003"),
        ("69326 Lyon Cedex 05", "69326"),
        ("59 895 LILLE CEDEX 9", "59895"),
        ("59895 LILLE, CEDEX 9", "59895"),
        ("92055 Paris La Défense Cedex", "92055"),
    ] {
        assert_eq!(code(cell).as_deref(), Some(expected), "{cell}");
    }
    for cell in [
        "75 0 08",
        "7 5008",
        "75  008",
        "06 75 008",
        "12 75 008 Paris",
        "75 008, 12",
        "1.75 008",
        "99999",
        "96000",
        "97000",
        "12345 CEDEX",
        "12345 route du Lac, Marseille CEDEX",
        "12345 Lac 3 CEDEX",
        "69003L",
        "2A004",
    ] {
        assert_eq!(code(cell), None, "{cell}");
    }
}

#[test]
fn a_lost_zero_is_counted_and_written_if_asked_for() {
    for (cell, padded) in [
        ("1000", "01000"),
        ("6000", "06000"),
        ("6000.0", "06000"),
        ("6000,00", "06000"),
        (" 1000 ", "01000"),
        ("'1000", "01000"),
        ("９２００", "09200"),
    ] {
        for (options, expected) in [
            ("{}", ""),
            ("{ pad = false }", ""),
            ("{ pad = true }", padded),
        ] {
            let written = write(transform(&KIND, options).as_ref(), cell);
            let expected = (expected.to_owned(), Outcome::Counted(LOST_ZERO));
            assert_eq!(written, Ok(expected), "{options} {cell}");
        }
    }
    let pad = transform(&KIND, "{ pad = true }");
    for cell in [
        "1234",
        "100",
        "0100",
        "1000 Bruxelles",
        "1000 Bourg-en-Bresse",
        "1000, Belgique",
        "1000.5",
        "-1000",
        "B-1000",
        "1000 6000",
        "AD500",
        "1 000",
    ] {
        let written = write(pad.as_ref(), cell);
        assert_eq!(
            written,
            Ok((String::new(), Outcome::Counted(NO_POSTAL_CODE))),
            "{cell}"
        );
    }
    let populous = transform(&KIND, "{ pad = true, min_population = 5_000 }");
    for (cell, written, count) in [
        ("1000", "01000", LOST_ZERO),
        ("7580", "07 Ardèche", GENERALISED),
    ] {
        let expected = (written.to_owned(), Outcome::Counted(count));
        assert_eq!(write(populous.as_ref(), cell), Ok(expected), "{cell}");
    }
}
