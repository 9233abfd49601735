//! Which rows were published together from release to release, so that any releases together tell no more than k
//! persons apart.
//!
//! A **unit** is a row of a person as it would be published without a search: its quasi-identifying values and all
//! its other published cells. A **group** is units of k persons or more that were published together for the first
//! time, with the same labels. From then on:
//!
//! * a group is published, always with its labels, as long as the units of k persons have been in every input since;
//! * a unit that was not there once, or that has changed, never comes back, and neither does a group of fewer than k;
//! * units that were never published are held back until they make a new group.
//!
//! Units only leave a group. So whoever is published in some releases was in each of them with the same labels as the
//! k persons that the group has in the last of them: no intersection of these releases leaves fewer.
//!
//! That holds for who knows the persons' quasi-identifying values. Rows can be linked by their other cells as well: if
//! a new unit could by its cells be an older row of somebody else, who compares the two files has fewer
//! candidates for it than it has. So a unit of a new group *conflicts*, and is held back, if a unit that was ever published has the
//! same other cells and labels that may stand for the same values.
//!
//! Nothing of a row is kept but keyed hashes ([`Tags`]) and the labels that are public.

mod conflicts;
mod stored;
#[cfg(test)]
mod tests;
mod tonight;

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::counter::Text;
pub(crate) use tonight::{Figures, Newcomers, Settled, Sought, Tonight};

/// What a row is known by: keyed hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tags {
    /// Of the person and the whole row.
    pub(crate) row: u64,
    pub(crate) person: u64,
    /// Of the cells that are not quasi-identifying.
    pub(crate) others: u64,
}

/// A row of a person that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unit {
    tags: Tags,
    group: u32,
    /// How many rows of the person are the same; 0 if it is gone.
    rows: u32,
}

/// Units that were first published together.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    /// By column the code of its label.
    labels: Box<[u32]>,
    /// What its rows lose.
    loss: f32,
}

/// The labels of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Labels {
    texts: Vec<Text>,
    codes: HashMap<Text, u32>,
}

impl Labels {
    fn code(&mut self, text: &[u8]) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = self.texts.len() as u32;
        self.texts.push(text.into());
        self.codes.insert(text.into(), code);
        code
    }
}

/// Finds things by the tags of rows.
pub(crate) type ByRow = HashMap<u64, u32, FixedState>;

/// All that was published, release after release.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cohorts {
    columns: Vec<Labels>,
    groups: Vec<Group>,
    units: Vec<Unit>,
}

impl Cohorts {
    /// Nothing was published yet, of so many quasi-identifying columns.
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            columns: vec![Labels::default(); columns],
            ..Self::default()
        }
    }

    /// How many quasi-identifying columns there are.
    pub(crate) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The unit of each row.
    pub(crate) fn by_row(&self) -> ByRow {
        let units = self.units.iter().map(|unit| unit.tags.row);
        units.zip(0..).collect()
    }

    pub(crate) fn label(&self, group: u32, column: usize) -> &[u8] {
        let group = self.groups.get(group as usize);
        let code = group.and_then(|group| group.labels.get(column));
        let labels = self.columns.get(column);
        let text = code.and_then(|code| labels?.texts.get(*code as usize));
        text.map_or(super::hierarchy::ANY, |text| text)
    }
}
