//! Numbers as a spreadsheet shows them: 15 significant digits, and what their format says of decimals,
//! zeros in front, percents and what stands between digits. Separators of thousands, currencies and
//! units are left out.

use std::fmt::Write;

use super::format::{Digit, Number, Piece};

/// The digits that a spreadsheet keeps of a number.
const DIGITS: usize = 15;

/// Numbers from this power of ten on, and below the other, are written with an exponent.
const LARGEST: i32 = 21;
const SMALLEST: i32 = -10;

/// A number in decimal: `0.d₁d₂d₃… × 10^point`, without zeros at the end.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// The 15 significant digits of a finite number.
    fn new(value: f64) -> Self {
        let text = format!("{:.*e}", DIGITS - 1, value.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = mantissa.bytes().filter(u8::is_ascii_digit);
        let mut decimal = Self {
            negative: value < 0.0,
            digits: digits.map(|digit| digit - b'0').collect(),
            point: exponent.parse().unwrap_or(0) + 1,
        };
        decimal.trim();
        decimal
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            (self.negative, self.point) = (false, 0);
        }
    }

    /// Rounds to so many decimals, halves away from zero.
    fn round(&mut self, decimals: usize) {
        let kept = i64::from(self.point) + decimals as i64;
        let Ok(kept) = usize::try_from(kept) else {
            self.digits.clear();
            return self.trim();
        };
        let rounds_up = self.digits.get(kept).is_some_and(|digit| *digit >= 5);
        self.digits.truncate(kept);
        if rounds_up {
            let mut carries = true;
            for digit in self.digits.iter_mut().rev() {
                *digit += 1;
                carries = *digit == 10;
                if !carries {
                    break;
                }
                *digit = 0;
            }
            if carries {
                self.digits.insert(0, 1);
                self.point += 1;
            }
        }
        self.trim();
    }

    /// The digits before the point, without zeros in front.
    fn whole(&self) -> impl DoubleEndedIterator<Item = char> + '_ {
        let count = usize::try_from(self.point).unwrap_or(0);
        (0..count).map(|place| self.digit(place))
    }

    /// So many digits behind the point.
    fn decimals(&self, count: usize) -> impl Iterator<Item = char> + '_ {
        (0..count).map(move |place| {
            let place = i64::from(self.point) + place as i64;
            usize::try_from(place).map_or('0', |place| self.digit(place))
        })
    }

    fn digit(&self, place: usize) -> char {
        let digit = self.digits.get(place).copied().unwrap_or(0);
        char::from(b'0' + digit)
    }

    /// How many digits there are behind the point.
    fn count_of_decimals(&self) -> usize {
        let count = self.digits.len() as i64 - i64::from(self.point);
        usize::try_from(count).unwrap_or(0)
    }
}

/// Writes a number without a format.
pub(super) fn write_general(value: f64, out: &mut String) {
    const WHOLE: f64 = 1e15;
    if value.abs() < WHOLE && value.fract() == 0.0 {
        // Writing to a string does not fail.
        let _ = write!(out, "{}", value as i64);
        return;
    }
    let decimal = Decimal::new(value);
    if decimal.negative {
        out.push('-');
    }
    if decimal.point > LARGEST || decimal.point < SMALLEST {
        out.push(decimal.digit(0));
        if decimal.digits.len() > 1 {
            out.push('.');
            out.extend((1..decimal.digits.len()).map(|place| decimal.digit(place)));
        }
        out.push('E');
        out.push_str(&(decimal.point - 1).to_string());
        return;
    }
    if decimal.point <= 0 {
        out.push('0');
    }
    out.extend(decimal.whole());
    let decimals = decimal.count_of_decimals();
    if decimals > 0 {
        out.push('.');
        out.extend(decimal.decimals(decimals));
    }
}

/// Writes a number as its format shows it.
pub(super) fn write_formatted(value: f64, number: &Number, out: &mut String) {
    let mut decimal = Decimal::new(value);
    if decimal.point > LARGEST {
        return write_general(value, out);
    }
    if number.percent && !decimal.digits.is_empty() {
        decimal.point += 2;
    }
    decimal.round(number.decimals.most);
    if decimal.negative {
        out.push('-');
    }
    write_whole(&decimal, number, out);
    let least = number.decimals.least;
    let decimals = decimal.count_of_decimals().max(least);
    if decimals > 0 {
        out.push('.');
        out.extend(decimal.decimals(decimals));
    }
    if number.percent {
        out.push('%');
    }
}

/// Writes the digits before the point into their places, from the last to the first.
fn write_whole(decimal: &Decimal, number: &Number, out: &mut String) {
    let mut digits = decimal.whole().rev();
    let mut reversed = String::new();
    for piece in number.whole.iter().rev() {
        match piece {
            Piece::Text(text) => reversed.extend(text.chars().rev()),
            Piece::Digit(digit) => match (digits.next(), digit) {
                (Some(of_number), _) => reversed.push(of_number),
                (None, Digit::Always) => reversed.push('0'),
                (None, Digit::IfAny) => {}
            },
        }
    }
    let begins_with_digit = number.whole.iter().position(Piece::is_digit);
    let in_front = number.whole.get(..begins_with_digit.unwrap_or(0));
    let in_front: usize = in_front
        .unwrap_or_default()
        .iter()
        .map(Piece::characters)
        .sum();
    let text: String = reversed.chars().rev().collect();
    let at = text
        .char_indices()
        .nth(in_front)
        .map_or(text.len(), |(at, _)| at);
    let (prefix, rest) = text.split_at_checked(at).unwrap_or(("", &text));
    let more: String = digits.rev().collect();
    let whole = format!("{prefix}{more}{rest}");
    let whole = whole.trim();
    out.push_str(if whole.is_empty() { "0" } else { whole });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::workbook::format::{Format, Kind};

    #[test]
    fn numbers_are_written_as_a_spreadsheet_shows_them() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-12.0, "-12"),
            (0.1 + 0.2, "0.3"),
            (1234.5, "1234.5"),
            (-0.01, "-0.01"),
            (1.0 / 3.0, "0.333333333333333"),
            (33_612_345_678.0, "33612345678"),
            (185_057_800_608_436.0, "185057800608436"),
            (12_345_678_901_234_567.0, "12345678901234600"),
            (1e15, "1000000000000000"),
            (1e20, "100000000000000000000"),
            (1e21, "1E21"),
            (-2.5e30, "-2.5E30"),
            (1.5e-7, "0.00000015"),
            (1.5e-12, "1.5E-12"),
            (999_999_999_999_999.9, "1000000000000000"),
            (48.858_370_09, "48.85837009"),
        ] {
            let mut out = String::new();
            write_general(value, &mut out);
            assert_eq!(out, expected, "{value:?}");
        }
    }

    #[test]
    fn formats_give_zeros_back_and_round() {
        for (code, value, expected) in cases![
            "00000", 1000.0, "01000";
            "00000", 123_456.0, "123456";
            "0", 2.5, "3";
            "0", -2.5, "-3";
            "0", 0.4, "0";
            "0", -0.4, "0";
            "0.00", 1234.567, "1234.57";
            "0.00", 1.005, "1.01";
            "0.00", 9.999, "10.00";
            "0.00", 0.0, "0.00";
            "0.0##", 1.5, "1.5";
            "0.0##", 1.23456, "1.235";
            "#,##0", 1_234_567.0, "1234567";
            "#,##0.00\\ \"€\"", 45_000.0, "45000.00";
            "[$€-40C]\\ #,##0.00", 1234.5, "1234.50";
            "_-* #,##0.00\\ \"€\"_-;\\-* #,##0.00\\ \"€\"_-;_-* \"-\"??\\ \"€\"_-", -12.0, "-12.00";
            "_-* #,##0.00_-;\\-* #,##0.00_-;_-* \"-\"??_-", 0.0, "0";
            "#,##0;[Red]#,##0", -5.0, "-5";
            "#,##0;(#,##0)", -5.0, "-5";
            "0%", 0.25, "25%";
            "0.0%", 0.1234, "12.3%";
            "0#\" \"##\" \"##\" \"##\" \"##", 612_345_678.0, "06 12 34 56 78";
            "\"+\"00\" \"0\" \"00\" \"00\" \"00\" \"00", 33_612_345_678.0, "+33 6 12 34 56 78";
            "0\" \"00\" \"00\" \"00\" \"000\" \"000", 1_850_578_006_084.0, "1 85 05 78 006 084";
            "000-00-0000", 12_345_678.0, "012-34-5678";
            "#", 0.0, "0";
            "#", 42.0, "42";
            "#.00", 0.5, "0.50";
            "\"N° \"000", 7.0, "007";
        ] {
            let format = Format::new(code);
            let Kind::Number(number) = format.kind(value) else {
                let mut out = String::new();
                write_general(value, &mut out);
                assert_eq!(out, expected, "{code} {value:?}");
                continue;
            };
            let mut out = String::new();
            write_formatted(value, number, &mut out);
            assert_eq!(out, expected, "{code} {value:?}");
        }
    }
}
