//! Whether what does not leave of a row stands in a kept cell of the same row.
//!
//! What counts (the README has the same list):
//!
//! * the whole of a dropped or transformed cell, word by word; of an address also the part from the
//!   house number to the next comma;
//! * each word of four letters or more of a name: a cell of six words at most and no digit, in a
//!   column that is identifying or of which the table does not say; and of an e-mail address up to
//!   its `@`.
//!
//! A whole cell must be telling: five characters, or six if they are all digits; in a column that
//! is not identifying, two words and eight characters, or seven digits that are no date. Numbers
//! shorter than that meet by accident, and so do dates, which have their own detector.

use memchr::{memchr, memchr3_iter};

use super::ordinary::Ordinary;
use super::words::{First, NAME_LETTERS, Word, first, phrase, words};
use super::{Scope, Source};
use crate::detect::Normaliser;
use crate::io::csv::{Batch, Row};

/// The most bytes and words of a name.
const NAME_BYTES: usize = 60;
const NAME_WORDS: usize = 6;

/// What of a row does not leave, as words.
#[derive(Debug, Default)]
pub(super) struct Compare {
    words: Vec<Word>,
    cell: Vec<Word>,
    scratch: Vec<u8>,
    normaliser: Normaliser,
    phrases: Vec<Phrase>,
    names: Vec<(usize, Word)>,
}

/// A row of words that counts as one.
#[derive(Debug, Clone, Copy)]
struct Phrase {
    source: usize,
    from: usize,
    until: usize,
}

/// Words of a kept cell that are also a source's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// The first of them, by position, and the one behind the last.
    pub(super) from: usize,
    pub(super) until: usize,
    /// The source's place in [`Scope::sources`].
    pub(super) source: usize,
    /// Whether it is one word only, of letters.
    single: bool,
}

/// A kept cell that holds something of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Hit {
    /// What is to be counted: if many other rows have it, it tells of nobody.
    pub(super) feature: u64,
    /// Where it comes from: the place in [`Scope::sources`].
    pub(super) source: usize,
    /// Whether the cell holds something else of another source, too.
    pub(super) mixed: bool,
}

impl Compare {
    /// Reads what does not leave of a row, but for what is of no word that is `near`: in one of the
    /// row's kept cells. Gives whether there is anything to compare with.
    pub(super) fn prepare(
        &mut self,
        row: &Row<'_>,
        batch: &Batch,
        scope: &Scope,
        near: &Near,
    ) -> bool {
        self.words.clear();
        self.phrases.clear();
        self.names.clear();
        for (number, source) in scope.sources.iter().enumerate() {
            let field = row.field(source.column).unwrap_or_default();
            let text = batch.content(field, &mut self.scratch);
            let normal = self.normaliser.normalise(text);
            let text = normal.unwrap_or(text);
            // Nearly all cells end here, or where their words are known.
            let names = source.identifying && near.has_name;
            let may_name = names && may_name(text);
            if !may_name && near.has_no_beginning(text) {
                continue;
            }
            words(text, &mut self.cell);
            if !self.cell.iter().any(|word| near.has(word.key)) {
                continue;
            }
            let at = text.iter().position(|byte| *byte == b'@');
            if names && (at.is_some() || is_name(text, &self.cell)) {
                let until = at.unwrap_or(text.len());
                let of_name = |word: &&Word| word.may_be_of_name() && word.end <= until;
                let names = self.cell.iter().filter(of_name);
                let names = names.filter(|word| near.has(word.key));
                self.names.extend(names.map(|word| (number, *word)));
            }
            if is_telling(&self.cell, source) {
                let from = self.words.len();
                self.words.extend_from_slice(&self.cell);
                let until = self.words.len();
                if near.has_all(&self.cell) {
                    self.phrases.push(Phrase {
                        source: number,
                        from,
                        until,
                    });
                }
                let parts = parts(text, &self.cell).filter(|(first, behind)| {
                    let words = self.cell.get(*first..*behind).unwrap_or_default();
                    words.len() < self.cell.len()
                        && near.has_all(words)
                        && is_street(words, *first == 0)
                });
                self.phrases.extend(parts.map(|(first, behind)| Phrase {
                    source: number,
                    from: from + first,
                    until: from + behind,
                }));
            }
        }
        !(self.phrases.is_empty() && self.names.is_empty())
    }

    /// Replaces what `matches` holds by what of the row stands in a kept cell with these words.
    pub(super) fn matches(&self, kept: &[Word], matches: &mut Vec<Match>) {
        matches.clear();
        for phrase in &self.phrases {
            let words = self.words.get(phrase.from..phrase.until);
            let words = words.unwrap_or_default();
            let same = |(one, other): (&Word, &Word)| one.hash == other.hash;
            for (from, window) in kept.windows(words.len().max(1)).enumerate() {
                if window.iter().zip(words).all(same) {
                    matches.push(Match {
                        from,
                        until: from + words.len(),
                        source: phrase.source,
                        single: matches!(words, [word] if word.letters),
                    });
                }
            }
        }
        for (source, word) in &self.names {
            for (from, other) in kept.iter().enumerate() {
                if other.hash == word.hash {
                    matches.push(Match {
                        from,
                        until: from + 1,
                        source: *source,
                        single: true,
                    });
                }
            }
        }
    }
}

/// Which words stand in the kept cells of a row that are to be compared, wrong only on the side of having one.
#[derive(Debug, Default)]
pub(super) struct Near {
    bits: [u64; 8],
    /// Whether one of them may be of a name.
    has_name: bool,
}

impl Near {
    /// Whatever there is.
    pub(super) const ALL: Self = Self {
        bits: [u64::MAX; 8],
        has_name: true,
    };

    pub(super) fn add(&mut self, word: &Word) {
        self.has_name |= word.may_be_of_name();
        let (place, bit) = Self::bit(word.key);
        if let Some(bits) = self.bits.get_mut(place) {
            *bits |= 1 << bit;
        }
    }

    fn has(&self, key: u64) -> bool {
        let (place, bit) = Self::bit(key);
        self.bits.get(place).is_none_or(|bits| bits >> bit & 1 != 0)
    }

    fn has_all(&self, words: &[Word]) -> bool {
        words.iter().all(|word| self.has(word.key))
    }

    fn bit(key: u64) -> (usize, u64) {
        let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 61) as usize, mixed >> 55 & 63)
    }

    /// Whether neither a text nor a part of it behind a separator begins with such a word, as far as
    /// its first bytes tell.
    fn has_no_beginning(&self, text: &[u8]) -> bool {
        let begins = |text: &[u8]| match first(text.trim_ascii_start(), false) {
            First::Word { key, .. } => self.has(key),
            First::Other | First::Foreign => true,
        };
        let mut separators = memchr3_iter(b',', b';', b'\n', text);
        !begins(text) && !separators.any(|at| begins(text.get(at + 1..).unwrap_or_default()))
    }
}

/// What the matches in a kept cell with these words come to.
pub(super) fn hit(kept: &[Word], matches: &[Match], ordinary: &Ordinary) -> Option<Hit> {
    let source = matches.iter().map(|found| found.source).min()?;
    if let Some(strong) = matches.iter().find(|found| !found.single) {
        let within = |found: &Match| strong.from <= found.from && found.until <= strong.until;
        let mut matches = matches.iter();
        return Some(Hit {
            feature: phrase(kept),
            source: strong.source,
            mixed: matches.any(|found| found.source != strong.source && !within(found)),
        });
    }
    let word = |found: &Match| kept.get(found.from);
    let first = matches.iter().find_map(word)?;
    let alone = matches
        .iter()
        .filter_map(word)
        .all(|other| other.hash == first.hash);
    match alone {
        true if ordinary.has(first) => None,
        true => Some(Hit {
            feature: first.hash,
            source,
            mixed: false,
        }),
        false => Some(Hit {
            feature: phrase(kept),
            source,
            mixed: matches.iter().any(|found| found.source != source),
        }),
    }
}

/// Whether a cell may have the form of a name or an address.
fn may_name(text: &[u8]) -> bool {
    memchr(b'@', text).is_some() || !text.iter().any(u8::is_ascii_digit)
}

/// Whether a cell has the form of a name.
fn is_name(text: &[u8], words: &[Word]) -> bool {
    text.len() <= NAME_BYTES && words.len() <= NAME_WORDS && words.iter().all(|word| word.letters)
}

/// Whether these words together are found by accident in no other cell.
fn is_telling(words: &[Word], source: &Source) -> bool {
    let length: u32 = words.iter().map(|word| word.length).sum();
    let digits = words.iter().all(|word| !word.letters);
    match (source.identifying, digits) {
        (_, true) if is_date(words) => false,
        (true, true) => length >= 6,
        (true, false) => length >= 5,
        (false, true) => length >= 7,
        (false, false) => length >= 8 && words.len() >= 2,
    }
}

/// Whether numbers are like a day, a month and a year.
fn is_date(words: &[Word]) -> bool {
    let lengths = |expected: [u32; 3]| {
        let first = words.iter().map(|word| word.length).take(3);
        words.len() >= 3 && first.eq(expected)
    };
    lengths([4, 2, 2]) || lengths([2, 2, 4])
}

/// Whether words are a house number and a street. Five digits are a number only where the address
/// begins; elsewhere they are a code.
fn is_street(words: &[Word], begins: bool) -> bool {
    let longest = if begins { 5 } else { 4 };
    let number = |word: &Word| !word.letters && word.length <= longest;
    let name = |word: &Word| word.letters && word.length >= NAME_LETTERS;
    words.len() >= 3 && words.first().is_some_and(number) && words.iter().any(name)
}

/// The words between commas, as positions of the first and behind the last.
fn parts<'a>(text: &'a [u8], words: &'a [Word]) -> impl Iterator<Item = (usize, usize)> {
    let mut first = 0;
    let ends = text.iter().enumerate();
    let ends = ends.filter(|(_, byte)| matches!(byte, b',' | b';' | b'\n'));
    let ends = ends.map(|(at, _)| at).chain([text.len()]);
    ends.map(move |end| {
        let rest = words.get(first..).unwrap_or_default();
        let behind = first + rest.iter().take_while(|word| word.end <= end).count();
        (std::mem::replace(&mut first, behind), behind)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<Word> {
        let mut found = Vec::new();
        words(text.as_bytes(), &mut found);
        found
    }

    fn near(cells: &[&str]) -> Near {
        let mut near = Near::default();
        let known = cells.iter().flat_map(|cell| of(cell));
        known.for_each(|word| near.add(&word));
        near
    }

    #[test]
    fn a_cell_that_begins_otherwise_is_not_read() {
        let near = near(&["C-0007919", "13ae2e5a61", "développeuse"]);
        for (text, passed_over) in [
            ("1985-07-23", true),
            ("45000.50", true),
            ("C 0007919", false),
            ("13", false),
            ("Dévolution", true),
            ("Développeuse", false),
            // What may begin elsewhere, or has to be folded first.
            ("Bourg, 13 rue", false),
            ("Bourg, 14 rue", true),
            ("Bourg;14 rue\n développeuse", false),
            ("Bourg, «13 rue»", false),
            ("-45000", false),
            ("œuf", false),
        ] {
            assert_eq!(
                near.has_no_beginning(text.as_bytes()),
                passed_over,
                "{text}"
            );
        }
        assert!(near.has_all(&of("c-13")) && !near.has_all(&of("c-14")));
        assert!(!Near::ALL.has_no_beginning(b"1985-07-23") && Near::ALL.has_all(&of("x 14")));
    }

    #[test]
    fn names_and_addresses_are_read_wherever_their_words_stand() {
        for (text, expected) in [
            ("Jean Dupont", true),
            ("j.dupont7@exemple.fr", true),
            ("Zoé", true),
            ("", true),
            ("C-0007919", false),
            ("13ae2e5a61", false),
            ("1985-07-23", false),
        ] {
            assert_eq!(may_name(text.as_bytes()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_a_kept_cell_holds_is_never_passed_over(
            text in "[a-zA-Z0-9éÉœ\u{301} .,;-]{1,30}",
            others in "[a-z0-9 ]{0,30}",
        ) {
            let near = near(&[&others, &text]);
            let found = of(&text);
            prop_assert!(near.has_all(&found));
            prop_assert!(found.is_empty() || !near.has_no_beginning(text.as_bytes()));
        }
    }
}
