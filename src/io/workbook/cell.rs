//! The text of a cell, from what the workbook says of it.

use super::date::{self, Epoch};
use super::error::WorkbookError;
use super::format::Kind;
use super::number;
use super::strings::{self, Strings};
use super::styles::Styles;

/// What a workbook says of a cell, as it is read.
#[derive(Default)]
pub(super) struct RawCell {
    pub(super) kind: CellKind,
    /// The number of its format.
    pub(super) style: usize,
    pub(super) value: String,
    pub(super) has_value: bool,
    /// The text that stands in the cell itself.
    pub(super) inline: String,
    pub(super) has_formula: bool,
}

/// Of which kind the value of a cell is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum CellKind {
    #[default]
    Number,
    Shared,
    Inline,
    Text,
    Boolean,
    Error,
    Date,
}

impl CellKind {
    /// The kind that a workbook names.
    pub(super) fn of(name: Option<&str>) -> Option<Self> {
        Some(match name {
            None | Some("n") => Self::Number,
            Some("s") => Self::Shared,
            Some("inlineStr") => Self::Inline,
            Some("str") => Self::Text,
            Some("b") => Self::Boolean,
            Some("e") => Self::Error,
            Some("d") => Self::Date,
            _ => return None,
        })
    }
}

/// What numbers in cells stand for.
pub(super) struct Reading {
    pub(super) strings: Strings,
    pub(super) styles: Styles,
    pub(super) epoch: Epoch,
}

impl RawCell {
    /// Makes room for another cell.
    pub(super) fn clear(&mut self) {
        self.value.clear();
        self.inline.clear();
        (self.has_value, self.has_formula) = (false, false);
    }

    /// Whether it is a formula that nobody has calculated.
    pub(super) fn lacks_result(&self) -> bool {
        let is_empty = self.value.is_empty() && self.kind != CellKind::Text;
        self.has_formula && (is_empty || !self.has_value)
    }

    /// Appends its text. An error has none.
    pub(super) fn write(&self, reading: &Reading, out: &mut String) -> Result<(), WorkbookError> {
        let damaged = |what| Err(WorkbookError::damaged(what));
        let value = self.value.trim();
        match self.kind {
            CellKind::Error => {}
            CellKind::Inline => strings::unescape(&self.inline, out),
            CellKind::Text => strings::unescape(&self.value, out),
            _ if value.is_empty() => {}
            CellKind::Shared => {
                let text = value.parse().ok();
                let text = text.and_then(|number| reading.strings.get(number));
                match text {
                    Some(text) => out.push_str(text),
                    None => return damaged(fixed!("a cell names a text that it does not have")),
                }
            }
            CellKind::Boolean => out.push_str(match value {
                "1" | "true" => "TRUE",
                "0" | "false" => "FALSE",
                _ => return damaged(fixed!("a cell is said to be true or false and is neither")),
            }),
            CellKind::Date => out.push_str(value),
            CellKind::Number => {
                let number = value.parse().ok();
                let Some(number) = number.filter(|number: &f64| number.is_finite()) else {
                    return damaged(fixed!("a cell is said to be a number and is none"));
                };
                let Some(format) = reading.styles.get(self.style) else {
                    return damaged(fixed!("a cell names a format that it does not have"));
                };
                let shown = match *format.kind(number) {
                    Kind::General => false,
                    Kind::Date { day, time } => {
                        date::write_date(number, (day, time), reading.epoch, out)
                    }
                    Kind::Elapsed => date::write_elapsed(number, out),
                    Kind::Number(ref format) => {
                        number::write_formatted(number, format, out);
                        true
                    }
                };
                if !shown {
                    number::write_general(number, out);
                }
            }
        }
        Ok(())
    }
}

/// The row and the column that a reference such as `AB12` names, both from 1.
pub(super) fn reference(text: &str) -> Option<(u32, u32)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 || digits.starts_with('+') {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| {
        column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    Some((digits.parse().ok()?, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_rows_and_columns() {
        for (text, expected) in [
            ("A1", Some((1, 1))),
            ("Z9", Some((9, 26))),
            ("AA10", Some((10, 27))),
            ("xfd1048576", Some((1_048_576, 16_384))),
            ("A", None),
            ("1", None),
            ("", None),
            ("A+1", None),
            ("$A$1", None),
            ("AAAA1", None),
            ("A1B", None),
            ("A99999999999", None),
        ] {
            assert_eq!(reference(text), expected, "{text:?}");
        }
    }
}
