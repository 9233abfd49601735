//! `journal`: whether a journal is whole, and which exports held which column.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::print;
use crate::base::{escape, name};
use crate::cli::arguments::JournalCommand;
use crate::report::journal;
use crate::report::journal::{
    CheckedOutput, Ending, Event, Found, JournalError, Known, KnownRun, check_outputs,
};

/// Does what is asked of a journal.
pub(super) fn journal(command: &JournalCommand) -> anyhow::Result<()> {
    match command {
        JournalCommand::Verify {
            file,
            noted,
            outputs,
        } => verify(file, noted.as_deref(), *outputs),
        JournalCommand::Columns { file, column } => {
            let (_, runs) = journal::runs(file, None)?;
            let text = match column {
                Some(column) => exports_of(&runs, column),
                None => all_columns(&runs),
            };
            print(text.as_bytes())
        }
    }
}

fn verify(file: &Path, noted: Option<&str>, outputs: bool) -> anyhow::Result<()> {
    let (verified, runs) = journal::runs(file, noted)?;
    let mut text = format!("{}, unbroken\n", counted(verified.lines, "line"));
    text += &not_closed(&runs);
    // Writing to a string does not fail.
    let _ = writeln!(text, "last line: {}", verified.last);
    if let Some(line) = verified.noted {
        let _ = writeln!(text, "noted hash: that of line {line}");
    }
    if !outputs {
        return print(text.as_bytes());
    }
    let (checked, outputs) = check_outputs(&runs);
    for output in &outputs {
        text += &compared(output);
    }
    let whole = counted(checked.whole, "output");
    let _ = writeln!(text, "{whole} as published");
    print(text.as_bytes())?;
    match checked.whole == outputs.len() as u64 {
        true => Ok(()),
        false => Err(JournalError::Outputs {
            path: file.to_owned(),
            checked,
        }
        .into()),
    }
}

/// Which runs no line closes.
fn not_closed(runs: &[KnownRun]) -> String {
    let open = runs.iter().filter(|run| run.ending == Ending::Open);
    let lines: Vec<String> = open.map(|run| run.line.line.to_string()).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!(
        "begun and not closed (still running, or killed): {}; the output may or may not be there\n",
        listed("line", &lines)
    )
}

/// What is there of an output, where there is something to say.
fn compared(output: &CheckedOutput<'_>) -> String {
    let known = &output.run.line;
    let found = match &output.found {
        Found::Whole if output.run.ending == Ending::Published => return String::new(),
        Found::Whole => "whole, though the run was not closed".to_owned(),
        Found::Missing => "missing".to_owned(),
        Found::Different => "not the file that was published".to_owned(),
        Found::Unreadable(why) => format!("cannot be read: {why}"),
    };
    let path = visible(&known.output.path);
    format!("output of line {}, {path}: {found}\n", known.line)
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn listed(what: &str, items: &[String]) -> String {
    let s = if items.len() == 1 { "" } else { "s" };
    format!("{what}{s} {}", items.join(", "))
}

/// What is known of a column that left.
#[derive(Default)]
struct Column<'a> {
    outputs: Vec<&'a str>,
    /// The runs that published it.
    exports: Vec<&'a Known>,
    /// Those that may have let rows leave, and how many.
    in_part: Vec<String>,
}

fn all_columns(runs: &[KnownRun]) -> String {
    let mut columns: BTreeMap<&str, Column<'_>> = BTreeMap::new();
    for run in runs {
        let known = &run.line;
        for entry in known.columns.iter().flatten() {
            let in_part = in_part(run);
            if run.ending != Ending::Published && in_part.is_none() {
                continue;
            }
            let column = columns.entry(&entry.input).or_default();
            if !column.outputs.contains(&entry.output.as_str()) {
                column.outputs.push(&entry.output);
            }
            match in_part {
                None if column
                    .exports
                    .last()
                    .is_none_or(|last| last.line != known.line) =>
                {
                    column.exports.push(known);
                }
                None => {}
                Some(rows) => {
                    let told = format!("line {}: {rows}", known.line);
                    if column.in_part.last() != Some(&told) {
                        column.in_part.push(told);
                    }
                }
            }
        }
    }
    let lines = columns.iter().map(|(input, column)| column.line(input));
    lines.collect()
}

impl Column<'_> {
    fn line(&self, input: &str) -> String {
        let outputs: Vec<String> = self.outputs.iter().map(|name| quoted(name)).collect();
        let mut line = format!("column {} as {}: ", quoted(input), outputs.join(", "));
        match (self.exports.first(), self.exports.last()) {
            (Some(first), Some(last)) => {
                line += &format!(
                    "{}, since {} (line {}), last {} (line {})",
                    counted(self.exports.len() as u64, "export"),
                    visible(&first.time),
                    first.line,
                    visible(&last.time),
                    last.line,
                );
            }
            _ => line += "no export",
        }
        if !self.in_part.is_empty() {
            line += &format!("; may have left in part ({})", self.in_part.join("; "));
        }
        line.push('\n');
        line
    }
}

/// What may have left of a run that published nothing, if anything may.
fn in_part(run: &KnownRun) -> Option<String> {
    if !run.may_have_left() {
        return None;
    }
    let ended = match run.ending {
        Ending::NotPublished {
            event: Event::Refused,
            ..
        } => "refused",
        Ending::NotPublished { .. } => "failed",
        Ending::Published | Ending::Open => "not closed",
    };
    let rows = match (run.ending, run.streamed) {
        (
            Ending::NotPublished {
                sent: Some(rows), ..
            },
            _,
        ) => format!("{} sent", counted(rows, "row")),
        (_, true) => "number of rows not known".to_owned(),
        (_, false) => "all rows or none".to_owned(),
    };
    Some(format!("{ended}, {rows}"))
}

fn exports_of(runs: &[KnownRun], column: &str) -> String {
    let key = name::key(column);
    let mut text = String::new();
    for run in runs {
        let known = &run.line;
        let what = match (run.ending, in_part(run)) {
            (Ending::Published, _) => {
                let sha256 = known.output.sha256.as_deref().unwrap_or("not known");
                format!("SHA-256 {}", visible(sha256))
            }
            (_, Some(rows)) => format!("may have left in part ({rows})"),
            (_, None) => continue,
        };
        let entries = known.columns.iter().flatten();
        let is = |name: &str| name::key(name) == key;
        for entry in entries.filter(|entry| is(&entry.input) || is(&entry.output)) {
            let user = known.user.name.as_deref().unwrap_or("no name");
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{} (line {}): {} as {}, rule {} of {}, in {}, {what}, by {} (uid {})",
                visible(&known.time),
                known.line,
                quoted(&entry.input),
                quoted(&entry.output),
                visible(&entry.rule),
                quoted(&known.rules.name),
                visible(&known.output.path),
                visible(user),
                known.user.uid,
            );
        }
    }
    text
}

fn quoted(name: &str) -> String {
    format!("`{}`", visible(name))
}

/// What a terminal cannot take for a command: a journal may be anybody's.
fn visible(text: &str) -> String {
    escape::line(text).into_owned()
}
