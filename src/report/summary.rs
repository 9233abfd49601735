//! The line that ends every run, and the details behind it.

use std::fmt::Write;

use super::Run;
use crate::base::plural::counted;
use crate::privacy::audit::Audit;
use crate::privacy::goal::Recoding;
use crate::rules::Formulas;
use crate::rules::policy::OnLeftover;

/// One line: rows in, out and skipped, seconds, speed, warnings; and one on privacy, if that was
/// measured.
pub fn summary(run: &Run<'_>) -> String {
    let warnings = run.warnings.len();
    let left_out = match run.plan.filter {
        Some(_) => format!(", {} left out", run.tally.left_out()),
        None => String::new(),
    };
    let told = run.tally.nobody.told();
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let nobody = match told.as_slice() {
        [] => String::new(),
        told => format!(" ({})", told.join(", ")),
    };
    let mut text = format!(
        "{} in, {} out, {} skipped{nobody}{left_out}; {:.2} s, {:.0} MB/s; {}",
        counted(run.tally.rows, "row"),
        run.tally.written,
        run.tally.skipped(),
        run.seconds,
        run.input.bytes as f64 / 1e6 / run.seconds.max(1e-9),
        counted(warnings, "warning"),
    );
    if let Some(status) = run.status() {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{}", status.en);
    }
    let finds = run.leftovers.finds();
    if finds > 0 {
        let fate = match run.leftovers.policy {
            OnLeftover::Mask => "masked",
            OnLeftover::Warn | OnLeftover::Fail => "let go",
        };
        // Writing to a string does not fail.
        let _ = write!(text, "\nleft over in kept columns: {finds}, {fate}");
    }
    let formulas = run.tally.formulas();
    if formulas > 0 {
        let fate = match run.formulas {
            Formulas::Escape => "escaped with a '",
            Formulas::Warn | Formulas::Refuse | Formulas::Keep => "left as they are",
        };
        // Writing to a string does not fail.
        let _ = write!(text, "\nformulas in kept columns: {formulas}, {fate}");
    }
    text.extend(run.audit.map(|audit| privacy(run, audit)));
    text
}

/// What was measured of the rows that were written, and how they came to be so.
fn privacy(run: &Run<'_>, audit: &Audit) -> String {
    let small = &audit.sizes.small;
    let mut text = format!(
        "\nprivacy: k = {} over {}, {}, {} of {} alone",
        small.k,
        counted(audit.columns, "quasi-identifying column"),
        counted(small.classes, "class"),
        small.unique_rows,
        counted(
            audit.sizes.rows,
            if audit.persons.is_some() {
                "person"
            } else {
                "row"
            }
        ),
    );
    if let Some(persons) = audit.persons {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "; {} with several rows, {} alone with all of them together",
            persons.with_several_rows, persons.alone_together,
        );
    }
    if let Some(achieved) = run.recoded {
        let proven = match (achieved.recoding, achieved.proven_optimal) {
            (Recoding::Local, _) => "",
            (Recoding::Global, true) => ", proven optimal",
            (Recoding::Global, false) => ", not proven optimal",
        };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "\nto reach k = {}: {} recoding{proven}, loss {:.4}, {} suppressed, {:.2} s",
            achieved.k,
            achieved.recoding.name(),
            achieved.loss,
            counted(achieved.suppressed, "row"),
            achieved.seconds,
        );
    }
    text
}

/// A line for each reason why rows were left out, and for each column that leaves: what was done to
/// it, and what was counted.
pub fn detail(run: &Run<'_>) -> String {
    let mut text = String::new();
    for why in run.left_out() {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "rows left out by {}, column `{}`, {}: {}",
            why.test,
            why.column,
            why.reason.replace('_', " "),
            why.rows
        );
    }
    if run.tally.blanked > 0 {
        let _ = writeln!(text, "rows blanked as too old: {}", run.tally.blanked);
    }
    for (step, tally) in run.plan.steps.iter().zip(&run.tally.columns) {
        let Some(column) = run.plan.columns.get(step.column) else {
            continue;
        };
        let output = column.output.as_deref().unwrap_or_default();
        // Writing to a string does not fail.
        let _ = write!(text, "column {} → `{output}`", column.input);
        let _ = write!(
            text,
            ", rule {}: {} missing",
            column.rule.unwrap_or_default(),
            tally.missing
        );
        for (position, name) in column.counts.iter().enumerate() {
            let count = tally.counts.get(position).copied().unwrap_or(0);
            let _ = write!(text, ", {count} {}", name.replace('_', " "));
        }
        if tally.formulas > 0 {
            let _ = write!(text, ", {}", counted(tally.formulas, "formula"));
        }
        let _ = writeln!(text, ", {} invalid", tally.invalid_cells());
    }
    text
}
