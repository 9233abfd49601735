//! The straight path for what most cells hold: `45000`, `45000.50`, `45 000,50 €`.
//!
//! It reads an amount of zero or more, of at most 18 digits, with one or two decimals or none, and
//! leaves everything else, invalid amounts too, to the whole grammar: `None` means nothing but
//! "look again". A run of up to eight digits is read in one go, as a number of 64 bits in which the
//! first character has the lowest byte:
//!
//! ```text
//!     4 5 0 0 0 , 5 0     the first eight bytes of the cell
//!     0 0 0 4 5 0 0 0     moved up as far as the digits go, with zeros before them
//!     00  04  50  00      each pair: ten times the first digit, and the second
//!     0004    5000        each pair of pairs
//!     00045000            the number
//! ```

use super::{DecimalMark, is_mark};

/// An amount of zero or more, as far as anyone asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) struct Usual {
    /// Its integer part.
    pub(in crate::rules) integer: u64,
    /// Whether it is more than that.
    pub(in crate::rules) fraction: bool,
}

/// Reads an amount in one of the usual forms, with or without `€`; nothing if it is in none of
/// them.
#[inline(always)] // so that its result stays in registers
pub(super) fn parse(text: &[u8], mark: Option<DecimalMark>) -> Option<Usual> {
    let number = match text {
        [.., last] if last.is_ascii() => text,
        [text @ .., 0xE2, 0x82, 0xAC] => strip_blank(text).unwrap_or(text),
        _ => return None,
    };
    parse_number(number, mark)
}

/// Reads an amount in one of the usual forms without a unit; nothing if it is in none of them.
#[inline(always)] // so that its result stays in registers
pub(super) fn parse_number(text: &[u8], mark: Option<DecimalMark>) -> Option<Usual> {
    let (whole, fraction) = match text {
        [whole @ .., byte, a, b] if is_mark(*byte, mark) => (whole, two_decimals(*a, *b)?),
        [whole @ .., byte, a] if is_mark(*byte, mark) => (whole, two_decimals(*a, b'0')?),
        _ => (text, false),
    };
    let integer = match first_digits(text, whole.len()) {
        Some(integer) => integer,
        None => many_digits(whole)?,
    };
    Some(Usual { integer, fraction })
}

/// Whether two decimals are more than zero; nothing if one is no digit.
#[inline]
fn two_decimals(a: u8, b: u8) -> Option<bool> {
    (a.is_ascii_digit() && b.is_ascii_digit()).then_some((a, b) != (b'0', b'0'))
}

/// The number that the first `length` bytes of `text` are the digits of; nothing if they are not
/// one to eight digits.
#[inline]
fn first_digits(text: &[u8], length: usize) -> Option<u64> {
    if !(1..=8).contains(&length) {
        return None;
    }
    let Some(first) = text.first_chunk() else {
        return three_digits(text.get(..length)?);
    };
    // Two loads of four bytes get up to eight, whatever the length of the text. Where the text has
    // fewer they overlap, and the bytes that both hold are the same.
    let at = (text.len() - first.len()).min(4);
    let next = text.get(at..)?.first_chunk()?;
    let bytes =
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*next)) << (8 * at);
    eight_digits(bytes, 8 - length)
}

/// The number that the digits of `bytes` stand for, the first being in the lowest byte, without the
/// last `others` bytes, which are seven at most.
#[inline]
fn eight_digits(bytes: u64, others: usize) -> Option<u64> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The others leave at the top, and as many digits of zero come in before the first.
    let digits = (bytes ^ (EACH * 0x30)) << (8 * others);
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

/// The number that digits stand for that are more than eight, or in groups.
#[inline(never)]
fn many_digits(whole: &[u8]) -> Option<u64> {
    long_digits(whole).or_else(|| groups(whole))
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
#[inline]
fn groups(whole: &[u8]) -> Option<u64> {
    let (mut first, mut integer, mut unit) = (whole, 0, 1);
    // The groups after the first, from the last: at most 15 digits, which the first makes 18.
    while let Some((before, group)) = first.split_last_chunk::<3>()
        && let Some(before) = strip_blank(before)
        && unit < 1_000_000_000_000_000
    {
        integer += three_digits(group)? * unit;
        unit *= 1000;
        first = before;
    }
    if first.len() > 3 {
        return None;
    }
    Some(integer + first_digits(whole, first.len())? * unit)
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
