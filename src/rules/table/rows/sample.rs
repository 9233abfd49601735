//! A share of the rows.

use serde::Deserialize;

use crate::base::lang::Fixed;

/// The chance of each row, as a share of 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Sample(pub(crate) u64);

/// How many decimals of a percentage are read.
const DECIMALS: usize = 4;

impl TryFrom<String> for Sample {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        let expected =
            fixed!("expected a share of the rows above 0 % and below 100 %, such as \"10%\"");
        let percent = text.trim().strip_suffix('%').ok_or(expected)?.trim_end();
        let (whole, decimals) = percent.split_once('.').unwrap_or((percent, "0"));
        let digits = [whole, decimals].concat();
        let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits || whole.is_empty() || !(1..=DECIMALS).contains(&decimals.len()) {
            return Err(expected);
        }
        let scale = 10_u128.pow((DECIMALS - decimals.len()) as u32);
        let parts: u128 = digits.parse().map_err(|_| expected)?;
        let of = 100 * 10_u128.pow(DECIMALS as u32);
        let parts = parts
            .checked_mul(scale)
            .filter(|parts| (1..of).contains(parts));
        let chance = parts.ok_or(expected)? * (1 << 64) / of;
        chance.try_into().map(Self).map_err(|_| expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_between_none_and_all() {
        for (text, share) in [
            ("10%", Some(0.1)),
            ("50 %", Some(0.5)),
            ("0.5%", Some(0.005)),
            ("99.9999%", Some(0.999_999)),
            ("0.0001%", Some(0.000_001)),
            ("0%", None),
            ("100%", None),
            ("0.00001%", None),
            ("1,5%", None),
            ("-1%", None),
            ("10", None),
            ("%", None),
            (".5%", None),
            ("5.%", None),
            ("99999999999999999999999999999999999999%", None),
        ] {
            let read = Sample::try_from(text.to_owned()).ok();
            let read = read.map(|Sample(chance)| chance as f64 / 2_f64.powi(64));
            match (read, share) {
                (Some(read), Some(share)) => {
                    assert!((read - share).abs() < 1e-12, "{text}: {read}")
                }
                (read, share) => assert_eq!(read, share, "{text}"),
            }
        }
    }
}
