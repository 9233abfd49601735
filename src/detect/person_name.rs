//! `person_name`: the name of a person in a text, or in a column of names.
//!
//! A name has no form of its own, so it is told by what stands beside it: a civility (`Mme Leroy`), or
//! a first name beside a surname (`Karim Benali`, `LEROY Marie`). Names of streets, schools, firms and
//! goods are made of people's; the word before them tells those. One word alone may be a name or not:
//! there the column decides.

mod context;
mod lists;
mod words;

use super::prefilter::{
    Needs,
    fact::{BLANK, CAPITAL, DOT, LETTER},
};
use super::text::Text;
use super::{Detector, Finder, Form, ShareOf, Strength};
use context::{is_behind_le, is_small_civility, may_have_small_civility};
use lists::{
    is_ambiguous, is_brand, is_first_name, is_given, is_known, is_never, is_surname, is_word,
};
use words::{Case, Word, words};

pub(super) static DETECTOR: Detector = Detector {
    name: "person_name",
    title: fixed!("person_name"),
    summary: "a person's name: a civility and a name (`M. Dupont`, `Mme Marie LEROY`, `Dr Petit`), a first name beside \
              a surname (`Karim Benali`, `LEROY Marie`); in a column of single words first names or surnames",
    checksum: "– (the first names and surnames that INSEE counts most)",
    forms: &[
        Form::certain("civility and name"),
        Form::certain("first name and surname"),
        Form {
            name: "a name alone",
            strength: Strength::Weak {
                over_percent: 50,
                of: ShareOf::Lookalikes,
                at_least: 8,
            },
            // Of words with a capital, one in twenty-five at most is also a name of the lists.
            chance: Some(0.04),
        },
    ],
    needs: &[Needs {
        any: LETTER,
        and: CAPITAL | BLANK | DOT,
        ..Needs::NOTHING
    }],
    find,
};

const CIVILITY: u8 = 0;
const FULL: u8 = 1;
const ALONE: u8 = 2;

/// A longer text is read up to here.
const LONGEST: usize = 1 << 16;

/// How many words a name has at most.
const WORDS: usize = 5;

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let capitals = found.facts.has(CAPITAL) && has_two_capitals(text.0);
    if !capitals && !may_have_small_civility(text.0) {
        return;
    }
    let text = text.0.get(..LONGEST).unwrap_or(text.0);
    let Ok(text) = str::from_utf8(text) else {
        return;
    };
    let mut room = String::new();
    let words = words(text, &mut room);
    if !words.iter().any(may_show_name) {
        return;
    }
    let names = Names {
        words: &words,
        in_capitals: words.len() > 3 && words.iter().all(is_in_capitals),
    };
    let mut at = 0;
    while at < words.len() {
        let name = match names.after_civility(at) {
            Some((from, until)) => Some((CIVILITY, from, until)),
            None => {
                let full = names.full(at).map(|until| (at, until));
                let name = full.or_else(|| names.beside_another_word(at));
                name.map(|(from, until)| (FULL, from, until))
            }
        };
        let bounds = name.and_then(|(form, from, until)| {
            let (first, last) = (words.get(from)?, words.get(until.checked_sub(1)?)?);
            Some((form, first.start..last.end, until))
        });
        match bounds {
            Some((form, range, until)) => {
                found.hit(form, range);
                at = until.max(at + 1);
            }
            None => at += names.words_to_skip(at),
        }
    }
}

/// Whether the word may show that a name stands at it or beside it: without such a word no text has one.
fn may_show_name(word: &Word<'_>) -> bool {
    // Neither a civility nor a name begins with a digit.
    let begins_with_digit = word
        .folded
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    word.case == Case::Initial
        || !begins_with_digit
            && (is_civility(word)
                || word.case == Case::Other && is_small_civility(word.folded)
                || is_given(word.folded))
}

/// Whether a text has a blank or a dot before a capital: no name of several words is without.
fn has_two_capitals(text: &[u8]) -> bool {
    let mut before = b'a';
    text.iter().any(|byte| {
        let ends = !std::mem::replace(&mut before, *byte).is_ascii_alphanumeric();
        ends && (byte.is_ascii_uppercase() || *byte >= 0xC3)
    })
}

/// Reports a cell of one word that is a name, or looks like one, and tells whether it is.
pub(super) fn alone(cell: &[u8], found: &mut Finder<'_>) -> bool {
    const LENGTHS: std::ops::RangeInclusive<usize> = 3..=24;
    let trimmed = cell.trim_ascii();
    let begins = trimmed
        .first()
        .is_some_and(|first| first.is_ascii_uppercase() || *first >= 0xC3);
    let of_word =
        |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii() || b"-'".contains(byte);
    if !begins || !LENGTHS.contains(&trimmed.len()) || !trimmed.iter().all(of_word) {
        return false;
    }
    let mut room = String::new();
    let words = words(str::from_utf8(trimmed).unwrap_or_default(), &mut room);
    let [word] = words.as_slice() else {
        return false;
    };
    let may_be_name = word.is_capital() && word.start == 0 && word.end == trimmed.len();
    if may_be_name {
        let is_listed = |part: &str| is_first_name(part) || is_surname(part);
        // `Lons-le-Saunier` is a town.
        let name = word.folded.split('-').all(is_listed);
        match name && !is_word(word.folded) && !is_never(word.folded) {
            true => found.hit(ALONE, 0..cell.len()),
            false => found.lookalike(ALONE, 0..cell.len()),
        }
    }
    may_be_name
}

/// Names among the words of a text.
struct Names<'a> {
    words: &'a [Word<'a>],
    /// Whether all words are in capitals, so that these tell nothing.
    in_capitals: bool,
}

impl Names<'_> {
    fn word(&self, at: usize) -> Option<&Word<'_>> {
        self.words.get(at)
    }

    /// The word at `at`, if only blanks stand before it.
    fn next(&self, at: usize) -> Option<&Word<'_>> {
        self.word(at).filter(|word| word.follows)
    }

    /// How many words from `at` on are no part of a name: two if they are a known name of something
    /// else.
    fn words_to_skip(&self, at: usize) -> usize {
        let pair = self.word(at).zip(self.next(at + 1));
        let known = pair.is_some_and(|(one, other)| is_known(one.folded, other.folded));
        1 + usize::from(known)
    }

    /// A name behind the civility at `at`, from its first word to behind its last.
    fn after_civility(&self, at: usize) -> Option<(usize, usize)> {
        let civility = self.word(at)?;
        if !is_civility(civility) || self.is_of_place(at) {
            return None;
        }
        if civility.folded == "m" && at.checked_sub(1).is_some_and(|before| self.is_size(before)) {
            return None;
        }
        // The code of a Dutch town: `1016 DR Amsterdam`.
        let before = at.checked_sub(1).and_then(|before| self.word(before));
        let is_code = |word: &Word<'_>| {
            word.folded.len() == 4 && word.folded.bytes().all(|byte| byte.is_ascii_digit())
        };
        if civility.case == Case::Upper && civility.follows && before.is_some_and(is_code) {
            return None;
        }
        // `Monsieur le Docteur Petit` has two.
        let mut first = at + 1;
        if self.next(first).is_some_and(is_civility) {
            first += 1;
        }
        let until = self.name_end(first);
        let words = self.words.get(first..until)?;
        let telling = words.iter().enumerate().any(|(nth, word)| {
            let article = words.first().filter(|_| nth == 1);
            let behind_article =
                article.is_some_and(|article| matches!(article.folded, "le" | "la"));
            let other = is_word(word.folded) || is_never(word.folded);
            let known = is_surname(word.folded) || is_given(word.folded);
            let fits = match other {
                // `Monsieur Le Maire`
                true => known && !behind_article && !self.in_capitals,
                // `M. le Curé`
                false => known || is_behind_le(word.folded) || !behind_article && !self.in_capitals,
            };
            word.is_capital() && !is_particle(word.folded) && fits
        });
        let brand = words.first().is_some_and(|word| is_brand(word.folded));
        (telling && !brand).then_some((first, until))
    }

    /// Behind the last word of the name that begins at `first`.
    fn name_end(&self, first: usize) -> usize {
        let mut end = first;
        for at in first..first + WORDS {
            let Some(word) = self.next(at) else {
                break;
            };
            let ends_before = at > first
                && self
                    .word(at - 1)
                    .is_some_and(|before| before.dot && before.case != Case::Initial);
            if ends_before {
                break;
            }
            let particle = is_particle(word.folded);
            if word.is_capital() && !particle {
                let known = is_given(word.folded) || is_surname(word.folded);
                if is_word(word.folded) && !known || self.in_capitals && at > first && !known {
                    break;
                }
                end = at + 1;
            } else if !(particle || word.case == Case::Initial && at == first) {
                break;
            }
        }
        end
    }

    /// Behind the last word of a first name beside a surname, of which one stands at `at`.
    fn full(&self, at: usize) -> Option<usize> {
        let first = self
            .word(at)
            .filter(|word| word.is_capital() && !word.dot)?;
        let second = self.next(at + 1)?;
        if is_known(first.folded, second.folded) || self.is_of_place(at) || self.is_goods(at) {
            return None;
        }
        let certain = is_first_name(first.folded);
        let given = certain || is_ambiguous(first.folded);
        let after = given.then(|| self.surname_end(at, certain)).flatten();
        after.or_else(|| self.surname_first(at, given))
    }

    /// Behind the first name that follows a surname at `at`: `LEROY Marie`, `Leroy Marie`. One that
    /// is rather a first name is a surname only in capitals.
    fn surname_first(&self, at: usize, given: bool) -> Option<usize> {
        let (surname, first) = (self.word(at)?, self.next(at + 1)?);
        let (upper, title) = (surname.case == Case::Upper, first.case == Case::Title);
        let known = is_surname(surname.folded);
        // `CARPENTIER Leïla`
        let in_order = upper && title && known && is_first_name(first.folded) && !self.in_capitals;
        let other = is_word(surname.folded) || is_never(surname.folded);
        if other && !in_order || given && !(upper && title) {
            return None;
        }
        // `LE GOFF Yasmine`
        let before = at.checked_sub(1).and_then(|before| self.word(before));
        let has_particle = before.is_some_and(|word| word.is_capital() && is_particle(word.folded));
        let least = if has_particle && surname.follows {
            3
        } else {
            5
        };
        let shown = upper && (title || self.words.len() <= 3) && surname.folded.len() >= least;
        let certain = is_first_name(first.folded) && (known || shown);
        let likely = is_ambiguous(first.folded) && known && upper && title;
        let third = self.next(at + 2).filter(|_| !first.dot);
        let goes_on = third.is_some_and(Word::is_capital);
        let fits = first.is_capital() && (certain || likely) && (!goes_on || upper);
        fits.then_some(at + 2)
    }

    /// Behind the surname that follows the first name at `at`.
    fn surname_end(&self, at: usize, certain: bool) -> Option<usize> {
        let mut place = at + 1;
        // More first names: `Marie Claire Leroy`.
        while place < at + 3
            && let (Some(word), Some(next)) = (self.next(place), self.next(place + 1))
            && (is_first_name(word.folded) || is_ambiguous(word.folded))
            && word.is_capital()
            && next.is_capital()
            && !word.dot
            && !is_word(next.folded)
        {
            place += 1;
        }
        let mut particles = 0;
        while particles < 2
            && let Some(word) = self.next(place)
            && is_particle(word.folded)
            && self.next(place + 1).is_some()
        {
            particles += 1;
            place += 1;
        }
        let surname = self.next(place).filter(|word| word.is_capital())?;
        let known = is_surname(surname.folded);
        let word = is_word(surname.folded);
        let never = is_never(surname.folded) && surname.case != Case::Upper;
        let lower = particles > 0 && self.word(place - 1).is_some_and(|word| !word.is_capital());
        let first = self.word(at)?;
        let fits = match (first.case, surname.case) {
            _ if never || word && !(known && certain) => false,
            _ if known => true,
            _ if lower || self.in_capitals => false,
            (Case::Title, Case::Upper) => surname.folded.len() >= 4,
            (Case::Title, Case::Title) => certain && surname.folded.len() >= 3,
            (Case::Upper, Case::Upper) => certain && self.words.len() <= 3,
            _ => false,
        };
        fits.then_some(place + 1)
    }
}

/// Whether a word is as it is in a text of capitals.
fn is_in_capitals(word: &Word<'_>) -> bool {
    match word.case {
        Case::Title => false,
        Case::Upper | Case::Initial => true,
        Case::Other => {
            word.folded.len() <= 2 || word.folded.bytes().any(|byte| byte.is_ascii_digit())
        }
    }
}

/// Whether a name follows the word.
fn is_civility(word: &Word<'_>) -> bool {
    match word.folded {
        "m" => word.dot,
        "me" | "pr" => word.case == Case::Title,
        "mr" | "mm" | "mme" | "mmes" | "mlle" | "mlles" | "melle" | "dr" | "mrs" | "ms" => true,
        "miss" => word.case == Case::Title,
        // Behind the dot of a sentence another begins.
        "monsieur" | "madame" | "mademoiselle" | "docteur" | "maitre" | "professeur"
        | "messieurs" | "mesdames" => !word.dot,
        _ => false,
    }
}

/// Whether the word stands between a first name and a surname, or before one.
fn is_particle(folded: &str) -> bool {
    matches!(
        folded,
        "de" | "du"
            | "des"
            | "la"
            | "le"
            | "van"
            | "von"
            | "der"
            | "den"
            | "el"
            | "al"
            | "ben"
            | "da"
            | "dos"
            | "di"
    )
}

#[cfg(test)]
mod tests;
