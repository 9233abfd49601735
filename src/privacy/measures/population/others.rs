//! What quasi-identifiers beside the table's columns tell, as it is estimated.

use crate::privacy::hierarchy::ANY;
use crate::privacy::measures::persons::numbers;

/// The mean of 1 / (`size` + *Y*), *Y* negative binomial of this shape and chance: the integral of
/// *t*^(size − 1) · (*p* / (1 − (1 − *p*) *t*))^shape over *t* from 0 to 1, by Simpson's rule over the logarithm of what is
/// divided by, where it is smooth.
pub(super) fn mean_risk(size: f64, shape: f64, chance: f64) -> f64 {
    const STEPS: u32 = 256;
    let rest = 1.0 - chance;
    if rest < 1e-12 {
        return 1.0 / size;
    }
    let far = -chance.ln();
    let exponent = (1.0 - shape) * far;
    if size <= 1.0 && exponent.abs() < 500.0 {
        // It has a closed form.
        let ratio = match exponent.abs() < 1e-9 {
            true => 1.0,
            false => -(-exponent).exp_m1() / exponent,
        };
        return ((-shape * far).exp() * far * ratio / rest).min(1.0);
    }
    // Beyond that the integrand is nothing.
    let width = far.min(25.0 / (shape + (size - 1.0) * chance / rest).max(1e-9));
    let step = width / f64::from(STEPS);
    let at = |number: u32| {
        let back = f64::from(number) * step;
        let from_start = far - back;
        let log = match size <= 1.0 {
            true => 0.0,
            false => (-(-from_start).exp_m1() / rest).ln() * (size - 1.0),
        };
        (log - shape * back - from_start).exp()
    };
    let inner = (1..STEPS).map(|number| at(number) * if number % 2 == 1 { 4.0 } else { 2.0 });
    let sum = at(0) + at(STEPS) + inner.sum::<f64>();
    (sum * step / 3.0 / rest).min(1.0 / size)
}

/// What the labels beside the table's columns have in common.
pub(super) struct Others {
    /// By combination its number, if any of these labels tells something.
    of: Vec<Option<u32>>,
    sizes: Vec<f64>,
    shift: f64,
    all: f64,
}

impl Others {
    pub(super) fn new(
        quasi: &[Vec<Box<[u8]>>],
        beyond: &[usize],
        codes: &[u64],
        sizes: &[f64],
    ) -> Self {
        if beyond.is_empty() {
            return Self {
                of: Vec::new(),
                sizes: Vec::new(),
                shift: 0.0,
                all: 0.0,
            };
        }
        let any: Vec<Option<u64>> = beyond
            .iter()
            .map(|column| {
                let values = quasi.get(*column)?;
                let any = values.iter().position(|value| **value == *ANY);
                any.map(|at| at as u64)
            })
            .collect();
        let tells = codes.chunks_exact(beyond.len()).map(|own| {
            let mut labels = own.iter().zip(&any);
            labels.any(|(code, any)| Some(*code) != *any)
        });
        let of = numbers(codes, beyond.len());
        let mut sums = vec![0.0; of.iter().max().map_or(0, |most| *most as usize + 1)];
        for (number, size) in of.iter().zip(sizes) {
            if let Some(sum) = sums.get_mut(*number as usize) {
                *sum += size;
            }
        }
        let having = |wanted: f64| {
            sums.iter()
                .filter(|size| (**size - wanted).abs() < 0.5)
                .count() as f64
        };
        let once = having(1.0);
        let shift = 1.0 - 2.0 * having(2.0) / once.max(1.0);
        Self {
            shift: if once > 0.0 {
                shift.clamp(0.0, 0.9)
            } else {
                0.0
            },
            all: sizes.iter().sum(),
            of: of
                .into_iter()
                .zip(tells)
                .map(|(number, tells)| tells.then_some(number))
                .collect(),
            sizes: sums,
        }
    }

    /// The shape of a combination's rate, and how many persons it was learnt from.
    pub(super) fn of(&self, at: usize) -> Option<(f64, f64)> {
        let number = (*self.of.get(at)?)?;
        let size = self.sizes.get(number as usize)?;
        Some((size - self.shift, self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_risk_is_that_of_a_negative_binomial_number() {
        for (size, shape, chance) in [
            (1.0_f64, 1.0_f64, 0.1_f64),
            (1.0, 0.2, 0.01),
            (1.0, 400.0, 0.2),
            (1.0, 30.0, 0.4),
            (3.0, 2.5, 0.2),
            (12.0, 12.0, 0.5),
            (40.0, 200.0, 0.9),
        ] {
            // Term by term.
            let (mut mean, mut weight) = (0.0, chance.powf(shape));
            for number in 0..200_000 {
                let others = f64::from(number);
                mean += weight / (size + others);
                weight *= (shape + others) / (others + 1.0) * (1.0 - chance);
            }
            let found = mean_risk(size, shape, chance);
            assert!(
                (found - mean).abs() < 1e-6,
                "{size} {shape} {chance}: {found} {mean}"
            );
        }
        assert!((mean_risk(4.0, 2.0, 1.0) - 0.25).abs() < 1e-12);
    }
}
