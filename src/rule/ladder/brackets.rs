//! Numbers and intervals of numbers, generalised to wider intervals.

use super::{Ladder, Step, Steps, Uncovered};

/// How the intervals of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rule) enum Style {
    /// The values are intervals `LO-HI` with LO ≤ x < HI, and stay so.
    Intervals,
    /// The values are years; `1980-1989` holds both.
    Years,
    /// The values are numbers: whole ones make `5-9`, which holds both; where one has a fraction,
    /// `5-10` holds all from 5 to less than 10.
    Numbers,
}

/// A ladder of intervals, each step wider than the one before.
#[derive(Debug)]
pub(in crate::rule) struct Brackets {
    style: Style,
    /// The widths; `None` chooses them from the column's least and greatest number.
    widths: Option<Vec<u64>>,
}

impl Brackets {
    /// Intervals of these widths, or of widths that suit the numbers.
    pub(in crate::rule) fn new(style: Style, widths: Option<Vec<u64>>) -> Self {
        Self { style, widths }
    }

    /// The lower end of a value, and whether there is a fraction behind it.
    fn lower(&self, value: &[u8]) -> Option<(i64, bool)> {
        match self.style {
            Style::Intervals => Some((lower_of_interval(value)?, false)),
            Style::Years | Style::Numbers => floor(value),
        }
    }
}

impl Ladder for Brackets {
    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        let numbers: Vec<(i64, bool)> = values
            .iter()
            .filter_map(|value| self.lower(value))
            .collect();
        let fractions = numbers.iter().any(|(_, fraction)| *fraction);
        let ends = || {
            let (least, most) = (numbers.iter().min()?.0, numbers.iter().max()?.0);
            Some(most.checked_sub(least)?.unsigned_abs() + 1)
        };
        // A column of words, with a number here and there, is no column of numbers.
        let words = values.iter().filter(|value| !value.is_empty()).count() - numbers.len();
        let widths = match &self.widths {
            Some(widths) => widths.clone(),
            None if words > 0 => Vec::new(),
            None => ends().map_or_else(Vec::new, suitable),
        };
        let both_inside = self.style != Style::Intervals && !fractions;
        let unit = if self.style == Style::Years {
            " years"
        } else {
            ""
        };
        let steps = widths.iter().map(|&width| {
            Step::by(format!("{width}{unit}"), values, |value| {
                let (lower, _) = self.lower(value)?;
                interval(lower, width, both_inside)
            })
        });
        Ok(Steps {
            leaves: values.len(),
            steps: steps.collect(),
        })
    }
}

/// Widths that part a range of numbers into some twenty intervals at first, and then fewer: each
/// holds two of the one before, so that every step refines the next.
fn suitable(range: u64) -> Vec<u64> {
    const FIRST_INTERVALS: u64 = 20;
    let mut first = 5_u64;
    while range / first > FIRST_INTERVALS {
        let next = if first.to_string().starts_with('5') {
            2
        } else {
            5
        };
        first = first.saturating_mul(next);
    }
    (0..3)
        .map(|step| first.saturating_mul(1 << step))
        .take_while(|width| *width < range)
        .collect()
}

/// The interval of that width, at a multiple of it, that holds `lower`.
fn interval(lower: i64, width: u64, both_inside: bool) -> Option<Vec<u8>> {
    let width = i64::try_from(width).ok()?;
    let start = lower.div_euclid(width).checked_mul(width)?;
    let end = start.checked_add(if both_inside { width - 1 } else { width })?;
    Some(format!("{start}-{end}").into_bytes())
}

/// The whole number at or below a plain number: digits with a sign before and a fraction behind.
fn floor(value: &[u8]) -> Option<(i64, bool)> {
    let text = str::from_utf8(value).ok()?.trim();
    let (whole, fraction) = match text.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if !digits(unsigned) || !fraction.is_none_or(digits) {
        return None;
    }
    let whole_number: i64 = whole.parse().ok()?;
    let below = whole.starts_with('-')
        && fraction.is_some_and(|fraction| fraction.bytes().any(|digit| digit != b'0'));
    Some((whole_number.checked_sub(below.into())?, fraction.is_some()))
}

/// The lower end of `LO-HI`; either may be negative.
fn lower_of_interval(value: &[u8]) -> Option<i64> {
    let text = str::from_utf8(value).ok()?;
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (lower, upper) = rest.split_once('-')?;
    upper.parse::<i64>().ok()?;
    lower.parse::<i64>().ok()?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::super::testing::climb;
    use super::*;

    #[test]
    fn values_become_intervals() {
        for (case, style, widths, values, expected) in [
            (
                "years",
                Style::Years,
                Some(vec![5, 20]),
                &["1984", "1999", ""][..],
                &[
                    ("5 years", "1980-1984 1995-1999 "),
                    ("20 years", "1980-1999 1980-1999 "),
                ][..],
            ),
            (
                "buckets",
                Style::Intervals,
                Some(vec![40_000]),
                &[
                    "20000-40000",
                    "40000-60000",
                    "-20000-0",
                    "-60000--40000",
                    "0-20000",
                ],
                &[(
                    "40000",
                    "0-40000 40000-80000 -40000-0 -80000--40000 0-40000",
                )],
            ),
            (
                "whole numbers",
                Style::Numbers,
                None,
                &["0", "7", "30", "-1"],
                &[
                    ("5", "0-4 5-9 30-34 -5--1"),
                    ("10", "0-9 0-9 30-39 -10--1"),
                    ("20", "0-19 0-19 20-39 -20--1"),
                ],
            ),
            (
                "fractions",
                Style::Numbers,
                Some(vec![10]),
                &["0.5", "-0,5", "10"],
                &[("10", "0-10 -10-0 10-20")],
            ),
            (
                "words",
                Style::Numbers,
                None,
                &["12", "boulanger", "40"],
                &[],
            ),
            ("few", Style::Numbers, None, &["0", "1", "2"], &[]),
            ("none", Style::Numbers, None, &[], &[]),
            (
                "too large to count",
                Style::Numbers,
                Some(vec![10]),
                &["99999999999999999999"],
                &[("10", "99999999999999999999")],
            ),
        ] {
            let climbed = climb(&Brackets::new(style, widths), values);
            let found: Vec<(String, String)> = climbed
                .into_iter()
                .map(|(title, labels)| (title, labels.join(" ")))
                .collect();
            let found: Vec<(&str, &str)> = found
                .iter()
                .map(|(title, labels)| (title.as_str(), labels.as_str()))
                .collect();
            assert_eq!(found, expected, "{case}");
        }
    }

    #[test]
    fn suitable_widths_part_every_range_into_some_twenty_intervals() {
        for range in [1, 5, 6, 31, 100, 101, 105, 1_000, 12_345, 1 << 40, u64::MAX] {
            let widths = suitable(range);
            for pair in widths.windows(2) {
                assert_eq!(pair[1], pair[0] * 2, "{range}");
            }
            match widths.first() {
                Some(first) => assert!(range / first <= 20, "{range}: {first}"),
                None => assert!(range <= 5, "{range}"),
            }
        }
    }
}
