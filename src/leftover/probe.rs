//! Whether a cell that does not leave may share a word with any kept cell: asked for every row, so
//! answered from the first bytes of its words, and wrong only on the side of yes.

use memchr::{memchr, memchr3_iter};

use super::starts::{LONG, Span, Starts};
use super::words::{Word, mix, words};

/// The least letters of a name's word that count.
pub(super) const NAME_LETTERS: u32 = 4;

/// The longest cell that may be a name, in bytes.
const NAME: usize = 64;

/// What the first bytes of words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Guess {
    /// No kept cell has such a word.
    No,
    /// One may have.
    Yes,
    /// The text has to be folded to tell.
    Foreign,
}

/// As many bits as tell a few hundred words from all others.
const BITS: usize = 1 << 16;

/// The words of all kept cells that were seen.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// How its words begin.
    pub(super) starts: Starts,
    bits: Box<[u64]>,
    scratch: Vec<Word>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            starts: Starts::default(),
            bits: vec![0; BITS / 64].into_boxed_slice(),
            scratch: Vec::new(),
        }
    }
}

/// The key of a short word with the one behind it.
#[inline(always)]
fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(40) ^ second ^ 0x5555
}

/// One in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The high bit of each byte that is from `first` to `last`, which are ASCII.
#[inline(always)]
fn within(word: u64, first: u8, last: u8) -> u64 {
    let low = word & (EACH * 0x7F);
    let from = low.wrapping_add(EACH * u64::from(0x80 - first));
    let past = low.wrapping_add(EACH * u64::from(0x7F - last));
    from & !past & !word & (EACH * 0x80)
}

/// A word read from its first bytes.
enum Start {
    /// Its key, and how many bytes were read: eight, or all.
    Word { key: u64, length: u32 },
    /// There is no letter and no digit.
    Other,
    /// It has a character that is not ASCII.
    Foreign,
}

#[inline(always)]
fn start(bytes: [u8; 8]) -> Start {
    let word = u64::from_le_bytes(bytes);
    let lower = word | (EACH * 0x20);
    let letters = within(lower, b'a', b'z') & !(word & (EACH * 0x80));
    let digits = within(word, b'0', b'9');
    let (same, folded) = match (letters & 0x80, digits & 0x80) {
        (0, 0) if word & 0x80 == 0 => return Start::Other,
        (0, 0) => return Start::Foreign,
        (0, _) => (digits, word),
        _ => (letters, lower),
    };
    let bits = (!same & (EACH * 0x80)).trailing_zeros();
    if bits >= u64::BITS {
        return Start::Word {
            key: folded,
            length: 8,
        };
    }
    if word >> bits & 1 != 0 {
        return Start::Foreign;
    }
    let length = bits / 8;
    Start::Word {
        key: folded & ((1_u64 << (8 * length)) - 1),
        length,
    }
}

/// Eight bytes from `at`, with zeros behind the end.
#[inline(always)]
fn eight(text: &[u8], at: usize) -> [u8; 8] {
    let rest = text.get(at..).unwrap_or_default();
    match rest.first_chunk::<8>() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; 8];
            for (to, from) in bytes.iter_mut().zip(rest) {
                *to = *from;
            }
            bytes
        }
    }
}

impl Vocabulary {
    /// Adds the words of a kept cell.
    pub(super) fn add(&mut self, words: &[Word]) {
        for (position, word) in words.iter().enumerate() {
            let key = match words.get(position + 1) {
                _ if word.length >= NAME_LETTERS => word.key,
                Some(next) => pair(word.key, next.key),
                None => continue,
            };
            self.set(key);
            self.starts.add(word);
        }
    }

    fn set(&mut self, key: u64) {
        let bit = mix(key) as usize % BITS;
        if let Some(bits) = self.bits.get_mut(bit / 64) {
            *bits |= 1 << (bit % 64);
        }
    }

    #[inline(always)]
    fn has(&self, key: u64) -> Guess {
        let bit = mix(key) as usize % BITS;
        let bits = self.bits.get(bit / 64).copied().unwrap_or(u64::MAX);
        match bits >> (bit % 64) & 1 {
            0 => Guess::No,
            _ => Guess::Yes,
        }
    }

    /// Whether a kept cell may hold a cell, or a part of it that begins behind a comma, a semicolon
    /// or a line break; or, with `names` and if it may be a name, any word of it. Right behind the
    /// cell no letter and no digit follows.
    pub(super) fn may_hold(&self, Span { buffer, at, end }: Span<'_>, names: bool) -> Guess {
        let length = end.saturating_sub(at);
        let mut guess = match names && length <= NAME {
            true => self.may_hold_name(buffer, at, end),
            false => self.begins(buffer, at, end),
        };
        if length >= LONG {
            let rest = buffer.get(at..end).unwrap_or_default();
            for part in memchr3_iter(b',', b';', b'\n', rest) {
                guess = guess.max(self.begins(buffer, at + part + 1, end));
            }
        }
        guess
    }

    fn begins(&self, buffer: &[u8], mut at: usize, end: usize) -> Guess {
        let mut short = None;
        while at < end {
            match (start(eight(buffer, at)), short) {
                (Start::Word { key, .. }, Some(before)) => return self.has(pair(before, key)),
                (Start::Word { key, length }, None) => {
                    if length >= NAME_LETTERS {
                        return self.has(key);
                    }
                    short = Some(key);
                    at += length as usize;
                }
                (Start::Other, _) => at += 1,
                (Start::Foreign, _) => return Guess::Foreign,
            }
        }
        Guess::No
    }

    /// Whether a kept cell may hold the cell, or any word of four letters or more: of a name, or of an
    /// e-mail address up to its `@`.
    fn may_hold_name(&self, buffer: &[u8], mut at: usize, end: usize) -> Guess {
        let (mut first, mut short) = (true, None);
        while at < end {
            match start(eight(buffer, at)) {
                Start::Word { key, length } => {
                    if key & 0xFF < u64::from(b'a')
                        && memchr(b'@', buffer.get(at..end).unwrap_or_default()).is_none()
                    {
                        // A name has no digits.
                        return match (first, short) {
                            (true, _) if length >= NAME_LETTERS => self.has(key),
                            (true, _) => self.begins(buffer, at, end),
                            (false, Some(before)) => self.has(pair(before, key)),
                            (false, None) => Guess::No,
                        };
                    }
                    let known = match short.take() {
                        Some(before) => self.has(pair(before, key)) == Guess::Yes,
                        None => false,
                    };
                    if known || length >= NAME_LETTERS && self.has(key) == Guess::Yes {
                        return Guess::Yes;
                    }
                    if first && length < NAME_LETTERS {
                        short = Some(key);
                    }
                    first = false;
                    at += length as usize;
                    if length == 8 {
                        let rest = buffer.get(at..end).unwrap_or_default();
                        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic());
                        at += letters.count();
                    }
                }
                Start::Other if buffer.get(at) == Some(&b'@') => break,
                Start::Other => at += 1,
                Start::Foreign => return Guess::Foreign,
            }
        }
        Guess::No
    }

    /// Whether a kept cell may hold any of the words of a text, or the text.
    pub(super) fn may_hold_words(&mut self, text: &[u8]) -> bool {
        let mut found = std::mem::take(&mut self.scratch);
        words(text, &mut found);
        let known = found.iter().enumerate().any(|(position, word)| {
            let key = match found.get(position + 1) {
                _ if word.length >= NAME_LETTERS => word.key,
                Some(next) => pair(word.key, next.key),
                None => return false,
            };
            self.has(key) == Guess::Yes
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
        for (text, name, phrase) in [
            ("Paul LAJOIE;x", true, false),
            ("jean.dupont7@x", true, true),
            ("C 0007919", true, true),
            ("b30a8b0a64", true, true),
            ("CHU DE LILLE", true, true),
            ("Résidence du Parc bleu, 53, rue des Écoles", true, true),
            ("Residence du Parc bleu, 53 rue des Ecoles", true, true),
            ("Residence du Parc\n53 rue des Ecoles", true, true),
            ("Residence du Parc, 75002 Paris", false, false),
            ("Anne Martin", false, false),
            ("anne.martin@dupont.fr", false, false),
            ("C-0007918", false, false),
            ("O+", false, false),
            ("", false, false),
            ("Développeuse", true, true),
        ] {
            let end = text.find(';').unwrap_or(text.len());
            let span = Span {
                buffer: text.as_bytes(),
                at: 0,
                end,
            };
            for (names, expected) in [(true, name), (false, phrase)] {
                let guess = self::vocabulary(&[]).may_hold(span, names);
                assert_ne!(guess, Guess::Yes, "{text}");
                let known = match vocabulary.may_hold(span, names) {
                    Guess::Foreign => vocabulary.may_hold_words(&text.as_bytes()[..end]),
                    guess => guess == Guess::Yes,
                };
                assert_eq!(known, expected, "{text} {names}");
            }
        }
    }
}
