//! What stands beside a number in pairs: another number, or more numbers of a draw.

use super::super::text::{Between, Text, number};
use super::groups::{is_french, shape};

/// Whether the pairs before or behind a number in pairs are of one rising row with it, as a draw's are.
pub(super) fn rises_on(text: Text<'_>, start: usize, end: usize) -> bool {
    let pair = |at: Option<usize>| {
        let pair = at.and_then(|at| text.0.get(at..at + 2));
        pair.map_or(0, number)
    };
    let before = text.blank_before(start).map(|gap| start - gap);
    let before = before.filter(|end| text.run_before(*end) == 2);
    let behind = text.blank(end).map(|gap| end + gap);
    let behind = behind.filter(|start| text.run(*start) == 2);
    before.is_some_and(|end| pair(end.checked_sub(2)) < pair(Some(start)))
        || behind.is_some() && pair(behind) > pair(end.checked_sub(2))
}

/// Whether a pair of the number is one that no draw has.
fn has_pair_over_50(text: Text<'_>, start: usize) -> bool {
    let loose = text.loose_digits(start, 10);
    let (pairs, _) = loose.ascii().as_chunks::<2>();
    pairs.iter().any(|pair| number(pair) > 50)
}

/// Reads a French number in pairs and gives the place behind.
fn national(text: Text<'_>, start: usize) -> Option<usize> {
    let loose = text.loose_digits(start, 10);
    let end = loose.end(10).filter(|end| text.is_free_after(*end))?;
    (is_french(&loose) && shape(&loose).is_some()).then_some(end)
}

/// Whether groups of two digits go on to either side in the same way: numbers of a draw, a longer
/// code. Another phone number may stand there, and the last one found ends at `behind_last`.
pub(super) fn is_part_of_pairs(
    text: Text<'_>,
    start: usize,
    end: usize,
    behind_last: usize,
) -> bool {
    let sign = text.byte(start + text.run(start));
    let behind = text
        .separator(end, Between::SLASH)
        .filter(|_| text.byte(end) == sign);
    let goes_on =
        behind.is_some_and(|gap| text.run(end + gap) == 2 && national(text, end + gap).is_none());
    let before = start
        .checked_sub(1)
        .filter(|gap| text.byte(*gap) == sign && *gap != behind_last);
    let is_pair = |gap: usize| {
        let code = text.before(gap).ends_with(b"33") && text.is_free_before(gap.saturating_sub(2));
        text.run_before(gap) == 2 && !(code && has_pair_over_50(text, start))
    };
    goes_on || before.is_some_and(is_pair)
}
