//! Distinct texts of one form in a column: the draws that chance has had.
//!
//! However often a value is repeated, it is one draw. There may be more distinct ones than there is
//! room for, so those with the least hashes are held: a sample that depends neither on the order of
//! the rows nor on who counts which, and that is exact for columns of up to [`ROOM`] values.

use std::collections::BTreeMap;

use super::chance::is_proof;

/// How many distinct values are held.
const ROOM: usize = 2048;

/// What tells the values of a form apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Value {
    /// Stands for its letters and digits, whatever stands between them.
    hash: u64,
    /// The number that it is, if it is nothing but digits.
    number: Option<u64>,
}

impl Value {
    /// The value of a find.
    pub(super) fn of(text: &[u8]) -> Self {
        let (mut hash, mut number) = (0xcbf2_9ce4_8422_2325_u64, Some(0_u64));
        for byte in text.iter().filter(|byte| is_of_value(**byte)) {
            hash = (hash ^ u64::from(byte.to_ascii_uppercase())).wrapping_mul(0x0100_0000_01b3);
            let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
            number = digit.and_then(|digit| number?.checked_mul(10)?.checked_add(digit));
        }
        // All bits decide which values are held.
        let mixed = (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self {
            hash: (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9),
            number,
        }
    }
}

fn is_of_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// A value that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Draw {
    hit: bool,
    number: Option<u64>,
}

/// Distinct values of a form, [`ROOM`] at most.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    draws: BTreeMap<u64, Draw>,
    /// Values with greater hashes are not held.
    limit: Option<u64>,
}

impl Sample {
    pub(super) fn add(&mut self, value: Value, hit: bool) {
        let Value { hash, number } = value;
        self.put(hash, Draw { hit, number });
    }

    fn put(&mut self, hash: u64, draw: Draw) {
        if self.limit.is_some_and(|limit| hash > limit) {
            return;
        }
        let known = self.draws.entry(hash).or_insert(draw);
        // A find that counts elsewhere as something else is one of the form all the same.
        known.hit |= draw.hit;
        if self.draws.len() > ROOM {
            self.draws.pop_last();
            self.limit = self.draws.last_key_value().map(|(hash, _)| *hash);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if let Some(limit) = other.limit
            && self.limit.is_none_or(|own| limit < own)
        {
            self.limit = Some(limit);
            self.draws.retain(|hash, _| *hash <= limit);
        }
        for (hash, draw) in &other.draws {
            self.put(*hash, *draw);
        }
    }

    /// How many values there are, and how many of them are of the form.
    pub(super) fn counts(&self) -> (u64, u64) {
        let hits = self.draws.values().filter(|draw| draw.hit).count();
        (self.draws.len() as u64, hits as u64)
    }

    /// About how many distinct values the column has.
    fn distinct(&self) -> f64 {
        match self.limit {
            None => self.draws.len() as f64,
            Some(limit) => self.draws.len() as f64 / (limit as f64 / u64::MAX as f64),
        }
    }

    /// Whether the values of the form are numbers that were given one after the other, as orders
    /// are: then they are no independent draws. A tenth at either end may be something else.
    pub(super) fn is_consecutive(&self) -> bool {
        let hits = self.draws.values().filter(|draw| draw.hit);
        let mut numbers: Vec<u64> = hits.filter_map(|draw| draw.number).collect();
        numbers.sort_unstable();
        let (first, last) = (numbers.len() / 10, numbers.len() * 9 / 10);
        let (Some(low), Some(high)) = (numbers.get(first), numbers.get(last)) else {
            return false;
        };
        let width = (high - low) as f64;
        let share = (last - first) as f64 / self.draws.len() as f64;
        numbers.len() >= LEAST_SERIES && width < WIDEST && self.distinct() * share * SPARSE > width
    }

    /// Whether numbers of ten digits are smaller ones, padded with zeros: what follows the first zero
    /// is anything, another zero included, where telephone numbers are mostly mobile ones or those
    /// of one region, and have no second zero.
    pub(super) fn is_padded(&self) -> bool {
        let mut by_second = [0_u64; 10];
        let padded = self.draws.values().filter_map(|draw| draw.number);
        for number in padded.filter(|number| *number < 1_000_000_000) {
            let second = usize::try_from(number / 100_000_000).unwrap_or_default();
            if let Some(count) = by_second.get_mut(second) {
                *count += 1;
            }
        }
        let all: u64 = by_second.iter().sum();
        let [zeros, .., six, seven, _, _] = by_second;
        let mobile = is_proof(all, six + seven, 0.2);
        let mut digits = by_second.iter().skip(1);
        let regional = digits.any(|count| is_proof(all, *count, 0.1));
        all >= LEAST_SERIES as u64 && zeros * ZEROS >= all && !mobile && !regional
    }
}

/// One number in ten begins with two zeros by chance; one in so many is no accident.
const ZEROS: u64 = 40;

/// So many numbers are a series, ...
const LEAST_SERIES: usize = 20;

/// ... if they lie so close together: ten million are a series of that many orders, ...
const WIDEST: f64 = 1e7;

/// ... and one in so many numbers is taken. Of the telephone numbers of a town fewer are in one file.
const SPARSE: f64 = 100.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: impl Iterator<Item = (String, bool)>) -> Sample {
        let mut sample = Sample::default();
        for (value, hit) in values {
            sample.add(Value::of(value.as_bytes()), hit);
        }
        sample
    }

    /// Numbers below `most` that look drawn.
    fn drawn(seed: u64, most: u64) -> impl Iterator<Item = u64> {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) % most
        })
    }

    #[test]
    fn a_value_is_the_same_however_it_is_grouped() {
        for (one, other) in [
            ("06 12 34 56 78", "0612345678"),
            ("ab-123-cd", "AB 123 CD"),
            ("732.829.320", "732 829 320"),
        ] {
            assert_eq!(Value::of(one.as_bytes()), Value::of(other.as_bytes()));
        }
        assert_ne!(Value::of(b"0612345678"), Value::of(b"612345678"));
        assert_eq!(Value::of(b"AB-123").number, None);
        assert_eq!(Value::of(b"12 34").number, Some(1234));
    }

    #[test]
    fn repetitions_are_one_draw() {
        let repeated = (0..5000).map(|n| ((n % 5).to_string(), n % 5 == 0));
        assert_eq!(sample(repeated).counts(), (5, 1));
    }

    #[test]
    fn a_sample_is_the_same_however_rows_are_shared_out() {
        for distinct in [10, 2047, 2048, 2049, 20_000] {
            let rows = (0..30_000_u64).map(|row| row * 7919 % distinct);
            let values: Vec<(String, bool)> =
                rows.map(|n| (format!("{n:09}"), n % 10 == 0)).collect();
            let whole = sample(values.iter().cloned());
            for workers in [2, 3, 7] {
                let mut parts = vec![Sample::default(); workers];
                for (row, (value, hit)) in values.iter().enumerate() {
                    parts[row / 13 % workers].add(Value::of(value.as_bytes()), *hit);
                }
                let mut merged = Sample::default();
                parts.iter().rev().for_each(|part| merged.merge(part));
                assert_eq!(merged.draws, whole.draws, "{distinct} {workers}");
                assert_eq!(merged.limit, whole.limit, "{distinct} {workers}");
            }
            let (held, hits) = whole.counts();
            assert_eq!(held, distinct.min(2048));
            assert!(distinct < 2047 || (150..260).contains(&hits), "{hits}");
            let error = (whole.distinct() - distinct as f64).abs();
            assert!(error < 0.1 * distinct as f64, "{distinct}");
        }
    }

    #[test]
    fn series_are_told_from_draws() {
        let of = |numbers: &mut dyn Iterator<Item = u64>| {
            sample(numbers.map(|n| (format!("{n:010}"), true))).is_consecutive()
        };
        assert!(of(&mut (0..3000).map(|n| 100_000_000 + n)));
        assert!(of(&mut (0..30_000).map(|n| 123_000_000 + 7 * n)));
        assert!(of(&mut (0..30).map(|n| 612_000_000 + 3 * n)));
        // One typed wrongly is among them.
        assert!(of(&mut (0..300).map(|n| 612_000_000 + n).chain([1])));
        assert!(!of(&mut (0..10).map(|n| 612_000_000 + n)), "too few");
        assert!(!of(&mut drawn(3, 200_000_000)
            .take(5000)
            .map(|n| 600_000_000 + n)));
        // The customers of one town.
        assert!(!of(&mut drawn(4, 1_000_000)
            .take(2000)
            .map(|n| 472_000_000 + n)));
    }

    #[test]
    fn telephone_numbers_are_told_from_padded_ones() {
        let of = |numbers: &mut dyn Iterator<Item = u64>| {
            let number = |n| {
                (
                    format!("{n:010}"),
                    (100_000_000..1_000_000_000).contains(&n),
                )
            };
            sample(numbers.map(number)).is_padded()
        };
        assert!(of(&mut drawn(1, 999_999_999).take(3000)));
        assert!(of(&mut drawn(1, 999_999_999).take(60)));
        let mobile = |n: u64| 600_000_000 + n;
        assert!(!of(&mut drawn(2, 200_000_000).take(60).map(mobile)));
        let regional = |n: u64| 472_000_000 + n;
        assert!(!of(&mut drawn(3, 9_000_000).take(60).map(regional)));
        let any = |n: u64| 100_000_000 + n;
        assert!(!of(&mut drawn(3, 900_000_000).take(60).map(any)));
        // A few are wrong.
        let mixed = |n: u64| {
            if n.is_multiple_of(20) {
                n % 100_000_000
            } else {
                600_000_000 + n
            }
        };
        assert!(!of(&mut drawn(5, 200_000_000).take(200).map(mixed)));
    }
}
