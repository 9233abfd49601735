//! The classes that are left at a node, made finer column by column from where all is `*`.
//!
//! A class that has too few rows where some columns are `*` has no class with enough in it at any
//! finer node, so its members are dropped on the way. At fine nodes few are left to look at.

use super::at;
use super::demand::Demand;
use super::ladder::Ladder;
use super::layer::{Class, Layer, Tallies, Tally};
use super::partition::values;
use crate::privacy::Combinations;

/// What a node's classes are made with.
pub(super) struct Refiner<'a> {
    pub(super) combinations: &'a Combinations,
    pub(super) demand: &'a Demand,
    /// In the order in which they become finer: those that tell most apart first.
    pub(super) columns: Vec<Column<'a>>,
    /// Whether each combination has one row.
    ones: bool,
}

/// A column, with the groups of all combinations at each level.
pub(super) struct Column<'a> {
    /// Its number in a node.
    pub(super) number: usize,
    pub(super) ladder: &'a Ladder,
    /// By level and combination.
    groups: Vec<Vec<u32>>,
    /// The least that a row loses, at any level.
    least: u64,
}

/// A class that is worth its price.
pub(super) struct Worth<'l> {
    pub(super) members: &'l [u32],
    pub(super) rows: u32,
    /// What each of its rows gains.
    pub(super) gain: u64,
}

impl<'a> Refiner<'a> {
    pub(super) fn new(
        combinations: &'a Combinations,
        ladders: &'a [Ladder],
        demand: &'a Demand,
    ) -> Self {
        let columns = ladders.iter().enumerate().map(|(number, ladder)| {
            let of_level = |level| {
                let groups = ladder.groups(level);
                (0..combinations.len())
                    .map(|combination| at(groups, combinations.code(combination, number) as usize))
                    .collect()
            };
            let costs = (0..=ladder.top()).flat_map(|level| ladder.costs(level));
            Column {
                number,
                ladder,
                groups: (0..=ladder.top()).map(of_level).collect(),
                least: costs.min().copied().unwrap_or(0).into(),
            }
        });
        let mut columns: Vec<Column<'a>> = columns.collect();
        // No result depends on the order.
        columns.sort_by(|one, other| other.cuts().total_cmp(&one.cuts()));
        Self {
            combinations,
            demand,
            columns,
            ones: combinations.counts().iter().all(|count| *count == 1),
        }
    }

    /// What a row loses at least in the columns from this one on.
    fn rest(&self, depth: usize) -> u64 {
        let columns = self.columns.iter().skip(depth);
        columns.map(|column| column.least).sum()
    }

    /// Makes a column finer: from `*` to a level. Classes that have fewer than k rows, or whose rows
    /// lose `left` or more, are dropped.
    pub(super) fn refine(
        &self,
        from: &Layer,
        (depth, level): (usize, u8),
        left: u64,
        tallies: &mut Tallies,
        to: &mut Layer,
    ) {
        to.members.clear();
        to.classes.clear();
        let Some(column) = self.columns.get(depth) else {
            return;
        };
        let costs = column.ladder.costs(level);
        let left = left.saturating_sub(self.rest(depth + 1));
        // Behind the last place is one for all that are dropped.
        let dropped = from.members.len();
        to.members.resize(dropped + 1, 0);
        let mut next = 0_u32;
        for (class, members) in from.classes() {
            let seen = self.count(column, level, members, tallies);
            let begin = next;
            for group in tallies.touched.iter().take(seen) {
                let Some(tally) = tallies.tallies.get_mut(*group as usize) else {
                    continue;
                };
                let cost = class.cost + u64::from(at(costs, *group as usize));
                let Tally { rows, size, .. } = std::mem::take(tally);
                if rows >= self.demand.k && cost < left {
                    (tally.place, tally.step) = (next, 1);
                    next += size;
                    to.classes.push(Class {
                        end: next as usize,
                        rows,
                        cost,
                    });
                } else {
                    tally.place = dropped as u32;
                }
            }
            if next == begin {
                continue;
            }
            let groups = column.groups(level);
            for member in members {
                let group = at(groups, *member as usize);
                if let Some(tally) = tallies.tallies.get_mut(group as usize)
                    && let Some(to) = to.members.get_mut(tally.place as usize)
                {
                    // Written in any case, for whether a member stays nobody can foretell.
                    *to = *member;
                    tally.place = tally.place.wrapping_add(tally.step);
                }
            }
        }
        to.members.truncate(next as usize);
    }

    /// What the classes gain once a last column is made finer, where nothing but rows is asked for.
    pub(super) fn gain_at(
        &self,
        from: &Layer,
        (depth, level): (usize, u8),
        left: u64,
        tallies: &mut Tallies,
    ) -> u64 {
        let Some(column) = self.columns.get(depth) else {
            return 0;
        };
        let costs = column.ladder.costs(level);
        let mut gain = 0;
        for (class, members) in from.classes() {
            let seen = self.count(column, level, members, tallies);
            for group in tallies.touched.iter().take(seen) {
                let tally = tallies.tallies.get_mut(*group as usize);
                let rows = tally.map_or(0, |tally| std::mem::take(tally).rows);
                let cost = class.cost + u64::from(at(costs, *group as usize));
                if rows >= self.demand.k {
                    gain += left.saturating_sub(cost) * u64::from(rows);
                }
            }
        }
        gain
    }

    /// Counts the groups of a class; gives how many there are.
    #[inline]
    fn count(&self, column: &Column<'_>, level: u8, members: &[u32], to: &mut Tallies) -> usize {
        to.make_room(column.ladder.values());
        match self.ones {
            true => to.count(column.groups(level), members, |_| 1),
            false => {
                let counts = self.combinations.counts();
                to.count(column.groups(level), members, |member| at(counts, member))
            }
        }
    }

    /// Drops members that are not left any more, and classes that then have too few rows.
    pub(super) fn retain(&self, layer: &mut Layer, left: &[bool]) {
        let counts = self.combinations.counts();
        let (mut begin, mut next) = (0, 0);
        let Layer { members, classes } = layer;
        classes.retain_mut(|class| {
            let (mut rows, first) = (0_u32, next);
            for from in begin..class.end {
                let member = at(members, from);
                if at(left, member as usize)
                    && let Some(to) = members.get_mut(next)
                {
                    *to = member;
                    next += 1;
                    rows = rows.saturating_add(at(counts, member as usize));
                }
            }
            begin = class.end;
            let stays = rows >= self.demand.k;
            if !stays {
                next = first;
            }
            (class.rows, class.end) = (rows, next);
            stays
        });
        members.truncate(next);
    }

    /// The classes that are as asked for and lose less than `left`.
    pub(super) fn worth<'l>(
        &'l self,
        layer: &'l Layer,
        left: u64,
    ) -> impl Iterator<Item = Worth<'l>> {
        layer.classes().filter_map(move |(class, members)| {
            let gain = left.checked_sub(class.cost).filter(|gain| *gain > 0)?;
            let met = class.rows >= self.demand.k
                && (self.demand.sensitive() == 0 || {
                    let columns = self.demand.sensitive();
                    let values = values(self.combinations, members, columns);
                    self.demand.met(u64::from(class.rows), |column| {
                        values.get(column).map_or(&[], Vec::as_slice)
                    })
                });
            met.then_some(Worth {
                members,
                rows: class.rows,
                gain,
            })
        })
    }

    /// Whether classes of k rows hold so many rows at a node at least.
    pub(super) fn holds(
        &self,
        all: &Layer,
        node: &[u8],
        least: u64,
        tallies: &mut Tallies,
    ) -> bool {
        let (mut one, mut other) = (Layer::default(), Layer::default());
        let mut from = all;
        for (depth, column) in self.columns.iter().enumerate() {
            let level = at(node, column.number);
            if column.only(level).is_none() {
                self.refine(from, (depth, level), u64::MAX, tallies, &mut other);
                std::mem::swap(&mut one, &mut other);
                from = &one;
            }
            let rows = from.classes.iter().map(|class| u64::from(class.rows));
            if rows.sum::<u64>() < least {
                return false;
            }
        }
        true
    }

    /// Puts the classes at a node into the first layer; gives what their rows lose beside what these
    /// say: in columns that have one group there.
    pub(super) fn classes(
        &self,
        from: &Layer,
        node: &[u8],
        price: u64,
        tallies: &mut Tallies,
        [one, other]: &mut [Layer; 2],
    ) -> u64 {
        let mut added = 0;
        one.members.clear();
        one.members.extend_from_slice(&from.members);
        one.classes.clear();
        one.classes.extend_from_slice(&from.classes);
        for (depth, column) in self.columns.iter().enumerate() {
            let level = at(node, column.number);
            match column.only(level) {
                Some(cost) => added += cost,
                None => {
                    let left = price.saturating_sub(added);
                    self.refine(one, (depth, level), left, tallies, other);
                    std::mem::swap(one, other);
                }
            }
        }
        added
    }
}

impl Column<'_> {
    /// By how many bits each step to a finer level cuts classes at best, on average.
    fn cuts(&self) -> f64 {
        (self.ladder.values() as f64).log2() / f64::from(self.ladder.top().max(1))
    }

    /// By combination: its group at a level.
    fn groups(&self, level: u8) -> &[u32] {
        let groups = self.groups.get(usize::from(level));
        groups.map_or(&[], Vec::as_slice)
    }

    /// What all rows lose at a level, if it has only one group.
    pub(super) fn only(&self, level: u8) -> Option<u64> {
        match self.ladder.costs(level) {
            [cost] => Some(u64::from(*cost)),
            _ => None,
        }
    }
}
