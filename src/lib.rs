//! Anonymises customer exports: what the `crm-anon` command does, as a library.
//!
//! ```text
//! arguments → rule table → plan (header × rules) → engine (batches → workers → ordered writer) → report
//! ```
//!
//! From the ground up; a wing imports only from those above it in this list:
//!
//! * [`base`]: bytes, SIMD, threads, column names, languages, randomness.
//! * [`detect`]: identifiers in a text, one file each.
//! * [`io`]: bytes in and out, and strict CSV.
//! * [`sql`]: dialects and expressions.
//! * [`privacy`]: k, l, t: counting, measures, search and score.
//! * [`crypto`]: keys of roles, encrypted cells, the vault of tokens, the random row index.
//! * [`rules`]: rule kinds, ladders, geography, the TOML table, row filters, the query.
//! * [`engine`]: plan, workers and passes; residual identifiers, `inspect` and `reveal`.
//! * [`report`]: what a run tells.
//! * [`cli`]: arguments, commands, exit statuses.
//!
//! A cell of the input is only ever in a batch or in an anonymised row: no error, warning or
//! report has a place for one.

#[macro_use]
pub mod base;
pub mod cli;
pub mod crypto;
pub mod detect;
pub mod engine;
pub mod io;
pub mod privacy;
pub mod report;
pub mod rules;
pub mod sql;

pub use cli::commands::{run, say};
pub use cli::completion::answer as complete;
pub use cli::suggestion::words;
pub use cli::usage::{parse, print_usage};
