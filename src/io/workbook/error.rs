//! Why a workbook is not read. No cell has a place here; names of sheets are shown like names of columns.

use crate::base::lang::Fixed;
use crate::base::name::Shown;

/// Why a workbook is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkbookError {
    /// It is not as a workbook has to be.
    #[error("{}", text!(
        "the workbook is damaged: {what}{place}\n  \
         what to do: open it in a spreadsheet, save it anew, and run again",
        what,
        place = at(*row)
    ))]
    Damaged {
        what: Fixed,
        /// The row of the sheet, from 1.
        row: Option<u32>,
    },
    /// A part of it has more bytes than it may have, or expands out of all proportion.
    #[error("{}", text!(
        "{what} has more than a workbook may have, expanded: it may be a zip bomb\n  \
         what to do: export the rows again, or save the sheet as CSV",
        what
    ))]
    TooLarge { what: Fixed },
    /// Several sheets have cells.
    #[error("{}", text!(
        "the workbook has several sheets with cells: {sheets}\n  \
         what to do: say which one is to be read with --sheet NAME",
        sheets = list(sheets)
    ))]
    Several { sheets: Vec<Shown> },
    #[error("{}", text!("the workbook has no sheet {wanted}; it has {sheets}", wanted, sheets = list(sheets)))]
    NoSuchSheet { wanted: Shown, sheets: Vec<Shown> },
    #[error("{}", fixed!("the workbook has no sheet with cells\n  what to do: check that the export wrote its rows"))]
    NoCells,
    /// A row has a cell to the left of the table.
    #[error("{}", text!(
        "row {row} of the sheet has a cell to the left of the column in which the table begins\n  \
         what to do: remove what stands beside the table, or move the table to another sheet",
        row
    ))]
    LeftOfTable {
        /// The row, from 1.
        row: u32,
    },
    #[error("{}", fixed!("--sheet is for workbooks (.xlsx), and the input is a text: drop --sheet"))]
    NotAWorkbook,
    #[error("{}", fixed!("--delimiter and --encoding are for texts, and the input is a workbook (.xlsx): drop them"))]
    NotAText,
}

impl WorkbookError {
    /// That something in it is not as it has to be.
    pub(super) fn damaged(what: Fixed) -> Self {
        Self::Damaged { what, row: None }
    }
}

coded! {
    WorkbookError []
    Self::Damaged { .. } => 3, "workbook_damaged", "the workbook is damaged";
    Self::TooLarge { .. } => 3, "workbook_too_large", "a part of the workbook is too large when it is expanded";
    Self::Several { .. } => 3, "several_sheets", "several sheets have cells";
    Self::NoSuchSheet { .. } => 2, "no_such_sheet", "the workbook has no sheet of that name";
    Self::NoCells => 3, "no_sheet_with_cells", "no sheet of the workbook has cells";
    Self::LeftOfTable { .. } => 3, "cell_beside_table", "a cell stands to the left of the table";
    Self::NotAWorkbook => 2, "not_a_workbook", "--sheet is for workbooks";
    Self::NotAText => 2, "not_a_text", "--delimiter and --encoding are for texts";
}

fn at(row: Option<u32>) -> String {
    row.map_or_else(String::new, |row| text!(" (row {row} of the sheet)", row))
}

/// The most names that a message lists.
const LISTED: usize = 20;

fn list(sheets: &[Shown]) -> String {
    let names = sheets.iter().take(LISTED).map(ToString::to_string);
    let names: Vec<String> = names.collect();
    match sheets.len().saturating_sub(LISTED) {
        0 => names.join(", "),
        more => text!("{names} and {more} more", names = names.join(", "), more),
    }
}
