//! The commands around the main job: what they print is made from what the program knows.

use std::io;
use std::path::Path;

use clap_complete::Shell;

use super::{print, print_text};
use crate::cli::arguments::{AuditFormat, ManArguments, RulesArguments};
use crate::cli::exit::Error;
use crate::cli::reference;
use crate::cli::{completion, manual};
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::report::ChangedTable;
use crate::rules::table;
use crate::rules::table::{RuleTable, TableError};

/// Prints the rule kinds, one of them, or a built-in rule table.
pub(super) fn rules(arguments: &RulesArguments) -> anyhow::Result<()> {
    if arguments.kinds {
        return print(reference::list().as_bytes());
    }
    if let Some(kind) = arguments.explain {
        return print(reference::explain(kind).as_bytes());
    }
    if let Some([old, new]) = arguments.diff.as_deref() {
        return diff(old, new, arguments);
    }
    let name = &arguments.name;
    let is_file = table::builtin(name).is_none() && Path::new(name).is_file();
    if is_file {
        return Err(Error::NotBuiltin { path: name.into() }.into());
    }
    let text = table::builtin(name).ok_or_else(|| TableError::Unknown { name: name.clone() })?;
    print(text.as_bytes())
}

/// Prints what has changed from one rule table to another.
fn diff(old: &str, new: &str, arguments: &RulesArguments) -> anyhow::Result<()> {
    let differences = RuleTable::differences(old, new)?;
    let changed = ChangedTable {
        old,
        new,
        differences: &differences,
    };
    match arguments.format {
        AuditFormat::Text => print_text(&changed.text())?,
        AuditFormat::Json => print(changed.json().as_bytes())?,
    }
    match changed.weaker() {
        changes @ 1.. if arguments.refuse_weaker => Err(Error::Weaker { changes }.into()),
        _ => Ok(()),
    }
}

/// Prints a completion script.
pub(super) fn completions(shell: Shell) -> anyhow::Result<()> {
    print(&completion::script(shell).map_err(to_stdout)?)
}

/// Prints a manual page, or writes them all into a folder.
pub(super) fn man(arguments: &ManArguments) -> anyhow::Result<()> {
    let Some(folder) = &arguments.into else {
        return print(&manual::page(arguments.page.as_deref()).map_err(to_stdout)?);
    };
    Ok(manual::write_all(folder)?)
}

fn to_stdout(source: io::Error) -> IoError {
    let what = Target::Stdout;
    IoError::Write { what, source }
}
