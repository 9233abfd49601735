//! What a column means, as its name tells.

use super::meaning::Meaning;
use super::phrases::{Phrase, candidates, is_of_headers};
use super::repair::repaired;
use super::vocabulary::{ASIDE, LABELLED, LABELS};
use super::words;

/// What the name of a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Named {
    /// Its meaning, if the vocabulary has one.
    pub meaning: Option<Meaning>,
    /// Whether every word of the name is one that names of columns are made of.
    pub in_full: bool,
    /// Whether an encoding has spoilt the name so far that nobody can tell what it means.
    pub garbled: bool,
}

/// Whether the name of a column tells that people are named in it.
pub(crate) fn names_people(column: &str) -> bool {
    named(column).meaning.is_some_and(Meaning::names_people)
}

/// What a name tells. The first phrase of the vocabulary that is in it counts.
///
/// A name in which letters may be spoilt is read with a gap for each of them, unless all its words
/// are known as they are (`Actif?`). What then is neither known in full nor a reason to drop the
/// column is garbled. So is a name too long to be read to its end, whatever it begins with.
pub(crate) fn named(column: &str) -> Named {
    let read = words::beginning(column);
    let named = in_whole(read);
    match read.len() == column.len() {
        true => named,
        false => Named {
            in_full: false,
            garbled: !named.meaning.is_some_and(Meaning::never_leaves),
            ..named
        },
    }
}

/// What a name tells that is read to its end.
fn in_whole(column: &str) -> Named {
    let name = repaired(column);
    let plain = look_up(&words::plain(&name));
    if plain.in_full {
        return plain;
    }
    let stays = |named: &Named| named.meaning.is_some_and(Meaning::never_leaves);
    let with_gaps = words::with_gaps(&name).map(|words| look_up(&words));
    let guessed = words::with_gaps_for_underscores(&name).and_then(|words| guess(&words));
    let guessed = guessed.or_else(|| {
        let restored = super::lost::restored(&name)?;
        look_up(&words::plain(&restored))
            .meaning
            .filter(|meaning| meaning.never_leaves())
    });
    let special = |meaning: &Meaning| matches!(meaning, Meaning::Special(_));
    let meaning = match with_gaps {
        Some(read) if read.in_full || stays(&read) => return read,
        _ if guessed.as_ref().is_some_and(special) => guessed,
        _ if stays(&plain) => plain.meaning,
        _ if guessed.is_some() => guessed,
        Some(_) => {
            return Named {
                garbled: true,
                ..Named::default()
            };
        }
        None => plain.meaning,
    };
    Named { meaning, ..plain }
}

/// The meaning that a name has once its gaps are filled, if it is one that never leaves: a `_` is no
/// gap in most names, so a guess may only take away.
fn guess(words: &[String]) -> Option<Meaning> {
    let mut phrases = candidates(words).into_iter();
    let phrase = phrases.find(|phrase| phrase.fills_gaps(words))?;
    Some(phrase.meaning).filter(|meaning| meaning.never_leaves())
}

fn look_up(words: &[String]) -> Named {
    let joined = words.concat();
    if joined.is_empty() {
        return Named::default();
    }
    let candidates = candidates(words);
    let phrase = candidates
        .iter()
        .find(|phrase| phrase.is_in(words, &joined));
    let meaning = match phrase.map(|phrase| phrase.meaning) {
        Some(meaning @ Meaning::Special(_)) => Some(meaning),
        meaning => labelled(words).or(meaning),
    };
    let known = |word: &String| word.len() == 1 || is_of_headers(word);
    let whole = |phrase: &&Phrase| phrase.in_headers && words::same(&joined, &phrase.joined());
    Named {
        meaning,
        in_full: meaning.is_some() && (words.iter().all(known) || candidates.iter().any(whole)),
        garbled: false,
    }
}

fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| words::same(word, known))
}

/// What a name means that only numbers or names a harmless thing: `country_id/id`, `Nom du produit`.
fn labelled(words: &[String]) -> Option<Meaning> {
    let beside: Vec<&String> = words.iter().filter(|word| !has(LABELS, word)).collect();
    if beside.is_empty() || beside.len() == words.len() {
        return None;
    }
    let thing = |word: &str| LABELLED.iter().find(|(_, things)| has(things, word));
    let (meaning, _) = beside.iter().find_map(|word| thing(word))?;
    let harmless = |word: &&String| thing(word).is_some() || has(ASIDE, word);
    beside.iter().all(harmless).then_some(*meaning)
}

#[cfg(test)]
mod tests;
