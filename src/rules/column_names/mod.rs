//! What the names of columns mean.

pub(crate) mod meaning;
pub(crate) mod vocabulary;

use super::table::RuleTable;
use crate::base::name;

/// No name has so many digits in a row.
const DIGITS: usize = 5;

/// Whether the names of a row are those of columns: a third of them at least is in the rule table, as
/// a column of the input or of the output, or is understood, and none has what only cells have.
pub(crate) fn are_known(names: &[String], table: Option<&RuleTable>) -> bool {
    let listed = |name: &str| {
        let key = name::key(name);
        table.is_some_and(|table| {
            let index = table.index.as_deref();
            let mut columns = table.columns.iter();
            columns.any(|column| column.keys.contains(&key) || name::key(&column.output) == key)
                || index.is_some_and(|index| name::key(index) == key)
        })
    };
    let is_known =
        |name: &&String| !name.trim().is_empty() && (listed(name) || meaning::named(name).in_full);
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

    #[test]
    fn names_are_known_from_the_table_or_by_what_they_mean() {
        let table = RuleTable::load("anonymisation").unwrap();
        for (case, names, expected) in [
            ("listed", &["nom", "sexe", "est_rouge"][..], true),
            ("of the output", &["Index_rd", "Tranche_revenus"], true),
            ("understood", &["E-mail", "Ville", "couleur"], true),
            ("hardly any", &["nom", "x1", "x2", "x3"], false),
            ("none", &["x1", "x2"], false),
            ("a person", &["nom", "marie@example.fr", "sexe"], false),
            ("a number", &["nom", "42", "sexe"], false),
            ("a title", &["Export des clients"], false),
            ("nothing", &[], false),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(are_known(&names, Some(&table)), expected, "{case}");
        }
    }
}
