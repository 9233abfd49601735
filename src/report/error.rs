//! What cannot be told.

use std::path::PathBuf;

use crate::base::lang::Fixed;
use crate::io::csv::Refusal;
use crate::io::small_file::SmallFileError;

/// Why a report is not made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{}", text!("the input is refused: {why}", why = .0))]
    Refused(#[from] Refusal),
    /// A table of rules would have to name columns, and the first row may be a person.
    #[error(
        "{}",
        plural!(
            *columns,
            "no rule table is proposed: the first row, of {n} column, may be a person and no header: \
             hardly a name of a column in it is known, or a cell looks like data\n  what to do: if the \
             file has no header, add one; if it has, say --header",
            "no rule table is proposed: the first row, of {n} columns, may be a person and no header: \
             hardly a name of a column in it is known, or a cell looks like data\n  what to do: if the \
             file has no header, add one; if it has, say --header"
        )
    )]
    MayLackHeader { columns: usize },
    /// The table of figures that was published before cannot be read.
    #[error("{}", text!("cannot read the table {path} of --against: {source}", path = path.display(), source))]
    EarlierUnread {
        path: PathBuf,
        source: SmallFileError,
    },
    /// It is another table.
    #[error(
        "{}",
        text!(
            "the table {path} of --against cannot be compared: {why}\n  what to do: give the table that this \
             command published before, by the same columns",
            path = path.display(),
            why
        )
    )]
    NotEarlier { path: PathBuf, why: Fixed },
}

coded! {
    Error [Self::Refused(refusal) => refusal => 3]
    Self::MayLackHeader { .. } => 3, "may_lack_header", "no rule table is proposed, as the first row may be a person";
    Self::EarlierUnread { .. } => 1, "earlier_table_unread", "the table of figures that was published before cannot be read";
    Self::NotEarlier { .. } => 3, "not_earlier_table", "a file is no table of figures by the same columns";
}
