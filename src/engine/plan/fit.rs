//! Whether a rule table is for this kind of file, and what the two do not have in common.

use crate::base::name;
use crate::base::name::Shown;
use crate::base::plural::counted;
use crate::engine::error::{ColumnMismatch, Error};
use crate::rules::table::{ColumnRule, RuleTable};

/// The rule table is for another kind of file: next to nothing of what it lets leave is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the rule table `{table}` does not fit it: of {} that the table lets leave, the input has \
     {found}, and of its {} the table lists {known}\n  \
     what to do: give a rule table for this kind of file with --rules: `crm-anon inspect FILE --suggest` \
     proposes one",
    counted(*listed, "column"),
    counted(*columns, "column")
)]
pub struct DoesNotFit {
    table: String,
    listed: usize,
    found: usize,
    columns: usize,
    known: usize,
}

impl DoesNotFit {
    /// Whether a table fits a file: the file has at least one column that it lets leave; and a third of
    /// those, or else the table lists a third of the file's columns. A table that lets none leave fits.
    /// With a `trusted` header one column is enough. A file without any column of the table is left to
    /// [`Plan::new`](super::Plan::new).
    ///
    /// # Errors
    /// If it does not.
    pub(crate) fn check(table: &RuleTable, header: &[String], trusted: bool) -> Result<(), Error> {
        let keys: Vec<String> = header.iter().map(|name| name::key(name)).collect();
        let leaving = table.columns.iter().filter(|column| column.rule.leaves());
        let is_there = |column: &&ColumnRule| column.keys.iter().any(|key| keys.contains(key));
        let listed = leaving.clone().filter(|column| !column.optional).count();
        let found = leaving.filter(is_there).count();
        // Columns without a name tell nothing.
        let columns = keys.iter().filter(|key| !key.is_empty()).count();
        let known = header.iter().filter(|name| table.lists(name)).count();
        let share = trusted || found * 3 >= listed || known * 3 >= columns;
        let fits = known == 0 || found > 0 && share;
        match listed == 0 || fits {
            true => Ok(()),
            false => Err(Self {
                table: table.name.clone(),
                listed,
                found,
                columns,
                known,
            }
            .into()),
        }
    }
}

/// What the header and the table do not have in common. A column that `decides` about rows is known,
/// listed or not.
pub(super) fn mismatch(
    table: &RuleTable,
    rules: &[Option<&ColumnRule>],
    shown: &[Shown],
    decides: impl Fn(usize) -> bool,
) -> ColumnMismatch {
    let columns = rules.iter().zip(shown).enumerate();
    let unlisted = columns.filter(|(position, (rule, _))| rule.is_none() && !decides(*position));
    let missing = table
        .columns
        .iter()
        .filter(|column| !column.optional)
        .filter(|column| !rules.iter().flatten().any(|rule| rule.name == column.name));
    ColumnMismatch {
        unlisted: unlisted.map(|(_, (_, shown))| shown.clone()).collect(),
        missing: missing.map(|column| column.name.clone()).collect(),
    }
}
