//! `plate`: the number plate of a French vehicle, which leads to its holder.

use super::prefilter::{LETTER, Needs};
use super::text::{Between, Text, count, number};
use super::{Detector, Finder, Form};

/// The detector `plate`.
pub(super) static DETECTOR: Detector = Detector {
    name: "plate",
    summary: "a French number plate: `AA-123-BB` (also with blanks or nothing between), or `1234 AB 75` of before \
              2009, in capitals unless there are dashes",
    checksum: "– (I, O, U and SS are not used; the department exists)",
    forms: &[
        // Of codes that draw from all letters, three in five have none of those.
        Form::weak("AA-123-BB", 85, 0.62),
        Form::weak("1234 AB 75", 90, 0.75),
        // Goods and models are written like this: `120CV75`.
        Form::of_most_cells("1234AB75", 1),
    ],
    needs: Needs {
        digits: 3,
        any: LETTER,
    },
    find,
};

const NEW: u8 = 0;
const OLD: u8 = 1;
const OLD_IN_ONE: u8 = 2;

/// What stands between a number and a number without being a plate's letters.
const UNITS: [&[u8]; 17] = [
    b"KM", b"KG", b"CM", b"MM", b"ML", b"CL", b"DL", b"MG", b"CV", b"KW", b"KWH", b"HT", b"TTC",
    b"HA", b"GB", b"MB", b"PCS",
];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in text.runs() {
        if run == 3 {
            new(text, start, found);
        }
        if (1..=4).contains(&run) && text.is_free_before(start) {
            old(text, start, start + run, found);
        }
    }
}

/// Two letters, three digits, two letters; `digits` is where the digits begin.
fn new(text: Text<'_>, digits: usize, found: &mut Finder<'_>) {
    let sign = match text.byte(digits + 3) {
        Some(sign @ (b'-' | b' ')) => Some(sign),
        _ => None,
    };
    let gap = usize::from(sign.is_some());
    let (behind, end) = (digits + 3 + gap, digits + 5 + gap);
    let Some(start) = digits.checked_sub(2 + gap) else {
        return;
    };
    let pairs = (text.0.get(start..start + 2), text.0.get(behind..end));
    let (Some(&[a, b]), Some(&[c, d])) = pairs else {
        return;
    };
    let letters = [a, b, c, d];
    let case = letters.iter().all(u8::is_ascii_uppercase)
        || sign == Some(b'-') && letters.iter().all(u8::is_ascii_lowercase);
    let separated = sign.is_none_or(|sign| text.byte(digits - 1) == Some(sign));
    if case && separated && text.is_free_before(start) && text.is_free_after(end) {
        let used = letters.iter().all(|letter| is_used(*letter));
        let double = |a: u8, b: u8| [a, b].eq_ignore_ascii_case(b"SS");
        if used && !double(a, b) && !double(c, d) && text.0.get(digits..digits + 3) != Some(b"000")
        {
            found.hit(NEW, start..end);
        } else {
            found.lookalike(NEW, start..end);
        }
    }
}

/// Digits up to `until`, two or three letters, a department.
fn old(text: Text<'_>, start: usize, until: usize, found: &mut Finder<'_>) {
    let first = text.separator(until, Between::DASH).unwrap_or_default();
    let letters = until + first;
    let length = count(text.behind(letters), u8::is_ascii_uppercase);
    let second = text
        .separator(letters + length, Between::DASH)
        .unwrap_or_default();
    let department = letters + length + second;
    let (code, end) = match text.behind(department) {
        [b'2', corsica @ (b'A' | b'B'), ..] => ([b'2', *corsica], department + 2),
        [a @ b'0'..=b'9', b @ b'0'..=b'9', ..] => {
            ([*a, *b], department + text.run(department).min(3))
        }
        _ => return,
    };
    if !matches!(length, 2 | 3) || (first == 0) != (second == 0) || !text.is_free_after(end) {
        return;
    }
    let form = if first == 0 { OLD_IN_ONE } else { OLD };
    let known = match end - department {
        3 => matches!(text.0.get(department..end).map_or(0, number), 971..=976),
        _ => code.ends_with(b"A") || code.ends_with(b"B") || (1..=95).contains(&number(&code)),
    };
    let word = text.0.get(letters..letters + length).unwrap_or_default();
    let unit = UNITS.contains(&word);
    if known && !unit && word.iter().all(|letter| is_used(*letter)) && !text.is_unit(end) {
        found.hit(form, start..end);
    } else if !unit {
        found.lookalike(form, start..end);
    }
}

/// Letters that look like a digit or another letter are not used.
fn is_used(letter: u8) -> bool {
    !matches!(letter.to_ascii_uppercase(), b'I' | b'O' | b'U')
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn plates_are_found() {
        finds(
            "plate",
            &[
                ("AA-123-BB", &["AA-123-BB"]),
                ("clio fg-001-zz bleue", &["fg-001-zz"]),
                ("AB 123 CD", &["AB 123 CD"]),
                ("(AB123CD)", &["AB123CD"]),
                ("1234 AB 75", &["1234 AB 75"]),
                ("12-ABC-2A", &["12-ABC-2A"]),
                ("9 ZZ 971", &["9 ZZ 971"]),
                ("1234AB75", &["1234AB75"]),
            ],
        );
    }

    #[test]
    fn what_a_find_proves() {
        forms(
            "plate",
            &[("AA-123-BB", 0), ("1234 AB 75", 1), ("1234AB75", 2)],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "plate",
            &[
                (
                    "letters that are not used",
                    "AI-123-BB, OO-123-AA, AB-123-UZ",
                ),
                ("SS", "SS-123-AA, AA-123-SS"),
                ("000", "AA-000-BB"),
                ("lower case without dashes", "le 123 rb, ab123cd"),
                ("three letters", "ABC-123-DE"),
                ("one separator", "AA-123BB"),
                ("mixed case", "Aa-123-BB"),
                ("a unit", "120 KM 75, 100CV12"),
                ("no department", "1234 AB 00, 1234 AB 96, 1234 AB 970"),
                ("a longer number", "1234 AB 7501"),
            ],
        );
    }
}
