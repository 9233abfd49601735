//! How the detectors' tables of cases are read.

use super::{DETECTORS, Detectors, detect};

/// Checks that the detector finds exactly what stands between ‹ and › in each cell, by itself and with all others at
/// work.
pub(super) fn finds(name: &str, marked: &[&str]) {
    let place = place(name);
    for marked in marked {
        let cell = marked.replace(['‹', '›'], "");
        let behind = marked.split('‹').skip(1);
        let expected: Vec<&str> = behind.map(|text| text.split_once('›').unwrap().0).collect();
        for wanted in [Detectors::one(place), Detectors::ALL] {
            assert_eq!(found(place, wanted, &cell), expected, "{name} in {cell:?}");
        }
    }
}

/// Checks that the detector finds nothing in these cells.
pub(super) fn misses(name: &str, cases: &[(&str, &str)]) {
    let place = place(name);
    for (case, cell) in cases {
        let found = found(place, Detectors::one(place), cell);
        assert!(found.is_empty(), "{name}: {case}: {found:?} in {cell:?}");
    }
}

/// Checks by which of its forms the detector finds the cell.
pub(super) fn forms(name: &str, cases: &[(&str, u8)]) {
    let place = place(name);
    for (cell, form) in cases {
        let mut findings = Vec::new();
        detect(cell.as_bytes(), Detectors::one(place), &mut findings);
        let forms: Vec<u8> = findings.iter().filter(|f| f.hit).map(|f| f.form).collect();
        assert_eq!(forms, [*form], "{name} in {cell:?}");
    }
}

fn place(name: &str) -> usize {
    let mut detectors = DETECTORS.iter();
    detectors.position(|of| of.name == name).unwrap()
}

fn found(place: usize, wanted: Detectors, cell: &str) -> Vec<&str> {
    let mut findings = Vec::new();
    detect(cell.as_bytes(), wanted, &mut findings);
    let hits = findings
        .into_iter()
        .filter(|f| f.hit && usize::from(f.detector) == place);
    hits.map(|f| cell.get(f.range).unwrap()).collect()
}
