//! What can go wrong when rows are counted and measured.

use crate::base::error::{Ending, SystemError};
use crate::privacy::aggregate::MOST_CELLS;

/// Why rows cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Values of a column are not in its hierarchy file.
    #[error(
        "{}",
        plural!(
            *values,
            "the input is refused: {n} distinct value of column `{column}` is not in its hierarchy file\n  \
              what to do: add them to the file; values stand in its first column, written as in the \
             output",
            "the input is refused: {n} distinct values of column `{column}` are not in its hierarchy \
             file\n  what to do: add them to the file; values stand in its first column, written as in \
             the output",
            column
        )
    )]
    Uncovered {
        /// The column's name in the output.
        column: String,
        /// How many.
        values: usize,
    },
    /// The quasi-identifying and sensitive columns are more than can be counted together.
    #[error(
        "{}",
        fixed!(
            "too many quasi-identifying and sensitive columns to measure together; name fewer, in the \
             rule table or with --quasi and --sensitive"
        )
    )]
    TooManyColumns,
    /// There are more rows than can be measured together.
    #[error(
        "{}",
        fixed!(
            "too many rows to measure together; cut the file, or measure without sensitive columns"
        )
    )]
    TooManyRows,
    /// A table of figures has more cells than can be made safe.
    #[error(
        "{}",
        text!(
            "the table has more than {most} cells, margins included\n  what to do: name fewer columns with --by, \
             or let the rule table generalise them further",
            most = crate::base::lang::Whole(MOST_CELLS as u64)
        )
    )]
    TooManyCells,
    /// A value is what margins are called.
    #[error(
        "{}",
        text!(
            "the input is refused: column `{column}` has a value that reads `Total`, which is what margins \
             are called\n  what to do: give it another name in the source, or with a `map` rule",
            column
        )
    )]
    TotalCell {
        /// The column's name in the output.
        column: String,
    },
    /// Whatever is suppressed, what is left tells too much of somebody.
    #[error(
        "{}",
        fixed!(
            "no cell of the table can be published without telling too much of too few persons; nothing was \
             published\n  what to do: name fewer columns with --by, generalise them further in the rule \
             table, leave --totals out, or ask for fewer statistics"
        )
    )]
    NothingSafe,
    /// The operating system lacks something.
    #[error(transparent)]
    System(#[from] SystemError),
}

coded! {
    Error [Self::System(error) => error]
    Self::Uncovered { .. } => "not_in_hierarchy", "values are not in the hierarchy file of their column";
    Self::TooManyColumns => "too_many_measured_columns", "too many columns to measure together";
    Self::TooManyCells => "too_many_cells", "a table of figures has more cells than can be made safe";
    Self::TotalCell { .. } => "total_cell", "a value reads like the name of margins";
    Self::NothingSafe => "nothing_safe", "no figure can be published without telling too much of somebody";
    Self::TooManyRows => "too_many_measured_rows", "too many rows to measure together";
}

impl Ending for Error {
    fn exit_status(&self) -> u8 {
        match self {
            Self::System(_) => 1,
            Self::TooManyColumns | Self::TooManyCells => 2,
            Self::TooManyRows | Self::Uncovered { .. } | Self::TotalCell { .. } => 3,
            Self::NothingSafe => 4,
        }
    }

    fn comes_at_the_end(&self) -> bool {
        !matches!(self, Self::TooManyColumns | Self::System(_))
    }
}
