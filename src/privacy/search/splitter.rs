//! Splitting one class: the work behind [`super::split`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::at;
use super::classes::add_up;
use super::cuts::{Cut, column_bit, rows_of};
use super::demand::Demand;
use super::ladder::{Ladder, ONE};
use super::lattice::Lattice;
use crate::privacy::Combinations;

/// The members of a class, and its node.
pub(super) struct Set<'m> {
    pub(super) node: Arc<[u8]>,
    /// For each combination its packed key, its number and its rows.
    pub(super) members: &'m mut [u64],
    /// As much room again: where the members are put in the order of the parts.
    pub(super) spare: &'m mut [u64],
    /// A bit for each of the first columns: no group that is one level finer there has rows
    /// enough, neither here nor, therefore, in any part.
    pub(super) stuck: u64,
}

pub(super) struct Splitter<'a> {
    pub(super) combinations: &'a Combinations,
    pub(super) ladders: &'a [Ladder],
    pub(super) demand: &'a Demand,
    pub(super) lattice: &'a Lattice<'a>,
    /// By column and level: the levels one step finer.
    pub(super) finer: Vec<Vec<Vec<u8>>>,
    pub(super) node_of: Vec<AtomicU32>,
}

/// Sums over the classes that are done.
pub(super) struct Sums {
    pub(super) cost: u128,
    pub(super) classes: u64,
    pub(super) smallest: u64,
    pub(super) suppressed: u64,
}

/// What a thread uses again and again.
#[derive(Default)]
pub(super) struct Scratch {
    /// By group: its rows; 0 but for `touched`.
    pub(super) rows: Vec<u64>,
    pub(super) touched: Vec<u32>,
    /// By group, of those that are `touched`: its members.
    sizes: Vec<u32>,
    /// By member: its group.
    groups: Vec<u32>,
    cuts: Vec<Cut>,
    /// Groups that become classes of their own, and the others.
    good: Vec<u32>,
    rest: Vec<u32>,
    /// By group: the part in which it is.
    place: Vec<u32>,
    /// By part: where it ends.
    ends: Vec<usize>,
    /// By a small number of rows: that many times its binary logarithm.
    pub(super) logarithms: Vec<f64>,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            cost: 0,
            classes: 0,
            smallest: u64::MAX,
            suppressed: 0,
        }
    }
}

impl Sums {
    pub(super) fn add(&mut self, other: &Self) {
        self.cost += other.cost;
        self.classes += other.classes;
        self.smallest = self.smallest.min(other.smallest);
        self.suppressed += other.suppressed;
    }
}

impl<'m> Set<'m> {
    /// All combinations as one class in which all is `*`.
    pub(super) fn all(lattice: &Lattice<'_>, members: &'m mut [u64], spare: &'m mut [u64]) -> Self {
        Self {
            node: lattice.top().into(),
            members,
            spare,
            stuck: 0,
        }
    }
}

impl Scratch {
    /// Makes room for so many groups, without rows.
    pub(super) fn clear(&mut self, groups: usize) {
        for group in self.touched.drain(..) {
            if let Some(rows) = self.rows.get_mut(group as usize) {
                *rows = 0;
            }
        }
        self.rows.resize(self.rows.len().max(groups), 0);
    }
}

impl Splitter<'_> {
    /// How many words a member has.
    pub(super) fn stride(&self) -> usize {
        self.combinations.layout().words() + 1
    }

    /// All combinations as members.
    pub(super) fn members(&self) -> Vec<u64> {
        let words = self.combinations.layout().words();
        let keys = self.combinations.keys().chunks_exact(words);
        let mut members = Vec::with_capacity(self.combinations.len() * self.stride());
        for (number, (key, rows)) in keys.zip(self.combinations.counts()).enumerate() {
            members.extend_from_slice(key);
            members.push((number as u64) << 32 | u64::from(*rows));
        }
        members
    }

    /// Splits a set once and appends the parts, or is done with it.
    pub(super) fn step<'m>(
        &self,
        set: Set<'m>,
        scratch: &mut Scratch,
        sums: &mut Sums,
        parts: &mut Vec<Set<'m>>,
    ) {
        // With a constant number of words, work on a key has no loop.
        match self.stride() {
            2 => self.step_words::<2>(set, scratch, sums, parts),
            3 => self.step_words::<3>(set, scratch, sums, parts),
            _ => self.step_words::<0>(set, scratch, sums, parts),
        }
    }

    /// [`Self::step`] for members of `STRIDE` words, or of any number if that is 0.
    fn step_words<'m, const STRIDE: usize>(
        &self,
        mut set: Set<'m>,
        scratch: &mut Scratch,
        sums: &mut Sums,
        parts: &mut Vec<Set<'m>>,
    ) {
        let mut cuts = std::mem::take(&mut scratch.cuts);
        self.cuts::<STRIDE>(&mut set, scratch, &mut cuts);
        cuts.sort_by(|one, other| other.gain.total_cmp(&one.gain));
        let done = cuts
            .iter()
            .find(|cut| self.cut::<STRIDE>(&set, cut, scratch));
        match done {
            Some(cut) => self.part::<STRIDE>(set, cut, scratch, parts),
            None => self.done::<STRIDE>(&set, sums),
        }
        scratch.cuts = cuts;
    }

    fn done<const STRIDE: usize>(&self, set: &Set<'_>, sums: &mut Sums) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let number = self.lattice.number(&set.node) as u32;
        let (mut rows, mut cost) = (0, 0);
        for member in set.members.chunks_exact(stride) {
            let last = member.last().copied().unwrap_or(0);
            if let Some(node) = self.node_of.get((last >> 32) as usize) {
                node.store(number, Ordering::Relaxed);
            }
            rows += rows_of(member);
        }
        if let Some(member) = set.members.get(..stride) {
            let columns = self.ladders.iter().zip(&*set.node).enumerate();
            cost = columns
                .map(|(column, (ladder, level))| {
                    let code = self.combinations.layout().code(member, column);
                    u64::from(ladder.cost(*level, ladder.group(*level, code)))
                })
                .sum();
        }
        if rows > 0 {
            sums.cost += u128::from(rows) * u128::from(cost);
            sums.classes += 1;
            sums.smallest = sums.smallest.min(rows);
            sums.suppressed += if cost >= ONE { rows } else { 0 };
        }
    }

    /// Decides which groups of a set become classes of their own; `false` if none can stand alone.
    fn cut<const STRIDE: usize>(&self, set: &Set<'_>, cut: &Cut, scratch: &mut Scratch) -> bool {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let Some(ladder) = self.ladders.get(cut.column) else {
            return false;
        };
        let slot = self.combinations.layout().slot(cut.column);
        scratch.clear(ladder.values());
        scratch.sizes.resize(scratch.rows.len(), 0);
        let groups = ladder.groups(cut.level);
        scratch.groups.clear();
        let (rows, sizes, touched) = (&mut scratch.rows, &mut scratch.sizes, &mut scratch.touched);
        let of_members = set.members.chunks_exact(stride).map(|member| {
            let group = at(groups, slot.code(member) as usize);
            if let (Some(rows), Some(size)) =
                (rows.get_mut(group as usize), sizes.get_mut(group as usize))
            {
                if *rows == 0 {
                    touched.push(group);
                    *size = 0;
                }
                *rows += rows_of(member);
                *size += 1;
            }
            group
        });
        scratch.groups.extend(of_members);
        let (mut good, mut rest) = (
            std::mem::take(&mut scratch.good),
            std::mem::take(&mut scratch.rest),
        );
        good.clear();
        rest.clear();
        let rows_of = |group: u32| at(&scratch.rows, group as usize);
        for group in &scratch.touched {
            let met = self.met(set, &scratch.groups, &[*group], rows_of(*group));
            if met { &mut good } else { &mut rest }.push(*group);
        }
        // The dearest to keep apart are last.
        good.sort_by_key(|group| {
            let saved = ONE - u64::from(ladder.cost(cut.level, *group)).min(ONE);
            (std::cmp::Reverse(rows_of(*group) * saved), *group)
        });
        let rows = |groups: &[u32]| groups.iter().map(|group| rows_of(*group)).sum();
        while !good.is_empty()
            && !rest.is_empty()
            && !self.met(set, &scratch.groups, &rest, rows(&rest))
        {
            rest.extend(good.pop());
        }
        let any = !good.is_empty();
        (scratch.good, scratch.rest) = (good, rest);
        any
    }

    /// Cuts a set as decided, its members in their order in each part.
    fn part<'m, const STRIDE: usize>(
        &self,
        set: Set<'m>,
        cut: &Cut,
        scratch: &mut Scratch,
        parts: &mut Vec<Set<'m>>,
    ) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let mut finer: Vec<u8> = set.node.to_vec();
        if let Some(level) = finer.get_mut(cut.column) {
            *level = cut.level;
        }
        let finer: Arc<[u8]> = finer.into();
        // One more level finer, that column is another.
        let stuck = set.stuck & !column_bit(cut.column);
        let others = scratch.good.len();
        if others == 1 && scratch.rest.is_empty() {
            parts.push(Set {
                node: finer,
                stuck,
                ..set
            });
            return;
        }
        scratch.place.resize(scratch.rows.len(), 0);
        let ends = &mut scratch.ends;
        ends.clear();
        ends.resize(others + 1, 0);
        let good = (0..).zip(&scratch.good);
        let rest = scratch.rest.iter().map(|group| (others, group));
        for (part, group) in good.chain(rest) {
            if let (Some(place), Some(end)) =
                (scratch.place.get_mut(*group as usize), ends.get_mut(part))
            {
                *place = part as u32;
                *end += at(&scratch.sizes, *group as usize) as usize * stride;
            }
        }
        let mut sum = 0;
        for end in ends.iter_mut() {
            let size = *end;
            *end = sum;
            sum += size;
        }
        let (mut old, mut new) = (set.members, set.spare);
        for (member, group) in old.chunks_exact(stride).zip(&scratch.groups) {
            let part = at(&scratch.place, *group as usize);
            if let Some(end) = ends.get_mut(part as usize) {
                if let Some(to) = new.get_mut(*end..*end + stride) {
                    to.copy_from_slice(member);
                }
                *end += stride;
            }
        }
        let mut begin = 0;
        for (number, end) in ends.iter().enumerate() {
            let size = end - begin;
            let (Some((members, behind)), Some((spare, free))) = (
                new.split_at_mut_checked(size),
                old.split_at_mut_checked(size),
            ) else {
                return;
            };
            if !members.is_empty() {
                let (node, stuck) = match number == others {
                    true => (&set.node, set.stuck),
                    false => (&finer, stuck),
                };
                parts.push(Set {
                    node: Arc::clone(node),
                    members,
                    spare,
                    stuck,
                });
            }
            (new, old, begin) = (behind, free, *end);
        }
    }

    /// Whether some groups of a set are together as asked for.
    fn met(&self, set: &Set<'_>, groups: &[u32], some: &[u32], rows: u64) -> bool {
        if self.demand.sensitive() == 0 || rows < u64::from(self.demand.k) {
            return rows >= u64::from(self.demand.k);
        }
        let columns = self.combinations.sensitive().iter().map(|column| {
            let mut all = Vec::new();
            for (member, group) in set.members.chunks_exact(self.stride()).zip(groups) {
                if some.contains(group) {
                    let number = member.last().copied().unwrap_or(0) >> 32;
                    all.extend_from_slice(column.of(number as usize));
                }
            }
            let mut sums = Vec::new();
            add_up(&mut all, &mut sums);
            sums
        });
        let columns: Vec<Vec<(u32, u32)>> = columns.collect();
        self.demand.met(rows, |column| {
            columns.get(column).map_or(&[], Vec::as_slice)
        })
    }
}
