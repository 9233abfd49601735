//! The line that ends every run, and the details behind it.

use std::fmt::Write;

use super::Run;

/// One line: rows in, out and skipped, seconds, speed, warnings.
pub fn summary(run: &Run<'_>) -> String {
    let warnings = run.warnings.len();
    format!(
        "{} rows in, {} out, {} skipped; {:.2} s, {:.0} MB/s; {warnings} warning{}",
        run.tally.rows,
        run.tally.written,
        run.tally.skipped(),
        run.seconds,
        run.input.bytes as f64 / 1e6 / run.seconds.max(1e-9),
        if warnings == 1 { "" } else { "s" },
    )
}

/// A line for each column that leaves: what was done to it, and what was counted.
pub fn detail(run: &Run<'_>) -> String {
    let mut text = String::new();
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
        let _ = writeln!(text, ", {} invalid", tally.invalid_cells());
    }
    text
}
