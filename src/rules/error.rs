//! What can go wrong when a rule table meets an input.

/// Why a rule table cannot be followed on this input.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No cells of a column can be invented.
    #[error(
        "{}",
        text!(
            "no cells can be invented for column `{column}` under its rule `{rule}` and [rows]: none that were tried are \
             valid and publish their row",
            column,
            rule
        )
    )]
    NotInvented {
        /// The column, as the rule table names it.
        column: String,
        rule: &'static str,
    },
    /// A column that decides about rows cannot be read for certain.
    #[error("{}", undecidable(test, column, *several))]
    Undecidable {
        test: String,
        /// The column, as the rule table names it.
        column: String,
        several: bool,
    },
}

coded! {
    Error []
    Self::NotInvented { .. } => 2, "not_invented", "no cells can be invented for a column of the rule table";
    Self::Undecidable { .. } => 3, "rows_undecidable", "the column that decides which rows are published is not there once";
}

/// Why a column cannot decide about rows.
fn undecidable(test: &str, column: &str, several: bool) -> String {
    match several {
        true => text!(
            "the input is refused: by the test `{test}` of the rule table's [rows], column \
             `{column}` decides which rows may leave, and the input has several of that name\n  what \
             to do: leave only the one that counts in the input, or in the aliases of the rule table",
            test,
            column
        ),
        false => text!(
            "the input is refused: by the test `{test}` of the rule table's [rows], column \
             `{column}` decides which rows may leave, and the input has no such column\n  what to \
             do: export it too, or list its name there among the aliases of the column",
            test,
            column
        ),
    }
}
