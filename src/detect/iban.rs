//! `iban`: an international bank account number (ISO 13616).

use super::checksum::modulo_97;
use super::prefilter::{LETTER, Needs};
use super::text::{Between, Text};
use super::{Detector, Finder, Form};

/// The detector `iban`.
pub(super) static DETECTOR: Detector = Detector {
    name: "iban",
    summary: "a bank account number: `FR76 3000 6000 0112 3456 7890 189`, in one piece or in groups of four",
    checksum: "mod 97, and the length that the country gives it",
    forms: &[Form::certain("an account number")],
    needs: Needs {
        digits: 6,
        any: LETTER,
    },
    find,
};

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

/// The longest.
const LONGEST: usize = 33;

fn length(country: &[u8]) -> Option<usize> {
    let [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] = *country.to_ascii_uppercase() else {
        return None;
    };
    let known = |countries: &&str| {
        countries
            .split(' ')
            .any(|known| known.as_bytes() == [first, second])
    };
    LENGTHS
        .iter()
        .find(|(_, countries)| known(countries))
        .map(|(length, _)| usize::from(*length))
}

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (digits, run) in text.runs() {
        let Some(start) = digits.checked_sub(2) else {
            continue;
        };
        let country = text.0.get(start..digits).unwrap_or_default();
        if run >= 2
            && country.iter().all(u8::is_ascii_alphabetic)
            && text.is_free_before(start)
            // The groups of a UUID.
            && !matches!(text.before(start), [.., before, b'-'] if before.is_ascii_hexdigit())
            && let Some(length) = length(country)
            && let Some(end) = end(text, start, length)
        {
            found.hit(0, start..end);
        }
    }
}

/// Where the number of this length ends, if it is right and stands alone.
fn end(text: Text<'_>, start: usize, length: usize) -> Option<usize> {
    let mut characters = [0; LONGEST];
    let mut end = start;
    for (nth, character) in characters.iter_mut().take(length).enumerate() {
        if nth > 0 && nth % 4 == 0 {
            end += text.separator(end, Between::DASH).unwrap_or_default();
        }
        *character = text.byte(end).filter(u8::is_ascii_alphanumeric)?;
        end += 1;
    }
    let (country_and_check, account) = characters.get(..length)?.split_at_checked(4)?;
    let country = str::from_utf8(country_and_check.get(..2)?)
        .ok()?
        .to_ascii_uppercase();
    let of_digits = OF_DIGITS.split(' ').any(|known| known == country);
    if of_digits && !account.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let rest = modulo_97(modulo_97(0, account), country_and_check);
    (rest == 1 && text.is_free_after(end)).then_some(end)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn account_numbers_are_found() {
        finds(
            "iban",
            &[
                (
                    "FR7630006000011234567890189",
                    &["FR7630006000011234567890189"],
                ),
                (
                    "IBAN : FR76 3000 6000 0112 3456 7890 189.",
                    &["FR76 3000 6000 0112 3456 7890 189"],
                ),
                (
                    "de89 3704 0044 0532 0130 00 ok",
                    &["de89 3704 0044 0532 0130 00"],
                ),
                (
                    "GB82-WEST-1234-5698-7654-32",
                    &["GB82-WEST-1234-5698-7654-32"],
                ),
                (
                    "NO93\u{a0}8601\u{a0}1117\u{a0}947",
                    &["NO93\u{a0}8601\u{a0}1117\u{a0}947"],
                ),
                (
                    "MT84MALT011000012345MTLCAST001S",
                    &["MT84MALT011000012345MTLCAST001S"],
                ),
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
                ("blanks at odd places", "FR 76 30006 00001 12345678901 89"),
            ],
        );
    }
}
