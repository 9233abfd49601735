//! How identifying a table is: figures with published definitions, from counts alone.
//!
//! Each is a pure function of [`Combinations`](super::Combinations), in which a combination is one
//! equivalence class: the rows that share all their quasi-identifying values. Nothing here sees a
//! text, except [`order`], which hands on only ranks. What does not depend on the number of
//! threads does not depend on the order of the rows either.

mod risk;
mod sizes;

pub use risk::{DEFAULT_THRESHOLD, Risk, Risks, risks};
pub use sizes::{Bin, ClassSizes, Smallness, classes};
