//! Whether a text may be the name of a person, for columns whose header does not tell.

mod lists;

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::base::latin::Latin;
use crate::base::lexicon::Lexicon;
use lists::{FIRST_NAMES, ORDINARY, SURNAMES, TITLES};

/// Longer texts name nobody, or say more than that.
const LONGEST: usize = 60;
/// So many letters are more than initials or a code.
const MORE_THAN_A_CODE: usize = 3;

static FIRST: Lexicon<512> = Lexicon::new(FIRST_NAMES);
static LAST: Lexicon<1024> = Lexicon::new(SURNAMES);
static TITLE: Lexicon<128> = Lexicon::new(TITLES);
static USUAL: Lexicon<1024> = Lexicon::new(ORDINARY);

/// Letters of Western Europe, folded.
static LATIN: LazyLock<Latin> = LazyLock::new(|| Latin::new(folded));

/// Whether one of at most five words is a first name.
pub(in crate::engine) fn has_first_name(text: &str) -> bool {
    text.len() <= LONGEST && parts(text).any(is_first_name) && text.split_whitespace().count() <= 5
}

fn is_first_name(word: &str) -> bool {
    // `Marié` is a marital status, `Marie` is not.
    has(&FIRST, word) && (word.is_ascii() || folded(word) != "marie")
}

/// Whether it is a usual surname, alone or with a few words that begin with a capital as well.
pub(in crate::engine) fn has_surname(text: &str) -> bool {
    are_capitalised(text) && parts(text).any(|word| has(&LAST, word))
}

/// Whether it begins with a civility or a title, with a capitalised word behind: `Dr Durand`.
pub(in crate::engine) fn has_title(text: &str) -> bool {
    let trimmed = text.trim();
    if text.len() > LONGEST || !trimmed.chars().next().is_some_and(char::is_uppercase) {
        return false;
    }
    let Some((title, rest)) = trimmed.split_once([' ', '\u{a0}', '.']) else {
        return false;
    };
    if !has(&TITLE, title) {
        return false;
    }
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let letters = rest.chars().take_while(|c| c.is_alphabetic()).count();
    rest.chars().next().is_some_and(char::is_uppercase)
        && letters > 1
        && !parts(rest).any(|word| has(&TITLE, word))
}

/// Whether it is one to four words, all with a capital first and without digits, and not only words
/// that categories are made of.
pub(in crate::engine) fn is_capitalised(text: &str) -> bool {
    are_capitalised(text) && !parts(text).all(|word| has(&USUAL, word))
}

/// Whether it is such words and more than a code.
pub(super) fn may_be_name(text: &str) -> bool {
    is_capitalised(text) && parts(text).any(|word| word.chars().count() >= MORE_THAN_A_CODE)
}

/// Whether it is one to four words, all with a capital first and without digits.
pub(super) fn are_capitalised(text: &str) -> bool {
    let mut words = 0;
    let begins_small = text.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    text.len() <= LONGEST
        && !begins_small
        && text.split_whitespace().all(|word| {
            words += 1;
            let letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.');
            word.chars().next().is_some_and(char::is_uppercase) && word.chars().all(letter)
        })
        && (1..=4).contains(&words)
}

/// The words of a text that have more than a letter.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| word.len() > 1)
}

/// The longest word of the lists is shorter.
const LONGEST_WORD: usize = 24;

/// Whether a word is in a list, whatever its case and accents.
fn has<const SLOTS: usize>(words: &Lexicon<SLOTS>, word: &str) -> bool {
    let mut lower = [0; LONGEST_WORD];
    match LATIN.fold(word, &mut lower) {
        Some(word) => words.contains(word),
        None => words.contains(folded(word)),
    }
}

fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_words() {
        for (text, first, capitals) in [
            ("Jean-Luc Martin", true, true),
            ("MARTIN Élodie", true, true),
            ("elodie", true, false),
            ("Dupont", false, true),
            ("en cours", false, false),
            ("Chef de projet", false, false),
            ("Bac 2", false, false),
            ("", false, false),
            ("la proposition de Marie a été lue", false, false),
            ("Rouge", false, false),
            ("Haut De Gamme", false, true),
            ("Marié", false, true),
        ] {
            assert_eq!(has_first_name(text), first, "{text}");
            assert_eq!(is_capitalised(text), capitals, "{text}");
        }
    }

    #[test]
    fn titles_and_surnames_prove_people() {
        for (text, title, surname) in [
            ("Dr Durand", true, true),
            ("Dr. Kovacs", true, false),
            ("Me Faure", true, true),
            ("Maître Petit", true, false),
            ("M. Petit", true, false),
            ("M.Petit", true, false),
            ("Mme LE BRAS", true, false),
            ("MME LEROY", true, true),
            ("LEROY", false, true),
            ("Le Goff", false, false),
            ("Lefèvre", false, true),
            ("leroy", false, false),
            ("M.", false, false),
            ("Mme", false, false),
            ("M. et Mme", false, false),
            ("Monsieur Madame", false, false),
            ("Dr", false, false),
            ("M 2", false, false),
            ("me plaindre", false, false),
            ("Rouge", false, false),
            ("", false, false),
        ] {
            assert_eq!(has_title(text), title, "{text}");
            assert_eq!(has_surname(text), surname, "{text}");
        }
    }

    #[test]
    fn codes_are_no_names() {
        for (text, expected) in [
            ("DURAND", true),
            ("Kovacs", true),
            ("FR", false),
            ("A", false),
            ("Or", false),
            ("Client Perdu", false),
            ("x", false),
        ] {
            assert_eq!(may_be_name(text), expected, "{text}");
        }
    }
}
