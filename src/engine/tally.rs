//! What is counted on the way, and the places of what went wrong.

use super::sieve::NobodyCounts;
use crate::base::name::Shown;
use crate::io::csv::{Batch, Row};
use crate::rules::transform::Reason;

/// How many places a message lists.
pub const MAX_PLACES: usize = 10;

/// The counts of some rows, in their order: of a batch, or of a whole run.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Rows read.
    pub rows: u64,
    /// Rows written.
    pub written: u64,
    /// Rows of another width than the header; they are never written.
    pub wrong_width: u64,
    /// Rows that are nobody; they are never written.
    pub nobody: NobodyCounts,
    /// Rows that left with empty cells, being too old.
    pub blanked: u64,
    /// Rows that a release holds back.
    pub held_back: u64,
    /// By test of the row filter; tests that no row has failed may lack.
    pub filters: Vec<FilterTally>,
    /// Rows that are not in the sample.
    pub not_drawn: u64,
    /// Rows with an identifier that proves itself in a kept cell.
    pub leftovers: u64,
    /// By step of the plan.
    pub columns: Vec<ColumnTally>,
    /// The first places of what went wrong, [`MAX_PLACES`] at most.
    pub places: Vec<Found>,
}

/// The counts of one column that leaves.
#[derive(Debug, Clone, Default)]
pub struct ColumnTally {
    /// Missing cells.
    pub missing: u64,
    /// Invalid cells by reason, in the order the reasons came up.
    pub invalid: Vec<(&'static Reason, u64)>,
    /// Cells that a spreadsheet would run.
    pub formulas: u64,
    /// What the rule counts, by its position in the rule's list.
    pub counts: Vec<u64>,
}

/// The counts of one test of the row filter.
#[derive(Debug, Clone, Default)]
pub struct FilterTally {
    /// Rows left out for which it does not hold.
    pub unmet: u64,
    /// Rows left out for want of the cell.
    pub missing: u64,
    /// Rows left out as the cell could not be read.
    pub unreadable: u64,
    /// Cells that could not be read, by reason, in the order the reasons came up.
    pub invalid: Vec<(&'static Reason, u64)>,
}

/// Something that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record, from 1.
    pub record: u64,
    /// The line, from 1.
    pub line: u64,
    pub cause: Cause,
}

/// What is wrong with a row or a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The row has this many fields instead of the header's number.
    Width(usize),
    /// The row is a total.
    Total,
    /// The cell that this test of the row filter needs is invalid.
    Undecided {
        test: usize,
        reason: &'static Reason,
    },
    /// The cell of this step of the plan is invalid.
    Cell {
        step: usize,
        reason: &'static Reason,
    },
}

impl Tally {
    /// Zero of everything, for a plan with so many steps.
    pub fn new(steps: usize) -> Self {
        Self {
            columns: vec![ColumnTally::default(); steps],
            ..Self::default()
        }
    }

    /// Back to zero.
    pub fn clear(&mut self) {
        self.rows = 0;
        self.written = 0;
        self.wrong_width = 0;
        self.nobody = NobodyCounts::default();
        self.leftovers = 0;
        self.blanked = 0;
        self.held_back = 0;
        self.filters.clear();
        self.not_drawn = 0;
        self.places.clear();
        for column in &mut self.columns {
            column.missing = 0;
            column.formulas = 0;
            column.invalid.clear();
            column.counts.clear();
        }
    }

    /// Notes the place of what is wrong with a row of a batch, as long as there is room for it.
    /// `header` names the columns.
    #[cold]
    pub(super) fn note(
        &mut self,
        row: &Row<'_>,
        column: usize,
        cause: Cause,
        (batch, header): (&Batch, &[Shown]),
    ) {
        if self.places.len() < MAX_PLACES {
            self.places.push(Found {
                record: row.number,
                line: batch.place(row.field_start(column), header).line,
                cause,
            });
        }
    }

    /// Rows that were left out for what is wrong with them, or being nobody.
    pub fn skipped(&self) -> u64 {
        self.rows - self.written - self.left_out()
    }

    /// Rows that were left out for cells that are invalid.
    pub fn skipped_for_cells(&self) -> u64 {
        let others = self.wrong_width + self.nobody.all();
        self.skipped() - others.min(self.skipped())
    }

    /// Rows that the row filter left out, or that a release holds back.
    pub fn left_out(&self) -> u64 {
        let by_tests: u64 = self.filters.iter().map(FilterTally::left_out).sum();
        by_tests + self.not_drawn + self.held_back
    }

    /// Counts something of the test at this position.
    pub fn of_test(&mut self, position: usize, count: impl FnOnce(&mut FilterTally)) {
        if self.filters.len() <= position {
            self.filters.resize_with(position + 1, FilterTally::default);
        }
        if let Some(test) = self.filters.get_mut(position) {
            count(test);
        }
    }

    /// Invalid cells, of columns that leave and of the row filter.
    pub fn invalid_cells(&self) -> u64 {
        let cells = self.columns.iter().map(ColumnTally::invalid_cells);
        let deciding = self.filters.iter().map(FilterTally::invalid_cells);
        cells.chain(deciding).sum()
    }

    /// Cells that a spreadsheet would run.
    pub fn formulas(&self) -> u64 {
        self.columns.iter().map(|column| column.formulas).sum()
    }

    /// Whether any row or cell is invalid, or any row a total.
    pub fn has_invalid(&self) -> bool {
        self.wrong_width > 0 || self.nobody.totals > 0 || self.invalid_cells() > 0
    }

    /// Adds the counts of the rows that follow.
    pub fn add(&mut self, later: &Self) {
        self.rows += later.rows;
        self.written += later.written;
        self.wrong_width += later.wrong_width;
        self.nobody.add(&later.nobody);
        self.leftovers += later.leftovers;
        self.blanked += later.blanked;
        self.not_drawn += later.not_drawn;
        self.held_back += later.held_back;
        for (position, test) in later.filters.iter().enumerate() {
            self.of_test(position, |sum| sum.add(test));
        }
        let room = MAX_PLACES.saturating_sub(self.places.len());
        self.places.extend(later.places.iter().take(room).cloned());
        for (sum, column) in self.columns.iter_mut().zip(&later.columns) {
            sum.missing += column.missing;
            sum.formulas += column.formulas;
            for &(reason, count) in &column.invalid {
                sum.add_invalid(reason, count);
            }
            for (position, &count) in column.counts.iter().enumerate() {
                sum.add_count(position, count);
            }
        }
    }
}

impl ColumnTally {
    /// Counts invalid cells.
    pub fn add_invalid(&mut self, reason: &'static Reason, count: u64) {
        add(&mut self.invalid, reason, count);
    }

    /// Counts what the rule lists at `position`.
    pub fn add_count(&mut self, position: usize, count: u64) {
        if self.counts.len() <= position {
            self.counts.resize(position + 1, 0);
        }
        if let Some(sum) = self.counts.get_mut(position) {
            *sum += count;
        }
    }

    /// All invalid cells.
    pub fn invalid_cells(&self) -> u64 {
        self.invalid.iter().map(|(_, count)| count).sum()
    }
}

impl FilterTally {
    /// Rows that the test left out.
    pub fn left_out(&self) -> u64 {
        self.unmet + self.missing + self.unreadable
    }

    /// Counts cells that could not be read.
    pub fn add_invalid(&mut self, reason: &'static Reason, count: u64) {
        add(&mut self.invalid, reason, count);
    }

    /// All cells that could not be read.
    pub fn invalid_cells(&self) -> u64 {
        self.invalid.iter().map(|(_, count)| count).sum()
    }

    fn add(&mut self, later: &Self) {
        self.unmet += later.unmet;
        self.missing += later.missing;
        self.unreadable += later.unreadable;
        for &(reason, count) in &later.invalid {
            self.add_invalid(reason, count);
        }
    }
}

/// Counts cells that are invalid for a reason.
fn add(counts: &mut Vec<(&'static Reason, u64)>, reason: &'static Reason, count: u64) {
    match counts.iter_mut().find(|(known, _)| *known == reason) {
        Some((_, sum)) => *sum += count,
        None => counts.push((reason, count)),
    }
}
