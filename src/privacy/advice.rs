//! What to change so that fewer rows single out one person: single steps, and several where no single
//! one is enough, each with its exact effect.

mod plan;

pub(super) use plan::plan;

use super::measures::Smallness;

/// One column generalised by one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    pub column: String,
    /// The step's title; `*` means that the column says nothing any more.
    pub step: String,
    /// The classes after it.
    pub after: Smallness,
}
