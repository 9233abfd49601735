//! What an audit tells, for people and for programs.

mod columns;
mod json;
mod model;
mod population;
mod text;

pub use columns::{Judged, JudgedBy};
pub(super) use json::Measures;
pub use json::audit_json;
pub(super) use population::{
    columns as columns_of_population, source as source_of_population, unique_share,
};
pub use text::audit_text;
pub(super) use text::{percent, step_title, whole};

use super::Bytes;
use crate::privacy::audit::Audit;
use crate::privacy::gate::{Gate, Miss};

/// A file that was audited.
pub struct Audited<'a> {
    pub file: Bytes,
    /// Its columns, and what they are taken for.
    pub columns: &'a [Judged],
    /// The rule table's name.
    pub table: &'a str,
    /// The SHA-256 of the rule table's text.
    pub table_sha256: &'a str,
    /// What was measured.
    pub audit: &'a Audit,
    /// The thresholds.
    pub gate: Gate,
    pub misses: &'a [Miss],
}
