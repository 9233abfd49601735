//! The postal code of an address in SQL.
//!
//! What is a letter is a question of Unicode, and every engine has another one. So characters that
//! are not ASCII are first replaced, by a list made from the very tables that the rule goes by, with
//! an ASCII character of their nature: a letter, a digit of another script, a blank. After that the
//! patterns are plain. Most addresses are decided before, by one pattern with few letters in it.

use std::collections::BTreeMap;

use crate::rules::geography;
use crate::sql::{Column, class};

/// How codes begin: see `begins_like_a_code`.
const CODE: &str = "(?:(?:0[1-9]|[1-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[0678][0-9]{2})";

/// Blanks, commas and dashes, after the replacement.
const BETWEEN: &str = "[\t\n\u{b}\u{c}\r ,-]";

/// The letters before a town that the first pattern knows end here.
const LAST_OF_LATIN_1: char = 'ÿ';

/// The letters that are replaced first end here.
const LAST_OF_LATIN: char = '\u{24f}';

/// Signs of French addresses that stand for nothing here.
const SIGNS: &str = "«°»‘’“”…€";

/// The code of an address; `NULL` if there is none.
pub(in crate::rules) fn code(column: &mut Column<'_>) -> String {
    let dialect = column.dialect();
    let cell = column.cell();
    // What most addresses are: a code, a town, and no room for another code behind.
    let letters = class(|c| c <= LAST_OF_LATIN_1 && c.is_alphabetic());
    let pattern = format!("[\n -/:-@]{CODE}[ ,-]+[{letters}][^0-9]*[0-9]{{0,2}}$");
    let usual = column.step(
        "usual",
        format!("substr({}, 2, 5)", dialect.first(&cell, &pattern)),
    );

    let others = |belongs: &dyn Fn(char) -> bool| class(|c| !c.is_ascii() && belongs(c));
    let replaced = |text: &str, classes: &[(String, &str)]| {
        classes.iter().fold(text.to_owned(), |text, (class, by)| {
            dialect.replace(&text, &format!("[{class}]"), by)
        })
    };
    // The long classes below take far longer than these, with which most addresses are ASCII.
    let french = [
        (others(&|c| c <= LAST_OF_LATIN && c.is_alphabetic()), "x"),
        (SIGNS.to_owned(), "/"),
        (
            format!("{}\u{2010}-\u{2015}", others(&char::is_whitespace)),
            " ",
        ),
    ];
    let is_ascii = dialect.is_ascii(&cell);
    let latin = column.step(
        "latin",
        format!(
            "CASE WHEN {usual} IS NOT NULL THEN NULL\n  WHEN {is_ascii} THEN {cell}\n  ELSE\n  \
             -- x for every Latin letter beyond ASCII, / for signs, a blank for every blank and dash\n  \
             {}\nEND",
            replaced(&cell, &french)
        ),
    );
    let all = [
        (others(&char::is_alphabetic), "x"),
        (others(&|c| c.is_numeric() && !c.is_alphabetic()), "_"),
    ];
    let is_ascii = dialect.is_ascii(&latin);
    let plain = column.step(
        "plain",
        format!(
            "CASE WHEN {is_ascii} THEN {latin} ELSE\n  \
             -- x for every letter of another script, _ for every digit\n  \
             {}\nEND",
            replaced(&latin, &all)
        ),
    );
    let code = format!(
        "coalesce(\n  {usual},\n  {},\n  {}\n)",
        dialect.last(
            &plain,
            "[^0-9A-Za-z_]",
            CODE,
            &format!("{BETWEEN}+[A-Za-z]")
        ),
        dialect.group(
            &plain,
            &format!("(?:.*[^0-9A-Za-z_])?({CODE})(?:[^0-9A-Za-z_].*)?")
        )
    );
    column.step("code", code)
}

/// The code where `least` people live or more, and else its département.
pub(super) fn populous(column: &mut Column<'_>, code: &str, least: u64) -> String {
    let enough = |code: &str| {
        geography::lookup(code).is_some_and(|known| u64::from(known.population) >= least)
    };
    let populous: Vec<String> = codes().filter(|code| enough(code)).collect();
    let place = place(column, code, |code| geography::departement_label(code));
    let value = match populous.as_slice() {
        [] => place,
        _ => format!(
            "CASE WHEN {code} IN (\n    {}\n  ) THEN {code}\n  ELSE {place} END",
            list(&populous, "'")
        ),
    };
    column.step("place_or_code", value)
}

/// Every number that could be a code.
fn codes() -> impl Iterator<Item = String> {
    (0..100_000).map(|number| format!("{number:05}"))
}

/// What a code lies in, by its first three digits, but for those codes that lie elsewhere.
pub(in crate::rules) fn place(
    column: &mut Column<'_>,
    code: &str,
    place_of: impl Fn(&str) -> Option<&'static str>,
) -> String {
    let dialect = column.dialect();
    let mut places: Vec<&str> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_prefix: BTreeMap<String, BTreeMap<usize, Vec<String>>> = BTreeMap::new();
    for code in codes() {
        if let (Some(place), Some(prefix)) = (place_of(&code), code.get(..3)) {
            let number = *known.entry(place).or_insert_with(|| {
                places.push(place);
                places.len() - 1
            });
            let numbers = by_prefix.entry(prefix.to_owned()).or_default();
            numbers.entry(number).or_default().push(code);
        }
    }
    // A code of another place than most with its first digits is named.
    let mut usual = Vec::new();
    let mut elsewhere = String::new();
    for prefix in (0..1000).map(|prefix| format!("{prefix:03}")) {
        let numbers = by_prefix.remove(&prefix).unwrap_or_default();
        let most = numbers.iter().max_by_key(|(_, codes)| codes.len());
        let most = most.map(|(number, _)| *number);
        usual.push(most.map_or("NULL".to_owned(), |number| (number + 1).to_string()));
        for (number, codes) in numbers {
            if most != Some(number) {
                let (codes, number) = (list(&codes, "'"), number + 1);
                elsewhere.push_str(&format!("\n  WHEN {code} IN ({codes}) THEN {number}"));
            }
        }
    }
    let prefix = format!("CAST(substr({code}, 1, 3) AS integer) + 1");
    let number = format!(
        "CASE{elsewhere}\n  ELSE {}\nEND",
        dialect.element(&list(&usual, ""), &prefix)
    );
    let number = column.step("place_number", number);
    let places: Vec<String> = places.iter().map(|place| dialect.text(place)).collect();
    let place = dialect.element(&list(&places, ""), &number);
    column.step("place", place)
}

/// Constants, in lines of bearable length.
fn list(constants: &[String], quote: &str) -> String {
    let lines: Vec<String> = constants
        .chunks(12)
        .map(|line| {
            let quoted: Vec<String> = line
                .iter()
                .map(|each| format!("{quote}{each}{quote}"))
                .collect();
            quoted.join(", ")
        })
        .collect();
    lines.join(",\n    ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blanks_are_those_of_the_rule() {
        for c in ('\0'..='\x7f').filter(|c| c.is_whitespace() || ",-".contains(*c)) {
            assert!(BETWEEN.contains(c), "{c:?}");
        }
    }

    #[test]
    fn signs_are_no_letters_digits_blanks_or_dashes() {
        for c in SIGNS.chars() {
            let dash = ('\u{2010}'..='\u{2015}').contains(&c);
            assert!(
                !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace() && !dash,
                "{c:?}"
            );
        }
    }
}
