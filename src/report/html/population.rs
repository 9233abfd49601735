//! What a table of the population says of the risk.

use super::Report;
use crate::privacy::audit::{Audit, Behind};
use crate::report::audited::{columns_of_population, source_of_population, unique_share};

impl Report<'_> {
    /// What somebody finds who looks for anyone at all, in words.
    pub(super) fn journalist(self, audit: &Audit, behind: &Behind) -> String {
        let (speech, told) = (self.speech, &behind.risk);
        let file = speech.name(&source_of_population(behind));
        let persons = speech.whole(told.persons.round() as u64);
        let columns = super::page::visible(&columns_of_population(behind));
        let highest = speech.percent(told.estimated.highest);
        let average = speech.percent(told.estimated.average);
        let threshold = speech.percent(audit.risks.threshold);
        let above = speech.percent(told.estimated.rows_above);
        let unique = speech.percent(unique_share(behind));
        let mut text = text!(
            "It is enough to expose one person, whoever it is. Measured in the population of {file} ({persons} persons, by \
             {columns}): at worst with {highest}, on average with {average}; rows with a chance of more than \
             {threshold}: {above}. Rows expected to be unique in the population: {unique}.",
            file,
            persons,
            columns,
            highest,
            average,
            threshold,
            above,
            unique
        );
        if !behind.beyond.is_empty() {
            let beyond = speech.names(behind.beyond.iter().map(String::as_str));
            let least = speech.percent(told.table_alone.average);
            text.push(' ');
            text.push_str(&text!(
                "The table does not know {beyond}: what these tell is an estimate, which takes them for independent of \
                 the rest and the file for a random sample. By the table alone the risk is {least} on average, and it \
                 is not less than that.",
                beyond,
                least
            ));
        }
        if told.undercounted + told.unknown > 0 {
            text.push(' ');
            text.push_str(&text!(
                "Groups of which the table counts fewer persons than the file has: {undercounted}; groups that it does \
                 not have, taken for their whole population: {unknown}.",
                undercounted = speech.count(told.undercounted),
                unknown = speech.count(told.unknown)
            ));
        }
        text
    }
}
