//! What a run tells: its summary, its manifest, and everything that was invalid at once.
//!
//! Each form of telling is one file here, made from a [`Run`]. None of them has a cell to tell.

mod audited;
mod changed;
mod compared;
pub mod error;
mod facts;
mod figures;
mod findings;
mod html;
mod inspected;
mod invalid;
pub mod journal;
mod json;
mod left_out;
mod leftover;
mod manifest;
mod summary;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use audited::{Audited, Judged, JudgedBy, audit_json, audit_text};
pub use changed::ChangedTable;
pub use compared::{Compared, ComparedColumn, Pair, compare_json, compare_text};
pub(crate) use figures::Published;
pub use figures::{AmountData, FiguresTold, NoisyTold};
pub use findings::{Finding, Findings, FindingsForm};
pub use html::{
    html_of_comparison, html_of_figures, html_of_file, html_of_noisy_figures, html_of_run,
};
pub use inspected::{Dialect, Inspected, inspect_json, inspect_text, suggest};
pub(crate) use invalid::INVALID;
pub use invalid::{Aftermath, InvalidData};
pub use leftover::{LeftoverData, Leftovers};
pub use manifest::{RefusedRun, manifest, refused};
pub use summary::{detail, summary};

use crate::crypto::vault::VaultState;
use crate::engine::Tally;
use crate::engine::Uniqueness;
use crate::engine::plan::Plan;
use crate::engine::warning::Warning;
use crate::io::csv::Encoding;
use crate::privacy::achieved::Achieved;
use crate::privacy::audit::Audit;
use crate::privacy::cohorts::Figures;
use crate::privacy::gate::Gate;
use crate::rules::{Formulas, NamedFile};

/// Everything that is known of a run when it is done.
pub struct Run<'a> {
    /// When it began.
    pub started: DateTime<Utc>,
    /// When its output was whole.
    pub finished: DateTime<Utc>,
    /// How long that took, in seconds, by a clock that is never set back.
    pub seconds: f64,
    /// What was read.
    pub input: Bytes,
    /// The encoding of its text; nothing if all of it is ASCII.
    pub encoding: Option<Encoding>,
    /// What was written.
    pub output: Bytes,
    /// The rule table's name.
    pub table: &'a str,
    /// The SHA-256 of the rule table and the files that it names.
    pub table_sha256: &'a str,
    /// The SHA-256 of the rule table's text.
    pub table_text_sha256: &'a str,
    /// The files that the rule table names.
    pub table_files: &'a [NamedFile],
    /// What was done to each column.
    pub plan: &'a Plan,
    /// What was counted.
    pub tally: &'a Tally,
    /// What was warned about.
    pub warnings: &'a [Warning],
    pub seed: Option<u64>,
    /// Whether the rows left in random order.
    pub shuffled: bool,
    /// The public keys that the output is encrypted for.
    pub encrypted_to: &'a [String],
    /// Whether the output is published; else the figures are those of rows that were not.
    pub published: bool,
    /// What was measured of the rows that were written, if anything was.
    pub audit: Option<&'a Audit>,
    /// If not, how many of them are the only ones with their quasi-identifying values.
    pub uniqueness: Option<Uniqueness>,
    /// What the search for k chose, if there was one.
    pub recoded: Option<&'a Achieved>,
    /// The thresholds.
    pub gate: Gate,
    /// What was done about cells that a spreadsheet would run.
    pub formulas: Formulas,
    /// What was found in kept columns, and what was done about it.
    pub leftovers: Leftovers<'a>,
    /// The table of figures that was published in place of rows, if one was.
    pub figures: Option<&'a FiguresTold<'a>>,
    /// The same, if it has the noise of differential privacy.
    pub noisy: Option<&'a NoisyTold<'a>>,
    /// The vaults that tokens are kept in, as the run leaves them.
    pub vaults: Vec<VaultState>,
    /// The release that goes on, as the run leaves it.
    pub(crate) release: Option<&'a ReleaseTold>,
}

/// A release, as a run leaves it: a folder that is kept from run to run.
#[derive(Debug)]
pub(crate) struct ReleaseTold {
    pub(crate) path: String,
    /// What tells it from all others.
    pub(crate) id: String,
    /// How many runs have published by it, this one included.
    pub(crate) number: u64,
    /// The SHA-256 of the file in the folder.
    pub(crate) sha256: String,
    pub(crate) figures: Figures,
}

/// A file that a rule table names, as the manifest and the journal tell of it.
#[derive(Debug, Clone, Serialize)]
pub struct RuleFile {
    path: String,
    sha256: Option<String>,
}

impl RuleFile {
    pub(crate) fn new(file: &NamedFile) -> Self {
        Self {
            path: file.path.display().to_string(),
            sha256: file.sha256.clone(),
        }
    }
}

/// A vault of a run, as the manifest and the journal tell of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VaultEntry {
    path: String,
    /// What tells it from all others.
    id: String,
    /// How many runs have added to it, this one included.
    generation: u64,
}

impl VaultEntry {
    pub(crate) fn new(state: &VaultState) -> Self {
        Self {
            path: state.path.display().to_string(),
            id: state.id.clone(),
            generation: state.generation,
        }
    }
}

/// Bytes that were read or written.
pub struct Bytes {
    /// Where, as the user said it; `-` for a standard stream.
    pub path: String,
    pub bytes: u64,
    /// Their SHA-256, if it was asked for.
    pub sha256: Option<String>,
}
