//! `rib`: a French bank account as it was written before the IBAN: bank, branch, account and key.

use super::checksum::modulo_97;
use super::prefilter::Needs;
use super::text::{Text, is_alphanumeric, is_one_of};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "rib",
    title: fixed!("rib"),
    summary: "a French bank account without its IBAN: `30006 00001 12345678901 89`, 23 characters in groups or in one \
              piece",
    checksum: "97 − (89 × bank + 15 × branch + 3 × account) mod 97",
    forms: &[
        Form::certain("in groups"),
        // One number of 23 digits in 97 passes by chance.
        Form::weak("23 characters in one piece", 50, 1.0 / 97.0),
    ],
    needs: &[Needs {
        digits: 12,
        ..Needs::NOTHING
    }],
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
    if text.0.len() < LENGTH {
        return;
    }
    for (start, run) in found.facts.runs_in(text) {
        if !text.may_begin(start, &LABELS) {
            continue;
        }
        let loose = text.loose(start, LENGTH, is_of_number);
        let number = match (loose.ascii().try_into(), loose.end(LENGTH)) {
            (Ok(number), Some(end)) => Some((number, end)),
            _ if run == 5 || loose.end(KEY).is_some() => named(text, start),
            _ => None,
        };
        let Some((number, end)) = number else {
            continue;
        };
        if !text.is_free_after(end) || text.is_part_of_longer(start, end) {
            continue;
        }
        let in_one = end - start == LENGTH;
        match (has_key(&number), in_one) {
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

/// Reads a number whose parts have names: `banque 30006 guichet 00001 compte 12345678901 clé 89`.
fn named(text: Text<'_>, start: usize) -> Option<([u8; LENGTH], usize)> {
    let mut number = [0; LENGTH];
    let (mut place, mut at) = (start, 0);
    for length in [5, 5, 11, 2] {
        if at > 0 {
            place = name_end(text, place)?;
        }
        let loose = text.loose(place, length, |_, byte| byte.is_ascii_alphanumeric());
        let part = loose.first(length)?;
        let of_number = (at..).zip(part).all(|(nth, byte)| is_of_number(nth, *byte));
        if !of_number {
            return None;
        }
        number.get_mut(at..at + length)?.copy_from_slice(part);
        place = loose.end(length)?;
        at += length;
    }
    Some((number, place))
}

/// The place behind blanks, signs and the names of parts at `at`.
fn name_end(text: Text<'_>, at: usize) -> Option<usize> {
    const NAMES: [&str; 12] = [
        "banque", "code", "guichet", "agence", "compte", "n", "no", "numero", "cle", "clef", "key",
        "rib",
    ];
    let mut place = at;
    for _ in 0..6 {
        while let Some(sign) = text.char_at(place).filter(|sign| !is_alphanumeric(*sign)) {
            if matches!(sign, ';' | '|') || place - at > 24 {
                return None;
            }
            place += sign.len_utf8();
        }
        let mut end = place;
        while let Some(letter) = text.char_at(end).filter(|letter| is_alphanumeric(*letter)) {
            end += letter.len_utf8();
        }
        let word = text.0.get(place..end)?;
        if !is_one_of(word, &NAMES) {
            return (place > at).then_some(place);
        }
        place = end;
    }
    None
}

/// Whether the key fits bank, branch and account.
pub(super) fn has_key(number: &[u8; LENGTH]) -> bool {
    let [body @ .., tens, units] = number;
    let digits = number.map(digit);
    // The key makes the whole a multiple of 97; it is never 0. No bank has only zeros.
    let zeros = body.iter().all(|digit| *digit == b'0') || [*tens, *units] == *b"00";
    modulo_97(0, &digits) == 0 && !zeros
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
                "‹30006 00001 12345678901 89›",
                "‹30006000011234567890189›",
                "‹30006-00001-12345678901-89›",
                "‹30006.00001.12345678901.89›",
                "‹30006/00001/12345678901/89›",
                "‹30006_00001_12345678901_89›",
                "‹30006  00001  12345678901  89›",
                "‹20041 01005 0500013M026 06›",
                "‹20041 01005 05 00013m026 06›.",
                "RIB : ‹30006 00001 1234 5678 901 89›",
                "RIB‹30006000011234567890189›",
                "‹30006 00001 12345678901 clé 89›",
                "banque ‹30006, guichet 00001, compte n° 12345678901, clé RIB : 89›",
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
                ("no key", "30006 00001 12345678901 (clé RIB)"),
                ("glued to a letter", "X30006000011234567890189"),
                ("a part of a longer number", "30006 00001 12345678901 89 12"),
                ("groups of amounts", "20000 40000 60000 80000"),
            ],
        );
    }
}
