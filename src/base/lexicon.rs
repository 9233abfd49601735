//! Words to be looked up, put in place when the program is compiled: nothing is built at its start.

/// A set of the words of a text, which blanks are between. At most half of the `SLOTS`, a power of two,
/// are taken.
pub(crate) struct Lexicon<const SLOTS: usize> {
    text: &'static str,
    /// Where in the text a word begins, from 1; 0 where there is none.
    slots: [u16; SLOTS],
}

impl<const SLOTS: usize> Lexicon<SLOTS> {
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    pub(crate) const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(SLOTS.is_power_of_two() && bytes.len() < u16::MAX as usize);
        let mut slots = [0; SLOTS];
        let (mut at, mut words) = (0, 0);
        while at < bytes.len() {
            let (start, mut hash) = (at, START);
            while at < bytes.len() && !bytes[at].is_ascii_whitespace() {
                hash = with_byte(hash, bytes[at]);
                at += 1;
            }
            if at > start {
                let mut slot = hash as usize % SLOTS;
                while slots[slot] != 0 {
                    slot = (slot + 1) % SLOTS;
                }
                slots[slot] = start as u16 + 1;
                words += 1;
                assert!(words * 2 <= SLOTS);
            }
            at += 1;
        }
        Self { text, slots }
    }

    /// Whether the text has this word.
    pub(crate) fn contains(&self, word: impl AsRef<[u8]>) -> bool {
        let word = word.as_ref();
        self.contains_hashed(word, hash_of(word))
    }

    /// The same of a word with this [hash](hash_of), which several lists may be asked for.
    #[inline]
    pub(crate) fn contains_hashed(&self, word: &[u8], hash: u32) -> bool {
        let mut slot = hash as usize % SLOTS;
        while let Some(start) = self.slots.get(slot)
            && let Some(start) = usize::from(*start).checked_sub(1)
        {
            if self.is_at(start, word) {
                return true;
            }
            slot = (slot + 1) % SLOTS;
        }
        false
    }

    fn is_at(&self, start: usize, word: &[u8]) -> bool {
        let text = self.text.as_bytes().get(start..).unwrap_or_default();
        // Most words differ at once.
        text.first() == word.first()
            && text
                .strip_prefix(word)
                .is_some_and(|behind| behind.first().is_none_or(u8::is_ascii_whitespace))
            && !word.iter().any(u8::is_ascii_whitespace)
    }
}

/// As FNV-1a begins and goes on.
const START: u32 = 0x811C_9DC5;

/// The hash of a word, the same for all lists.
#[inline]
pub(crate) fn hash_of(word: &[u8]) -> u32 {
    word.iter().fold(START, |hash, byte| with_byte(hash, *byte))
}

const fn with_byte(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_text_are_found_and_no_others() {
        static LEXICON: Lexicon<16> = Lexicon::new("un deux\ntrois   été\r\nun l'eau ");
        for word in ["un", "deux", "trois", "été", "l'eau"] {
            assert!(LEXICON.contains(word), "{word}");
        }
        for word in ["", " ", "u", "une", "un deux", "deux\n", "eau", "Un", "ét"] {
            assert!(!LEXICON.contains(word), "{word}");
        }
    }

    #[test]
    fn a_full_lexicon_is_walked_around_its_end() {
        static LEXICON: Lexicon<8> = Lexicon::new("a b c d");
        for word in ["a", "b", "c", "d"] {
            assert!(LEXICON.contains(word), "{word}");
        }
        for byte in b'e'..=b'z' {
            assert!(!LEXICON.contains(char::from(byte).to_string()));
        }
    }
}
