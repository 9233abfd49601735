//! Whether a rule table is for this kind of file, and what the two do not have in common.

use crate::base::name;
use crate::base::name::Shown;
use crate::base::plural::counted;
use crate::engine::error::{ColumnMismatch, Error};
use crate::rules::context::RunContext;
use crate::rules::filter::RowFilter;
use crate::rules::table::{ColumnRule, RuleTable, Unlisted};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", text!("the rule table `{table}` does not fit it: of {listed} that the table lets leave, the input has {found}, and of its {columns} the table lists {known}\n  what to do: give a rule table for this kind of file with --rules: `crm-anon inspect FILE --suggest` proposes one", table, listed = counted(*listed, "column"), found, columns = counted(*columns, "column"), known))]
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

/// A rule table and a header side by side: which rule each column has.
pub(crate) struct Matching<'t> {
    /// The rule of each column of the input, if the table lists it.
    pub(crate) rules: Vec<Option<&'t ColumnRule>>,
    /// Which rows may leave, if not all.
    pub(crate) filter: Option<RowFilter>,
    /// What the two do not have in common.
    pub(crate) mismatch: ColumnMismatch,
}

impl<'t> Matching<'t> {
    /// Puts a rule table and a header side by side.
    ///
    /// # Errors
    /// [`Error::NoKnownColumn`] if they have nothing in common; [`Error::Columns`] if there is an
    /// unlisted column and the table forbids it, or any difference and `strict` does; [`Error::Rules`] if
    /// the row filter cannot do its work.
    pub(crate) fn new(
        table: &'t RuleTable,
        header: &[String],
        shown: &[Shown],
        run: &RunContext,
        strict: bool,
    ) -> Result<Self, Error> {
        let keys: Vec<String> = header.iter().map(|name| name::key(name)).collect();
        let rule_of = |key: &String| {
            let mut columns = table.columns.iter();
            columns.find(|column| column.keys.contains(key))
        };
        let rules: Vec<Option<&ColumnRule>> = keys.iter().map(rule_of).collect();
        if rules.iter().all(Option::is_none) {
            return Err(Error::NoKnownColumn {
                columns: header.len(),
                table: table.name.clone(),
            });
        }
        let filter = RowFilter::new(table, &keys, shown, run)?;
        let decides = |position| filter.as_ref().is_some_and(|filter| filter.reads(position));
        let mismatch = mismatch(table, &rules, shown, decides);
        let stops = match table.unlisted {
            _ if strict => !mismatch.unlisted.is_empty() || !mismatch.missing.is_empty(),
            Unlisted::Fail => !mismatch.unlisted.is_empty(),
            Unlisted::Drop => false,
        };
        match stops {
            true => Err(Error::Columns(mismatch)),
            false => Ok(Self {
                rules,
                filter,
                mismatch,
            }),
        }
    }
}

/// What the header and the table do not have in common. A column that `decides` about rows is known,
/// listed or not.
fn mismatch(
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
