//! The line of a place, without reading the batch from its start for each.

use crate::io::csv::Batch;

/// Counts lines from the last place that was asked for.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The batch, counted from 1.
    batch: u64,
    at: usize,
    line: u64,
}

impl Lines {
    /// The line, from 1, of the byte at `at` of the batch; places of a batch come in any order, but
    /// it is quick only where they come in theirs.
    pub(super) fn line(&mut self, batch: &Batch, at: usize) -> u64 {
        if self.batch != batch.sequence + 1 || at < self.at {
            *self = Self {
                batch: batch.sequence + 1,
                at: 0,
                line: batch.first_line(),
            };
        }
        self.line += batch.line_ends(self.at, at);
        self.at = at;
        self.line
    }
}
