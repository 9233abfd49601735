//! What comes of a batch, and how it is made.

use super::tally::Tally;
use crate::crypto::row_index::IndexKey;
use crate::engine::plan::Plan;
use crate::io::format::OutputFormat;
use crate::rules::Formulas;
use crate::rules::policy::OnInvalid;

/// How a run anonymises, beside its plan.
#[derive(Clone, Copy)]
pub struct Settings {
    /// How rows are written.
    pub format: OutputFormat,
    /// What is done about invalid cells.
    pub on_invalid: OnInvalid,
    /// The key of the index, if rows get theirs here.
    pub index: Option<IndexKey>,
    pub note_row_ends: bool,
    /// Whether missing cells are counted in columns that are kept, too: nothing else there needs a
    /// look at each cell.
    pub count_missing_kept: bool,
    /// What becomes of cells that a spreadsheet would run.
    pub formulas: Formulas,
}

/// What comes of a batch.
#[derive(Debug)]
pub struct Part {
    /// The rows, ready to be written.
    pub rows: Vec<u8>,
    /// Where each row ends in `rows`, if that was asked for.
    pub row_ends: Vec<usize>,
    /// The number of each row's record, where its end is noted.
    pub records: Vec<u64>,
    /// Where the watched cells of each row begin and end in `rows`, quotes and all, in turn.
    pub marks: Vec<usize>,
    /// What was counted.
    pub tally: Tally,
}

impl Part {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            rows: Vec::new(),
            row_ends: Vec::new(),
            records: Vec::new(),
            marks: Vec::new(),
            tally: Tally::new(plan.steps.len()),
        }
    }

    /// Leaves no row in it; what was counted of them stays.
    pub(super) fn clear_rows(&mut self) {
        self.rows.clear();
        self.row_ends.clear();
        self.records.clear();
    }

    /// Notes where the cell that begins at `start` stands; the delimiter stands behind it.
    #[inline(always)]
    pub(super) fn mark(&mut self, start: usize) {
        let end = self.rows.len().saturating_sub(1);
        self.marks.extend_from_slice(&[start, end]);
    }
}
