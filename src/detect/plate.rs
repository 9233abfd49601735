//! `plate`: the number plate of a French vehicle, which leads to its holder.

use super::prefilter::{Needs, fact::LETTER, run};
use super::text::{Between, Text, count, number};
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "plate",
    title: fixed!("plate"),
    summary: "a French number plate: `AA-123-BB` (also with blanks or nothing between, and in small letters), or \
              `1234 AB 75` of before 2009",
    checksum: "– (I, O, U and SS are not used; the department exists)",
    forms: &[
        // Of codes that draw from all letters, three in five have none of those.
        Form::weak("AA-123-BB", 85, 0.62),
        Form::weak("1234 AB 75", 90, 0.75),
        // Goods and models are written like this: `120CV75`.
        Form::of_most_cells("1234AB75, or 1234 ab 75", 1),
        Form::weak("aa123bb", 85, 0.62),
    ],
    needs: &[Needs {
        digits: 3,
        any: LETTER,
        runs: run(1) | run(2) | run(3) | run(4),
        ..Needs::NOTHING
    }],
    find,
};

const NEW: u8 = 0;
const OLD: u8 = 1;
const OLD_IN_ONE: u8 = 2;
const IN_ONE: u8 = 3;

/// What stands between a number and a number without being a plate's letters.
const UNITS: [&[u8]; 17] = [
    b"KM", b"KG", b"CM", b"MM", b"ML", b"CL", b"DL", b"MG", b"CV", b"KW", b"KWH", b"HT", b"TTC",
    b"HA", b"GB", b"MB", b"PCS",
];

/// Short words of two letters that stand before and behind numbers. No plate in small letters with
/// one of them is told from a text.
const WORDS: [&[u8; 2]; 49] = [
    b"le", b"la", b"de", b"du", b"en", b"un", b"au", b"et", b"ou", b"il", b"on", b"ce", b"se",
    b"me", b"te", b"ne", b"sa", b"ma", b"ta", b"si", b"ni", b"km", b"kg", b"cm", b"mm", b"ml",
    b"cl", b"es", b"a ", b"as", b"ai", b"us", b"ht", b"eu", b"ex", b"no", b"nb", b"to", b"of",
    b"at", b"in", b"cv", b"ch", b"kw", b"mo", b"go", b"dl", b"mg", b"rn",
];

/// What may be glued before a plate.
const LABELS: [&str; 3] = ["immat", "immatriculation", "plaque"];

/// What stands before codes of goods, which look like plates.
const GOODS: [&str; 14] = [
    "ref", "reference", "refs", "modele", "fabricant", "article", "art", "code", "piece",
    "produit", "sku", "lot", "serie", "part",
];

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    for (start, run) in found.facts.runs_in(text) {
        if run == 3 {
            new(text, start, found);
        }
        if (1..=4).contains(&run) && text.is_free_before(start) {
            old(text, start, start + run, found);
        }
    }
}

/// The length of what stands at `at` between letters and digits: a sign with blanks or none, or
/// a blank.
fn gap(text: Text<'_>, at: usize) -> usize {
    let blank = text.blank(at).unwrap_or_default();
    match text.byte(at + blank) {
        Some(b'-' | b'.' | b'_' | b'/') => {
            let end = at + blank + 1;
            end + text.blank(end).unwrap_or_default() - at
        }
        _ => blank,
    }
}

/// The length of such a gap that ends at `at`.
fn gap_before(text: Text<'_>, at: usize) -> usize {
    (1..=5)
        .rev()
        .filter_map(|length| at.checked_sub(length).map(|start| (start, length)))
        .find(|(start, length)| gap(text, *start) == *length)
        .map_or(0, |(_, length)| length)
}

/// Two letters, three digits, two letters; `digits` is where the digits begin.
fn new(text: Text<'_>, digits: usize, found: &mut Finder<'_>) {
    let after = gap(text, digits + 3);
    let (behind, end) = (digits + 3 + after, digits + 5 + after);
    if !text
        .byte(behind)
        .is_some_and(|byte| byte.is_ascii_alphabetic())
    {
        return;
    }
    let before = gap_before(text, digits);
    let Some(start) = digits.checked_sub(2 + before) else {
        return;
    };
    let pairs = (text.0.get(start..start + 2), text.0.get(behind..end));
    let (Some(&[a, b]), Some(&[c, d])) = pairs else {
        return;
    };
    let letters = [a, b, c, d];
    if !letters.iter().all(u8::is_ascii_alphabetic)
        || (before == 0) != (after == 0)
        || !text.may_begin(start, &LABELS)
        || !text.is_free_after(end)
    {
        return;
    }
    let range = start..end;
    let upper = letters.iter().all(u8::is_ascii_uppercase);
    let dashed = text.blank(digits + 3).is_none();
    let pair = |a: u8, b: u8| [a.to_ascii_lowercase(), b.to_ascii_lowercase()];
    // A text in small letters has numbers between short words.
    let is_word = |pair: [u8; 2]| WORDS.iter().any(|word| **word == pair);
    if !upper && !dashed && before > 0 && (is_word(pair(a, b)) || is_word(pair(c, d))) {
        return;
    }
    // A road and its milestone: `RN 104 PK 22`.
    if matches!(&pair(a, b), b"rn" | b"rd") && text.byte(digits + 3) == Some(b' ') {
        return;
    }
    let used = letters.iter().all(|letter| is_used(*letter));
    let double = |letters: [u8; 2]| letters == *b"ss";
    let right = used
        && !double(pair(a, b))
        && !double(pair(c, d))
        && text.0.get(digits..digits + 3) != Some(b"000");
    let form = if before == 0 && !upper { IN_ONE } else { NEW };
    if right && !is_part_of_code(text, start, end) {
        match text.follows(start, &GOODS) {
            // Others have to prove it.
            true => found.hit_among_others(form, range),
            false => {
                let varying = letters.map(|letter| letter.to_ascii_lowercase());
                found.hit_if_varied(form, &varying, range);
            }
        }
    } else {
        found.lookalike(form, range);
    }
}

/// Whether a dash and more of a code stand right before or behind.
fn is_part_of_code(text: Text<'_>, start: usize, end: usize) -> bool {
    let dash = |byte: Option<u8>| matches!(byte, Some(b'-' | b'_' | b'/' | b'.'));
    let before = start
        .checked_sub(1)
        .filter(|dash_at| dash(text.byte(*dash_at)));
    let behind =
        dash(text.byte(end)) && !text.is_free_before(end + 2) && !text.is_free_after(end + 1);
    // A full stop or a dash with a blank behind it is the sentence's.
    behind || before.is_some_and(|at| !text.is_free_before(at) && text.byte(at) != Some(b'.'))
}

/// Digits up to `until`, two or three letters, a department.
fn old(text: Text<'_>, start: usize, until: usize, found: &mut Finder<'_>) {
    let first = text.separator(until, Between::DASH).unwrap_or_default();
    let letters = until + first;
    let upper = count(text.behind(letters), u8::is_ascii_uppercase);
    let length = match upper {
        0 => count(text.behind(letters), u8::is_ascii_lowercase),
        upper => upper,
    };
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
    let form = if first == 0 || upper == 0 {
        OLD_IN_ONE
    } else {
        OLD
    };
    let known = match end - department {
        3 => matches!(text.0.get(department..end).map_or(0, number), 971..=976),
        _ => code.ends_with(b"A") || code.ends_with(b"B") || (1..=95).contains(&number(&code)),
    };
    let word = text.0.get(letters..letters + length).unwrap_or_default();
    if upper == 0 && WORDS.iter().any(|known| known[..] == *word) {
        return;
    }
    // A road and its milestone: `RN 104 PK 22`.
    let road = matches!(text.before(start), [.., letter, b' '] if letter.is_ascii_uppercase())
        && !text.is_free_before(start.saturating_sub(1));
    let unit = road || UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word));
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
    use crate::detect::{Detectors, detect};

    #[test]
    fn plates_are_found() {
        finds(
            "plate",
            &[
                "‹AA-123-BB›",
                "clio ‹fg-001-zz› bleue",
                "‹AB 123 CD›",
                "(‹AB123CD›)",
                "‹1234 AB 75›",
                "‹12-ABC-2A›",
                "‹9 ZZ 971›",
                "‹1234AB75›",
                "‹ab-123-cd›, ‹ab 123 cd›",
                "‹ab123cd›",
                "‹Ab-123-cd›",
                "‹AB.123.CD›, ‹AB_123_CD›",
                "‹AB/123/CD›",
                "immat‹AB123CD›, plaque‹AB-123-CD›",
                "‹AB - 123 - CD›",
                "plaque ‹AB 123-CD›.",
                "‹1234 ab 75›",
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
    fn codes_of_goods_are_no_evidence() {
        for (cell, evidence) in [
            ("Réf. fabricant CM-167-GB", false),
            ("article n° CM-167-GB", false),
            ("clio CM-167-GB", true),
        ] {
            let mut found = Vec::new();
            detect(cell.as_bytes(), Detectors::ALL, &mut found);
            let told: Vec<bool> = found.iter().map(|finding| finding.evidence).collect();
            assert_eq!(told, [evidence], "{cell}");
        }
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
                (
                    "a text in small letters",
                    "le 123 rb, vu en 205 gt, de 120 km",
                ),
                ("three letters", "ABC-123-DE"),
                ("one separator", "AA-123BB"),
                ("a product", "AB-123-CD-9, 7-AB-123-CD, AB-123-CD/X"),
                ("a unit", "120 KM 75, 100CV12"),
                ("a road", "RN 104 PK 22, A 7 PK 21"),
                ("no department", "1234 AB 00, 1234 AB 96, 1234 AB 970"),
                ("a longer number", "1234 AB 7501"),
            ],
        );
    }
}
