//! Words as they are compared: without case, accents and what stands between them.
//!
//! A word is a run of letters or a run of digits, so that `C-0012345` and `c0012345` have the same
//! two words. `é` is `e`, `œ` is `oe`, and an accent that is a character of its own counts for
//! nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The least letters of a name's word that count.
pub(super) const NAME_LETTERS: u32 = 4;

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
    /// The last of its bytes, folded, that are not in the hash yet.
    last: u64,
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
            last: 1,
        }
    }

    #[inline(always)]
    fn push(&mut self, byte: u8) {
        // Only characters begin with such bytes; the others continue one.
        if byte & 0xC0 != 0x80 {
            if self.length < 8 {
                self.key |= u64::from(byte).wrapping_shl(8 * self.length);
            }
            self.length += 1;
        }
        if self.last >> 56 != 0 {
            self.hash = mix(self.hash ^ self.last);
            self.last = 1;
        }
        // The one in front of the bytes tells how many there are.
        self.last = self.last << 8 | u64::from(byte);
    }

    /// Whether it may count as a word of a name.
    #[inline]
    pub(super) fn may_be_of_name(&self) -> bool {
        self.letters && self.length >= NAME_LETTERS
    }

    /// Tells the word that all of it is there.
    fn finish(&mut self) {
        self.hash = mix(self.hash ^ self.last);
        self.last = 1;
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
    let mut at = 0;
    // Whether the last word goes on.
    let mut open = false;
    while let Some(&byte) = text.get(at) {
        let folded = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                at = plain(text, at, &mut open, words);
                continue;
            }
            0x00..=0x7F => {
                open = false;
                at += 1;
                continue;
            }
            0xC3 => text.get(at + 1).map_or(0, |low| latin(*low)),
            _ => 0,
        };
        if folded == 0 {
            at = foreign(text, at, &mut open, words);
            continue;
        }
        let word = going_on(true, at, &mut open, words);
        at += 2;
        if let Some(word) = word {
            word.push(folded);
            word.end = at;
        }
    }
    words.iter_mut().for_each(Word::finish);
}

/// How many bytes of a word are hashed at once.
const GROUP: u32 = 7;

/// The high bit of each byte, and one in each.
const HIGH: u64 = 0x8080_8080_8080_8080;
const EACH: u64 = HIGH >> 7;

/// The eight bytes of a text from `at` on, the first in the lowest; zeros behind its end.
#[inline(always)]
pub(super) fn eight(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    match (rest.first_chunk(), text.last_chunk()) {
        (Some(bytes), _) => u64::from_le_bytes(*bytes),
        (None, Some(last)) => {
            let others = 8_usize.wrapping_sub(rest.len()) as u32;
            u64::from_le_bytes(*last).unbounded_shr(others.wrapping_mul(8))
        }
        (None, None) => {
            let bytes = rest.iter().rev();
            bytes.fold(0, |all, byte| all << 8 | u64::from(*byte))
        }
    }
}

/// The first `length` of eight letters or digits of ASCII, folded, without what stands behind them.
#[inline(always)]
pub(super) fn fold(bytes: u64, length: u32) -> u64 {
    // Digits have this bit already.
    let within = u64::MAX.unbounded_shr(64_u32.saturating_sub(length.saturating_mul(8)));
    (bytes | (EACH * 0x20)) & within
}

/// How many of eight bytes are letters of ASCII before the first that is none; or digits.
#[inline(always)]
fn run(bytes: u64, letters: bool) -> u32 {
    // No sum leaves its byte.
    let all = match letters {
        true => {
            let low = (bytes | (EACH * 0x20)) & !HIGH;
            let from_a = low.wrapping_add(EACH * u64::from(0x80 - b'a'));
            let past_z = low.wrapping_add(EACH * u64::from(0x7F - b'z'));
            from_a & !past_z & !bytes
        }
        false => {
            let from_0 = bytes ^ (EACH * 0x30);
            !((from_0 & !HIGH).wrapping_add(EACH * 0x76) | from_0)
        }
    };
    (!all & HIGH).trailing_zeros() / 8
}

/// Reads the letters or the digits of ASCII at `at`, and gives the place behind them.
#[inline]
fn plain(text: &[u8], at: usize, open: &mut bool, words: &mut Vec<Word>) -> usize {
    let mut bytes = eight(text, at);
    let letters = (bytes as u8).is_ascii_alphabetic();
    if *open && words.last().is_some_and(|word| word.letters == letters) {
        return more(text, at, words);
    }
    *open = true;
    let mut word = Word::new(letters, at);
    let mut length = run(bytes, letters);
    word.key = fold(bytes, length);
    loop {
        let group = length.min(GROUP);
        // The one in front of the bytes tells how many there are.
        let in_order = fold(bytes, group).swap_bytes();
        word.last = in_order.unbounded_shr(64 - 8 * group) | 1 << (8 * group);
        word.length = word.length.wrapping_add(group);
        word.end = word.end.wrapping_add(group as usize);
        if length <= GROUP {
            break;
        }
        bytes = eight(text, word.end);
        length = run(bytes, letters);
        word.hash = mix(word.hash ^ word.last);
    }
    let behind = word.end;
    words.push(word);
    behind
}

/// Reads letters of ASCII at `at` that belong to the last word, and gives the place behind them.
#[inline(never)]
fn more(text: &[u8], at: usize, words: &mut [Word]) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let Some(word) = words.last_mut() else {
        return at + 1;
    };
    let same = |byte: &&u8| match word.letters {
        true => byte.is_ascii_alphabetic(),
        false => byte.is_ascii_digit(),
    };
    let length = rest.iter().take_while(same).count();
    let letters = rest.get(..length).unwrap_or_default();
    letters.iter().for_each(|byte| word.push(*byte | 0x20));
    word.end = at + length;
    word.end
}

/// The word that a character at `at` belongs to: the last, if that is open and of the same kind.
fn going_on<'a>(
    letters: bool,
    at: usize,
    open: &mut bool,
    words: &'a mut Vec<Word>,
) -> Option<&'a mut Word> {
    if !*open || words.last().is_none_or(|word| word.letters != letters) {
        words.push(Word::new(letters, at));
    }
    *open = true;
    words.last_mut()
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

/// The word that a text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// Its first eight characters at most: as a word's key, how many, and how many bytes of the text.
    Word { key: u64, length: u32, bytes: usize },
    /// It begins with something else.
    Other,
    /// The text has to be folded to tell.
    Foreign,
}

/// Reads the word that a text begins with. `decode` says that it is in Windows-1252, else in UTF-8.
pub(super) fn first(text: &[u8], decode: bool) -> First {
    first_of::<8>(text, decode)
}

/// The same of at most so many characters.
pub(super) fn first_of<const MOST: u32>(text: &[u8], decode: bool) -> First {
    let (mut key, mut length, mut bytes) = (0, 0, 0);
    let mut letters = None;
    while length < MOST
        && let Some(&byte) = text.get(bytes)
    {
        let (folded, size) = match byte {
            b'a'..=b'z' | b'0'..=b'9' => (byte, 1),
            b'A'..=b'Z' => (byte | 0x20, 1),
            0x00..=0x7F => break,
            0xC3 if !decode => (text.get(bytes + 1).map_or(0, |low| latin(*low)), 2),
            // The same letters, which are one byte here.
            0xC0.. if decode => (latin(byte - 0x40), 1),
            _ => (0, 1),
        };
        if folded == 0 {
            return First::Foreign;
        }
        if *letters.get_or_insert(!folded.is_ascii_digit()) == folded.is_ascii_digit() {
            break;
        }
        key |= u64::from(folded) << (8 * length);
        length += 1;
        bytes += size;
    }
    match length {
        0 => First::Other,
        _ => First::Word { key, length, bytes },
    }
}

/// Reads the character at `at`, which is not ASCII, and gives the place behind it.
#[cold]
fn foreign(text: &[u8], at: usize, open: &mut bool, words: &mut Vec<Word>) -> usize {
    let character = (2..=4).find_map(|length| {
        let bytes = text.get(at..at + length)?;
        std::str::from_utf8(bytes).ok()?.chars().next()
    });
    let Some(character) = character else {
        *open = false;
        return at + 1;
    };
    let behind = at + character.len_utf8();
    if is_combining_mark(character) {
        if let (Some(word), true) = (words.last_mut(), *open) {
            word.end = behind;
        }
        return behind;
    }
    if !character.is_alphabetic() {
        *open = false;
        return behind;
    }
    let Some(into) = going_on(true, at, open, words) else {
        return behind;
    };
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
mod tests;
