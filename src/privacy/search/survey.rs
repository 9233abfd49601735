//! What is gained at each node of a part of the lattice, in one walk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::layer::{Layer, Tallies};
use super::refine::Refiner;
use crate::base::parallel;

/// So many parts of the lattice at least wait for threads.
const STARTS: usize = 32;

/// So many members of classes are kept at most, for another look: 32 megabytes.
const MOST_KEPT: usize = 1 << 23;

/// A node at which something is gained.
pub(super) struct Gain {
    pub(super) gain: u64,
    pub(super) node: Vec<u8>,
    /// Its classes, if there was room, and what their rows lose beside what these say.
    pub(super) classes: Option<(Layer, u64)>,
}

/// Which nodes are looked at, and what a row is worth there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) price: u64,
    /// What all rows of the table lose together at a node: at least, and less than.
    pub(super) low: u64,
    pub(super) high: u64,
}

/// Where some first columns have a level each.
struct Start {
    node: Vec<u8>,
    classes: Arc<Layer>,
    /// What rows lose beside what the classes say.
    added: u64,
    /// What all rows of the table lose in these columns.
    total: u64,
}

struct Walk<'a> {
    refiner: &'a Refiner<'a>,
    bounds: Bounds,
    /// By depth: what the columns from there on add to a node's cost at least and at most.
    rest: Vec<(u64, u64)>,
    node: Vec<u8>,
    tallies: Tallies,
    free: Vec<Layer>,
    starts: Vec<Start>,
    found: Vec<Gain>,
    /// How many members may still be kept.
    room: usize,
    looks: u64,
}

/// The nodes at which something is gained, in no particular order; and how many were looked at.
pub(super) fn survey(
    refiner: &Refiner<'_>,
    all: &Layer,
    bounds: Bounds,
    threads: usize,
) -> (Vec<Gain>, u64) {
    let walk = || Walk::new(refiner, bounds, MOST_KEPT / threads.max(1));
    let mut starts = vec![Start {
        node: vec![0; refiner.columns.len()],
        classes: Arc::new(all.clone()),
        added: 0,
        total: 0,
    }];
    let mut depth = 0;
    while starts.len() < STARTS && depth < refiner.columns.len() {
        let walks = on_all(&starts, threads, walk, |walk, start| {
            walk.raise(start, depth)
        });
        starts = walks.into_iter().flat_map(|walk| walk.starts).collect();
        depth += 1;
        if starts.is_empty() {
            break;
        }
    }
    let walks = on_all(&starts, threads, walk, |walk, start| {
        walk.node.clone_from(&start.node);
        walk.down(&start.classes, depth, (start.added, start.total));
    });
    let looks = walks.iter().map(|walk| walk.looks).sum();
    (
        walks.into_iter().flat_map(|walk| walk.found).collect(),
        looks,
    )
}

/// Work on all of these, each by the thread that comes first.
fn on_all<'a>(
    starts: &[Start],
    threads: usize,
    walk: impl Fn() -> Walk<'a> + Sync,
    work: impl Fn(&mut Walk<'a>, &Start) + Sync,
) -> Vec<Walk<'a>> {
    let next = AtomicUsize::new(0);
    let threads = threads.clamp(1, starts.len().max(1));
    parallel::on_each((0..threads).collect(), |_| {
        let mut walk = walk();
        while let Some(start) = starts.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(&mut walk, start);
        }
        walk
    })
}

impl<'a> Walk<'a> {
    fn new(refiner: &'a Refiner<'a>, bounds: Bounds, room: usize) -> Self {
        let mut rest = vec![(0, 0)];
        for column in refiner.columns.iter().rev() {
            let (low, high) = rest.last().copied().unwrap_or_default();
            let totals = || (0..=column.ladder.top()).map(|level| column.ladder.total(level));
            rest.push((
                low + totals().min().unwrap_or(0),
                high + totals().max().unwrap_or(0),
            ));
        }
        rest.reverse();
        Self {
            refiner,
            bounds,
            rest,
            node: vec![0; refiner.columns.len()],
            tallies: Tallies::default(),
            free: Vec::new(),
            starts: Vec::new(),
            found: Vec::new(),
            room,
            looks: 0,
        }
    }

    /// Goes one column further, to each of its levels.
    fn raise(&mut self, start: &Start, depth: usize) {
        let Some(column) = self.refiner.columns.get(depth) else {
            return;
        };
        for level in 0..=column.ladder.top() {
            let total = start.total + column.ladder.total(level);
            if !self.is_within(depth + 1, total) {
                continue;
            }
            let (mut classes, mut added) = (Arc::clone(&start.classes), start.added);
            match column.only(level) {
                Some(cost) => added += cost,
                None => {
                    let left = self.bounds.price.saturating_sub(added);
                    let mut finer = Layer::default();
                    let tallies = &mut self.tallies;
                    self.refiner
                        .refine(&classes, (depth, level), left, tallies, &mut finer);
                    classes = Arc::new(finer);
                }
            }
            let mut node = start.node.clone();
            if let Some(to) = node.get_mut(column.number) {
                *to = level;
            }
            self.starts.push(Start {
                node,
                classes,
                added,
                total,
            });
        }
    }

    /// Whether a node with columns of such a total may be within the bounds.
    fn is_within(&self, depth: usize, total: u64) -> bool {
        let (low, high) = self.rest.get(depth).copied().unwrap_or_default();
        total + low < self.bounds.high && total + high >= self.bounds.low
    }

    /// Goes on with the column of that depth. `added` is what rows lose beside what their classes say,
    /// `total` what all rows of the table lose in the columns before.
    fn down(&mut self, from: &Layer, depth: usize, (added, total): (u64, u64)) {
        if from.is_empty() || added >= self.bounds.price {
            return;
        }
        let refiner = self.refiner;
        let left = self.bounds.price - added;
        let Some(column) = refiner.columns.get(depth) else {
            self.looks += 1;
            let worth = refiner.worth(from, left);
            let gain = worth.map(|class| class.gain * u64::from(class.rows)).sum();
            if gain > 0 {
                self.note(gain, from, added);
            }
            return;
        };
        let is_last = depth + 1 == refiner.columns.len();
        for level in 0..=column.ladder.top() {
            let total = total + column.ladder.total(level);
            if !self.is_within(depth + 1, total) {
                continue;
            }
            if let Some(to) = self.node.get_mut(column.number) {
                *to = level;
            }
            if let Some(cost) = column.only(level) {
                self.down(from, depth + 1, (added + cost, total));
            } else if is_last && refiner.demand.sensitive() == 0 {
                self.looks += 1;
                let gain = refiner.gain_at(from, (depth, level), left, &mut self.tallies);
                if gain > 0 {
                    let mut finer = self.free.pop().unwrap_or_default();
                    refiner.refine(from, (depth, level), left, &mut self.tallies, &mut finer);
                    self.note(gain, &finer, added);
                    self.free.push(finer);
                }
            } else {
                let mut finer = self.free.pop().unwrap_or_default();
                refiner.refine(from, (depth, level), left, &mut self.tallies, &mut finer);
                self.down(&finer, depth + 1, (added, total));
                self.free.push(finer);
            }
        }
    }

    fn note(&mut self, gain: u64, classes: &Layer, added: u64) {
        let room = self.room.checked_sub(classes.members.len());
        self.room = room.unwrap_or(self.room);
        self.found.push(Gain {
            gain,
            node: self.node.clone(),
            classes: room.map(|_| (classes.clone(), added)),
        });
    }
}
