//! `card`: the number of a payment card (ISO/IEC 7812-1).

use super::checksum::luhn;
use super::prefilter::{Needs, run};
use super::text::{Text, number};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "card",
    title: fixed!("card"),
    summary: "a payment card's number of 14 to 19 digits with an issuer's prefix (Visa, Mastercard, American \
              Express, Diners, Discover, JCB, UnionPay, Maestro), in one piece or in the groups printed on it",
    checksum: "Luhn, and the issuer's prefix and length",
    forms: &[
        // One number of 16 digits in fifty passes by chance.
        Form::weak("a card's number", 50, 0.1),
    ],
    needs: &[Needs {
        digits: 14,
        runs: run(4) | run(14) | run(15) | run(16) | run(17) | run(18) | run(19),
        ..Needs::NOTHING
    }],
    find,
};

/// What may be glued before a number.
const LABELS: [&str; 4] = ["cb", "carte", "card", "visa"];

/// How digits are grouped on cards, beside in one piece.
const GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3]];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in found.facts.runs_in(text) {
        if !text.may_begin(start, &LABELS) {
            continue;
        }
        let whole = [run];
        let pieces: &[&[usize]] = match run {
            14..=19 => &[&whole],
            4 => &GROUPS,
            _ => continue,
        };
        for sizes in pieces {
            let length = sizes.iter().sum();
            let loose = text.loose_digits(start, length);
            let Some((digits, end)) = loose.first(length).zip(loose.end(length)) else {
                continue;
            };
            let even = loose.is_even_behind_first(length) && !loose.gaps_are(b',');
            if !loose.is_grouped(sizes) || !even {
                continue;
            }
            let longer = match sizes {
                [_] => text.is_part_of_decimal(start, end),
                _ => text.is_part_of_longer(start, end),
            };
            if longer || !text.is_free_after(end) {
                continue;
            }
            if is_card(digits) {
                found.hit(0, start..end);
            } else {
                found.lookalike(0, start..end);
            }
        }
    }
}

/// Whether digits are the number of a card.
pub(super) fn is_card(digits: &[u8]) -> bool {
    is_issued(digits) && luhn(digits)
}

/// Whether an issuer has numbers of this prefix and length.
fn is_issued(digits: &[u8]) -> bool {
    let prefix = digits.get(..4).map_or(0, number);
    match prefix {
        4000..=4999 => matches!(digits.len(), 16 | 19),
        5100..=5599 | 2221..=2720 => digits.len() == 16,
        3400..=3499 | 3700..=3799 => digits.len() == 15,
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => matches!(digits.len(), 14 | 16),
        6011 | 6440..=6599 | 3528..=3589 | 6200..=6299 => digits.len() >= 16,
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 => digits.len() >= 14,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn numbers_are_found() {
        finds(
            "card",
            &[
                "‹4539578763621486›",
                "CB ‹4539 5787 6362 1486› exp 12/27",
                "‹5555-5555-5555-4444›",
                "‹4539.5787.6362.1486›",
                "‹4539_5787_6362_1486›",
                "CB‹4539/5787/6362/1486›",
                "‹3782 822463 10005›",
                "‹3056 930902 5904›",
                "(‹6011111111111117›)",
                "‹2223003122003222›;‹3530111333300000›",
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "card",
            &[
                ("a wrong last digit", "4539578763621487"),
                ("no issuer's prefix", "9539578763621485"),
                ("a card's prefix, another length", "453957876362149"),
                ("glued to a letter", "A4539578763621486"),
                ("a part of a longer number", "1234 4539 5787 6362 1486"),
                ("an amount", "4539578763621486,50"),
                ("mixed separators", "4539-5787 6362-1486"),
            ],
        );
    }
}
