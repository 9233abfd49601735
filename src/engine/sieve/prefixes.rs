//! How the cells begin that names of columns and labels of totals are made of.

use super::total;
use crate::rules::column_names::phrases;

/// So many letters and digits of a cell count.
const LENGTH: usize = 4;
/// Bits of the set, as a power of two: one prefix in twenty passes by chance.
const BITS: u32 = 14;
/// The same in words of 64.
const WORDS: usize = 1 << (BITS - 6);

/// The beginnings that are the same for every file, put in place when the program is compiled.
static COMMON: [u64; WORDS] = with_all(with_all([0; WORDS], &phrases::WORDS), total::WORDS);
/// Those of the labels of totals and of footers alone.
static LABELS: [u64; WORDS] = with_all(with_all([0; WORDS], total::WORDS), total::OTHER_WORDS);

/// A Bloom filter of beginnings: false positives are fine, false negatives are not.
#[derive(Clone)]
pub(super) struct Prefixes(Box<[u64; WORDS]>);

impl Prefixes {
    /// The beginnings of these names, of the words that names of columns are made of, and of the labels
    /// of totals.
    pub(super) fn new(names: &[String]) -> Self {
        let mut set = Box::new(COMMON);
        for prefix in names.iter().filter_map(|name| prefix(name.as_bytes())) {
            let (at, bit) = place(prefix);
            if let Some(bits) = set.get_mut(at) {
                *bits |= bit;
            }
        }
        Self(set)
    }

    /// Whether a cell, quotes and all, may begin with one of them. What does not begin with a letter or
    /// a digit of ASCII may.
    #[inline]
    pub(super) fn may_begin(&self, field: &[u8]) -> bool {
        may_begin(&self.0, field)
    }
}

/// Whether a cell may begin with a word that labels of totals and footers begin with.
#[inline]
pub(super) fn may_begin_label(field: &[u8]) -> bool {
    may_begin(&LABELS, field)
}

#[inline]
fn may_begin(set: &[u64; WORDS], field: &[u8]) -> bool {
    let content = match field {
        [b'"', content @ ..] => content,
        content => content,
    };
    let blanks = content.iter().take_while(|byte| **byte == b' ').count();
    let content = content.get(blanks..).unwrap_or_default();
    prefix(content).is_none_or(|prefix| {
        let (at, bit) = place(prefix);
        set.get(at).is_some_and(|bits| bits & bit != 0)
    })
}

impl std::fmt::Debug for Prefixes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prefixes")
    }
}

/// The first letters and digits of a text, in lower case; nothing if there are none, or others than
/// ASCII has.
#[inline]
const fn prefix(text: &[u8]) -> Option<u32> {
    let (mut prefix, mut letters, mut rest) = (0, 0, text);
    while letters < LENGTH
        && let [byte, behind @ ..] = rest
    {
        if !byte.is_ascii() {
            return None;
        }
        if !byte.is_ascii_alphanumeric() {
            break;
        }
        prefix = prefix << 8 | byte.to_ascii_lowercase() as u32;
        letters += 1;
        rest = behind;
    }
    if prefix == 0 { None } else { Some(prefix) }
}

/// Where a prefix is in the set.
#[inline]
const fn place(prefix: u32) -> (usize, u64) {
    let hash = prefix.wrapping_mul(0x9E37_79B1) >> (32 - BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// A set with the beginnings of these words.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn with_all(mut set: [u64; WORDS], words: &[&str]) -> [u64; WORDS] {
    let mut at = 0;
    while at < words.len() {
        if let Some(prefix) = prefix(words[at].as_bytes()) {
            let (word, bit) = place(prefix);
            set[word] |= bit;
        }
        at += 1;
    }
    set
}
