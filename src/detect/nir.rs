//! `nir`: the number of the French register of persons, which social security uses.
//!
//! 13 characters (sex, year, month, department, town, order) and a key of two digits. In one piece
//! the 13 alone have nothing that proves them: times in milliseconds begin with 1 as men do, and
//! codes of goods with 3. So they count only where a column is full of what a register writes, or
//! with the blanks that nobody puts into another number.

use super::card::is_card;
use super::checksum::modulo_97;
use super::prefilter::{Needs, run};
use super::text::{Loose, Text, is_one_of, number};
use super::{Detector, Finder, Form, ShareOf, Strength};

pub(super) static DETECTOR: Detector = Detector {
    name: "nir",
    title: fixed!("nir"),
    summary: "a French social security number: `1 85 05 78 006 084 91`, 15 characters with or without blanks, \
              or the 13 without the key",
    checksum: "97 − the rest by 97, Corsica's 2A and 2B counting as 19 and 18; sex, month, department, town",
    forms: &[
        Form::certain("in groups, with or without its key"),
        // One number of 15 digits in three hundred passes by chance.
        Form::weak("15 characters in one piece", 50, 1.0 / 97.0),
        Form {
            name: "13 characters in one piece",
            // One time in milliseconds in ten has what most people's numbers have.
            strength: Strength::Weak {
                over_percent: 30,
                of: ShareOf::Lookalikes,
                at_least: 8,
            },
            chance: Some(0.15),
        },
    ],
    needs: &[
        Needs {
            digits: 12,
            pieces: 2,
            ..Needs::NOTHING
        },
        Needs {
            digits: 12,
            runs: run(13) | run(15),
            ..Needs::NOTHING
        },
    ],
    find,
};

const IN_GROUPS: u8 = 0;
const WITH_KEY: u8 = 1;
const WITHOUT_KEY: u8 = 2;

/// The length without the key, and with it.
const BODY: usize = 13;
const WHOLE: usize = 15;

/// Before which characters groups begin: sex, year, month, department, town, order, key. Overseas
/// the department has three.
const AT_HOME: [usize; 6] = [1, 3, 5, 7, 10, BODY];
const OVERSEAS: [usize; 6] = [1, 3, 5, 8, 10, BODY];

/// What may be glued before a number.
const LABELS: [&str; 8] = ["nir", "ss", "secu", "sécu", "insee", "nss", "num", "no"];

/// What reading makes of the characters from one place on.
struct Number {
    characters: [u8; WHOLE],
    /// How many there are: 13 or 15.
    length: usize,
    /// How many gaps stand between them, if all are where groups end.
    groups: Option<usize>,
    /// Whether there is any gap.
    in_one: bool,
    end: usize,
}

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let mut behind = 0;
    for (start, _) in found.facts.runs_in(text) {
        if start < behind || !text.may_begin(start, &LABELS) {
            continue;
        }
        let readings: [fn(Text<'_>, usize) -> Option<Number>; 2] = [with_key, without_key];
        let numbers = readings.iter().filter_map(|read| read(text, start));
        for number in numbers {
            if report(text, start, &number, found) {
                behind = number.end;
                break;
            }
        }
    }
}

/// Reports what was read, and tells whether there is no need to read it otherwise.
fn report(text: Text<'_>, start: usize, number: &Number, found: &mut Finder<'_>) -> bool {
    let range = start..number.end;
    let body = Body::of(&number.characters);
    if number.length == WHOLE {
        let right = body
            .as_ref()
            .is_some_and(|body| body.has_key(&number.characters));
        match (right, number.groups) {
            // American Express' cards begin like temporary numbers, and are more common.
            (true, None | Some(0)) if is_card(&number.characters) => return true,
            // Two groups may be a code of goods and a quantity.
            (true, Some(4..)) => found.hit(IN_GROUPS, range),
            // Groups of two other numbers: `898102.18 6394551.31`.
            (true, None) if text.is_part_of_longer(start, number.end) => return false,
            (true, _) => found.hit(WITH_KEY, range),
            // Policies and contracts have this key, too, but neither months nor towns.
            (false, _) if number.in_one && has_key_only(&number.characters) => {
                found.contrary(WITH_KEY, range);
            }
            (false, _) if number.in_one => found.lookalike(WITH_KEY, range),
            (false, _) => return false,
        }
        return true;
    }
    match (body, number.groups) {
        (Some(_), Some(5..)) if !text.is_part_of_longer(start, number.end) => {
            found.hit(IN_GROUPS, range);
        }
        (body, _) if number.in_one && !text.is_part_of_decimal(start, number.end) => match body {
            _ if text.is_of_paper(start) => {}
            Some(body) if body.is_usual(&number.characters) => found.hit(WITHOUT_KEY, range),
            Some(_) => found.hit_among_others(WITHOUT_KEY, range),
            None => found.lookalike(WITHOUT_KEY, range),
        },
        _ => return false,
    }
    true
}

/// A digit, or where Corsica's departments have it, a letter.
fn is_of_number(nth: usize, byte: u8) -> bool {
    byte.is_ascii_digit() || nth == 6 && matches!(byte, b'A' | b'B' | b'a' | b'b')
}

/// Reads 15 characters that stand alone; words such as `clé` may stand before the key.
fn with_key(text: Text<'_>, start: usize) -> Option<Number> {
    let loose = text.loose(start, WHOLE, is_of_number);
    if let Some(end) = loose.end(WHOLE) {
        return text
            .is_free_after(end)
            .then(|| Number::of(&loose, WHOLE, end))?;
    }
    let key = key_start(text, loose.end(BODY)?)?;
    let end = key + 2;
    let mut number = Number::of(&loose, BODY, end)?;
    if text.run(key) != 2 || !text.is_free_after(end) {
        return None;
    }
    let [.., tens, units] = &mut number.characters;
    (*tens, *units) = (text.byte(key)?, text.byte(key + 1)?);
    number.length = WHOLE;
    // Nobody writes of a key behind another number.
    number.groups = Some(AT_HOME.len());
    number.in_one = false;
    Some(number)
}

/// Where the key begins behind a word or a bracket at `at`.
fn key_start(text: Text<'_>, at: usize) -> Option<usize> {
    let opens = |at: usize| {
        let end = text.skip_blanks(at);
        match text.byte(end) {
            Some(b',' | b'-' | b'/' | b'(' | b'[' | b':' | b'=' | b'|') => {
                text.skip_blanks(end + 1)
            }
            _ => end,
        }
    };
    let mut place = opens(at);
    let word = place;
    while text.char_at(place).is_some_and(char::is_alphabetic) {
        place += text.char_at(place)?.len_utf8();
    }
    let named = text.0.get(word..place)?;
    let known = ["cle", "key", "k", "c", "clef"];
    if named.is_empty() {
        // Only a bracket or a sign stands between.
        return (place > at).then_some(place);
    }
    if !is_one_of(named, &known) {
        return None;
    }
    if text.byte(place) == Some(b'.') {
        place += 1;
    }
    Some(opens(place))
}

/// Reads 13 characters that stand alone.
fn without_key(text: Text<'_>, start: usize) -> Option<Number> {
    let loose = text.loose(start, BODY, is_of_number);
    let end = loose.end(BODY)?;
    text.is_free_after(end)
        .then(|| Number::of(&loose, BODY, end))?
}

impl Number {
    fn of(loose: &Loose, length: usize, end: usize) -> Option<Self> {
        let mut characters = [0; WHOLE];
        for (character, read) in characters.iter_mut().zip(loose.first(length)?) {
            *character = read.to_ascii_uppercase();
        }
        let gaps = loose.gaps(length);
        let all_at = |ends: &[usize]| {
            ends.iter()
                .filter(|at| **at < length && loose.gap(**at) != 0)
                .count()
                == gaps
        };
        let overseas = matches!(characters.get(5..7), Some(b"97" | b"98"));
        Some(Self {
            characters,
            length,
            groups: (all_at(&AT_HOME) || overseas && all_at(&OVERSEAS)).then_some(gaps),
            in_one: gaps == 0,
            end,
        })
    }
}

/// Whether 15 digits have the key of what stands before it.
fn has_key_only(characters: &[u8; WHOLE]) -> bool {
    let [body @ .., tens, units] = characters;
    let digits = characters.iter().all(u8::is_ascii_digit);
    digits && 97 - modulo_97(0, body) == number(&[*tens, *units])
}

/// The 13 characters without the key, if a register could have written them.
struct Body {
    month: u32,
    /// The rest by 97, as the key counts it.
    rest: u32,
}

impl Body {
    fn of(characters: &[u8; WHOLE]) -> Option<Self> {
        let [sex, y, z, m, n, d, e, t, u, v, order @ ..] = characters;
        if !matches!(sex, b'1' | b'2' | b'3' | b'4' | b'7' | b'8') {
            return None;
        }
        let month = number(&[*m, *n]);
        if !matches!(month, 1..=12 | 20..=42 | 50..=99) {
            return None;
        }
        let (order, _) = order.split_at_checked(3)?;
        if order == b"000" || !is_place([*d, *e, *t, *u, *v], number(&[*y, *z])) {
            return None;
        }
        // Corsica's departments count as those before and after 20 in the order of their letters.
        let department = match [*d, *e] {
            [b'2', b'A'] => *b"19",
            [b'2', b'B'] => *b"18",
            other => other,
        };
        let rest = modulo_97(0, &[*sex, *y, *z, *m, *n]);
        let rest = modulo_97(modulo_97(rest, &department), &[*t, *u, *v]);
        Some(Self {
            month,
            rest: modulo_97(rest, order),
        })
    }

    fn has_key(&self, characters: &[u8; WHOLE]) -> bool {
        let [.., tens, units] = characters;
        number(&[*tens, *units]) == 97 - self.rest
    }

    /// Whether it looks more like a number of the register than like others of 13 digits. There
    /// are few births of unknown month and few temporary numbers (3, 4, 7 and 8), while times have
    /// any month and goods begin with 3 in France; and one number in ten has a code of goods' check
    /// digit (EAN-13), which all those have.
    fn is_usual(&self, characters: &[u8; WHOLE]) -> bool {
        let digits = characters
            .iter()
            .take(BODY)
            .map(|digit| u32::from(digit.wrapping_sub(b'0')));
        let weighted = digits
            .zip([1, 3].into_iter().cycle())
            .map(|(digit, weight)| digit * weight);
        let goods = weighted.sum::<u32>().is_multiple_of(10);
        self.month <= 12 && matches!(characters, [b'1' | b'2', ..]) && !goods
    }
}

/// Whether somebody born in a year of these last two digits can be from this department and town:
/// 01 to 95 and a town, 96 in the protectorates of before 1956, 971 to 978 and 984 to 989 overseas
/// and a town of two digits, 99 and a country. Corsica was 20 until 1975.
fn is_place(place: [u8; 5], year: u32) -> bool {
    let [d, e, t, u, v] = place;
    let (overseas, short) = (number(&[d, e, t]), number(&[u, v]));
    let town = number(&[t, u, v]);
    match [d, e] {
        [b'2', b'A' | b'B'] => (1..=990).contains(&town),
        [b'9', b'7'] => matches!(overseas, 971..=978) && (1..=90).contains(&short),
        [b'9', b'8'] => matches!(overseas, 984..=989) && (1..=90).contains(&short),
        [b'2', b'0'] => year < 76 && (1..=990).contains(&town),
        [b'9', b'9'] => town > 0,
        _ => (1..=96).contains(&number(&[d, e])) && (1..=990).contains(&town),
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn numbers_are_found() {
        finds(
            "nir",
            &[
                "‹185057800608491›",
                "‹1 85 05 78 006 084 91›",
                "NIR ‹1.85.05.78.006.084.91›.",
                "‹1850578006084 91›",
                "‹1 85 05 78 006 084›",
                "‹1850578006084›",
                "‹1 77 09 972 12 310 30›",
                "‹1 77 09 97 212 310 30›",
                "‹185057800608491›.0",
                "‹1850578006084 clé 91›",
                "‹1850578006084 (clé : 91›)",
                "‹1 85 05 78 006 084 / 91›",
                "‹1 85 05 78 006 084-91›",
                "‹1  85  05 78 006 084  91›",
                "‹1_85_05_78_006_084_91›",
                "NIR‹185057800608491›, SS‹185057800608491›",
                "‹185 057 800 608 491›",
                "‹2 51 08 2A 416 802 30›",
                "‹2\u{a0}51\u{a0}08\u{a0}2b\u{a0}416\u{a0}802›",
            ],
        );
    }

    #[test]
    fn what_a_find_proves() {
        forms(
            "nir",
            &[
                ("1 85 05 78 006 084 91", 0),
                ("1 85 05 78 006 084", 0),
                ("185057800608491", 1),
                ("1850578006084 91", 1),
                ("1850578006084", 2),
                // Corsica before it was divided.
                ("1750520006084", 2),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "nir",
            &[
                ("a wrong key", "185057800608492"),
                ("a wrong key, in groups", "1 85 05 78 006 084 92"),
                ("sex 5", "5850578006084"),
                ("month 13", "1851378006084"),
                ("month 43, in groups", "1 85 43 78 006 084"),
                ("month 43", "1854378006084"),
                ("department 00", "1850500006084"),
                ("Corsica undivided after 1975", "1760520006084"),
                ("overseas 970", "1850597006084"),
                ("town 000", "1850578000084"),
                ("order 000", "1850578006000"),
                ("14 digits", "18505780060849"),
                ("a card", "341857708480901"),
                ("glued to a letter", "A185057800608491"),
                ("12 digits in groups", "1 85 05 78 006 08"),
            ],
        );
    }
}
