//! Splitting one class: the work behind [`super::split`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::at;
use super::classes::add_up;
use super::cuts::{Cut, View, column_bit, rows_of};
use super::demand::Demand;
use super::ladder::{Ladder, ONE};
use super::lattice::Lattice;
use crate::privacy::Combinations;

/// The members of a class, and its node.
pub(super) struct Set<'m> {
    pub(super) node: Arc<[u8]>,
    /// For each combination its packed key, its number and its rows.
    pub(super) members: &'m mut [u64],
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
    /// By group: its rows; 0 outside of a count.
    pub(super) rows: Vec<u64>,
    /// The groups that were counted, as many as `seen`; room for all, and for one more.
    pub(super) touched: Vec<u32>,
    pub(super) seen: usize,
    /// The bits of the key in which members differ.
    pub(super) apart: Vec<u64>,
    /// By group: what there is of it; nothing but for those that were tallied last.
    tallies: Vec<Tally>,
    /// These groups, as many as `tallied_groups`; room for all, and for one more.
    tallied: Vec<u32>,
    tallied_groups: usize,
    /// By member: its group.
    groups: Vec<u32>,
    cuts: Vec<Cut>,
    pub(super) decision: Decision,
    /// By part: where it ends.
    ends: Vec<usize>,
    /// The members before they are put in the order of the parts.
    before: Vec<u64>,
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
    /// Members as one class in which all is `*`.
    pub(super) fn all(lattice: &Lattice<'_>, members: &'m mut [u64]) -> Self {
        Self {
            node: lattice.top().into(),
            members,
            stuck: 0,
        }
    }

    /// Makes a column finer, which leaves the set as it is.
    pub(super) fn refine(&mut self, column: usize, level: u8) {
        if Arc::get_mut(&mut self.node).is_none() {
            self.node = self.node.to_vec().into();
        }
        let node = Arc::get_mut(&mut self.node);
        if let Some(known) = node.and_then(|node| node.get_mut(column)) {
            *known = level;
        }
        // One more level finer, that column is another.
        self.stuck &= !column_bit(column);
    }
}

impl Scratch {
    /// Makes room for so many groups.
    pub(super) fn make_room(&mut self, groups: usize) {
        self.rows.resize(self.rows.len().max(groups), 0);
        self.touched.resize(self.touched.len().max(groups + 1), 0);
    }
}

impl<'m> Set<'m> {
    /// Makes sets of parts that end there: each but the last, which is what is left over, is one
    /// level finer in a column.
    pub(super) fn cut_at(
        self,
        ends: &[usize],
        (column, level): (usize, u8),
        parts: &mut Vec<Self>,
    ) {
        let mut finer = Set {
            node: Arc::clone(&self.node),
            members: &mut [],
            stuck: self.stuck,
        };
        finer.refine(column, level);
        let (mut rest, mut begin) = (self.members, 0);
        for (number, end) in (1..).zip(ends) {
            let part = std::mem::take(&mut rest).split_at_mut_checked(end - begin);
            let (members, behind) = part.unwrap_or_default();
            (rest, begin) = (behind, *end);
            if !members.is_empty() {
                let (node, stuck) = match number == ends.len() {
                    true => (&self.node, self.stuck),
                    false => (&finer.node, finer.stuck),
                };
                parts.push(Set {
                    node: Arc::clone(node),
                    members,
                    stuck,
                });
            }
        }
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

impl Splitter<'_> {
    /// How many words a member has.
    pub(super) fn stride(&self) -> usize {
        self.combinations.layout().words() + 1
    }

    /// A combination as a member.
    #[inline]
    pub(super) fn member<'s>(&'s self, number: usize) -> impl Iterator<Item = u64> + 's {
        let rows = at(self.combinations.counts(), number);
        let last = (number as u64) << 32 | u64::from(rows);
        let key = self.combinations.key(number);
        key.iter().copied().chain(std::iter::once(last))
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
        let view = self.view::<STRIDE>(&set, scratch);
        let cut = self.choose::<STRIDE>(&mut set, view, scratch, Self::cut::<STRIDE>);
        match cut {
            Some(cut) => self.part::<STRIDE>(set, cut, scratch, parts),
            None => self.done::<STRIDE>(&set, sums),
        }
    }

    /// The column and the level by which to split a set next, as `decide` has accepted it; on the
    /// way there, columns of which all members are in one group become finer.
    pub(super) fn choose<const STRIDE: usize>(
        &self,
        set: &mut Set<'_>,
        view: View,
        scratch: &mut Scratch,
        mut decide: impl FnMut(&Self, &Set<'_>, &Cut, &mut Scratch) -> bool,
    ) -> Option<(usize, u8)> {
        let mut cuts = std::mem::take(&mut scratch.cuts);
        cuts.clear();
        for column in 0..self.ladders.len() {
            self.cuts::<STRIDE>(set, view, column, scratch, &mut cuts);
        }
        let chosen = loop {
            Cut::sort(&mut cuts);
            let accepted = cuts
                .iter()
                .find(|cut| self.stays(cut) || decide(self, set, cut, scratch));
            let Some(cut) = accepted else {
                break None;
            };
            let (column, level) = (cut.column, cut.level);
            if !self.stays(cut) && !scratch.decision.is_whole() {
                break Some((column, level));
            }
            // What the other columns offer is the same as before.
            set.refine(column, level);
            cuts.retain(|cut| cut.column != column);
            self.cuts::<STRIDE>(set, view, column, scratch, &mut cuts);
        };
        scratch.cuts = cuts;
        chosen
    }

    /// Whether a cut is known to leave a set as it is, and to be as asked for.
    fn stays(&self, cut: &Cut) -> bool {
        cut.whole && self.demand.sensitive() == 0
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
        let (tallies, tallied) = (&mut scratch.tallies, &mut scratch.tallied);
        for group in tallied.iter().take(scratch.tallied_groups) {
            if let Some(tally) = tallies.get_mut(*group as usize) {
                *tally = Tally::default();
            }
        }
        tallies.resize(tallies.len().max(ladder.values()), Tally::default());
        tallied.resize(tallied.len().max(ladder.values() + 1), 0);
        let groups = ladder.groups(cut.level);
        scratch.groups.clear();
        let mut seen = 0;
        let of_members = set.members.chunks_exact(stride).map(|member| {
            let group = at(groups, slot.code(member) as usize);
            if let (Some(tally), Some(next)) =
                (tallies.get_mut(group as usize), tallied.get_mut(seen))
            {
                // Written in any case, as in a count.
                *next = group;
                seen += usize::from(tally.size == 0);
                tally.rows += rows_of(member);
                tally.size += 1;
            }
            group
        });
        scratch.groups.extend(of_members);
        scratch.tallied_groups = seen;
        let (tallies, groups) = (&scratch.tallies, &scratch.groups);
        let met = |some: &[u32], rows: u64| self.met(set, groups, some, rows);
        let touched = scratch.tallied.iter().take(seen).copied();
        self.decide(cut, touched, tallies, met, &mut scratch.decision)
    }

    /// Decides which of these groups become classes of their own; `false` if none can stand alone.
    /// `met` says whether some of them are together as asked for.
    pub(super) fn decide(
        &self,
        cut: &Cut,
        groups: impl Iterator<Item = u32>,
        tallies: &[Tally],
        met: impl Fn(&[u32], u64) -> bool,
        Decision { good, rest }: &mut Decision,
    ) -> bool {
        let rows_of = |group: u32| at(tallies, group as usize).rows;
        good.clear();
        rest.clear();
        for group in groups {
            let met = met(&[group], rows_of(group));
            if met { &mut *good } else { &mut *rest }.push(group);
        }
        let costs = self
            .ladders
            .get(cut.column)
            .map_or(&[][..], |ladder| ladder.costs(cut.level));
        let rows = |groups: &[u32]| groups.iter().map(|group| rows_of(*group)).sum();
        let mut sorted = false;
        while !good.is_empty() && !rest.is_empty() && !met(rest, rows(rest)) {
            if !sorted {
                // The dearest to keep apart are last.
                good.sort_by_key(|group| {
                    let saved = ONE - u64::from(at(costs, *group as usize)).min(ONE);
                    (std::cmp::Reverse(rows_of(*group) * saved), *group)
                });
                sorted = true;
            }
            rest.extend(good.pop());
        }
        !good.is_empty()
    }

    /// Cuts a set as decided, its members in their order in each part.
    fn part<'m, const STRIDE: usize>(
        &self,
        set: Set<'m>,
        (column, level): (usize, u8),
        scratch: &mut Scratch,
        parts: &mut Vec<Set<'m>>,
    ) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let ends = &mut scratch.ends;
        scratch.decision.place(&mut scratch.tallies, ends);
        let mut sum = 0;
        for end in ends.iter_mut() {
            let size = *end * stride;
            *end = sum;
            sum += size;
        }
        scratch.before.clear();
        scratch.before.extend_from_slice(set.members);
        for (member, group) in scratch.before.chunks_exact(stride).zip(&scratch.groups) {
            let part = at(&scratch.tallies, *group as usize).place;
            if let Some(end) = ends.get_mut(part as usize) {
                if let Some(to) = set.members.get_mut(*end..*end + stride) {
                    to.copy_from_slice(member);
                }
                *end += stride;
            }
        }
        set.cut_at(ends, (column, level), parts);
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
