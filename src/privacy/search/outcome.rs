//! From a node for each combination to a result: counted again, from the labels.

use super::Found;
use super::classes::Classes;
use super::demand::Demand;
use super::ladder::{Ladder, ONE, STAR};
use super::node_of::NodeOf;
use crate::privacy::{Combinations, Layout};

/// Nodes, and which of them each combination is at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Assignment {
    pub(super) nodes: Vec<Box<[u8]>>,
    pub(super) node_of: Vec<u32>,
}

impl Assignment {
    /// The result, if every class of rows with the same labels is as asked for. The caller fills
    /// in how it was found.
    pub(super) fn outcome(
        self,
        combinations: &Combinations,
        ladders: &[Ladder],
        demand: &Demand,
    ) -> Option<Found> {
        let labels: Vec<usize> = ladders.iter().map(Ladder::labels).collect();
        let layout = Layout::new(&labels);
        let mut of_row = self.node_of.iter().zip(combinations.counts()).enumerate();
        let mut loss = 0_u128;
        let mut of_node = vec![0; self.nodes.len()];
        let sensitive = combinations.demanded();
        let classes = Classes::grouped(&[], layout.words(), sensitive, combinations.len(), |key| {
            let (combination, (number, rows)) = of_row.next()?;
            let node = self.nodes.get(*number as usize)?;
            *of_node.get_mut(*number as usize)? += u64::from(*rows);
            let mut cost = 0;
            let labels = ladders
                .iter()
                .zip(node)
                .enumerate()
                .map(|(column, (ladder, level))| {
                    let group = ladder.group(*level, combinations.code(combination, column));
                    cost += u64::from(ladder.cost(*level, group));
                    ladder.label(*level, group)
                });
            layout.pack(labels, key);
            loss += u128::from(cost) * u128::from(*rows);
            Some(*rows)
        });
        let (mut suppressed, mut smallest) = (0, u64::MAX);
        for (class, (key, rows)) in classes.iter().enumerate() {
            let star = (0..layout.columns()).all(|column| layout.code(key, column) == STAR);
            let (rows, values) = (u64::from(rows), |column| classes.sensitive(column, class));
            let met = if star {
                suppressed = rows;
                rows <= demand.max_suppressed && demand.met_by_star(rows, values)
            } else {
                demand.met(rows, values)
            };
            if !met {
                return None;
            }
            smallest = smallest.min(demand.size(rows, values));
        }
        let rows = combinations.rows().max(1) as f64;
        Some(Found {
            nodes: self.nodes,
            rows: of_node,
            node_of: NodeOf::InOrder(self.node_of),
            loss: loss as f64 / ONE as f64 / rows,
            suppressed,
            classes: classes.len() as u64,
            k: if classes.len() == 0 { 0 } else { smallest },
            levels: None,
            proven_optimal: false,
            lattice: 0,
            checked: 0,
            independent_of_sensitive: false,
        })
    }
}

/// Whether all columns are `*` in a class whose groups are packed in `key`.
pub(super) fn is_star(layout: &Layout, ladders: &[Ladder], node: &[u8], key: &[u64]) -> bool {
    ladders
        .iter()
        .zip(node)
        .enumerate()
        .all(|(column, (ladder, level))| ladder.label(*level, layout.code(key, column)) == STAR)
}

/// What a row loses whose groups are packed in `key`.
pub(super) fn cost(layout: &Layout, ladders: &[Ladder], node: &[u8], key: &[u64]) -> u64 {
    let levels = ladders.iter().zip(node).enumerate();
    levels
        .map(|(column, (ladder, level))| u64::from(ladder.cost(*level, layout.code(key, column))))
        .sum()
}
