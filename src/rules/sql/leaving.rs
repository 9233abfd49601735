//! A column that leaves, in parts of a query.

use super::parts::named;
use crate::base::name::Shown;
use crate::rules::table::ColumnRule;
use crate::sql::column::Output;
use crate::sql::dialect::Dialect;

/// A column that leaves.
pub(super) struct Leaving<'a> {
    pub(super) rule: &'a ColumnRule,
    /// The column of the source, escaped for the comment.
    pub(super) shown: Shown,
    /// The column of the source, set apart.
    pub(super) quoted: String,
    /// The name that its text is read under.
    pub(super) text: String,
    /// The name of its cell: of the text, or of what is `NULL` if the text is a missing cell.
    pub(super) cell: String,
    pub(super) output: Output,
    pub(super) levels: Vec<Vec<(String, String)>>,
}

impl Leaving<'_> {
    /// The column as text; a `NULL` under a rule that writes is an empty cell.
    pub(super) fn read(&self, dialect: &dyn Dialect) -> String {
        let text = dialect.as_text(&self.quoted);
        match self.output {
            Output::Write { .. } => named(&format!("coalesce({text}, '')"), &self.text),
            _ => named(&text, &self.text),
        }
    }
}
