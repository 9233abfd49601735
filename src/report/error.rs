//! What cannot be told.

use crate::base::error::Ending;
use crate::io::csv::Refusal;

/// Why a report is not made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text of the input is refused.
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
    MayLackHeader {
        /// How many columns the first row has.
        columns: usize,
    },
}

coded! {
    Error [Self::Refused(refusal) => refusal]
    Self::MayLackHeader { .. } => "may_lack_header", "no rule table is proposed, as the first row may be a person";
}

impl Ending for Error {
    fn exit_status(&self) -> u8 {
        3
    }
}
