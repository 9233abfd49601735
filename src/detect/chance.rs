//! Whether so many of a column's values pass for a form by chance.

/// A form is proven where its finds have a smaller probability than this to be chance.
const RARE: f64 = 1e-6;

/// Whether `hits` of so many `values` prove a form that each passes for with the probability
/// `chance` if it is nothing of the kind.
pub(super) fn is_proof(values: u64, hits: u64, chance: f64) -> bool {
    ln_tail(values, hits, chance) < RARE.ln()
}

/// Whether so many values are enough for [`is_proof`] if all of them are hits.
pub(super) fn can_prove(values: u64, chance: f64) -> bool {
    is_proof(values, values, chance)
}

/// The natural logarithm of the probability that of so many `values` at least `hits` pass, each with
/// the probability `chance` by itself: the upper tail of the binomial distribution. The terms are
/// added up relative to the first, so that none is too small for a number.
pub(super) fn ln_tail(values: u64, hits: u64, chance: f64) -> f64 {
    let (n, h) = (values as f64, hits as f64);
    if hits == 0 || chance >= 1.0 {
        return 0.0;
    }
    if hits > values || chance <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if h <= n * chance {
        // Half of the distribution or so: nothing is proven, and one is an upper bound.
        return 0.0;
    }
    let ways: f64 = (1..=hits.min(values - hits))
        .map(|k| ((n - k as f64 + 1.0) / k as f64).ln())
        .sum();
    let first = ways + h * chance.ln() + (n - h) * (-chance).ln_1p();
    let odds = chance / (1.0 - chance);
    let (mut term, mut sum) = (1.0_f64, 1.0_f64);
    for k in hits..values {
        term *= (n - k as f64) / (k as f64 + 1.0) * odds;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    first + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values, hits, the chance as a fraction, and the tail's logarithm, made with exact fractions:
    ///
    /// ```python
    /// from fractions import Fraction as F
    /// from math import comb, log
    /// def tail(n, h, p): return sum(comb(n, k) * p**k * (1 - p)**(n - k) for k in range(h, n + 1))
    /// def ln(x): return log(x.numerator) - log(x.denominator)
    /// ```
    const CASES: &[(u64, u64, (f64, f64), f64)] = &[
        (1, 1, (1.0, 10.0), -std::f64::consts::LN_10),
        (2, 2, (1.0, 10.0), -4.605170185988092),
        (7, 7, (1.0, 10.0), -16.11809565095832),
        (7, 6, (1.0, 10.0), -11.959212567598648),
        (20, 12, (1.0, 10.0), -16.66025406215996),
        (100, 30, (1.0, 10.0), -17.52658971639778),
        (1000, 165, (1.0, 10.0), -22.608448902554755),
        (1000, 101, (1.0, 10.0), -0.7478126412511301),
        (2048, 300, (1.0, 10.0), -24.49425987453833),
        (2048, 2048, (1.0, 10.0), -4715.694270451805),
        (200, 90, (1.0, 97.0), -278.0946553004994),
        (200, 4, (1.0, 97.0), -1.8753604620775377),
        (200, 12, (1.0, 97.0), -13.427663104933345),
        (2048, 90, (1.0, 97.0), -65.68311337686828),
        (5, 1, (1.0, 97.0), -2.985891255283736),
        (50, 9, (3.0, 20.0), -1.1029237437151664),
        (120, 60, (3.0, 20.0), -42.83304671830143),
        (40, 40, (31.0, 50.0), -19.121432037720012),
        (40, 30, (31.0, 50.0), -2.8134614681959533),
        (200, 170, (31.0, 50.0), -27.96167593538928),
        (2048, 1400, (31.0, 50.0), -20.605334127473725),
        (14, 14, (7.0, 20.0), -14.697509742981488),
        (60, 40, (7.0, 20.0), -14.340408460222335),
        (30, 3, (1.0, 20.0), -1.6722649025273455),
        (500, 60, (1.0, 20.0), -21.283156158163138),
    ];

    #[test]
    fn tails_are_those_of_exact_fractions() {
        for (values, hits, (part, whole), expected) in CASES {
            let tail = ln_tail(*values, *hits, part / whole);
            let error = (tail - expected).abs();
            assert!(
                error <= 1e-9 * expected.abs().max(1.0),
                "{hits} of {values} at {part}/{whole}: {tail}, expected {expected}"
            );
        }
    }

    #[test]
    fn tails_grow_smaller_with_each_hit_and_are_probabilities() {
        for (values, chance) in [(1, 0.5), (9, 0.1), (200, 1.0 / 97.0), (2048, 0.62)] {
            let tails: Vec<f64> = (0..=values)
                .map(|hits| ln_tail(values, hits, chance))
                .collect();
            assert!(tails.iter().all(|tail| *tail <= 0.0), "{values} {chance}");
            let falls = tails.iter().zip(tails.iter().skip(1));
            assert!(
                falls.clone().all(|(more, less)| less <= more),
                "{values} {chance}"
            );
        }
        assert_eq!(ln_tail(3, 4, 0.1), f64::NEG_INFINITY);
        assert_eq!(ln_tail(3, 0, 0.1), 0.0);
        assert_eq!(ln_tail(3, 3, 1.0), 0.0);
    }

    #[test]
    fn what_is_proof() {
        for (case, values, hits, chance, proof) in [
            ("90 keys among 110 others", 200, 90, 1.0 / 97.0, true),
            ("as many keys as by chance", 200, 4, 1.0 / 97.0, false),
            ("one in ten of a thousand", 1000, 110, 0.1, false),
            ("one in six of a thousand", 1000, 165, 0.1, true),
            ("six of six", 6, 6, 0.1, false),
            ("seven of seven", 7, 7, 0.1, true),
            ("three in five codes", 200, 130, 0.62, false),
            ("all plates", 40, 40, 0.62, true),
        ] {
            assert_eq!(is_proof(values, hits, chance), proof, "{case}");
        }
        assert!(can_prove(7, 0.1) && !can_prove(6, 0.1));
    }
}
