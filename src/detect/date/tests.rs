use super::*;
use crate::base::mixed::mixed;
use crate::detect::testing::{finds, forms, misses};
use crate::detect::{Detectors, detect};

#[test]
fn dates_are_found() {
    finds(
        "date",
        &[
            "‹1985-07-23›",
            "né le ‹23/07/1985› à Lyon",
            "‹23.07.1985›.",
            "‹23-07-1985›",
            "‹1985/07/23›",
            "‹19850723›",
            "‹1985-07-23T10:00:00.250+02:00›;",
            "‹1985-07-23 10:00›",
            "‹19850723T10:00Z›",
            "du ‹01/02/2020›-‹29/02/2020›",
        ],
    );
    forms("date", &[("23/07/1985", 0), ("19850723", 1)]);
}

#[test]
fn dates_in_words_and_with_short_years_are_found() {
    finds(
        "date",
        &[
            "‹23 juillet 1985›",
            "née le ‹1er mars 1990› à Lyon",
            "‹23 JUILLET 1985›",
            "mardi ‹3 août 1948›.",
            "‹12 déc. 1970›, ‹5 fevrier 1961›",
            "‹23 July 1985›",
            "‹July 23, 1985›",
            "‹Jul 3rd, 1985›; ‹3rd of July 1985›",
            "‹23-juil-1985›, ‹23-Jul-85›",
            "‹23juillet1985›",
            "‹23/07/85›",
            "‹23.07.85›, ‹23-07-85›",
            "‹3/7/1985›, ‹1985-7-3›",
            "‹23 07 1985›, ‹23_07_1985›",
            "‹07/23/1985›",
            "‹16 mai 53›",
            "‹1er juin 89›",
            "‹8. Februar 1964›, ‹14 de mayo de 1957›",
            "le ‹12 mars 2024› à 14h",
            "‹25 / 05 / 1980›, ‹25 - 05 - 1980›",
            "‹1998.06.18›",
            "DDN ‹05111957›",
            "née le ‹05 09 58›",
            "naissance : ‹240774›",
        ],
    );
    forms(
        "date",
        &[
            ("né le 23/07/85", 2),
            ("née le : 3 mai 2012", 2),
            ("date de naissance 3 mai 2012", 2),
            ("23 juillet 1985", 3),
            ("23/07/85", 4),
            ("né le 23/07/2015", 2),
        ],
    );
}

#[test]
fn recent_days_in_a_text_are_no_evidence() {
    for (cell, evidence) in [
        ("12/03/2024", true),
        ("« 12/03/2024 »", true),
        ("2024.03.12", false),
        ("1984.03.12", true),
        ("12/03/1985", true),
        ("vu le 12/03/1985", true),
        ("réunion du 12/03/2024", false),
        ("né le 12/03/2014", true),
    ] {
        let mut found = Vec::new();
        detect(cell.as_bytes(), Detectors::ALL, &mut found);
        let told: Vec<bool> = found.iter().map(|finding| finding.evidence).collect();
        assert_eq!(told, [evidence], "{cell}");
    }
}

#[test]
fn near_misses() {
    misses(
        "date",
        &[
            ("no such day", "31/02/1985, 29.02.1900, 1985-04-31"),
            ("no such month", "1985-13-01, 19851301"),
            ("a year out of range", "01/01/1899, 2100-01-01"),
            ("a day and a month", "23/07, 23 juillet, 1er mars à 14h"),
            (
                "no such day in words",
                "31 juin 1985, 0 mai 1985, June 31, 1985",
            ),
            ("months as words", "12 mars, 3 mai 19, 20 maisons 1985"),
            ("a version", "1.2.2024, 10.2.24, 1.2.24"),
            ("a month and a year", "07/1985, 1985-07"),
            ("a part of a longer code", "1985-07-23-001, 7-23-07-1985"),
            ("glued to a letter", "A1985-07-23, 19850723B"),
            ("mixed separators", "1985-07/23"),
            ("an amount", "19850723,50"),
            (
                "a law",
                "loi n° 78-17 du 6 janvier 1978, décret du 19/10/2005",
            ),
            ("the number of an invoice", "20240306-578"),
            ("numbers", "12 3 1985, 120 07 1985, 1 12 2024"),
            ("a range of years", "1985-2005"),
            ("six digits", "dossier 240774, né 990774, le 05 09 58"),
        ],
    );
}

#[test]
fn what_is_ruled_out_by_its_groups_of_digits_is_no_date() {
    let parts = [
        " ", "-", "/", ".", "1", "12", "03", "85", "1985", "2001", "051185", "05111985", "né le ",
        "mai", " mai ", " juillet ", "May ", "1er", "75002", "e", "x", ", ", "é", "123", "_",
    ];
    let mut ruled_out = 0;
    for text in mixed(&parts, 6..=6, 60_000) {
        let (facts, text) = (Facts::of(text.as_bytes()), Text(text.as_bytes()));
        for (start, run) in text.runs() {
            if !may_be_in_words(facts) {
                let mut found = Vec::new();
                let mut finder = Finder {
                    detector: 0,
                    facts,
                    found: &mut found,
                };
                let told = run <= 4 && in_words(text, start, run, &mut finder);
                assert!(!told && found.is_empty(), "{:?}", text.0);
                ruled_out += 1;
            }
            if !may_be_in_digits(facts) {
                assert_eq!(born(text, start, run), None, "{:?}", text.0);
                assert!(in_digits(text, start, run).is_none(), "{:?}", text.0);
                ruled_out += 1;
            }
        }
    }
    assert!(ruled_out > 1_000, "{ruled_out}");
}
