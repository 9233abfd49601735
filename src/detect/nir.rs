//! `nir`: the number of the French register of persons, which social security uses.
//!
//! 13 characters (sex, year, month, department, town, order) and a key of two digits. In one piece
//! the 13 alone have nothing that proves them: times in milliseconds begin with 1 as men do, and
//! codes of goods with 3. So they count only where a column is full of what a register writes, or
//! with the blanks that nobody puts into another number.

use super::card::is_card;
use super::checksum::modulo_97;
use super::prefilter::Needs;
use super::text::{Between, Text, number};
use super::{Detector, Finder, Form, ShareOf, Strength};

/// The detector `nir`.
pub(super) static DETECTOR: Detector = Detector {
    name: "nir",
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
    needs: Needs { digits: 12, any: 0 },
    find,
};

const IN_GROUPS: u8 = 0;
const WITH_KEY: u8 = 1;
const WITHOUT_KEY: u8 = 2;

/// The length without the key, and with it.
const BODY: usize = 13;
const WHOLE: usize = 15;

/// What [`read`] makes of the characters from one place on.
struct Number {
    characters: [u8; WHOLE],
    /// How many there are: 13 or 15.
    length: usize,
    /// How many separators stand between them.
    separators: usize,
    end: usize,
}

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, _) in text.runs() {
        if !text.is_free_before(start) {
            continue;
        }
        let Some(number) = read(text, start) else {
            continue;
        };
        let range = start..number.end;
        let body = Body::of(&number.characters);
        match (number.length, number.separators) {
            (WHOLE, separators) => {
                let right = body
                    .as_ref()
                    .is_some_and(|body| body.has_key(&number.characters));
                match (right, separators) {
                    // American Express' cards begin like temporary numbers, and are more common.
                    (true, 0) if is_card(&number.characters) => {}
                    // Two groups may be a code of goods and a quantity.
                    (true, 4..) => found.hit(IN_GROUPS, range),
                    (true, _) => found.hit(WITH_KEY, range),
                    (false, 0) => found.lookalike(WITH_KEY, range),
                    (false, _) => {}
                }
            }
            (_, 5) if body.is_some() && !text.is_part_of_longer(start, number.end) => {
                found.hit(IN_GROUPS, range)
            }
            (_, 0) if !text.is_part_of_decimal(start, number.end) => match body {
                Some(body) if body.is_usual(&number.characters) => found.hit(WITHOUT_KEY, range),
                Some(_) => found.hit_among_others(WITHOUT_KEY, range),
                None => found.lookalike(WITHOUT_KEY, range),
            },
            _ => {}
        }
    }
}

/// Reads 15 characters, else 13, that stand alone.
fn read(text: Text<'_>, start: usize) -> Option<Number> {
    let mut characters = [0; WHOLE];
    let (mut end, mut separators, mut without_key) = (start, 0, None);
    for (place, character) in characters.iter_mut().enumerate() {
        let before = end;
        if matches!(place, 1 | 3 | 5 | 7 | 10 | BODY)
            && let Some(length) = text.separator(end, Between::SLASH)
        {
            end += length;
            separators += 1;
        }
        if place == BODY {
            let separators = separators - usize::from(end > before);
            without_key = Some((before, separators));
        }
        match text.byte(end) {
            Some(digit @ b'0'..=b'9') => *character = digit,
            Some(letter @ (b'A' | b'B' | b'a' | b'b')) if place == 6 => {
                *character = letter.to_ascii_uppercase()
            }
            _ if place < BODY => return None,
            _ => {
                separators = usize::MAX;
                break;
            }
        }
        end += 1;
    }
    if separators != usize::MAX && text.is_free_after(end) {
        return Some(Number {
            characters,
            length: WHOLE,
            separators,
            end,
        });
    }
    let (end, separators) = without_key?;
    text.is_free_after(end).then_some(Number {
        characters,
        length: BODY,
        separators,
        end,
    })
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
                ("185057800608491", &["185057800608491"]),
                ("1 85 05 78 006 084 91", &["1 85 05 78 006 084 91"]),
                ("NIR 1.85.05.78.006.084.91.", &["1.85.05.78.006.084.91"]),
                ("1850578006084 91", &["1850578006084 91"]),
                ("1 85 05 78 006 084", &["1 85 05 78 006 084"]),
                ("1850578006084", &["1850578006084"]),
                ("2 51 08 2A 416 802 30", &["2 51 08 2A 416 802 30"]),
                (
                    "2\u{a0}51\u{a0}08\u{a0}2b\u{a0}416\u{a0}802",
                    &["2\u{a0}51\u{a0}08\u{a0}2b\u{a0}416\u{a0}802"],
                ),
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
