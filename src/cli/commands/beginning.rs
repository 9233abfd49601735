//! What a run says before it begins.

use super::say;
use crate::base::plural::counted;
use crate::cli::arguments::AnonymiseArguments;
use crate::engine::plan::Plan;
use crate::engine::warning::Warning;
use crate::io::csv::Reader;

/// Says what is about to be done.
pub(super) fn tell_beginning(
    arguments: &AnonymiseArguments,
    reader: &Reader,
    plan: &Plan,
    warnings: &[Warning],
) {
    if arguments.quiet {
        return;
    }
    if arguments.verbose {
        let encoding = reader
            .encoding()
            .map_or("ASCII so far".to_owned(), |encoding| encoding.to_string());
        let delimiter = match reader.delimiter() {
            b'\t' => "a tab".to_owned(),
            byte => format!("`{}`", char::from(byte)),
        };
        let columns = counted(plan.columns.len(), "column");
        match reader.sheet() {
            Some(sheet) => say(format_args!("input: workbook, sheet {sheet}, {columns}")),
            None => say(format_args!(
                "input: {encoding}, delimiter {delimiter}, {columns}"
            )),
        }
        for (position, column) in plan.columns.iter().enumerate() {
            let decides = plan
                .filter
                .as_ref()
                .is_some_and(|filter| filter.reads(position));
            match (column.rule, &column.output) {
                (Some(rule), Some(output)) => say(format_args!(
                    "column {} → `{output}`, rule {rule}",
                    column.input
                )),
                (Some(rule), None) => say(format_args!(
                    "column {} does not leave, rule {rule}",
                    column.input
                )),
                (None, _) if decides => say(format_args!(
                    "column {} does not leave, it decides which rows do",
                    column.input
                )),
                (None, _) => say(format_args!(
                    "column {} does not leave, not in the rule table",
                    column.input
                )),
            }
        }
    }
    for warning in warnings {
        say(format_args!("warning: {warning}"));
    }
}
