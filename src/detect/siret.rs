//! `siret`: the number of a French company's place of business: its SIREN and five digits.

use super::checksum::luhn;
use super::prefilter::{Needs, run};
use super::siren::is_siren;
use super::text::{Between, Text};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "siret",
    title: fixed!("siret"),
    summary: "a SIRET, the number of a French place of business: `732 829 320 00074` or `73282932000074`",
    checksum: "Luhn over all and over the SIREN; for La Poste (356 000 000) the digits' sum, a multiple of 5",
    forms: &[
        // One number of 14 digits in a hundred passes by chance.
        Form::weak("14 digits", 50, 0.1),
    ],
    needs: &[Needs {
        digits: 14,
        runs: run(14) | run(9) | run(3),
        ..Needs::NOTHING
    }],
    find,
};

/// What may be glued before a number.
const LABELS: [&str; 3] = ["siret", "siren", "rcs"];

/// The only company with so many places of business that Luhn's formula did not suffice.
const LA_POSTE: &[u8] = b"356000000";

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in found.facts.runs_in(text) {
        let sizes: &[usize] = match run {
            14 => &[14],
            9 => &[9, 5],
            3 => &[3, 3, 3, 5],
            _ => continue,
        };
        if let Some((digits, end)) = text.grouped(start, sizes, Between::DOT)
            && text.may_begin(start, &LABELS)
            && text.is_free_after(end)
            && !text.is_part_of_decimal(start, end)
            && !(run == 3 && text.continues(start))
        {
            if is_siret(digits.ascii()) {
                found.hit(0, start..end);
            } else if run != 9 {
                // A SIREN with a postal code behind it does not count against the column.
                found.lookalike(0, start..end);
            }
        }
    }
}

fn is_siret(digits: &[u8]) -> bool {
    let Some((siren, _)) = digits.split_at_checked(9) else {
        return false;
    };
    let sum = || {
        digits
            .iter()
            .map(|digit| u32::from(digit - b'0'))
            .sum::<u32>()
    };
    is_siren(siren) && (luhn(digits) || siren == LA_POSTE && sum().is_multiple_of(5))
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn numbers_are_found() {
        finds(
            "siret",
            &[
                "‹73282932000074›",
                "SIRET : ‹732 829 320 00074›",
                "‹732829320 00074› (siège)",
                "SIRET‹73282932000074›",
                // La Poste: the head office by Luhn, the others by the sum.
                "‹35600000000048›",
                "‹356 000 000 49837›",
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "siret",
            &[
                ("a wrong last digit", "73282932000075"),
                ("a right sum, but not La Poste", "73282932000077"),
                ("La Poste with a wrong sum", "35600000049838"),
                ("right over all, the SIREN wrong", "73282932100072"),
                ("a time", "20240115103000"),
                ("glued to a letter", "X73282932000074"),
                ("a part of a longer number", "1 732 829 320 00074"),
            ],
        );
    }
}
