//! The vocabulary, cut into its phrases and words when the program is compiled: thousands of them would
//! be cut at every start.

use std::borrow::Cow;

use super::beginnings::Beginnings;
use super::meaning::Meaning;
use super::vocabulary::{QUALIFIERS, VOCABULARY};
use super::words;

/// A phrase of the vocabulary.
#[derive(Clone, Copy)]
pub(super) struct Phrase {
    pub(super) meaning: Meaning,
    text: &'static str,
    /// How many words it has.
    count: usize,
    at_start: bool,
    at_end: bool,
    pub(super) in_headers: bool,
}

/// All phrases, in the order that counts.
pub(super) static PHRASES: [Phrase; PHRASE_COUNT] = cut();
/// The same by the letters they begin with.
pub(super) static PHRASES_BY_BEGINNING: Beginnings<PHRASE_COUNT> = Beginnings::new(&texts());

/// The words that names of columns are made of.
pub(crate) static WORDS: [&str; WORD_COUNT] = words_of_headers();
/// The same by the letters they begin with.
pub(super) static WORDS_BY_BEGINNING: Beginnings<WORD_COUNT> = Beginnings::new(&WORDS);

const PHRASE_COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while let Some((rows, _)) = part_at(part) {
        let mut row = 0;
        while row < rows.len() {
            count += 1 + occurrences(nth(rows, row).1, b'|');
            row += 1;
        }
        part += 1;
    }
    count
};

const WORD_COUNT: usize = {
    let (mut count, mut at) = (1 + occurrences(QUALIFIERS, b' '), 0);
    while at < PHRASE_COUNT {
        let phrase = nth(&PHRASES, at);
        if phrase.in_headers {
            count += phrase.count;
        }
        at += 1;
    }
    count
};

#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn cut() -> [Phrase; PHRASE_COUNT] {
    let mut phrases = [Phrase::new(Meaning::Person, "", false); PHRASE_COUNT];
    let (mut next, mut part) = (0, 0);
    while let Some((rows, in_headers)) = part_at(part) {
        let mut row = 0;
        while row < rows.len() {
            let (meaning, mut rest) = rows[row];
            while let (phrase, Some(behind)) = split(rest, b'|') {
                phrases[next] = Phrase::new(meaning, phrase, in_headers);
                next += 1;
                rest = behind;
            }
            phrases[next] = Phrase::new(meaning, rest, in_headers);
            next += 1;
            row += 1;
        }
        part += 1;
    }
    phrases
}

#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn texts() -> [&'static str; PHRASE_COUNT] {
    let (mut texts, mut at) = ([""; PHRASE_COUNT], 0);
    while at < PHRASE_COUNT {
        texts[at] = PHRASES[at].text;
        at += 1;
    }
    texts
}

const fn words_of_headers() -> [&'static str; WORD_COUNT] {
    let (mut words, mut at) = ([""; WORD_COUNT], 0);
    let mut next = put(&mut words, 0, QUALIFIERS);
    while at < PHRASE_COUNT {
        let phrase = nth(&PHRASES, at);
        if phrase.in_headers {
            next = put(&mut words, next, phrase.text);
        }
        at += 1;
    }
    words
}

/// Puts the words of a text in their places from `next` on, and says which is free then.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn put(places: &mut [&'static str], mut next: usize, text: &'static str) -> usize {
    let mut rest = text;
    while let (word, Some(behind)) = split(rest, b' ') {
        places[next] = word;
        next += 1;
        rest = behind;
    }
    places[next] = rest;
    next + 1
}

/// The rows of a part of the vocabulary, and whether its words show that a row is a header.
const fn part_at(at: usize) -> Option<(&'static [super::vocabulary::Row], bool)> {
    if at == VOCABULARY.len() {
        return None;
    }
    let part = nth(&VOCABULARY, at);
    Some((part.rows, part.in_headers))
}

#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn nth<T>(all: &[T], at: usize) -> &T {
    &all[at]
}

/// What stands before a byte, and behind it if it is there.
const fn split(text: &'static str, by: u8) -> (&'static str, Option<&'static str>) {
    let mut at = 0;
    while at < text.len() {
        if *nth(text.as_bytes(), at) == by {
            let (before, behind) = text.split_at(at);
            return (before, Some(behind.split_at(1).1));
        }
        at += 1;
    }
    (text, None)
}

const fn occurrences(text: &str, of: u8) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < text.len() {
        if *nth(text.as_bytes(), at) == of {
            count += 1;
        }
        at += 1;
    }
    count
}

impl Phrase {
    const fn new(meaning: Meaning, phrase: &'static str, in_headers: bool) -> Self {
        let (mut text, mut at_start, mut at_end) = (phrase, false, false);
        if let [mark @ (b'=' | b'^'), ..] = text.as_bytes() {
            (at_start, at_end) = (true, *mark == b'=');
            text = text.split_at(1).1;
        }
        if let [before @ .., b'$'] = text.as_bytes() {
            at_end = true;
            text = text.split_at(before.len()).0;
        }
        Self {
            meaning,
            text,
            count: 1 + occurrences(text, b' '),
            at_start,
            at_end,
            in_headers,
        }
    }

    /// All its words run together.
    pub(super) fn joined(&self) -> Cow<'static, str> {
        match self.count {
            1 => Cow::Borrowed(self.text),
            _ => Cow::Owned(self.text.replace(' ', "")),
        }
    }

    /// Whether it is in a name: as its words in a row, or as all of it run together.
    pub(super) fn is_in(&self, words: &[String], joined: &str) -> bool {
        self.places(words).next().is_some() || words::same(joined, &self.joined())
    }

    /// Whether it is in a name at words that have gaps.
    pub(super) fn fills_gaps(&self, words: &[String]) -> bool {
        let has_gap = |window: &[String]| window.iter().any(|word| word.contains(words::GAP));
        self.places(words).any(has_gap)
    }

    /// Whether a word begins with its first letter, or with a gap: what is known of a name at little cost.
    fn begins_like_one_of(&self, words: &[String]) -> bool {
        let first = self.text.bytes().next();
        let mut firsts = words.iter().map(|word| word.bytes().next());
        firsts.any(|letter| letter == first || letter == Some(words::GAP as u8))
    }

    /// Where its words are in a row.
    fn places<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = &'a [String]> {
        let last = words.len().checked_sub(self.count);
        let windows = words.windows(self.count).enumerate();
        windows.filter_map(move |(at, window)| {
            let stands = (!self.at_start || at == 0) && (!self.at_end || Some(at) == last);
            let mut parts = window.iter().zip(self.text.split(' '));
            (stands && parts.all(|(word, part)| words::same(word, part))).then_some(window)
        })
    }
}

/// The phrases that may be in a name, in their order.
pub(super) fn candidates(words: &[String]) -> Vec<&'static Phrase> {
    if words.iter().any(|word| word.contains(words::GAP)) {
        let phrases = PHRASES.iter();
        return phrases
            .filter(|phrase| phrase.begins_like_one_of(words))
            .collect();
    }
    let mut positions = PHRASES_BY_BEGINNING.short().to_vec();
    let mut from = words;
    while let Some((_, behind)) = from.split_first() {
        let letters = from.iter().flat_map(|word| word.bytes());
        positions.extend(PHRASES_BY_BEGINNING.of(letters));
        from = behind;
    }
    positions.sort_unstable();
    positions.dedup();
    let phrases = positions.into_iter();
    let phrases = phrases.filter_map(|at| PHRASES.get(usize::from(at)));
    phrases.collect()
}

/// Whether a word is one that names of columns are made of, gaps and a plural aside.
pub(super) fn is_of_headers(word: &str) -> bool {
    if word.contains(words::GAP) {
        return WORDS.iter().any(|known| words::same(word, known));
    }
    is_among_words(word, |known| words::same(word, known))
}

/// Whether a word is one that names of columns are made of, as it stands.
pub(crate) fn is_exactly_of_headers(word: &str) -> bool {
    is_among_words(word, |known| word == known)
}

fn is_among_words(word: &str, same: impl Fn(&str) -> bool) -> bool {
    let short = WORDS_BY_BEGINNING.short().iter();
    let mut positions = short.chain(WORDS_BY_BEGINNING.of(word.bytes()));
    positions.any(|at| WORDS.get(usize::from(*at)).is_some_and(|known| same(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_cut_into_all_its_phrases_and_words() {
        let rows = || {
            let parts = VOCABULARY.iter();
            parts.flat_map(|part| part.rows.iter().map(|row| (row, part.in_headers)))
        };
        let expected: Vec<(Meaning, &str, bool)> = rows()
            .flat_map(|((meaning, row), in_headers)| {
                row.split('|')
                    .map(move |phrase| (*meaning, phrase, in_headers))
            })
            .collect();
        assert_eq!(PHRASES.len(), expected.len());
        let mut words: Vec<&str> = QUALIFIERS.split_whitespace().collect();
        for (phrase, (meaning, text, in_headers)) in PHRASES.iter().zip(expected) {
            let bare = text.trim_start_matches(['=', '^']).trim_end_matches('$');
            assert_eq!((phrase.meaning, phrase.text), (meaning, bare));
            assert_eq!(phrase.count, bare.split(' ').count(), "{text}");
            assert_eq!(phrase.at_start, text.starts_with(['=', '^']), "{text}");
            assert_eq!(phrase.at_end, text.starts_with('=') || text.ends_with('$'));
            assert_eq!(phrase.in_headers, in_headers, "{text}");
            words.extend(bare.split(' ').filter(|_| in_headers));
        }
        assert_eq!(&WORDS[..], words);
    }

    #[test]
    fn every_word_of_headers_is_found() {
        for word in WORDS {
            assert!(is_exactly_of_headers(word), "{word}");
            assert!(is_of_headers(word), "{word}");
        }
        assert!(!is_exactly_of_headers("dupont"));
    }
}
