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

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::at;
use super::demand::Demand;
use super::form::Form;
use super::ladder::Ladder;
use super::lattice::Lattice;
use super::node_of::NodeOf;
use super::scratch::Scratch;
use super::set::{Set, Sums};
use super::splitter::Splitter;
use crate::base::parallel;
use crate::privacy::Combinations;

/// The largest lattice whose nodes are numbered: four bytes each.
pub(super) const MAX_LATTICE: usize = 1 << 24;

/// Classes whose members take more words are split one step at a time, so that any thread may go
/// on with a part; smaller ones are each split to the end by one thread.
pub(super) const LARGE: usize = 1 << 17;

/// What came of it.
pub(super) struct Split {
    pub(super) nodes: Vec<Box<[u8]>>,
    /// By node: its rows.
    pub(super) rows: Vec<u64>,
    pub(super) node_of: NodeOf,
    /// What all rows lose together.
    pub(super) cost: u128,
    pub(super) classes: u64,
    /// The rows of the smallest class.
    pub(super) smallest: u64,
    pub(super) suppressed: u64,
}

/// Splits all combinations; `None` if the lattice is too large. Classes whose members take more
/// words than `most` (`LARGE`, but in tests) are split one step at a time.
pub(super) fn split(
    combinations: &Combinations,
    ladders: &[Ladder],
    demand: &Demand,
    threads: usize,
    most: usize,
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
        form: Form::new(combinations, demand),
    };
    let threads = threads.max(1);
    let mut sums = Sums::default();
    let mut members = vec![0; combinations.len() * splitter.stride()];
    let mut numbers = vec![0_u32; combinations.len()];
    let first = splitter.first((&mut members, &mut numbers), threads, most);
    let queue = Queue::new(first);
    let done = parallel::on_each((0..threads).collect(), |_| {
        let (mut scratch, mut sums) = (Scratch::default(), Sums::default());
        let mut open = Vec::new();
        while let Some((set, mut taken)) = queue.take() {
            if set.members.len() > most {
                splitter.step(set, &mut scratch, &mut sums, &mut taken.parts);
                continue;
            }
            open.push(set);
            while let Some(set) = open.pop() {
                splitter.step(set, &mut scratch, &mut sums, &mut open);
            }
        }
        sums
    });
    done.iter().for_each(|part| sums.add(part));
    drop(queue);
    let (nodes, rows) = in_use(&lattice, &sums, &mut numbers, threads);
    Some(Split {
        nodes,
        rows,
        node_of: splitter.form.node_of(members, numbers),
        cost: sums.cost,
        classes: sums.classes,
        smallest: sums.smallest,
        suppressed: sums.suppressed,
    })
}

/// The nodes in use and their rows, the one of suppression first; `numbers` of nodes of the lattice
/// become positions among them.
fn in_use(
    lattice: &Lattice<'_>,
    sums: &Sums,
    numbers: &mut [u32],
    threads: usize,
) -> (Vec<Box<[u8]>>, Vec<u64>) {
    let of = |number: u32| sums.rows.get(&number).copied().unwrap_or(0);
    let top = lattice.number(&lattice.top()) as u32;
    let (mut nodes, mut rows) = (vec![lattice.top()], vec![of(top)]);
    let mut others: Vec<u32> = sums
        .rows
        .keys()
        .copied()
        .filter(|node| *node != top)
        .collect();
    others.sort_unstable();
    let mut positions = vec![0_u32; lattice.size().unwrap_or(0)];
    for number in others {
        if let Some(position) = positions.get_mut(number as usize) {
            *position = nodes.len() as u32;
            nodes.push(lattice.node(number as usize).into());
            rows.push(of(number));
        }
    }
    let part = numbers.len().div_ceil(threads).max(1);
    parallel::on_each(numbers.chunks_mut(part).collect(), |part: &mut [u32]| {
        for number in part {
            *number = at(&positions, *number as usize);
        }
    });
    (nodes, rows)
}

/// Sets that wait for a thread.
struct Queue<'m> {
    waiting: Mutex<Waiting<'m>>,
    changed: Condvar,
}

struct Waiting<'m> {
    sets: Vec<Set<'m>>,
    /// How many sets were taken whose parts may come.
    taken: usize,
}

/// One set was taken; once this goes, its parts wait.
struct Taken<'q, 'm> {
    queue: &'q Queue<'m>,
    parts: Vec<Set<'m>>,
}

impl<'m> Queue<'m> {
    fn new(mut sets: Vec<Set<'m>>) -> Self {
        sort(&mut sets);
        Self {
            waiting: Mutex::new(Waiting { sets, taken: 0 }),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<'m>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A set, if need be once one comes; none if none can come any more.
    fn take(&self) -> Option<(Set<'m>, Taken<'_, 'm>)> {
        let mut waiting = self.lock();
        loop {
            if let Some(set) = waiting.sets.pop() {
                waiting.taken += 1;
                let parts = Vec::new();
                return Some((set, Taken { queue: self, parts }));
            }
            if waiting.taken == 0 {
                return None;
            }
            let woken = self.changed.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Puts sets in the order in which they are taken, from the last one on: those that leave most to do
/// come first, so that later ones hardly need more room.
fn sort(sets: &mut [Set<'_>]) {
    sets.sort_by_key(|set| set.members.len());
}

// Also where a thread panics: the others are not to wait for it.
impl Drop for Taken<'_, '_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.lock();
        if !self.parts.is_empty() {
            waiting.sets.append(&mut self.parts);
            sort(&mut waiting.sets);
        }
        waiting.taken = waiting.taken.saturating_sub(1);
        self.queue.changed.notify_all();
    }
}

#[cfg(test)]
mod tests;
