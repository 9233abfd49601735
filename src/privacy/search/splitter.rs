//! Splitting one class: the work behind [`super::split`].

use super::at;
use super::classes::add_up;
use super::cuts::{Cut, View};
use super::demand::Demand;
use super::form::Form;
use super::ladder::{Ladder, ONE};
use super::lattice::Lattice;
use super::scratch::{Decision, Scratch, Tally};
use super::set::{Set, Sums};
use crate::privacy::Combinations;

pub(super) struct Splitter<'a> {
    pub(super) combinations: &'a Combinations,
    pub(super) ladders: &'a [Ladder],
    pub(super) demand: &'a Demand,
    pub(super) lattice: &'a Lattice<'a>,
    /// By column and level: the levels one step finer.
    pub(super) finer: Vec<Vec<Vec<u8>>>,
    pub(super) form: Form,
}

impl Splitter<'_> {
    /// How many words a member has.
    pub(super) fn stride(&self) -> usize {
        self.form.stride()
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
            1 => self.step_words::<1>(set, scratch, sums, parts),
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
            None => self.done::<STRIDE>(set, sums),
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

    fn done<const STRIDE: usize>(&self, set: Set<'_>, sums: &mut Sums) {
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let number = self.lattice.number(&set.node) as u32;
        set.nodes.fill(number);
        let members = set.members.chunks_exact(stride);
        let rows: u64 = members.map(|member| self.form.rows::<STRIDE>(member)).sum();
        let mut cost = 0;
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
            *sums.rows.entry(number).or_default() += rows;
            sums.cost += u128::from(rows) * u128::from(cost);
            sums.classes += 1;
            sums.smallest = sums.smallest.min(self.size::<STRIDE>(set.members, rows));
            sums.suppressed += if cost >= ONE { rows } else { 0 };
        }
        self.form.forget_rows(set.members);
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
        let persons = self.combinations.persons();
        let persons = persons.filter(|_| self.demand.is_of_persons());
        let (k, crowds) = (self.demand.k as usize, &mut scratch.crowds);
        if persons.is_some() {
            crowds.resize_with(crowds.len().max(ladder.values()), Vec::new);
        }
        let of_members = set.members.chunks_exact(stride).map(|member| {
            let group = at(groups, slot.code(member) as usize);
            if let (Some(tally), Some(next)) =
                (tallies.get_mut(group as usize), tallied.get_mut(seen))
            {
                // Written in any case, as in a count.
                *next = group;
                if let (Some(persons), Some(crowd)) = (persons, crowds.get_mut(group as usize)) {
                    if tally.size == 0 {
                        crowd.clear();
                    }
                    if crowd.len() < k {
                        let number = self.form.number(member);
                        let own = number.map_or(&[][..], |number| persons.of(number));
                        gather(crowd, own.iter().map(|(person, _)| *person), k);
                    }
                }
                seen += usize::from(tally.size == 0);
                tally.rows += self.form.rows::<STRIDE>(member);
                tally.size += 1;
            }
            group
        });
        scratch.groups.extend(of_members);
        scratch.tallied_groups = seen;
        let (tallies, groups) = (&scratch.tallies, &scratch.groups);
        let met = |some: &[u32], rows: u64| match persons {
            Some(_) => rows >= k as u64 && are(crowds, some, k),
            None => self.met(set, groups, some, rows),
        };
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

    /// The persons of a class of so many rows, if they are known; or else its rows.
    fn size<const STRIDE: usize>(&self, members: &[u64], rows: u64) -> u64 {
        let Some(persons) = self.combinations.persons() else {
            return rows;
        };
        let stride = if STRIDE == 0 { self.stride() } else { STRIDE };
        let numbers = members
            .chunks_exact(stride)
            .filter_map(|member| self.form.number(member));
        let own = numbers.flat_map(|number| persons.of(number));
        let mut own: Vec<u32> = own.map(|(person, _)| *person).collect();
        own.sort_unstable();
        own.dedup();
        own.len() as u64
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
        let size = set.members.len();
        if scratch.before.len() < size {
            scratch.before = vec![0; size];
        }
        let Some(before) = scratch.before.get_mut(..size) else {
            return;
        };
        before.copy_from_slice(set.members);
        for (member, group) in before.chunks_exact(stride).zip(&scratch.groups) {
            let part = at(&scratch.tallies, *group as usize).place;
            if let Some(end) = ends.get_mut(part as usize) {
                if let Some(to) = set.members.get_mut(*end..*end + stride) {
                    to.copy_from_slice(member);
                }
                *end += stride;
            }
        }
        set.cut_at((ends, stride), (column, level), parts);
    }

    /// Whether some groups of a set are together as asked for.
    fn met(&self, set: &Set<'_>, groups: &[u32], some: &[u32], rows: u64) -> bool {
        if self.demand.sensitive() == 0 || rows < u64::from(self.demand.k) {
            return rows >= u64::from(self.demand.k);
        }
        let columns = self
            .combinations
            .demanded()
            .iter()
            .take(self.demand.sensitive());
        let columns = columns.map(|column| {
            let mut all = Vec::new();
            for (member, group) in set.members.chunks_exact(self.stride()).zip(groups) {
                if some.contains(group) {
                    let number = self.form.number(member);
                    all.extend_from_slice(number.map_or(&[], |number| column.of(number)));
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

/// Adds persons to others, each once, up to k of them.
#[inline]
fn gather(crowd: &mut Vec<u32>, persons: impl Iterator<Item = u32>, k: usize) {
    for person in persons {
        if crowd.len() >= k {
            return;
        }
        if !crowd.contains(&person) {
            crowd.push(person);
        }
    }
}

/// Whether some groups have k persons together. A crowd of fewer than k is all of its group's.
fn are(crowds: &[Vec<u32>], groups: &[u32], k: usize) -> bool {
    let crowds = || {
        groups
            .iter()
            .filter_map(|group| crowds.get(*group as usize))
    };
    if crowds().any(|crowd| crowd.len() >= k) {
        return true;
    }
    let mut together = Vec::new();
    for crowd in crowds() {
        gather(&mut together, crowd.iter().copied(), k);
        if together.len() >= k {
            return true;
        }
    }
    false
}
