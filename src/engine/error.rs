//! What can go wrong in a run: the errors of the wings below, and those of the plan and its columns.

use std::fmt;

use crate::base::error::SystemError;
use crate::base::lang::Whole;
use crate::base::name::Shown;
use crate::crypto::keys::{KeyError, Role};
use crate::engine::plan::unfit::DoesNotFit;
use crate::engine::population::unmatched::Unmatched;
use crate::engine::published::TooFewRows;
use crate::engine::reveal::refusal::{SealFault, Unopened};
use crate::engine::source::doubt::MayBePerson;
use crate::engine::strange::NotPlain;
use crate::io;
use crate::io::csv::Refusal;
use crate::io::place::Place;
use crate::privacy;
use crate::rules;
use crate::rules::context::Unready;
use crate::rules::table::ColumnRule;

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Bytes cannot be read or written, or the text is refused.
    #[error(transparent)]
    Io(#[from] io::error::Error),
    /// Rows cannot be measured.
    #[error(transparent)]
    Privacy(#[from] privacy::error::Error),
    /// The rule table does not fit the input.
    #[error(transparent)]
    Rules(#[from] rules::error::Error),
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The operating system lacks something.
    #[error(transparent)]
    System(#[from] SystemError),
    /// The first row may be a person.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    MayBePerson(#[from] MayBePerson),
    /// The rule table is for another kind of file.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    DoesNotFit(#[from] DoesNotFit),
    /// Another engine would read the file otherwise.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    NotPlain(#[from] NotPlain),
    /// Too few rows would be published.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    TooFewRows(#[from] TooFewRows),
    /// A cell of a protected file cannot be opened.
    #[error(
        "{}",
        text!(
            "the input is refused: {place}: {why}\n  what to do: {advice}",
            place,
            why,
            advice = why.advice()
        )
    )]
    Unopened {
        /// What is wrong with it.
        why: Unopened,
        /// Where it is.
        place: Place,
    },
    /// A sealed file is not as it was written.
    #[error(
        "{}",
        text!(
            "the input is refused: {why}\n  what to do: {advice}",
            why = .0,
            advice = .0.advice()
        )
    )]
    Sealed(SealFault),
    /// A key was given for nothing.
    #[error(
        "{}",
        text!(
            "the input is refused: the key of the role `{role}` opens no column of it\n  what to do: \
             check that it is the right file and the right key; drop --key if it is not needed",
            role = .0
        )
    )]
    OpensNothing(Role),
    /// Two columns have the name of the one that is needed.
    #[error("{}", text!("the input is refused: it has more than one column `{column}`", column = .0))]
    TwoColumns(String),
    /// No column of the header is in the rule table: the first row may be a person.
    #[error("{}", no_known_column(*columns, table))]
    NoKnownColumn {
        /// How many columns the first row has.
        columns: usize,
        /// The rule table's name.
        table: String,
    },
    /// The columns are not the rule table's, and that is to stop the run.
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Columns(ColumnMismatch),
    /// The rule table lets no column of the input leave, and there is no index.
    #[error(
        "{}",
        fixed!(
            "the rule table lets no column of this input leave, not even an index: the output would be \
             empty rows"
        )
    )]
    NothingLeaves,
    /// The run lacks what a rule needs.
    #[error("{}", text!("column `{column}`, rule `{rule}`: {why}", column, rule, why))]
    Unready {
        /// The column, as the rule table names it.
        column: String,
        /// The rule kind.
        rule: &'static str,
        /// What is lacking.
        why: Unready,
    },
    /// Old rows are to be blanked, and there is nothing to blank.
    #[error(
        "{}",
        fixed!(
            "`older = \"blank\"` empties the quasi-identifying and identifying cells of old rows, \
             and no such column leaves: say which are, with `attribute` in the rule table, or leave \
             the rows out"
        )
    )]
    NothingToBlank,
    /// A column that was named is not in the file.
    #[error("{}", text!("the file has no column `{column}`", column = .0))]
    NoSuchColumn(String),
    /// A table of the population cannot be used.
    #[error(transparent)]
    Population(#[from] Unmatched),
    /// A rule draws for persons, and nobody said whose rows are whose.
    #[error(
        "{}",
        text!(
            "the rule of column {column} repeats its draw for the same person, but nothing says whose rows are \
             whose\n  what to do: name the column that does with --person, or person = \"…\" in [privacy]",
            column = .0
        )
    )]
    NoPerson(Shown),
    /// A column has values, and fewer than one group of them takes.
    #[error(
        "{}",
        text!(
            "column {column} has fewer than {size} amounts among the rows that would be published: there is no group \
             of which a mean could be told\n  what to do: drop the column, or put files together",
            column,
            size = Whole(*size as u64)
        )
    )]
    TooFewValues {
        /// The column of the input.
        column: String,
        /// How many a group takes at least.
        size: usize,
    },
    /// The program broke one of its own rules.
    #[error("{}", fixed!("internal error: a worker thread failed; nothing was written"))]
    Internal,
}

/// Why the columns are not known, in their number.
fn no_known_column(columns: usize, table: &str) -> String {
    let which = match columns {
        1 => text!(
            "the only column of its first row is not in the rule table `{table}`",
            table
        ),
        more => text!(
            "none of the {columns} columns of its first row is in the rule table `{table}`",
            columns = more,
            table
        ),
    };
    text!(
        "the input is refused: {which}\n  what to do: the file may have no header (its first row is \
         not shown, it may be a person): add one; else check --delimiter, or give a rule table for \
         this file with --rules: `crm-anon inspect FILE --suggest` proposes one",
        which
    )
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
        let names: Vec<String> = self.unlisted.iter().map(Shown::to_string).collect();
        let unlisted = names.join(", ");
        let names: Vec<String> = self
            .missing
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let missing = names.join(", ");
        f.write_str(&match (self.unlisted.is_empty(), self.missing.is_empty()) {
            (false, true) => text!("the rule table does not list {unlisted}", unlisted),
            (true, _) => text!("the input lacks {missing}", missing),
            (false, false) => text!(
                "the rule table does not list {unlisted}; the input lacks {missing}",
                unlisted,
                missing
            ),
        })?;
        f.write_str("\n  ")?;
        f.write_str(&text!(
            "what to do: bring the rule table up to date ({command} prints one to edit), or run without --strict \
             to drop what is not listed",
            command = "crm-anon rules"
        ))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Io(refusal.into())
    }
}

impl Error {
    /// That a rule cannot be followed in this run.
    pub(crate) fn unready(column: &ColumnRule, why: Unready) -> Self {
        Self::Unready {
            column: column.name.clone(),
            rule: column.rule.kind().name,
            why,
        }
    }
}

coded! {
    Error [
        Self::Io(error) => error,
        Self::Privacy(error) => error,
        Self::Rules(error) => error,
        Self::Key(error) => error,
        Self::System(error) => error,
        Self::TooFewRows(error) => error => 3 at_the_end,
        Self::Unopened { why, .. } => why => 3,
        Self::Sealed(why) => why => 3,
        Self::Unready { why, .. } => why,
    ]
    Self::MayBePerson(_) => 3, "first_row_may_be_a_person", "the first row may be a person and no header";
    Self::DoesNotFit(_) => 3, "table_does_not_fit", "the rule table is for another kind of file";
    Self::NotPlain(_) => 3, "not_plain_csv", "a database engine would read the file otherwise";
    Self::OpensNothing(_) => 3, "key_opens_nothing", "a key was given that opens no column";
    Self::TwoColumns(_) => 3, "two_columns_of_one_name", "two columns have the name of the one that is needed";
    Self::NoKnownColumn { .. } => 3, "no_known_column", "no column of the first row is in the rule table";
    Self::Columns(_) => 3, "columns", "columns are not in the rule table, or are missing, and that is to stop the run";
    Self::NothingLeaves => 2, "nothing_published", "the rule table publishes no column of the input";
    Self::NothingToBlank => 2, "nothing_to_blank", "old rows are to be blanked, and no column of theirs would be";
    Self::NoSuchColumn(_) => 2, "no_such_column", "a column that was named is not in the file";
    Self::Population(_) => 2, "population", "the table of the population cannot be read, or does not fit the file";
    Self::NoPerson(_) => 2, "no_person", "a rule draws for persons, and nothing says whose rows are whose";
    Self::TooFewValues { .. } => 4, "too_few_values", "a column has fewer amounts than a group of them takes";
    Self::Internal => 1, "internal", "a worker thread failed";
}
