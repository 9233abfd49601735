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
//! * [`crypto`]: keys of roles, encrypted cells, seals of rows, the vault of tokens, the random row index.
//! * [`rules`]: rule kinds, ladders, geography, the TOML table, row filters, the query.
//! * [`engine`]: plan, workers and passes; residual identifiers, `inspect` and `reveal`.
//! * [`report`]: what a run tells.
//! * [`cli`]: arguments, commands, exit statuses.
//!
//! A cell of the input is only ever in a batch or in an anonymised row: no error, warning or
//! report has a place for one.

#[macro_use]
mod base;
mod cli;
mod crypto;
mod detect;
mod engine;
mod io;
mod privacy;
mod report;
mod rules;
mod sql;

pub use base::error::SystemError;
pub use cli::commands::run;
pub use cli::completion::answer as complete;
pub use cli::exit::{is_closed_pipe, status};
pub use cli::log::tell;
pub use cli::suggestion::words;
pub use cli::usage::{parse, print_usage};
pub use io::output::cleanup;

/// What tests, benchmarks and fuzz targets use of the inside. Nobody else may rely on it.
pub mod inside {
    pub use crate::base::error::Ending;
    pub use crate::base::name::Shown;
    pub use crate::base::random::Randomness;
    pub use crate::cli::arguments::Arguments;
    pub use crate::cli::reference::markdown;
    pub use crate::crypto::cells::{
        CellCipher, CellForm, ColumnCipher, Method, Origin, RunId, form_of, sealed_form_of,
    };
    pub use crate::crypto::keys::{KeyRing, RoleKey, RunSecret};
    pub use crate::crypto::row_index::IndexKey;
    pub use crate::crypto::seal::{ColumnEntry, Holds, RunLine, Sealed};
    pub use crate::crypto::vault::{Token, VaultReader, Vaults};
    pub use crate::detect::{
        DETECTORS, Detector, Detectors, Finding, Masker, Normaliser, ShareOf, Strength, Tally,
        detect,
    };
    pub use crate::engine::error::Error as EngineError;
    pub use crate::engine::inspect::{Inspection, Inspector, Probe};
    pub use crate::engine::reveal::{IndexColumn, Ledger, Opening, Part, Revealer, Task};
    pub use crate::engine::run as pass;
    pub use crate::io::csv::{
        Batch, DELIMITERS, Encoding, Ends, Malformed, Options, Reader, read_all,
    };
    pub use crate::io::error::Error as IoError;
    pub use crate::io::format::OutputFormat;
    pub use crate::io::workbook::read_all as read_workbook;
    pub use crate::privacy::score::Criterion;
    pub use crate::privacy::search::{Found, Requirement, global, local};
    pub use crate::privacy::{Combinations, Hierarchy, Layout, SensitiveCounts};
    pub use crate::report::journal::runs as journal_runs;
    pub use crate::rules::KINDS;
    pub use crate::rules::context::{ColumnContext, RunContext};
    pub use crate::rules::sql::support::{samples, support_matrix};
    pub use crate::rules::table::{DEFAULT, RuleTable};
    pub use crate::rules::transform::{Action, Cell, CellRow, Transform};
    pub use crate::sql::{DIALECTS, dialect};
}
