//! What a run says before it begins.

use super::say;
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
        let encoding = reader.encoding();
        let encoding = encoding.map_or_else(
            || fixed!("ASCII so far").to_string(),
            |encoding| encoding.to_string(),
        );
        let delimiter = match reader.delimiter() {
            b'\t' => fixed!("a tab").to_string(),
            byte => format!("`{}`", char::from(byte)),
        };
        say(plural!(
            plan.columns.len(),
            "input: {encoding}, delimiter {delimiter}, {n} column",
            "input: {encoding}, delimiter {delimiter}, {n} columns",
            encoding,
            delimiter
        ));
        for (position, column) in plan.columns.iter().enumerate() {
            let filter = plan.filter.as_ref();
            let decides = filter.is_some_and(|filter| filter.reads(position));
            let name = &column.input;
            say(match (column.rule, &column.output) {
                (Some(rule), Some(output)) => {
                    text!(
                        "column {name} → `{output}`, rule {rule}",
                        name,
                        output,
                        rule
                    )
                }
                (Some(rule), None) => {
                    text!("column {name} does not leave, rule {rule}", name, rule)
                }
                (None, _) if decides => text!(
                    "column {name} does not leave, it decides which rows do",
                    name
                ),
                (None, _) => {
                    text!("column {name} does not leave, not in the rule table", name)
                }
            });
        }
    }
    for warning in warnings {
        say(text!("warning: {warning}", warning));
    }
}
