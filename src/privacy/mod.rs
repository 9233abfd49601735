//! How identifying a table is, and how to make it less so.
//!
//! ```text
//!   rows ──► codes (one for each distinct value) ──► Combinations (distinct rows, counted)
//!                                                      │
//!                        Hierarchy for each column ────┼──► measures: k, l, t, risk, advice
//!                                                      └──► search: levels that reach k
//! ```
//!
//! Nothing here reads a file. Rows are seen through the codes of their values, so a measure or a
//! search has no cell to tell; the texts stay in the dictionaries and in the hierarchies' labels,
//! which only the writer of rows asks for.

pub mod achieved;
pub mod advice;
pub mod aggregate;
pub mod audit;
pub(crate) mod codes;
pub(crate) mod cohorts;
pub mod combinations;
pub mod compare;
pub mod counter;
pub mod differential;
pub mod error;
pub mod extent;
pub mod gate;
pub mod goal;
pub mod hierarchy;
pub mod ladder;
pub mod measures;
pub mod population;
pub mod score;
pub mod search;
pub mod sensitive_counts;
pub(crate) mod table;

pub use combinations::{Combinations, Layout};
pub use hierarchy::{Hierarchy, Level};
pub use sensitive_counts::SensitiveCounts;
