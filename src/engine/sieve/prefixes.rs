//! How the cells begin that names of columns and labels of totals are made of.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::total;
use crate::rules::column_names::vocabulary::{QUALIFIERS, VOCABULARY};

/// So many letters and digits of a cell count.
const LENGTH: usize = 4;
/// Bits of the set, as a power of two: one prefix in twenty passes by chance.
const BITS: u32 = 14;

/// The words that names of columns are made of.
pub(super) static WORDS: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| words().collect());

fn words() -> impl Iterator<Item = &'static [u8]> {
    let parts = VOCABULARY.iter().filter(|part| part.in_headers);
    let phrases = parts
        .flat_map(|part| part.rows)
        .map(|(_, phrases)| *phrases);
    let phrases = phrases.chain([QUALIFIERS]);
    let words = phrases.flat_map(|phrases| {
        let is_between =
            |byte: &u8| matches!(byte, b'|' | b'=' | b'^' | b'$') || byte.is_ascii_whitespace();
        phrases.as_bytes().split(is_between)
    });
    words.filter(|word| !word.is_empty())
}

/// The beginnings that are the same for every file.
static COMMON: LazyLock<Prefixes> = LazyLock::new(|| {
    let mut set = Prefixes(Box::new([0; 1 << (BITS - 6)]));
    let totals = total::WORDS.iter().map(|word| word.as_bytes());
    words().chain(totals).for_each(|word| set.insert(word));
    set
});

/// A Bloom filter of beginnings: false positives are fine, false negatives are not.
#[derive(Clone)]
pub(super) struct Prefixes(Box<[u64; 1 << (BITS - 6)]>);

impl Prefixes {
    /// The beginnings of these names, of the words that names of columns are made of, and of the labels
    /// of totals.
    pub(super) fn new(names: &[String]) -> Self {
        let mut set = COMMON.clone();
        names.iter().for_each(|name| set.insert(name.as_bytes()));
        set
    }

    fn insert(&mut self, word: &[u8]) {
        if let Some(prefix) = prefix(word) {
            let (at, bit) = place(prefix);
            if let Some(bits) = self.0.get_mut(at) {
                *bits |= bit;
            }
        }
    }

    /// Whether a cell, quotes and all, may begin with one of them. What does not begin with a letter or
    /// a digit of ASCII may.
    #[inline]
    pub(super) fn may_begin(&self, field: &[u8]) -> bool {
        let content = match field {
            [b'"', content @ ..] => content,
            content => content,
        };
        let blanks = content.iter().take_while(|byte| **byte == b' ').count();
        let content = content.get(blanks..).unwrap_or_default();
        prefix(content).is_none_or(|prefix| {
            let (at, bit) = place(prefix);
            self.0.get(at).is_some_and(|bits| bits & bit != 0)
        })
    }
}

impl std::fmt::Debug for Prefixes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prefixes")
    }
}

/// The first letters and digits of a text, in lower case; nothing if there are none, or others than
/// ASCII has.
#[inline]
fn prefix(text: &[u8]) -> Option<u32> {
    let mut prefix = 0;
    for byte in text.iter().take(LENGTH) {
        if !byte.is_ascii() {
            return None;
        }
        if !byte.is_ascii_alphanumeric() {
            break;
        }
        prefix = prefix << 8 | u32::from(byte.to_ascii_lowercase());
    }
    (prefix != 0).then_some(prefix)
}

/// Where a prefix is in the set.
#[inline]
fn place(prefix: u32) -> (usize, u64) {
    let hash = prefix.wrapping_mul(0x9E37_79B1) >> (32 - BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}
