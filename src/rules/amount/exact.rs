//! An amount with all its digits, for the kinds that compute with it.

use std::cmp::Ordering;

/// An amount, digit for digit.
#[derive(Debug, Clone, Copy)]
pub(in crate::rules) struct Exact<'a> {
    /// Whether it is less than zero; `-0,00` is not.
    pub(in crate::rules) negative: bool,
    /// The integer part of its absolute value, less than 10^36.
    pub(in crate::rules) integer: u128,
    /// The digits behind the decimal mark, as many as were written.
    pub(in crate::rules) decimals: &'a [u8],
}

impl<'a> Exact<'a> {
    /// An amount of these digits, below zero if there is a minus and it is not zero.
    pub(in crate::rules) fn new(minus: bool, integer: u128, decimals: &'a [u8]) -> Self {
        let zero = integer == 0 && decimals.iter().all(|digit| *digit == b'0');
        Self {
            negative: minus && !zero,
            integer,
            decimals,
        }
    }

    /// The amount in units of ten to the power of minus `scale`; nothing if it has more decimals or
    /// does not fit.
    pub(in crate::rules) fn units(&self, scale: u32) -> Option<i128> {
        let missing = scale.checked_sub(u32::try_from(self.decimals.len()).ok()?)?;
        let digits = self.decimals.iter().try_fold(self.integer, |sum, digit| {
            sum.checked_mul(10)?.checked_add(u128::from(digit - b'0'))
        })?;
        let units = digits.checked_mul(10_u128.checked_pow(missing)?)?;
        let units = i128::try_from(units).ok()?;
        Some(if self.negative { -units } else { units })
    }

    /// How it compares with another amount.
    pub(in crate::rules) fn compare(&self, other: &Exact<'_>) -> Ordering {
        let by_size = || {
            let integers = self.integer.cmp(&other.integer);
            integers.then_with(|| compare_decimals(self.decimals, other.decimals))
        };
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => by_size(),
            (true, true) => by_size().reverse(),
        }
    }
}

/// Compares digits behind a decimal mark: what is not there is zero.
fn compare_decimals(one: &[u8], other: &[u8]) -> Ordering {
    let longest = one.len().max(other.len());
    padded(one, longest).cmp(padded(other, longest))
}

fn padded(digits: &[u8], length: usize) -> impl Iterator<Item = u8> {
    let zeros = length.saturating_sub(digits.len());
    let digits = digits.iter().copied();
    digits.chain(std::iter::repeat_n(b'0', zeros))
}

#[cfg(test)]
mod tests {
    use super::super::{DecimalMark, parse_exact};
    use super::*;

    fn read(text: &str) -> Exact<'_> {
        parse_exact(text.as_bytes(), Some(DecimalMark::Dot)).unwrap()
    }

    #[test]
    fn amounts_compare_and_count_digit_for_digit() {
        // In rising order; those on one line are equal.
        let lines = [
            &["-1000000000000000000000000000000000.5"][..],
            &["-12.50 €", "-12.5"],
            &["-12.499999999999999999999999"],
            &["-0.01"],
            &["0", "-0.00", "0.000"],
            &["0.0000000000000000000000000000001"],
            &["18.45"],
            &["18.5", "18.500"],
            &["18.51"],
            &["100 000", "100000.0"],
        ];
        let places = lines.iter().enumerate();
        let all = places.flat_map(|(place, line)| line.iter().map(move |text| (place, *text)));
        let all: Vec<(usize, &str)> = all.collect();
        for (place, one) in &all {
            for (other_place, other) in &all {
                let found = read(one).compare(&read(other));
                assert_eq!(found, place.cmp(other_place), "{one}, {other}");
            }
        }
        for (text, scale, expected) in [
            ("12.5", 1, Some(125)),
            ("-12.5", 3, Some(-12_500)),
            ("-0.0", 1, Some(0)),
            ("12.50", 1, None),
            (
                "999999999999999999999999999999999999",
                2,
                Some(10_i128.pow(38) - 100),
            ),
            ("999999999999999999999999999999999999", 3, None),
        ] {
            assert_eq!(read(text).units(scale), expected, "{text}");
        }
    }
}
