//! Whether what does not leave of a row stands in a kept cell of the same row.
//!
//! What counts (`docs/leftovers.md` has the same list):
//!
//! * the whole of a dropped or transformed cell, word by word; of an address also the part from the
//!   house number to the next comma;
//! * each word of four letters or more of a name: a cell of six words at most and no digit, in a
//!   column that is identifying or of which the table does not say; and of an e-mail address up to
//!   its `@`.
//!
//! A whole cell must be telling: five characters, or six if they are all digits; in a column that
//! is not identifying, two words and eight characters, or seven digits. Shorter numbers meet by
//! accident, and so do dates with separators, which have their own detector.

use memchr::memchr;

use super::near::{Candidates, Near, least_telling};
use super::ordinary::Ordinary;
use super::words::{NAME_LETTERS, Word, phrase, words};
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
    /// row's kept cells. Only the `candidates` are read. Gives whether there is anything to compare with.
    pub(super) fn prepare(
        &mut self,
        (row, batch): (&Row<'_>, &Batch),
        scope: &Scope,
        (near, candidates): (&Near, Candidates),
    ) -> bool {
        self.words.clear();
        self.phrases.clear();
        self.names.clear();
        let sources = scope.sources.iter().enumerate();
        for (number, source) in sources.filter(|(number, _)| candidates.has(*number)) {
            let field = row.field(source.column).unwrap_or_default();
            let text = batch.content(field, &mut self.scratch);
            let normal = self.normaliser.normalise(text);
            let text = normal.unwrap_or(text);
            // What the candidates had to be read for ends here, or where their words are known.
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
    if length < least_telling(source.identifying) {
        return false;
    }
    match (source.identifying, digits) {
        (_, true) if is_date(words) => false,
        (true, true) => length >= 6,
        (true, false) | (false, true) => true,
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
mod tests;
