//! What can go wrong, with its address and its exit status, and no place to put a cell.
//!
//! An error holds numbers, paths, header names that are already escaped and fixed text. A cell of
//! the input fits nowhere in these types, so no message can show one.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::name::Shown;
use crate::crypto::keys::{KeyError, Role};
use crate::crypto::vault::VaultError;
use crate::io::csv::Refusal;
use crate::io::output::RecipientError;
use crate::io::small_file::SmallFileError;
use crate::privacy::gate::Miss;
use crate::privacy::goal::Percent;
use crate::privacy::search::Unreachable;
use crate::report::journal::JournalError;
use crate::report::{InvalidData, LeftoverData};
use crate::rules::Unready;
use crate::rules::table::{ColumnRule, TableError};
use crate::sql::SqlError;

/// Where in the input something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The number of the data row, from 1; 0 is the header.
    pub record: u64,
    /// The number of the physical line, from 1.
    pub line: u64,
    /// The column's header name, escaped, where one is concerned.
    pub column: Option<Shown>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.record {
            0 => write!(f, "header, line {}", self.line)?,
            record => write!(f, "record {record}, line {}", self.line)?,
        }
        match &self.column {
            Some(column) => write!(f, ", column {column}"),
            None => Ok(()),
        }
    }
}

/// What ends a run before it is done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input cannot be opened.
    #[error("cannot open the input {}: {source}", path.display())]
    Open {
        /// The input.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The input cannot be read to its end.
    #[error("cannot read the input to its end: {0}")]
    Read(io::Error),
    /// Something cannot be written.
    #[error("cannot write {what}: {source}")]
    Write {
        /// What: a file or standard output.
        what: Target,
        /// Why.
        source: io::Error,
    },
    /// Rows cannot be put aside for shuffling.
    #[error("cannot put rows aside for --shuffle: {0} (TMPDIR names the folder)")]
    Spill(io::Error),
    /// The input cannot be put aside for a second pass.
    #[error("cannot put the input aside for a second pass: {0} (TMPDIR names the folder)")]
    Aside(io::Error),
    /// The operating system gives no randomness or no thread.
    #[error("the operating system does not give {what}: {source}")]
    System {
        /// What was asked for.
        what: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// One file would be read and written, or written twice.
    #[error(
        "{}; give another name for the one that is written",
        same_file(first, second)
    )]
    SameFile {
        /// One name of it.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Those who are to open the output cannot be.
    #[error(transparent)]
    Recipient(#[from] RecipientError),
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Two results would go to standard output.
    #[error("{0} cannot go to standard output: name a file")]
    TakesAFile(&'static str),
    /// The rule table is wrong.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A key cannot be made or used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A key was given for nothing.
    #[error(
        "the input is refused: the key of the role `{0}` opens no column of it\n  \
         what to do: look whether this is the right file and the right key; leave the key away if it is not needed"
    )]
    OpensNothing(Role),
    /// Two columns have the name of the one that is needed.
    #[error("the input is refused: it has more than one column `{0}`")]
    TwoColumns(String),
    /// The text of the input is refused.
    #[error("the input is refused: {0}")]
    Refused(#[from] Refusal),
    /// No column of the header is in the rule table: the first row may be a person.
    #[error(
        "the input is refused: none of the {columns} columns of its first row is in the rule table `{table}`\n  \
         what to do: the file may have no header (its first row is not shown, it may be a person): add one; \
         else check --delimiter, or give a rule table for this file with --rules"
    )]
    NoKnownColumn {
        /// How many columns the first row has.
        columns: usize,
        /// The rule table's name.
        table: String,
    },
    /// A table of rules would have to name columns, and the first row may be a person.
    #[error(
        "no rule table is proposed: the first row, of {columns} columns, may be a person and no header: \
         hardly a name of a column in it is known, or a cell looks like data\n  \
         what to do: if the file has no header, add one; if it has, say --header"
    )]
    MayLackHeader {
        /// How many columns the first row has.
        columns: usize,
    },
    /// The columns are not the rule table's, and that is to stop the run.
    #[error("the input is refused: {0}")]
    Columns(ColumnMismatch),
    /// Cells or rows cannot be transformed.
    #[error("the input is refused: {0}")]
    Invalid(Box<InvalidData>),
    /// The rule table lets no column of the input leave, and there is no index.
    #[error(
        "the rule table lets no column of this input leave, not even an index: the output would be empty rows"
    )]
    NothingLeaves,
    /// The run lacks what a rule needs.
    #[error("column `{column}`, rule `{rule}`: {why}")]
    Unready {
        /// The column, as the rule table names it.
        column: String,
        /// The rule kind.
        rule: &'static str,
        /// What is lacking.
        why: Unready,
    },
    /// A column that decides about rows cannot be read for certain.
    #[error(
        "the input is refused: by the test `{test}` of the rule table's [rows], column `{column}` decides \
         which rows may leave, and the input has {}\n  what to do: {}",
        if *several { "several of that name" } else { "no such column" },
        if *several {
            "leave only the one that counts in the input, or in the aliases of the rule table"
        } else {
            "export it too, or list its name there among the aliases of the column"
        }
    )]
    Undecidable {
        /// The test.
        test: String,
        /// The column, as the rule table names it.
        column: String,
        /// Whether there are several.
        several: bool,
    },
    /// Old rows are to be blanked, and there is nothing to blank.
    #[error(
        "`older = \"blank\"` empties the quasi-identifying and identifying cells of old rows, and no such \
         column leaves: say which are, with `attribute` in the rule table, or leave the rows out"
    )]
    NothingToBlank,
    /// The vault of some tokens failed on the way.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Identifiers are left over in kept columns.
    #[error("the input is refused: {0}")]
    Leftover(Box<LeftoverData>),
    /// What goes with a search was said, but not the search.
    #[error(
        "--max-suppressed, --recoding, and [privacy] in the rule table say how to reach a k: \
         say which with --k N or in [privacy]"
    )]
    NoK,
    /// There is no column to measure.
    #[error(
        "there is no {0} column to measure: say which columns are, with `attribute` in the \
         rule table (audit: or with --quasi and --sensitive)"
    )]
    NothingToMeasure(&'static str),
    /// A column that was named is not in the file.
    #[error("the file has no column `{0}`")]
    NoSuchColumn(String),
    /// The rule table cannot be put into SQL.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// What `--create` is to make is neither a view nor a table.
    #[error("--create takes `view` or `table`, and a name")]
    NotMade,
    /// The name of a table that is none.
    #[error(
        "{0} is no table's name: expected parts with dots between them, \"a.b\" where one has a dot itself"
    )]
    NoTableName(Shown),
    /// A list of columns cannot be read.
    #[error("cannot read the list of columns {}: {source}", path.display())]
    ColumnList {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SmallFileError,
    },
    /// The columns of a CSV file that cannot be looked into.
    #[error("the CSV file is not here to look into its header: name its columns with --columns")]
    UnknownColumns,
    /// Values of a column are not in its hierarchy file.
    #[error(
        "the input is refused: {values} distinct value{} of column `{column}` {} not in its \
         hierarchy file\n  what to do: add them to the file; values stand in its first column, \
         written as in the output",
        if *values == 1 { "" } else { "s" },
        if *values == 1 { "is" } else { "are" }
    )]
    Uncovered {
        /// The column's name in the output.
        column: String,
        /// How many.
        values: usize,
    },
    /// No generalisation makes the rows anonymous enough.
    #[error("{0}")]
    Unreachable(String),
    /// A threshold was missed.
    #[error("{}", missed(misses, *streamed))]
    Missed {
        /// Which, and by what figure.
        misses: Vec<Miss>,
        /// Whether the rows have left all the same.
        streamed: bool,
    },
    /// The quasi-identifying and sensitive columns are more than can be counted together.
    #[error(
        "too many quasi-identifying and sensitive columns to measure together; \
         name fewer, in the rule table or with --quasi and --sensitive"
    )]
    TooManyColumns,
    /// There are more rows than can be measured together.
    #[error(
        "too many rows to measure together; cut the file, or measure without sensitive columns"
    )]
    TooManyRows,
    /// The program broke one of its own rules.
    #[error("internal error: a worker thread failed; nothing was written")]
    Internal,
}

/// Where bytes were to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl Target {
    /// The target that a path stands for, `-` being standard output.
    pub fn of(path: Option<&Path>) -> Self {
        match path {
            Some(path) if path.as_os_str() != "-" => Self::File(path.to_owned()),
            _ => Self::Stdout,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => f.write_str("standard output"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Columns that the rule table does not list, or lists in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMismatch {
    /// The input's columns that the rule table does not list.
    pub unlisted: Vec<Shown>,
    /// The rule table's columns that the input lacks.
    pub missing: Vec<String>,
}

impl fmt::Display for ColumnMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.unlisted.is_empty() {
            let names: Vec<String> = self.unlisted.iter().map(Shown::to_string).collect();
            parts.push(format!("the rule table does not list {}", names.join(", ")));
        }
        if !self.missing.is_empty() {
            let names: Vec<String> = self
                .missing
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            parts.push(format!("the input lacks {}", names.join(", ")));
        }
        write!(
            f,
            "{}\n  what to do: bring the rule table up to date (crm-anon rules prints one to edit), \
             or run without --strict to drop what is not listed",
            parts.join("; ")
        )
    }
}

/// What is wrong with two names of one file.
fn same_file(first: &Path, second: &Path) -> String {
    match first == second {
        true => format!("{} is given for two different files", first.display()),
        false => format!(
            "{} and {} are the same file",
            first.display(),
            second.display()
        ),
    }
}

/// What thresholds were missed, and what became of the rows.
fn missed(misses: &[Miss], streamed: bool) -> String {
    let lines: Vec<String> = misses.iter().map(|miss| format!("\n  {miss}")).collect();
    let (were, rows) = (
        if misses.len() == 1 { " was" } else { "s were" },
        if streamed {
            ""
        } else {
            "; nothing was published"
        },
    );
    format!("a privacy threshold{were} not met{rows}{}", lines.concat())
}

impl Error {
    /// That no generalisation reaches `k` with that many rows suppressed.
    pub(crate) fn unreachable(
        k: u32,
        rows: u64,
        max_suppressed: Percent,
        why: &Unreachable,
    ) -> Self {
        if rows < u64::from(k) {
            return Self::Unreachable(format!(
                "k = {k} cannot be reached: there are fewer rows than k ({rows}); nothing was \
                 published\n  what to do: ask for a smaller k, or put more rows together"
            ));
        }
        let least = match why.least_suppressed {
            Some(rows) => format!("; the best that was found suppresses {rows} rows"),
            None => String::new(),
        };
        Self::Unreachable(format!(
            "k = {k} cannot be reached with at most {max_suppressed} of the rows suppressed{least}; \
             nothing was published\n  what to do: allow more with --max-suppressed, ask for a \
             smaller k, l or a larger t, or have fewer quasi-identifying columns leave"
        ))
    }

    /// That a rule cannot be followed in this run.
    pub(crate) fn unready(column: &ColumnRule, why: Unready) -> Self {
        Self::Unready {
            column: column.name.clone(),
            rule: column.rule.kind().name,
            why,
        }
    }

    /// The status that the program ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Key(error) => error.exit_code(),
            Self::Open { .. }
            | Self::ColumnList { .. }
            | Self::Read(_)
            | Self::Write { .. }
            | Self::Spill(_)
            | Self::Aside(_)
            | Self::System { .. }
            | Self::Internal => 1,
            Self::Journal(error) => error.exit_code(),
            Self::Unready { why, .. } => why.exit_code(),
            Self::Vault(why) => why.exit_code(),
            Self::SameFile { .. }
            | Self::TakesAFile(_)
            | Self::Recipient(_)
            | Self::Table(_)
            | Self::NoK
            | Self::NothingLeaves
            | Self::NothingToBlank
            | Self::NothingToMeasure(_)
            | Self::NoSuchColumn(_)
            | Self::Sql(_)
            | Self::NotMade
            | Self::NoTableName(_)
            | Self::UnknownColumns
            | Self::TooManyColumns => 2,
            Self::Refused(_)
            | Self::Undecidable { .. }
            | Self::NoKnownColumn { .. }
            | Self::MayLackHeader { .. }
            | Self::OpensNothing(_)
            | Self::TooManyRows
            | Self::TwoColumns(_)
            | Self::Columns(_)
            | Self::Uncovered { .. }
            | Self::Leftover(_)
            | Self::Invalid(_) => 3,
            Self::Unreachable(_) | Self::Missed { .. } => 4,
        }
    }

    /// Whether it is known only when the whole input was read.
    pub(crate) fn comes_at_the_end(&self) -> bool {
        matches!(
            self,
            Self::Invalid(_)
                | Self::Leftover(_)
                | Self::TooManyRows
                | Self::Uncovered { .. }
                | Self::Unreachable(_)
                | Self::Missed { .. }
        )
    }

    /// Whether this is only that nobody reads standard output any more.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write { what: Target::Stdout, source } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}
