//! The straight path for what most cells hold: `45000`, `45000.50`, `45 000,50 €`.
//!
//! It reads an amount of zero or more, of at most 18 digits, with one or two decimals or none, and
//! leaves everything else, invalid amounts too, to the whole grammar: `None` means nothing but
//! "look again". A run of up to eight digits is read in one go, as a number of 64 bits in which the
//! first character has the lowest byte:
//!
//! ```text
//!     4 5 0 0 0      the bytes of the cell
//!     0 0 0 4 5 0 0 0      moved up, zeros before them: eight digits
//!     00  04  50  00      each pair: ten times the first, and the second
//!     0004    5000      each pair of pairs
//!     00045000      the number
//! ```

use super::{DecimalMark, is_mark};

/// An amount of zero or more, as far as anyone asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rule) struct Usual {
    /// Its integer part.
    pub(in crate::rule) integer: u64,
    /// Whether it is more than that.
    pub(in crate::rule) fraction: bool,
}

/// Reads an amount in one of the usual forms; nothing if it is in none of them.
#[inline]
pub(in crate::rule) fn parse(text: &[u8], mark: Option<DecimalMark>) -> Option<Usual> {
    let text = match text {
        [.., last] if last.is_ascii() => text,
        [text @ .., 0xE2, 0x82, 0xAC] => strip_blank(text).unwrap_or(text),
        _ => return None,
    };
    let (whole, fraction) = match text {
        [whole @ .., byte, a, b] if is_mark(*byte, mark) => (whole, two_decimals(*a, *b)?),
        [whole @ .., byte, a] if is_mark(*byte, mark) => (whole, two_decimals(*a, b'0')?),
        _ => (text, false),
    };
    let integer = match digits(whole) {
        Some(integer) => integer,
        None => long_digits(whole).or_else(|| groups(whole))?,
    };
    Some(Usual { integer, fraction })
}

/// Whether two decimals are more than zero; nothing if one is no digit.
#[inline]
fn two_decimals(a: u8, b: u8) -> Option<bool> {
    (a.is_ascii_digit() && b.is_ascii_digit()).then_some((a, b) != (b'0', b'0'))
}

/// The number that one to eight digits stand for.
#[inline]
fn digits(text: &[u8]) -> Option<u64> {
    // The first four bytes and the last four overlap where there are fewer than eight: there, they
    // are the same.
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let missing = 8_usize.checked_sub(text.len())?;
        let first = u64::from(u32::from_le_bytes(*first)) << (8 * missing);
        let last = u64::from(u32::from_le_bytes(*last)) << 32;
        return eight_digits(first | last, missing);
    }
    three_digits(text)
}

/// The number that one to three digits stand for.
#[inline]
fn three_digits(text: &[u8]) -> Option<u64> {
    let (a, b, c) = match *text {
        [c] => (b'0', b'0', c),
        [b, c] => (b'0', b, c),
        [a, b, c] => (a, b, c),
        _ => return None,
    };
    let (a, b, c) = (a ^ b'0', b ^ b'0', c ^ b'0');
    (a < 10 && b < 10 && c < 10).then(|| u64::from(a) * 100 + u64::from(b) * 10 + u64::from(c))
}

/// The number that eight digits stand for, the first in the lowest byte; the lowest `missing`
/// bytes, seven at most, are zero and count as digits of zero.
#[inline]
fn eight_digits(text: u64, missing: usize) -> Option<u64> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let digits = text ^ (EACH * 0x30) << (8 * missing);
    // A byte over 9 shows in its high bit, by itself or after adding 0x76. What is carried out of
    // a byte cannot hide one: then that byte's own high bit was set before.
    if (digits | digits.wrapping_add(EACH * 0x76)) & (EACH * 0x80) != 0 {
        return None;
    }
    // No sum of two digits, pairs or fours carries into the next: only the top is cut off.
    let pairs = (digits.wrapping_mul(10 << 8 | 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    Some(fours.wrapping_mul(10_000 << 32 | 1) >> 32)
}

/// The number that nine to eighteen digits stand for.
fn long_digits(text: &[u8]) -> Option<u64> {
    if !(9..=18).contains(&text.len()) {
        return None;
    }
    text.iter().try_fold(0, |sum, byte| {
        let digit = byte ^ b'0';
        (digit < 10).then(|| sum * 10 + u64::from(digit))
    })
}

/// The number that digits stand for whose groups of three have a blank between them.
fn groups(mut text: &[u8]) -> Option<u64> {
    let (mut integer, mut unit) = (0, 1);
    // The groups after the first, from the last: at most 15 digits, which the first makes 18.
    while let Some((before, group)) = text.split_last_chunk::<3>()
        && let Some(before) = strip_blank(before)
    {
        if unit > 1_000_000_000_000 {
            return None;
        }
        integer += three_digits(group)? * unit;
        unit *= 1000;
        text = before;
    }
    Some(integer + three_digits(text)? * unit)
}

/// `text` without the space that it ends with, or one of its no-break and thin kin.
#[inline]
fn strip_blank(text: &[u8]) -> Option<&[u8]> {
    match text {
        [rest @ .., b' '] | [rest @ .., 0xC2, 0xA0] | [rest @ .., 0xE2, 0x80, 0xAF | 0x89] => {
            Some(rest)
        }
        _ => None,
    }
}
