//! A JUnit report: a test case for each finding, which failed; one that passed, if there is none.

use crate::base::escape::is_hidden;

use super::{Finding, Findings};

pub(super) fn written(findings: &Findings<'_>) -> String {
    let suite = format!("{} {}", env!("CARGO_PKG_NAME"), findings.command);
    let (suite, path) = (escaped(&suite), escaped(findings.path));
    let failures = findings.findings.len();
    let tests = failures.max(1);
    let cases: String = match findings.findings {
        [] => format!("    <testcase classname=\"{suite}\" name=\"{path}\"/>\n"),
        found => found
            .iter()
            .map(|finding| case(finding, &suite, &path))
            .collect(),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites tests=\"{tests}\" failures=\"{failures}\">\n  \
         <testsuite name=\"{suite}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n\
         {cases}  </testsuite>\n</testsuites>\n"
    )
}

fn case(finding: &Finding, suite: &str, path: &str) -> String {
    let message = escaped(&finding.message);
    let first = message.lines().next().unwrap_or_default();
    format!(
        "    <testcase classname=\"{suite}\" name=\"{path}: {code}\" file=\"{path}\" line=\"{line}\">\n      \
         <failure type=\"{code}\" message=\"{first}\">{message}</failure>\n    </testcase>\n",
        code = finding.code,
        line = finding.line()
    )
}

/// A text in XML, in which a terminal shows all. Characters that XML 1.0 has no place for become a sign that stands for what is not known.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ if c != '\n' && is_hidden(c) && is_of_xml(c) => {
                escaped.push_str(&format!("&#{};", u32::from(c)));
            }
            _ if is_of_xml(c) => escaped.push(c),
            _ => escaped.push('\u{fffd}'),
        }
    }
    escaped
}

fn is_of_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
