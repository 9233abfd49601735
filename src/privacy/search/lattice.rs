//! The lattice of nodes: numbered, with what each costs before anything is suppressed.

use super::at;
use super::ladder::Ladder;

/// All nodes, numbered with the last column's level as the lowest digit.
#[derive(Debug)]
pub(super) struct Lattice<'a> {
    ladders: &'a [Ladder],
    size: Option<usize>,
}

impl<'a> Lattice<'a> {
    pub(super) fn new(ladders: &'a [Ladder]) -> Self {
        let mut sizes = ladders.iter().map(Ladder::levels);
        let size = sizes.try_fold(1_usize, usize::checked_mul);
        Self { ladders, size }
    }

    /// How many nodes there are; none if a machine word does not tell.
    pub(super) fn size(&self) -> Option<usize> {
        self.size
    }

    /// The node of all last levels.
    pub(super) fn top(&self) -> Box<[u8]> {
        self.ladders.iter().map(Ladder::top).collect()
    }

    /// The levels of a node.
    pub(super) fn node(&self, number: usize) -> Vec<u8> {
        let mut rest = number;
        let mut node: Vec<u8> = self
            .ladders
            .iter()
            .rev()
            .map(|ladder| {
                let level = rest % ladder.levels().max(1);
                rest /= ladder.levels().max(1);
                level as u8
            })
            .collect();
        node.reverse();
        node
    }

    pub(super) fn number(&self, node: &[u8]) -> usize {
        self.ladders
            .iter()
            .zip(node)
            .fold(0, |number, (ladder, level)| {
                number * ladder.levels() + *level as usize
            })
    }

    /// What all rows lose together at a node if none is suppressed: no node's loss is lower, for
    /// suppression costs a row more than any label.
    pub(super) fn cost(&self, node: &[u8]) -> u64 {
        self.ladders
            .iter()
            .zip(node)
            .map(|(ladder, level)| ladder.total(*level))
            .sum()
    }

    /// Whether the classes of one node can be rolled up to those of the other.
    pub(super) fn rolls(&self, fine: &[u8], coarse: &[u8]) -> bool {
        let levels = fine.iter().zip(coarse);
        self.ladders
            .iter()
            .zip(levels)
            .all(|(ladder, (fine, coarse))| ladder.map(*fine, *coarse).is_some())
    }

    /// The numbers of all nodes below a node, itself included.
    pub(super) fn all_below(&self, node: &[u8]) -> Vec<usize> {
        let mut numbers = vec![0];
        for (ladder, coarse) in self.ladders.iter().zip(node) {
            let fine = (0..=ladder.top()).filter(|fine| ladder.below(*fine, *coarse));
            let fine: Vec<usize> = fine.map(usize::from).collect();
            let numbered = numbers
                .iter()
                .flat_map(|number| fine.iter().map(move |fine| number * ladder.levels() + fine));
            numbers = numbered.collect();
        }
        numbers
    }

    /// The nodes that differ from a node in one column only, where they are above it.
    pub(super) fn raised(&self, node: &[u8]) -> Vec<Vec<u8>> {
        // Of two levels that are the same, the later one counts as the coarser: no way leads round.
        self.changed(node, |ladder, from, to| {
            ladder.below(from, to) && (to > from || !ladder.below(to, from))
        })
    }

    /// The nodes that differ from a node in one column only, where they are below it or, where
    /// levels do not refine each other, cost less.
    pub(super) fn lowered(&self, node: &[u8]) -> Vec<Vec<u8>> {
        self.changed(node, |ladder, from, to| {
            ladder.total(to) < ladder.total(from)
        })
    }

    fn changed(&self, node: &[u8], wanted: impl Fn(&Ladder, u8, u8) -> bool) -> Vec<Vec<u8>> {
        let mut nodes = Vec::new();
        for (column, ladder) in self.ladders.iter().enumerate() {
            let from = at(node, column);
            for to in (0..=ladder.top()).filter(|to| *to != from && wanted(ladder, from, *to)) {
                let mut other = node.to_vec();
                if let Some(level) = other.get_mut(column) {
                    *level = to;
                }
                nodes.push(other);
            }
        }
        nodes
    }
}
