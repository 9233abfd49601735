//! A rule table as one query, and which rule kinds a dialect supports.

mod comment;
pub(crate) mod figures;
mod leaving;
pub(crate) mod levels;
pub(crate) mod parts;
pub mod query;
pub mod support;
