//! `national_id`: the number of the Belgian, Swiss or Luxembourg register of persons.

use super::checksum::{ean_13, luhn, modulo_97, verhoeff};
use super::prefilter::{Needs, run};
use super::text::{Text, number};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "national_id",
    title: fixed!("national_id"),
    summary: "a number of a neighbour's register of persons: Belgian NISS (`85.07.30-033.28`), Swiss AVS \
              (`756.9217.0769.85`) or Luxembourg's matricule (`1893 12 01 057 32`)",
    checksum: "NISS: 97 − the rest by 97, with 2 in front from 2000 on; AVS: as EAN-13; matricule: Luhn and Verhoeff; \
               NISS and matricule: a date of birth",
    forms: &[
        Form::certain("NISS or AVS in groups"),
        // Two keys in 97 are right, and one number in ten begins with a date.
        Form::weak("NISS in one piece", 50, 0.02),
        // A tenth of those that begin with 756.
        Form::weak("AVS in one piece", 50, 0.1),
        Form::weak("matricule", 50, 0.01),
    ],
    needs: &[
        Needs {
            digits: 11,
            pieces: 2,
            ..Needs::NOTHING
        },
        Needs {
            digits: 11,
            runs: run(11) | run(13),
            ..Needs::NOTHING
        },
    ],
    find,
};

const IN_GROUPS: u8 = 0;
const NISS: u8 = 1;
const AVS: u8 = 2;
const MATRICULE: u8 = 3;

/// The most digits of a number.
const LONGEST: usize = 13;

/// What may be glued before a number.
const LABELS: [&str; 7] = ["niss", "rn", "nrn", "avs", "ahv", "nn", "matricule"];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in found.facts.runs_in(text) {
        // Of more digits none stands alone.
        if run > LONGEST || !text.may_begin(start, &LABELS) {
            continue;
        }
        let loose = text.loose_digits(start, LONGEST);
        let at = |length: usize| {
            let alone =
                |end: &usize| text.is_free_after(*end) && !text.is_part_of_longer(start, *end);
            Some((loose.first(length)?, loose.end(length).filter(alone)?))
        };
        if let Some((digits, end)) = at(13) {
            let avs = digits.starts_with(b"756");
            if avs && ean_13(digits) {
                let grouped = loose.is_grouped(&[3, 4, 4, 2]);
                match (grouped, run) {
                    (true, _) => found.hit(IN_GROUPS, start..end),
                    (false, 13) => found.hit(AVS, start..end),
                    _ => {}
                }
            } else if is_matricule(digits) {
                if run == 13 || loose.is_grouped(&[4, 2, 2, 3, 2]) || loose.is_grouped(&[8, 5]) {
                    found.hit(MATRICULE, start..end);
                }
            } else if run == 13 {
                found.lookalike(if avs { AVS } else { MATRICULE }, start..end);
            }
        }
        if let Some((digits, end)) = at(11) {
            let grouped = loose.gap(6) != 0 && loose.gap(9) != 0 && loose.gaps(11) <= 4
                || loose.is_grouped(&[6, 5])
                || loose.is_grouped(&[2, 2, 2, 5]);
            match (is_niss(digits), run) {
                (true, 11) => found.hit(NISS, start..end),
                (true, _) if grouped => found.hit(IN_GROUPS, start..end),
                (false, 11) => found.lookalike(NISS, start..end),
                _ => {}
            }
        }
    }
}

/// Whether eleven digits are a NISS: date of birth, order and key. Who has no known date has zeros,
/// who is in another register 20 or 40 more in the month.
fn is_niss(digits: &[u8]) -> bool {
    let Some((body, key)) = digits.split_at_checked(9) else {
        return false;
    };
    let [_, _, m, n, d, e, order @ ..] = body else {
        return false;
    };
    let (month, day) = (number(&[*m, *n]), number(&[*d, *e]));
    let is_date = matches!(month, 0..=12 | 20..=32 | 40..=52) && day <= 31;
    let fits = |before: u32| number(key) == 97 - modulo_97(before, body);
    is_date && (1..=998).contains(&number(order)) && (fits(0) || fits(2))
}

/// Whether 13 digits are a Luxembourg matricule: date of birth, order, and the check digits of Luhn
/// and of Verhoeff over those eleven.
fn is_matricule(digits: &[u8]) -> bool {
    let (Some(with_luhn), Some((body, [_, check]))) =
        (digits.get(..12), digits.split_last_chunk::<2>())
    else {
        return false;
    };
    let [y, z, a, b, m, n, d, e, ..] = body else {
        return false;
    };
    (1880..=2099).contains(&number(&[*y, *z, *a, *b]))
        && (1..=12).contains(&number(&[*m, *n]))
        && (1..=31).contains(&number(&[*d, *e]))
        && luhn(with_luhn)
        && verhoeff(body) == Some(*check)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn numbers_are_found() {
        finds(
            "national_id",
            &[
                "‹85.07.30-033.28›",
                "‹85073003328›",
                "NISS ‹850730 033 28›.",
                "‹850730-033-28›",
                "‹850730-033.28›",
                "‹85 07 30 033 28›",
                "‹85/07/30 033-28›",
                "NISS‹85073003328›",
                // Born in 2017.
                "‹17 07 30 033 84›",
                "‹756.9217.0769.85›",
                "‹7569217076985›",
                "AVS ‹756 9217 0769 85›",
                "‹756-9217-0769-85›",
                "AVS‹7569217076985›",
                "‹1893120105732›",
                "‹1893 12 01 057 32›",
            ],
        );
        forms(
            "national_id",
            &[
                ("85.07.30-033.28", 0),
                ("85073003328", 1),
                ("756.9217.0769.85", 0),
                ("7569217076985", 2),
                ("1893120105732", 3),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "national_id",
            &[
                ("a wrong key", "85.07.30-033.29, 85073003329"),
                ("no such month", "85.17.30-033.28"),
                ("order 000", "85.07.30-000.61"),
                ("a wrong check digit", "756.9217.0769.86, 7569217076986"),
                ("another country's goods", "7609217076981"),
                (
                    "wrong check digits of a matricule",
                    "1893120105742, 1893120105733",
                ),
                ("a time in milliseconds", "1705312800000"),
                ("glued to a letter", "A85073003328"),
                ("a part of a longer number", "12 85 07 30 033 28"),
                ("ten digits", "8507300332"),
            ],
        );
    }
}
