//! The postal code of an address in SQL: the steps of [`reading`](super::reading), as replacements.
//!
//! What is a letter is a question of Unicode, and every engine has another one. So a cell is first
//! written in plain characters, as [`plain`](super::plain) does, by `translate` and by lists made from
//! the very tables that the rule goes by. After that the patterns are ASCII. A number that is no code
//! is overwritten, a code of the table is marked with `@`, and the last mark before a town counts.
//!
//! No engine agrees with another on what `$` stands for before a line break, and RE2 cannot look
//! behind or ahead. So a plain text ends with a semicolon, and what is looked at is caught and
//! written again.

mod letters;

use std::collections::{BTreeMap, BTreeSet};

use super::words::{
    BEFORE_STREET_NAME, CODES, COUNTRIES, IN_FRANCE, NOT_A_TOWN, NUMBERED, NUMBERED_OR_STREET, OF,
    ORDINALS, POSTAL, STATES, WORDS_BEHIND_CODE,
};
use letters::plain;

use crate::rules::geography;
use crate::sql::Column;

/// How codes begin, CEDEX codes too: see `begins_like_a_code`.
const CODE: &str = "(?:(?:0[1-9]|[1-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[0678][0-9]{2})";

/// See `is_between`.
const BETWEEN: &str = "[\t\n\u{b}\u{c}\r ,-]";

/// See `is_before_number`.
const BEFORE_NUMBER: &str = "[ \t.:=*#'\"(-]";

/// The beginning of the text, or a character that is in no word.
const START: &str = "(?:^|[^0-9a-z_])";

/// The rest of a text in which no five digits follow.
const NO_CODE: &str = "[^0-9]*(?:[0-9]{1,4}[^0-9]+)*[0-9]{0,4}$";

/// The code of an address; `NULL` if there is none.
pub(in crate::rules) fn code(column: &mut Column<'_>, pad: bool) -> String {
    let dialect = column.dialect();
    let known = valid(geography::is_postal_code);
    let plain = plain(column);
    let usual = usual(column, &plain, &known);
    // What is NULL costs nothing in the steps to come.
    let plain = column.step(
        "rest",
        format!("CASE WHEN {usual} IS NULL THEN {plain} END"),
    );
    let spaced = format!(
        "(?s)^(.*[^0-9][^0-9a-z_]|[^0-9a-z_]?)\
         (?:([0-9]{{2}}) ([0-9]{{3}})|([0-9]{{3}}) ([0-9]{{2}}))( *;|{BETWEEN}+[a-z].*)$"
    );
    let joined = column.step(
        "joined",
        dialect.replace(&plain, &spaced, "\\1\\2\\3\\4\\5\\6"),
    );
    let french = french(column, &joined);
    let free = without_other_numbers(column, &french);
    let marked = dialect.replace(&free, &format!("(^|[^0-9a-z_])({known})"), "\\1@\\2");
    let marked = column.step("marked", marked);
    let cedex = format!("({START})({CODE}{BETWEEN}+[a-z][^0-9_,;\n\r]*[^0-9a-z_]+cedex)");
    let marked = column.step("all_marked", dialect.replace(&marked, &cedex, "\\1@\\2"));
    let mut found = vec![
        usual,
        dialect.group(&marked, &format!(".*@([0-9]{{5}}){BETWEEN}+[a-z].*")),
        dialect.group(&marked, ".*@([0-9]{5})[^0-9a-z_].*"),
    ];
    if pad {
        let shortened = valid(|code| code[0] == b'0' && geography::is_postal_code(code));
        let shortened = shortened.strip_prefix('0').unwrap_or_default();
        let alone = format!("[\t\n\u{c}\r ]*'?({shortened})(?:[.,]00?)?[\t\n\u{c}\r ]*;");
        found.push(dialect.concat(&["'0'", &dialect.group(&plain, &alone)]));
    }
    column.step("code", format!("coalesce(\n  {}\n)", found.join(",\n  ")))
}

/// The code of an address such as most are: a comma, a code, a town and no room for another code,
/// and no word that could be a country.
fn usual(column: &mut Column<'_>, plain: &str, known: &str) -> String {
    let dialect = column.dialect();
    let doubts: Vec<&str> = COUNTRIES.iter().chain(NOT_A_TOWN).copied().collect();
    let doubtful = dialect.holds(plain, &format!("{START}{}", beginning_with(&doubts)));
    let pattern = format!(", {known}{BETWEEN}+[a-z][^0-9]*[0-9]{{0,2}}[^0-9]*$");
    let found = dialect.first(plain, &pattern);
    column.step(
        "usual",
        format!("CASE WHEN NOT ({doubtful}) THEN substr({found}, 3, 5) END"),
    )
}

/// The text, `NULL` if it has no five digits or names another country.
fn french(column: &mut Column<'_>, text: &str) -> String {
    let dialect = column.dialect();
    let countries = any_of(COUNTRIES);
    let other_names = dialect.replace(
        text,
        &format!("({START})(?:{})", any_of(IN_FRANCE)),
        "\\1xxx",
    );
    let streets = any_of(BEFORE_STREET_NAME);
    let other_names = dialect.replace(
        &other_names,
        &format!("({START}(?:{streets})[ '-])(?:{countries})"),
        "\\1xxx",
    );
    let country = format!(
        "{START}(?:{countries})\
         (?:[^0-9a-z_]+[0-9]{{5,}}(?:$|[^0-9]{NO_CODE})| *[^0-9a-z_ ]{NO_CODE})\
         |^[^0-9a-z_]*(?:{countries}) *[^0-9a-z_ ]"
    );
    column.step(
        "french",
        format!(
            "CASE\n  WHEN {} AND NOT ({}) THEN {text} -- no other country\nEND",
            dialect.holds(text, "[0-9]{5}"),
            dialect.holds(&other_names, &country)
        ),
    )
}

/// The text with `_` for five digits that number something else.
fn without_other_numbers(column: &mut Column<'_>, text: &str) -> String {
    let dialect = column.dialect();
    let streets = any_of(NUMBERED_OR_STREET);
    let words = [
        // `cp` is no code of a door.
        (format!("({START})(?:{})", any_of(POSTAL)), "\\1cp"),
        (
            format!("({START}(?:{})[ '-])(?:{streets})", any_of(OF)),
            "\\1xxx",
        ),
        (
            format!(
                "({START}(?:{}|[0-9]+[a-z]{{0,4}}|[0-9]+\\*) )etage",
                any_of(ORDINALS)
            ),
            "\\1xxx",
        ),
    ];
    let text = words.iter().fold(text.to_owned(), |text, (pattern, by)| {
        dialect.replace(&text, pattern, by)
    });
    let text = column.step("words", text);
    let numbers = [
        (
            format!(
                "({START}(?:{}|{streets}|(?:{})(?:[ '.-]+[a-z]+){{0,{WORDS_BEHIND_CODE}}}){BEFORE_NUMBER}+\
                 |#{BEFORE_NUMBER}*\
                 |{START}(?:[a-eg-z]|f[a-qs-z]|c[a-oq-z]|[abdeg-z][a-z])-)[0-9]{{5}}",
                any_of(NUMBERED),
                any_of(CODES)
            ),
            "\\1_",
        ),
        (
            format!("[0-9]{{5}}({BETWEEN}+(?:{})[^0-9a-z_])", any_of(NOT_A_TOWN)),
            "_\\1",
        ),
        (
            format!(
                "({START}(?:{})[ ,]+)[0-9]{{5}}((?:-[0-9]{{4}})?[^0-9a-z]*)$",
                any_of(STATES)
            ),
            "\\1_\\2",
        ),
    ];
    let text = numbers.iter().fold(text, |text, (pattern, by)| {
        dialect.replace(&text, pattern, by)
    });
    column.step("free", text)
}

/// A pattern of these phrases.
fn any_of(phrases: &[&str]) -> String {
    let patterns: Vec<String> = phrases
        .iter()
        .map(|phrase| phrase.replace('.', "\\.").replace(' ', "[ '-]"))
        .collect();
    patterns.join("|")
}

/// A pattern that a text begins with if it begins with one of these phrases. Engines that go back
/// look at each phrase in turn, so those that begin alike stand together.
fn beginning_with(phrases: &[&str]) -> String {
    let mut by_first: BTreeMap<char, Vec<&str>> = BTreeMap::new();
    for phrase in phrases {
        let mut rest = phrase.chars();
        match rest.next() {
            Some(first) => by_first.entry(first).or_default().push(rest.as_str()),
            // One ends here, and whatever follows begins with it.
            None => return String::new(),
        }
    }
    let alternatives: Vec<String> = by_first
        .into_iter()
        .map(|(first, rests)| any_of(&[first.encode_utf8(&mut [0; 4])]) + &beginning_with(&rests))
        .collect();
    match alternatives.as_slice() {
        [only] => only.clone(),
        _ => format!("(?:{})", alternatives.join("|")),
    }
}

/// A pattern of the codes that `belong`.
fn valid(belong: impl Fn(&[u8; 5]) -> bool) -> String {
    let known: BTreeSet<String> = codes()
        .filter(|code| code.as_bytes().try_into().is_ok_and(&belong))
        .collect();
    pattern_of(&known.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A pattern of these texts of one length, digit by digit: digits that go on alike stand together.
fn pattern_of(texts: &[&str]) -> String {
    let mut by_digit: BTreeMap<char, Vec<&str>> = BTreeMap::new();
    for text in texts {
        let mut rest = text.chars();
        if let Some(digit) = rest.next() {
            by_digit.entry(digit).or_default().push(rest.as_str());
        }
    }
    let mut by_rest: BTreeMap<String, String> = BTreeMap::new();
    for (digit, rests) in by_digit {
        by_rest.entry(pattern_of(&rests)).or_default().push(digit);
    }
    let alternatives: Vec<String> = by_rest
        .iter()
        .map(|(rest, digits)| match digits.len() {
            1 => format!("{digits}{rest}"),
            10 => format!("[0-9]{rest}"),
            _ => format!("[{digits}]{rest}"),
        })
        .collect();
    match alternatives.as_slice() {
        [only] => only.clone(),
        [] => String::new(),
        _ => format!("(?:{})", alternatives.join("|")),
    }
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
pub(in crate::rules) fn place<'p>(
    column: &mut Column<'_>,
    code: &str,
    place_of: impl Fn(&str) -> Option<&'p str>,
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
    let integer = dialect.integer_type();
    let prefix = format!("CAST(substr({code}, 1, 3) AS {integer}) + 1");
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
    use super::super::context;
    use super::*;

    #[test]
    fn the_classes_are_those_of_the_rule() {
        for byte in 0..128_u8 {
            let c = char::from(byte);
            let inside = BETWEEN.trim_matches(['[', ']']);
            assert_eq!(inside.contains(c), context::is_between(byte), "{c:?}");
            let inside = BEFORE_NUMBER.trim_matches(['[', ']']);
            assert_eq!(inside.contains(c), context::is_before_number(byte), "{c:?}");
        }
    }

    #[test]
    fn phrases_that_begin_alike_stand_together() {
        assert_eq!(
            beginning_with(&["new york", "u.s", "new zealand", "new yorkshire"]),
            "(?:new[ '-](?:york|zealand)|u\\.s)"
        );
    }

    #[test]
    fn a_pattern_is_made_of_the_codes_and_no_more() {
        assert_eq!(
            pattern_of(&["10", "11", "20", "21", "35"]),
            "(?:35|[12][01])"
        );
        assert_eq!(pattern_of(&["01000"]), "01000");
        let known = valid(geography::is_postal_code);
        assert!(known.len() < 25_000, "{}", known.len());
    }
}
