//! The words of a text, as names need them: where they are, how they are written, and folded.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::base::latin::Latin;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// `DUPONT`
    Upper,
    /// `Dupont`, `McDonald`
    Title,
    /// `J`
    Initial,
    /// `dupont`, or what has a digit.
    Other,
}

#[derive(Debug, Clone)]
pub(super) struct Word<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) case: Case,
    /// Whether a dot follows.
    pub(super) dot: bool,
    /// Whether nothing but blanks stands between the word before and this one, and after its dot.
    pub(super) follows: bool,
    /// Without case and accents.
    pub(super) folded: &'a str,
}

impl Word<'_> {
    pub(super) fn is_capital(&self) -> bool {
        matches!(self.case, Case::Upper | Case::Title)
    }
}

/// Most texts have no more words.
const USUAL: usize = 8;

/// The words of a text: letters and digits, with dashes and apostrophes between them. They are folded in
/// `room`.
pub(super) fn words<'r>(text: &str, room: &'r mut String) -> Vec<Word<'r>> {
    match fold_western(text, room) {
        Some(()) => western_words(text, room),
        None => any_words(text, room),
    }
}

/// What letters of Western Europe beyond ASCII begin with, in UTF-8; of the signs with this beginning none is one
/// letter when it is folded.
const WESTERN: u8 = 0xC3;

/// Folds a text in `room` that has ASCII and letters of Western Europe only, each of which becomes one; nothing if it
/// has others.
fn fold_western(text: &str, room: &mut String) -> Option<()> {
    room.clear();
    let mut from = 0;
    for at in memchr::memchr_iter(WESTERN, text.as_bytes()) {
        let (before, letter) = (text.get(from..at)?, text.get(at..at + 2)?);
        let folded = LATIN.letter(letter.chars().next()?)?;
        if !before.is_ascii() {
            return None;
        }
        room.push_str(before);
        room.push(char::from(folded));
        from = at + 2;
    }
    let rest = text.get(from..).filter(|rest| rest.is_ascii())?;
    room.push_str(rest);
    room.make_ascii_lowercase();
    Some(())
}

/// The words of a text that was [folded](fold_western): its bytes tell them, since all of them beyond ASCII are of letters.
fn western_words<'r>(text: &str, lower: &'r str) -> Vec<Word<'r>> {
    let bytes = text.as_bytes();
    let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let is_word = |at: usize| bytes.get(at).is_some_and(of_word);
    let mut words: Vec<Word<'_>> = Vec::with_capacity(USUAL);
    let (mut follows, mut quiet) = (false, true);
    // How many letters before `at` have two bytes, and one when they are folded.
    let (mut at, mut wide) = (0, 0);
    while let Some(first) = bytes.get(at).copied() {
        let start = at;
        at += 1;
        if !of_word(&first) {
            match words.last_mut() {
                Some(word) if first == b'.' && word.end == start => word.dot = true,
                _ => quiet &= char::from(first).is_whitespace() && first != b'\n',
            }
            follows = quiet && !words.is_empty();
            continue;
        }
        while is_word(at) || matches!(bytes.get(at), Some(b'-' | b'\'')) && is_word(at + 1) {
            at += 1;
        }
        let word = bytes.get(start..at).unwrap_or_default();
        let folded = start - wide;
        wide += word.iter().filter(|byte| **byte == WESTERN).count();
        words.push(Word {
            start,
            end: at,
            case: western_case(word),
            dot: false,
            follows,
            folded: lower.get(folded..at - wide).unwrap_or_default(),
        });
        (follows, quiet) = (false, true);
    }
    words
}

/// How a word of such a text is written.
fn western_case(word: &[u8]) -> Case {
    // What is elided does not tell: `d'Ete`.
    let word = match word {
        [_, b'\'', rest @ ..] if !rest.is_empty() => rest,
        _ => word,
    };
    // The second byte of a letter tells whether it is a capital; digits are no letters.
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic() || matches!(**byte, 0x80..=0xBF);
    let is_capital = |byte: &u8| byte.is_ascii_uppercase() || matches!(*byte, 0x80..=0x9E);
    let mut letters = word.iter().filter(is_letter);
    let first = letters.next();
    if word.iter().any(u8::is_ascii_digit) || !first.is_some_and(is_capital) {
        return Case::Other;
    }
    match letters.next() {
        None => Case::Initial,
        Some(next) if is_capital(next) && letters.all(is_capital) => Case::Upper,
        Some(_) => Case::Title,
    }
}

fn any_words<'r>(text: &str, room: &'r mut String) -> Vec<Word<'r>> {
    room.clear();
    room.reserve(text.len());
    let mut words: Vec<Word<'_>> = Vec::with_capacity(USUAL);
    // Where each word ends in the room.
    let mut ends = Vec::with_capacity(USUAL);
    let mut characters = text.char_indices().peekable();
    let (mut follows, mut quiet) = (false, true);
    while let Some((start, first)) = characters.next() {
        if !first.is_alphanumeric() {
            if first == '.' && words.last().is_some_and(|word| word.end == start) {
                words
                    .iter_mut()
                    .next_back()
                    .into_iter()
                    .for_each(|word| word.dot = true);
            } else if !first.is_whitespace() {
                quiet = false;
            }
            // A line break ends a phrase.
            quiet &= first != '\n';
            follows = quiet && !words.is_empty();
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some((at, next)) = characters.peek().copied() {
            let letter_behind = || {
                let behind = text.get(at + next.len_utf8()..).unwrap_or_default();
                behind.chars().next().is_some_and(char::is_alphanumeric)
            };
            let inner = || matches!(next, '-' | '\'' | '’') && letter_behind();
            if !next.is_alphanumeric() && !inner() && !is_combining_mark(next) {
                break;
            }
            end = at + next.len_utf8();
            characters.next();
        }
        let word = text.get(start..end).unwrap_or_default();
        fold(word, room);
        ends.push(room.len());
        words.push(Word {
            start,
            end,
            case: case(word),
            dot: false,
            follows,
            folded: "",
        });
        (follows, quiet) = (false, true);
    }
    let (room, mut start): (&'r str, _) = (room, 0);
    for (word, end) in words.iter_mut().zip(ends) {
        word.folded = room.get(start..end).unwrap_or_default();
        start = end;
    }
    words
}

/// Letters of Western Europe, folded.
static LATIN: LazyLock<Latin> = LazyLock::new(|| Latin::new(folded));

/// Appends a folded word.
fn fold(word: &str, room: &mut String) {
    let mut letters = [0; 64];
    match LATIN.fold(word, &mut letters).map(str::from_utf8) {
        Some(Ok(word)) => room.push_str(word),
        _ => room.push_str(&folded(word)),
    }
}

fn case(word: &str) -> Case {
    // What is elided does not tell: `d'Été`.
    let elided = word.split_once(['\'', '’']);
    let elided = elided.filter(|(before, rest)| before.len() == 1 && !rest.is_empty());
    let word = elided.map_or(word, |(_, rest)| rest);
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let first = letters.next();
    if word.chars().any(char::is_numeric) || !first.is_some_and(char::is_uppercase) {
        return Case::Other;
    }
    match letters.next() {
        None => Case::Initial,
        Some(next) if next.is_uppercase() && letters.all(char::is_uppercase) => Case::Upper,
        Some(_) => Case::Title,
    }
}

/// A word without case and accents.
pub(super) fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for character in word.nfd().filter(|c| !is_combining_mark(*c)) {
        match character {
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            '’' => folded.push('\''),
            other => folded.extend(other.to_lowercase()),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::mixed::mixed;

    #[test]
    fn words_of_western_europe_are_the_same_read_either_way() {
        let parts = [
            "M", "Mme", "jean", "LE", "d'", "D'", "x'Y", "12b", "-", "'", ".", ",", " ", "\n",
            "\x0b", "J.", "É", "é", "ÉT", "Ét", "ç", "é'", "Œ", "ß", "×", "÷", "’", "\u{a0}",
            "e\u{301}", "à", "Ï", "ø", "Æ", "½", "名", "Þ",
        ];
        let mut western = 0;
        for text in mixed(&parts, 5..=5, 60_000) {
            let mut rooms = [String::new(), String::new()];
            let [one, other] = &mut rooms;
            if fold_western(&text, one).is_some() {
                western += usize::from(!text.is_ascii());
                let told = |words: Vec<Word<'_>>| format!("{words:?}");
                let (short, long) = (western_words(&text, one), any_words(&text, other));
                assert_eq!(told(short), told(long), "{text:?}");
            }
        }
        assert!(western > 5_000, "{western}");
    }

    #[test]
    fn words_and_what_stands_between_them() {
        let mut room = String::new();
        let words = words("M. Jean-Luc D’Été, vu J. LE 12b\nÉmile", &mut room);
        let told: Vec<(&str, Case, bool, bool)> = words
            .iter()
            .map(|word| (word.folded, word.case, word.dot, word.follows))
            .collect();
        assert_eq!(
            told,
            [
                ("m", Case::Initial, true, false),
                ("jean-luc", Case::Title, false, true),
                ("d'ete", Case::Title, false, true),
                ("vu", Case::Other, false, false),
                ("j", Case::Initial, true, true),
                ("le", Case::Upper, false, true),
                ("12b", Case::Other, false, true),
                ("emile", Case::Title, false, false),
            ]
        );
    }
}
