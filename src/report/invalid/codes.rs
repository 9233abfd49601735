//! What machines call that which is invalid.

use super::InvalidData;

/// What of the data can be invalid, for machines, and what that stands for.
pub(crate) const INVALID: &[(&str, &str)] = &[
    (
        "invalid_cells",
        "cells that their rules cannot transform, or formulas that are refused",
    ),
    ("wrong_width", "rows of another width than the header"),
    ("totals", "rows that are totals"),
];

impl InvalidData {
    /// What of [`INVALID`] there is.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &'static str> {
        let counts = [self.cells, self.rows, self.of_totals];
        let codes = INVALID.iter().zip(counts);
        codes
            .filter(|(_, count)| *count > 0)
            .map(|((code, _), _)| *code)
    }
}
