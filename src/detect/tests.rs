use proptest::prelude::*;

use super::*;

#[test]
fn the_list_is_in_order() {
    let last = DETECTORS.last().map(|detector| detector.name);
    assert_eq!(
        last,
        Some("person_name"),
        "single words are read by the last"
    );
    assert!(DETECTORS.len() <= PLACES, "a set has {PLACES} places");
    for detector in DETECTORS {
        assert!(
            (1..=FORMS).contains(&detector.forms.len()),
            "{}",
            detector.name
        );
        let same = DETECTORS.iter().filter(|other| other.name == detector.name);
        assert_eq!(same.count(), 1, "{}", detector.name);
    }
}

#[test]
fn sets_of_detectors() {
    let (url, email) = (
        Detectors::named("url").unwrap(),
        Detectors::named("email").unwrap(),
    );
    assert_eq!(Detectors::named("nobody"), None);
    assert_eq!(url, Detectors::one(0));
    assert_eq!(url.and(email).without(url), email);
    assert!(Detectors::ALL.has(12) && !Detectors::NONE.has(0) && !Detectors::ALL.has(PLACES));
    assert_eq!(format!("{:?}", url.and(email)), "{\"url\", \"email\"}");
}

#[test]
fn of_two_that_overlap_the_earlier_detector_stands() {
    for (cell, expected) in [
        ("https://jean@example.fr/1985-07-23", "[url]"),
        ("0612345678@example.fr", "[email]"),
        ("FR76 3000 6000 0112 3456 7890 189", "[iban]"),
        ("1 85 05 78 006 084 91", "[nir]"),
        ("12 rue du 23/07/1985, 75002 Paris", "[address] Paris"),
        ("732 829 320 00074", "[siret]"),
    ] {
        assert_eq!(masked(cell, Detectors::ALL), expected, "{cell}");
    }
}

#[test]
fn only_what_is_wanted_is_masked() {
    let email = Detectors::named("email").unwrap();
    let cell = "jean@example.fr, 06 12 34 56 78; zoé@example.fr";
    assert_eq!(masked(cell, email), "[email], 06 12 34 56 78; [email]");
    assert_eq!(masked(cell, Detectors::ALL), "[email], [phone]; [email]");
    assert_eq!(masked(cell, Detectors::NONE), cell);
    // What the address hides is no e-mail address on its own.
    assert_eq!(
        masked("0612345678@example.fr", Detectors::named("phone").unwrap()),
        "[phone]@example.fr"
    );
}

fn masked(cell: &str, wanted: Detectors) -> String {
    let mut out = b"before".to_vec();
    let changed = Masker::default().mask(cell.as_bytes(), wanted, &mut out);
    let out = String::from_utf8(out.split_off(6)).unwrap();
    assert_eq!(changed, out != cell, "{cell}");
    out
}

/// Text that is often nearly an identifier: pieces of some, between separators.
fn pieced() -> impl Strategy<Value = String> {
    const PIECES: [&str; 60] = [
        "0", "1", "2", "06", "12", "34", "56", "78", "85", "084", "91", "732", "829", "320",
        "00074", "1985", "07", "23", "75002", "4539", "5787", "6362", "1486", "FR76", "3000",
        "6000", "0112", "3456", "7890", "189", "2A", "AA", "BB", "rue", "Paris", "+33", "0033",
        "(0)", "www.", "http://", "a.fr", "jean", "48.8566", "2.3522", "81.56.112.7",
        "2a01:cb00::1", "T10:00", "é", "€", "[email]", "bis", "œ", "255", "::", "19850723",
        "732829320", "0612345678", "xn--a", "°", "º",
    ];
    const BETWEEN: [&str; 14] = [
        "", "", " ", " ", ".", "-", "/", ",", "@", ":", "\u{a0}", "\u{202f}", "?", "#",
    ];
    let piece = (
        prop::sample::select(&PIECES[..]),
        prop::sample::select(&BETWEEN[..]),
    );
    prop::collection::vec(piece, 0..12)
        .prop_map(|pieces| pieces.iter().map(|(a, b)| format!("{a}{b}")).collect())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![pieced(), any::<String>(), "[-0-9A-Za-zé@./:+, ]{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn finds_lie_in_the_cell_on_characters_and_apart(cell in any_text()) {
        let mut found = Vec::new();
        detect(cell.as_bytes(), Detectors::ALL, &mut found);
        for (nth, finding) in found.iter().enumerate() {
            let text = cell.get(finding.range.clone());
            prop_assert!(text.is_some_and(|text| !text.is_empty()), "{:?}", finding);
            let form = DETECTORS[usize::from(finding.detector)].forms.get(usize::from(finding.form));
            prop_assert!(form.is_some());
            for other in found.iter().skip(nth + 1).filter(|other| other.hit && finding.hit) {
                let apart = finding.range.end <= other.range.start || other.range.end <= finding.range.start;
                prop_assert!(apart, "{:?} and {:?}", finding, other);
            }
        }
    }

    #[test]
    fn what_is_masked_has_no_find(cell in any_text(), set in any::<u32>()) {
        let wanted = Detectors(set);
        let once = masked(&cell, wanted);
        let mut found = Vec::new();
        detect(once.as_bytes(), wanted, &mut found);
        found.retain(|finding| finding.hit);
        prop_assert!(found.is_empty(), "{:?} in {:?}", found, once);
        prop_assert_eq!(masked(&once, wanted), once);
    }

    #[test]
    fn no_detector_finds_anything_in_a_plain_cell(cell in any_text()) {
        let mut found = Vec::new();
        let facts = Facts::of(cell.as_bytes());
        read(cell.as_bytes(), facts, Detectors::ALL, &mut found);
        found.retain(|finding| finding.hit);
        prop_assert!(found.is_empty() || !is_plain(cell.as_bytes()), "{:?}", found);
        // A detector that may not look would not have found anything.
        let may_not = |detector: &&&Detector| !detector.needs.iter().any(|needs| needs.met_by(&facts));
        for detector in DETECTORS.iter().filter(may_not) {
            found.clear();
            (detector.find)(Text(cell.as_bytes()), &mut Finder { detector: 0, facts, found: &mut found });
            prop_assert!(found.is_empty(), "{}: {:?}", detector.name, found);
        }
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm(cell in prop::collection::vec(any::<u8>(), 0..60)) {
        let (mut found, mut out) = (Vec::new(), Vec::new());
        detect(&cell, Detectors::ALL, &mut found);
        Masker::default().mask(&cell, Detectors::ALL, &mut out);
    }
}
