//! What a run says on standard error, from its beginning to its end.

use super::job::{Job, Planned};
use super::outcome::Outcome;
use crate::base::plural::counted;
use crate::cli::commands::say;
use crate::engine::plan::Plan;
use crate::engine::source::Source;
use crate::engine::warning::Warning;
use crate::report;
use crate::report::Run;

/// Says what is about to be done.
pub(super) fn opening(job: &Job<'_>, source: &Source<'_>, plan: &Plan) {
    if job.arguments.quiet {
        return;
    }
    if job.arguments.verbose {
        let reader = source.reader();
        let encoding = reader
            .encoding()
            .map_or("ASCII so far".to_owned(), |encoding| encoding.to_string());
        let delimiter = match reader.delimiter() {
            b'\t' => "a tab".to_owned(),
            byte => format!("`{}`", char::from(byte)),
        };
        say(format_args!(
            "input: {encoding}, delimiter {delimiter}, {}",
            counted(plan.columns.len(), "column")
        ));
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
    for warning in &plan.warnings {
        say(format_args!("warning: {warning}"));
    }
}

/// Says what the rows gave reason to warn about, and gives all warnings of the run.
pub(super) fn warnings(
    job: &Job<'_>,
    planned: &Planned,
    source: &Source<'_>,
    outcome: &Outcome,
) -> Vec<Warning> {
    let Planned { plan, settings, .. } = planned;
    let tally = &outcome.tally;
    let quirks = source.reader().quirks().into_iter().map(Warning::Quirk);
    let quirks = quirks.filter(|told| !plan.warnings.contains(told));
    let nobody = Warning::of_nobody(tally).into_iter();
    let found: Vec<Warning> = nobody
        .chain(Warning::of_invalid(plan, tally, settings.on_invalid))
        .chain(Warning::of_undecided(plan, tally))
        .chain(Warning::of_postal_codes(plan, tally))
        .chain(Warning::of_leftovers(&outcome.residual, job.masks()))
        .chain(Warning::of_formulas(plan, tally, settings.formulas))
        .chain(quirks)
        .collect();
    for warning in found.iter().filter(|_| !job.arguments.quiet) {
        say(format_args!("warning: {warning}"));
    }
    plan.warnings.iter().cloned().chain(found).collect()
}

/// Says what was done.
pub(super) fn closing(job: &Job<'_>, run: &Run<'_>) {
    if job.arguments.verbose {
        report::detail(run).lines().for_each(say);
    }
    if !job.arguments.quiet {
        report::summary(run).lines().for_each(say);
    }
}
