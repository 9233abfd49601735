//! How far from the truth a noisy figure is, at most, in so many of a hundred cases.
//!
//! That depends on the distribution of the noise alone, and on nobody's data.

use std::f64::consts::PI;

use super::Scale;

/// The points of the integral.
const POINTS: u32 = 8192;

/// The least whole number that the sum of so many draws exceeds, on either side, with this probability at most.
pub(crate) fn half_width(scale: Scale, draws: u64, probability: f64) -> i128 {
    let scale = scale.approximate();
    match draws {
        0 => 0,
        1 => of_one(scale, probability),
        _ => of_sum(scale, draws as f64, probability),
    }
}

/// P(|Z| > t) = 2 r^(t + 1) / (1 + r), with r = exp(−1 / scale).
fn of_one(scale: f64, probability: f64) -> i128 {
    let ratio = (-1.0 / scale).exp();
    let beyond = -(probability * (1.0 + ratio) / 2.0).ln() * scale - 1.0;
    (beyond - 1e-9).ceil().max(0.0) as i128
}

/// From the characteristic function φ of one draw: P(|S| ≤ t) = 1/π ∫ φ(u)^n sin((t + ½) u) / sin(u / 2) du,
/// from 0 to π.
fn of_sum(scale: f64, draws: f64, probability: f64) -> i128 {
    // 1 − r, and from it φ(u) = 1 / (1 + 4 r sin²(u / 2) / (1 − r)²).
    let rest = -(-1.0 / scale).exp_m1();
    let power = |u: f64| {
        let sine = (u / 2.0).sin();
        -draws * (4.0 * (1.0 - rest) * sine * sine / (rest * rest)).ln_1p()
    };
    // Where nothing of it is left.
    let mut end = PI;
    while power(end / 2.0) < -25.0 {
        end /= 2.0;
    }
    let step = end / f64::from(POINTS);
    let points: Vec<(f64, f64)> = (0..POINTS)
        .map(|at| {
            let u = (f64::from(at) + 0.5) * step;
            (u, power(u).exp() / (u / 2.0).sin() * step / PI)
        })
        .collect();
    let within = |t: f64| -> f64 {
        let parts = points.iter().map(|(u, part)| part * ((t + 0.5) * u).sin());
        parts.sum()
    };
    // Chebyshev's inequality bounds it.
    let deviation = (2.0 * draws * (1.0 - rest)).sqrt() / rest;
    let (mut low, mut high) = (-1.0, (deviation / probability.sqrt()).ceil());
    while high - low > (high * 1e-7).max(1.0) {
        let middle = ((low + high) / 2.0).floor();
        match within(middle) >= 1.0 - probability {
            true => high = middle,
            false => low = middle,
        }
    }
    high as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The probabilities of −far … far, of one draw.
    fn of_draw(scale: f64, far: usize) -> Vec<f64> {
        let ratio = (-1.0 / scale).exp();
        let size = |at: usize| at.abs_diff(far) as f64;
        (0..=2 * far)
            .map(|at| (1.0 - ratio) / (1.0 + ratio) * ratio.powf(size(at)))
            .collect()
    }

    /// The probabilities of the sum of two.
    fn sum(one: &[f64], other: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; one.len() + other.len() - 1];
        for (at, likely) in one.iter().enumerate() {
            for (further, too) in other.iter().enumerate() {
                sums[at + further] += likely * too;
            }
        }
        sums
    }

    /// Held against probabilities that are added up one by one.
    #[test]
    fn the_width_is_the_least_that_is_enough() {
        for (sensitivity, epsilon, draws) in [
            (1_u128, "10", 1_u64),
            (1, "1", 1),
            (1, "0.25", 1),
            (1, "3", 2),
            (1, "0.5", 2),
            (2, "0.4", 3),
            (1, "1", 7),
            (1, "1", 16),
            (1, "20", 40),
        ] {
            let scale = Scale::new(sensitivity, epsilon.parse().unwrap()).unwrap();
            let far = (scale.approximate() * 26.0).ceil() as usize + 4;
            let one = of_draw(scale.approximate(), far);
            let all = (1..draws).fold(one.clone(), |sums, _| sum(&sums, &one));
            let middle = all.len() / 2;
            for probability in [0.05, 0.025] {
                let within = |t: usize| all[middle - t..=middle + t].iter().sum::<f64>();
                let expected = (0..middle).find(|t| within(*t) >= 1.0 - probability);
                let expected = i128::try_from(expected.unwrap()).unwrap();
                assert_eq!(
                    half_width(scale, draws, probability),
                    expected,
                    "{sensitivity} / {epsilon}, {draws} draws, {probability}"
                );
            }
        }
    }

    #[test]
    fn many_draws_of_a_large_scale_are_nearly_normal() {
        let scale = Scale::new(5_000_000, "0.5".parse().unwrap()).unwrap();
        for draws in [100_u64, 10_000, 1_000_000] {
            let normal = 1.959_964 * scale.approximate() * (2.0 * draws as f64).sqrt();
            let width = half_width(scale, draws, 0.05) as f64;
            assert!(
                (width / normal - 1.0).abs() < 0.005,
                "{draws}: {width} {normal}"
            );
        }
    }
}
