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
    TextFormulas { cells: u64 },
    /// The file ends with the end-of-file mark of DOS.
    EndMark,
    /// Hidden sheets of a workbook have cells, and are not read.
    HiddenSheets { sheets: u64 },
    /// Columns of a sheet are hidden, and are read.
    HiddenColumns { columns: u64 },
    /// Rows of a sheet are hidden, by hand or by a filter, and are read.
    HiddenRows { rows: u64 },
    /// Cells of a sheet are merged: only the first one of each range is shown.
    MergedCells { ranges: u64 },
    /// Cells of a sheet are formulas, which were read as their last result.
    Formulas { cells: u64 },
    /// Formulas of a sheet have no result: they were read as empty.
    FormulasWithoutResult { cells: u64 },
    /// Cells of a sheet are errors such as `#N/A`, which were read as empty.
    ErrorCells { cells: u64 },
}

coded! {
    Quirk []
    Self::SepLine { .. } => "sep_line", "the first line names the delimiter";
    Self::LinesAbove { .. } => "lines_above_header", "there are lines above the header";
    Self::TrailingDelimiters { .. } => "trailing_delimiters_ignored", "rows end with delimiters that the header does not have";
    Self::TextFormulas { .. } => "text_formulas", "cells are written as =\"…\"";
    Self::EndMark => "end_mark", "the file ends with an end-of-file mark";
    Self::HiddenSheets { .. } => "hidden_sheets", "hidden sheets have cells, and are not read";
    Self::HiddenColumns { .. } => "hidden_columns", "columns of the sheet are hidden, and are read";
    Self::HiddenRows { .. } => "hidden_rows", "rows of the sheet are hidden, and are read";
    Self::MergedCells { .. } => "merged_cells", "cells of the sheet are merged";
    Self::Formulas { .. } => "formulas_of_sheet", "cells of the sheet are formulas, read as their last result";
    Self::FormulasWithoutResult { .. } => "formulas_without_result", "formulas of the sheet have no result";
    Self::ErrorCells { .. } => "error_cells", "cells of the sheet are errors, read as empty";
}

impl Quirk {
    /// Whether it is known as soon as the input is opened, rather than when its rows were read.
    pub fn is_final(self) -> bool {
        match self {
            Self::SepLine { .. }
            | Self::LinesAbove { .. }
            | Self::TrailingDelimiters { .. }
            | Self::HiddenSheets { .. }
            | Self::HiddenColumns { .. } => true,
            Self::TextFormulas { .. }
            | Self::EndMark
            | Self::HiddenRows { .. }
            | Self::MergedCells { .. }
            | Self::Formulas { .. }
            | Self::FormulasWithoutResult { .. }
            | Self::ErrorCells { .. } => false,
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
            Self::HiddenSheets { sheets } => plural!(
                sheets,
                "{n} hidden sheet has cells",
                "{n} hidden sheets have cells"
            ),
            Self::HiddenColumns { columns } => plural!(
                columns,
                "{n} column of the sheet is hidden",
                "{n} columns of the sheet are hidden"
            ),
            Self::HiddenRows { rows } => plural!(
                rows,
                "{n} row of the sheet is hidden",
                "{n} rows of the sheet are hidden"
            ),
            Self::MergedCells { ranges } => plural!(
                ranges,
                "{n} range of merged cells",
                "{n} ranges of merged cells"
            ),
            Self::Formulas { cells } => {
                plural!(cells, "{n} cell is a formula", "{n} cells are formulas")
            }
            Self::FormulasWithoutResult { cells } => plural!(
                cells,
                "{n} formula has no result",
                "{n} formulas have no result"
            ),
            Self::ErrorCells { cells } => plural!(
                cells,
                "{n} cell is an error such as #N/A",
                "{n} cells are errors such as #N/A"
            ),
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
            Self::HiddenSheets { .. } => fixed!("not read; --sheet names the one to read"),
            Self::HiddenColumns { .. } | Self::HiddenRows { .. } => fixed!("read like the others"),
            Self::MergedCells { .. } => fixed!(
                "only the first cell of each is shown; the others are read as they are stored, mostly empty"
            ),
            Self::Formulas { .. } => fixed!("read as the last result that was saved"),
            Self::FormulasWithoutResult { .. } => fixed!(
                "read as empty; to have results, open the workbook in a spreadsheet and save it"
            ),
            Self::ErrorCells { .. } => fixed!("read as empty"),
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
            (Quirk::HiddenSheets { sheets: 1 }, "1 hidden sheet has"),
            (Quirk::HiddenSheets { sheets: 2 }, "2 hidden sheets have"),
            (
                Quirk::HiddenColumns { columns: 1 },
                "1 column of the sheet is",
            ),
            (
                Quirk::HiddenColumns { columns: 2 },
                "2 columns of the sheet are",
            ),
            (Quirk::HiddenRows { rows: 1 }, "1 row of the sheet is"),
            (Quirk::HiddenRows { rows: 2 }, "2 rows of the sheet are"),
            (Quirk::MergedCells { ranges: 1 }, "1 range of"),
            (Quirk::Formulas { cells: 1 }, "1 cell is a formula"),
            (Quirk::Formulas { cells: 2 }, "2 cells are formulas"),
            (Quirk::FormulasWithoutResult { cells: 1 }, "1 formula has"),
            (Quirk::FormulasWithoutResult { cells: 2 }, "2 formulas have"),
            (Quirk::ErrorCells { cells: 1 }, "1 cell is an error"),
            (Quirk::ErrorCells { cells: 2 }, "2 cells are errors"),
        ] {
            let told = quirk.to_string();
            assert!(told.contains(expected), "{}: {told}", quirk.what());
        }
    }
}
