//! What lies beyond the bounds of a column, `<0` and `90+`, among its intervals.

use super::Span;

/// What lies beyond the bounds of a column is written as just that: `<BOTTOM`, `TOP+`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    bottom: Option<i64>,
    top: Option<i64>,
}

impl Bounds {
    /// The innermost bounds among the values.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a Box<[u8]>>) -> Self {
        values.fold(Self::default(), |found, value| {
            let own = Self::read(value);
            let top = [found.top, own.top].into_iter().flatten().min();
            Self {
                bottom: found.bottom.max(own.bottom),
                top,
            }
        })
    }

    /// What such a value stands for: from the first number, up to but without the second one, if there are any.
    pub(super) fn span(value: &[u8]) -> Option<(Option<i64>, Option<i64>)> {
        let Self { bottom, top } = Self::read(value);
        (bottom.is_some() || top.is_some()).then_some((top, bottom))
    }

    fn read(value: &[u8]) -> Self {
        let text = str::from_utf8(value).unwrap_or_default();
        let bound = |text: &str| text.parse().ok();
        Self {
            bottom: text.strip_prefix('<').and_then(bound),
            top: text.strip_suffix('+').and_then(bound),
        }
    }

    /// The bounds moved inwards to multiples of a width; none if they would meet.
    pub(super) fn widened(self, width: u64) -> Self {
        let multiple = |value: i64, up: i64| {
            let width = i64::try_from(width).ok()?;
            value
                .checked_add(up * (width - 1))?
                .div_euclid(width)
                .checked_mul(width)
        };
        let widened = Self {
            bottom: self.bottom.and_then(|bottom| multiple(bottom, 1)),
            top: self.top.and_then(|top| multiple(top, 0)),
        };
        match (widened.bottom, widened.top) {
            (Some(bottom), Some(top)) if bottom > top => Self::default(),
            _ => widened,
        }
    }

    /// What is written for a span that lies beyond a bound.
    pub(super) fn beyond(self, span: Span) -> Option<Vec<u8>> {
        match self {
            Self {
                bottom: Some(bottom),
                ..
            } if span.most < bottom => Some(below(bottom)),
            Self { top: Some(top), .. } if span.least >= top => Some(from(top)),
            _ => None,
        }
    }

    /// What is written for a value that says that it lies beyond a bound.
    pub(super) fn known(self, value: &[u8]) -> Option<Vec<u8>> {
        let own = Self::read(value);
        let bottom = own.bottom.and(self.bottom).map(below);
        bottom.or(own.top.and(self.top).map(from))
    }
}

fn below(bottom: i64) -> Vec<u8> {
    format!("<{bottom}").into_bytes()
}

fn from(top: i64) -> Vec<u8> {
    format!("{top}+").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::climb;
    use super::super::{Brackets, Style};

    #[test]
    fn what_lies_beyond_a_bound_grows_with_the_intervals() {
        for (case, style, width, values, expected) in cases![
            "ages", Style::Numbers, 20, &["37", "79", "85", "90+", ""][..], "20-39 60-79 80+ 80+ ";
            "years", Style::Years, 20, &["<1930", "1935", "1940", "1985"], "<1940 <1940 1940-1959 1980-1999";
            "buckets",
            Style::Intervals,
            40_000,
            &["<-20000", "-20000-0", "0-20000", "80000-100000", "100000+"],
            "<0 <0 0-40000 80000+ 80000+";
            "generalised before", Style::Numbers, 20, &["80-89", "80+", "90+", "*"], "80+ 80+ 80+ *";
            "bounds that would meet", Style::Numbers, 100, &["<18", "30", "65+"], "<18 0-99 65+";
        ] {
            let climbed = climb(&Brackets::coded(style, vec![width]), values);
            assert_eq!(climbed[0].1.join(" "), expected, "{case}");
        }
        // Nobody said that these are bounds.
        let kept = climb(
            &Brackets::new(Style::Numbers, Some(vec![20])),
            &["5+", "37"],
        );
        assert_eq!(kept[0].1.join(" "), "5+ 20-39");
    }
}
