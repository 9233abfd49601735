//! Workflow commands of GitHub Actions: one line for each finding, shown beside the file.

use super::{Finding, Findings};
use crate::base::escape;

pub(super) fn written(findings: &Findings<'_>) -> String {
    let lines = findings
        .findings
        .iter()
        .map(|finding| line(findings, finding));
    lines.collect()
}

fn line(findings: &Findings<'_>, finding: &Finding) -> String {
    let place = finding.place.map_or_else(String::new, |(line, column)| {
        format!(",line={line},col={column}")
    });
    format!(
        "::error file={}{place},title={}::{}\n",
        property(findings.path),
        property(finding.code),
        data(&finding.message)
    )
}

/// A text behind `::`, in which a line end would begin a command.
fn data(text: &str) -> String {
    let text = escape::message(text);
    text.replace('%', "%25").replace('\n', "%0A")
}

/// The value of a property, in which `:` and `,` mean something too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
