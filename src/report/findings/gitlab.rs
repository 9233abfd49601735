//! A code quality report of GitLab: a list of findings, each with a fingerprint that stays the same as long as it does.

use serde_json::{Value, json};

use super::{Finding, Findings};
use crate::base::sha256;

pub(super) fn written(findings: &Findings<'_>) -> String {
    let found = findings
        .findings
        .iter()
        .map(|finding| entry(findings, finding));
    crate::report::json::text(&Value::Array(found.collect()))
}

fn entry(findings: &Findings<'_>, finding: &Finding) -> Value {
    let same = [
        findings.command, findings.path, finding.code, &finding.message,
    ]
    .join("\n");
    json!({
        "description": finding.message,
        "check_name": finding.code,
        "fingerprint": sha256::of(same.as_bytes()),
        "severity": "major",
        "location": { "path": findings.path, "lines": { "begin": finding.line() } },
    })
}
