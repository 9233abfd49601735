//! The words of a name, and the gaps that a wrong encoding has left in them.

use crate::base::name;

/// So many bytes of a name are read.
const LONGEST: usize = 1000;

/// Stands for a letter that is not known.
pub(super) const GAP: char = '?';
/// A word needs so many letters that are known to be taken for another.
const LEAST_KNOWN: usize = 3;

/// Articles and prepositions.
const FILLERS: &[&str] = &[
    "de", "d", "du", "des", "la", "le", "les", "l", "un", "une", "of", "the", "a", "au", "aux",
    "en", "et", "and", "or", "ou", "s", "for", "pour", "mon", "ma", "mes", "votre", "vos", "your",
    "my", "ce", "cette", "this", "avec", "with", "sur", "dans", "chez", "from", "qui",
];
/// What is a filler unless the name ends with it: `Created by`, `Saisi par`.
const AGENTS: [&str; 2] = ["by", "par"];
/// In front of `of` they count something, and number nothing.
const COUNTERS: [&str; 5] = ["number", "no", "num", "nr", "nbr"];
/// Letters beyond ASCII that French and its neighbours write.
const LETTERS: &str = "àâäæçéèêëîïôöœùûüÿñßáíóú";
/// Signs beyond ASCII that names have.
const SIGNS: &str = "°º№’€²³«»·\u{a0}\u{202f}\u{2009}";

/// What is read of a name: all of it, unless it is longer than any name of a column. Reading takes longer than
/// the name is long, and a field may have megabytes.
pub(super) fn beginning(column: &str) -> &str {
    let end = column.floor_char_boundary(LONGEST);
    column.get(..end).unwrap_or(column)
}

/// The words of a name: by what is no letter or digit, by `camelCase`, by letters before digits;
/// without accents, in lower case, without articles and prepositions.
pub(super) fn plain(name: &str) -> Vec<String> {
    split(&name.replace(GAP, " "))
}

/// The words with a gap for each letter that may be another, if there is one: `SantŽ`, `Sant?`,
/// `S\u{fffd}curit\u{fffd}`.
pub(super) fn with_gaps(name: &str) -> Option<Vec<String>> {
    gapped(name, is_spoilt)
}

/// The words with a gap for each `_` beside a letter: `S_curit_ sociale`. Most of these names are
/// `snake_case`, and no word comes of it.
pub(super) fn with_gaps_for_underscores(name: &str) -> Option<Vec<String>> {
    let beside = |around: Around| around.c == '_' && around.touches_letter();
    gapped(name, |around| beside(around) || is_spoilt(around)).filter(|_| name.contains('_'))
}

/// Whether a word is a known one, gaps and a plural aside.
pub(super) fn same(word: &str, known: &str) -> bool {
    if word == known {
        return true;
    }
    // Plurals end differently; they all begin alike.
    let (first, wanted) = (word.bytes().next(), known.bytes().next());
    if first != wanted && first != Some(GAP as u8) {
        return false;
    }
    if !word.contains(GAP) {
        return plural(word, known) || plural(known, word);
    }
    let letters = word.chars().filter(|c| *c != GAP).count();
    letters >= LEAST_KNOWN && (fits(word, known) || fits(word.trim_end_matches('s'), known))
}

fn plural(word: &str, singular: &str) -> bool {
    singular.len() >= LEAST_KNOWN
        && word
            .strip_prefix(singular)
            .is_some_and(|end| end == "s" || end == "x" && singular.ends_with('u'))
}

/// Whether letters in the gaps make one text of the other; a run of gaps may be fewer letters, since
/// a letter can have been two bytes.
fn fits(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return text.is_empty();
    };
    if first != GAP {
        return text
            .strip_prefix(first)
            .is_some_and(|text| fits(pattern.strip_prefix(first).unwrap_or_default(), text));
    }
    let rest = pattern.trim_start_matches(GAP);
    let gaps = pattern.len() - rest.len();
    let mut letters = text.char_indices().map(|(at, c)| at + c.len_utf8());
    (0..gaps).any(|_| {
        let end = letters.next();
        end.and_then(|end| text.get(end..))
            .is_some_and(|text| fits(rest, text))
    })
}

/// A character and what stands around it.
#[derive(Clone, Copy)]
struct Around {
    before: Option<char>,
    c: char,
    after: Option<char>,
}

impl Around {
    fn touches_letter(self) -> bool {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        letter(self.before) || letter(self.after)
    }
}

/// Whether a character may be a letter that an encoding has spoilt.
fn is_spoilt(around: Around) -> bool {
    let Around { before, c, after } = around;
    let letter_before = before.is_some_and(char::is_alphabetic);
    match c {
        '\u{fffd}' => true,
        GAP => around.touches_letter() || before == Some(GAP) || after == Some(GAP),
        // `Sant_`, but neither `snake_case` nor `_id`.
        '_' => letter_before && after.is_none_or(char::is_whitespace),
        _ if c.is_ascii() => c.is_ascii_control() && !c.is_ascii_whitespace(),
        _ if c.is_control() => true,
        _ if c.is_whitespace() || SIGNS.contains(c) => false,
        // Half of `PrÈnom` is upper case.
        _ if c.is_uppercase() => {
            let lower = c.to_lowercase().all(|c| LETTERS.contains(c));
            let inside = letter_before && after.is_some_and(char::is_lowercase);
            !lower || inside || before.is_some_and(char::is_lowercase)
        }
        _ if c.is_alphabetic() => !LETTERS.contains(c) && !name::key(&c.to_string()).is_empty(),
        '–' | '—' => letter_before && after.is_some_and(char::is_alphabetic),
        _ => around.touches_letter(),
    }
}

fn gapped(name: &str, is_gap: impl Fn(Around) -> bool) -> Option<Vec<String>> {
    let characters: Vec<char> = name.trim().chars().collect();
    let mut found = false;
    let gapped: String = characters
        .iter()
        .enumerate()
        .map(|(at, c)| {
            let before = at.checked_sub(1).and_then(|at| characters.get(at)).copied();
            let after = characters.get(at + 1).copied();
            let gap = is_gap(Around {
                before,
                c: *c,
                after,
            });
            found |= gap;
            match *c {
                _ if gap => GAP,
                GAP => ' ',
                c => c,
            }
        })
        .collect();
    found.then(|| split(&gapped))
}

fn split(name: &str) -> Vec<String> {
    let key = name::key(&spaced(name));
    let is_part = |c: char| c.is_alphanumeric() || c == GAP;
    let words: Vec<&str> = key
        .split(|c: char| !is_part(c))
        .filter(|word| !word.is_empty())
        .collect();
    let last = words.len().saturating_sub(1);
    let mut kept = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let counts = COUNTERS.contains(word) && words.get(at + 1) == Some(&"of");
        if counts {
            kept.push("nombre".to_owned());
        } else if !FILLERS.contains(word) && (!AGENTS.contains(word) || at == last) {
            kept.push((*word).to_owned());
        }
    }
    kept
}

/// A name with blanks where `camelCase`, `IDClient` and `tel2` have words.
fn spaced(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let at = |place: usize| characters.get(place).copied();
    let lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
    let mut spaced = String::new();
    for (place, c) in characters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(at);
        let turns = match before {
            Some(before) if c.is_uppercase() => {
                before.is_lowercase()
                    || before.is_uppercase() && lower(at(place + 1)) && lower(at(place + 2))
            }
            Some(before) => before.is_alphabetic() && c.is_numeric(),
            None => false,
        };
        if turns {
            spaced.push(' ');
        }
        spaced.push(*c);
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::super::beginnings::Beginnings;
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        for (name, expected) in [
            ("Date de naissance", "date naissance"),
            ("emailVerified", "email verified"),
            ("IDClient", "id client"),
            ("IBANs", "ibans"),
            ("_order_count", "order count"),
            ("No. of Employees", "nombre employees"),
            ("N° de téléphone", "n telephone"),
            ("Saisi par", "saisi par"),
            ("Contacts par pays", "contacts pays"),
            ("Created By", "created by"),
            ("Type d'adresse", "type adresse"),
            ("country_id/id", "country id id"),
            ("tel2", "tel 2"),
            ("Actif ?", "actif"),
        ] {
            assert_eq!(plain(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn gaps_are_where_a_letter_may_be_another() {
        for (name, expected) in [
            ("SantŽ", Some("sant?")),
            ("Sant?", Some("sant?")),
            ("Sant??", Some("sant??")),
            ("S\u{fffd}curit\u{fffd} sociale", Some("s?curit? sociale")),
            ("PrÈnom", Some("pr?nom")),
            ("Pr‚nom", Some("pr?nom")),
            ("SANTÚ", None),
            ("RÚgime alimentaire", Some("r?gime alimentaire")),
            ("SantÚ", Some("sant?")),
            ("Sant_", Some("sant?")),
            ("Santй", Some("sant?")),
            ("Actif ?", None),
            ("Enfant(s)?", None),
            ("date_naissance", None),
            ("_order_count", None),
            ("Level__c", None),
            ("Santé", None),
            ("N° client", None),
            ("Nom – prénom", None),
            ("l’adresse", None),
        ] {
            let found = with_gaps(name).map(|words| words.join(" "));
            assert_eq!(found.as_deref(), expected, "{name}");
        }
        let words = with_gaps_for_underscores("S_curit_ sociale").unwrap();
        assert_eq!(words, ["s?curit?", "sociale"]);
    }

    #[test]
    fn words_are_compared_without_plural_and_gaps() {
        for (word, known, expected) in [
            ("sante", "sante", true),
            ("sant?", "sante", true),
            ("sant??", "sante", true),
            ("s?curit?", "securite", true),
            ("?glise", "eglise", true),
            ("t?l?phones", "telephone", true),
            ("couleurs", "couleur", true),
            ("couleur", "couleurs", true),
            ("eaux", "eau", true),
            ("sant?", "santal", false),
            ("n?", "no", false),
            ("ids", "id", false),
            ("sante", "sant", false),
            ("", "sante", false),
        ] {
            assert_eq!(same(word, known), expected, "{word} {known}");
            let index = Beginnings::new(&[known]);
            let found = word.contains(GAP) || !index.of(word.bytes()).is_empty();
            assert!(found || !expected, "{word} {known}");
        }
    }
}
