//! What a search says of every combination: at which of the nodes its rows are written.

use std::borrow::Cow;

use crate::privacy::Combinations;
use crate::privacy::table::Table;

/// For each combination the position of its node in [`Found::nodes`](super::Found::nodes).
#[derive(Debug, PartialEq)]
pub enum NodeOf {
    /// In the order of the combinations.
    InOrder(Vec<u32>),
    /// In another order, which splitting left them in: with their packed keys.
    ByKey(Keys, Vec<u32>),
}

/// The packed keys of all combinations in some order, one behind the other.
#[derive(Debug, PartialEq)]
pub struct Keys(pub(super) Vec<u64>);

impl NodeOf {
    /// For each of these combinations, of which they were found, in their order.
    pub fn in_order(&self, combinations: &Combinations, threads: usize) -> Cow<'_, [u32]> {
        match self {
            Self::InOrder(nodes) => Cow::Borrowed(nodes),
            Self::ByKey(..) => {
                let mut nodes = Vec::new();
                self.table(combinations, threads)
                    .numbers(combinations.keys(), &mut nodes);
                let from_0 = |node: &mut u32| *node = node.saturating_sub(1);
                nodes.iter_mut().for_each(from_0);
                Cow::Owned(nodes)
            }
        }
    }

    /// A table from the keys of these combinations to their nodes, counted from 1.
    pub(crate) fn table(&self, combinations: &Combinations, threads: usize) -> Table {
        let words = combinations.layout().words();
        match self {
            Self::InOrder(nodes) => Table::new(words, combinations.keys(), nodes, threads),
            Self::ByKey(Keys(keys), nodes) => Table::new(words, keys, nodes, threads),
        }
    }
}

#[cfg(test)]
impl super::Found {
    /// The same, with the nodes in the order of the combinations.
    pub(super) fn in_order(self, combinations: &Combinations) -> Self {
        let node_of = self.node_of.in_order(combinations, 2).into_owned();
        Self {
            node_of: NodeOf::InOrder(node_of),
            ..self
        }
    }
}
