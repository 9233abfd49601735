//! A rule table as one query, and which rule kinds a dialect supports.

pub mod query;
pub mod support;
