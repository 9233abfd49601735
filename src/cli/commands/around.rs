//! The commands around the main job: what they print is made from what the program knows.

use clap::CommandFactory;
use clap_complete::Shell;

use super::print;
use crate::cli::arguments::Arguments;
use crate::cli::exit::{Error, Target};
use crate::rules::table;
use crate::rules::table::TableError;

/// Prints a built-in rule table.
pub(super) fn rules(name: &str) -> Result<(), Error> {
    let text = table::builtin(name).ok_or_else(|| TableError::Unknown {
        name: name.to_owned(),
    })?;
    print(text.as_bytes())
}

/// Prints a completion script.
pub(super) fn completions(shell: Shell) -> Result<(), Error> {
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
pub(super) fn man() -> Result<(), Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut page)
        .map_err(|source| Error::Write {
            what: Target::Stdout,
            source,
        })?;
    print(&page)
}
