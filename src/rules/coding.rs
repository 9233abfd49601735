//! Whole numbers as they are written, and bottom and top coding: what lies beyond a bound is
//! written as just that, since the extremes of a column are few and known.

use super::options::Whole;
use crate::base::lang::Fixed;

/// Bounds beyond this are of no use, and this one still adds up in an `i128`.
const MAX_BOUND: i64 = 1_000_000_000_000_000;

/// A bound, as an option takes it.
pub(super) type Bound = Whole<{ -MAX_BOUND }, MAX_BOUND>;

/// Where a column is cut off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coding {
    bottom: Option<i64>,
    top: Option<i64>,
}

impl Coding {
    /// Cuts off at multiples of a width; nothing without a bound.
    ///
    /// # Errors
    /// What is expected instead.
    pub(super) fn new(
        bottom: Option<Bound>,
        top: Option<Bound>,
        width: u64,
    ) -> Result<Option<Self>, Fixed> {
        let coding = Self {
            bottom: bottom.map(|Whole(bottom)| bottom),
            top: top.map(|Whole(top)| top),
        };
        let mut bounds = coding.bottom.into_iter().chain(coding.top);
        if bounds.any(|bound| bound.unsigned_abs() % width != 0) {
            return Err(fixed!(
                "expected multiples of the width for bottom and top: an interval that one \
                        of them cuts would say less than it looks"
            ));
        }
        match (coding.bottom, coding.top) {
            (None, None) => Ok(None),
            (Some(bottom), Some(top)) if bottom >= top => {
                Err(fixed!("expected a top of more than the bottom"))
            }
            _ => Ok(Some(coding)),
        }
    }

    /// Appends `<BOTTOM` or `TOP+` if a value lies below the bottom, or at the top or above.
    pub(super) fn push_beyond(self, value: i128, out: &mut Vec<u8>) -> bool {
        let signed = |bound: i64| (bound < 0, u128::from(bound.unsigned_abs()));
        match (self.bottom, self.top) {
            (Some(bottom), _) if value < i128::from(bottom) => {
                out.push(b'<');
                push_whole(out, signed(bottom));
                true
            }
            (_, Some(top)) if value >= i128::from(top) => {
                push_whole(out, signed(top));
                out.push(b'+');
                true
            }
            _ => false,
        }
    }
}

/// What is written of a whole number in SQL: what `text` says, or `<BOTTOM` or `TOP+`.
pub(super) fn coded(coding: Option<Coding>, number: &str, text: &str) -> String {
    let Some(Coding { bottom, top }) = coding else {
        return text.to_owned();
    };
    let mut case = "CASE".to_owned();
    if let Some(bottom) = bottom {
        case.push_str(&format!(" WHEN {number} < {bottom} THEN '<{bottom}'"));
    }
    if let Some(top) = top {
        case.push_str(&format!(" WHEN {number} >= {top} THEN '{top}+'"));
    }
    format!("{case} ELSE {text} END")
}

/// Appends a number; it is whether it is below zero, and its absolute value.
pub(super) fn push_whole(out: &mut Vec<u8>, (negative, mut value): (bool, u128)) {
    if negative && value != 0 {
        out.push(b'-');
    }
    let start = out.len();
    // Digits from the last to the first; each remainder is one. Divisions of 128 bits are slow.
    let mut short = loop {
        match u64::try_from(value) {
            Ok(short) => break short,
            Err(_) => out.push(b'0' + (value % 10) as u8),
        }
        value /= 10;
    };
    loop {
        out.push(b'0' + (short % 10) as u8);
        short /= 10;
        if short == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}
