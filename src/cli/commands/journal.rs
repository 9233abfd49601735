//! `journal`: whether a journal is whole, and which exports held which column.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::print;
use crate::base::{escape, name};
use crate::cli::arguments::JournalCommand;
use crate::cli::exit::Error;
use crate::report::journal;
use crate::report::journal::{Event, Known};

/// Does what is asked of a journal.
pub(super) fn journal(command: &JournalCommand) -> Result<(), Error> {
    let text = match command {
        JournalCommand::Verify { file, noted } => verified(file, noted.as_deref())?,
        JournalCommand::Columns { file, column } => match column {
            Some(column) => exports_of(file, column)?,
            None => all_columns(file)?,
        },
    };
    print(text.as_bytes())
}

fn verified(file: &Path, noted: Option<&str>) -> Result<String, Error> {
    let verified = journal::verify(file, noted, &mut |_| ())?;
    let lines = verified.lines;
    let s = if lines == 1 { "" } else { "s" };
    let mut text = format!("{lines} line{s}, unbroken\nlast line: {}\n", verified.last);
    if let Some(line) = verified.noted {
        // Writing to a string does not fail.
        let _ = writeln!(text, "noted hash: that of line {line}");
    }
    Ok(text)
}

/// The lines of a journal that tell of an output that left. What was published and then failed did
/// not; what was begun on a stream and has no such line behind it may have left in part.
fn outputs(file: &Path) -> Result<Vec<Known>, Error> {
    let mut outputs: Vec<Known> = Vec::new();
    journal::verify(file, None, &mut |known| match known.event {
        Event::Published => outputs.push(known.clone()),
        Event::Failed => {
            // Both lines were written under one lock.
            outputs.pop_if(|last| last.line + 1 == known.line);
        }
        Event::Begun | Event::Refused => {}
    })?;
    Ok(outputs)
}

/// What is known of a column that left.
struct Column<'a> {
    outputs: Vec<&'a str>,
    first: &'a Known,
    last: &'a Known,
    exports: u64,
}

fn all_columns(file: &Path) -> Result<String, Error> {
    let outputs = outputs(file)?;
    let mut columns: BTreeMap<&str, Column<'_>> = BTreeMap::new();
    for known in &outputs {
        for entry in known.columns.iter().flatten() {
            let column = columns.entry(&entry.input).or_insert(Column {
                outputs: Vec::new(),
                first: known,
                last: known,
                exports: 0,
            });
            if column.exports == 0 || column.last.line != known.line {
                column.exports += 1;
            }
            column.last = known;
            if !column.outputs.contains(&entry.output.as_str()) {
                column.outputs.push(&entry.output);
            }
        }
    }
    let mut text = String::new();
    for (input, column) in columns {
        let outputs: Vec<String> = column.outputs.iter().map(|name| quoted(name)).collect();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "column {} as {}: {} export{}, since {} (line {}), last {} (line {})",
            quoted(input),
            outputs.join(", "),
            column.exports,
            if column.exports == 1 { "" } else { "s" },
            visible(&column.first.time),
            column.first.line,
            visible(&column.last.time),
            column.last.line,
        );
    }
    Ok(text)
}

fn exports_of(file: &Path, column: &str) -> Result<String, Error> {
    let key = name::key(column);
    let mut text = String::new();
    for known in &outputs(file)? {
        let entries = known.columns.iter().flatten();
        let is = |name: &str| name::key(name) == key;
        for entry in entries.filter(|entry| is(&entry.input) || is(&entry.output)) {
            let user = known.user.name.as_deref().unwrap_or("no name");
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{} (line {}): {} as {}, rule {} of {}, in {}, SHA-256 {}, by {} (uid {})",
                visible(&known.time),
                known.line,
                quoted(&entry.input),
                quoted(&entry.output),
                visible(&entry.rule),
                quoted(&known.rules.name),
                visible(&known.output.path),
                visible(known.output.sha256.as_deref().unwrap_or("not known")),
                visible(user),
                known.user.uid,
            );
        }
    }
    Ok(text)
}

fn quoted(name: &str) -> String {
    format!("`{}`", visible(name))
}

/// What a terminal cannot take for a command: a journal may be anybody's.
fn visible(text: &str) -> String {
    escape::line(text).into_owned()
}
