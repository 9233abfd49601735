//! The words around a number.

use super::{Text, is_alphanumeric};

/// The most letters of a known word.
const LONGEST_WORD: usize = 16;

/// A word in small letters without accents.
#[derive(Clone, Copy)]
pub(in crate::detect) struct Word {
    folded: [u8; LONGEST_WORD],
    length: usize,
}

impl Word {
    /// The word, if it is not too long to be a known one.
    pub(in crate::detect) fn of(word: &[u8]) -> Option<Self> {
        let mut folded = [0; LONGEST_WORD];
        let mut length = 0;
        if word.is_ascii() {
            length = word.len();
            folded.get_mut(..length)?.copy_from_slice(word);
            folded.make_ascii_lowercase();
        } else {
            for character in str::from_utf8(word).ok()?.chars() {
                *folded.get_mut(length)? = self::folded(character);
                length += 1;
            }
        }
        Some(Self { folded, length })
    }

    /// Its letters.
    pub(in crate::detect) fn folded(&self) -> &[u8] {
        self.folded.get(..self.length).unwrap_or_default()
    }

    pub(in crate::detect) fn is_one_of(&self, known: &[&str]) -> bool {
        let word = self.folded();
        known.iter().any(|known| known.as_bytes() == word)
    }
}

/// Whether a word is one of the known ones, which are in small letters without accents.
pub(in crate::detect) fn is_one_of(word: &[u8], known: &[&str]) -> bool {
    Word::of(word).is_some_and(|word| word.is_one_of(known))
}

/// A letter as a small one without accents; 0 for what is none.
fn folded(character: char) -> u8 {
    match character {
        'é' | 'É' | 'è' | 'È' | 'ê' | 'Ê' | 'ë' | 'Ë' => b'e',
        'à' | 'À' | 'â' | 'Â' | 'ä' | 'Ä' => b'a',
        'î' | 'Î' | 'ï' | 'Ï' => b'i',
        'ô' | 'Ô' | 'ö' | 'Ö' => b'o',
        'û' | 'Û' | 'ù' | 'Ù' | 'ü' | 'Ü' => b'u',
        'ç' | 'Ç' => b'c',
        other if other.is_ascii() => (other as u8).to_ascii_lowercase(),
        _ => 0,
    }
}

impl Text<'_> {
    /// Whether a number may begin at `start`: nothing is glued to it, or one of these words.
    pub(in crate::detect) fn may_begin(self, start: usize, labels: &[&str]) -> bool {
        self.is_free_before(start) || self.is_behind_glued(start, labels)
    }

    /// Whether one of these words ends at `start`.
    fn is_behind_glued(self, start: usize, labels: &[&str]) -> bool {
        labels.iter().any(|label| {
            let word = start
                .checked_sub(label.len())
                .map(|from| (from, self.0.get(from..start)));
            matches!(word, Some((from, Some(word)))
                if word.eq_ignore_ascii_case(label.as_bytes()) && self.is_free_before(from))
        })
    }

    /// Whether one of these words stands before `start`, with blanks, `n°`, `:` or other signs
    /// between, or nothing.
    pub(in crate::detect) fn follows(self, start: usize, words: &[&str]) -> bool {
        const BETWEEN: [&str; 10] = [
            "n", "no", "nr", "num", "numero", "de", "du", "le", "au", "on",
        ];
        let mut end = start;
        for _ in 0..3 {
            while let Some(character) = self.char_before(end) {
                if is_alphanumeric(character) || matches!(character, ';' | ',' | '!' | '?' | '/') {
                    break;
                }
                end -= character.len_utf8();
            }
            let mut word = end;
            while let Some(character) = self.char_before(word) {
                if !is_alphanumeric(character) || character.is_ascii_digit() {
                    break;
                }
                word -= character.len_utf8();
            }
            let text = self.0.get(word..end).unwrap_or_default();
            if text.is_empty() {
                return false;
            }
            let Some(folded) = Word::of(text) else {
                return false;
            };
            if folded.is_one_of(words) {
                return true;
            }
            if !folded.is_one_of(&BETWEEN) {
                return false;
            }
            end = word;
        }
        false
    }

    /// Whether the number at `start` is said to be of an order, an invoice or another paper.
    pub(in crate::detect) fn is_of_paper(self, start: usize) -> bool {
        const PAPERS: [&str; 26] = [
            "commande", "cde", "facture", "fact", "devis", "colis", "contrat", "dossier", "ticket",
            "lot", "serie", "sn", "ean", "gtin", "isbn", "article", "bl", "livraison", "suivi",
            "intervention", "police", "sinistre", "order", "invoice", "tracking", "sku",
        ];
        self.follows(start, &PAPERS)
    }
}
