//! What a command found, in the forms that services for continuous integration show.

use super::print;
use crate::cli::codes::{REFUSALS, WARNINGS};
use crate::cli::exit;
use crate::cli::exit::Error;
use crate::report::{Finding, Findings, FindingsForm};
use crate::rules::table::TableError;

/// Prints what a command found, in this form, and gives what it ended with.
pub(super) fn tell(
    command: &'static str,
    path: &str,
    form: FindingsForm,
    done: anyhow::Result<()>,
) -> anyhow::Result<()> {
    let found = done.as_ref().err().map_or_else(Vec::new, found);
    let text = Findings {
        command,
        path,
        status: done.as_ref().map_or_else(exit::status, |()| 0),
        findings: &found,
        meaning,
    };
    let printed = print(text.written(form).as_bytes());
    done.and(printed)
}

/// What an error is made of: each threshold that was missed and each column that has changed is a finding.
fn found(error: &anyhow::Error) -> Vec<Finding> {
    use crate::base::error::Coded as _;

    let finding = |code, message| Finding {
        code,
        message,
        place: None,
    };
    match error.downcast_ref() {
        Some(Error::Missed { misses, .. }) => {
            let misses = misses.iter();
            return misses
                .map(|miss| finding(miss.code(), miss.to_string()))
                .collect();
        }
        Some(Error::Drift(drift)) => {
            let changes = drift.0.iter();
            return changes
                .map(|change| finding(change.code(), change.to_string()))
                .collect();
        }
        _ => {}
    }
    let place = match error.downcast_ref() {
        Some(TableError::Wrong { line, column, .. }) => Some((*line, *column)),
        _ => None,
    };
    let code = exit::codes(error).first().copied().unwrap_or_default();
    vec![Finding {
        place,
        ..finding(code, error.to_string())
    }]
}

/// What a code stands for.
fn meaning(code: &str) -> &'static str {
    let all = WARNINGS.iter().chain(REFUSALS).copied().flatten();
    let mut known = all.filter(|(known, _)| *known == code);
    known.next().map_or("", |(_, meaning)| meaning)
}
