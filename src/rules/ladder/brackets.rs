//! Numbers and intervals of numbers, generalised to wider intervals.

mod bounds;

use std::collections::HashSet;

use self::bounds::Bounds;
use crate::privacy::extent::Extent;
use crate::privacy::hierarchy::ANY;
use crate::privacy::ladder::{Ladder, Step, Steps, Uncovered};

/// How the intervals of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Style {
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
pub(in crate::rules) struct Brackets {
    style: Style,
    /// The widths; `None` chooses them from the column's least and greatest number.
    widths: Option<Vec<u64>>,
    /// Whether values such as `<0` and `90+` hold all that lies beyond a bound.
    coded: bool,
}

impl Brackets {
    /// Intervals of these widths, or of widths that suit the numbers.
    pub(in crate::rules) fn new(style: Style, widths: Option<Vec<u64>>) -> Self {
        Self {
            style,
            widths,
            coded: false,
        }
    }

    /// The same for a column where `<0` and `90+` may stand for all that lies beyond a bound. They
    /// grow with the intervals: at a width of 20, `90+` becomes `80+`, and so does 85.
    pub(in crate::rules) fn coded(style: Style, widths: Vec<u64>) -> Self {
        Self {
            style,
            widths: Some(widths),
            coded: true,
        }
    }

    /// What a value stands for: itself, or the interval that it has been generalised to.
    fn span(&self, value: &[u8]) -> Option<Span> {
        let interval = || ends_of_interval(value);
        match self.style {
            Style::Intervals => {
                let (least, behind) = interval()?;
                Some(Span::whole(least, behind.checked_sub(1)?))
            }
            Style::Years | Style::Numbers => number(value).or_else(|| {
                let (least, most) = interval()?;
                Some(Span::whole(least, most))
            }),
        }
    }
}

/// What a value stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    /// The whole number at or below the least of it.
    least: i64,
    /// The same of the greatest.
    most: i64,
    fraction: bool,
}

impl Span {
    fn whole(least: i64, most: i64) -> Self {
        Self {
            least,
            most,
            fraction: false,
        }
    }
}

/// Numbers are told apart in thousandths.
const UNIT: i64 = 1000;

impl Brackets {
    /// What a label stands for; `half_open` says that intervals of numbers do not hold their upper end.
    fn extent(&self, label: &[u8], half_open: bool) -> Option<Extent> {
        let unit = |number: i64| number.saturating_mul(UNIT);
        if let Some((least, end)) = ends_of_interval(label) {
            let inside = i64::from(!half_open);
            return Some(Extent::Span(unit(least), unit(end.saturating_add(inside))));
        }
        if self.coded
            && let Some((least, behind)) = Bounds::span(label)
        {
            let least = least.map_or(i64::MIN, unit);
            return Some(Extent::Span(least, behind.map_or(i64::MAX, unit)));
        }
        let thousandths = thousandths(label)?;
        Some(Extent::Span(thousandths, thousandths.checked_add(1)?))
    }

    /// Whether no interval holds its upper end: where another one begins there, and where numbers have a fraction.
    fn is_half_open(&self, labels: &[Box<[u8]>]) -> bool {
        match self.style {
            Style::Intervals => return true,
            Style::Years => return false,
            Style::Numbers => {}
        }
        let intervals = labels.iter().filter_map(|label| ends_of_interval(label));
        let (starts, ends): (HashSet<i64>, Vec<i64>) = intervals.unzip();
        let fraction = |label: &[u8]| number(label).is_some_and(|number| number.fraction);
        ends.iter().any(|end| starts.contains(end)) || labels.iter().any(|label| fraction(label))
    }
}

/// A plain number, in thousandths.
fn thousandths(value: &[u8]) -> Option<i64> {
    number(value)?;
    let text = str::from_utf8(value).ok()?.trim();
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(3);
    let fraction = digits.fold(0, |number, digit| 10 * number + i64::from(digit - b'0'));
    let whole: i64 = whole.parse().ok()?;
    let sign = if text.starts_with('-') { -1 } else { 1 };
    whole.checked_mul(UNIT)?.checked_add(sign * fraction)
}

impl Ladder for Brackets {
    fn extents(&self, labels: &[Box<[u8]>]) -> Vec<Extent> {
        let half_open = self.is_half_open(labels);
        let extents = labels.iter().map(|label| self.extent(label, half_open));
        extents
            .map(|extent| extent.unwrap_or(Extent::Itself))
            .collect()
    }

    fn steps(&self, values: &[Box<[u8]>]) -> Result<Steps, Uncovered> {
        let spans: Vec<Span> = values.iter().filter_map(|value| self.span(value)).collect();
        let fractions = spans.iter().any(|span| span.fraction);
        let range = || {
            let least = spans.iter().map(|span| span.least).min()?;
            let most = spans.iter().map(|span| span.most).max()?;
            Some(most.checked_sub(least)?.unsigned_abs() + 1)
        };
        // A column of words, with a number here and there, is no column of numbers.
        let told = values.iter().map(|value| &**value);
        let told = told.filter(|value| !value.is_empty() && *value != ANY);
        let words = told.count() - spans.len();
        let widths = match &self.widths {
            Some(widths) => widths.clone(),
            None if words > 0 => Vec::new(),
            None => range().map_or_else(Vec::new, suitable),
        };
        let both_inside = self.style != Style::Intervals && !fractions;
        let unit = match self.style {
            Style::Years => " years",
            Style::Intervals | Style::Numbers => "",
        };
        let bounds = Bounds::of(values.iter().filter(|_| self.coded));
        let steps = widths.iter().map(|&width| {
            let bounds = bounds.widened(width);
            Step::by(format!("{width}{unit}"), values, |value| {
                let beyond = match self.span(value) {
                    Some(span) => bounds.beyond(span),
                    None => bounds.known(value),
                };
                beyond.or_else(|| interval(self.span(value)?, width, both_inside))
            })
        });
        Ok(Steps::of(values, steps))
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

/// The interval of that width, at a multiple of it, that holds all of a span.
fn interval(span: Span, width: u64, both_inside: bool) -> Option<Vec<u8>> {
    let width = i64::try_from(width).ok()?;
    let start = span.least.div_euclid(width).checked_mul(width)?;
    let last = start
        .checked_add(width - 1)
        .filter(|last| span.most <= *last)?;
    let end = if both_inside {
        last
    } else {
        last.checked_add(1)?
    };
    Some(format!("{start}-{end}").into_bytes())
}

/// A plain number: digits with a sign before and a fraction behind.
fn number(value: &[u8]) -> Option<Span> {
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
    let floor = whole_number.checked_sub(below.into())?;
    Some(Span {
        least: floor,
        most: floor,
        fraction: fraction.is_some(),
    })
}

/// Both ends of `LO-HI`; either may be negative.
fn ends_of_interval(value: &[u8]) -> Option<(i64, i64)> {
    let text = str::from_utf8(value).ok()?;
    // The dash between the ends is the first one behind a digit.
    let dash = text
        .char_indices()
        .skip(1)
        .find(|(_, character)| *character == '-')?
        .0;
    let (lower, upper) = text.split_at_checked(dash)?;
    let (lower, upper) = (lower.parse().ok()?, upper.strip_prefix('-')?.parse().ok()?);
    (lower <= upper).then_some((lower, upper))
}

#[cfg(test)]
mod tests {
    use super::super::testing::climb;
    use super::*;

    #[test]
    fn values_become_intervals() {
        for (case, style, widths, values, expected) in cases![
            "years",
            Style::Years,
            Some(vec![5, 20]),
            &["1984", "1999", ""][..],
            &[
                ("5 years", "1980-1984 1995-1999 "),
                ("20 years", "1980-1999 1980-1999 "),
            ][..];
            "buckets",
            Style::Intervals,
            Some(vec![40_000]),
            &[
                "20000-40000", "40000-60000", "-20000-0", "-60000--40000", "0-20000",
            ],
            &[(
                "40000",
                "0-40000 40000-80000 -40000-0 -80000--40000 0-40000",
            )];
            "whole numbers",
            Style::Numbers,
            None,
            &["0", "7", "30", "-1"],
            &[
                ("5", "0-4 5-9 30-34 -5--1"),
                ("10", "0-9 0-9 30-39 -10--1"),
                ("20", "0-19 0-19 20-39 -20--1"),
            ];
            "fractions", Style::Numbers, Some(vec![10]), &["0.5", "-0,5", "10"], &[("10", "0-10 -10-0 10-20")];
            "words", Style::Numbers, None, &["12", "boulanger", "40"], &[];
            "few", Style::Numbers, None, &["0", "1", "2"], &[];
            "none", Style::Numbers, None, &[], &[];
            "generalised before",
            Style::Years,
            Some(vec![5, 10]),
            &["1984", "1980-1984", "1980-1989", "1960-1979", "*", ""],
            &[
                ("5 years", "1980-1984 1980-1984 1980-1989 1960-1979 * "),
                ("10 years", "1980-1989 1980-1989 1980-1989 1960-1979 * "),
            ];
            "buckets that do not fit",
            Style::Intervals,
            Some(vec![100]),
            &["80-120", "60-80"],
            &[("100", "80-120 0-100")];
            "too large to count",
            Style::Numbers,
            Some(vec![10]),
            &["99999999999999999999"],
            &[("10", "99999999999999999999")];
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
