//! What may be published of a table.

use std::collections::{HashMap, HashSet};

use super::cell::Cell;
use super::figures::Figures;

/// A table of which it is known what may be published.
#[derive(Debug)]
pub(crate) struct Protected {
    pub(crate) figures: Figures,
    /// The places that are listed, in their order; nothing is told of those that are suppressed.
    pub(crate) listed: Vec<usize>,
    pub(super) suppressed: HashSet<usize>,
    /// The margins of these, for which no quantile is told.
    pub(super) mixed: HashSet<usize>,
    /// How many are suppressed for their own sake.
    pub(crate) primary: u64,
    /// How many because they were suppressed in the table before it, and how many because too few persons changed.
    pub(crate) kept: u64,
    pub(crate) changed: u64,
    /// And how many to cover all of these.
    pub(crate) secondary: u64,
    /// How many numbers of persons are possible at least for each of these cells, if there is one.
    pub(crate) least_width: Option<u64>,
}

impl Protected {
    /// Each listed place, with its cell if that is published.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, Option<&Cell>)> {
        let cells: HashMap<usize, &Cell> = self
            .figures
            .cells
            .iter()
            .map(|(place, cell)| (*place, cell))
            .collect();
        self.listed.iter().map(move |place| {
            let cell = cells
                .get(place)
                .filter(|_| !self.suppressed.contains(place));
            (*place, cell.copied())
        })
    }

    /// Whether quantiles of a place are told. They add up in no way that could be made good for: of margins they
    /// are told where nothing of the margin is suppressed.
    pub(crate) fn tells_quantiles(&self, place: usize) -> bool {
        !self.mixed.contains(&place)
    }
}
