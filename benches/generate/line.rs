//! One line of an export in its dialect: quoting, dates, amounts, encoding.

use std::fmt::Write as _;
use std::io;

use super::rng::Rng;

/// How an export is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Plain,
    Excel,
}

/// One line under way, in UTF-8 whatever the dialect.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) dialect: Dialect,
    /// Draws what only this dialect shows, so that the people stay the same in the other.
    pub(crate) habits: Rng,
}

impl Line {
    pub(crate) fn cell(&mut self, content: &str) {
        let delimiter = if self.dialect == Dialect::Plain {
            ','
        } else {
            ';'
        };
        let special = |byte| matches!(byte, b'"' | b'\n') || char::from(byte) == delimiter;
        if content.bytes().any(special) {
            self.text.push('"');
            for (nth, part) in content.split('"').enumerate() {
                self.text.push_str(if nth == 0 { "" } else { "\"\"" });
                self.text.push_str(part);
            }
            self.text.push('"');
        } else {
            self.text.push_str(content);
        }
        self.text.push(delimiter);
    }

    pub(crate) fn date(&mut self, scratch: &mut String, (year, month, day): (u64, u64, u64)) {
        scratch.clear();
        let _ = match self.dialect {
            Dialect::Plain => write!(scratch, "{year}-{month:02}-{day:02}"),
            Dialect::Excel => write!(scratch, "{day:02}/{month:02}/{year}"),
        };
        self.cell(scratch);
    }

    pub(crate) fn amount(&mut self, scratch: &mut String, cents: u64) {
        scratch.clear();
        let (euros, cents) = (cents / 100, cents % 100);
        if self.dialect == Dialect::Plain {
            let _ = write!(scratch, "{euros}");
            if cents != 0 {
                let _ = write!(scratch, ".{cents:02}");
            }
            return self.cell(scratch);
        }
        let (millions, thousands, ones) = (euros / 1_000_000, euros / 1000 % 1000, euros % 1000);
        let space = if self.habits.permille(500) {
            ' '
        } else {
            '\u{A0}'
        };
        let _ = match (millions, thousands) {
            (0, 0) => write!(scratch, "{ones}"),
            (0, _) => write!(scratch, "{thousands}{space}{ones:03}"),
            _ => write!(scratch, "{millions}{space}{thousands:03}{space}{ones:03}"),
        };
        if cents != 0 {
            let _ = write!(scratch, ",{cents:02}");
        }
        scratch.push(if self.habits.permille(500) {
            ' '
        } else {
            '\u{A0}'
        });
        scratch.push('€');
        self.cell(scratch);
    }

    /// Millionths of a degree.
    pub(crate) fn degrees(&mut self, scratch: &mut String, millionths: i64) {
        scratch.clear();
        let sign = if millionths < 0 { "-" } else { "" };
        let mark = if self.dialect == Dialect::Plain {
            '.'
        } else {
            ','
        };
        let (whole, rest) = (millionths.abs() / 1_000_000, millionths.abs() % 1_000_000);
        let _ = write!(scratch, "{sign}{whole}{mark}{rest:06}");
        self.cell(scratch);
    }
}

/// Windows-1252 of what the lists hold; anything else is a mistake in a list.
pub(crate) fn windows_1252(text: &str, into: &mut Vec<u8>) -> io::Result<()> {
    for character in text.chars() {
        into.push(match character {
            '\0'..='\x7F' | '\u{A0}'..='\u{FF}' => character as u8,
            '€' => 0x80,
            'Œ' => 0x8C,
            '’' => 0x92,
            'œ' => 0x9C,
            _ => {
                return Err(io::Error::other(format!(
                    "{character:?} is not in the table"
                )));
            }
        });
    }
    Ok(())
}
