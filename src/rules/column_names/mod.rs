//! What the names of columns mean.

pub(crate) mod consent;
pub(crate) mod meaning;
mod repair;
pub(crate) mod vocabulary;
mod words;

pub(crate) use repair::repaired;
