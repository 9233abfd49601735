//! Combinations in classes, and how their groups are counted.

use super::at;
use crate::privacy::Combinations;

/// Combinations in classes: those of a class side by side, in ascending order.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) members: Vec<u32>,
    pub(super) classes: Vec<Class>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    /// Where its members end.
    pub(super) end: usize,
    pub(super) rows: u32,
    /// What a row loses in the columns that are not `*` any more.
    pub(super) cost: u64,
}

/// What a thread counts groups with.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    /// By group; no rows outside of a count.
    pub(super) tallies: Vec<Tally>,
    /// The groups that were counted; room for all, and for one more.
    pub(super) touched: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) rows: u32,
    pub(super) size: u32,
    /// Where its next member goes, and how far the one after is.
    pub(super) place: u32,
    pub(super) step: u32,
}

impl Layer {
    /// All of these combinations as one class.
    pub(super) fn all(combinations: &Combinations, numbers: Vec<u32>) -> Self {
        let rows = numbers
            .iter()
            .map(|number| at(combinations.counts(), *number as usize));
        let class = Class {
            end: numbers.len(),
            rows: rows.fold(0, u32::saturating_add),
            cost: 0,
        };
        Self {
            classes: numbers.first().map(|_| class).into_iter().collect(),
            members: numbers,
        }
    }

    /// Whether there is no class.
    pub(super) fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The classes with their members.
    pub(super) fn classes(&self) -> impl Iterator<Item = (&Class, &[u32])> {
        let mut begin = 0;
        self.classes.iter().map(move |class| {
            let members = self.members.get(begin..class.end).unwrap_or_default();
            begin = class.end;
            (class, members)
        })
    }
}

impl Tallies {
    #[inline]
    pub(super) fn make_room(&mut self, groups: usize) {
        if self.tallies.len() < groups {
            self.tallies.resize(groups, Tally::default());
            self.touched.resize(groups + 1, 0);
        }
    }

    /// Counts the groups of a class by combination; gives how many there are.
    #[inline]
    pub(super) fn count(
        &mut self,
        groups: &[u32],
        members: &[u32],
        rows: impl Fn(usize) -> u32,
    ) -> usize {
        let (tallies, touched) = (self.tallies.as_mut_slice(), self.touched.as_mut_slice());
        let mut seen = 0_usize;
        for member in members {
            let group = at(groups, *member as usize);
            if let (Some(tally), Some(next)) =
                (tallies.get_mut(group as usize), touched.get_mut(seen))
            {
                // Written in any case: whether a group is a new one nobody can foretell.
                *next = group;
                seen += usize::from(tally.size == 0);
                tally.rows = tally.rows.saturating_add(rows(*member as usize));
                tally.size = tally.size.wrapping_add(1);
            }
        }
        seen
    }
}
