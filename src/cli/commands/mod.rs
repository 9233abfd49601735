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

use crate::base::escape;
use crate::cli::arguments::{Arguments, Command};
use crate::cli::exit::{Error, Target};

/// Does what the arguments say.
///
/// # Errors
/// [`Error`], whose [exit code](Error::exit_code) is the program's.
pub fn run(arguments: Arguments) -> Result<(), Error> {
    match arguments.command {
        None => anonymise::anonymise(&arguments.anonymise),
        Some(Command::Audit(arguments)) => audit::audit(&arguments),
        Some(Command::Inspect(arguments)) => inspect::inspect(&arguments),
        Some(Command::Keygen(arguments)) => keygen::keygen(&arguments),
        Some(Command::Reveal(arguments)) => reveal::reveal(&arguments),
        Some(Command::Journal(command)) => journal::journal(&command),
        Some(Command::Rules { name }) => around::rules(&name),
        Some(Command::Sql(arguments)) => sql::sql(&arguments),
        Some(Command::Completions { shell }) => around::completions(shell),
        Some(Command::Man) => around::man(),
    }
}

/// Prints a text on standard output.
fn print(text: &[u8]) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    let printed = stdout.write_all(text).and_then(|()| stdout.flush());
    printed.map_err(|source| Error::Write {
        what: Target::Stdout,
        source,
    })
}

/// Prints a text for people on standard output, with what a terminal would take for more escaped.
fn print_text(text: &str) -> Result<(), Error> {
    print(escape::message(text).as_bytes())
}

/// Says something on standard error, with what a terminal would take for more escaped; that nobody
/// can hear it is no reason to stop. Every message of the program goes through here.
pub fn say(text: impl std::fmt::Display) {
    let text = text.to_string();
    let _ = writeln!(io::stderr(), "crm-anon: {}", escape::message(&text));
}

/// Prints what clap has to say: help and the version, or what is wrong with the arguments, which it
/// shows.
///
/// # Errors
/// What happens when it is printed.
pub fn print_usage(error: &clap::Error) -> io::Result<()> {
    // Colours are escape sequences too: without hidden characters in the arguments all are clap's own.
    let hidden =
        |argument: std::ffi::OsString| argument.to_string_lossy().chars().any(escape::is_hidden);
    match error.use_stderr() && std::env::args_os().any(hidden) {
        true => {
            let plain = error.render().to_string();
            io::stderr().write_all(escape::message(&plain).as_bytes())
        }
        false => error.print(),
    }
}
