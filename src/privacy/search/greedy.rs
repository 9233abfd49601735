//! Repeated recoding: the rows that are left are recoded again and again, each time at the level
//! that pays best for them.
//!
//! A price is set on a row that is left, low at first. The node is chosen at which most is gained:
//! over its classes that are as asked for and lose less than the price, the sum of the rows' price
//! less their loss. These classes are done; the choice is repeated for the combinations that are
//! left, until no node gains at this price; then the price rises. (ARX repeats a whole search on the
//! rows that are left; here each step is one node, and a class that is not worth its price waits.)
//!
//! A node's gain never grows while combinations are taken away, so nodes wait in a heap with the
//! gain they last had, and only the first one is looked at again (M. Minoux, *Accelerated Greedy
//! Algorithms for Maximizing Submodular Set Functions*, 1978).

use std::collections::BinaryHeap;

use super::at;
use super::classes::{Classes, Index, Step};
use super::demand::Demand;
use super::ladder::{Ladder, ONE};
use super::lattice::Lattice;
use super::outcome::cost;
use crate::privacy::Combinations;

/// The first price, as a share of the loss of a suppressed row.
const FIRST_PRICE: f64 = 0.005;

/// How much a price is above the one before.
const RISE: f64 = 1.15;

/// Which nodes are tried at a price, by the mean loss of all rows there, as shares of the price.
const TRIED: std::ops::Range<f64> = 0.2..1.2;

/// The members of classes that are worth it, and how often a node was looked at.
pub(super) fn recode(
    combinations: &Combinations,
    ladders: &[Ladder],
    demand: &Demand,
    threads: usize,
) -> (Vec<Vec<u32>>, u64) {
    let lattice = Lattice::new(ladders);
    let size = lattice.size().unwrap_or(0);
    let rows = combinations.rows().max(1);
    let nodes = (0..size).map(|number| lattice.node(number));
    let mut nodes: Vec<(u64, Vec<u8>)> = nodes
        .map(|node| (lattice.cost(&node) / rows, node))
        .collect();
    nodes.sort_unstable();
    let mut left = Left {
        ladders,
        demand,
        combinations,
        numbers: (0..combinations.len() as u32).collect(),
        classes: Classes::of(combinations),
    };
    let (mut done, mut looks) = (Vec::new(), 0);
    let mut price = FIRST_PRICE;
    loop {
        let last = price >= 1.0;
        let units = (price.min(1.0) * ONE as f64) as u64;
        let low = (units as f64 * TRIED.start) as u64;
        let high = (units as f64 * TRIED.end) as u64;
        let open: Vec<&[u8]> = nodes
            .iter()
            .filter(|(cost, _)| (low..high).contains(cost))
            .map(|(_, node)| node.as_slice())
            .collect();
        looks += open.len() as u64;
        let gains = left.gains(&open, units, threads);
        // A gain is that of the round in which it was looked at.
        let mut round = 0_u32;
        let known = gains.into_iter().zip(open).filter(|(gain, _)| *gain > 0);
        let mut heap: BinaryHeap<(u64, u32, &[u8])> =
            known.map(|(gain, node)| (gain, round, node)).collect();
        while let Some((_, of, node)) = heap.pop() {
            if of == round {
                done.extend(left.take(node, units));
                round += 1;
            } else {
                looks += 1;
                let gain = left.gain(node, units);
                if gain > 0 {
                    heap.push((gain, round, node));
                }
            }
        }
        if last || left.numbers.is_empty() {
            return (done, looks);
        }
        price *= RISE;
    }
}

/// The combinations that are left.
struct Left<'a> {
    ladders: &'a [Ladder],
    demand: &'a Demand,
    combinations: &'a Combinations,
    numbers: Vec<u32>,
    classes: Classes<'a>,
}

impl Left<'_> {
    /// What a row of a class gains, if the class is worth it.
    fn worth(&self, classes: &Classes<'_>, class: usize, key: &[u64], price: u64) -> Option<u64> {
        let met = self.demand.met(classes.rows(class), |column| {
            classes.sensitive(column, class)
        });
        let layout = self.combinations.layout();
        met.then(|| cost(layout, self.ladders, &classes.node, key))
            .and_then(|cost| price.checked_sub(cost))
            .filter(|gain| *gain > 0)
    }

    fn gain(&self, node: &[u8], price: u64) -> u64 {
        let classes = self
            .classes
            .roll_up(self.combinations.layout(), self.ladders, node);
        let gains = classes.iter().enumerate().map(|(class, (key, rows))| {
            self.worth(&classes, class, key, price).unwrap_or(0) * u64::from(rows)
        });
        gains.sum()
    }

    /// The gain of each of several nodes.
    fn gains(&self, nodes: &[&[u8]], price: u64, threads: usize) -> Vec<u64> {
        let part = nodes.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> = nodes
                .chunks(part)
                .map(|nodes| {
                    let gains = move || nodes.iter().map(|node| self.gain(node, price)).collect();
                    (nodes.len(), scope.spawn(gains))
                })
                .collect();
            let parts = parts.into_iter();
            parts
                .flat_map(|(nodes, part)| part.join().unwrap_or_else(|_| vec![0; nodes]))
                .collect()
        })
    }

    /// Takes the classes of a node that are worth it away.
    fn take(&mut self, node: &[u8], price: u64) -> Vec<Vec<u32>> {
        let layout = self.combinations.layout();
        let classes = self.classes.roll_up(layout, self.ladders, node);
        let worth: Vec<bool> = classes
            .iter()
            .enumerate()
            .map(|(class, (key, _))| self.worth(&classes, class, key, price).is_some())
            .collect();
        let step = Step::new(layout, self.ladders, &self.classes.node, node);
        let mut index = Index::new(self.numbers.len());
        let (mut keys, mut taken) = (Vec::new(), Vec::<Vec<u32>>::new());
        let mut key = vec![0; layout.words()];
        let mut rest = Vec::new();
        for number in &self.numbers {
            step.apply(self.combinations.key(*number as usize), &mut key);
            // Numbered in the order in which the classes came.
            let class = index.find(&key, &keys, taken.len());
            if class == taken.len() {
                keys.extend_from_slice(&key);
                taken.push(Vec::new());
            }
            match taken.get_mut(class) {
                Some(members) if at(&worth, class) => members.push(*number),
                _ => rest.push(*number),
            }
        }
        self.classes = Classes::some_of(self.combinations, &rest);
        self.numbers = rest;
        taken.retain(|members| !members.is_empty());
        taken
    }
}
