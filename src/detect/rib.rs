//! `rib`: a French bank account as it was written before the IBAN: bank, branch, account and key.

use super::checksum::modulo_97;
use super::prefilter::Needs;
use super::text::{Text, is_word};
use super::{Detector, Finder, Form};

/// The detector `rib`.
pub(super) static DETECTOR: Detector = Detector {
    name: "rib",
    summary: "a French bank account without its IBAN: `30006 00001 12345678901 89`, 23 characters in groups or in one \
              piece",
    checksum: "97 − (89 × bank + 15 × branch + 3 × account) mod 97",
    forms: &[
        Form::certain("in groups"),
        // One number of 23 digits in 97 passes by chance.
        Form::weak("23 characters in one piece", 50, 1.0 / 97.0),
    ],
    needs: Needs { digits: 12, any: 0 },
    find,
};

const IN_GROUPS: u8 = 0;
const IN_ONE: u8 = 1;

/// How many characters there are: 5 of the bank, 5 of the branch, 11 of the account, 2 of the key.
const LENGTH: usize = 23;

/// Where the key begins.
const KEY: usize = 21;

/// What may be glued before a number.
const LABELS: [&str; 2] = ["rib", "compte"];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, _) in text.runs() {
        if !text.may_begin(start, &LABELS) {
            continue;
        }
        let loose = text.loose(start, LENGTH, is_of_number);
        let parted = || key_behind_word(text, loose.end(KEY)?);
        let Some((key, end)) = (match (loose.end(LENGTH), loose.ascii()) {
            (Some(end), [.., tens, units]) => Some(([*tens, *units], end)),
            _ => parted(),
        }) else {
            continue;
        };
        let body = loose.first(KEY).unwrap_or_default();
        if !text.is_free_after(end) || text.is_part_of_longer(start, end) {
            continue;
        }
        let in_one = loose.gaps(LENGTH) == 0 && loose.end(LENGTH).is_some();
        match (has_key(body, key), in_one) {
            (true, false) => found.hit(IN_GROUPS, start..end),
            (true, true) => found.hit(IN_ONE, start..end),
            (false, true) => found.lookalike(IN_ONE, start..end),
            (false, false) => {}
        }
    }
}

/// A digit; the account may have letters.
fn is_of_number(nth: usize, byte: u8) -> bool {
    byte.is_ascii_digit() || (10..KEY).contains(&nth) && byte.is_ascii_alphabetic()
}

/// The key behind `clé` at `at`, and the place behind it.
fn key_behind_word(text: Text<'_>, at: usize) -> Option<([u8; 2], usize)> {
    let skip = |at| {
        let mut at = text.skip_blanks(at);
        while matches!(text.byte(at), Some(b':' | b',' | b'/' | b'(' | b'-')) {
            at = text.skip_blanks(at + 1);
        }
        at
    };
    let word = skip(at);
    let mut end = word;
    while let Some(letter) = text.char_at(end).filter(|letter| letter.is_alphabetic()) {
        end += letter.len_utf8();
    }
    let named = text.0.get(word..end)?;
    if !["cle", "clef", "key"]
        .iter()
        .any(|known| is_word(named, known))
    {
        return None;
    }
    let key = skip(end);
    match text.behind(key) {
        [tens, units, ..] if text.run(key) == 2 => Some(([*tens, *units], key + 2)),
        _ => None,
    }
}

/// Whether the key fits bank, branch and account.
fn has_key(body: &[u8], key: [u8; 2]) -> bool {
    let mut rest = 0;
    for character in body {
        rest = modulo_97(rest, &[digit(*character)]);
    }
    // The key makes the whole a multiple of 97; it is never 0. No bank has only zeros.
    modulo_97(rest, &key) == 0 && key != *b"00" && body.iter().any(|digit| *digit != b'0')
}

/// The digit that a letter stands for: A and J are 1, B, K and S are 2, and so on to I, R and Z.
fn digit(character: u8) -> u8 {
    match character.to_ascii_uppercase() {
        letter @ b'A'..=b'I' => letter - b'A' + b'1',
        letter @ b'J'..=b'R' => letter - b'J' + b'1',
        letter @ b'S'..=b'Z' => letter - b'S' + b'2',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn accounts_are_found() {
        finds(
            "rib",
            &[
                (
                    "30006 00001 12345678901 89",
                    &["30006 00001 12345678901 89"],
                ),
                ("30006000011234567890189", &["30006000011234567890189"]),
                (
                    "30006-00001-12345678901-89",
                    &["30006-00001-12345678901-89"],
                ),
                (
                    "30006.00001.12345678901.89",
                    &["30006.00001.12345678901.89"],
                ),
                (
                    "30006/00001/12345678901/89",
                    &["30006/00001/12345678901/89"],
                ),
                (
                    "30006_00001_12345678901_89",
                    &["30006_00001_12345678901_89"],
                ),
                (
                    "30006  00001  12345678901  89",
                    &["30006  00001  12345678901  89"],
                ),
                (
                    "20041 01005 0500013M026 06",
                    &["20041 01005 0500013M026 06"],
                ),
                (
                    "20041 01005 05 00013m026 06.",
                    &["20041 01005 05 00013m026 06"],
                ),
                (
                    "RIB : 30006 00001 1234 5678 901 89",
                    &["30006 00001 1234 5678 901 89"],
                ),
                ("RIB30006000011234567890189", &["30006000011234567890189"]),
                (
                    "30006 00001 12345678901 clé 89",
                    &["30006 00001 12345678901 clé 89"],
                ),
                ("30006 00001 12345678901 (clé RIB)", &[]),
            ],
        );
        forms(
            "rib",
            &[
                ("30006 00001 12345678901 89", 0),
                ("30006000011234567890189", 1),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "rib",
            &[
                ("a wrong key", "30006 00001 12345678901 88"),
                ("a key of 00", "30006 00001 12345678901 00"),
                ("a wrong key in one piece", "30006000011234567890188"),
                ("a digit too few", "30006 00001 1234567890 89"),
                ("a digit too many", "30006 00001 123456789012 89"),
                ("a letter in the bank", "3000A 00001 12345678901 89"),
                ("zeros", "00000 00000 00000000000 97"),
                ("glued to a letter", "X30006000011234567890189"),
                ("a part of a longer number", "30006 00001 12345678901 89 12"),
                ("groups of amounts", "20000 40000 60000 80000"),
            ],
        );
    }
}
