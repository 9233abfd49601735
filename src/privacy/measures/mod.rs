//! How identifying a table is: figures with published definitions, from counts alone.
//!
//! Each is a pure function of [`Combinations`](super::Combinations), in which a combination is one
//! equivalence class: the rows that share all their quasi-identifying values. Nothing here sees a
//! text, except [`order_of`], which hands on only ranks. No figure depends on the number of threads.

mod attribute;
mod closeness;
mod diversity;
mod generalised;
mod grouping;
mod order;
mod persons;
mod population;
mod regroup;
mod risk;
mod sensitive;
mod sizes;
#[cfg(test)]
mod tests;

pub use attribute::{Attribute, attributes};
pub use closeness::{Distance, Distribution, class_t};
pub use generalised::at_levels;
pub use order::{Order, order_of};
pub(super) use order::{ends, number};
pub use persons::{People, PersonCounts};
pub use population::{Cells, PartOf, PopulationRisk, Stands, population_risk};
pub use risk::{DEFAULT_THRESHOLD, Risk, Risks, risks};
pub use sensitive::{Sensitive, Worst, sensitive};
#[cfg(test)]
pub(crate) use sizes::Bin;
pub use sizes::{ClassSizes, Smallness, classes};
