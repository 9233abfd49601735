//! SARIF 2.1.0, which code scanning services read.

use serde_json::{Value, json};

use super::{Finding, Findings};

pub(super) fn written(findings: &Findings<'_>) -> String {
    let mut codes: Vec<&str> = findings
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let results = findings
        .findings
        .iter()
        .map(|finding| result(findings, &codes, finding));
    let results: Vec<Value> = results.collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| json!({ "id": code, "shortDescription": { "text": (findings.meaning)(code) } }))
        .collect();
    crate::report::json::text(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "invocations": [{
                "executionSuccessful": matches!(findings.status, 0 | 3 | 4),
                "exitCode": findings.status,
            }],
            "results": results,
        }],
    }))
}

fn result(findings: &Findings<'_>, codes: &[&str], finding: &Finding) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(findings.path) } });
    if let (Some((line, column)), Some(place)) = (finding.place, place.as_object_mut()) {
        let region = json!({ "startLine": line, "startColumn": column });
        place.insert("region".to_owned(), region);
    }
    json!({
        "ruleId": finding.code,
        "ruleIndex": codes.binary_search(&finding.code).unwrap_or_default(),
        "level": "error",
        "message": { "text": finding.message },
        "locations": [{ "physicalLocation": place }],
    })
}

/// A path as a reference in a URI: what is neither a letter, a digit nor one of `-._~/` is written as `%XX`.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
