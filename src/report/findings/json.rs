//! Findings for programs of one's own.

use serde_json::{Value, json};

use super::{Finding, Findings};

pub(super) fn written(findings: &Findings<'_>) -> String {
    let found: Vec<Value> = findings.findings.iter().map(entry).collect();
    crate::report::json::text(&json!({
        "tool": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "command": findings.command,
        "path": findings.path,
        "status": findings.status,
        "findings": found,
    }))
}

fn entry(finding: &Finding) -> Value {
    let mut entry = json!({ "code": finding.code, "message": finding.message });
    if let (Some((line, column)), Some(entry)) = (finding.place, entry.as_object_mut()) {
        entry.insert("line".to_owned(), line.into());
        entry.insert("column".to_owned(), column.into());
    }
    entry
}
