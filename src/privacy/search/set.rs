//! A class on its way to being split, and what became of the ones that are done.

use std::collections::HashMap;
use std::sync::Arc;

use super::cuts::column_bit;
use super::lattice::Lattice;

/// The members of a class, and its node.
pub(super) struct Set<'m> {
    pub(super) node: Arc<[u8]>,
    /// Of each combination, its words (see [`Form`](super::form::Form)).
    pub(super) members: &'m mut [u64],
    /// For each of them, to be filled in: the number of its node.
    pub(super) nodes: &'m mut [u32],
    /// A bit for each of the first columns: no group that is one level finer there has rows
    /// enough, neither here nor, therefore, in any part.
    pub(super) stuck: u64,
}

/// Sums over the classes that are done.
pub(super) struct Sums {
    pub(super) cost: u128,
    pub(super) classes: u64,
    pub(super) smallest: u64,
    pub(super) suppressed: u64,
    /// By the number of a node: the rows there.
    pub(super) rows: HashMap<u32, u64>,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            cost: 0,
            classes: 0,
            smallest: u64::MAX,
            suppressed: 0,
            rows: HashMap::new(),
        }
    }
}

impl Sums {
    pub(super) fn add(&mut self, other: &Self) {
        self.cost += other.cost;
        self.classes += other.classes;
        self.smallest = self.smallest.min(other.smallest);
        self.suppressed += other.suppressed;
        for (node, rows) in &other.rows {
            *self.rows.entry(*node).or_default() += rows;
        }
    }
}

impl<'m> Set<'m> {
    /// Members as one class in which all is `*`.
    pub(super) fn all(lattice: &Lattice<'_>, members: &'m mut [u64], nodes: &'m mut [u32]) -> Self {
        Self {
            node: lattice.top().into(),
            members,
            nodes,
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

    /// Makes sets of parts that end there, members of `stride` words each: each but the last, which
    /// is what is left over, is one level finer in a column.
    pub(super) fn cut_at(
        self,
        (ends, stride): (&[usize], usize),
        (column, level): (usize, u8),
        parts: &mut Vec<Self>,
    ) {
        let mut finer = Set {
            node: Arc::clone(&self.node),
            members: &mut [],
            nodes: &mut [],
            stuck: self.stuck,
        };
        finer.refine(column, level);
        let (mut rest, mut nodes, mut begin) = (self.members, self.nodes, 0);
        for (number, end) in (1..).zip(ends) {
            let part = std::mem::take(&mut rest).split_at_mut_checked(end - begin);
            let (members, behind) = part.unwrap_or_default();
            let own = std::mem::take(&mut nodes).split_at_mut_checked((end - begin) / stride);
            let (own_nodes, nodes_behind) = own.unwrap_or_default();
            (rest, nodes, begin) = (behind, nodes_behind, *end);
            if !members.is_empty() {
                let (node, stuck) = match number == ends.len() {
                    true => (&self.node, self.stuck),
                    false => (&finer.node, finer.stuck),
                };
                parts.push(Set {
                    node: Arc::clone(node),
                    members,
                    nodes: own_nodes,
                    stuck,
                });
            }
        }
    }
}
