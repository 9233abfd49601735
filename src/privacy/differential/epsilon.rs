//! ε, as a whole number of billionths: what was written is what is spent, to the last digit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::base::lang::Fixed;

/// How many digits there are behind the decimal point.
const DIGITS: usize = 9;

/// How many parts there are to 1.
const PARTS: u64 = 10_u64.pow(DIGITS as u32);

/// The greatest ε: beyond it nothing is hidden any more.
const MOST: u64 = 1_000 * PARTS;

/// The least, so that it can be shared out among statistics.
const LEAST: u64 = 1_000;

/// How much a person's being there may show: probabilities differ by a factor of e^ε at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Epsilon(u64);

impl Epsilon {
    /// In billionths.
    pub(crate) fn nano(self) -> u64 {
        self.0
    }

    /// So many parts of it, rounded down to a billionth.
    pub(crate) fn share(self, parts: u64, of: u64) -> Self {
        let share = u128::from(self.0) * u128::from(parts) / u128::from(of.max(1));
        Self(u64::try_from(share).unwrap_or(self.0))
    }

    /// A sum of several, as text.
    pub(crate) fn sum(nano: u128) -> String {
        written(nano, DIGITS)
    }
}

/// A decimal number with so many digits at most behind its point, as a whole number of the last one's parts.
pub(super) fn in_parts(text: &str, digits: usize) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let ends_well = !whole.is_empty() && !text.ends_with('.');
    if !ends_well || !are_digits(whole) || !are_digits(decimals) || decimals.len() > digits {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let decimals: u64 = format!("{decimals:0<digits$}").parse().ok()?;
    let parts = 10_u64.checked_pow(u32::try_from(digits).ok()?)?;
    whole.checked_mul(parts)?.checked_add(decimals)
}

/// The same as text.
pub(super) fn written(parts: u128, digits: usize) -> String {
    let one = 10_u128.pow(u32::try_from(digits).unwrap_or(0));
    let (whole, rest) = (parts / one, parts % one);
    match rest {
        0 => whole.to_string(),
        _ => format!("{whole}.{rest:0digits$}")
            .trim_end_matches('0')
            .to_owned(),
    }
}

impl fmt::Display for Epsilon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Self::sum(self.0.into()))
    }
}

impl From<Epsilon> for String {
    fn from(epsilon: Epsilon) -> Self {
        epsilon.to_string()
    }
}

impl FromStr for Epsilon {
    type Err = Fixed;

    fn from_str(text: &str) -> Result<Self, Fixed> {
        let expected = fixed!(
            "expected a decimal number such as 0.5, from 0.000001 to 1000, with 9 decimals at most"
        );
        let nano = in_parts(text, DIGITS).filter(|nano| (LEAST..=MOST).contains(nano));
        nano.map(Self).ok_or(expected)
    }
}

impl TryFrom<String> for Epsilon {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_spent() {
        for (text, nano) in [
            ("1", Some(1_000_000_000)),
            ("0.1", Some(100_000_000)),
            ("0.10", Some(100_000_000)),
            ("0.000001", Some(1_000)),
            ("2.718281828", Some(2_718_281_828)),
            ("1000", Some(1_000_000_000_000)),
            ("1000.000000001", None),
            ("0.000000999", None),
            ("0.1234567891", None),
            ("0", None),
            ("", None),
            (".5", None),
            ("5.", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("0,5", None),
            (" 1", None),
            ("inf", None),
            ("99999999999999999999", None),
        ] {
            let read: Result<Epsilon, _> = text.parse();
            assert_eq!(read.ok().map(Epsilon::nano), nano, "{text}");
        }
        for text in ["0.5", "3", "0.000001", "12.000000001"] {
            assert_eq!(text.parse::<Epsilon>().unwrap().to_string(), text);
        }
        assert_eq!(Epsilon::sum(10_u128.pow(30)), "1000000000000000000000");
    }

    #[test]
    fn shares_are_never_more_than_the_whole() {
        let epsilon: Epsilon = "0.1".parse().unwrap();
        for of in 1..60 {
            let parts: u64 = (0..of).map(|_| epsilon.share(1, of).nano()).sum();
            assert!(
                parts <= epsilon.nano() && parts + of > epsilon.nano(),
                "{of}"
            );
        }
        assert_eq!(epsilon.share(2, 3).nano(), 66_666_666);
    }
}
