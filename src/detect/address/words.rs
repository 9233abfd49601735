//! The words that streets begin with in French and end with in English.

use super::super::text::{Text, Word, is_alphanumeric};
use crate::base::lexicon::Lexicon;

/// Without accents. Words that name much else (`port`, `lot`, `zone`) are not among them.
static FRENCH: Lexicon<128> = Lexicon::new(
    "rue r avenue ave av boulevard boul bld blvd bd place pl allee allees chemin che chem impasse imp \
    route rte quai cours square sq passage sentier lotissement residence res cite hameau lieu-dit \
    lieudit faubourg fbg esplanade promenade voie venelle ruelle rond-point traverse montee clos",
);

static ENGLISH: Lexicon<32> = Lexicon::new(
    "close gardens crescent grove street avenue ave road rd lane drive boulevard blvd court terrace \
    parkway",
);

/// Where the word that begins at `start` ends: letters and dashes, and one dot.
pub(super) fn end(text: Text<'_>, start: usize) -> usize {
    let mut end = start;
    while let Some(character) = text.char_at(end) {
        let of_word = is_alphanumeric(character) && !character.is_ascii_digit();
        if !of_word && !matches!(character, '-' | '\'') {
            break;
        }
        end += character.len_utf8();
    }
    end + usize::from(end > start && text.byte(end) == Some(b'.'))
}

/// Where a hamlet begins whose name stands before the code at `code`: they have no numbers.
pub(super) fn hamlet_before(text: Text<'_>, code: usize) -> Option<usize> {
    /// So many bytes a hamlet's name has at most.
    const REACH: usize = 60;
    let from = code.saturating_sub(REACH);
    let before = text.0.get(from..code)?;
    // They all begin so, which nearly no address has.
    let lieu = |at: usize| {
        let word = before.get(at..at + 4);
        word.is_some_and(|word| word.eq_ignore_ascii_case(b"lieu"))
    };
    if !memchr::memchr2_iter(b'l', b'L', before).any(lieu) {
        return None;
    }
    let found = [&b"lieu-dit"[..], b"lieu dit", b"lieudit"]
        .iter()
        .find_map(|word| {
            let mut windows = before.windows(word.len());
            windows.rposition(|window| window.eq_ignore_ascii_case(word))
        })?;
    let name = before.get(found..)?;
    let one_phrase = !name
        .iter()
        .any(|byte| matches!(byte, b';' | b'.' | b':') || byte.is_ascii_digit());
    (one_phrase && text.is_free_before(from + found)).then_some(from + found)
}

/// What streets of neighbours begin with.
static ABROAD: Lexicon<64> = Lexicon::new(
    "chaussee dreve clos rte grote calle avenida avda plaza paseo carrer via viale corso piazza \
    vicolo strada rua praca travessa largo",
);

/// Whether streets begin with the word in full, as those do whose number stands behind.
pub(super) fn is_street(word: &[u8]) -> bool {
    word.len() > 2 && (is_french(word) || is_one_of(&ABROAD, word))
}

/// Whether streets begin with the word.
pub(super) fn is_french(word: &[u8]) -> bool {
    is_one_of(&FRENCH, word)
}

/// Whether streets end with the word.
pub(super) fn is_english(word: &[u8]) -> bool {
    is_one_of(&ENGLISH, word)
}

fn is_one_of<const SLOTS: usize>(words: &Lexicon<SLOTS>, word: &[u8]) -> bool {
    let word = match word {
        [word @ .., b'.'] => word,
        word => word,
    };
    Word::of(word).is_some_and(|word| words.contains(word.folded()))
}
