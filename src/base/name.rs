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

/// What two column names must have in common to be the same column: the name without characters
/// that are not seen, trimmed, in lower case, without accents, with `_` for every space, line break
/// and dash.
pub fn key(name: &str) -> String {
    // Nearly all names are letters, digits and signs of ASCII.
    if name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return name.to_ascii_lowercase().replace('-', "_");
    }
    plain(name)
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| {
            if c.is_whitespace() || is_dash(c) {
                '_'
            } else {
                c
            }
        })
        .collect()
}

/// Whether a name has this [`key`]; the first letter tells of nearly all that have not.
pub(crate) fn has_key(name: &str, key: &str) -> bool {
    let first = name.bytes().next().filter(u8::is_ascii_alphanumeric);
    let differs =
        first.is_some_and(|first| !key.as_bytes().starts_with(&[first.to_ascii_lowercase()]));
    !differs && self::key(name) == key
}

/// A name on one line: without characters that are not seen, trimmed, with one blank for a line
/// break and what blanks stand around it.
pub fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut after_break = false;
    let seen = name.chars().filter(|c| !is_ignorable(*c));
    for c in seen {
        if is_line_break(c) {
            plain.truncate(plain.trim_end().len());
            after_break = !plain.is_empty();
        } else if !(c.is_whitespace() && (after_break || plain.is_empty())) {
            if after_break {
                plain.push(' ');
                after_break = false;
            }
            plain.push(c);
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a character is not seen and says nothing: of no width, a soft hyphen, a byte order
/// mark, a mark of writing direction.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character may reach a terminal: it is seen, and it moves no other.
fn is_shown(c: char) -> bool {
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}' | '\u{f0000}'..);
    !(is_unseen(c) || is_ignorable(c) || is_private || c == '\\')
}

/// A column name made safe for a terminal, a log or a JSON file: quoted, escaped, cut when long.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Shown {
    name: String,
    /// Its position, from 1, if it has no name: that is what it is called then.
    #[serde(skip)]
    nameless: Option<usize>,
}

impl Shown {
    /// Escapes a header name. `position` (from 1) stands in for an empty one.
    pub fn new(name: &str, position: usize) -> Self {
        if plain(name).is_empty() {
            return Self {
                name: format!("#{position} (no name)"),
                nameless: Some(position),
            };
        }
        let name = name.trim();
        // What follows a line break may be rows that a stray quote has swallowed.
        let holds_cells = |c: char| c.is_numeric() || ",;\t|@\"".contains(c);
        let cut_at_break = name.contains(['\n', '\r']) && name.contains(holds_cells);
        let mut shown = String::new();
        let mut before = ' ';
        for (count, c) in name.chars().enumerate() {
            let breaks = matches!(c, '\n' | '\r');
            if count == SHOWN_CHARACTERS || breaks && cut_at_break {
                shown.push('…');
                break;
            }
            match c {
                '\n' if before == '\r' => {}
                _ if breaks => shown.push_str("\\n"),
                _ if is_shown(c) => shown.push(c),
                _ => shown.extend(c.escape_unicode()),
            }
            before = c;
        }
        Self {
            name: shown,
            nameless: None,
        }
    }

    /// What it is called in a message, without quotes.
    pub fn told(&self) -> String {
        match self.nameless {
            Some(position) => text!("#{position} (no name)", position),
            None => self.name.clone(),
        }
    }

    /// The escaped name.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nameless {
            Some(_) => write!(f, "`{}`", self.told()),
            None => write!(f, "`{}`", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_through_what_people_change() {
        for (case, name, expected) in cases![
            "as listed", "date_naissance", "date_naissance";
            "trimmed", "  nom\t", "nom";
            "case", "SEXE", "sexe";
            "composed accent", "m\u{e9}tier", "metier";
            "combining accent", "me\u{301}tier", "metier";
            "capital accent", "MÉTIER", "metier";
            "space", "date naissance", "date_naissance";
            "no-break space", "date\u{a0}naissance", "date_naissance";
            "dash", "Date-Naissance", "date_naissance";
            "punctuation stays", "Enfant(s)?", "enfant(s)?";
            "cedilla", "Reçu", "recu";
            "other letters stay apart", "nom2", "nom2";
            "zero-width space", "no\u{200b}m", "nom";
            "soft hyphen", "date_nais\u{ad}sance", "date_naissance";
            "byte order mark", "\u{feff}nom", "nom";
            "mark before a blank", "\u{feff} nom", "nom";
            "no-break spaces around", "\u{a0}nom\u{202f}", "nom";
            "narrow no-break space", "date\u{202f}naissance", "date_naissance";
            "right-to-left mark", "nom\u{200f}", "nom";
            "word joiner", "n\u{2060}om", "nom";
            "variation selector", "nom\u{fe0f}", "nom";
            "non-breaking hyphen", "date\u{2011}naissance", "date_naissance";
            "en dash", "date–naissance", "date_naissance";
            "line feed", "date\nnaissance", "date_naissance";
            "CRLF", "date\r\nnaissance", "date_naissance";
            "blanks around a break", "date \n  naissance\n", "date_naissance";
            "line separator", "date\u{2028}naissance", "date_naissance";
            "full width", "ｎｏｍ", "nom";
        ] {
            assert_eq!(key(name), expected, "{case}");
        }
    }

    #[test]
    fn a_plain_name_is_on_one_line() {
        for (name, expected) in [
            ("Nom\nclient", "Nom client"),
            ("  Date de\r\n  naissance \n", "Date de naissance"),
            ("\nSexe\n\n(H/F)", "Sexe (H/F)"),
            ("a  b", "a  b"),
            ("\u{feff}a\u{ad}b", "ab"),
            ("\n", ""),
        ] {
            assert_eq!(plain(name), expected, "{name:?}");
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
            ("line break", "Nom\nclient", "`Nom\\nclient`"),
            ("CRLF", "Nom\r\nclient", "`Nom\\nclient`"),
            ("line break before cells", "a\nDupont;Marie", "`a…`"),
            ("line break before a number", "a\nDupont 42", "`a…`"),
            ("degree sign", "N°", "`N°`"),
            ("currency", "Montant (€)", "`Montant (€)`"),
            ("no-break space", "a\u{a0}b", "`a\\u{a0}b`"),
            ("zero-width space", "a\u{200b}b", "`a\\u{200b}b`"),
            ("nothing seen", "\u{feff}\u{200b}", "`#3 (no name)`"),
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
