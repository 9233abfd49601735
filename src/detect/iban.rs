//! `iban`: an international bank account number (ISO 13616).

use std::ops::Range;

use super::checksum::modulo_97;
use super::prefilter::{Needs, fact::LETTER};
use super::rib::has_key;
use super::text::{Loose, Text};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "iban",
    title: fixed!("iban"),
    summary: "a bank account number: `FR76 3000 6000 0112 3456 7890 189`, in one piece or in any groups",
    checksum: "mod 97, and the length that the country gives it",
    forms: &[
        Form::certain("in groups, or a French one with its RIB's key"),
        Form::weak("in one piece", 50, 1.0 / 97.0),
    ],
    needs: &[Needs {
        // The shortest, of Norway.
        length: 15,
        digits: 6,
        any: LETTER,
        ..Needs::NOTHING
    }],
    find,
};

const PROVEN: u8 = 0;
const IN_ONE: u8 = 1;

/// Lengths by country, from the registry of the IBAN (SWIFT).
const LENGTHS: [(u8, &str); 20] = [
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FO GL NL SD FK"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU XK MN"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ OM TL SO"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
    // Not registered, but issued by the countries themselves.
    (24, "DZ CF"),
    (28, "MA SN CI"),
];

/// Countries whose account numbers have no letter.
const OF_DIGITS: &str = "AE AT BA BE BI CR CZ DE DJ DK EE EG ES FI FO GL HR HU IL IS LT LY ME MN MR NO PL PT RS SD \
    SE SI SK SO ST TL TN VA XK";

fn length(country: &[u8]) -> Option<usize> {
    let [first, second] = *country else {
        return None;
    };
    let (first, second) = (first.to_ascii_uppercase(), second.to_ascii_uppercase());
    let known = |countries: &&str| {
        let mut countries = countries.as_bytes().chunks(3);
        countries.any(|known| known.starts_with(&[first, second]))
    };
    LENGTHS
        .iter()
        .find(|(_, countries)| known(countries))
        .map(|(length, _)| usize::from(*length))
}

/// What may be glued before a number.
const LABELS: [&str; 3] = ["iban", "rib", "compte"];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (digits, run) in found.facts.runs_in(text) {
        let gap = match text.before(digits) {
            [.., b' ', b' '] => 2,
            [.., b' ' | b'-' | b'_' | b'.'] => 1,
            _ => 0,
        };
        let Some(start) = digits.checked_sub(2 + gap) else {
            continue;
        };
        let country = text.0.get(start..start + 2).unwrap_or_default();
        if country.iter().all(u8::is_ascii_alphabetic)
            && text.may_begin(start, &LABELS)
            // The groups of a UUID.
            && !matches!(text.before(start), [.., before, b'-'] if before.is_ascii_hexdigit())
            && let Some(length) = length(country)
            && let Some((number, end)) = read(text, start, length)
            // A digit alone stands only in groups of three.
            && (run >= 2 || (3..length).step_by(3).all(|at| number.gap(at) != 0))
        {
            report(&number, length, start..end, found);
        }
    }
}

/// Reports a text that has the shape of a number.
fn report(number: &Loose, length: usize, range: Range<usize>, found: &mut Finder<'_>) {
    let Some((country_and_check, account)) = number
        .first(length)
        .and_then(|number| number.split_at_checked(4))
    else {
        return;
    };
    let right = modulo_97(modulo_97(0, account), country_and_check) == 1;
    let in_one = number.gaps(length) == 0;
    match right {
        true if !in_one || is_french(country_and_check, account) => found.hit(PROVEN, range),
        // One reference in a hundred of this length passes.
        true => found.hit(IN_ONE, range),
        false if in_one => found.lookalike(IN_ONE, range),
        false => {}
    }
}

/// Whether an account is a French one with the key of its bank.
fn is_french(country: &[u8], account: &[u8]) -> bool {
    let french = country
        .get(..2)
        .is_some_and(|name| name.eq_ignore_ascii_case(b"FR"));
    french && account.try_into().is_ok_and(|rib| has_key(&rib))
}

/// Reads a text of this length that may be a number and stands alone, and the place behind it.
fn read(text: Text<'_>, start: usize, length: usize) -> Option<(Loose, usize)> {
    let loose = text.loose(start, length, |_, byte| byte.is_ascii_alphanumeric());
    let end = loose.end(length)?;
    let (country_and_check, account) = loose.first(length)?.split_at_checked(4)?;
    let country = str::from_utf8(country_and_check.get(..2)?)
        .ok()?
        .to_ascii_uppercase();
    let of_digits = OF_DIGITS.split(' ').any(|known| known == country);
    if of_digits && !account.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // In other groups than of four, words may be read along.
    let fours = (1..length).all(|at| at.is_multiple_of(4) || loose.gap(at) == 0);
    let digits = account.iter().filter(|byte| byte.is_ascii_digit()).count();
    if !fours && digits * 3 < account.len() * 2 {
        return None;
    }
    let check = country_and_check.get(2..)?.iter().all(u8::is_ascii_digit);
    (check && text.is_free_after(end)).then_some((loose, end))
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn account_numbers_are_found() {
        finds(
            "iban",
            &[
                "‹FR7630006000011234567890189›",
                "IBAN : ‹FR76 3000 6000 0112 3456 7890 189›.",
                "‹de89 3704 0044 0532 0130 00› ok",
                "‹GB82-WEST-1234-5698-7654-32›",
                "‹NO93\u{a0}8601\u{a0}1117\u{a0}947›",
                "‹FR76 30006 00001 12345678901 89›",
                "‹FR 76 30006 00001 12345678901 89›",
                "‹FR7630 006000 011234 567890 189›",
                "‹FR76.3000.6000.0112.3456.7890.189›",
                "‹FR76_3000_6000_0112_3456_7890_189›",
                "‹FR76  3000  6000  0112  3456  7890  189›",
                "IBAN‹FR7630006000011234567890189›",
                "iban_‹de89 3704 0044 0532 0130 00›",
                "‹BE 68 5390 0754 7034›",
                "‹FR7 630 006 000 011 234 567 890 189›",
                "‹CH93 0076 2011 6238 5295 7›",
                "‹MT84MALT011000012345MTLCAST001S›",
            ],
        );
    }

    #[test]
    fn what_a_find_proves() {
        forms(
            "iban",
            &[
                ("FR76 3000 6000 0112 3456 7890 189", 0),
                ("FR7630006000011234567890189", 0),
                ("FR5562343626536116279339943", 1),
                ("DE89370400440532013000", 1),
                ("DE89 3704 0044 0532 0130 00", 0),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "iban",
            &[
                ("a wrong check", "FR7630006000011234567890188"),
                ("an unknown country", "ZZ7630006000011234567890189"),
                ("too short", "FR763000600001123456789018"),
                ("too long", "FR76300060000112345678901890"),
                ("glued to a letter", "XFR7630006000011234567890189"),
                ("letters in a number of digits", "be52-4c3d-8abc-def0"),
                ("a UUID", "550e8400-e29b-ad27-2345-6789-abcd12345678"),
                ("words behind it", "FR76 3000 bonjour a toute la maison"),
            ],
        );
    }
}
