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
            0 => text!("header, line {line}", line),
            record => text!("record {record}, line {line}", record, line),
        };
        match &self.column {
            Some(column) => f.write_str(&text!("{place}, column {column}", place, column)),
            None => f.write_str(&place),
        }
    }
}
