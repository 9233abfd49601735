//! The least noisy count with which a cell is told that was not known beforehand.
//!
//! Let M be the table of all cells that somebody is in, each with a count of persons to which noise Z of scale s
//! was added, told if that reaches T. One person more is in c cells at most. In cells that others are in too, M is
//! ε-private, as with known cells: noise of scale c / ε hides that c counts move by 1, and which of these cells are
//! told follows from the noisy counts alone. Of the cells that nobody else is in, the table without the person
//! tells nothing, and the one with them tells anything at all with a probability of c · P(1 + Z ≥ T) at most. So these
//! parts of the two tables are within a total variation distance of δ of each other if
//!
//! ```text
//!   c · P(Z ≥ T − 1) ≤ δ
//! ```
//!
//! which is (0, δ)-privacy. Both parts are drawn independently, and basic composition of (ε, 0) and (0, δ) is
//! (ε, δ). Whatever else is told of a cell (sums, brackets) has its own part of ε and is told only with the count: had
//! it been drawn for all cells, leaving it away would be post-processing.
//!
//! For discrete Laplace noise with r = exp(−1 / s), P(Z ≥ m) = r^m / (1 + r) for whole m ≥ 0. As exp(−x) ≥ 1 − x,
//! 1 + r ≥ 2 − 1 / s, and 1 + r ≥ 1; so m = T − 1 is enough if
//!
//! ```text
//!   m ≥ s · ln( c / (δ · max(1, 2 − 1 / s)) )
//! ```
//!
//! The right side is worked out in whole numbers, each step of which rounds up: T is never too low, and at most one
//! or two above the least that would do.

use super::{Delta, Scale, delta};

/// How many binary digits logarithms have behind their point.
pub(super) const POINT: u32 = 60;

/// 2^60 ln 2 is 799 144 290 325 165 978.8…
const LN_2: u128 = 799_144_290_325_165_979;

/// The least noisy count of persons that may be told of a cell that was not known beforehand, where a person is in so many
/// cells at most; nothing if numbers are too large.
pub(crate) fn threshold(scale: Scale, cells: u32, delta: Delta) -> Option<u128> {
    let (numerator, denominator) = scale.ratio();
    // max(1, 2 − 1 / s), as a fraction of s's numerator.
    let one_and_ratio = numerator.max((2 * numerator).saturating_sub(denominator));
    let odds = u128::from(cells)
        .checked_mul(delta::PARTS.into())?
        .checked_mul(numerator)?;
    let of = u128::from(delta.parts()).checked_mul(one_and_ratio)?;
    let steps = ln_from_above(odds, of)?.checked_mul(numerator)?;
    let steps = steps.div_ceil(denominator.checked_mul(1 << POINT)?);
    Some(steps.max(1) + 1)
}

/// A bound from above of ln(numerator / denominator), in parts of 2^60; nothing if the ratio is below 1, or
/// the numbers are too large.
pub(super) fn ln_from_above(numerator: u128, denominator: u128) -> Option<u128> {
    if denominator == 0 || numerator < denominator || numerator >> 126 != 0 {
        return None;
    }
    // numerator = f · 2^doublings · denominator, with f from 1 up to 2.
    let mut doublings = denominator.leading_zeros() - numerator.leading_zeros();
    if denominator << doublings > numerator {
        doublings -= 1;
    }
    let mut low = denominator << doublings;
    let mut high = numerator;
    let bits = 128 - high.leading_zeros();
    if let Some(cut @ 1..) = bits.checked_sub(62) {
        // The ratio grows by it.
        high = (high >> cut) + 1;
        low >>= cut;
    }
    // ln f = 2 artanh(y), with y = (f − 1) / (f + 1), a third at most and a little: y + y³ / 3 + y⁵ / 5 + …
    let y = ((high - low) << POINT).div_ceil(high + low);
    let square = (y * y).div_ceil(1 << POINT);
    let (mut power, mut sum) = (y, 0);
    for odd in (1..60).step_by(2) {
        sum += power.div_ceil(odd);
        power = (power * square).div_ceil(1 << POINT);
    }
    // What is behind that is less than a geometric series of ratio 1/4.
    Some(2 * (sum + 2 * power) + u128::from(doublings) * LN_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_bounded_from_above_and_closely() {
        for (numerator, denominator) in [
            (1, 1),
            (2, 1),
            (3, 2),
            (999_999, 500_000),
            (1_000_001, 1_000_000),
            (10_u128.pow(37), 3),
            (10_u128.pow(30) - 1, 7 * 10_u128.pow(11)),
            (u128::from(u64::MAX), 1 << 40),
            (1 << 125, (1 << 124) + 1),
        ] {
            let expected = numerator as f64 / denominator as f64;
            let bound =
                ln_from_above(numerator, denominator).unwrap() as f64 / (1_u64 << POINT) as f64;
            let exact = expected.ln();
            assert!(
                bound >= exact - 1e-14 * (1.0 + exact) && bound < exact + 1e-13 * (1.0 + exact),
                "ln({numerator} / {denominator}): {bound} {exact}"
            );
        }
        assert_eq!(ln_from_above(1, 2), None);
        assert_eq!(ln_from_above(1, 0), None);
        assert_eq!(ln_from_above(u128::MAX, 1), None);
    }

    /// Against the distribution itself: enough, and not much more than that.
    #[test]
    fn the_threshold_is_enough_and_hardly_more() {
        for epsilon in [
            "0.000001", "0.01", "0.1", "0.333333333", "0.5", "1", "2.5", "10", "1000",
        ] {
            for delta in ["0.01", "0.000001", "0.000000000000001"] {
                for cells in [1_u32, 2, 7, 1000] {
                    let epsilon = epsilon.parse().unwrap();
                    let scale = Scale::new(cells.into(), epsilon).unwrap();
                    let told = threshold(scale, cells, delta.parse().unwrap()).unwrap();
                    let (size, share): (f64, f64) = (scale.approximate(), delta.parse().unwrap());
                    let ratio = (-1.0 / size).exp();
                    let likely = |m: f64| f64::from(cells) * (-m / size).exp() / (1.0 + ratio);
                    let m = (told - 1) as f64;
                    assert!(
                        likely(m) <= share * (1.0 + 1e-9),
                        "{epsilon} {delta} {cells}: {told}"
                    );
                    let less = m - 2.0 - m * 1e-9;
                    assert!(
                        told == 2 || likely(less) > share * (1.0 - 1e-6),
                        "{epsilon} {delta} {cells}: {told} is more than is needed"
                    );
                }
            }
        }
    }

    /// ε 1, δ a millionth, and one cell each: P(Z ≥ 14) = e^−14 / (1 + 1/e) = 6.1 × 10^−7, and P(Z ≥ 13) = 1.7 × 10^−6.
    #[test]
    fn the_textbook_case() {
        let scale = Scale::new(1, "1".parse().unwrap()).unwrap();
        assert_eq!(threshold(scale, 1, "0.000001".parse().unwrap()), Some(15));
    }
}
