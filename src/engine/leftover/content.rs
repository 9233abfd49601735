//! What was read in a kept cell.

use super::words::{Word, phrase};
use crate::detect::Finding;

/// In a cell of fewer bytes there is neither an identifier nor a name.
pub(super) const TELLING: usize = 4;

/// Which letters words begin with, and whether one begins with a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Initials(u32);

impl Initials {
    /// Whatever there is.
    pub(super) const ALL: Self = Self(u32::MAX);

    /// The bit of what begins with a byte; all where that has to be skipped or folded first.
    #[inline(always)]
    pub(super) fn of(byte: u8) -> Self {
        match byte {
            b'0'..=b'9' => Self(1),
            b'A'..=b'Z' | b'a'..=b'z' => Self(1 << (byte & 0x1F)),
            _ => Self::ALL,
        }
    }

    /// These and others.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a text that begins with a byte may begin with one of them.
    #[inline(always)]
    pub(super) fn has(self, first: u8) -> bool {
        self.0 & Self::of(first).0 != 0
    }
}

/// What was read in a kept cell, and so in all with the same bytes.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// The cell as it stands in the file.
    pub(super) raw: Vec<u8>,
    /// What the detectors found in it.
    pub(super) found: Vec<Finding>,
    /// Its words.
    pub(super) words: Vec<Word>,
    /// Whether it stands for nothing.
    pub(super) missing: bool,
    /// Whether each cell with it needs a look.
    pub(super) look: bool,
    /// Stands for the cell, if it is a text of several words.
    pub(super) text: Option<u64>,
    /// Whether it is an [ordinary](super::ordinary) word, which is held against nobody.
    pub(super) ordinary: bool,
}

impl Content {
    /// Puts a cell in the place of what was read before; of that, only the memory stays.
    pub(super) fn begin(&mut self, raw: &[u8]) {
        self.raw.clear();
        self.raw.extend_from_slice(raw);
        self.found.clear();
        self.words.clear();
        (self.missing, self.look, self.ordinary) = (false, false, false);
        self.text = None;
    }

    /// Whether its words could be of a name or an identifier of the row.
    pub(super) fn has_words(&self) -> bool {
        if self.ordinary {
            return false;
        }
        let length: u32 = self.words.iter().map(|word| word.length).sum();
        let letters = |word: &Word| word.letters;
        length >= 6 || self.words.iter().any(letters) && length >= 4
    }

    /// Whether anything but one word of letters is in it. In such a cell there are only words of
    /// names; whatever else there may be has two words or a number.
    fn has_phrases(&self) -> bool {
        self.words.len() > 1 || self.words.iter().any(|word| !word.letters)
    }

    /// The initials of its words, if it has more than one word of letters.
    pub(super) fn initials(&self) -> Initials {
        let [mut initials, none] = [Initials::default(); 2];
        for word in &self.words {
            let [first, ..] = word.key.to_le_bytes();
            initials = initials.and(Initials::of(first));
        }
        if self.has_phrases() { initials } else { none }
    }

    /// What is counted to tell whether many rows share it: each of its words and all of them.
    pub(super) fn features(&self) -> impl Iterator<Item = u64> + '_ {
        let words = &self.words;
        let first = move |(at, word): &(usize, &Word)| {
            let before = words.get(..*at).unwrap_or_default();
            word.letters && word.length >= 4 && before.iter().all(|other| other.hash != word.hash)
        };
        let each = words.iter().enumerate().filter(first);
        let all = self.has_phrases().then(|| phrase(words));
        each.map(|(_, word)| word.hash).chain(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::leftover::words::words;

    #[test]
    fn initials_are_of_cells_with_more_than_one_word_of_letters() {
        for (text, met, not_met) in [
            ("boulanger", "", "b1é-"),
            ("Bac +2", "bB19é-", "acz"),
            ("4x4", "4xX", "ab"),
            ("ému, très", "eEt", "m1"),
        ] {
            let mut content = Content::default();
            words(text.as_bytes(), &mut content.words);
            let meets = |byte: &u8| content.initials().has(*byte);
            assert!(met.as_bytes().iter().all(meets), "{text}");
            assert!(!not_met.as_bytes().iter().any(meets), "{text}");
        }
    }

    #[test]
    fn a_cell_is_counted_once_for_each_of_its_words_and_for_all() {
        for (text, features) in [
            ("boulanger", 1),
            ("boulanger, Boulanger", 2),
            ("artisan boulanger", 3),
            ("CAP", 0),
            ("C-12", 1),
            ("45", 1),
        ] {
            let mut content = Content::default();
            words(text.as_bytes(), &mut content.words);
            assert_eq!(content.features().count(), features, "{text}");
        }
    }
}
