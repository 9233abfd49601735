//! A cell in plain characters, in SQL.

use std::collections::BTreeMap;

use super::super::plain::{LAST_OF_LATIN, plain_character};
use crate::sql::{Column, class_of};

/// The letters beside those of ASCII that French is written with, and its apostrophe.
const FRENCH: &str = "°ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜàâäæçèéêëîïôöùûüÿŒœŸ’";

/// Behind it nothing is translated.
const LAST_SEEN: char = '\u{ff19}';

/// Behind it there are no letters, numbers or blanks.
const LAST_NAMED: char = '\u{3ffff}';

/// The cell in plain characters, and a semicolon.
pub(super) fn plain(column: &mut Column<'_>) -> String {
    let dialect = column.dialect();
    // What is seen on a page is translated; there is no control character among it.
    let seen = |c: &char| {
        matches!(c, 'A'..='Z' | '@' | '°' | '№' | '‘' | '’' | 'ʼ' | '\u{ff10}'..='\u{ff19}')
            || !c.is_ascii() && *c <= LAST_OF_LATIN && c.is_alphabetic()
    };
    let pairs: Vec<(char, char)> = (char::MIN..=LAST_SEEN)
        .filter(seen)
        .filter_map(|c| Some((c, char::from(plain_character(c)?))))
        .collect();
    let cell = column.cell();
    let letters = |among: &dyn Fn(char) -> bool| {
        let among = pairs.iter().copied().filter(|(c, _)| among(*c));
        let (from, to): (String, String) = among.unzip();
        dialect.translate(&cell, &from, &to)
    };
    // What a list of a thousand characters costs, a cell without most of them need not pay.
    let translated = format!(
        "CASE\n  WHEN {} THEN {}\n  WHEN {} THEN {} -- as in French\n  ELSE {}\nEND",
        dialect.is_ascii(&cell),
        letters(&|c| c.is_ascii()),
        dialect.is_whole(&cell, &format!("[ -~{FRENCH}]*")),
        letters(&|c| c.is_ascii() || FRENCH.contains(c)),
        letters(&|_| true),
    );
    let translated = column.step("letters", translated);
    let mut others: BTreeMap<Option<u8>, Vec<char>> = BTreeMap::new();
    for c in (char::MIN..=LAST_NAMED).filter(|c| !c.is_ascii() && !seen(c)) {
        others.entry(plain_character(c)).or_default().push(c);
    }
    let replaced = [
        (None, ""),
        (Some(b' '), " "),
        (Some(b'-'), "-"),
        (Some(b'x'), "x"),
        (Some(b'_'), "_"),
    ]
    .into_iter()
    .fold(translated.clone(), |text, (wanted, by)| {
        let class = class_of(others.remove(&wanted).unwrap_or_default());
        dialect.replace(&text, &format!("[{class}]"), by)
    });
    let is_ascii = dialect.is_ascii(&translated);
    let plain = format!(
        "CASE WHEN {is_ascii} THEN {translated} ELSE\n  \
         -- no accents, a blank for every blank, x for every letter of another script, _ for every digit\n  \
         {replaced}\nEND"
    );
    column.step("plain", dialect.concat(&[&plain, "';'"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_a_class() {
        for c in (char::MIN..=char::MAX).filter(|c| !c.is_ascii()) {
            let classes = [
                None,
                Some(b' '),
                Some(b'-'),
                Some(b'x'),
                Some(b'_'),
                Some(b'/'),
            ];
            let translated = c <= LAST_OF_LATIN || "°№‘’ʼ".contains(c) || c >= '\u{ff10}';
            assert!(translated || classes.contains(&plain_character(c)), "{c:?}");
            assert!(c <= LAST_NAMED || plain_character(c) == Some(b'/'), "{c:?}");
        }
    }
}
