//! Whether the first row is a header, or may be a person.

use crate::detect::{Detectors, detect};
use crate::rules::column_names::meaning::{Named, named};

/// A name longer than this is none.
const LONGEST: usize = 200;
/// So many digits in a row are in no name.
const DIGITS: usize = 5;

/// Whether the first row may be a person: fewer than a third of its cells are known as names of
/// columns, or one of them looks like data.
pub(super) fn may_be_data(header: &[String]) -> bool {
    let known = header.iter().filter(|name| named(name).in_full).count();
    known * 3 < header.len() || known == 0 || header.iter().any(|name| looks_like_data(name))
}

fn looks_like_data(name: &str) -> bool {
    let mut found = Vec::new();
    detect(name.as_bytes(), Detectors::ALL, &mut found);
    let name = name.trim();
    let has_digit = name.contains(|c: char| c.is_numeric());
    let has_letter = name.contains(char::is_alphabetic);
    let longest = name
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max();
    found.iter().any(|finding| finding.hit)
        || has_digit && !has_letter
        || longest.is_some_and(|digits| digits >= DIGITS)
        || name.chars().count() > LONGEST
        || name.contains(['\n', '\r']) && named(name) == Named::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_row_that_may_be_a_person_is_no_header() {
        for (case, row, expected) in [
            ("known", &["Nom", "Prénom", "E-mail"][..], false),
            ("some known", &["Nom", "couleur", "forme", "Ville"], false),
            ("hardly known", &["Nom", "x1", "forme", "taille"], true),
            ("none known", &["forme", "taille"], true),
            ("words", &["Dupont", "Marie", "Lyon", "boulangère"], true),
            ("a phone", &["Nom", "06 12 34 56 78", "E-mail"], true),
            ("an e-mail", &["Nom", "Ville", "a@example.fr"], true),
            ("a date", &["Nom", "Ville", "12/05/1980"], true),
            ("a number", &["Nom", "Ville", "42"], true),
            ("a code", &["Nom", "Ville", "C-0007919"], true),
            ("a year in a name", &["Nom", "Ville", "Revenus 2023"], false),
            ("numbered", &["Téléphone 1", "Adresse 2", "Ville"], false),
            ("one", &["Nom"], false),
            ("nothing", &[""], true),
        ] {
            let row: Vec<String> = row.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(may_be_data(&row), expected, "{case}");
        }
    }
}
