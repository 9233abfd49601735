//! The commands around the main job: what they print is made from what the program knows.

use clap::CommandFactory;
use clap_complete::Shell;

use super::print;
use crate::arguments::Arguments;
use crate::error::{Error, Target};
use crate::table::{self, TableError};

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
