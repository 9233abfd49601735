//! What is said on standard error: sentences, or with `--log json` one line of JSON for each event.
//!
//! Neither has a place for a cell: events are made of codes, counts, paths, and the same messages.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{SecondsFormat, Utc};
use serde::Serialize;

use crate::base::error::Coded;
use crate::base::escape;
use crate::cli::arguments::{Arguments, Command, LogArguments, LogFormat};
use crate::cli::exit;
use crate::report::Run;

/// Whether events are lines of JSON.
static JSON: AtomicBool = AtomicBool::new(false);

/// Whether nothing is warned about.
static SILENT: AtomicBool = AtomicBool::new(false);

/// Makes this the form of all that is said from now on.
pub(crate) fn set(log: Option<&LogArguments>) {
    let Some(log) = log else {
        return;
    };
    JSON.store(log.log == LogFormat::Json, Ordering::Relaxed);
    SILENT.store(!log.warns(), Ordering::Relaxed);
}

/// Whether events are lines of JSON.
pub(crate) fn is_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    #[serde(flatten)]
    event: Event<'a>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event<'a> {
    Start {
        tool: &'static str,
        version: &'static str,
        input: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        output: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rules: Option<&'a str>,
    },
    Warning {
        code: &'static str,
        message: String,
    },
    Message {
        message: String,
    },
    End {
        status: u8,
        outcome: &'static str,
        #[serde(flatten)]
        how: How<'a>,
    },
}

/// How a run ended.
#[derive(Serialize)]
#[serde(untagged)]
enum How<'a> {
    Published {
        input: &'a str,
        output: &'a str,
        seconds: f64,
        rows_read: u64,
        rows_written: u64,
        rows_skipped: u64,
        rows_left_out: u64,
        bytes_read: u64,
        bytes_written: u64,
        warnings: usize,
    },
    Done {},
    Stopped {
        codes: Vec<&'static str>,
        message: String,
    },
}

/// Says something on standard error, with what a terminal would take for more escaped; that nobody
/// can hear it is no reason to stop. Every message of the program goes through here.
pub(crate) fn say(text: impl Display) {
    let message = text.to_string();
    match is_json() {
        true => write(Event::Message { message }),
        false => {
            let _ = writeln!(io::stderr(), "crm-anon: {}", escape::message(&message));
        }
    }
}

/// Warns of something.
pub(crate) fn warn<W: Coded + Display>(warning: &W) {
    if SILENT.load(Ordering::Relaxed) {
        return;
    }
    match is_json() {
        true => write(Event::Warning {
            code: warning.code(),
            message: warning.to_string(),
        }),
        false => say(text!("warning: {warning}", warning)),
    }
}

/// That a run begins; sentences do not say so.
pub(crate) fn start(input: &str, output: Option<&str>, rules: Option<&str>) {
    if is_json() {
        write(Event::Start {
            tool: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            input,
            output,
            rules,
        });
    }
}

/// That a command begins that reads a file and is no run. Gives whether it is one.
pub(crate) fn begin(arguments: &Arguments) -> bool {
    let shown = |path: &Path| path.display().to_string();
    match &arguments.command {
        Some(Command::Audit(arguments)) if arguments.input.is_some() => {
            let input = arguments.input.as_deref().unwrap_or(Path::new("-"));
            start(&shown(input), None, Some(&arguments.columns.rules));
        }
        Some(Command::Compare(arguments)) => {
            for path in [&arguments.old].into_iter().chain(&arguments.new) {
                start(&shown(path), None, Some(&arguments.columns.rules));
            }
        }
        Some(Command::Inspect(arguments)) => start(&shown(&arguments.input), None, None),
        Some(Command::Reveal(arguments)) => {
            let output = shown(&arguments.text.output);
            start(&shown(&arguments.input), Some(&output), None);
        }
        Some(Command::Rekey(arguments)) => {
            let output = shown(&arguments.text.output);
            start(&shown(&arguments.input), Some(&output), None);
        }
        _ => return false,
    }
    true
}

/// That such a command has done what it was asked for.
pub(crate) fn done() {
    if is_json() {
        write(Event::End {
            status: 0,
            outcome: "done",
            how: How::Done {},
        });
    }
}

/// That a run has published its output, or would have. Gives whether it was said: sentences say more.
pub(crate) fn end(run: &Run<'_>) -> bool {
    if !is_json() {
        return false;
    }
    let tally = run.tally;
    write(Event::End {
        status: 0,
        outcome: match run.published {
            true => "published",
            false => "rehearsed",
        },
        how: How::Published {
            input: &run.input.path,
            output: &run.output.path,
            seconds: run.seconds,
            rows_read: tally.rows,
            rows_written: tally.written,
            rows_skipped: tally.skipped(),
            rows_left_out: tally.left_out(),
            bytes_read: run.input.bytes,
            bytes_written: run.output.bytes,
            warnings: run.warnings.len(),
        },
    });
    true
}

/// Says why the program ends.
pub fn tell(error: &anyhow::Error) {
    if !is_json() {
        return say(error);
    }
    let status = exit::status(error);
    write(Event::End {
        status,
        outcome: match status {
            2..=4 => "refused",
            _ => "failed",
        },
        how: How::Stopped {
            codes: exit::codes(error),
            message: error.to_string(),
        },
    });
}

fn write(event: Event<'_>) {
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    // Only a map with keys that are no strings could fail, and there is none.
    let line = serde_json::to_string(&Line { time, event });
    let mut line = escape::json(line.unwrap_or_default());
    line.push('\n');
    let _ = io::stderr().write_all(line.as_bytes());
}
