//! Rows of a sheet as lines of a strict CSV text.

use super::error::WorkbookError;
use crate::io::format::OutputFormat;

/// What stands between the cells of a row: a character that XML cannot even hold, so that no cell
/// needs quotes for it.
pub(crate) const SEPARATOR: u8 = 0x1F;

const FORMAT: OutputFormat = OutputFormat {
    delimiter: SEPARATOR,
    crlf: false,
    mark: false,
};

/// A row: its number from 1, and its cells that have a text.
#[derive(Default)]
pub(super) struct SheetRow {
    pub(super) number: u32,
    pub(super) text: String,
    pub(super) cells: Vec<SheetCell>,
}

/// A cell that has a text.
pub(super) struct SheetCell {
    /// Its column, from 1.
    pub(super) column: u32,
    /// Where its text ends in that of the row.
    pub(super) end: usize,
    /// Whether there are only blanks in it.
    pub(super) is_blank: bool,
}

impl SheetRow {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    /// The first column that is not blank.
    pub(super) fn first(&self) -> Option<u32> {
        let mut filled = self.cells.iter().filter(|cell| !cell.is_blank);
        filled.next().map(|cell| cell.column)
    }

    /// The last column that is not blank.
    pub(super) fn last(&self) -> Option<u32> {
        let mut filled = self.cells.iter().rev().filter(|cell| !cell.is_blank);
        filled.next().map(|cell| cell.column)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.is_blank)
    }
}

/// Rows as lines of text.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) text: Vec<u8>,
    pub(super) held: Vec<SheetRow>,
    pub(super) is_placed: bool,
    /// The first and the last column of the table, from 1.
    pub(super) left: u32,
    pub(super) right: u32,
    /// How many lines there are.
    count: u32,
}

impl Lines {
    pub(super) fn place(&mut self) -> Result<(), WorkbookError> {
        let held = std::mem::take(&mut self.held);
        self.left = held.iter().filter_map(SheetRow::first).min().unwrap_or(1);
        self.right = held.iter().filter_map(SheetRow::last).max().unwrap_or(1);
        self.is_placed = true;
        held.iter().try_for_each(|row| self.write(row))
    }

    pub(super) fn write(&mut self, row: &SheetRow) -> Result<(), WorkbookError> {
        if row.first().is_some_and(|first| first < self.left) {
            return Err(WorkbookError::LeftOfTable { row: row.number });
        }
        // In a table of one column a blank row is not to be taken for nothing.
        let blank: &[u8] = match self.left == self.right && self.count > 0 {
            true => b"\"\"\n",
            false => b"\n",
        };
        while self.count + 1 < row.number {
            self.text.extend_from_slice(blank);
            self.count += 1;
        }
        let last = row.last().unwrap_or(0).max(self.right);
        let mut column = self.left;
        let mut begin = 0;
        for cell in &row.cells {
            let text = row.text.get(begin..cell.end).unwrap_or_default();
            begin = cell.end;
            // Blanks beside the table are nothing.
            if !(self.left..=last).contains(&cell.column) {
                continue;
            }
            while column < cell.column {
                self.text.push(SEPARATOR);
                column += 1;
            }
            let start = self.text.len();
            self.text.extend_from_slice(text.as_bytes());
            FORMAT.quote_from(start, &mut self.text);
        }
        while column < self.right {
            self.text.push(SEPARATOR);
            column += 1;
        }
        self.text.push(b'\n');
        self.count += 1;
        Ok(())
    }
}
