//! What can go wrong when a rule table meets an input.

use crate::base::error::Ending;

/// Why a rule table cannot be followed on this input.
#[derive(Debug, thiserror::Error)]
pub enum Error {
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
}

impl Ending for Error {
    fn exit_status(&self) -> u8 {
        match self {
            Self::Undecidable { .. } => 3,
        }
    }
}
