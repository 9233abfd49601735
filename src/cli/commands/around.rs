//! The commands around the main job: what they print is made from what the program knows.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use super::print;
use crate::cli::arguments::{Arguments, RulesArguments};
use crate::cli::exit::Error;
use crate::cli::reference;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::rules::table;
use crate::rules::table::TableError;

/// Prints the rule kinds, one of them, or a built-in rule table.
pub(super) fn rules(arguments: &RulesArguments) -> anyhow::Result<()> {
    if arguments.kinds {
        return print(reference::list().as_bytes());
    }
    if let Some(kind) = arguments.explain {
        return print(reference::explain(kind).as_bytes());
    }
    let name = &arguments.name;
    let is_file = table::builtin(name).is_none() && Path::new(name).is_file();
    if is_file {
        return Err(Error::NotBuiltin { path: name.into() }.into());
    }
    let text = table::builtin(name).ok_or_else(|| TableError::Unknown { name: name.clone() })?;
    print(text.as_bytes())
}

/// Prints a completion script.
pub(super) fn completions(shell: Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut Arguments::command(),
        env!("CARGO_PKG_NAME"),
        &mut script,
    );
    print(&script)
}

/// Prints the manual page.
pub(super) fn man() -> anyhow::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut page)
        .map_err(|source| IoError::Write {
            what: Target::Stdout,
            source,
        })?;
    print(&page)
}
