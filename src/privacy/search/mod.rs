//! The search for the mildest generalisation that makes a table k-anonymous.
//!
//! ```text
//!   Combinations ─┬─► global: one level for each column, the proven optimum of the lattice
//!   Hierarchy ×n ─┘        │
//!                          └─► local: a level for each column *of each combination*
//! ```
//!
//! Every cell may be generalised to a level of its column's [`Hierarchy`](super::Hierarchy); a tuple of levels, one
//! for each column, is a *node*. The search gives every combination a node. What is published of a
//! row is then a tuple of labels, and rows with the same labels form an *equivalence class*: two
//! combinations at different nodes whose labels coincide share one.
//!
//! * **Loss.** A cell loses (|S| − 1) / (|L| − 1) (Iyengar, see [`Hierarchy::loss`](super::Hierarchy::loss)); where one
//!   label stands at several levels, the largest of its losses counts at all of them, for a reader
//!   cannot tell them apart. A row loses the mean over its columns by their weights, a table the
//!   mean over its rows.
//! * **Suppression.** A row whose labels are all `*` is suppressed and loses 1. All suppressed rows
//!   are one class, the `*` class, and the class has no rows or at least k. Where there is a
//!   sensitive column it holds at least two of the column's values (or l), if the table does: a
//!   `*` class of one value would tell that value of everybody in it.
//! * **Arithmetic.** Losses are added as integers (see `ladder.rs`), so that a result depends
//!   neither on the order of additions nor on the number of threads. No clock decides anything:
//!   where work has to be limited, it is counted.

mod cells;
mod classes;
mod cuts;
mod demand;
mod first;
mod form;
mod global;
mod greedy;
mod ladder;
mod lattice;
mod layer;
mod local;
mod node_of;
mod outcome;
mod partition;
mod places;
mod polish;
mod refine;
mod scratch;
mod set;
mod split;
mod splitter;
mod star;
mod survey;
mod weigh;

pub use demand::Closeness;
pub use global::global;
pub use local::{is_light, local};
pub use node_of::NodeOf;

/// What every equivalence class has to satisfy.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// The least number of rows of a class, or of persons where it is known whose rows they are; 0 asks
    /// for as little as 1.
    pub k: u32,
    /// How many rows may be suppressed.
    pub max_suppressed: u64,
    /// How many distinct values of every sensitive column a class has at least (distinct
    /// l-diversity; A. Machanavajjhala et al., *l-Diversity: Privacy Beyond k-Anonymity*, 2007).
    pub l: Option<u32>,
    /// How far a class's sensitive values may be from the whole table's.
    pub t: Option<Closeness>,
}

/// What a search found.
#[derive(Debug, PartialEq)]
pub struct Found {
    /// The nodes in use: a level for each column. The one of all last levels is suppression.
    pub nodes: Vec<Box<[u8]>>,
    /// How many rows are written at each of the nodes.
    pub rows: Vec<u64>,
    /// For each combination, which of the nodes its rows are written at.
    pub node_of: NodeOf,
    /// The mean loss over rows and weighted columns, from 0 to 1.
    pub loss: f64,
    /// How many rows are suppressed.
    pub suppressed: u64,
    /// How many equivalence classes there are, the `*` class among them.
    pub classes: u64,
    /// The number of rows of the smallest class, or of persons if they are known; 0 of an empty table.
    pub k: u64,
    /// The level of each column; none where combinations differ in it (local recoding).
    pub levels: Option<Vec<u8>>,
    /// Whether no other choice of levels (global recoding) loses less.
    pub proven_optimal: bool,
    /// How many nodes the lattice has.
    pub lattice: u64,
    /// How many nodes were looked at row by row.
    pub checked: u64,
    /// Whether it would be the same (but for `checked`) if more were asked of the `*` class: so
    /// sensitive values that nobody counted, and of which no other class has to hold any, would
    /// change nothing.
    pub independent_of_sensitive: bool,
}

/// No choice of levels meets the requirement.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", fixed!("no generalisation reaches the requirement within the rows that may be suppressed"))]
pub struct Unreachable {
    /// The least number of rows that would have to be suppressed, of what was looked at; none
    /// where nothing but suppressing all would do.
    pub least_suppressed: Option<u64>,
    pub levels: Option<Vec<u8>>,
    /// Whether it is proven that nothing meets the requirement.
    pub proven: bool,
}

/// What `items` has at `index`, or the type's default where it has nothing.
#[inline]
fn at<T: Copy + Default>(items: &[T], index: usize) -> T {
    items.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
