//! What the names of columns mean.

pub(crate) mod meaning;
pub(crate) mod vocabulary;
