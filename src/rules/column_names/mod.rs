//! What the names of columns mean.

mod beginnings;
pub(crate) mod consent;
mod lost;
pub(crate) mod meaning;
pub(crate) mod named;
pub(crate) mod neighbours;
pub(crate) mod phrases;
mod repair;
pub(crate) mod vocabulary;
mod words;

pub(crate) use repair::repaired;

/// No name has so many digits in a row.
const DIGITS: usize = 5;

/// Whether the names of a row are those of columns: a third of them at least is `listed` or is
/// understood, and none has what only cells have.
pub(crate) fn are_known(names: &[String], listed: &dyn Fn(&str) -> bool) -> bool {
    let is_known =
        |name: &&String| !name.trim().is_empty() && (listed(name) || named::named(name).in_full);
    let is_cell = |name: &String| {
        let digits = name.split(|c: char| !c.is_ascii_digit()).map(str::len);
        let only_numbers = name.contains(char::is_numeric) && !name.contains(char::is_alphabetic);
        name.contains('@') || only_numbers || digits.max() >= Some(DIGITS)
    };
    let known = names.iter().filter(is_known).count();
    known > 0 && known * 3 >= names.len() && !names.iter().any(is_cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::table::RuleTable;

    #[test]
    fn names_are_known_from_the_table_or_by_what_they_mean() {
        let table = RuleTable::load("anonymisation").unwrap();
        for (case, names, expected) in [
            ("listed", &["nom", "sexe", "est_rouge"][..], true),
            ("understood", &["E-mail", "Ville", "couleur"], true),
            ("hardly any", &["nom", "x1", "x2", "x3"], false),
            ("none", &["x1", "x2"], false),
            ("a person", &["nom", "marie@example.fr", "sexe"], false),
            ("a number", &["nom", "42", "sexe"], false),
            ("a title", &["Export des clients"], false),
            ("nothing", &[], false),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(
                are_known(&names, &|name| table.lists(name)),
                expected,
                "{case}"
            );
        }
    }
}
