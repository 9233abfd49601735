//! What was read in a kept cell.

use super::words::{Word, phrase};
use crate::detector::Finding;

/// In a cell of fewer bytes there is neither an identifier nor a name.
pub(super) const TELLING: usize = 4;

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
}

impl Content {
    /// Puts a cell in the place of what was read before; of that, only the memory stays.
    pub(super) fn begin(&mut self, raw: &[u8]) {
        self.raw.clear();
        self.raw.extend_from_slice(raw);
        self.found.clear();
        self.words.clear();
        (self.missing, self.look) = (false, false);
    }

    /// Whether its words could be of a name or an identifier.
    pub(super) fn has_words(&self) -> bool {
        let length: u32 = self.words.iter().map(|word| word.length).sum();
        let letters = |word: &Word| word.letters;
        length >= 6 || self.words.iter().any(letters) && length >= 4
    }

    /// What is counted to tell whether many rows share it: each of its words and all of them.
    pub(super) fn features(&self) -> impl Iterator<Item = u64> + '_ {
        let words = &self.words;
        let first = move |(at, word): &(usize, &Word)| {
            let before = words.get(..*at).unwrap_or_default();
            word.letters && word.length >= 4 && before.iter().all(|other| other.hash != word.hash)
        };
        let each = words.iter().enumerate().filter(first);
        let all =
            (words.len() > 1 || words.iter().any(|word| !word.letters)).then(|| phrase(words));
        each.map(|(_, word)| word.hash).chain(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leftover::words::words;

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
