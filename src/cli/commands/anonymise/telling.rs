//! What a run says on standard error, from its beginning to its end.

use super::job::{Job, Planned};
use super::outcome::Outcome;
use crate::base::escape::ShownPath;
use crate::base::lang::Whole;
use crate::base::plural::counted;
use crate::cli::commands::goal::Recoded;
use crate::cli::commands::say;
use crate::cli::log;
use crate::engine::plan::Plan;
use crate::engine::source::Source;
use crate::engine::warning::Warning;
use crate::io::error::Target;
use crate::privacy::cohorts::Figures;
use crate::report;
use crate::report::Run;

/// Says what is about to be done.
pub(super) fn opening(job: &Job<'_>, source: &Source<'_>, plan: &Plan) {
    if job.arguments.running.log.tells() {
        log::start(
            &job.input.display().to_string(),
            Some(&job.arguments.written.text.output.display().to_string()),
            Some(&job.table.name),
        );
    }
    if job.arguments.running.verbose {
        say(input(source, plan));
        columns(plan);
    }
    if job.arguments.running.log.warns() {
        plan.warnings.iter().for_each(log::warn);
    }
}

fn input(source: &Source<'_>, plan: &Plan) -> String {
    let reader = source.reader();
    let encoding = reader.encoding();
    let encoding = encoding.map_or_else(
        || fixed!("ASCII so far").to_string(),
        |encoding| encoding.to_string(),
    );
    let delimiter = match reader.delimiter() {
        b'\t' => fixed!("a tab").to_string(),
        byte => format!("`{}`", char::from(byte)),
    };
    match reader.sheet() {
        Some(sheet) => plural!(
            plan.columns.len(),
            "input: workbook, sheet {sheet}, {n} column",
            "input: workbook, sheet {sheet}, {n} columns",
            sheet
        ),
        None => plural!(
            plan.columns.len(),
            "input: {encoding}, delimiter {delimiter}, {n} column",
            "input: {encoding}, delimiter {delimiter}, {n} columns",
            encoding,
            delimiter
        ),
    }
}

/// Says what is done to each column.
fn columns(plan: &Plan) {
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
        .chain(of_privacy(planned, outcome))
        .chain(outcome.recoded.as_ref().and_then(of_release))
        .chain(quirks)
        .collect();
    if job.arguments.running.log.warns() {
        found.iter().for_each(log::warn);
    }
    plan.warnings.iter().cloned().chain(found).collect()
}

/// Which rows a release holds back, if it does.
fn of_release(recoded: &Recoded) -> Option<Warning> {
    let Figures {
        waiting, retired, ..
    } = recoded.kept()?.settled.figures;
    let k = recoded.achieved.k;
    (waiting + retired > 0).then_some(Warning::HeldBack {
        waiting,
        retired,
        k,
    })
}

/// What the measures of the rows give reason to warn about.
fn of_privacy(planned: &Planned, outcome: &Outcome) -> Vec<Warning> {
    let Planned { plan, measured, .. } = planned;
    let audit = outcome.audit.as_ref();
    let rare = audit.and_then(|audit| Warning::of_rare(plan, measured, audit));
    let persons = outcome
        .repeats
        .and_then(|seen| Warning::of_persons(plan, seen));
    rare.into_iter().chain(persons).collect()
}

/// Says what was done.
pub(super) fn closing(job: &Job<'_>, run: &Run<'_>) {
    if job.arguments.running.verbose {
        report::detail(run).lines().for_each(say);
    }
    if job.arguments.running.log.tells() && !log::end(run) {
        report::summary(run).lines().for_each(say);
        if !run.published {
            say(rehearsed(job, run));
        }
    }
}

/// What a run would have published that wrote nothing.
fn rehearsed(job: &Job<'_>, run: &Run<'_>) -> String {
    let arguments = job.arguments;
    let written = &arguments.written;
    let what = match run.figures {
        Some(_) => fixed!("a table of figures").to_string(),
        None => text!(
            "{rows} of {columns}",
            rows = counted(run.tally.written, "row"),
            columns = counted(
                run.plan.steps.len() + usize::from(run.plan.index.is_some()),
                "column"
            )
        ),
    };
    let mut text = text!(
        "dry run: nothing was written; it would have published {what} ({bytes} bytes) to {output}",
        what,
        bytes = Whole(run.output.bytes),
        output = Target::of(Some(&written.text.output))
    );
    let report = arguments.privacy.report.report.as_deref();
    for (path, what) in [
        (written.manifest.as_deref(), fixed!("the manifest")),
        (report, fixed!("the report")),
        (written.journal.as_deref(), fixed!("lines of the journal")),
    ] {
        if let Some(path) = path {
            text += &format!(", {what} ({})", ShownPath(path));
        }
    }
    text
}
