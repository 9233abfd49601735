//! Whether a cell that does not leave may share a word with any kept cell: asked of many rows, so
//! answered from the first bytes of its words, and wrong only on the side of yes.

use memchr::memchr3_iter;

use super::content::Initials;
use super::starts::{Guess, Starts};
use super::words::{First, NAME_LETTERS, Word, first, mix, words};

/// The least length of a cell that may have several parts, as an address has.
const LONG: usize = 16;

/// With so many bits set, most rows have a cell that seems to be known.
const CROWDED: usize = BITS / 16;

/// As many bits as tell a few hundred words from all others.
const BITS: usize = 1 << 16;

/// The words of all kept cells that were seen.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// How they begin.
    pub(super) starts: Starts,
    bits: Box<[u64]>,
    /// How many bits are set.
    set: usize,
    scratch: Vec<Word>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            starts: Starts::default(),
            bits: vec![0; BITS / 64].into_boxed_slice(),
            set: 0,
            scratch: Vec::new(),
        }
    }
}

/// The key of a short word with the one behind it.
fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(40) ^ second ^ 0x5555
}

/// The key of a short word with any behind it.
fn lone(first: u64) -> u64 {
    first.rotate_left(40) ^ 0xAAAA
}

/// What is known of a word of a kept cell by itself, or by the one behind it.
fn key(word: &Word, next: Option<&Word>) -> Option<u64> {
    match next {
        _ if word.length >= NAME_LETTERS => Some(word.key),
        Some(next) => Some(pair(word.key, next.key)),
        None => None,
    }
}

/// Whether a text is so long that it may have parts, and a kept cell with words of these initials
/// has a number.
#[inline(always)]
fn may_have_parts(length: usize, initials: Initials) -> bool {
    length >= LONG && initials.has(b'0')
}

/// Whether [`Vocabulary::may_hold`] is sure to say no to a text of this length, behind a quote or
/// not. Its first byte tells it of nearly all.
#[inline(always)]
pub(super) fn cannot_hold(first: u8, length: usize, initials: Initials) -> bool {
    !initials.has(first) && !may_have_parts(length, initials)
}

impl Vocabulary {
    /// Adds the words of a kept cell.
    pub(super) fn add(&mut self, words: &[Word]) {
        for (position, word) in words.iter().enumerate() {
            if let Some(key) = key(word, words.get(position + 1)) {
                self.set(key);
                self.set(lone(word.key));
                self.starts.add(word);
            }
        }
    }

    fn set(&mut self, key: u64) {
        let bit = mix(key) as usize % BITS;
        if let Some(bits) = self.bits.get_mut(bit / 64) {
            self.set += usize::from(*bits >> (bit % 64) & 1 == 0);
            *bits |= 1 << (bit % 64);
        }
    }

    /// Whether so many words are known that it hardly rules out a row.
    pub(super) fn is_crowded(&self) -> bool {
        self.set >= CROWDED
    }

    fn has(&self, key: u64) -> bool {
        let bit = mix(key) as usize % BITS;
        let bits = self.bits.get(bit / 64).copied().unwrap_or(u64::MAX);
        bits >> (bit % 64) & 1 != 0
    }

    /// Whether a kept cell with words of these initials may hold a text, or a part of it that begins
    /// behind a comma, a semicolon or a line break: with a number, as the part of an address that
    /// counts does. `decode` says that it is in Windows-1252, else in UTF-8.
    pub(super) fn may_hold(&self, text: &[u8], initials: Initials, decode: bool) -> Guess {
        let mut guess = Guess::No;
        let mut part = |text: &[u8]| {
            let text = text.strip_prefix(b" ").unwrap_or(text);
            if text.first().is_some_and(|first| initials.has(*first)) {
                guess = guess.max(self.begins(text, decode));
            }
        };
        part(text);
        if may_have_parts(text.len(), initials) {
            for separator in memchr3_iter(b',', b';', b'\n', text) {
                part(text.get(separator + 1..).unwrap_or_default());
            }
        }
        guess
    }

    fn begins(&self, mut text: &[u8], decode: bool) -> Guess {
        if self.starts.begins_with_others(text) {
            return Guess::No;
        }
        let mut short = None;
        while !text.is_empty() {
            let behind = match (first(text, decode), short) {
                (First::Word { key, .. }, Some(before)) => {
                    return Guess::of(self.has(pair(before, key)));
                }
                (First::Word { key, length, .. }, None) if length >= NAME_LETTERS => {
                    return Guess::of(self.has(key));
                }
                (First::Word { key, .. }, None) if !self.has(lone(key)) => return Guess::No,
                (First::Word { key, bytes, .. }, None) => {
                    short = Some(key);
                    bytes
                }
                (First::Other, _) => 1,
                (First::Foreign, _) => return Guess::Foreign,
            };
            text = text.get(behind..).unwrap_or_default();
        }
        Guess::No
    }

    /// Whether a kept cell may hold any of the words of a text in UTF-8, or the text.
    pub(super) fn may_hold_words(&mut self, text: &[u8]) -> bool {
        let mut found = std::mem::take(&mut self.scratch);
        words(text, &mut found);
        let mut known = found.iter().enumerate();
        let known = known.any(|(position, word)| {
            key(word, found.get(position + 1)).is_some_and(|key| self.has(key))
        });
        self.scratch = found;
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(cells: &[&str]) -> Vocabulary {
        let (mut vocabulary, mut found) = (Vocabulary::default(), Vec::new());
        for cell in cells {
            words(cell.as_bytes(), &mut found);
            vocabulary.add(&found);
        }
        vocabulary
    }

    #[test]
    fn what_a_kept_cell_holds_is_never_missed() {
        let mut vocabulary = vocabulary(&[
            "cf. Jean Dupont-Lajoie, CHU de Lille",
            "C-0007919",
            "b30a8b0a64",
            "53 rue des Écoles",
            "développeuse",
        ]);
        for (text, expected) in [
            ("Paul LAJOIE", false),
            ("jean.dupont7@x", true),
            ("C 0007919", true),
            ("b30a8b0a64", true),
            ("CHU DE LILLE", true),
            ("Résidence du Parc bleu, 53, rue des Écoles", true),
            ("Résidence du Parc\n53 rue des Ecoles", true),
            ("Résidence du Parc; 53 RUE des Ecoles", true),
            ("Résidence du Parc, 75002 Paris", false),
            ("« Lajoie »", true),
            ("Anne Martin", false),
            ("anne.martin@dupont.fr", false),
            ("C-0007918", false),
            ("O+", false),
            ("", false),
            ("Développeuse", true),
            ("De\u{301}veloppeuse", true),
        ] {
            let known = match vocabulary.may_hold(text.as_bytes(), Initials::ALL, false) {
                Guess::Foreign => vocabulary.may_hold_words(text.as_bytes()),
                guess => guess == Guess::Yes,
            };
            assert_eq!(known, expected, "{text}");
            let nothing = self::vocabulary(&[]).may_hold(text.as_bytes(), Initials::ALL, false);
            assert_ne!(nothing, Guess::Yes, "{text}");
        }
        for (text, initials, guess) in [
            (&b"D\xe9veloppeuse"[..], b'd', Guess::Yes),
            (b"D\xe9veloutage", b'd', Guess::No),
            (b"D\xe9veloppeuse", b'x', Guess::No),
            (b"au Bourg-la-Reine, 53 rue", b'5', Guess::Yes),
            (b"au Bourg-la-Reine, 53 rue", b'x', Guess::No),
        ] {
            let initials = Initials::of(initials);
            assert_eq!(vocabulary.may_hold(text, initials, true), guess);
        }
    }
}
