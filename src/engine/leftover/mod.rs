//! Identifiers that are left over in kept columns.
//!
//! Rules work by column, and people type into the wrong one. So every kept cell is looked through
//! by the [detectors](crate::detect), and compared with what does not leave of its row. What
//! comes of it is known at the end of the input, before the output gets its name: a weak form
//! counts by its column, and a word that many rows share names nobody.
//!
//! ```text
//! rows ──► values (each kept value is read once) ──┐
//!      └─► doubt (may a dropped cell share a word?) ─► compare (word by word) ──► found ──► verdict
//! ```

mod block;
mod check;
mod column;
mod compare;
mod content;
mod counts;
mod doubt;
mod found;
mod lines;
mod mask;
mod near;
mod ordinary;
mod places;
mod probe;
mod reading;
mod starts;
mod texts;
mod tiny;
mod values;
mod verdict;
mod words;

use crate::base::name::Shown;
use crate::detect::Detectors;

pub(crate) use block::{BLOCK, Block};
pub use check::Checker;
pub use texts::FreeText;
pub use verdict::{ColumnVerdict, Kind, Verdict, What};

/// Which columns are looked through, and which they are compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The kept columns.
    pub kept: Vec<Kept>,
    /// The columns that do not leave as they are.
    pub sources: Vec<Source>,
}

/// A kept column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its step in the plan.
    pub step: usize,
    /// Its position in the input.
    pub column: usize,
    /// Its name in the input.
    pub name: Shown,
    /// The detectors that look through it.
    pub detectors: Detectors,
    /// Whether it is compared with the same row.
    pub same_row: bool,
    /// Whether it leaves empty in rows that are blanked.
    pub blanks: bool,
}

/// A column that does not leave as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its position in the input.
    pub column: usize,
    /// Its name in the input.
    pub name: Shown,
    /// What stands in the place of a part of it in a masked cell: the rule table's name of the
    /// column, never the input's.
    pub label: String,
    /// Whether its cells name one person, or may do so: the table says it, or nothing else.
    pub identifying: bool,
    /// Whether the table says so, or else the column's name.
    pub stated: bool,
}
