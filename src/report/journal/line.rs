//! What a line of the journal tells.

use serde::{Deserialize, Serialize};

use super::super::{ReleaseTold, RuleFile, VaultEntry};
use super::user::User;
use crate::privacy::differential::{Delta, Epsilon};
use crate::rules::table::Attribute;

/// What a run was and came to.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// When the line was written, UTC.
    pub time: String,
    /// The program.
    pub tool: &'static str,
    pub version: &'static str,
    /// What the lines of one run have in common, and no other.
    pub run: String,
    /// Who ran it.
    pub user: User,
    pub event: Event,
    /// The status that the run ends with; none before its end.
    pub status: Option<u8>,
    /// Why it did not publish: the codes of the reference.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<&'static str>,
    /// The rule table.
    pub rules: RulesEntry,
    /// What was read.
    pub input: FileEntry,
    /// What was, or would have been, written.
    pub output: FileEntry,
    /// Who can open the output, if it is encrypted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub encrypted_to: Vec<String>,
    /// Rows, if they were counted to the end.
    #[serde(flatten)]
    pub rows: Option<RowCounts>,
    /// Rows that had gone to a stream, at most, when the run was refused or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_sent: Option<u64>,
    /// The columns of the input that leave, if the run came so far as to know.
    pub columns: Option<Vec<ColumnEntry>>,
    /// Privacy thresholds, met and missed.
    pub gates: Vec<GateEntry>,
    /// What is spent of a budget of differential privacy, in a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spent: Option<Spending>,
    /// The vaults that tokens are kept in, as the run leaves them once it is published.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vaults: Vec<VaultEntry>,
    /// The release that goes on, as the run leaves it once it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<KnownRelease>,
}

/// A release, as a run has left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRelease {
    /// Its folder.
    pub path: String,
    /// What tells it from all others.
    pub id: String,
    /// How many runs have published by it.
    pub number: u64,
    /// The SHA-256 of the file in its folder.
    pub sha256: String,
}

impl KnownRelease {
    pub(crate) fn new(told: &ReleaseTold) -> Self {
        Self {
            path: told.path.clone(),
            id: told.id.clone(),
            number: told.number,
            sha256: told.sha256.clone(),
        }
    }
}

/// What a table of figures with noise spends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spending {
    pub epsilon: Epsilon,
    /// How likely it is that this does not hold, at most; none where it always holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<Delta>,
    /// What the data are called, if they have a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// The columns of the input that say whose rows are whose; `row` if each row is a person.
    pub unit: Vec<String>,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// The output is whole and is about to get its name, or rows are about to leave on a stream.
    /// Another line of the same run closes it; without one, the output may or may not be there.
    Begun,
    /// Noise is about to be drawn: so much of a budget is spent, whatever becomes of the run.
    Spent,
    /// The output has its name, or has left.
    Published,
    /// The run was refused: nothing has its name, though a stream may have got some rows.
    Refused,
    /// The run failed: nothing has its name, though a stream may have got some rows.
    Failed,
}

/// The rule table of a run.
#[derive(Debug, Clone, Serialize)]
pub struct RulesEntry {
    pub name: String,
    /// The SHA-256 of the table and the files that it names.
    pub sha256: String,
    /// The SHA-256 of its text alone.
    pub table_sha256: String,
    /// The files that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<RuleFile>,
}

/// A file of a run.
#[derive(Debug, Clone, Serialize)]
pub struct FileEntry {
    /// Its path from the root; `-` for a standard stream.
    pub path: String,
    /// Its bytes, if it was read or written to the end.
    pub bytes: Option<u64>,
    /// Their SHA-256, likewise.
    pub sha256: Option<String>,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RowCounts {
    pub rows_read: u64,
    pub rows_written: u64,
    /// Left out for what is wrong with them.
    pub rows_skipped: u64,
    /// Left out by the row filter, or held back by a release.
    pub rows_left_out: u64,
}

/// A column that leaves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColumnEntry {
    /// Its name in the input, escaped.
    pub input: String,
    /// The name that it leaves under.
    pub output: String,
    /// The kind of its rule.
    pub rule: String,
    /// What it tells about a person, if the table says so.
    pub attribute: Option<Attribute>,
}

/// A threshold.
#[derive(Debug, Clone, Serialize)]
pub struct GateEntry {
    /// The option that asks for it.
    pub gate: &'static str,
    /// What it asks for: a number, or a share from 0 to 1.
    pub asked: f64,
    /// The sensitive column that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What was measured, if it came to that.
    pub measured: Option<f64>,
    pub met: bool,
}
