//! A table of the population that is of no use for a file.

use crate::base::name::Shown;

/// Why a table of the population is of no use for a file.
#[derive(Debug, thiserror::Error)]
pub enum Unmatched {
    /// It cannot be read.
    #[error("{}", .0)]
    File(String),
    /// None of the columns is one of its.
    #[error(
        "{}",
        fixed!(
            "the population table does not fit: none of the quasi-identifying columns is a place, a sex, an age or a \
             year of birth as the table has them\n  what to do: say which is, with --population-column place=COLUMN, \
             or population = { file = \"…\", place = \"COLUMN\" } in [privacy]"
        )
    )]
    Nothing,
    /// Ages in one, years of birth in the other.
    #[error(
        "{}",
        text!(
            "the population table has `{part}`, and column {column} is the other of age and year of birth\n  what to do: \
             turn one into the other in the table (a census of 1 January 2023 counts those born in 1992 as 30), and name \
             its column `{other}`",
            part,
            column,
            other
        )
    )]
    OtherYears {
        /// What the table has.
        part: &'static str,
        /// What the data have.
        other: &'static str,
        /// Their column.
        column: Shown,
    },
    /// A column that was named is none of the quasi-identifying ones.
    #[error(
        "{}",
        text!(
            "the population table does not fit: `{column}` is not a quasi-identifying column",
            column = .0
        )
    )]
    NoSuchColumn(String),
    /// The table has no value of a column.
    #[error(
        "{}",
        text!(
            "the population table does not fit: it has no value of column `{column}`\n  what to do: write its `{part}` as \
             the column does, or say which column it is with --population-column",
            column,
            part
        )
    )]
    NoValue {
        /// The part of the table.
        part: &'static str,
        /// The column.
        column: String,
    },
}
