//! Where in an input something is.

use std::fmt;

use crate::base::name::Shown;

/// Where in the input something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The number of the data row, from 1; 0 is the header.
    pub record: u64,
    /// The number of the physical line, from 1.
    pub line: u64,
    /// The column's header name, escaped, where one is concerned.
    pub column: Option<Shown>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        let place = match self.record {
            0 => text!("header (line {line} of the file)", line),
            record => text!("record {record} (line {line} of the file)", record, line),
        };
        match &self.column {
            Some(column) => f.write_str(&text!("{place}, column {column}", place, column)),
            None => f.write_str(&place),
        }
    }
}

/// Tells several places of one message: what the line is the first time, and then in short.
#[derive(Debug, Default)]
pub struct Places {
    was_explained: bool,
}

impl Places {
    /// The place of a record: `record 5 (line 6 of the file)`, then `record 7 (line 8)`.
    pub fn tell(&mut self, record: u64, line: u64) -> String {
        match std::mem::replace(&mut self.was_explained, true) {
            false => text!("record {record} (line {line} of the file)", record, line),
            true => text!("record {record} (line {line})", record, line),
        }
    }
}
