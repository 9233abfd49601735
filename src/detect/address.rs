//! `address`: a postal address: a number, a street and a code.

mod words;

use super::prefilter::{LETTER, Needs};
use super::text::{Text, number};
use super::{Detector, Finder, Form};

/// The detector `address`.
pub(super) static DETECTOR: Detector = Detector {
    name: "address",
    summary: "a postal address from the number to the code: `12 bis rue des Lilas, 75002`, `350 Fifth Avenue, New \
              York, NY 10118`",
    checksum: "– (the code exists in France)",
    forms: &[Form::certain("number, street and code")],
    needs: Needs {
        digits: 6,
        any: LETTER,
    },
    find,
};

/// How far behind the street's word its code may stand, in bytes.
const REACH: usize = 120;

/// How many words an English name may have before its street's word.
const WORDS: usize = 4;

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in text.runs() {
        if run > 4 || !text.is_free_before(start) {
            continue;
        }
        if let Some((street, french)) = street(text, start + run)
            && let Some(end) = code_end(text, street, french)
        {
            found.hit(0, start..end);
        }
    }
}

/// The place behind the street's word that belongs to the number before `at`, and whether the word
/// is French.
fn street(text: Text<'_>, at: usize) -> Option<(usize, bool)> {
    let mut at = repetition_end(text, at);
    for nth in 0..=WORDS {
        at = text.skip_blanks(at);
        if nth == 0 && text.byte(at) == Some(b',') {
            at = text.skip_blanks(at + 1);
        }
        let end = words::end(text, at);
        let word = text.0.get(at..end)?;
        if word.is_empty() {
            return None;
        }
        if nth == 0 && words::is_french(word) {
            return Some((end, true));
        }
        if nth > 0 && words::is_english(word) {
            return Some((end, false));
        }
        at = end;
    }
    None
}

/// The place behind `bis`, `ter`, `quater` or a letter that follows a number at `at`, else `at`.
fn repetition_end(text: Text<'_>, at: usize) -> usize {
    let start = text.skip_blanks(at);
    let end = words::end(text, start);
    let word = text.0.get(start..end).unwrap_or_default();
    let repeats = matches!(word, [b'A'..=b'H' | b'a'..=b'h'])
        || [&b"bis"[..], b"ter", b"quater"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
    if repeats { end } else { at }
}

/// Where the address's code ends: the last one in reach that a town's name follows, else the last.
fn code_end(text: Text<'_>, street: usize, french: bool) -> Option<usize> {
    let (mut before_town, mut last) = (None, None);
    for (start, run) in Text(text.behind(street)).runs() {
        let (start, end) = (street + start, street + start + run);
        // What stands behind a semicolon is another matter.
        let between = text.0.get(street..start).unwrap_or_default();
        if between.len() > REACH || between.contains(&b';') {
            break;
        }
        let code = text.0.get(start..end).unwrap_or_default();
        let known = run == 5 && (!french || is_french(number(code)));
        if !known || !text.is_free_before(start) || !text.is_free_after(end) || text.is_unit(end) {
            continue;
        }
        if text.is_part_of_decimal(start, end) {
            continue;
        }
        last = Some(end);
        if town_follows(text, end) {
            before_town = last;
        }
    }
    before_town.or(last)
}

/// Whether a code begins as one of a French department does.
fn is_french(code: u32) -> bool {
    matches!(code / 1000, 1..=95) || matches!(code / 100, 971..=978 | 980 | 986..=988)
}

fn town_follows(text: Text<'_>, end: usize) -> bool {
    let mut at = text.skip_blanks(end);
    while matches!(text.byte(at), Some(b',' | b'-')) {
        at = text.skip_blanks(at + 1);
    }
    text.char_at(at).is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn addresses_are_found() {
        finds(
            "address",
            &[
                (
                    "12 rue des Lilas, 75002 Paris",
                    &["12 rue des Lilas, 75002"],
                ),
                (
                    "12bis, RUE DE L'ÉGLISE 20200 BASTIA",
                    &["12bis, RUE DE L'ÉGLISE 20200"],
                ),
                (
                    "habite 3 ter allée des Pins\n97110 Pointe-à-Pitre",
                    &["3 ter allée des Pins\n97110"],
                ),
                (
                    "7 B bd Voltaire, BP 30012, 69003 Lyon",
                    &["7 B bd Voltaire, BP 30012, 69003"],
                ),
                ("5 av. Foch, 75116", &["5 av. Foch, 75116"]),
                (
                    "1 rue du 8 mai 1945 - 33000 Bordeaux",
                    &["1 rue du 8 mai 1945 - 33000"],
                ),
                (
                    "350 Fifth Avenue, New York, NY 10118",
                    &["350 Fifth Avenue, New York, NY 10118"],
                ),
                (
                    "12 Old Mill Lane, Boston MA 02108",
                    &["12 Old Mill Lane, Boston MA 02108"],
                ),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "address",
            &[
                ("no code", "12 rue des Lilas"),
                ("no number", "rue des Lilas, 75002 Paris"),
                ("a town", "75002 Paris"),
                ("an amount", "1 place de parking, 12000 euros, 15 000 €"),
                ("a word that only begins so", "3 chemins possibles, 20000"),
                (
                    "no such department",
                    "12 rue des Lilas, 00123 Paris, 99000 Nice",
                ),
                (
                    "glued to a letter",
                    "n12 rue des Lilas 75002, 12 rue X A75002",
                ),
                ("a bracket", "20000-40000"),
                (
                    "a code of another matter",
                    "12 rue des Lilas ; dossier 75002",
                ),
            ],
        );
    }
}
