//! Splitting one class: the work behind [`super::split`].

use std::sync::atomic::{AtomicU32, Ordering};

use super::at;
use super::classes::add_up;
use super::demand::Demand;
use super::ladder::{Ladder, ONE};
use super::lattice::Lattice;
use crate::privacy::Combinations;
use crate::privacy::combinations::Slot;

/// Of more combinations than that, about that many decide on the column.
const SAMPLE: usize = 4096;

/// The members of a class, and its node.
pub(super) struct Set {
    pub(super) node: Vec<u8>,
    /// For each combination its packed key, its number and its rows.
    pub(super) members: Vec<u64>,
}

/// A way to split a class.
pub(super) struct Cut {
    pub(super) column: usize,
    pub(super) level: u8,
    pub(super) gain: f64,
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
#[derive(Default)]
pub(super) struct Sums {
    pub(super) cost: u128,
    pub(super) classes: u64,
    pub(super) smallest: u64,
    pub(super) suppressed: u64,
}

/// What a thread uses again and again.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) rows: Vec<u64>,
    pub(super) touched: Vec<u32>,
    pub(super) groups: Vec<u32>,
    pub(super) place: Vec<u32>,
}

impl Sums {
    pub(super) fn add(&mut self, other: &Self) {
        self.cost += other.cost;
        self.classes += other.classes;
        self.smallest = self.smallest.min(other.smallest);
        self.suppressed += other.suppressed;
    }
}

impl Splitter<'_> {
    fn stride(&self) -> usize {
        self.combinations.layout().words() + 1
    }

    pub(super) fn all(&self, lattice: &Lattice<'_>) -> Set {
        let words = self.combinations.layout().words();
        let keys = self.combinations.keys().chunks_exact(words);
        let mut members = Vec::with_capacity(self.combinations.len() * self.stride());
        for (number, (key, rows)) in keys.zip(self.combinations.counts()).enumerate() {
            members.extend_from_slice(key);
            members.push((number as u64) << 32 | u64::from(*rows));
        }
        Set {
            node: lattice.top().into(),
            members,
        }
    }

    /// Splits a set once, or is done with it.
    pub(super) fn step(&self, set: Set, scratch: &mut Scratch, sums: &mut Sums) -> Vec<Set> {
        let mut cuts = self.cuts(&set, scratch);
        cuts.sort_by(|one, other| other.gain.total_cmp(&one.gain));
        for cut in cuts {
            if let Some(parts) = self.cut(&set, &cut, scratch) {
                return parts;
            }
        }
        self.done(&set, sums);
        Vec::new()
    }

    fn done(&self, set: &Set, sums: &mut Sums) {
        let number = self.lattice.number(&set.node) as u32;
        let (mut rows, mut cost) = (0, 0);
        for member in set.members.chunks_exact(self.stride()) {
            let last = member.last().copied().unwrap_or(0);
            if let Some(node) = self.node_of.get((last >> 32) as usize) {
                node.store(number, Ordering::Relaxed);
            }
            rows += last & u64::from(u32::MAX);
        }
        if let Some(member) = set.members.get(..self.stride()) {
            let columns = self.ladders.iter().zip(&set.node).enumerate();
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

    /// Counts the rows of a set's groups into `scratch`, one for every `every` members.
    fn count(&self, set: &Set, column: usize, level: u8, every: usize, scratch: &mut Scratch) {
        for group in scratch.touched.drain(..) {
            if let Some(rows) = scratch.rows.get_mut(group as usize) {
                *rows = 0;
            }
        }
        scratch.groups.clear();
        let Some(ladder) = self.ladders.get(column) else {
            return;
        };
        scratch
            .rows
            .resize(scratch.rows.len().max(ladder.values()), 0);
        let Slot { word, shift, mask } = self.combinations.layout().slot(column);
        let groups = ladder.groups(level);
        for member in set.members.chunks_exact(self.stride()).step_by(every) {
            let group = at(groups, (at(member, word) >> shift & mask) as usize);
            scratch.groups.push(group);
            if let Some(rows) = scratch.rows.get_mut(group as usize) {
                if *rows == 0 {
                    scratch.touched.push(group);
                }
                *rows += member.last().copied().unwrap_or(0) & u64::from(u32::MAX);
            }
        }
    }

    /// The ways to split a set, with what each gains for a bit.
    fn cuts(&self, set: &Set, scratch: &mut Scratch) -> Vec<Cut> {
        let count = set.members.len() / self.stride();
        let every = (count / SAMPLE).max(1);
        let least = if every > 1 {
            2
        } else {
            u64::from(self.demand.k)
        };
        let mut cuts = Vec::new();
        for (column, (ladder, level)) in self.ladders.iter().zip(&set.node).enumerate() {
            let finer = self
                .finer
                .get(column)
                .and_then(|levels| levels.get(*level as usize));
            for finer in finer.into_iter().flatten() {
                self.count(set, column, *finer, every, scratch);
                let first = set.members.get(..self.stride()).unwrap_or_default();
                let code = self.combinations.layout().code(first, column);
                let before = u64::from(ladder.cost(*level, ladder.group(*level, code)));
                let (mut gain, mut all, mut parts, mut rest) = (0, 0, 0.0, 0);
                for group in &scratch.touched {
                    let rows = at(&scratch.rows, *group as usize);
                    all += rows;
                    if rows >= least {
                        gain +=
                            rows * before.saturating_sub(u64::from(ladder.cost(*finer, *group)));
                        parts += rows as f64 * (rows as f64).log2();
                    } else {
                        rest += rows;
                    }
                }
                if rest > 0 {
                    parts += rest as f64 * (rest as f64).log2();
                }
                let bits = (all as f64) * (all as f64).log2() - parts;
                if gain > 0 || scratch.touched.len() == 1 {
                    // What costs no rows at all is worth any gain.
                    let gain = (gain as f64 + 1.0) / bits.max(1e-6);
                    cuts.push(Cut {
                        column,
                        level: *finer,
                        gain,
                    });
                }
            }
        }
        cuts
    }

    /// Splits a set; `None` if no group can stand alone.
    fn cut(&self, set: &Set, cut: &Cut, scratch: &mut Scratch) -> Option<Vec<Set>> {
        const REST: u32 = u32::MAX;
        self.count(set, cut.column, cut.level, 1, scratch);
        let ladder = self.ladders.get(cut.column)?;
        let (mut good, mut rest): (Vec<u32>, Vec<u32>) =
            scratch.touched.iter().partition(|group| {
                self.met(
                    set,
                    &scratch.groups,
                    &[**group],
                    at(&scratch.rows, **group as usize),
                )
            });
        let rows = |groups: &[u32]| {
            groups
                .iter()
                .map(|group| at(&scratch.rows, *group as usize))
                .sum()
        };
        // The dearest to keep apart are last.
        good.sort_by_key(|group| {
            let rows = at(&scratch.rows, *group as usize);
            (
                std::cmp::Reverse(
                    rows * (ONE - u64::from(ladder.cost(cut.level, *group)).min(ONE)),
                ),
                *group,
            )
        });
        while !rest.is_empty() && !self.met(set, &scratch.groups, &rest, rows(&rest)) {
            rest.push(good.pop()?);
        }
        if good.is_empty() {
            return None;
        }
        scratch
            .place
            .resize(scratch.place.len().max(ladder.values()), REST);
        for group in &scratch.touched {
            if let Some(place) = scratch.place.get_mut(*group as usize) {
                *place = REST;
            }
        }
        let mut node = set.node.clone();
        *node.get_mut(cut.column)? = cut.level;
        for (number, group) in good.iter().enumerate() {
            if let Some(place) = scratch.place.get_mut(*group as usize) {
                *place = number as u32;
            }
        }
        let mut parts: Vec<Set> = good
            .iter()
            .map(|_| Set {
                node: node.clone(),
                members: Vec::new(),
            })
            .collect();
        let mut others = Set {
            node: set.node.clone(),
            members: Vec::new(),
        };
        for (member, group) in set.members.chunks_exact(self.stride()).zip(&scratch.groups) {
            let place = at(&scratch.place, *group as usize);
            let part = parts.get_mut(place as usize).unwrap_or(&mut others);
            part.members.extend_from_slice(member);
        }
        if !others.members.is_empty() {
            parts.push(others);
        }
        Some(parts)
    }

    /// Whether some groups of a set are together as asked for.
    fn met(&self, set: &Set, groups: &[u32], some: &[u32], rows: u64) -> bool {
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
