//! What can go wrong, with its address and its exit status, and no place to put a cell.
//!
//! An error holds numbers, paths, header names that are already escaped and fixed text. A cell of
//! the input fits nowhere in these types, so no message can show one.

mod inputs;
mod unreachable;

pub use inputs::InputsError;

use crate::base::lang::Fixed;
use std::fmt::Display;
use std::path::PathBuf;

use crate::base::error::{Coded, Ending, SystemError};
use crate::base::escape::ShownPath;
use crate::base::name::Shown;
use crate::cli::suggestion::Meant;
use crate::crypto::keys::{KeyError, Role};
use crate::crypto::release::ReleaseError;
use crate::crypto::vault::VaultError;
use crate::engine;
use crate::engine::plan::Drift;
use crate::io;
use crate::io::small_file::SmallFileError;
use crate::privacy;
use crate::privacy::aggregate::{MOST_AMOUNTS, MOST_DIMENSIONS};
use crate::privacy::gate::Miss;
use crate::report;
use crate::report::journal::JournalError;
use crate::report::{AmountData, InvalidData, LeftoverData};
use crate::rules;
use crate::rules::table;
use crate::rules::table::TableError;
use crate::sql::SqlError;

/// What the exit status tells.
pub(crate) const STATUSES: &[(&str, &str)] = &[
    ("0", "done; there may be warnings"),
    (
        "1",
        "input or output failed: a missing file, a full disk, damaged compression",
    ),
    ("2", "wrong usage, or a wrong rule table"),
    (
        "3",
        "the data were refused: invalid cells, broken quoting, rows of the wrong width, a first row that may be \
         a person, `--strict`, `unlisted = \"fail\"`, an identifier in a kept column",
    ),
    (
        "4",
        "a privacy threshold was not met, or k cannot be reached; nothing was published",
    ),
    ("128 + n", "ended by signal n"),
];

/// What ends a run before it is done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is not there, and is called nearly like a command.
    #[error("{}", text!("there is no file {file}, and {meant}", file = word.display(), meant))]
    Meant { word: PathBuf, meant: Meant },
    /// A rule table in a file is asked for where only built-in ones are printed.
    #[error(
        "{}",
        text!(
            "{path} is a file, and `crm-anon rules` prints built-in tables ({tables}): to use it, \
             crm-anon FILE --rules {path}; to read it, open it in an editor",
            path = path.display(),
            tables = table::builtin_names()
        )
    )]
    NotBuiltin { path: PathBuf },
    /// Two results would go to standard output.
    #[error("{}", text!("{what} cannot go to standard output: name a file", what = .0))]
    TakesAFile(Fixed),
    #[error(
        "{}",
        fixed!("--output-delimiter, --crlf, --bom and --excel are for texts, and the output is a workbook (.xlsx): drop them")
    )]
    NotAText,
    /// A workbook would be compressed twice.
    #[error("{}", fixed!("a workbook (.xlsx) is compressed already: give the output a name that ends in .xlsx"))]
    PackedWorkbook,
    #[error(
        "{}",
        text!("{command} writes CSV, not workbooks: give its output a name that does not end in .xlsx", command = .0)
    )]
    TextOnly(&'static str),
    /// A key is to take the place of one of another role.
    #[error(
        "{}",
        text!(
            "the keys are of two roles, `{old}` and `{new}`: make the new key with crm-anon keygen {old}",
            old,
            new
        )
    )]
    TwoRoles { old: Role, new: Role },
    /// A key is to take its own place.
    #[error("{}", fixed!("--key and --to are one key: make a new one with crm-anon keygen"))]
    SameKey,
    /// Cells or rows cannot be transformed.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Invalid(Box<InvalidData>),
    /// Identifiers are left over in kept columns.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Leftover(Box<LeftoverData>),
    /// What goes with a search was said, but not the search.
    #[error(
        "{}",
        fixed!(
            "--max-suppressed, --recoding, and [privacy] in the rule table say how to reach a k: say \
             which with --k N or in [privacy]"
        )
    )]
    NoK,
    /// There is no column to measure.
    #[error(
        "{}",
        text!(
            "there is no {kind} column to measure: say which columns are, with `attribute` in the rule \
             table (audit: or with --quasi and --sensitive)",
            kind = .0
        )
    )]
    NothingToMeasure(Fixed),
    /// What `--create` is to make is neither a view nor a table.
    #[error("{}", fixed!("--create takes `view` or `table`, and a name"))]
    NotMade,
    #[error(
        "{}",
        text!(
            "{name} is no table's name: expected parts with dots between them, \"a.b\" where one has a \
             dot itself",
            name = .0
        )
    )]
    NoTableName(Shown),
    #[error("{}", text!("cannot read the list of columns {path}: {source}", path = path.display(), source))]
    ColumnList {
        path: PathBuf,
        source: SmallFileError,
    },
    #[error("{}", text!("cannot read the manifest {path}: {source}", path = path.display(), source))]
    Manifest {
        path: PathBuf,
        source: SmallFileError,
    },
    #[error(
        "{}",
        fixed!(
            "the CSV file is not here to look into its header: name its columns with --columns"
        )
    )]
    UnknownColumns,
    /// No column is named to tell figures by, or too many are.
    #[error(
        "{}",
        text!(
            "say with --by, or with `by` in [aggregate], which columns of the output figures are told by: from 1 \
             to {most} of them",
            most = MOST_DIMENSIONS
        )
    )]
    NoBy,
    /// Figures are to be told of more amounts than can be.
    #[error("{}", text!("figures of {most} columns can be told at most, where a share counts as two", most = MOST_AMOUNTS))]
    TooManyAmounts,
    /// A column of the output that is none.
    #[error(
        "{}",
        text!(
            "no column `{column}` is published under the rule table: --by and shares take columns of the output, \
             by their names there",
            column = .0
        )
    )]
    NoSuchOutput(String),
    #[error("{}", text!("figures cannot be told of column `{column}`: {why}", column, why))]
    NotForFigures { column: String, why: Fixed },
    /// Amounts cannot be read.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    BadAmounts(Box<AmountData>),
    /// No generalisation makes the rows anonymous enough.
    #[error("{0}")]
    Unreachable(String),
    /// The rule table does not fit, and another one lies beside the input.
    #[error("{}", text!("{why}\n  or, if it is the one for this file: --rules {path}", why, path = ShownPath(path)))]
    TryTable {
        why: Box<engine::error::Error>,
        path: PathBuf,
    },
    /// The columns of a file are not those of its rule table.
    #[error(transparent)]
    Drift(Drift),
    /// A rule table is weaker than the one before it.
    #[error("{}", plural!(*changes, "the new rule table is weaker: {n} change publishes more or checks less", "the new rule table is weaker: {n} changes publish more or check less"))]
    Weaker { changes: usize },
    #[error("{}", fixed!("only one of the files can be standard input"))]
    OneStandardInput,
    /// Releases tell more together than they may.
    #[error("{}", missed(misses, true))]
    MissedTogether { misses: Vec<String> },
    #[error("{}", missed(misses, *streamed))]
    Missed {
        misses: Vec<Miss>,
        /// Whether the rows have left all the same.
        streamed: bool,
    },
}

/// What thresholds were missed, and what became of the rows.
fn missed(misses: &[impl Display], streamed: bool) -> String {
    let missed = match (misses.len(), streamed) {
        (1, true) => fixed!("a privacy threshold was not met").to_string(),
        (1, false) => fixed!("a privacy threshold was not met; nothing was published").to_string(),
        (more, true) => text!("{more} privacy thresholds were not met", more),
        (more, false) => text!(
            "{more} privacy thresholds were not met; nothing was published",
            more
        ),
    };
    let lines: Vec<String> = misses.iter().map(|miss| format!("\n  {miss}")).collect();
    format!("{missed}{}", lines.concat())
}

coded! {
    Error [Self::TryTable { why, .. } => why.as_ref()]
    Self::Meant { .. } => 2, "no_such_file", "there is no such file, and its name is nearly a command";
    Self::NotBuiltin { .. } => 2, "not_built_in", "a rule table in a file was asked for where built-in ones are printed";
    Self::TakesAFile(_) => 2, "takes_a_file", "a record of the run cannot go to standard output";
    Self::NotAText => 2, "output_not_a_text", "how a text is written was said, and the output is a workbook";
    Self::PackedWorkbook => 2, "packed_workbook", "the output would be a workbook that is compressed again";
    Self::TextOnly(_) => 2, "text_only", "the command writes no workbooks";
    Self::TwoRoles { .. } => 2, "two_roles", "a key would take the place of one of another role";
    Self::SameKey => 2, "same_key", "a key would take its own place";
    Self::Invalid(_) => 3, "invalid_data", "cells or rows are invalid", at_the_end;
    Self::Leftover(_) => 3, "identifiers", "identifiers are in kept columns", at_the_end;
    Self::NoK => 2, "no_k", "how to reach a k was said, but not which";
    Self::NothingToMeasure(_) => 2, "nothing_to_measure", "no column is to be measured";
    Self::NotMade => 2, "not_made", "--create takes a view or a table";
    Self::NoTableName(_) => 2, "no_table_name", "a name of a table is none";
    Self::ColumnList { .. } => 1, "column_list", "the list of columns cannot be read";
    Self::Manifest { .. } => 1, "manifest_unreadable", "the manifest cannot be read";
    Self::UnknownColumns => 2, "unknown_columns", "the columns of the CSV file are not known";
    Self::Unreachable(_) => 4, "k_unreachable", "no generalisation reaches the k", at_the_end;
    Self::Drift(_) => 3, "schema_drift", "the columns of a file are not those of the rule table";
    Self::Weaker { .. } => 4, "weaker_table", "a rule table is weaker than the one before it";
    Self::OneStandardInput => 2, "one_standard_input", "two inputs are standard input";
    Self::MissedTogether { .. } => 4, "threshold_missed_together", "releases tell more together than they may", at_the_end;
    Self::NoBy => 2, "no_by", "no columns are named to tell figures by, or too many are";
    Self::TooManyAmounts => 2, "too_many_amounts", "figures are to be told of too many columns";
    Self::NoSuchOutput(_) => 2, "no_such_output", "a column is not published under the rule table";
    Self::NotForFigures { .. } => 2, "not_for_figures", "figures cannot be told of a column";
    Self::BadAmounts(_) => 3, "bad_amounts", "amounts cannot be read", at_the_end;
    Self::Missed { .. } => 4, "threshold_missed", "a privacy threshold was not met", at_the_end;
}

/// The error of a wing that a command ended with.
fn ending(error: &anyhow::Error) -> Option<&dyn Ending> {
    macro_rules! one_of {
        ($($known:ty),+ $(,)?) => {
            None$(.or_else(|| error.downcast_ref::<$known>().map(|known| known as &dyn Ending)))+
        };
    }
    one_of!(
        Error,
        InputsError,
        engine::error::Error,
        io::error::Error,
        io::csv::Refusal,
        io::output::RecipientError,
        privacy::error::Error,
        rules::error::Error,
        TableError,
        report::error::Error,
        JournalError,
        KeyError,
        VaultError,
        ReleaseError,
        SqlError,
        SystemError,
    )
}

/// The status that the program ends with.
pub fn status(error: &anyhow::Error) -> u8 {
    debug_assert!(ending(error).is_some(), "an error without a status");
    ending(error).map_or(1, Ending::exit_status)
}

/// What machines call the reasons: what refused the run, then the parts of it.
pub(crate) fn codes(error: &anyhow::Error) -> Vec<&'static str> {
    let mut codes: Vec<&str> = ending(error).map(Coded::code).into_iter().collect();
    match error.downcast_ref() {
        Some(Error::Invalid(data)) => codes.extend(data.codes()),
        Some(Error::Missed { misses, .. }) => codes.extend(misses.iter().map(Coded::code)),
        Some(Error::Drift(drift)) => codes.extend(drift.0.iter().map(Coded::code)),
        _ => {}
    }
    codes.dedup();
    codes
}

/// Whether it is only known when the whole input has been read.
pub(crate) fn comes_at_the_end(error: &anyhow::Error) -> bool {
    ending(error).is_some_and(Ending::comes_at_the_end)
}

/// Whether it only says that nobody reads standard output any more.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let error = match error.downcast_ref() {
        Some(engine::error::Error::Io(error)) => Some(error),
        _ => error.downcast_ref::<io::error::Error>(),
    };
    error.is_some_and(io::error::Error::is_closed_pipe)
}
