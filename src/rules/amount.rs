//! Amounts as people write them, read exactly: `45 000,50 €`, `-12.5`, `20000`.
//!
//! Shared by the kinds that ask where an amount lies. They need its sign, its integer part and
//! whether anything is behind the decimal mark, so this is all that is computed, in integers.

mod exact;
pub(in crate::rules) mod sql;
mod unread;
mod usual;
pub(in crate::rules) mod wide;

use crate::base::lang::Fixed;
use serde::Deserialize;

use crate::rules::transform::{Mend, Reason};

pub(super) use exact::Exact;
pub(super) use usual::Usual;

/// The most digits an integer part may have, leading zeros aside. Anything of this size plus the
/// widest bucket still fits an `i128`.
const MAX_DIGITS: u32 = 36;

/// The usual forms of amounts.
const ACCEPTED: Fixed = fixed!("accepted are amounts like 45000, 45 000,50 and -12.5 €");

static NOT_AN_AMOUNT: Reason = Reason {
    code: "not_an_amount",
    what: fixed!("not an amount in an accepted form"),
    advice: ACCEPTED,
    mend: None,
};

static AMBIGUOUS: Reason = Reason {
    code: "ambiguous_amount",
    what: fixed!("an amount whose dot or comma could stand before thousands or before decimals"),
    advice: ACCEPTED,
    mend: Some(Mend {
        when: fixed!("if the comma is the decimal mark (decimal = \".\" if the dot is)"),
        option: "decimal = \",\"",
    }),
};

static TOO_LONG: Reason = Reason {
    code: "amount_too_long",
    what: fixed!("an amount of more than 36 digits before the decimal mark"),
    advice: fixed!("check that the column holds amounts"),
    mend: None,
};

static TOO_LARGE: Reason = Reason {
    code: "amount_too_large",
    what: fixed!("an amount of more than 20 digits before the decimal mark"),
    advice: fixed!("check that the column holds amounts"),
    mend: None,
};

/// The decimal mark that a rule says its column has. The other of the two may then stand between
/// groups of three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum DecimalMark {
    /// `,` as in `1.234,56`.
    Comma,
    /// `.` as in `1,234.56`.
    Dot,
}

impl DecimalMark {
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Dot => b'.',
        }
    }

    const fn other(self) -> u8 {
        match self {
            Self::Comma => b'.',
            Self::Dot => b',',
        }
    }
}

impl TryFrom<String> for DecimalMark {
    type Error = Fixed;

    fn try_from(mark: String) -> Result<Self, Fixed> {
        match mark.as_str() {
            "," => Ok(Self::Comma),
            "." => Ok(Self::Dot),
            _ => Err(fixed!("expected the decimal mark, \",\" or \".\"")),
        }
    }
}

/// An amount, as far as anyone asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    /// Whether it is less than zero; `-0,00` is not.
    pub(super) negative: bool,
    /// The integer part of its absolute value, less than 10^36.
    pub(super) integer: u128,
    /// Whether its absolute value is more than `integer`.
    pub(super) fraction: bool,
}

/// Reads an amount of zero or more in one of the usual forms; nothing if it is in none of them, which
/// says nothing about it: [`parse`] reads every form.
#[inline(always)] // so that its result stays in registers
pub(super) fn parse_usual(text: &[u8], mark: Option<DecimalMark>) -> Option<Usual> {
    usual::parse(text, mark)
}

/// Reads an amount; without a `mark` the decimal mark is a dot or a comma, whichever is there.
///
/// # Errors
/// The reason why it is none, or could be two.
#[inline]
pub(super) fn parse(text: &[u8], mark: Option<DecimalMark>) -> Result<Amount, &'static Reason> {
    match usual::parse(text, mark) {
        Some(Usual { integer, fraction }) => Ok(Amount {
            negative: false,
            integer: integer.into(),
            fraction,
        }),
        None => parse_any(text, mark),
    }
}

/// The greatest whole number that is not more than the amount in `text`.
///
/// # Errors
/// As [`parse`].
pub(crate) fn floor(text: &[u8], mark: Option<DecimalMark>) -> Result<i128, &'static Reason> {
    let amount = parse(text, mark)?;
    // Less than 10^36.
    let integer = i128::try_from(amount.integer).unwrap_or(i128::MAX);
    Ok(match amount.negative {
        false => integer,
        true => -integer - i128::from(amount.fraction),
    })
}

/// The amount in `text` in cents, the nearest where it has more decimals, halves away from zero.
///
/// # Errors
/// As [`parse`]; an amount so large that sums of it might not fit.
pub(crate) fn cents(text: &[u8], mark: Option<DecimalMark>) -> Result<i128, &'static Reason> {
    const MOST: i128 = 10_i128.pow(22);
    let Exact {
        negative,
        integer,
        decimals,
    } = parse_exact(text, mark)?;
    let digit = |at: usize| decimals.get(at).map_or(0, |digit| u128::from(digit - b'0'));
    let hundredths = integer
        .checked_mul(100)
        .map(|cents| cents + 10 * digit(0) + digit(1));
    let rounded = hundredths.map(|cents| cents + u128::from(digit(2) >= 5));
    let cents = rounded.and_then(|cents| i128::try_from(cents).ok());
    let cents = cents.filter(|cents| *cents < MOST).ok_or(&TOO_LARGE)?;
    Ok(if negative { -cents } else { cents })
}

/// Reads an amount as [`parse`] does, without a reason where it is none.
pub(super) fn read(text: &[u8], mark: Option<DecimalMark>) -> Option<Amount> {
    match usual::parse(text, mark) {
        Some(Usual { integer, fraction }) => Some(Amount {
            negative: false,
            integer: integer.into(),
            fraction,
        }),
        None => {
            let (minus, text) = split_sign(without_unit(trim(text)));
            read_digits(text, mark).ok().map(|read| amount(minus, read))
        }
    }
}

/// The whole grammar, from the sign to the unit.
#[inline(never)]
fn parse_any(cell: &[u8], mark: Option<DecimalMark>) -> Result<Amount, &'static Reason> {
    read_any(cell, mark).map_err(|reason| unread::why(reason, cell, mark))
}

/// The same, with a reason that does not tell yet which option would read the cell.
fn read_any(cell: &[u8], mark: Option<DecimalMark>) -> Result<Amount, &'static Reason> {
    let (minus, text) = split_sign(without_unit(trim(cell)));
    if let Some(Usual { integer, fraction }) = usual::parse_number(text, mark) {
        return Ok(Amount {
            negative: minus && (fraction || integer != 0),
            integer: integer.into(),
            fraction,
        });
    }
    Ok(amount(minus, read_digits(text, mark)?))
}

/// The amount of an integer part and its decimals.
fn amount(minus: bool, (integer, decimals): (u128, &[u8])) -> Amount {
    let fraction = decimals.iter().any(|digit| *digit != b'0');
    Amount {
        negative: minus && (fraction || integer != 0),
        integer,
        fraction,
    }
}

/// Reads an amount digit for digit; without a `mark` the decimal mark is a dot or a comma, whichever
/// is there.
///
/// # Errors
/// The reason why it is none, or could be two.
pub(super) fn parse_exact(
    cell: &[u8],
    mark: Option<DecimalMark>,
) -> Result<Exact<'_>, &'static Reason> {
    let (minus, text) = split_sign(without_unit(trim(cell)));
    let read = read_digits(text, mark);
    let (integer, decimals) = read.map_err(|reason| unread::why(reason, cell, mark))?;
    Ok(Exact::new(minus, integer, decimals))
}

/// Whether the number begins with a minus, and what is behind its sign.
fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// The integer part of a number without a sign, and the digits behind its decimal mark.
fn read_digits(text: &[u8], mark: Option<DecimalMark>) -> Result<(u128, &[u8]), &'static Reason> {
    let mut integer = Integer::default();
    let (first, mut rest) = split_digits(text);
    integer.push(first);
    let mut grouped = false;
    if (1..=3).contains(&first.len()) {
        // All separators of a number are of one nature; a leading zero is no group of thousands
        // before a dot or comma, where it looks like a decimal after all.
        let dots = mark
            .map(DecimalMark::other)
            .filter(|other| rest.first() == Some(other) && first.first() != Some(&b'0'));
        while let Some(after) = after_separator(rest, dots) {
            let (group, after) = split_digits(after);
            if group.len() != 3 {
                return Err(&NOT_AN_AMOUNT);
            }
            integer.push(group);
            grouped = true;
            rest = after;
        }
    }

    let decimals = match rest {
        [] if !first.is_empty() => rest,
        [byte, decimals @ ..] if !first.is_empty() && is_mark(*byte, mark) => {
            let (digits, rest) = split_digits(decimals);
            if digits.is_empty() || !rest.is_empty() {
                return Err(&NOT_AN_AMOUNT);
            }
            let thousands = decimals.len() == 3 && first.len() <= 3 && !grouped && first != b"0";
            if thousands && mark.is_none() {
                return Err(&AMBIGUOUS);
            }
            decimals
        }
        _ => return Err(&NOT_AN_AMOUNT),
    };
    if integer.significant > MAX_DIGITS {
        return Err(&TOO_LONG);
    }
    Ok((integer.value, decimals))
}

/// An integer part that grows from the left. Its value is right up to [`MAX_DIGITS`] digits.
#[derive(Default)]
struct Integer {
    value: u128,
    significant: u32,
}

impl Integer {
    fn push(&mut self, digits: &[u8]) {
        for digit in digits {
            if self.significant < MAX_DIGITS {
                self.value = self.value * 10 + u128::from(digit - b'0');
            }
            self.significant += u32::from(self.value != 0);
        }
    }
}

/// Whether `byte` is a decimal mark where the rule says `mark`.
#[inline]
fn is_mark(byte: u8, mark: Option<DecimalMark>) -> bool {
    match mark {
        None => byte == b'.' || byte == b',',
        Some(mark) => byte == mark.byte(),
    }
}

/// Splits `text` behind the digits that it begins with.
pub(super) fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at_checked(digits).unwrap_or((text, &[]))
}

/// What follows the separator of groups that `text` begins with: `dots` where the number has such,
/// else a space or one of its no-break and thin kin.
fn after_separator(text: &[u8], dots: Option<u8>) -> Option<&[u8]> {
    match (dots, text) {
        (Some(dot), [first, rest @ ..]) if *first == dot => Some(rest),
        (None, [b' ', rest @ ..]) => Some(rest),
        (None, _) => after_wide_blank(text),
        _ => None,
    }
}

/// What follows the U+00A0, U+202F or U+2009 that `text` begins with.
fn after_wide_blank(text: &[u8]) -> Option<&[u8]> {
    match text {
        [0xC2, 0xA0, rest @ ..] | [0xE2, 0x80, 0xAF | 0x89, rest @ ..] => Some(rest),
        _ => None,
    }
}

/// `text` without the blanks around it: ASCII white space, U+00A0, U+202F and U+2009.
#[inline]
pub(super) fn trim(text: &[u8]) -> &[u8] {
    // Most cells have nothing to trim.
    let bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if bare(text.first()) && bare(text.last()) {
        return text;
    }
    trim_blanks(text)
}

fn trim_blanks(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    while let Some(rest) = after_wide_blank(text) {
        text = rest.trim_ascii_start();
    }
    while let [rest @ .., 0xC2, 0xA0] | [rest @ .., 0xE2, 0x80, 0xAF | 0x89] = text {
        text = rest.trim_ascii_end();
    }
    text
}

/// `text` without the euros behind it, and the blanks before those.
fn without_unit(text: &[u8]) -> &[u8] {
    if let Some(rest) = text.strip_suffix("€".as_bytes()) {
        return trim(rest);
    }
    for unit in [&b"euros"[..], b"eur"] {
        if let Some((rest, last)) = text.split_at_checked(text.len().saturating_sub(unit.len()))
            && last.eq_ignore_ascii_case(unit)
        {
            return trim(rest);
        }
    }
    text
}

#[cfg(test)]
mod tests;
