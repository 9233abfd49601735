//! A rule table that is for another kind of file.

use crate::base::plural::counted;

/// The rule table is for another kind of file: next to nothing of what it lets leave is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", text!("the rule table `{table}` does not fit it: of {listed} that the table lets leave, the input has {found}, and of its {columns} the table lists {known}\n  what to do: give a rule table for this kind of file with --rules: `crm-anon inspect FILE --suggest` proposes one", table, listed = counted(*listed, "column"), found, columns = counted(*columns, "column"), known))]
pub struct DoesNotFit {
    pub(super) table: String,
    pub(super) listed: usize,
    pub(super) found: usize,
    pub(super) columns: usize,
    pub(super) known: usize,
}
