//! What several tables of the same people come to, where each of them may be chosen by what those before it told.
//!
//! Basic composition adds up: tables of ε₁, ε₂, … come to Σ εᵢ, with a δ of Σ δᵢ. By zero-concentrated privacy (Bun, Steinke 2016) they
//! come to
//!
//! ```text
//!   ρ + 2 · √(ρ · ln(1 / δ′)),   ρ = Σ εᵢ² / 2
//! ```
//!
//! with a δ of Σ δᵢ + δ′: less than Σ εᵢ where many tables are small. Of a budget (E, D) a tenth of D is
//! [`kept()`] as δ′, and Σ δᵢ must be no more than the rest. Then a table may be drawn if *either* of the two, with
//! this table, is E at most.
//!
//! *Why either is enough.* Let each table be a mechanism that is εᵢ-private but for a part of probability δᵢ, in which
//! it may do anything, and L the sum of the losses of the parts that are private. All four sums only grow. So
//! on a path on which the last table was allowed by Σ εᵢ, Σ εᵢ ≤ E held throughout, and L ≤ E surely. On any other
//! path ρ was no more than R, the greatest ρ that comes to E, throughout; stopped before ρ would exceed R, the tables
//! are R-concentrated though each was chosen by those before it (Feldman, Zrnic 2021; Whitehouse et al. 2023),
//! so L > E has a probability of δ′ at most, on all of these paths together. Whatever the path, parts that may do anything have
//! Σ δᵢ ≤ D − δ′. Both together are (E, D)-privacy.
//!
//! δ′ must be kept on *all* paths. If Σ εᵢ ≤ E allowed the whole D, somebody could spend all of it where L is far below
//! E, and go on by ρ where it is near: then more than D could happen, by up to δ′.
//!
//! Everything is in whole numbers, and rounds up at each step.

use super::threshold::ln_from_above;
use super::{Delta, delta};

/// How many binary digits the logarithm has behind its point here.
const POINT: u32 = 32;

/// Billionths in 1.
const NANO: u128 = 1_000_000_000;

/// How much of a budget's δ is kept, in parts of 10^15.
pub(crate) fn kept(budget: Delta) -> u64 {
    budget.parts().div_ceil(10)
}

/// What tables come to of which Σ ε² is so much, in parts of 10^18: in billionths, and never too little. Nothing if the
/// numbers are too large.
pub(crate) fn by_zcdp(squares: u128, kept: u64) -> Option<u128> {
    let ln = ln_from_above(delta::PARTS.into(), kept.into())?;
    let ln = ln.div_ceil(1 << (super::threshold::POINT - POINT));
    // 4 ρ ln(1 / δ′), in parts of 10^18.
    let square = squares.checked_mul(2)?.checked_mul(ln)?;
    let square = square.div_ceil(1 << POINT);
    let root = square.isqrt();
    let root = root + u128::from(root * root < square);
    squares.div_ceil(2 * NANO).checked_add(root)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same with floating point.
    fn expected(epsilons: &[f64], kept: f64) -> f64 {
        let rho: f64 = epsilons.iter().map(|epsilon| epsilon * epsilon / 2.0).sum();
        rho + 2.0 * (rho * (1.0 / kept).ln()).sqrt()
    }

    fn composed(nano: &[u64], kept: u64) -> Option<f64> {
        let squares = nano.iter().map(|nano| u128::from(*nano).pow(2)).sum();
        by_zcdp(squares, kept).map(|nano| nano as f64 / NANO as f64)
    }

    #[test]
    fn a_tenth_is_kept_and_never_nothing() {
        for (budget, parts) in [
            ("0.00001", 1_000_000_000),
            ("0.000000000000001", 1),
            ("0.000000000000011", 2),
        ] {
            assert_eq!(kept(budget.parse().unwrap()), parts, "{budget}");
        }
    }

    /// 200 tables of 0.1, δ′ a millionth: ρ = 1, and 1 + 2 √13.815511 = 8.433845, where the sum is 20.
    #[test]
    fn the_textbook_case() {
        let nano = [100_000_000; 200];
        let composed = composed(&nano, 1_000_000_000).unwrap();
        assert!((composed - 8.433_845).abs() < 1e-6, "{composed}");
        // One table is cheaper by itself.
        assert!(by_zcdp(10_u128.pow(18), 1_000_000_000) > Some(NANO));
        assert_eq!(by_zcdp(0, 1), Some(0));
        assert_eq!(by_zcdp(u128::MAX, 1), None);
    }

    proptest! {
        #[test]
        fn it_is_never_below_the_formula_and_hardly_above(
            nano in prop::collection::vec(1_000..1_000_000_000_000_u64, 1..40),
            kept in prop_oneof![1..1_000_u64, 1..10_u64.pow(12)],
        ) {
            let epsilons: Vec<f64> = nano.iter().map(|nano| *nano as f64 / NANO as f64).collect();
            let expected = expected(&epsilons, kept as f64 / delta::PARTS as f64);
            let composed = composed(&nano, kept).unwrap();
            prop_assert!(composed >= expected * (1.0 - 1e-12), "{} {}", composed, expected);
            prop_assert!(composed <= expected * (1.0 + 1e-9) + 3e-9, "{} {}", composed, expected);
        }
    }
}
