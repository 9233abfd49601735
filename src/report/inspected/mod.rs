//! What is in a file, for people, for programs, and as a rule table. None of them shows a cell.

mod json;
mod suggest;
mod text;
mod words;

pub use json::inspect_json;
pub use suggest::suggest;
pub use text::inspect_text;

use std::fmt;

use super::Bytes;
use crate::base::name::Shown;
use crate::detect::DETECTORS;
use crate::engine::inspect::{Column, Inspection, Profile, Rule};
use crate::io::csv::{Encoding, LineEnd};
use crate::io::input::Compression;

/// A file that was looked through.
pub struct Inspected<'a> {
    pub file: Bytes,
    /// How it is written.
    pub dialect: Dialect,
    pub inspection: &'a Inspection,
}

/// How a file is written.
#[derive(Debug, Clone)]
pub struct Dialect {
    /// The sheet, if it is a workbook: then there is nothing of a text to tell.
    pub sheet: Option<Shown>,
    /// Between its cells.
    pub delimiter: u8,
    /// Its encoding; `None` if it is all ASCII.
    pub encoding: Option<Encoding>,
    /// How it is compressed.
    pub compression: Compression,
    /// What ends its header; `None` if nothing does.
    pub line_end: Option<LineEnd>,
}

impl Dialect {
    fn delimiter(&self) -> &'static str {
        match self.delimiter {
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "pipe",
            _ => "comma",
        }
    }

    fn encoding(&self) -> String {
        let name = self.encoding.map(|encoding| encoding.to_string());
        name.unwrap_or_else(|| "ASCII".to_owned())
    }

    fn compression(&self) -> &'static str {
        match self.compression {
            Compression::Auto | Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }

    fn line_end(&self) -> &'static str {
        match self.line_end {
            None => "none",
            Some(LineEnd::Lf) => "LF",
            Some(LineEnd::CrLf) => "CRLF",
            Some(LineEnd::Cr) => "CR",
        }
    }
}

/// The name of a column as it may be shown, if it may be.
fn shown(inspection: &Inspection, column: &Column, position: usize) -> Option<Shown> {
    (!inspection.may_lack_header).then(|| Shown::new(&column.name, position))
}

/// What detectors found in a column: the name, the cells with identifiers, and whether that proves
/// something. Detectors that found nothing are not in it.
fn detected(profile: &Profile) -> impl Iterator<Item = (&'static str, u64)> {
    let found = DETECTORS.iter().enumerate().map(|(place, detector)| {
        // A cell with two forms of one kind counts for each.
        let cells = profile.tally.identified(place).min(profile.filled());
        (detector.name, cells)
    });
    found.filter(|(_, cells)| *cells > 0)
}

/// A rule as it stands in a rule table.
struct InTable(Rule);

impl fmt::Display for InTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Rule::Drop(None) => f.write_str("\"drop\""),
            Rule::Drop(Some(category)) => {
                write!(f, "{{ drop = {{ article_9 = \"{}\" }} }}", category.name())
            }
            Rule::PostalCode { pad: false } => f.write_str("\"postal_code\""),
            Rule::PostalCode { pad: true } => f.write_str("{ postal_code = { pad = true } }"),
            Rule::Year { month_first: false } => f.write_str("\"year\""),
            Rule::Year { month_first: true } => {
                let formats = crate::engine::inspect::MONTH_FIRST;
                write!(f, "{{ year = {{ formats = {formats} }} }}")
            }
            Rule::YesNo => f.write_str("\"yes_no\""),
            Rule::Bucket {
                width,
                decimal,
                wide,
            } => {
                write!(f, "{{ bucket = {{ width = {width}")?;
                if wide {
                    f.write_str(", wide = true")?;
                }
                if let Some(mark) = decimal {
                    write!(f, ", decimal = \"{mark}\"")?;
                }
                f.write_str(" } }")
            }
            Rule::Keep => f.write_str("\"keep\""),
        }
    }
}

/// The kind of a rule, by its name in a table.
fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Drop(_) => "drop",
        Rule::PostalCode { .. } => "postal_code",
        Rule::Year { .. } => "year",
        Rule::YesNo => "yes_no",
        Rule::Bucket { .. } => "bucket",
        Rule::Keep => "keep",
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
