//! The line that ends every run, and the details behind it.

use std::fmt::Write;
use std::path::Path;

use chrono::Local;

use super::Run;
use crate::base::escape::ShownPath;
use crate::base::lang::{Decimal, Whole};
use crate::base::plural::counted;
use crate::engine::Uniqueness;
use crate::privacy::audit::Audit;
use crate::privacy::goal::Recoding;
use crate::rules::Formulas;
use crate::rules::policy::OnLeftover;

/// One line: when, which input, rows in, out and skipped, seconds, speed, warnings; and one on privacy, if that was
/// measured.
pub fn summary(run: &Run<'_>) -> String {
    let told: Vec<String> = run.tally.nobody.told().collect();
    let skipped = Whole(run.tally.skipped());
    let mut skipped = match told.as_slice() {
        [] => text!("{skipped} skipped", skipped),
        told => text!(
            "{skipped} skipped ({rows})",
            skipped,
            rows = told.join(", ")
        ),
    };
    if run.plan.filter.is_some() || run.release.is_some() {
        let left_out = Whole(run.tally.left_out());
        skipped = text!("{skipped}, {left_out} left out", skipped, left_out);
    }
    let written = Whole(run.tally.written);
    let written = match run.figures.is_some() || run.noisy.is_some() {
        true => text!("{written} counted", written),
        false => text!("{written} out", written),
    };
    let mut text = text!(
        "{time}, {input}: {read} in, {written}, {skipped}; {seconds} s, {speed} MB/s; {warnings}",
        time = run
            .finished
            .with_timezone(&Local)
            .format("%Y-%m-%d %H:%M:%S"),
        input = match run.input.path.as_str() {
            "-" => fixed!("standard input").to_string(),
            path => ShownPath(Path::new(path)).to_string(),
        },
        read = counted(run.tally.rows, "row"),
        written,
        skipped,
        seconds = Decimal(run.seconds, 2),
        speed = Decimal(run.input.bytes as f64 / 1e6 / run.seconds.max(1e-9), 0),
        warnings = counted(run.warnings.len(), "warning")
    );
    if let Some(status) = run.status() {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{status}");
    }
    let finds = run.leftovers.finds();
    if finds > 0 {
        let finds = Whole(finds);
        let told = match run.leftovers.policy {
            OnLeftover::Mask => text!("identifiers in kept columns: {finds}, masked", finds),
            OnLeftover::Warn | OnLeftover::Fail => {
                text!("identifiers in kept columns: {finds}, left in place", finds)
            }
        };
        let _ = write!(text, "\n{told}");
    }
    let formulas = run.tally.formulas();
    if formulas > 0 {
        let formulas = Whole(formulas);
        let told = match run.formulas {
            Formulas::Escape => {
                text!(
                    "formulas in kept columns: {formulas}, escaped with a '",
                    formulas
                )
            }
            Formulas::Warn | Formulas::Refuse | Formulas::Keep => {
                text!(
                    "formulas in kept columns: {formulas}, left as they are",
                    formulas
                )
            }
        };
        let _ = write!(text, "\n{told}");
    }
    text.extend(run.audit.map(|audit| privacy(run, audit)));
    if let (None, Some(found)) = (run.audit, run.uniqueness) {
        let _ = write!(text, "\n{}", published(found));
    }
    text
}

/// How many rows are the only ones with their quasi-identifying values.
fn published(found: Uniqueness) -> String {
    let share = share(found.share);
    match found.exact {
        true => plural!(
            found.columns,
            "published: {share} % of rows are the only one with their {n} quasi-identifying value (`crm-anon audit`)",
            "published: {share} % of rows are the only one with their {n} quasi-identifying values (`crm-anon \
             audit`)",
            share
        ),
        false => plural!(
            found.columns,
            "published: about {share} % of rows, by a sample, are the only one with their {n} quasi-identifying \
             value (`crm-anon audit`)",
            "published: about {share} % of rows, by a sample, are the only one with their {n} quasi-identifying \
             values (`crm-anon audit`)",
            share
        ),
    }
}

/// A share in per cent, which is 0 or 100 only of none and of all.
fn share(share: f64) -> Decimal {
    let rounded = (share * 1000.0).round() / 10.0;
    let inside = share > 0.0 && share < 1.0;
    Decimal(
        if inside {
            rounded.clamp(0.1, 99.9)
        } else {
            rounded
        },
        1,
    )
}

/// What was measured of the rows that were written, and how they came to be so.
fn privacy(run: &Run<'_>, audit: &Audit) -> String {
    let small = &audit.sizes.small;
    let mut text = text!(
        "privacy: k = {k} over {columns}, {classes}, {unique} of {rows} alone",
        k = Whole(small.k),
        columns = counted(audit.columns, "quasi-identifying column"),
        classes = counted(small.classes, "class"),
        unique = Whole(small.unique_rows),
        rows = match audit.persons {
            Some(_) => counted(audit.sizes.rows, "person"),
            None => counted(audit.sizes.rows, "row"),
        }
    );
    if let Some(persons) = audit.persons {
        text = text!(
            "{measured}; persons with several rows: {several}; alone with all of them together: {alone}",
            measured = text,
            several = Whole(persons.with_several_rows),
            alone = Whole(persons.alone_together)
        );
    }
    if let Some(behind) = &audit.population {
        text = text!(
            "{measured}; expected to be unique in the population: {unique}",
            measured = text,
            unique = Decimal(behind.risk.expected_unique, 1)
        );
    }
    text.insert(0, '\n');
    if let Some(widened) = widened(run) {
        text.insert_str(0, &format!("\n{widened}"));
    }
    if let Some(achieved) = run.recoded {
        let recoding = match (achieved.recoding, achieved.proven_optimal) {
            (Recoding::Local, _) => fixed!("local recoding"),
            (Recoding::Global, true) => fixed!("global recoding, proven optimal"),
            (Recoding::Global, false) => fixed!("global recoding, not proven optimal"),
        };
        let told = plural!(
            achieved.suppressed,
            "to reach k = {k}: {recoding}, loss {loss}, {n} row suppressed, {seconds} s",
            "to reach k = {k}: {recoding}, loss {loss}, {n} rows suppressed, {seconds} s",
            k = achieved.k,
            recoding,
            loss = Decimal(achieved.loss, 4),
            seconds = Decimal(achieved.seconds, 2)
        );
        // Writing to a string does not fail.
        let _ = write!(text, "\n{told}");
    }
    text
}

/// Which brackets were widened, if any.
fn widened(run: &Run<'_>) -> Option<String> {
    let widened = run.plan.widened();
    let columns = widened.iter().map(|(column, brackets)| {
        let values = Whole(*brackets as u64);
        text!("{values} in column `{column}`", values, column)
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    (!widened.is_empty()).then(|| text!("brackets that too few have, widened: {columns}", columns))
}

/// A line for each reason why rows were left out, and for each column that leaves: what was done to
/// it, and what was counted.
pub fn detail(run: &Run<'_>) -> String {
    let mut text = String::new();
    for why in run.left_out() {
        let rows = Whole(why.rows);
        let told = match why.column {
            Some(column) => text!(
                "rows left out by {test}, column `{column}`, {reason}: {rows}",
                test = why.test,
                column,
                reason = counted_as(why.reason),
                rows
            ),
            None => text!("rows that are not in the sample: {rows}", rows),
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{told}");
    }
    if run.tally.blanked > 0 {
        let rows = Whole(run.tally.blanked);
        let _ = writeln!(text, "{}", text!("rows blanked as too old: {rows}", rows));
    }
    for (step, tally) in run.plan.steps.iter().zip(&run.tally.columns) {
        let Some(column) = run.plan.columns.get(step.column) else {
            continue;
        };
        let output = column.output.as_deref().unwrap_or_default();
        let mut told = text!(
            "column {column} → `{output}`, rule {rule}: {missing} missing",
            column = column.input,
            output,
            rule = column.rule.unwrap_or_default(),
            missing = Whole(tally.missing)
        );
        for (position, name) in column.counts.iter().enumerate() {
            let count = tally.counts.get(position).copied().unwrap_or(0);
            let _ = write!(told, ", {} {}", Whole(count), counted_as(name));
        }
        if tally.formulas > 0 {
            let _ = write!(told, ", {}", counted(tally.formulas, "formula"));
        }
        let invalid = Whole(tally.invalid_cells());
        let _ = writeln!(text, "{told}, {}", text!("{invalid} invalid", invalid));
    }
    text
}

/// What a count of the manifest counts, in words.
pub(super) fn counted_as(name: &str) -> String {
    let known = match name {
        "no_postal_code" => fixed!("no postal code"),
        "lost_zero" => fixed!("lost zero"),
        "generalised" => fixed!("generalised"),
        "whole" => fixed!("whole"),
        "not_in_table" => fixed!("not in table"),
        "too_short" => fixed!("too short"),
        "unchanged" => fixed!("unchanged"),
        "no_consent" => fixed!("no consent"),
        "too_old" => fixed!("too old"),
        "not_met" => fixed!("not met"),
        "missing" => fixed!("missing"),
        "invalid" => fixed!("invalid"),
        other => return other.replace('_', " "),
    };
    known.to_string()
}
