//! The postal code of an address in SQL.
//!
//! What is a letter is a question of Unicode, and every engine has another one. So characters that
//! are not ASCII are first replaced, by a list made from the very tables that the rule goes by, with
//! an ASCII character of their nature: a letter, a digit of another script, a blank. After that the
//! patterns are plain.

use std::collections::BTreeMap;

use crate::geography;
use crate::sql::{Column, class};

/// How codes begin: see `begins_like_a_code`.
const CODE: &str =
    "(?:(?:0[1-9]|[1-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[0678][0-9]{2})";

/// Blanks, commas and dashes, after the replacement.
const BETWEEN: &str = "[\t\n\u{b}\u{c}\r ,-]";

/// The code of an address; `NULL` if there is none.
pub(super) fn code(column: &mut Column<'_>) -> String {
    let dialect = column.dialect();
    let cell = column.cell();
    let others = |belongs: &dyn Fn(char) -> bool| class(|c| !c.is_ascii() && belongs(c));
    let blanks = format!("{}\u{2010}-\u{2015}", others(&char::is_whitespace));
    let digits = others(&|c| c.is_numeric() && !c.is_alphabetic());
    let mut plain = cell.clone();
    for (class, by) in [
        (others(&char::is_alphabetic), "x"),
        (digits, "_"),
        (blanks, " "),
    ] {
        plain = dialect.replace(&plain, &format!("[{class}]"), by);
    }
    let is_ascii = dialect.is_ascii(&cell);
    let plain = column.step(
        "plain",
        format!("CASE WHEN {is_ascii} THEN {cell} ELSE\n  \
             -- x for every letter beyond ASCII, _ for every digit, a blank for every blank and dash\n  \
             {plain}\nEND"),
    );
    let before_town = format!("(?:.*[^0-9A-Za-z_])?({CODE}){BETWEEN}+[A-Za-z].*");
    let any = format!("(?:.*[^0-9A-Za-z_])?({CODE})(?:[^0-9A-Za-z_].*)?");
    let code = format!(
        "coalesce(\n  {},\n  {}\n)",
        dialect.group(&plain, &before_town),
        dialect.group(&plain, &any)
    );
    column.step("code", code)
}

/// The code where `least` people live or more, and else its département.
pub(super) fn populous(column: &mut Column<'_>, code: &str, least: u64) -> String {
    let enough = |code: &str| {
        geography::lookup(code).is_some_and(|known| u64::from(known.population) >= least)
    };
    let populous: Vec<String> = codes().filter(|code| enough(code)).collect();
    let places = by_place(column, code, &|code: &str| geography::departement_label(code));
    let value = match populous.as_slice() {
        [] => places,
        _ => format!(
            "CASE WHEN {code} IN (\n    {}\n  ) THEN {code}\n  ELSE {places}\nEND",
            list(&populous)
        ),
    };
    column.step("place", value)
}

/// Every number that could be a code.
fn codes() -> impl Iterator<Item = String> {
    (0..100_000).map(|number| format!("{number:05}"))
}

/// What a code lies in, by its first three digits, but for those codes that lie elsewhere.
pub(in crate::rule) fn by_place(
    column: &Column<'_>,
    code: &str,
    place: &dyn Fn(&str) -> Option<&'static str>,
) -> String {
    let dialect = column.dialect();
    let mut by_prefix: BTreeMap<String, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for code in codes() {
        if let (Some(place), Some(prefix)) = (place(&code), code.get(..3)) {
            let places = by_prefix.entry(prefix.to_owned()).or_default();
            places.entry(place).or_default().push(code);
        }
    }
    let mut prefixes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut elsewhere: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (prefix, places) in by_prefix {
        let usual = places.iter().max_by_key(|(_, codes)| codes.len());
        let usual = usual.map(|(place, _)| *place);
        for (place, codes) in places {
            match usual == Some(place) {
                true => prefixes.entry(place).or_default().push(prefix.clone()),
                false => elsewhere.entry(place).or_default().extend(codes),
            }
        }
    }
    let mut text = "CASE".to_owned();
    for (place, codes) in elsewhere {
        let (codes, place) = (list(&codes), dialect.text(place));
        text.push_str(&format!("\n    WHEN {code} IN ({codes}) THEN {place}"));
    }
    for (place, prefixes) in prefixes {
        let (prefixes, place) = (list(&prefixes), dialect.text(place));
        text.push_str(&format!(
            "\n    WHEN substr({code}, 1, 3) IN ({prefixes}) THEN {place}"
        ));
    }
    text.push_str("\n  END");
    text
}

/// Digits as constants, in lines of bearable length.
fn list(digits: &[String]) -> String {
    let lines: Vec<String> = digits
        .chunks(12)
        .map(|line| {
            let quoted: Vec<String> = line.iter().map(|digits| format!("'{digits}'")).collect();
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
        let ascii: String = class(|c| c.is_ascii() && c.is_whitespace());
        assert_eq!(ascii, "\t-\r ");
        assert!(white_space().starts_with(&ascii));
    }
}
