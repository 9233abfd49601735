//! A column's hierarchy as the search needs it: labels by number, losses as integers.

use std::collections::HashMap;

use super::at;
use crate::privacy::hierarchy::ANY;
use crate::privacy::{Combinations, Hierarchy};

/// The loss of a suppressed row. A power of two that leaves room for 2^32 rows in 64 bits, while a
/// cell's loss is off by less than a billionth.
pub(super) const ONE: u64 = 1 << 30;

/// The number of the label `*`.
pub(super) const STAR: u32 = 0;

/// One column's levels.
#[derive(Debug)]
pub(super) struct Ladder {
    rungs: Vec<Rung>,
    /// `below[i][j]`: level i refines level j, and no value loses more at i than at j.
    below: Vec<Vec<bool>>,
    /// `maps[i][j]`: the group at level j of each group at level i, where i refines j.
    maps: Vec<Vec<Option<Vec<u32>>>>,
    /// What all rows together lose in this column at each level; nothing if that was not counted.
    totals: Vec<u64>,
    labels: usize,
}

#[derive(Debug)]
struct Rung {
    /// By value's code.
    groups: Vec<u32>,
    /// By group: the number of the label, the same at all levels.
    labels: Vec<u32>,
    /// By group: its share of the row's loss.
    costs: Vec<u32>,
}

impl Ladder {
    /// The ladders of all columns, in the order of the columns.
    pub(super) fn all(
        combinations: &Combinations,
        hierarchies: &[Hierarchy],
        threads: usize,
    ) -> Vec<Self> {
        let mut ladders = Self::without_totals(hierarchies);
        let rows_by_code = combinations.rows_by_code(hierarchies.len(), threads);
        for (ladder, rows) in ladders.iter_mut().zip(rows_by_code) {
            let totals = ladder.rungs.iter().map(|rung| {
                let rows = rows.iter().enumerate();
                rows.map(|(code, rows)| rows * u64::from(rung.cost(code)))
                    .sum()
            });
            ladder.totals = totals.collect();
        }
        ladders
    }

    /// The same for who asks nothing of the lattice but its nodes: no rows are counted.
    pub(super) fn without_totals(hierarchies: &[Hierarchy]) -> Vec<Self> {
        let weight: f64 = hierarchies.iter().map(|column| column.weight).sum();
        // Shares are cut so that they add up to the whole.
        let (mut reached, mut begun) = (0.0, 0);
        let ladders = hierarchies.iter().map(|hierarchy| {
            reached += hierarchy.weight;
            let end = (reached / weight * ONE as f64).round() as u64;
            let share = end.saturating_sub(begun);
            begun = end;
            Self::new(hierarchy, share)
        });
        ladders.collect()
    }

    fn new(hierarchy: &Hierarchy, share: u64) -> Self {
        let values = hierarchy.levels().first().map_or(0, |l| l.groups.len());
        let mut numbers: HashMap<&[u8], u32> = HashMap::from([(ANY, STAR)]);
        let mut losses = vec![1.0_f64];
        for level in hierarchy.levels() {
            for (label, loss) in level.labels.iter().zip(&level.losses) {
                let next = losses.len() as u32;
                let number = *numbers.entry(label).or_insert(next) as usize;
                match losses.get_mut(number) {
                    Some(known) => *known = known.max(*loss),
                    None => losses.push(*loss),
                }
            }
        }
        let cost = |number: u32| (at(&losses, number as usize) * share as f64).round() as u32;
        let levels = hierarchy.levels().iter().map(|level| {
            let labels = level.labels.iter();
            let labels: Vec<u32> = labels
                .map(|label| numbers.get(&**label).copied().unwrap_or(STAR))
                .collect();
            Rung {
                groups: level.groups.clone(),
                costs: labels.iter().map(|number| cost(*number)).collect(),
                labels,
            }
        });
        let rungs: Vec<Rung> = levels.collect();
        let is_below = |fine: usize, coarse: usize| {
            let (Some(lower), Some(upper)) = (rungs.get(fine), rungs.get(coarse)) else {
                return false;
            };
            fine == coarse
                || hierarchy.refines(fine, coarse)
                    && (0..values).all(|code| lower.cost(code) <= upper.cost(code))
                    // Groups that are told apart by a level may still share a label of another.
                    && (0..values).all(|code| lower.label(code) != STAR || upper.label(code) == STAR)
        };
        // Of two levels that are the same, the first is below: a way up never comes back.
        let is_below = |fine: usize, coarse: usize| {
            is_below(fine, coarse) && (fine <= coarse || !is_below(coarse, fine))
        };
        let below: Vec<Vec<bool>> = (0..rungs.len())
            .map(|fine| {
                (0..rungs.len())
                    .map(|coarse| is_below(fine, coarse))
                    .collect()
            })
            .collect();
        let map = |fine: usize, coarse: usize| {
            let (lower, upper) = (rungs.get(fine)?, rungs.get(coarse)?);
            if !hierarchy.refines(fine, coarse) {
                return None;
            }
            let mut map = vec![0; lower.labels.len()];
            for (from, to) in lower.groups.iter().zip(&upper.groups) {
                if let Some(slot) = map.get_mut(*from as usize) {
                    *slot = *to;
                }
            }
            Some(map)
        };
        let maps = (0..rungs.len())
            .map(|fine| (0..rungs.len()).map(|coarse| map(fine, coarse)).collect())
            .collect();
        Self {
            below,
            maps,
            totals: Vec::new(),
            labels: losses.len(),
            rungs,
        }
    }

    pub(super) fn levels(&self) -> usize {
        self.rungs.len()
    }

    /// How many values the column has.
    pub(super) fn values(&self) -> usize {
        self.rungs.first().map_or(0, |rung| rung.groups.len())
    }

    /// The number of the last level.
    pub(super) fn top(&self) -> u8 {
        self.rungs.len().saturating_sub(1) as u8
    }

    /// How many labels all levels have together.
    pub(super) fn labels(&self) -> usize {
        self.labels
    }

    /// What all rows together lose in this column at a level.
    pub(super) fn total(&self, level: u8) -> u64 {
        at(&self.totals, level as usize)
    }

    /// Whether the classes of one level lie within those of the other, at no greater loss.
    #[inline]
    pub(super) fn below(&self, fine: u8, coarse: u8) -> bool {
        self.below
            .get(fine as usize)
            .is_some_and(|row| at(row, coarse as usize))
    }

    /// The coarser level's group for each group of the finer one, if that refines it.
    pub(super) fn map(&self, fine: u8, coarse: u8) -> Option<&[u32]> {
        let row = self.maps.get(fine as usize)?;
        row.get(coarse as usize)?.as_deref()
    }

    /// The group of a value at a level.
    #[inline]
    pub(super) fn group(&self, level: u8, code: u32) -> u32 {
        let rung = self.rungs.get(level as usize);
        rung.map_or(0, |rung| at(&rung.groups, code as usize))
    }

    /// The groups at a level, by value.
    pub(super) fn groups(&self, level: u8) -> &[u32] {
        let rung = self.rungs.get(level as usize);
        rung.map_or(&[], |rung| &rung.groups)
    }

    /// The levels that refine a level with none between.
    pub(super) fn finer(&self, level: u8) -> Vec<u8> {
        let refines = |fine: u8, coarse: u8| self.map(fine, coarse).is_some();
        let all = || (0..level).filter(|fine| refines(*fine, level));
        let next =
            all().filter(|fine| !all().any(|between| between > *fine && refines(*fine, between)));
        next.collect()
    }

    /// The number of a group's label.
    #[inline]
    pub(super) fn label(&self, level: u8, group: u32) -> u32 {
        let rung = self.rungs.get(level as usize);
        rung.map_or(STAR, |rung| at(&rung.labels, group as usize))
    }

    /// By group at a level: its share of a row's loss.
    pub(super) fn costs(&self, level: u8) -> &[u32] {
        let rung = self.rungs.get(level as usize);
        rung.map_or(&[], |rung| &rung.costs)
    }

    /// A group's share of a row's loss.
    #[inline]
    pub(super) fn cost(&self, level: u8, group: u32) -> u32 {
        let rung = self.rungs.get(level as usize);
        rung.map_or(0, |rung| at(&rung.costs, group as usize))
    }
}

impl Rung {
    fn cost(&self, code: usize) -> u32 {
        at(&self.costs, at(&self.groups, code) as usize)
    }

    fn label(&self, code: usize) -> u32 {
        at(&self.labels, at(&self.groups, code) as usize)
    }
}
