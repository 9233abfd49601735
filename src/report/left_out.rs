//! Which rows the row filter left out, by reason.

use serde::Serialize;

use super::Run;
use crate::rules::filter::RowFilter;

/// Rows that were left out for one reason.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct LeftOut<'a> {
    /// The test that they failed: `consent`, `retention`, `where 1`; or `sample`.
    pub(crate) test: &'a str,
    /// The column that it reads, as the rule table names it; a sample reads none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<&'a str>,
    /// Why: a short name for machines.
    pub(crate) reason: &'static str,
    pub(crate) rows: u64,
}

impl Run<'_> {
    /// The rows that were left out, by reason, in the order of the tests.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = LeftOut<'_>> {
        let tests = self.plan.filter.as_ref().map_or(&[][..], RowFilter::tests);
        let tests = tests.iter().zip(&self.tally.filters);
        let by_tests = tests.flat_map(|(test, counts)| {
            let reasons = [
                (test.unmet(), counts.unmet),
                ("missing", counts.missing),
                ("invalid", counts.unreadable),
            ];
            let some = reasons.into_iter().filter(|(_, rows)| *rows > 0);
            some.map(|(reason, rows)| LeftOut {
                test: &test.name,
                column: Some(&test.column),
                reason,
                rows,
            })
        });
        let rows = self.tally.not_drawn;
        let by_chance = (rows > 0).then_some(LeftOut {
            test: "sample",
            column: None,
            reason: "not_drawn",
            rows,
        });
        by_tests.chain(by_chance)
    }
}
