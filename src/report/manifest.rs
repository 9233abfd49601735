//! The JSON record of a run. `manifest.schema.json` beside this file says what is in it.

mod refused;

pub use refused::{RefusedRun, refused};

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use serde::Serialize;

use super::ReleaseTold;
use super::audited::Measures;
use super::figures::{FiguresEntry, FiguresTold, NoisyEntry, NoisyTold};
use super::left_out::LeftOut;
use super::{Bytes, RuleFile, Run, VaultEntry};
use crate::base::error::Coded;
use crate::base::lang::{Language, speaking};
use crate::base::name::Shown;
use crate::engine::plan::PlannedColumn;
use crate::engine::{ColumnTally, Tally, Uniqueness};
use crate::io::csv::Encoding;
use crate::privacy::achieved::Achieved;
use crate::rules::filter::RowFilter;
use crate::rules::table::Attribute;

#[derive(Serialize)]
struct Manifest<'a> {
    tool: &'static str,
    version: &'static str,
    started: String,
    finished: String,
    input: File<'a>,
    output: File<'a>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    encrypted_to: &'a [String],
    rules: Rules<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    rows_read: u64,
    rows_written: u64,
    rows_skipped: u64,
    rows_skipped_by: SkippedBy,
    rows_of_wrong_width: u64,
    rows_left_out: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows_left_out_by: Option<Vec<LeftOut<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows_blanked: Option<u64>,
    on_leftover: &'static str,
    formulas: &'static str,
    columns: Vec<Column<'a>>,
    warnings: Vec<String>,
    warning_codes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uniqueness: Option<UniquenessOf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    privacy: Option<Privacy<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<FiguresEntry<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vaults: Vec<VaultEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<ReleaseEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    differential_privacy: Option<NoisyEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// The release that goes on.
#[derive(Serialize)]
struct ReleaseEntry<'a> {
    path: &'a str,
    id: &'a str,
    number: u64,
    sha256: &'a str,
    groups: u64,
    rows_new: u64,
    rows_waiting: u64,
    rows_retired: u64,
}

impl<'a> ReleaseEntry<'a> {
    fn new(told: &'a ReleaseTold) -> Self {
        Self {
            path: &told.path,
            id: &told.id,
            number: told.number,
            sha256: &told.sha256,
            groups: told.figures.groups,
            rows_new: told.figures.new,
            rows_waiting: told.figures.waiting,
            rows_retired: told.figures.retired,
        }
    }
}

/// Why rows were skipped: the counts add up to the rows skipped.
#[derive(Serialize)]
struct SkippedBy {
    invalid: u64,
    wrong_width: u64,
    repeated_header: u64,
    blank: u64,
    rule: u64,
    total: u64,
}

impl SkippedBy {
    fn new(tally: &Tally) -> Self {
        Self {
            invalid: tally.skipped_for_cells(),
            wrong_width: tally.wrong_width,
            repeated_header: tally.nobody.headers,
            blank: tally.nobody.blank,
            rule: tally.nobody.rules,
            total: tally.nobody.totals,
        }
    }
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    bytes: u64,
    sha256: Option<&'a str>,
    /// Of the input only.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Serialize)]
struct Rules<'a> {
    name: &'a str,
    sha256: &'a str,
    table_sha256: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<RuleFile>,
}

#[derive(Serialize)]
struct Column<'a> {
    input: &'a Shown,
    output: Option<&'a str>,
    rule: Option<&'static str>,
    attribute: Option<Attribute>,
    /// `None` for a column that does not leave: its cells are not looked at.
    missing: Option<u64>,
    invalid: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    invalid_by_reason: BTreeMap<&'static str, u64>,
    /// `None` if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    formulas: Option<u64>,
    #[serde(flatten)]
    counts: BTreeMap<&'static str, u64>,
    /// `None` if the column was not looked through.
    #[serde(skip_serializing_if = "Option::is_none")]
    leftovers: Option<BTreeMap<&'static str, u64>>,
}

/// How many rows are the only ones with their quasi-identifying values, of a run that was not measured.
#[derive(Serialize)]
struct UniquenessOf {
    quasi_identifying_columns: usize,
    unique_share: f64,
    exact: bool,
}

impl From<Uniqueness> for UniquenessOf {
    fn from(found: Uniqueness) -> Self {
        Self {
            quasi_identifying_columns: found.columns,
            unique_share: found.share,
            exact: found.exact,
        }
    }
}

/// What was measured of the rows that were written, and how they came to be so.
#[derive(Serialize)]
struct Privacy<'a> {
    #[serde(flatten)]
    measures: Measures<'a>,
    #[serde(flatten)]
    search: Option<Search<'a>>,
}

#[derive(Serialize)]
struct Search<'a> {
    asked_k: u32,
    recoding: &'static str,
    suppressed: u64,
    loss: f64,
    proven_optimal: bool,
    levels: BTreeMap<&'a str, BTreeMap<&'a str, u64>>,
    seconds: f64,
}

impl<'a> Privacy<'a> {
    fn new(run: &Run<'a>) -> Option<Self> {
        Some(Self {
            measures: Measures::new(run.audit?, &run.facts()),
            search: run.recoded.map(Search::new),
        })
    }
}

impl<'a> Search<'a> {
    fn new(achieved: &'a Achieved) -> Self {
        let levels = achieved.levels.iter().map(|(column, levels)| {
            let used = levels.iter().filter(|(_, rows)| *rows > 0);
            let name = |title: &'a str| {
                if title.is_empty() {
                    "as written"
                } else {
                    title
                }
            };
            let levels = used.map(|(title, rows)| (name(title), *rows));
            (column.as_str(), levels.collect())
        });
        Self {
            asked_k: achieved.k,
            recoding: achieved.recoding.name(),
            suppressed: achieved.suppressed,
            loss: achieved.loss,
            proven_optimal: achieved.proven_optimal,
            levels: levels.collect(),
            seconds: achieved.seconds,
        }
    }
}

impl<'a> File<'a> {
    fn new(bytes: &'a Bytes) -> Self {
        Self {
            path: &bytes.path,
            bytes: bytes.bytes,
            sha256: bytes.sha256.as_deref(),
            encoding: None,
        }
    }
}

impl<'a> Column<'a> {
    fn new(
        column: &'a PlannedColumn,
        tally: Option<&ColumnTally>,
        leftovers: Option<BTreeMap<&'static str, u64>>,
    ) -> Self {
        let by_reason = tally.into_iter().flat_map(|tally| &tally.invalid);
        let counted =
            |tally: &ColumnTally, position| tally.counts.get(position).copied().unwrap_or(0);
        let counts = tally.into_iter().flat_map(|tally| {
            column
                .counts
                .iter()
                .enumerate()
                .map(move |(position, name)| (*name, counted(tally, position)))
        });
        Self {
            input: &column.input,
            output: column.output.as_deref(),
            rule: column.rule,
            attribute: column.attribute,
            missing: tally.map(|tally| tally.missing),
            invalid: tally.map(ColumnTally::invalid_cells),
            invalid_by_reason: by_reason.fold(BTreeMap::new(), |mut counts, (reason, count)| {
                *counts.entry(reason.code).or_default() += count;
                counts
            }),
            formulas: tally.map(|tally| tally.formulas).filter(|count| *count > 0),
            counts: counts.collect(),
            leftovers,
        }
    }
}

/// The manifest of a run, as indented JSON with a line end.
pub fn manifest(run: &Run<'_>) -> String {
    let steps = run.plan.steps.iter().zip(&run.tally.columns);
    let tallies: BTreeMap<usize, &ColumnTally> =
        steps.map(|(step, tally)| (step.column, tally)).collect();
    let columns = run.plan.columns.iter().enumerate();
    let filter = run.plan.filter.as_ref();
    let blanks = filter.is_some_and(RowFilter::may_blank);
    let manifest = Manifest {
        tool: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        started: run.started.to_rfc3339_opts(SecondsFormat::Millis, true),
        finished: run.finished.to_rfc3339_opts(SecondsFormat::Millis, true),
        input: File {
            encoding: Some(run.encoding.map_or("ascii", Encoding::option)),
            ..File::new(&run.input)
        },
        output: File::new(&run.output),
        encrypted_to: run.encrypted_to,
        rules: Rules {
            name: run.table,
            sha256: run.table_sha256,
            table_sha256: run.table_text_sha256,
            files: run.table_files.iter().map(RuleFile::new).collect(),
        },
        status: run.status().map(|status| status.english()),
        rows_read: run.tally.rows,
        rows_written: run.tally.written,
        rows_skipped: run.tally.skipped(),
        rows_skipped_by: SkippedBy::new(run.tally),
        rows_of_wrong_width: run.tally.wrong_width,
        rows_left_out: run.tally.left_out(),
        rows_left_out_by: run.plan.filter.is_some().then(|| run.left_out().collect()),
        rows_blanked: blanks.then_some(run.tally.blanked),
        on_leftover: run.leftovers.policy.name(),
        formulas: run.formulas.name(),
        columns: columns
            .map(|(at, column)| {
                let leftovers = run.leftovers.of_column(at);
                Column::new(column, tallies.get(&at).copied(), leftovers)
            })
            .collect(),
        warnings: speaking(Language::En, || {
            run.warnings.iter().map(ToString::to_string).collect()
        }),
        uniqueness: run.uniqueness.map(UniquenessOf::from),
        warning_codes: run.warnings.iter().map(Coded::code).collect(),
        privacy: Privacy::new(run),
        figures: run.figures.map(FiguresTold::entry),
        differential_privacy: run.noisy.map(NoisyTold::entry),
        vaults: run.vaults.iter().map(VaultEntry::new).collect(),
        release: run.release.map(ReleaseEntry::new),
        seed: run.seed,
    };
    crate::report::json::text(&manifest)
}
