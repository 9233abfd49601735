//! Local recoding of many combinations: from the top down, in time that grows with their number.
//!
//! All combinations begin as one class in which all is `*`. A class is split by making one column
//! one level finer; groups that are as asked for become classes of their own, the others stay
//! together as they were, if they are as asked for together (else the cheapest of the former joins
//! them), and may be split by another column. That is Mondrian's way (K. LeFevre et al., *Mondrian
//! Multidimensional K-Anonymity*, 2006) within hierarchies, with what is left over kept apart.
//!
//! The column is the one that gains most for each bit by which it cuts the class: rows are what a
//! class has to spend, and it may be cut in half only so often until k are left. Of a large class
//! a sample decides.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use super::at;
use super::classes::add_up;
use super::demand::Demand;
use super::ladder::{Ladder, ONE};
use super::lattice::Lattice;
use super::outcome::Assignment;
use crate::privacy::Combinations;
use crate::privacy::combinations::Slot;

/// Of more combinations than that, about that many decide on the column.
const SAMPLE: usize = 4096;

/// The largest lattice whose nodes are numbered: four bytes each.
const MAX_LATTICE: usize = 1 << 24;

/// Classes of more combinations are split one step at a time, all threads together; smaller ones
/// are each split to the end by one thread.
const LARGE: usize = 1 << 17;

/// What came of it.
pub(super) struct Split {
    pub(super) assignment: Assignment,
    /// What all rows lose together.
    pub(super) cost: u128,
    pub(super) classes: u64,
    /// The rows of the smallest class.
    pub(super) smallest: u64,
    pub(super) suppressed: u64,
}

/// The members of a class, and its node.
struct Set {
    node: Vec<u8>,
    /// For each combination its packed key, its number and its rows.
    members: Vec<u64>,
}

/// A way to split a class.
struct Cut {
    column: usize,
    level: u8,
    gain: f64,
}

struct Splitter<'a> {
    combinations: &'a Combinations,
    ladders: &'a [Ladder],
    demand: &'a Demand<'a>,
    lattice: &'a Lattice<'a>,
    /// By column and level: the levels one step finer.
    finer: Vec<Vec<Vec<u8>>>,
    node_of: Vec<AtomicU32>,
}

/// Sums over the classes that are done.
#[derive(Default)]
struct Sums {
    cost: u128,
    classes: u64,
    smallest: u64,
    suppressed: u64,
}

/// What a thread uses again and again.
#[derive(Default)]
struct Scratch {
    rows: Vec<u64>,
    touched: Vec<u32>,
    groups: Vec<u32>,
    place: Vec<u32>,
}

/// Splits all combinations; `None` if the lattice is too large.
pub(super) fn split(
    combinations: &Combinations,
    ladders: &[Ladder],
    demand: &Demand<'_>,
    threads: usize,
) -> Option<Split> {
    let lattice = Lattice::new(ladders);
    lattice.size().filter(|size| *size <= MAX_LATTICE)?;
    let finer = ladders.iter().map(|ladder| {
        (0..=ladder.top())
            .map(|level| ladder.finer(level))
            .collect()
    });
    let splitter = Splitter {
        combinations,
        ladders,
        demand,
        lattice: &lattice,
        finer: finer.collect(),
        node_of: (0..combinations.len()).map(|_| AtomicU32::new(0)).collect(),
    };
    let threads = threads.max(1);
    let mut sums = Sums {
        smallest: u64::MAX,
        ..Sums::default()
    };
    let (mut large, mut small) = (vec![splitter.all(&lattice)], Vec::new());
    while !large.is_empty() {
        let done = in_parallel(large, threads, |set, scratch, sums| {
            splitter.step(set, scratch, sums)
        });
        large = Vec::new();
        for (sets, part) in done {
            sums.add(&part);
            for set in sets {
                let many = set.members.len() > LARGE;
                if many {
                    large.push(set)
                } else {
                    small.push(set)
                }
            }
        }
    }
    let done = in_parallel(small, threads, |set, scratch, sums| {
        let mut open = vec![set];
        while let Some(set) = open.pop() {
            open.extend(splitter.step(set, scratch, sums));
        }
        Vec::new()
    });
    done.iter().for_each(|(_, part)| sums.add(part));
    let numbers: Vec<u32> = splitter
        .node_of
        .into_iter()
        .map(AtomicU32::into_inner)
        .collect();
    Some(Split {
        assignment: assignment(&lattice, numbers),
        cost: sums.cost,
        classes: sums.classes,
        smallest: sums.smallest,
        suppressed: sums.suppressed,
    })
}

/// Numbers the nodes in use, the one of suppression first.
fn assignment(lattice: &Lattice<'_>, mut node_of: Vec<u32>) -> Assignment {
    let mut numbers = vec![u32::MAX; lattice.size().unwrap_or(0)];
    for number in &node_of {
        if let Some(used) = numbers.get_mut(*number as usize) {
            *used = 0;
        }
    }
    let mut nodes = vec![lattice.top()];
    let top = lattice.number(&lattice.top());
    for (number, slot) in numbers.iter_mut().enumerate() {
        if *slot == 0 && number != top {
            *slot = nodes.len() as u32;
            nodes.push(lattice.node(number).into());
        }
    }
    for number in &mut node_of {
        *number = at(&numbers, *number as usize);
    }
    Assignment { nodes, node_of }
}

/// Works off sets by several threads: what came of each thread's, in some order.
fn in_parallel(
    sets: Vec<Set>,
    threads: usize,
    work: impl Fn(Set, &mut Scratch, &mut Sums) -> Vec<Set> + Sync,
) -> Vec<(Vec<Set>, Sums)> {
    let next = AtomicUsize::new(0);
    let sets: Vec<_> = sets
        .into_iter()
        .map(|set| std::sync::Mutex::new(Some(set)))
        .collect();
    let run = || {
        let mut scratch = Scratch::default();
        let mut sums = Sums {
            smallest: u64::MAX,
            ..Sums::default()
        };
        let mut found = Vec::new();
        while let Some(set) = sets.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(set) = set.lock().ok().and_then(|mut set| set.take()) {
                found.extend(work(set, &mut scratch, &mut sums));
            }
        }
        (found, sums)
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(sets.len()))
            .map(|_| scope.spawn(run))
            .collect();
        let mut done = vec![run()];
        // A thread that fails takes the whole search with it.
        done.extend(others.into_iter().map(|other| match other.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        }));
        done
    })
}

impl Sums {
    fn add(&mut self, other: &Self) {
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

    fn all(&self, lattice: &Lattice<'_>) -> Set {
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
    fn step(&self, set: Set, scratch: &mut Scratch, sums: &mut Sums) -> Vec<Set> {
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
