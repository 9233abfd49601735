//! What a sheet has that its rows do not show, counted while it is read.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::name::Shown;
use crate::io::quirk::Quirk;

/// A sheet that is read, and what is counted in it.
#[derive(Debug)]
pub(crate) struct SheetFacts {
    pub(crate) name: Shown,
    /// How many other sheets with cells are not read, because they are hidden.
    pub(super) hidden_sheets: u64,
    pub(super) hidden_columns: AtomicU64,
    pub(super) hidden_rows: AtomicU64,
    pub(super) formulas: AtomicU64,
    pub(super) without_result: AtomicU64,
    pub(super) errors: AtomicU64,
    /// The last row of each merged range, from 1.
    pub(super) merged: Mutex<Vec<u32>>,
}

impl SheetFacts {
    pub(super) fn new(name: Shown, hidden_sheets: u64) -> Self {
        Self {
            name,
            hidden_sheets,
            hidden_columns: AtomicU64::new(0),
            hidden_rows: AtomicU64::new(0),
            formulas: AtomicU64::new(0),
            without_result: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            merged: Mutex::default(),
        }
    }

    /// What there is to tell. Merged cells are told below the header, which ends before the row `below`.
    pub(crate) fn quirks(&self, below: u64) -> Vec<Quirk> {
        let counted = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let merged = self.merged.lock().map_or(0, |merged| {
            let below = merged.iter().filter(|row| u64::from(**row) >= below);
            below.count() as u64
        });
        let (rows, columns) = (counted(&self.hidden_rows), counted(&self.hidden_columns));
        let (formulas, errors) = (counted(&self.formulas), counted(&self.errors));
        let without_result = counted(&self.without_result);
        let sheets = self.hidden_sheets;
        [
            (sheets, Quirk::HiddenSheets { sheets }),
            (columns, Quirk::HiddenColumns { columns }),
            (rows, Quirk::HiddenRows { rows }),
            (merged, Quirk::MergedCells { ranges: merged }),
            (formulas, Quirk::Formulas { cells: formulas }),
            (
                without_result,
                Quirk::FormulasWithoutResult {
                    cells: without_result,
                },
            ),
            (errors, Quirk::ErrorCells { cells: errors }),
        ]
        .into_iter()
        .filter_map(|(count, quirk)| (count > 0).then_some(quirk))
        .collect()
    }
}

/// Counts one more.
pub(super) fn count(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}
