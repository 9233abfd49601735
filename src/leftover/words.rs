//! Words as they are compared: without case, accents and what stands between them.
//!
//! A word is a run of letters or a run of digits, so that `C-0012345` and `c0012345` have the same
//! two words. `é` is `e`, `œ` is `oe`, and an accent that is a character of its own counts for
//! nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// Its first eight bytes, folded.
    pub(super) key: u64,
    /// Stands for the whole folded word.
    pub(super) hash: u64,
    /// How many characters it has, folded.
    pub(super) length: u32,
    /// Whether it is of letters; else of digits.
    pub(super) letters: bool,
    /// Where it begins in the cell, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

impl Word {
    fn new(letters: bool, start: usize) -> Self {
        Self {
            key: 0,
            hash: 0,
            length: 0,
            letters,
            start,
            end: start,
        }
    }

    #[inline]
    fn push(&mut self, byte: u8) {
        // Only characters begin with such bytes; the others continue one.
        if byte & 0xC0 != 0x80 {
            if self.length < 8 {
                self.key |= u64::from(byte).wrapping_shl(8 * self.length);
            }
            self.length += 1;
        }
        self.hash = mix(self.hash ^ u64::from(byte));
    }
}

/// One step of a hash: a multiplication that reaches all bits, folded.
#[inline(always)]
pub(super) fn mix(state: u64) -> u64 {
    let product = u128::from(state ^ 0x9E37_79B9_7F4A_7C15)
        .wrapping_mul(0xD6E8_FEB8_6659_FD93_A076_1D64_78BD_642F);
    (product as u64) ^ (product >> 64) as u64
}

/// Stands for a row of words.
pub(super) fn phrase(words: &[Word]) -> u64 {
    match words {
        [word] => word.hash,
        _ => words.iter().fold(1, |state, word| mix(state ^ word.hash)),
    }
}

/// Replaces what `words` holds by the words of a text in UTF-8.
pub(super) fn words(text: &[u8], words: &mut Vec<Word>) {
    words.clear();
    let mut word: Option<Word> = None;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let folded = match byte {
            b'a'..=b'z' | b'0'..=b'9' => byte,
            b'A'..=b'Z' => byte | 0x20,
            0x00..=0x7F => {
                words.extend(word.take());
                at += 1;
                continue;
            }
            0xC3 => match text.get(at + 1).map_or(0, |low| latin(*low)) {
                0 => {
                    at = foreign(text, at, &mut word, words);
                    continue;
                }
                folded => {
                    at += 1;
                    folded
                }
            },
            _ => {
                at = foreign(text, at, &mut word, words);
                continue;
            }
        };
        at += 1;
        let letters = !folded.is_ascii_digit();
        if word.as_ref().is_none_or(|word| word.letters != letters) {
            words.extend(word.take());
        }
        let start = at - if byte == 0xC3 { 2 } else { 1 };
        let word = word.get_or_insert_with(|| Word::new(letters, start));
        word.push(folded);
        word.end = at;
    }
    words.extend(word);
}

/// The letter that a letter of Latin-1 is without its accent, by its second byte in UTF-8; zero if
/// it is none with an accent.
#[inline]
fn latin(low: u8) -> u8 {
    match low | 0x20 {
        0xA0..=0xA5 => b'a',
        0xA7 => b'c',
        0xA8..=0xAB => b'e',
        0xAC..=0xAF => b'i',
        0xB1 => b'n',
        0xB2..=0xB6 => b'o',
        0xB9..=0xBC => b'u',
        0xBD => b'y',
        // ÿ, but not ß.
        0xBF if low == 0xBF => b'y',
        _ => 0,
    }
}

/// Reads the character at `at`, which is not ASCII, and gives the place behind it.
#[cold]
fn foreign(text: &[u8], at: usize, word: &mut Option<Word>, words: &mut Vec<Word>) -> usize {
    let character = (2..=4).find_map(|length| {
        let bytes = text.get(at..at + length)?;
        std::str::from_utf8(bytes).ok()?.chars().next()
    });
    let Some(character) = character else {
        words.extend(word.take());
        return at + 1;
    };
    let behind = at + character.len_utf8();
    if is_combining_mark(character) {
        if let Some(word) = word {
            word.end = behind;
        }
        return behind;
    }
    if !character.is_alphabetic() {
        words.extend(word.take());
        return behind;
    }
    if word.as_ref().is_some_and(|word| !word.letters) {
        words.extend(word.take());
    }
    let into = word.get_or_insert_with(|| Word::new(true, at));
    into.end = behind;
    match character {
        'œ' | 'Œ' => b"oe".iter().for_each(|byte| into.push(*byte)),
        'æ' | 'Æ' => b"ae".iter().for_each(|byte| into.push(*byte)),
        'ß' | 'ẞ' => b"ss".iter().for_each(|byte| into.push(*byte)),
        _ => {
            let letters = character
                .nfkd()
                .filter(|letter| !is_combining_mark(*letter));
            for letter in letters.flat_map(char::to_lowercase) {
                let mut bytes = [0; 4];
                letter
                    .encode_utf8(&mut bytes)
                    .bytes()
                    .for_each(|byte| into.push(byte));
            }
        }
    }
    behind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Word> {
        let mut found = Vec::new();
        words(text.as_bytes(), &mut found);
        found
    }

    #[test]
    fn words_are_runs_of_letters_or_of_digits() {
        for (text, expected) in [
            ("", &[][..]),
            ("Jean-Noël  d'Été", &["Jean", "Noël", "d", "Été"]),
            ("C-0012345;b30a", &["C", "0012345", "b", "30", "a"]),
            ("Lecœur’s", &["Lecœur", "s"]),
            ("12 345,60 €", &["12", "345", "60"]),
            ("Ме́нер 株", &["Ме́нер", "株"]),
        ] {
            let found = of(text);
            let found: Vec<&str> = found
                .iter()
                .map(|word| text.get(word.start..word.end).unwrap())
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn words_are_the_same_without_case_and_accents() {
        for (one, other) in [
            ("STÉPHANE", "stephane"),
            ("ste\u{301}phane", "Stéphane"),
            ("Lecœur", "LECOEUR"),
            ("Françoise Müller", "francoise muller"),
            ("Ñandú", "nandu"),
            ("Łódź", "ŁÓDZ"),
            ("МЕНЕР", "менер"),
            ("Strauß", "STRAUSS"),
            ("ÿ", "y"),
        ] {
            let same = |text| {
                let words = of(text).into_iter();
                words
                    .map(|word| (word.key, word.hash, word.length, word.letters))
                    .collect::<Vec<_>>()
            };
            assert_eq!(same(one), same(other), "{one} {other}");
        }
        assert_ne!(of("dupont")[0].hash, of("dupond")[0].hash);
        assert_eq!(of("Dupont")[0].length, 6);
    }
}
