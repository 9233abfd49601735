use super::super::Finder;
use super::*;
use crate::base::mixed::mixed;

#[test]
fn a_cell_is_plain_without_digit_sign_and_blank_wherever_they_stand() {
    for length in 0..40 {
        let plain = vec![b'a'; length];
        assert!(is_plain(&plain), "{length} letters");
        for at in 0..length {
            for byte in 0..=255_u8 {
                let mut cell = plain.clone();
                cell[at] = byte;
                let telling = byte.is_ascii() && !byte.is_ascii_alphabetic();
                assert_eq!(
                    is_plain(&cell),
                    length < SHORTEST || !telling,
                    "{byte} at {at} of {length}"
                );
            }
        }
    }
}

#[test]
fn blanks_beyond_ascii_are_blanks() {
    for (cell, plain) in [
        ("Mme\u{a0}Leroy", false),
        ("Mme\u{202f}Leroy", false),
        ("M\u{a0}Roy", false),
        ("Mme\u{2009}Roy", false),
        ("Mme\u{3000}Roy", false),
        ("Éléonore", true),
        ("Évé’é", true),
    ] {
        assert_eq!(is_plain(cell.as_bytes()), plain, "{cell:?}");
    }
}

#[test]
fn facts_are_of_all_bytes() {
    let facts = Facts::of("né 12/3, a@b.c:?".as_bytes());
    assert_eq!((facts.digits, facts.pieces), (3, 2));
    assert_eq!(facts.runs, run(1) | run(2));
    let signs = AT | SLASH | QUESTION | DOT | COMMA | COLON | NO_AMOUNT | SIGN;
    let others = LETTER | BLANK | ACCENT | CAPITAL | OTHER | DIGIT;
    assert_eq!(facts.has, signs | others);
    assert_eq!(
        Facts::of("-é".as_bytes()).has,
        ACCENT | CAPITAL | OTHER | DASH | SIGN
    );
}

#[test]
fn no_detector_is_left_out_whose_needs_are_met() {
    let texts = [
        "", "7", "12", " ", "x", "É", "@", ".", "-", "/", "1234567", "+", ",", "00",
    ];
    let mut left_out = 0;
    for cell in mixed(&texts, 6..=6, 20_000) {
        let facts = Facts::of(cell.as_bytes());
        let may_find = may_find(&facts);
        for (place, detector) in DETECTORS.iter().enumerate() {
            let met = detector.needs.iter().any(|needs| needs.met_by(&facts));
            assert!(may_find.has(place) || !met, "{} in {cell}", detector.name);
            left_out += usize::from(!may_find.has(place));
        }
    }
    assert!(left_out > 50_000, "{left_out}");
}

#[test]
fn digits_are_counted_in_a_row_up_to_a_length() {
    for (cell, digits, pieces, lengths) in [
        ("", 0, 0, 0),
        ("1", 1, 1, run(1)),
        ("06 12-345x6", 8, 4, run(2) | run(3) | run(1)),
        (&"1".repeat(64), 64, 1, run(63)),
        (&format!("{}1", ".".repeat(63)), 1, 1, run(1)),
        (&format!("{}12", ".".repeat(63)), 2, usize::MAX, u64::MAX),
    ] {
        let facts = Facts::of(cell.as_bytes());
        assert_eq!(
            (facts.digits, facts.pieces, facts.runs),
            (digits, pieces, lengths),
            "{cell}"
        );
    }
}

#[test]
fn runs_of_digits_are_the_same_with_and_without_facts() {
    for length in 0..90 {
        for cell in mixed(&["1", "1", "2", " "], length..=length, 50) {
            let (facts, text) = (Facts::of(cell.as_bytes()), Text(cell.as_bytes()));
            let runs: Vec<(usize, usize)> = text.runs().collect();
            assert!(facts.runs_in(text).eq(runs.iter().copied()), "{cell}");
            for most in 1..5 {
                let short = runs.iter().filter(|(_, run)| *run <= most as usize);
                assert!(facts.most_pieces_up_to(most) >= short.count(), "{cell}");
            }
        }
    }
}

#[test]
fn a_detector_finds_nothing_where_its_needs_are_not_met() {
    // Of what has too few digits it is not asked: `FR76 is short` begins as an account number does.
    let detectors = (0_u8..).zip(DETECTORS);
    let detectors: Vec<_> = detectors
        .filter(|(_, detector)| ["address", "date", "iban"].contains(&detector.name))
        .collect();
    let parts = [
        " ", " ", "-", "/", ".", ",", "_", ":", "1", "12", "03", "85", "1985", "2001", "75002",
        "051185", "05111985", "06", "é", "à", "né le ", "mai", "juillet", "May ", "AB", "fr",
        "FR76", "NO93", "8601", "1117947", "rue", " rue Haute ", "lieudit", "Lieu-dit", "Lyon",
        "x", "a", "e", "1er", "@", "1012", "33000", "123", "732829320", "+", "\u{a0}", "'", "bis ",
        "habite ", "M.", "Petit",
    ];
    let (mut ruled_out, mut found_some) = (0, 0);
    for text in mixed(&parts, 1..=7, 60_000) {
        let facts = Facts::of(text.as_bytes());
        for (place, detector) in detectors.iter().copied() {
            let mut needs = detector.needs.iter();
            if needs.all(|needs| facts.digits < needs.digits) {
                continue;
            }
            let met = detector.needs.iter().any(|needs| needs.met_by(&facts));
            let mut found = Vec::new();
            let mut finder = Finder {
                detector: place,
                facts,
                found: &mut found,
            };
            (detector.find)(Text(text.as_bytes()), &mut finder);
            ruled_out += usize::from(!met);
            found_some += usize::from(!found.is_empty());
            assert!(met || found.is_empty(), "{}: {text:?}", detector.name);
        }
    }
    assert!(
        ruled_out > 2_000 && found_some > 300,
        "{ruled_out} {found_some}"
    );
}
