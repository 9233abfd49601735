//! What splitting one class needs room for, and how it is to be cut.

use super::cuts::Cut;

/// What a thread uses again and again.
#[derive(Default)]
pub(super) struct Scratch {
    /// By group: its rows; 0 outside of a count.
    pub(super) rows: Vec<u64>,
    /// The groups that were counted, as many as `seen`; room for all, and for one more.
    pub(super) touched: Vec<u32>,
    pub(super) seen: usize,
    /// The bits of the key in which members differ.
    pub(super) apart: Vec<u64>,
    /// By group: what there is of it; nothing but for those that were tallied last.
    pub(super) tallies: Vec<Tally>,
    /// These groups, as many as `tallied_groups`; room for all, and for one more.
    pub(super) tallied: Vec<u32>,
    pub(super) tallied_groups: usize,
    /// By group that was tallied: its persons, as many as are asked for.
    pub(super) crowds: Vec<Vec<u32>>,
    /// By member: its group.
    pub(super) groups: Vec<u32>,
    pub(super) cuts: Vec<Cut>,
    pub(super) decision: Decision,
    /// By part: where it ends.
    pub(super) ends: Vec<usize>,
    /// Room for the members before they are put in the order of the parts.
    pub(super) before: Vec<u64>,
    /// By a small number of rows: that many times its binary logarithm.
    pub(super) logarithms: Vec<f64>,
}

/// One group of a set.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) rows: u64,
    /// Its members.
    pub(super) size: u32,
    /// The part in which it is.
    pub(super) place: u32,
}

/// How a set is cut: groups that become classes of their own, and the others.
#[derive(Debug, Default)]
pub(super) struct Decision {
    pub(super) good: Vec<u32>,
    pub(super) rest: Vec<u32>,
}

impl Scratch {
    pub(super) fn make_room(&mut self, groups: usize) {
        self.rows.resize(self.rows.len().max(groups), 0);
        self.touched.resize(self.touched.len().max(groups + 1), 0);
    }
}

impl Decision {
    /// Notes the part of each group, and the members of each part: those of each good group by
    /// itself, then those of the others together.
    pub(super) fn place(&self, tallies: &mut [Tally], sizes: &mut Vec<usize>) {
        let others = self.good.len();
        sizes.clear();
        sizes.resize(others + 1, 0);
        let rest = self.rest.iter().map(|group| (others, group));
        for (part, group) in (0..).zip(&self.good).chain(rest) {
            if let (Some(tally), Some(size)) =
                (tallies.get_mut(*group as usize), sizes.get_mut(part))
            {
                tally.place = part as u32;
                *size += tally.size as usize;
            }
        }
    }

    /// Whether the set stays as it is, one level finer.
    pub(super) fn is_whole(&self) -> bool {
        self.good.len() == 1 && self.rest.is_empty()
    }
}
