//! Random numbers of mean 0 in a known distribution, cut off on both sides at the same distance.

use crate::base::lang::Fixed;
use rand::{Rng, RngExt};
use serde::Deserialize;

/// How noise is distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Distribution {
    /// Of density exp(−|x| / b) / 2b, with b = standard deviation / √2.
    Laplace,
    /// The normal distribution.
    Gaussian,
    /// Every number up to √3 standard deviations from 0 is as likely as any other.
    Uniform,
}

impl TryFrom<String> for Distribution {
    type Error = Fixed;

    fn try_from(name: String) -> Result<Self, Fixed> {
        match name.as_str() {
            "laplace" => Ok(Self::Laplace),
            "gaussian" => Ok(Self::Gaussian),
            "uniform" => Ok(Self::Uniform),
            _ => Err(fixed!(
                "expected a distribution: \"laplace\", \"gaussian\" or \"uniform\""
            )),
        }
    }
}

impl Distribution {
    /// Draws a number from the distribution of that standard deviation, on condition that it is at
    /// most `most` away from 0. The condition is symmetric, so the mean stays 0; the standard
    /// deviation becomes less.
    pub(super) fn draw(self, deviation: f64, most: f64, random: &mut impl Rng) -> f64 {
        if most <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Uniform => {
                let end = most.min(deviation * 3.0_f64.sqrt());
                random.random_range(-end..=end)
            }
            Self::Laplace => {
                // The distance from 0 is exponential: the inverse of its distribution function, up to
                // what that is at `most`. (−expm1 and ln_1p are exact near 0.)
                let spread = deviation / 2.0_f64.sqrt();
                let share = -(-most / spread).exp_m1();
                let distance = -spread * (-share * random.random::<f64>()).ln_1p();
                either_sign(distance.min(most), random)
            }
            // Draws until one fits: two in three do, or more.
            Self::Gaussian if most >= deviation => loop {
                let number = deviation * standard_normal(random);
                if number.abs() <= most {
                    return number;
                }
            },
            // So near 0 the density is almost level: three in five fit, or more.
            Self::Gaussian => loop {
                let number = random.random_range(-most..=most);
                let density = (-(number / deviation).powi(2) / 2.0).exp();
                if random.random::<f64>() < density {
                    return number;
                }
            },
        }
    }
}

fn either_sign(number: f64, random: &mut impl Rng) -> f64 {
    if random.random() { number } else { -number }
}

/// A number from the standard normal distribution. (G. Marsaglia, T. A. Bray, *A Convenient Method
/// for Generating Normal Variables*, SIAM Review 6, 1964: the polar method.)
fn standard_normal(random: &mut impl Rng) -> f64 {
    loop {
        let x = random.random_range(-1.0..1.0_f64);
        let y = random.random_range(-1.0..1.0_f64);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Randomness;

    /// Draws of each case.
    const DRAWS: u32 = 100_000;

    /// The variance of a distribution of standard deviation 1, cut off at `most`, by adding up its
    /// density; and the fourth moment.
    fn moments(distribution: Distribution, most: f64) -> (f64, f64) {
        let density = |x: f64| match distribution {
            Distribution::Laplace => (-x * 2.0_f64.sqrt()).exp(),
            Distribution::Gaussian => (-x * x / 2.0).exp(),
            Distribution::Uniform => f64::from(u8::from(x <= 3.0_f64.sqrt())),
        };
        // Beyond 40 standard deviations nothing adds up.
        let (steps, end) = (100_000, most.min(40.0));
        let middles = (0..steps).map(|step| (f64::from(step) + 0.5) * end / f64::from(steps));
        let sums = middles.fold((0.0, 0.0, 0.0), |(all, second, fourth), x| {
            let share = density(x);
            (
                all + share,
                second + share * x.powi(2),
                fourth + share * x.powi(4),
            )
        });
        (sums.1 / sums.0, sums.2 / sums.0)
    }

    #[test]
    fn mean_variance_and_bounds_are_those_of_the_distribution() {
        let all = [
            Distribution::Laplace,
            Distribution::Gaussian,
            Distribution::Uniform,
        ];
        let mut random = Randomness::from_seed(7).stream("noise");
        for distribution in all {
            for most in [0.05, 0.7, 1.5, f64::INFINITY] {
                let deviation = 250.0;
                let (mut sum, mut squares) = (0.0, 0.0);
                for _ in 0..DRAWS {
                    let number = distribution.draw(deviation, most * deviation, &mut random);
                    assert!(number.abs() <= most * deviation, "{distribution:?} {most}");
                    sum += number / deviation;
                    squares += (number / deviation).powi(2);
                }
                let (variance, fourth) = moments(distribution, most);
                let draws = f64::from(DRAWS);
                // Five standard errors: a right distribution is off by more in one case of 1.7
                // million. That of the mean is σ/√n, that of the mean square √((μ4 − σ⁴)/n).
                let mean_error = (variance / draws).sqrt();
                let square_error = ((fourth - variance * variance) / draws).sqrt();
                let case = format!("{distribution:?} cut off at {most}");
                assert!(
                    (sum / draws).abs() < 5.0 * mean_error,
                    "{case}: mean {}",
                    sum / draws
                );
                let found = squares / draws;
                assert!(
                    (found - variance).abs() < 5.0 * square_error,
                    "{case}: variance {found} instead of {variance}"
                );
                if most == f64::INFINITY {
                    // What a rule's scale stands for.
                    assert!((variance - 1.0).abs() < 1e-3, "{case}: {variance}");
                }
            }
        }
    }

    #[test]
    fn without_room_there_is_no_noise() {
        let mut random = Randomness::from_seed(7).stream("noise");
        for distribution in [
            Distribution::Laplace,
            Distribution::Gaussian,
            Distribution::Uniform,
        ] {
            assert_eq!(distribution.draw(250.0, 0.0, &mut random), 0.0);
        }
    }
}
