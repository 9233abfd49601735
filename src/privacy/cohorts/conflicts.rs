//! Which rows of newcomers could be rows that were published before, of somebody else.

use super::{Cohorts, Group, Unit};
use crate::privacy::counter::Text;
use crate::privacy::extent::{Extent, Overlaps};

/// Which rows were ever published, by their other cells.
pub(super) struct Conflicts {
    /// The tag of the cells, and a group, in order.
    published: Vec<(u64, u32)>,
    overlaps: Vec<Overlaps>,
    /// Whether all rows there are have the same other cells: then the groups alone decide.
    all_alike: bool,
}

impl Conflicts {
    pub(super) fn new(
        cohorts: &Cohorts,
        fresh: &[u64],
        extents: &dyn Fn(usize, &[Text]) -> Vec<Extent>,
    ) -> Self {
        let of_unit = |unit: &Unit| (unit.tags.others, unit.group);
        let mut published: Vec<(u64, u32)> = cohorts.units.iter().map(of_unit).collect();
        published.sort_unstable();
        published.dedup();
        let first = fresh.first().copied();
        let all_alike = fresh.iter().all(|others| Some(*others) == first)
            && published.iter().all(|(others, _)| Some(*others) == first);
        let columns = cohorts.columns.iter().enumerate();
        let overlaps = columns.map(|(at, labels)| {
            let extents = extents(at, &labels.texts);
            Overlaps::new(&labels.texts, extents)
        });
        Self {
            overlaps: overlaps.collect(),
            published,
            all_alike,
        }
    }

    /// Whether a row of this group with these other cells may be one that was published in one of `groups`.
    pub(super) fn with(&self, others: u64, group: &Group, groups: &[Group]) -> bool {
        if self.all_alike {
            return false;
        }
        let begin = self.published.partition_point(|(known, _)| *known < others);
        let alike = self.published.get(begin..).unwrap_or_default();
        let mut alike = alike.iter().take_while(|(known, _)| *known == others);
        alike.any(|(_, other)| {
            groups.get(*other as usize).is_some_and(|other| {
                let labels = group.labels.iter().zip(&other.labels).zip(&self.overlaps);
                labels
                    .into_iter()
                    .all(|((one, two), overlaps)| overlaps.meet(*one, *two))
            })
        })
    }
}
