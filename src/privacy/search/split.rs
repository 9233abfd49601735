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

use std::sync::atomic::AtomicU32;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::at;
use super::demand::Demand;
use super::ladder::Ladder;
use super::lattice::Lattice;
use super::outcome::Assignment;
use super::scratch::Scratch;
use super::set::{Set, Sums};
use super::splitter::Splitter;
use crate::privacy::large::Large;
use crate::privacy::{Combinations, parallel};

/// The largest lattice whose nodes are numbered: four bytes each.
pub(super) const MAX_LATTICE: usize = 1 << 24;

/// Classes whose members take more words are split one step at a time, so that any thread may go
/// on with a part; smaller ones are each split to the end by one thread.
pub(super) const LARGE: usize = 1 << 17;

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
        node_of: (0..combinations.len()).map(|_| AtomicU32::new(0)).collect(),
    };
    let threads = threads.max(1);
    let mut sums = Sums::default();
    let mut members = Large::zeroed(combinations.len() * splitter.stride());
    let first = splitter.first(&mut members, threads, most);
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
    drop(members);
    let numbers = splitter.node_of.into_iter().map(AtomicU32::into_inner);
    Some(Split {
        assignment: assignment(&lattice, numbers.collect(), threads),
        cost: sums.cost,
        classes: sums.classes,
        smallest: sums.smallest,
        suppressed: sums.suppressed,
    })
}

/// Numbers the nodes in use, the one of suppression first.
fn assignment(lattice: &Lattice<'_>, mut node_of: Vec<u32>, threads: usize) -> Assignment {
    let size = lattice.size().unwrap_or(0);
    let in_use = parallel::ranges(node_of.len(), threads, |range| {
        let mut in_use = vec![false; size];
        for number in node_of.get(range).unwrap_or_default() {
            if let Some(in_use) = in_use.get_mut(*number as usize) {
                *in_use = true;
            }
        }
        in_use
    });
    let mut numbers = vec![0; size];
    let mut nodes = vec![lattice.top()];
    let top = lattice.number(&lattice.top());
    for (number, slot) in numbers.iter_mut().enumerate() {
        if number != top && in_use.iter().any(|in_use| at(in_use, number)) {
            *slot = nodes.len() as u32;
            nodes.push(lattice.node(number).into());
        }
    }
    let part = node_of.len().div_ceil(threads).max(1);
    parallel::on_each(node_of.chunks_mut(part).collect(), |part: &mut [u32]| {
        for number in part {
            *number = at(&numbers, *number as usize);
        }
    });
    Assignment { nodes, node_of }
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
    fn new(sets: Vec<Set<'m>>) -> Self {
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

// Also where a thread panics: the others are not to wait for it.
impl Drop for Taken<'_, '_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.lock();
        if !self.parts.is_empty() {
            waiting.sets.append(&mut self.parts);
            // Those that leave most to do come first.
            waiting.sets.sort_by_key(|set| set.members.len());
        }
        waiting.taken = waiting.taken.saturating_sub(1);
        self.queue.changed.notify_all();
    }
}

#[cfg(test)]
mod tests;
