//! Anonymises customer exports: what the `crm-anon` command does, as a library.
//!
//! ```text
//! arguments → rule table → plan (header × rules) → pipeline (batches → workers → ordered writer) → report
//! ```
//!
//! * [`arguments`]: the command line, checked.
//! * [`table`]: the rule table, TOML parsed into types; [`rule`]: the rule kinds, one file each;
//!   [`geography`]: where postal codes lie.
//! * [`input`] and [`reader`]: bytes, then strict CSV in batches.
//! * [`detector`]: identifiers that stand in a cell where nobody expects them.
//! * [`leftover`]: what of a person is left over in kept columns.
//! * [`keys`]: keys of roles; [`protected`]: the text of an encrypted cell; [`reveal`]: the way
//!   back; [`vault`]: which token stands for which value.
//! * [`plan`]: what the rule table makes of one header; [`rows`]: which rows may leave.
//! * [`pipeline`]: batches through workers to ordered results; [`index`]: the random index.
//! * [`sql`]: the same rules as a query for a database or a cluster.
//! * [`privacy`]: how identifying a table is, and what makes it less so.
//! * [`output`]: files that appear whole or not at all.
//! * [`journal`]: a chained line for each run.
//! * [`report`]: what a run tells; [`words`]: texts in its languages; [`error`] and [`warning`]: what
//!   can be wrong.
//!
//! A cell of the input is only ever in a batch or in an anonymised row: no error, warning or
//! report has a place for one.

pub mod arguments;
mod bytes;
mod commands;
pub mod detector;
pub mod error;
pub mod geography;
pub mod index;
pub mod input;
pub mod inspect;
pub mod journal;
pub mod keys;
pub mod leftover;
pub mod name;
pub mod output;
pub mod pipeline;
pub mod plan;
pub mod privacy;
pub mod protected;
pub mod randomness;
pub mod reader;
pub mod report;
pub mod reveal;
pub mod rows;
pub mod rule;
mod simd;
pub mod sql;
pub mod table;
pub mod vault;
pub mod warning;
pub mod words;

pub use commands::run;
