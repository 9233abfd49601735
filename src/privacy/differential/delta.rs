//! δ, as a whole number of parts of 10^15: what was written is what is spent, to the last digit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::epsilon::{in_parts, written};
use crate::base::lang::Fixed;

/// How many digits there are behind the decimal point.
const DIGITS: usize = 15;

/// How many parts there are to 1.
pub(super) const PARTS: u64 = 10_u64.pow(DIGITS as u32);

/// The greatest δ: with more, a table might as well name somebody now and then.
const MOST: u64 = PARTS / 100;

/// How likely it is, at most, that ε does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Delta(u64);

impl Delta {
    /// In parts of 10^15.
    pub(crate) fn parts(self) -> u64 {
        self.0
    }

    /// A sum of several, as text.
    pub(crate) fn sum(parts: u128) -> String {
        written(parts, DIGITS)
    }
}

impl fmt::Display for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Self::sum(self.0.into()))
    }
}

impl From<Delta> for String {
    fn from(delta: Delta) -> Self {
        delta.to_string()
    }
}

impl FromStr for Delta {
    type Err = Fixed;

    fn from_str(text: &str) -> Result<Self, Fixed> {
        let parts = in_parts(text, DIGITS).filter(|parts| (1..=MOST).contains(parts));
        parts.map(Self).ok_or(fixed!(
            "expected a decimal number such as 0.000001, above 0 and up to 0.01, with 15 decimals at most"
        ))
    }
}

impl TryFrom<String> for Delta {
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
        for (text, parts) in [
            ("0.000001", Some(1_000_000_000)),
            ("0.000000000000001", Some(1)),
            ("0.01", Some(10_000_000_000_000)),
            ("0.010000000000001", None),
            ("0.0000000000000001", None),
            ("0", None),
            ("0.", None),
            ("1e-6", None),
            ("-0.001", None),
            ("1", None),
            ("", None),
        ] {
            let read: Result<Delta, _> = text.parse();
            assert_eq!(read.ok().map(Delta::parts), parts, "{text}");
        }
        for text in ["0.000001", "0.000000000000001", "0.01"] {
            assert_eq!(text.parse::<Delta>().unwrap().to_string(), text);
        }
        assert_eq!(Delta::sum(3 * u128::from(PARTS) + 1), "3.000000000000001");
    }
}
