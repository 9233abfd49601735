//! What a query says of itself, above its first line.

use std::fmt::Write;

use super::leaving::Leaving;
use super::query::{Publish, Query};
use crate::base::name::Shown;
use crate::rules::policy::OnInvalid;
use crate::sql::dialect::Dialect;
use crate::sql::target::Target;

impl Query<'_> {
    pub(super) fn comment(&self, dialect: &dyn Dialect, leaving: &[Leaving<'_>]) -> String {
        let read = fixed!(
            "Every column is read as text; NULL is an empty cell. Columns that are not listed here are not \
             published."
        );
        let invalid = match self.on_invalid {
            OnInvalid::Fail => fixed!("A cell that its rule cannot transform stops the query."),
            OnInvalid::Blank => fixed!("A cell that its rule cannot transform becomes NULL."),
            OnInvalid::Skip => {
                fixed!("The row of a cell that its rule cannot transform is left out.")
            }
        };
        let empty = fixed!("Empty cells of columns that are not kept are NULL.");
        let title = text!(
            "for {dialect}: rule table {name}, SHA-256 {sha256}",
            dialect = dialect.title(),
            name = Shown::new(&self.table.name, 0),
            sha256 = &self.table.sha256
        );
        let version = env!("CARGO_PKG_VERSION");
        let mut text = format!("-- crm-anon {version} {title}\n-- {read}\n-- {invalid} {empty}\n");
        if let Some(index) = self.index() {
            let (name, about) = (Shown::new(index, 0), dialect.about_index());
            let about = match self.target {
                Target::Create(..) => text!(
                    "{name} is {about}; a view makes another each time it is read. The rows have no order.",
                    name,
                    about
                ),
                _ => text!("{name} is {about}. The rows have no order.", name, about),
            };
            let _ = writeln!(text, "-- {about}");
        }
        let published = match self.publish {
            Publish::Rows => None,
            Publish::AtLevels(levels) => Some(text!(
                "At the levels of the manifest; rows in classes of fewer than {k} have * in every quasi-identifying column.",
                k = levels.k()
            )),
            Publish::Figures(_) => Some(
                fixed!(
                    "n is the number of persons of each cell; statut is c where it is suppressed."
                )
                .to_string(),
            ),
        };
        if let Some(published) = published {
            let _ = writeln!(text, "-- {published}");
        }
        let lacks = fixed!(
            "Not in this query: the check for identifiers in kept columns, and privacy thresholds."
        );
        let next = fixed!(
            "Measure the result with crm-anon audit --sql, or run crm-anon audit on a copy."
        );
        let _ = writeln!(text, "-- {lacks}\n-- {next}\n--");
        for Leaving { rule, shown, .. } in leaving {
            let output = Shown::new(&rule.output, 0);
            let kind = rule.rule.kind().name;
            let _ = writeln!(text, "--   {shown} -> {output}: {kind}");
        }
        text
    }
}
