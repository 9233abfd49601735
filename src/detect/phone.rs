//! `phone`: a telephone number, French, or of another country with its calling code.

mod codes;

use std::ops::RangeInclusive;

use memchr::memchr_iter;

use super::prefilter::Needs;
use super::text::{Between, Text, number};
use super::{Detector, Finder, Form};
use codes::CODES;

/// The detector `phone`.
pub(super) static DETECTOR: Detector = Detector {
    name: "phone",
    summary: "a telephone number: French (`06 12 34 56 78`, `+33 6…`, `0033 6…`, `+33 (0)6…`) or with another \
              country's calling code (`+32 470 12 34 56`)",
    checksum: "– (the calling code exists, and its numbers have as many digits)",
    forms: &[
        Form::certain("with separators or a +"),
        // One number of ten digits in eleven is so by chance.
        Form::weak("ten digits from 01 to 09", 50, 0.1),
        Form::weak(
            "33 or 00 and a calling code before digits in one piece",
            50,
            0.1,
        ),
    ],
    needs: Needs { digits: 8, any: 0 },
    find,
};

const SEPARATED: u8 = 0;
const NATIONAL: u8 = 1;
const INTERNATIONAL: u8 = 2;

/// How the ten digits of a French number are grouped.
const GROUPS: [&[usize]; 6] = [
    &[2, 2, 2, 2, 2],
    &[4, 2, 2, 2],
    &[4, 3, 3],
    &[2, 8],
    &[2, 4, 4],
    &[1, 3, 3, 3],
];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for plus in memchr_iter(b'+', text.0) {
        if text.is_free_before(plus)
            && let Some(end) = international(text, plus + 1)
        {
            found.hit(SEPARATED, plus..end);
        }
    }
    let mut behind_last = 0;
    for (start, run) in text.runs() {
        if !text.is_free_before(start) || text.before(start).ends_with(b"+") {
            continue;
        }
        if text.behind(start).starts_with(b"00") {
            let code = start
                + 2
                + text
                    .separator(start + 2, Between::BLANK)
                    .unwrap_or_default();
            // French numbers have one length; the others may be the middle of another number.
            let whole = |end: &usize| {
                let card = text.grouped(start, &[4, 4, 4, 4], Between::DASH);
                text.behind(code).starts_with(b"33")
                    || card.is_none() && !text.is_part_of_longer(start, *end)
            };
            if let Some(end) = international(text, code).filter(whole) {
                let form = if end == start + run {
                    INTERNATIONAL
                } else {
                    SEPARATED
                };
                found.hit(form, start..end);
                continue;
            }
        }
        match (run, text.behind(start)) {
            (1..=4, [b'0', ..]) => {
                if let Some(end) = national(text, start)
                    && !is_part_of_pairs(text, start, end, behind_last)
                {
                    found.hit(SEPARATED, start..end);
                    behind_last = end;
                }
            }
            (10, behind)
                if !text.is_part_of_decimal(start, start + run)
                    && text.is_free_after(start + run) =>
            {
                match behind {
                    [b'0', b'1'..=b'9', ..] => found.hit(NATIONAL, start..start + run),
                    _ => found.lookalike(NATIONAL, start..start + run),
                }
            }
            (11, [b'3', b'3', b'1'..=b'9', ..])
                if text.is_free_after(start + run)
                    && !text.is_part_of_decimal(start, start + run) =>
            {
                found.hit(INTERNATIONAL, start..start + run);
            }
            (11..=17, _) if text.is_free_after(start + run) => {
                found.lookalike(INTERNATIONAL, start..start + run);
            }
            _ => {}
        }
    }
}

/// Reads a French number in groups and gives the place behind.
fn national(text: Text<'_>, start: usize) -> Option<usize> {
    GROUPS.iter().find_map(|sizes| {
        let (digits, end) = text.grouped(start, sizes, Between::SLASH)?;
        (matches!(digits.ascii(), [b'0', b'1'..=b'9', ..]) && text.is_free_after(end))
            .then_some(end)
    })
}

/// Whether groups of two digits go on to either side in the same way: numbers of a draw, a longer
/// code. Another phone number may stand there, and the last one found ends at `behind_last`.
fn is_part_of_pairs(text: Text<'_>, start: usize, end: usize, behind_last: usize) -> bool {
    let sign = text.byte(start + text.run(start));
    let behind = text
        .separator(end, Between::SLASH)
        .filter(|_| text.byte(end) == sign);
    let goes_on =
        behind.is_some_and(|gap| text.run(end + gap) == 2 && national(text, end + gap).is_none());
    let before = start
        .checked_sub(1)
        .filter(|gap| text.byte(*gap) == sign && *gap != behind_last);
    goes_on || before.is_some_and(|gap| text.run_before(gap) == 2)
}

/// Reads a calling code and a national number from `at` on, and gives the place behind.
fn international(text: Text<'_>, at: usize) -> Option<usize> {
    let (behind, lengths) = (1..=3).find_map(|length| {
        let code = text.0.get(at..at + length)?;
        if code.first() == Some(&b'0') || !code.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let code = number(code);
        let known = |(_, _, codes): &&(usize, usize, &[u16])| {
            codes.iter().any(|known| u32::from(*known) == code)
        };
        let (fewest, most, _) = CODES.iter().find(known)?;
        Some((at + length, *fewest..=*most))
    })?;
    // Some countries' numbers begin with the 0 that in others is for calls within only.
    let inside = trunk_end(text, behind);
    national_end(text, inside, &lengths).or_else(|| national_end(text, behind, &lengths))
}

/// Where a national number ends that begins at `at`, at most behind a separator.
fn national_end(text: Text<'_>, at: usize, lengths: &RangeInclusive<usize>) -> Option<usize> {
    let (mut digits, mut end, mut place) = (0, None, at);
    if !text.is_digit(place) {
        place += gap(text, place);
    }
    loop {
        let run = text.run(place);
        digits += run;
        place += run;
        if run > 0 && lengths.contains(&digits) && text.is_free_after(place) {
            end = Some(place);
        }
        let gap = gap(text, place);
        if digits >= *lengths.end() || gap == 0 || !text.is_digit(place + gap) {
            return end;
        }
        place += gap;
    }
}

/// The place behind `(0)`, or a bare 0, that is dialled within the country only.
fn trunk_end(text: Text<'_>, at: usize) -> usize {
    let start = at + text.separator(at, Between::DOT).unwrap_or_default();
    match text.behind(start) {
        [b'(', b'0', b')', ..] => start + 3,
        [b'0', b'1'..=b'9', ..] => start + 1,
        _ => at,
    }
}

/// The length of what stands between two groups: a separator, a bracket, or both.
fn gap(text: Text<'_>, at: usize) -> usize {
    let mut end = at;
    for _ in 0..3 {
        end += match text.byte(end) {
            Some(b'(' | b')') => 1,
            _ => text.separator(end, Between::SLASH).unwrap_or_default(),
        };
    }
    end - at
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn numbers_are_found() {
        finds(
            "phone",
            &[
                ("06 12 34 56 78", &["06 12 34 56 78"]),
                ("tél. 01.42.34.56.78.", &["01.42.34.56.78"]),
                ("0612345678", &["0612345678"]),
                (
                    "06-12-34-56-78/07 81 23 45 67",
                    &["06-12-34-56-78", "07 81 23 45 67"],
                ),
                (
                    "06 12 34 56 78 07 81 23 45 67",
                    &["06 12 34 56 78", "07 81 23 45 67"],
                ),
                (
                    "06\u{202f}12\u{202f}34\u{202f}56\u{202f}78",
                    &["06\u{202f}12\u{202f}34\u{202f}56\u{202f}78"],
                ),
                (
                    "0612 34 56 78, 0612 345 678",
                    &["0612 34 56 78", "0612 345 678"],
                ),
                ("+33612345678", &["+33612345678"]),
                ("+33 6 12 34 56 78 (bureau)", &["+33 6 12 34 56 78"]),
                ("+33 (0)6 12 34 56 78", &["+33 (0)6 12 34 56 78"]),
                ("+33(0)612345678", &["+33(0)612345678"]),
                ("0033612345678", &["0033612345678"]),
                ("00 33 6 12 34 56 78", &["00 33 6 12 34 56 78"]),
                ("33612345678", &["33612345678"]),
                ("+32 470 12 34 56", &["+32 470 12 34 56"]),
                ("+1 (212) 555-0199", &["+1 (212) 555-0199"]),
                ("+44 20 7946 0958 75002 Paris", &["+44 20 7946 0958"]),
                ("06 12 34 56 78 75002 Paris", &["06 12 34 56 78"]),
            ],
        );
    }

    #[test]
    fn what_a_find_proves() {
        forms(
            "phone",
            &[
                ("06 12 34 56 78", 0),
                ("+33612345678", 0),
                ("0612345678", 1),
                ("0033612345678", 2),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "phone",
            &[
                ("too few digits", "06 12 34 56, 061234567"),
                ("a digit too many", "06 12 34 56 789"),
                (
                    "a number begins with 01 to 09",
                    "00 12 34 56 78, 1612345678",
                ),
                ("numbers of a draw", "05 06 12 34 56 78, 06 12 34 56 78 41"),
                ("no calling code", "+0612345678, +999 123 456 789"),
                ("too few digits for the country", "+33 6 12 34 56 7"),
                (
                    "a longer number",
                    "0098 5053 7330 3229, 5537 0027 6677 8630, 0043 4028 6057 5385",
                ),
                ("an amount", "+45 000 000 €"),
                ("a short number", "3639, 15, 112"),
                ("glued to a letter", "A0612345678, 06 12 34 56 78a"),
                ("a part of a NIR", "1 85 05 78 006 084 92"),
                ("brackets of amounts", "20000-40000, 100000-120000"),
            ],
        );
    }
}
