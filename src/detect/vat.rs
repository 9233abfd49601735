//! `vat`: the number of a French company or self-employed person for value added tax.

use super::checksum::modulo_97;
use super::prefilter::{Needs, fact::LETTER};
use super::siren::is_siren;
use super::text::{Text, number};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "vat",
    title: fixed!("vat"),
    summary: "a French VAT number, which holds a SIREN: `FR40 303 265 045`, `FR40303265045`",
    checksum: "(12 + 3 × SIREN mod 97) mod 97, and Luhn over the SIREN",
    forms: &[Form::certain("FR, key and SIREN")],
    needs: &[Needs {
        digits: 11,
        any: LETTER,
        ..Needs::NOTHING
    }],
    find,
};

/// How many digits there are behind the letters: 2 of the key, 9 of the SIREN.
const LENGTH: usize = 11;

/// What may be glued before a number.
const LABELS: [&str; 3] = ["tva", "vat", "intra"];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (digits, _) in found.facts.runs_in(text) {
        let gap = match text.before(digits) {
            [.., b' ', b' '] => 2,
            [.., b' ' | b'-' | b'.' | b'_' | b'/'] => 1,
            _ => 0,
        };
        let Some(start) = digits.checked_sub(2 + gap) else {
            continue;
        };
        let country = text.0.get(start..start + 2).unwrap_or_default();
        if !country.eq_ignore_ascii_case(b"FR") || !text.may_begin(start, &LABELS) {
            continue;
        }
        let loose = text.loose_digits(digits, LENGTH);
        if let (Some(end), Some((key, siren))) =
            (loose.end(LENGTH), loose.ascii().split_at_checked(2))
            && text.is_free_after(end)
            && is_siren(siren)
            && number(key) == (12 + 3 * modulo_97(0, siren)) % 97
        {
            found.hit(0, start..end);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn numbers_are_found() {
        finds(
            "vat",
            &[
                "‹FR40303265045›",
                "‹FR 40 303 265 045›",
                "‹FR40 303 265 045›",
                "TVA : ‹FR 40 303265045›.",
                "‹fr40303265045›",
                "‹FR-40-303265045›",
                "‹FR40.303.265.045›",
                "‹FR_40_303_265_045›",
                "‹FR  40  303  265  045›",
                "TVA‹FR40303265045›",
                "n° TVA intracom. ‹FR83404833048› (SARL)",
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "vat",
            &[
                ("a wrong key", "FR41303265045"),
                ("a wrong SIREN", "FR40303265046"),
                ("another country", "DE40303265045"),
                ("no country", "40303265045"),
                ("a digit too many", "FR403032650450"),
                ("a digit too few", "FR4030326504"),
                ("glued to a letter", "XFR40303265045"),
                ("a letter behind", "FR40303265045A"),
                ("an order", "FR20240001234"),
                ("zeros", "FR12000000000"),
            ],
        );
    }
}
