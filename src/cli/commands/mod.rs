//! What each command does, from its arguments on.

mod anonymise;
mod around;
mod audit;
mod beginning;
mod files;
mod goal;
mod inspect;
mod journal;
mod keygen;
mod progress;
mod record;
mod reveal;
mod rows;
mod sql;

use std::io::{self, Write};

use crate::cli::arguments::{Arguments, Command};
use crate::io::csv::Reader;
use crate::io::error::Error as IoError;
use crate::io::error::Target;

/// Does what the arguments say.
///
/// # Errors
/// [`Error`], whose [exit code](Error::exit_code) is the program's.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        None => anonymise::anonymise(&arguments.anonymise),
        Some(Command::Audit(arguments)) => audit::audit(&arguments),
        Some(Command::Inspect(arguments)) => inspect::inspect(&arguments),
        Some(Command::Keygen(arguments)) => keygen::keygen(&arguments),
        Some(Command::Reveal(arguments)) => reveal::reveal(&arguments),
        Some(Command::Journal(command)) => journal::journal(&command),
        Some(Command::Rules(arguments)) => around::rules(&arguments),
        Some(Command::Sql(arguments)) => sql::sql(&arguments),
        Some(Command::Completions { shell }) => around::completions(shell),
        Some(Command::Man) => around::man(),
    }
}

/// Prints a text on standard output.
fn print(text: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    let printed = stdout.write_all(text).and_then(|()| stdout.flush());
    Ok(printed.map_err(|source| IoError::Write {
        what: Target::Stdout,
        source,
    })?)
}

/// Says what was recognised in an input beside plain CSV.
fn tell_quirks(reader: &Reader) {
    for quirk in reader.quirks() {
        say(format_args!("warning: {quirk}"));
    }
}

/// Says something on standard error; that nobody can hear it is no reason to stop.
fn say(text: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "crm-anon: {text}");
}
