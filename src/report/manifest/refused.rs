//! The JSON record of a run that was refused: it takes the place of the record of the run before, which
//! would else be taken for this one's.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::report::RuleFile;

/// What is known of a run that was refused.
pub struct RefusedRun<'a> {
    /// When it began.
    pub started: DateTime<Utc>,
    /// The input, as the user named it.
    pub input: String,
    /// The bytes of the input, if it was read to its end.
    pub bytes: Option<u64>,
    /// Their SHA-256, likewise.
    pub sha256: Option<String>,
    /// Where the output would be.
    pub output: String,
    /// The rule table's name.
    pub table: &'a str,
    /// The SHA-256 of the rule table and the files that it names.
    pub table_sha256: &'a str,
    /// The SHA-256 of the rule table's text.
    pub table_text_sha256: &'a str,
    /// The files that the rule table names.
    pub table_files: Vec<RuleFile>,
    /// The status that the program ends with.
    pub exit_status: u8,
    /// Why it was refused.
    pub codes: Vec<&'static str>,
}

#[derive(Serialize)]
struct Refused<'a> {
    tool: &'static str,
    version: &'static str,
    started: String,
    finished: String,
    status: &'static str,
    exit_status: u8,
    codes: &'a [&'static str],
    input: Input<'a>,
    output: Output<'a>,
    rules: super::Rules<'a>,
}

#[derive(Serialize)]
struct Input<'a> {
    path: &'a str,
    bytes: Option<u64>,
    sha256: Option<&'a str>,
}

#[derive(Serialize)]
struct Output<'a> {
    path: &'a str,
}

/// The manifest of a run that was refused, as indented JSON with a line end.
pub fn refused(run: RefusedRun<'_>) -> String {
    let stamp = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
    let refused = Refused {
        tool: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        started: stamp(run.started),
        finished: stamp(Utc::now()),
        status: "refused",
        exit_status: run.exit_status,
        codes: &run.codes,
        input: Input {
            path: &run.input,
            bytes: run.bytes,
            sha256: run.sha256.as_deref(),
        },
        output: Output { path: &run.output },
        rules: super::Rules {
            name: run.table,
            sha256: run.table_sha256,
            table_sha256: run.table_text_sha256,
            files: run.table_files,
        },
    };
    crate::report::json::text(&refused)
}
