//! `siren`: the number of a French company or self-employed person: nine digits.

use super::checksum::luhn;
use super::prefilter::{Needs, run};
use super::text::{Between, Text};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "siren",
    title: fixed!("siren"),
    summary: "a SIREN, the number of a French company or self-employed person: `732 829 320` or `732829320`",
    checksum: "Luhn",
    forms: &[
        // One number of nine digits in ten passes by chance.
        Form::weak("nine digits", 50, 0.1),
    ],
    needs: &[Needs {
        digits: 9,
        runs: run(9) | run(3),
        ..Needs::NOTHING
    }],
    find,
};

/// What may be glued before a number.
const LABELS: [&str; 2] = ["siren", "rcs"];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in found.facts.runs_in(text) {
        let sizes: &[usize] = match run {
            9 => &[9],
            3 => &[3, 3, 3],
            _ => continue,
        };
        if let Some((digits, end)) = text.grouped(start, sizes, Between::DOT)
            && text.may_begin(start, &LABELS)
            && text.is_free_after(end)
            && !text.is_part_of_decimal(start, end)
            && !text.is_of_paper(start)
            && !(run == 3 && text.is_part_of_longer(start, end))
        {
            if is_siren(digits.ascii()) && !text.is_unit(end) {
                found.hit(0, start..end);
            } else {
                found.lookalike(0, start..end);
            }
        }
    }
}

/// Whether nine digits are a SIREN. Zeros only, which pass, are none.
pub(super) fn is_siren(digits: &[u8]) -> bool {
    luhn(digits) && digits.iter().any(|digit| *digit != b'0')
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn numbers_are_found() {
        finds(
            "siren",
            &[
                "‹732829320›",
                "RCS Paris ‹732 829 320›.",
                "‹732\u{202f}829\u{202f}320›",
                "‹732829320›,‹303265045›",
                "‹732829320› 75002 Paris",
                "n°‹732829320›",
                "siren‹732829320›",
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "siren",
            &[
                ("a wrong last digit", "732829321"),
                ("zeros", "000000000"),
                ("glued to a letter", "FR40732829320, 732829320a"),
                ("a part of a longer number", "12 732 829 320"),
                ("an amount", "732 829 320 €, 732829320 euros"),
                ("an amount with cents", "732 829 320,50"),
                ("decimals", "0.732829320"),
                ("ten digits", "7328293200"),
            ],
        );
    }
}
