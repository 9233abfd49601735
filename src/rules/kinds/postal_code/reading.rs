//! Where the postal code of a cell is.

use std::borrow::Cow;

use super::context::{self, is_word, split_trailing};
use super::glance;
use super::plain;
use super::towns::{self, TAIL};
use crate::base::simd::{self, Compare, Work};
use crate::rules::geography;

/// Five ASCII digits.
pub(crate) type Code = [u8; 5];

/// The postal code of an address.
#[inline(always)]
pub(crate) fn code_in(text: &[u8]) -> Option<Code> {
    match find_at_a_glance(text) {
        Some(code) => Some(code),
        None => find(text),
    }
}

/// The code that a cell of nothing but four digits stands for, if the table has it with the zero
/// that a spreadsheet took away: `01000` for `1000` or `1000.0`.
pub(crate) fn with_lost_zero(text: &[u8]) -> Option<Code> {
    if text.is_ascii() {
        return with_lost_zero_in_plain(text);
    }
    if text.iter().any(u8::is_ascii_alphabetic) {
        return None;
    }
    let mut plain = Vec::new();
    plain::write(text, &mut plain);
    with_lost_zero_in_plain(&plain)
}

fn with_lost_zero_in_plain(plain: &[u8]) -> Option<Code> {
    let digits = plain.trim_ascii();
    let digits = digits.strip_prefix(b"'").unwrap_or(digits);
    let (digits, fraction) = digits.split_first_chunk::<4>()?;
    let whole = matches!(
        fraction,
        [] | [b'.' | b',', b'0'] | [b'.' | b',', b'0', b'0']
    );
    let [first, second, third, fourth] = *digits;
    let code = [b'0', first, second, third, fourth];
    (whole && first != b'0' && geography::is_postal_code(&code)).then_some(code)
}

/// What [`find`] finds, in the last bytes of an address, before a town or at the end; nothing where it takes a closer look.
#[inline(always)]
pub(super) fn find_at_a_glance(text: &[u8]) -> Option<Code> {
    if let Ok(code) = <&Code>::try_from(text) {
        return geography::is_postal_code(code).then_some(*code);
    }
    simd::run(Glance(text))
}

/// A glance at the end of an address.
struct Glance<'a>(&'a [u8]);

impl Work for Glance<'_> {
    type Output = Option<Code>;

    #[inline(always)]
    fn work(self, compare: impl Compare) -> Option<Code> {
        let Self(text) = self;
        match text.last_chunk() {
            Some(tail) => code_before_town(text, tail, compare),
            None => {
                let mut padded = [0; TAIL];
                let (_, place) = padded.split_at_mut_checked(TAIL.checked_sub(text.len())?)?;
                place.copy_from_slice(text);
                code_before_town(text, &padded, compare)
            }
        }
    }
}

/// The code in the `tail` of a text, which has zeros in front of it if the text is shorter.
#[inline(always)]
fn code_before_town(text: &[u8], tail: &[u8; TAIL], compare: impl Compare) -> Option<Code> {
    // One bit for each byte, the first being the lowest: whether it is a digit, and whether it is
    // the first of exactly five. What comes before the tail is unknown, so a run cannot begin it.
    let digits = compare.digits(tail);
    let fives = (0..5).fold(!(digits << 1) & !(digits >> 5), |fives, by| {
        fives & digits >> by
    });
    let start = (fives & !1).checked_ilog2()? as usize;
    let (before, behind) = text.split_at_checked((text.len() + start).checked_sub(TAIL)?)?;
    let (code, after) = behind.split_first_chunk::<5>()?;

    // A comma or a line break before the code ends whatever could number something else, and what is behind `F-` is a code.
    let (street, is_apart) = match before {
        [street @ .., b',', b' ', b'F', b'-']
        | [street @ .., b',', b' ']
        | [street @ .., b'\n'] => (street, true),
        [street @ .., b' '] => (street, false),
        _ => return None,
    };
    // The last code before a town counts. At the end of a cell, there must be no other before it.
    let is_last = match after {
        [b' ' | b',' | b'-', ..] => true,
        [] => !is_apart && digits_of(street) < 5,
        _ => false,
    };
    // Fewer than five digits behind it are no other code, whether or not there is a blank among them.
    let found = is_last
        && (digits >> start >> 5).count_ones() < 5
        && (is_apart || glance::numbers_nothing(street))
        && glance::names_no_country(street)
        && towns::has_code(tail, start, || is_code_by(behind, code));
    found.then_some(*code)
}

/// Whether a code is one by what is behind it: a town, or nothing.
#[inline(never)]
fn is_code_by(behind: &[u8], code: &Code) -> bool {
    let mut plain = Vec::new();
    plain::write(behind, &mut plain);
    let after = plain.get(code.len()..).unwrap_or_default();
    (after.is_empty() || context::is_before_a_town(after)) && find_in_plain(plain) == Some(*code)
}

fn digits_of(text: &[u8]) -> usize {
    text.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// The last candidate before a town, or else the last.
pub(super) fn find(text: &[u8]) -> Option<Code> {
    // Beside those of ASCII only the full-width digits count, whose first byte this is.
    if !may_hold_a_code(text) {
        return None;
    }
    let mut plain = Vec::with_capacity(text.len());
    plain::write(text, &mut plain);
    find_in_plain(plain)
}

/// Whether a text may have five digits in a row, or with a blank among them. False positives are fine, false
/// negatives are not.
fn may_hold_a_code(text: &[u8]) -> bool {
    let (mut run, mut digits, mut fives, mut blanks) = (0_usize, 0_usize, false, false);
    let mut blank_behind_digit = false;
    for byte in text {
        if byte.is_ascii_digit() {
            run += 1;
            digits += 1;
            blanks |= blank_behind_digit;
            blank_behind_digit = false;
        } else {
            fives |= run == 5;
            blank_behind_digit = run > 0 && *byte == b' ';
            run = 0;
        }
    }
    match text.is_ascii() {
        true => digits >= 5 && (fives || run == 5 || blanks),
        false => digits >= 5 || text.contains(&0xEF),
    }
}

fn find_in_plain(mut plain: Vec<u8>) -> Option<Code> {
    join_spaced(&mut plain);
    if !has_five_digits(&plain) || context::names_country(&plain) {
        return None;
    }
    let plain = context::without_postal_code_words(Cow::Owned(plain));
    let mut last = None;
    let mut unseen = &*plain;
    while let Some(at) = unseen.iter().rposition(u8::is_ascii_digit) {
        let (through, _) = unseen.split_at_checked(at + 1)?;
        let (_, after) = plain.split_at_checked(at + 1)?;
        let (before, run) = split_trailing(through, |byte| byte.is_ascii_digit());
        unseen = before;
        let Ok(code) = <&Code>::try_from(run) else {
            continue;
        };
        if before.last().copied().is_some_and(is_word)
            || after.first().copied().is_some_and(is_word)
            || !(geography::is_postal_code(code)
                || begins_like_a_code(code) && context::is_before_cedex(after))
            || context::numbers_something_else(before, after)
        {
            continue;
        }
        if context::is_before_a_town(after) {
            return Some(*code);
        }
        last = last.or(Some(*code));
    }
    last
}

fn has_five_digits(plain: &[u8]) -> bool {
    let mut runs = plain.split(|byte| !byte.is_ascii_digit());
    runs.any(|run| run.len() == 5)
}

/// Takes the blank out of the last `75 008` or `750 08` before a town or at the end of the cell.
/// Nothing but a sign is before it: in `06 12 345` the digits are some other number's.
fn join_spaced(plain: &mut Vec<u8>) {
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| plain.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let blank = memchr::memrchr_iter(b' ', plain).find(|blank| {
        let between = is_digit(blank.checked_sub(1)) && is_digit(blank.checked_add(1));
        between && (2..=3).any(|before| is_spaced_code(plain, *blank, before))
    });
    if let Some(blank) = blank {
        plain.remove(blank);
    }
}

/// Whether with so many digits `before` a blank, and others behind it, a code stands there.
fn is_spaced_code(plain: &[u8], blank: usize, before: usize) -> bool {
    let six = |start: usize| Some((start, plain.get(start..start.checked_add(6)?)?));
    let Some((start, six)) = blank.checked_sub(before).and_then(six) else {
        return false;
    };
    let mut digits = six.iter().enumerate().filter(|(at, _)| *at != before);
    if !digits.all(|(_, byte)| byte.is_ascii_digit()) {
        return false;
    }
    let free = match plain.get(..start).unwrap_or_default() {
        [] => true,
        [only] => !is_word(*only),
        [.., first, second] => !first.is_ascii_digit() && !is_word(*second),
    };
    let after = plain.get(start + 6..).unwrap_or_default();
    free && (after.iter().all(|byte| *byte == b' ') || context::is_before_a_town(after))
}

/// Whether the first digits are those of a department (01 to 95, Corsica being 20) or of an
/// overseas department or territory (971 to 978, 986 to 988), or of Monaco (980): CEDEX codes begin
/// like that.
fn begins_like_a_code(code: &Code) -> bool {
    match code {
        [b'0', b'0', ..] => false,
        [b'0'..=b'8', ..] | [b'9', b'0'..=b'5', ..] => true,
        [b'9', b'7', third, ..] => matches!(third, b'1'..=b'8'),
        [b'9', b'8', third, ..] => matches!(third, b'0' | b'6'..=b'8'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::mixed::mixed;

    #[test]
    fn what_cannot_hold_a_code_has_none() {
        let parts = [
            "7", "75", "002", "75002", "33000", " ", " ", ", ", "-", "x", "Lyon", "é", "\u{a0}",
            "5",
        ];
        let mut found = 0;
        for text in mixed(&parts, 5..=5, 20_000) {
            let mut plain = Vec::new();
            plain::write(text.as_bytes(), &mut plain);
            let code = find_in_plain(plain);
            assert_eq!(find(text.as_bytes()), code, "{text}");
            found += u32::from(code.is_some());
        }
        assert!(found > 1_000, "{found}");
    }
}
