//! `journal`: whether a journal is whole, and which exports held which column.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use super::print;
use crate::base::lang::Why;
use crate::base::plural::counted;
use crate::base::{escape, name};
use crate::cli::arguments::JournalCommand;
use crate::report::journal;
use crate::report::journal::{
    CheckedOutput, Ending, Event, Found, JournalError, Known, KnownRun, check_outputs,
};

pub(super) fn journal(command: &JournalCommand) -> anyhow::Result<()> {
    match command {
        JournalCommand::Verify {
            files,
            noted,
            outputs,
        } => verify(files, noted.as_deref(), *outputs),
        JournalCommand::Columns { files, column } => {
            let (_, runs) = journal::runs_of(files, None)?;
            let text = match column {
                Some(column) => exports_of(&runs, column),
                None => all_columns(&runs),
            };
            print(text.as_bytes())
        }
    }
}

fn verify(files: &[PathBuf], noted: Option<&str>, outputs: bool) -> anyhow::Result<()> {
    let (verified, runs) = journal::runs_of(files, noted)?;
    let lines = counted(verified.lines, "line");
    let mut text = text!("{lines}, unbroken", lines) + "\n";
    text += &not_closed(&runs);
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}", text!("last line: {hash}", hash = verified.last));
    if let Some(line) = verified.noted {
        let _ = writeln!(text, "{}", text!("noted hash: that of line {line}", line));
    }
    if !outputs {
        return print(text.as_bytes());
    }
    let (checked, outputs) = check_outputs(&runs);
    for output in &outputs {
        text += &compared(output);
    }
    let outputs_whole = counted(checked.whole, "output");
    let told = text!("{outputs} as published", outputs = outputs_whole);
    let _ = writeln!(text, "{told}");
    print(text.as_bytes())?;
    match checked.whole == outputs.len() as u64 {
        true => Ok(()),
        false => Err(JournalError::Outputs {
            path: files.last().cloned().unwrap_or_default(),
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
    let lines = match lines.as_slice() {
        [line] => text!("line {line}", line),
        more => text!("lines {lines}", lines = more.join(", ")),
    };
    let told = text!(
        "begun and not closed (still running, or killed): {lines}; the output may or may not be there",
        lines
    );
    told + "\n"
}

/// What is there of an output, where there is something to say.
fn compared(output: &CheckedOutput<'_>) -> String {
    let known = &output.run.line;
    let found = match &output.found {
        Found::Whole if output.run.ending == Ending::Published => return String::new(),
        Found::Whole => fixed!("whole, though the run was not closed").to_string(),
        Found::Missing => fixed!("missing").to_string(),
        Found::Different => fixed!("not the file that was published").to_string(),
        Found::Unreadable(why) => text!("cannot be read: {why}", why = Why(why)),
    };
    let path = visible(&known.output.path);
    let line = known.line;
    text!("output of line {line}, {path}: {found}", line, path, found) + "\n"
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
                    let told = text!("line {line}: {rows}", line = known.line, rows);
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
        let mut exports = match (self.exports.first(), self.exports.last()) {
            (Some(first), Some(last)) => text!(
                "{exports}, since {since} (line {first}), last {time} (line {last})",
                exports = counted(self.exports.len(), "export"),
                since = visible(&first.time),
                first = first.line,
                time = visible(&last.time),
                last = last.line
            ),
            _ => fixed!("no export").to_string(),
        };
        if !self.in_part.is_empty() {
            let rows = self.in_part.join("; ");
            exports = text!("{exports}; may have left in part ({rows})", exports, rows);
        }
        let told = text!(
            "column {column} as {outputs}: {exports}",
            column = quoted(input),
            outputs = outputs.join(", "),
            exports
        );
        told + "\n"
    }
}

/// What may have left of a run that published nothing, if anything may.
fn in_part(run: &KnownRun) -> Option<String> {
    if !run.may_have_left() {
        return None;
    }
    let rows = match (run.ending, run.streamed) {
        (
            Ending::NotPublished {
                sent: Some(rows), ..
            },
            _,
        ) => plural!(rows, "{n} row sent", "{n} rows sent"),
        (_, true) => fixed!("number of rows not known").to_string(),
        (_, false) => fixed!("all rows or none").to_string(),
    };
    Some(match run.ending {
        Ending::NotPublished {
            event: Event::Refused,
            ..
        } => text!("refused, {rows}", rows),
        Ending::NotPublished { .. } => text!("failed, {rows}", rows),
        Ending::Published | Ending::Open => text!("not closed, {rows}", rows),
    })
}

fn exports_of(runs: &[KnownRun], column: &str) -> String {
    let key = name::key(column);
    let mut text = String::new();
    for run in runs {
        let known = &run.line;
        let what = match (run.ending, in_part(run)) {
            (Ending::Published, _) => {
                let sha256 = known.output.sha256.as_deref();
                let sha256 = sha256.unwrap_or(fixed!("not known").get());
                format!("SHA-256 {}", visible(sha256))
            }
            (_, Some(rows)) => text!("may have left in part ({rows})", rows),
            (_, None) => continue,
        };
        let entries = known.columns.iter().flatten();
        let is = |name: &str| name::key(name) == key;
        for entry in entries.filter(|entry| is(&entry.input) || is(&entry.output)) {
            let user = known.user.name.as_deref();
            let user = user.unwrap_or(fixed!("no name").get());
            let told = text!(
                "{time} (line {line}): {input} as {output}, rule {rule} of {table}, in {path}, \
                 {what}, by {user} (uid {uid})",
                time = visible(&known.time),
                line = known.line,
                input = quoted(&entry.input),
                output = quoted(&entry.output),
                rule = visible(&entry.rule),
                table = quoted(&known.rules.name),
                path = visible(&known.output.path),
                what,
                user = visible(user),
                uid = known
                    .user
                    .uid
                    .map_or_else(|| "-".to_owned(), |uid| uid.to_string())
            );
            // Writing to a string does not fail.
            let _ = writeln!(text, "{told}");
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
