//! How telephone numbers are grouped.

use super::super::text::{Loose, number};
use super::{SEPARATED, SINGLES};

/// How the ten digits of a French number are grouped; Swiss ones and Belgian mobiles too.
const GROUPS: [&[usize]; 14] = [
    &[2, 2, 2, 2, 2],
    &[4, 2, 2, 2],
    &[4, 3, 3],
    &[4, 6],
    &[2, 8],
    &[2, 4, 4],
    &[1, 3, 3, 3],
    &[1, 9],
    &[3, 3, 2, 2],
    &[3, 3, 4],
    &[3, 7],
    &[2, 2, 3, 3],
    &[2, 3, 2, 3],
    &[2, 3, 3, 2],
];

/// So many of them are common, from the first on.
const COMMON: usize = 3;

/// How the nine digits of a Belgian number are grouped, by the length of its area's code.
const BELGIAN: [&[usize]; 5] = [&[2, 3, 2, 2], &[2, 3, 4], &[2, 7], &[3, 2, 2, 2], &[3, 6]];

/// How the digits behind a calling code without + are grouped.
pub(super) const BEHIND_CODE: [(&str, usize, &[&[usize]]); 4] = [
    (
        "33",
        11,
        &[
            &[2, 1, 2, 2, 2, 2],
            &[2, 9],
            &[2, 3, 2, 2, 2],
            &[2, 3, 3, 3],
            &[2, 1, 4, 4],
            &[2, 1, 8],
            &[3, 2, 2, 2, 2],
        ],
    ),
    ("32", 11, &[&[2, 3, 2, 2, 2], &[2, 3, 3, 3], &[2, 3, 6]]),
    ("41", 11, &[&[2, 2, 3, 2, 2], &[2, 9]]),
    ("352", 12, &[&[3, 3, 3, 3], &[3, 3, 6]]),
];

/// Whether ten digits may be a French number, or one of a neighbour that has as many.
pub(super) fn is_french(loose: &Loose) -> bool {
    matches!(loose.ascii(), [b'0', b'1'..=b'9', ..])
}

/// By which form ten digits are grouped: as people do; where separators differ, in pairs.
pub(super) fn shape(loose: &Loose) -> Option<u8> {
    if loose.is_grouped(&[1; 10]) {
        return Some(SINGLES);
    }
    let pairs = loose.is_grouped(&[2; 5]);
    let known = GROUPS.iter().any(|sizes| loose.is_grouped(sizes));
    // Another sign may stand behind the area's code: `0470/12.34.56`, `(079) 123 45 67`.
    let known = known && loose.is_even_behind_first(10) && !loose.gaps_are(b',');
    (pairs || known).then_some(SEPARATED)
}

/// Whether nine digits are grouped as a Belgian number outside the mobile networks is: 0, the area,
/// and in all nine digits.
pub(super) fn is_belgian(loose: &Loose) -> bool {
    let short = matches!(loose.ascii(), [b'0', b'2' | b'3' | b'4' | b'9', ..]);
    let long = matches!(loose.ascii(), [b'0', b'1' | b'5'..=b'8', ..]);
    let area = if short { 2 } else { 3 };
    let uniform = loose.is_even_behind_first(9);
    (short || long)
        && uniform
        && BELGIAN
            .iter()
            .any(|sizes| sizes.first() == Some(&area) && loose.is_grouped(sizes))
}

/// Whether single digits are no answers of a survey, which are low, and not counted up.
pub(super) fn has_high_digits(loose: &Loose) -> bool {
    let digits = loose.first(10).unwrap_or_default();
    let rises = digits
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if *b == a + 1));
    !rises && digits.iter().filter(|digit| **digit > b'5').count() >= 2
}

/// Whether the number is in groups that stand beside others without being a part of them.
pub(super) fn is_common(loose: &Loose) -> bool {
    let mut common = GROUPS.iter().take(COMMON);
    common.any(|sizes| loose.is_grouped(sizes))
}

/// Whether a number is in pairs that a draw may have, none over 50.
pub(super) fn is_low(loose: &Loose) -> bool {
    let (pairs, _) = loose.first(10).unwrap_or_default().as_chunks::<2>();
    loose.is_grouped(&[2; 5]) && pairs.iter().all(|pair| number(pair) <= 50)
}

/// Whether pairs stand in a list, as numbers of departments do, too.
pub(super) fn is_list(loose: &Loose) -> bool {
    loose.is_grouped(&[2; 5]) && loose.gap(2) == b','
}

/// Whether nine digits are grouped as a mobile number is that lost its zero.
pub(super) fn is_short(loose: &Loose) -> bool {
    loose.is_grouped(&[1, 2, 2, 2, 2]) && !loose.gaps_are(b',')
}

/// Whether such groups rise, as the numbers of a draw do.
pub(super) fn is_short_rising(loose: &Loose) -> bool {
    let digits = loose.first(9).unwrap_or_default();
    let (pairs, _) = digits.get(1..).unwrap_or_default().as_chunks::<2>();
    pairs.windows(2).all(|two| matches!(two, [a, b] if a < b))
}

/// Whether pairs rise.
pub(super) fn is_rising(loose: &Loose) -> bool {
    let (pairs, _) = loose.first(10).unwrap_or_default().as_chunks::<2>();
    pairs.windows(2).all(|two| matches!(two, [a, b] if a < b))
}
