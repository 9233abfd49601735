//! Quantiles that are read from noisy counts of an amount's brackets, and how far off they may be.
//!
//! Let F(b) be how many values there are up to bracket b, N all of them, and q the quantile's level. The quantile is the
//! least b with G(b) = F(b) − q N ≥ 0. What is known is Ĝ, the same of the noisy counts. Its noise is
//! (1 − q) times the noise of the brackets up to b, less q times the noise of those behind it: of so many draws each, whose
//! half-widths are known.
//!
//! The quantile is told as the middle between the first bracket where Ĝ is not below zero and the one behind the last where
//! it is. Brackets that it may be are those with Ĝ(b) ≥ −w(b) and Ĝ(b − 1) < w(b − 1), where the noise of Ĝ(b) is above w(b)
//! in 2.5 of 100 cases at most, and below −w(b) in as many: each of its two parts is beyond its own half-width of 97.5 % in
//! 1.25 of 100 on that side. The true one is among them in 95 of 100 cases.

use std::collections::HashMap;

use super::{Figure, Measure, NoisyTable};
use crate::privacy::aggregate::told::Level;
use crate::privacy::differential::{Scale, half_width};

/// The half-widths, of 97.5 %, of the first brackets together: by margin, and by how many brackets.
#[derive(Debug)]
pub(super) struct Widths(Vec<Vec<i128>>);

impl Widths {
    /// Of so many brackets, whose noise has so many draws each.
    pub(super) fn new(scale: Scale, draws: &[u64], brackets: usize) -> Self {
        let mut known = HashMap::new();
        let mut of = |draws: u64| -> i128 {
            let draws = from_above(draws);
            *known
                .entry(draws)
                .or_insert_with(|| half_width(scale, draws, 0.025))
        };
        let widths = draws.iter().map(|draws| {
            let together = 0..=brackets as u64;
            together.map(|brackets| of(draws * brackets)).collect()
        });
        Self(widths.collect())
    }

    fn of(&self, mask: usize, brackets: usize) -> i128 {
        let widths = self.0.get(mask).and_then(|widths| widths.get(brackets));
        widths.copied().unwrap_or(i128::MAX / 4_000)
    }
}

/// A number of draws that is not below this one and a sixteenth above it at most: more draws are wider, and few widths
/// have to be worked out.
fn from_above(draws: u64) -> u64 {
    let bits = u64::BITS - draws.leading_zeros();
    let step = 1_u64 << bits.saturating_sub(5);
    draws.div_ceil(step) * step
}

impl NoisyTable<'_> {
    /// A quantile of an amount in a place, in cents. Nothing if there are no values by the noisy counts.
    pub(crate) fn quantile(&self, amount: usize, level: Level, place: usize) -> Option<Figure> {
        let at = self.mechanism(Measure::InBrackets(amount))?;
        let brackets = self.data.brackets(amount)?;
        let start = place * brackets.count;
        let counts = self.drawn.get(at)?.get(start..start + brackets.count)?;
        let (widths, mask) = (self.bracket_widths.get(at)?.as_ref()?, self.mask(place));
        let width = |before: usize| {
            let (first, rest) = (
                widths.of(mask, before),
                widths.of(mask, brackets.count - before),
            );
            (1000 - level.thousandths()) * first + level.thousandths() * rest
        };
        let (told, off) = read(counts, level.thousandths(), width)?;
        let (own, round) = (brackets.amount(told), i128::from(brackets.round));
        Some(Figure {
            value: own,
            // And by as much as rounding to brackets hides.
            half_width: off as i128 * round + (round + 1) / 2,
        })
    }
}

/// Which bracket a quantile is in by noisy counts, and how many brackets it may be off. `width` bounds a thousand times the
/// noise of the counts of so many brackets.
fn read(
    counts: &[i128],
    thousandths: i128,
    width: impl Fn(usize) -> i128,
) -> Option<(usize, usize)> {
    let total: i128 = counts.iter().sum();
    if total <= 0 {
        return None;
    }
    let (mut up_to, mut before) = (0_i128, None);
    let (mut first, mut last) = (None, 0);
    let mut may_be: Option<(usize, usize)> = None;
    for (at, count) in counts.iter().enumerate() {
        up_to += count;
        let above = 1000 * up_to - thousandths * total;
        let reach = width(at + 1);
        if above >= 0 {
            first.get_or_insert(at);
        } else {
            last = at + 1;
        }
        let starts = before.is_none_or(|(above, reach)| above < reach);
        if above >= -reach && starts {
            may_be = Some((may_be.map_or(at, |(low, _)| low), at));
        }
        before = Some((above, reach));
    }
    let most = counts.len() - 1;
    let told = ((first.unwrap_or(most) + last) / 2).min(most);
    let (low, high) = may_be.unwrap_or((0, most));
    Some((told, told.abs_diff(low).max(told.abs_diff(high))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_noise_quantiles_are_the_exact_ones() {
        for (counts, thousandths, expected) in [
            (&[0, 5, 0, 5, 0][..], 500, 1),
            (&[0, 5, 0, 5, 0], 501, 3),
            (&[1, 1, 1, 1], 250, 0),
            (&[1, 1, 1, 1], 750, 2),
            (&[1, 1, 1, 1], 999, 3),
            (&[0, 0, 0, 9], 1, 3),
        ] {
            assert_eq!(
                read(counts, thousandths, |_| 0),
                Some((expected, 0)),
                "{counts:?} {thousandths}"
            );
        }
        assert_eq!(read(&[0, 0], 500, |_| 0), None);
        assert_eq!(read(&[3, -3, -1], 500, |_| 0), None);
    }

    #[test]
    fn what_noise_may_hide_is_told() {
        // 10 below, 10 in each of two, 10 above; the middle is in doubt.
        assert_eq!(read(&[10, 10, 10, 10], 500, |_| 1), Some((1, 1)));
        assert_eq!(read(&[10, 10, 10, 10], 500, |_| 20_000), Some((1, 2)));
        // Negative counts go back and forth over the middle: told is what is between.
        assert_eq!(
            read(&[10, 4, -6, 3, 9], 500, |_| 0).map(|(told, _)| told),
            Some(1)
        );
    }

    #[test]
    fn draws_are_taken_as_a_few_more() {
        for draws in 0..5_000 {
            let taken = from_above(draws);
            assert!(
                taken >= draws && taken * 16 <= draws * 17 + 16,
                "{draws}: {taken}"
            );
        }
        assert_eq!([0, 1, 31, 33, 1_000].map(from_above), [0, 1, 31, 34, 1_024]);
    }
}
