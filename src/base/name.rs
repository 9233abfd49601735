//! Column names: how they match a rule table, and how they may be shown.
//!
//! A header is text from outside. It is compared through [`key`], which forgives what people and
//! spreadsheets change, and it reaches a message only as a [`Shown`], which no control character,
//! no line break and no endless cell survives.

use std::fmt;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::escape::is_unseen;

/// The longest header name that a message shows, in characters.
const SHOWN_CHARACTERS: usize = 60;

/// What two column names must have in common to be the same column: the name trimmed, in lower
/// case, without accents, with `_` for every space and `-`.
pub fn key(name: &str) -> String {
    name.trim()
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| {
            if c.is_whitespace() || c == '-' {
                '_'
            } else {
                c
            }
        })
        .collect()
}

/// A column name made safe for a terminal, a log or a JSON file: quoted, escaped, cut when long.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Shown {
    /// Escapes a header name. `position` (from 1) stands in for an empty one.
    pub fn new(name: &str, position: usize) -> Self {
        if name.trim().is_empty() {
            return Self(format!("#{position} (no name)"));
        }
        let mut shown = String::new();
        for (count, c) in name.trim().chars().enumerate() {
            // What follows a line break may be rows that a stray quote has swallowed.
            if count == SHOWN_CHARACTERS || matches!(c, '\n' | '\r') {
                shown.push('…');
                break;
            }
            if is_unseen(c) || c == '\\' {
                shown.extend(c.escape_unicode());
            } else {
                shown.push(c);
            }
        }
        Self(shown)
    }

    /// The escaped name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_through_what_people_change() {
        for (case, name, expected) in [
            ("as listed", "date_naissance", "date_naissance"),
            ("trimmed", "  nom\t", "nom"),
            ("case", "SEXE", "sexe"),
            ("composed accent", "m\u{e9}tier", "metier"),
            ("combining accent", "me\u{301}tier", "metier"),
            ("capital accent", "MÉTIER", "metier"),
            ("space", "date naissance", "date_naissance"),
            ("no-break space", "date\u{a0}naissance", "date_naissance"),
            ("dash", "Date-Naissance", "date_naissance"),
            ("punctuation stays", "Enfant(s)?", "enfant(s)?"),
            ("cedilla", "Reçu", "recu"),
            ("other letters stay apart", "nom2", "nom2"),
        ] {
            assert_eq!(key(name), expected, "{case}");
        }
    }

    #[test]
    fn a_shown_name_cannot_reach_the_terminal() {
        for (case, name, expected) in [
            ("plain", "nom", "`nom`"),
            ("accents stay", "métier", "`métier`"),
            ("so do signs", "N° € – ’", "`N° € – ’`"),
            ("no-break space", "a\u{a0}b", "`a\\u{a0}b`"),
            ("isolate", "a\u{2066}b", "`a\\u{2066}b`"),
            ("escape sequence", "a\u{1b}[2Jb", "`a\\u{1b}[2Jb`"),
            ("line break", "a\nDupont;Marie", "`a…`"),
            ("vertical tab", "a\u{b}b", "`a\\u{b}b`"),
            ("right-to-left override", "a\u{202e}b", "`a\\u{202e}b`"),
            ("backslash", "a\\b", "`a\\u{5c}b`"),
            ("empty", " ", "`#3 (no name)`"),
        ] {
            assert_eq!(Shown::new(name, 3).to_string(), expected, "{case}");
        }
        let long = Shown::new(&"x".repeat(500), 1);
        assert_eq!(long.as_str().chars().count(), SHOWN_CHARACTERS + 1);
    }
}
