//! The discrete Laplace distribution, drawn exactly: Canonne, Kamath and Steinke, *The Discrete Gaussian for
//! Differential Privacy*, 2020, algorithms 1 and 2.

use super::{Chance, Epsilon};
use crate::privacy::error::Error;

/// A scale as a fraction in lowest terms: `z` is drawn with a probability in proportion to exp(−|z| / scale).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    numerator: u128,
    denominator: u128,
}

impl Scale {
    /// What a figure that moves by so much with one person needs for this ε; nothing if that is too much to be
    /// reckoned with.
    pub(crate) fn new(sensitivity: u128, epsilon: Epsilon) -> Option<Self> {
        const PARTS: u128 = 1_000_000_000;
        let numerator = sensitivity.checked_mul(PARTS)?;
        let denominator = u128::from(epsilon.nano());
        let common = common_divisor(numerator, denominator);
        // So that a draw may be a million times the scale and more.
        let fits = numerator < 1 << 100 && denominator > 0 && numerator > 0;
        fits.then(|| Self {
            numerator: numerator / common,
            denominator: denominator / common,
        })
    }

    /// Numerator and denominator.
    pub(super) fn ratio(self) -> (u128, u128) {
        (self.numerator, self.denominator)
    }

    pub(super) fn approximate(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

fn common_divisor(one: u128, other: u128) -> u128 {
    match other {
        0 => one.max(1),
        _ => common_divisor(other, one % other),
    }
}

/// Draws a whole number of this scale.
pub(crate) fn laplace(scale: Scale, chance: &mut impl Chance) -> Result<i128, Error> {
    let Scale {
        numerator,
        denominator,
    } = scale;
    loop {
        let within = chance.below(numerator)?;
        if !happens_exp(within, numerator, chance)? {
            continue;
        }
        let mut times = 0_u128;
        while happens_exp(1, 1, chance)? {
            times += 1;
        }
        let length = numerator.checked_mul(times);
        let length = length.and_then(|length| length.checked_add(within));
        let size = length.ok_or(Error::NoiseTooLarge)? / denominator;
        let is_negative = chance.happens(1, 2)?;
        if is_negative && size == 0 {
            // Else nothing would come twice as often as it is to.
            continue;
        }
        let size = i128::try_from(size).map_err(|_| Error::NoiseTooLarge)?;
        return Ok(if is_negative { -size } else { size });
    }
}

/// Whether something happens that has the probability exp(−numerator / denominator), which is from 1/e to 1.
fn happens_exp(
    numerator: u128,
    denominator: u128,
    chance: &mut impl Chance,
) -> Result<bool, Error> {
    let mut round = 1_u128;
    // Both events together have the probability γ / round.
    while chance.happens(numerator, denominator)? && chance.happens(1, round)? {
        round += 1;
    }
    Ok(round % 2 == 1)
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha12Rng;
    use rand::{Rng as _, SeedableRng as _};

    use super::*;
    use crate::base::error::SystemError;

    /// The same words each time, for tests.
    struct Fixed(ChaCha12Rng);

    impl Chance for Fixed {
        fn word(&mut self) -> Result<u64, SystemError> {
            Ok(self.0.next_u64())
        }
    }

    fn fixed(seed: u64) -> Fixed {
        Fixed(ChaCha12Rng::seed_from_u64(seed))
    }

    /// Goes one way at each event, as a path says, and reckons up how likely that way is.
    struct Path {
        happens: Vec<bool>,
        at: usize,
        likely: f64,
    }

    impl Chance for Path {
        fn word(&mut self) -> Result<u64, SystemError> {
            unreachable!("only events are asked for")
        }

        fn happens(&mut self, numerator: u128, denominator: u128) -> Result<bool, SystemError> {
            let share = numerator as f64 / denominator as f64;
            // Beyond the path nothing happens, which ends it.
            let happens = self.happens.get(self.at).copied().unwrap_or(false);
            self.at += 1;
            self.likely *= if happens { share } else { 1.0 - share };
            Ok(happens)
        }
    }

    /// The probabilities of all ways that end in yes, added up.
    #[test]
    fn exp_happens_with_its_exact_probability() {
        for (numerator, denominator) in [
            (0, 1),
            (1, 1),
            (1, 2),
            (1, 3),
            (2, 3),
            (9, 10),
            (1, 1_000_000),
            (999, 1000),
        ] {
            let mut yes = 0.0;
            // So many events happen, and then one does not.
            for happening in 0..60 {
                let mut path = Path {
                    happens: vec![true; happening],
                    at: 0,
                    likely: 1.0,
                };
                if happens_exp(numerator, denominator, &mut path).unwrap() {
                    yes += path.likely;
                }
            }
            let expected = (-(numerator as f64) / denominator as f64).exp();
            assert!(
                (yes - expected).abs() < 1e-14,
                "exp(-{numerator}/{denominator}): {yes}, {expected}"
            );
        }
    }

    fn scale(sensitivity: u128, epsilon: &str) -> Scale {
        Scale::new(sensitivity, epsilon.parse().unwrap()).unwrap()
    }

    #[test]
    fn scales_are_in_lowest_terms() {
        for (sensitivity, epsilon, numerator, denominator) in [
            (1, "1", 1, 1),
            (1, "0.1", 10, 1),
            (3, "0.5", 6, 1),
            (2, "3", 2, 3),
            (
                10_000_000,
                "0.333333333",
                10_000_000_000_000_000,
                333_333_333,
            ),
        ] {
            let expected = Scale {
                numerator,
                denominator,
            };
            assert_eq!(
                scale(sensitivity, epsilon),
                expected,
                "{sensitivity} / {epsilon}"
            );
        }
        let epsilon = "1".parse().unwrap();
        assert_eq!(Scale::new(0, epsilon), None);
        assert_eq!(Scale::new(1 << 90, epsilon), None);
        assert_eq!(Scale::new(u128::MAX, epsilon), None);
    }

    /// χ² of draws against the distribution, at a level that chance alone passes once in a million.
    #[test]
    fn draws_have_the_distribution() {
        const DRAWS: u32 = 20_000;
        for (sensitivity, epsilon) in [
            (1, "3"),
            (1, "2"),
            (1, "1"),
            (2, "0.7"),
            (1, "0.05"),
            (5_000, "0.9"),
        ] {
            let own = scale(sensitivity, epsilon);
            let ratio = (-1.0 / own.approximate()).exp();
            // P(z) = (1 − r) / (1 + r) r^|z|, in bins of some width.
            let step = (own.approximate() / 2.0).ceil() as i128;
            let tail = |from: i128| ratio.powf(from as f64) / (1.0 + ratio);
            let most = 12;
            let mut counts = vec![0_u32; 2 * most + 1];
            let mut chance = fixed(7);
            for _ in 0..DRAWS {
                let drawn = laplace(own, &mut chance).unwrap();
                let bin = drawn.div_euclid(step).clamp(-(most as i128), most as i128);
                counts[usize::try_from(bin + most as i128).unwrap()] += 1;
            }
            // P(Z < z), and P(Z ≥ z) = 1 − that.
            let below = |z: i128| match z > 0 {
                true => 1.0 - tail(z),
                false => tail(1 - z),
            };
            let (mut chi, mut bins) = (0.0, 0.0_f64);
            for (at, count) in counts.iter().enumerate() {
                let from = (at as i128 - most as i128) * step;
                let low = if at == 0 { 0.0 } else { below(from) };
                let high = if at == 2 * most {
                    1.0
                } else {
                    below(from + step)
                };
                let expected = f64::from(DRAWS) * (high - low);
                if expected >= 5.0 {
                    chi += (f64::from(*count) - expected).powi(2) / expected;
                    bins += 1.0;
                }
            }
            let free = bins - 1.0;
            let limit = free + 5.0 * (2.0 * free).sqrt() + 8.0;
            assert!(
                bins >= 3.0 && chi < limit,
                "{sensitivity} / {epsilon}: {chi} of {bins} bins"
            );
        }
    }

    #[test]
    fn large_scales_are_drawn_whole() {
        let own = scale(10_u128.pow(19), "0.000001");
        let mut chance = fixed(1);
        let drawn: Vec<i128> = (0..50)
            .map(|_| laplace(own, &mut chance).unwrap())
            .collect();
        let mean = drawn
            .iter()
            .map(|drawn| drawn.unsigned_abs() as f64)
            .sum::<f64>()
            / 50.0;
        assert!(mean / own.approximate() > 0.3 && mean / own.approximate() < 3.0);
        assert!(drawn.iter().any(|drawn| *drawn < 0) && drawn.iter().any(|drawn| *drawn > 0));
        assert!(drawn.iter().any(|drawn| drawn % 2 != 0));
    }
}
