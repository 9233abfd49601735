//! What a file has that plain CSV has not: recognised from its content, read over, told once.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::lang::Fixed;

/// Something beside plain CSV that was recognised. It has no cell of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quirk {
    /// A first line such as `sep=;`, which names the delimiter.
    SepLine {
        /// The delimiter that it names.
        delimiter: u8,
    },
    /// Lines above the header.
    LinesAbove {
        /// How many, blank ones too.
        lines: u64,
    },
    /// Rows end with delimiters that the header does not have.
    TrailingDelimiters {
        /// How many on each row.
        each: usize,
    },
    /// Cells written as `="…"`, which were read as the text between the quotes.
    TextFormulas {
        /// How many.
        cells: u64,
    },
    /// The file ends with the end-of-file mark of DOS.
    EndMark,
}

impl Quirk {
    /// Whether it is known as soon as the input is opened, rather than when its rows were read.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::TextFormulas { .. } | Self::EndMark)
    }

    /// A short name for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::SepLine { .. } => "sep_line",
            Self::LinesAbove { .. } => "lines_above_header",
            Self::TrailingDelimiters { .. } => "trailing_delimiters",
            Self::TextFormulas { .. } => "text_formulas",
            Self::EndMark => "end_mark",
        }
    }

    /// What the file has, in words.
    pub fn what(self) -> String {
        match self {
            Self::SepLine { delimiter: b'\t' } => {
                fixed!("the first line names the delimiter (sep=, a tab)").to_string()
            }
            Self::SepLine { delimiter } => text!(
                "the first line names the delimiter (sep={delimiter})",
                delimiter = char::from(delimiter)
            ),
            Self::LinesAbove { lines } => plural!(
                lines,
                "{n} line above the header",
                "{n} lines above the header"
            ),
            Self::TrailingDelimiters { each: 1 } => {
                fixed!("every row ends with a delimiter that the header does not have").to_string()
            }
            Self::TrailingDelimiters { each } => text!(
                "every row ends with {each} delimiters that the header does not have",
                each
            ),
            Self::TextFormulas { cells } => plural!(
                cells,
                "{n} cell is written as =\"…\"",
                "{n} cells are written as =\"…\""
            ),
            Self::EndMark => fixed!("the file ends with an end-of-file mark (^Z)").to_string(),
        }
    }

    /// What became of it.
    fn fate(self) -> Fixed {
        match self {
            Self::SepLine { .. } | Self::LinesAbove { .. } => fixed!("skipped"),
            Self::TrailingDelimiters { each: 1 } | Self::EndMark => fixed!("it is ignored"),
            Self::TrailingDelimiters { .. } => fixed!("they are ignored"),
            Self::TextFormulas { cells: 1 } => fixed!("it is read as the text in the quotes"),
            Self::TextFormulas { .. } => fixed!("they are read as the text in the quotes"),
        }
    }
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text!(
            "{what}: {fate}",
            what = self.what(),
            fate = self.fate()
        ))
    }
}

/// What is counted while batches are checked, on any thread.
#[derive(Debug, Default)]
pub(super) struct Counts {
    text_formulas: AtomicU64,
}

impl Counts {
    pub(super) fn add_text_formulas(&self, cells: u64) {
        self.text_formulas.fetch_add(cells, Ordering::Relaxed);
    }

    pub(super) fn text_formulas(&self) -> u64 {
        self.text_formulas.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quirk_is_told_in_its_number() {
        for (quirk, expected) in [
            (Quirk::SepLine { delimiter: b';' }, "(sep=;)"),
            (Quirk::SepLine { delimiter: b'\t' }, "a tab"),
            (Quirk::LinesAbove { lines: 1 }, "1 line above"),
            (Quirk::LinesAbove { lines: 3 }, "3 lines above"),
            (Quirk::TrailingDelimiters { each: 1 }, "with a delimiter"),
            (Quirk::TrailingDelimiters { each: 2 }, "with 2 delimiters"),
            (Quirk::TextFormulas { cells: 1 }, "1 cell is"),
            (Quirk::TextFormulas { cells: 2 }, "2 cells are"),
            (Quirk::EndMark, "^Z"),
        ] {
            let told = quirk.to_string();
            assert!(told.contains(expected), "{}: {told}", quirk.code());
        }
    }
}
