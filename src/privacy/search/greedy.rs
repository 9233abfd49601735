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
use super::ladder::ONE;
use super::layer::{Layer, Tallies};
use super::refine::Refiner;
use super::survey::{Bounds, survey};

/// The first price, as a share of the loss of a suppressed row.
const FIRST_PRICE: f64 = 0.005;

/// How much a price is above the one before.
const RISE: f64 = 1.15;

/// Which nodes are tried at a price, by the mean loss of all rows there, as shares of the price.
const TRIED: std::ops::Range<f64> = 0.2..1.2;

/// The members of classes that are worth it, and how often a node was looked at.
pub(super) fn recode(refiner: &Refiner<'_>, threads: usize) -> (Vec<Vec<u32>>, u64) {
    let combinations = refiner.combinations;
    let rows = combinations.rows().max(1);
    let numbers = (0..combinations.len() as u32).collect();
    let mut left = Left {
        refiner,
        all: Layer::all(combinations, numbers),
        is_left: vec![true; combinations.len()],
        tallies: Tallies::default(),
        layers: Default::default(),
    };
    let (mut done, mut looks) = (Vec::new(), 0);
    let mut price = FIRST_PRICE;
    loop {
        let last = price >= 1.0;
        let units = (price.min(1.0) * ONE as f64) as u64;
        let bounds = Bounds {
            price: units,
            low: (units as f64 * TRIED.start) as u64 * rows,
            high: (units as f64 * TRIED.end) as u64 * rows,
        };
        let (mut found, looked) = survey(refiner, &left.all, bounds, threads);
        looks += looked;
        // A gain is that of the round in which it was looked at.
        let mut round = 0_u32;
        let nodes = found.iter_mut().enumerate();
        let mut heap: BinaryHeap<(u64, u32, Vec<u8>, usize)> = nodes
            .map(|(number, found)| (found.gain, round, std::mem::take(&mut found.node), number))
            .collect();
        while let Some((_, of, node, number)) = heap.pop() {
            let kept = found.get_mut(number);
            let kept = kept.and_then(|found| found.classes.as_mut());
            if of == round {
                done.extend(left.take(&node, units, kept));
                round += 1;
            } else {
                looks += 1;
                let gain = left.gain(&node, units, kept);
                if gain > 0 {
                    heap.push((gain, round, node, number));
                }
            }
        }
        if last || left.all.is_empty() {
            return (done, looks);
        }
        price *= RISE;
    }
}

/// The combinations that are left.
struct Left<'a> {
    refiner: &'a Refiner<'a>,
    all: Layer,
    /// By combination.
    is_left: Vec<bool>,
    tallies: Tallies,
    layers: [Layer; 2],
}

impl Left<'_> {
    /// The classes at a node, in what was kept of them if anything was, and what their rows lose beside what
    /// these say.
    fn classes<'l>(
        &'l mut self,
        node: &[u8],
        price: u64,
        kept: Option<&'l mut (Layer, u64)>,
    ) -> (&'l Layer, u64) {
        let Some((classes, added)) = kept else {
            let Self {
                all,
                tallies,
                layers,
                ..
            } = self;
            let added = self.refiner.classes(all, node, price, tallies, layers);
            let [classes, _] = &self.layers;
            return (classes, added);
        };
        self.refiner.retain(classes, &self.is_left);
        (classes, *added)
    }

    fn gain(&mut self, node: &[u8], price: u64, kept: Option<&mut (Layer, u64)>) -> u64 {
        let refiner = self.refiner;
        let (classes, added) = self.classes(node, price, kept);
        let worth = refiner.worth(classes, price.saturating_sub(added));
        worth.map(|class| class.gain * u64::from(class.rows)).sum()
    }

    /// Takes the classes of a node that are worth it away.
    fn take(&mut self, node: &[u8], price: u64, kept: Option<&mut (Layer, u64)>) -> Vec<Vec<u32>> {
        let refiner = self.refiner;
        let (classes, added) = self.classes(node, price, kept);
        let worth = refiner.worth(classes, price.saturating_sub(added));
        let mut taken: Vec<Vec<u32>> = worth.map(|class| class.members.to_vec()).collect();
        // Numbered in the order in which the classes came.
        taken.sort_unstable();
        for member in taken.iter().flatten() {
            if let Some(left) = self.is_left.get_mut(*member as usize) {
                *left = false;
            }
        }
        let rest = self.all.members.iter().copied();
        let rest = rest.filter(|number| at(&self.is_left, *number as usize));
        self.all = Layer::all(refiner.combinations, rest.collect());
        taken
    }
}
