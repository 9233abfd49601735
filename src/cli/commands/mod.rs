//! What each command does, from its arguments on.

mod anonymise;
mod audit;
mod check;
mod choice;
mod compare;
mod documentation;
mod files;
mod findings;
mod fixture;
mod goal;
mod inspect;
mod journal;
mod keygen;
mod population;
mod progress;
mod protected;
mod rekey;
mod reveal;
mod sql;
mod vault;

use std::io::{self, Write};

use crate::cli::log;
pub(crate) use crate::cli::log::say;

use crate::base::escape;
use crate::cli::arguments::{Arguments, Command, InputArguments, Quoting};
use crate::engine::NobodyCounts;
use crate::engine::source::{HEADER_OPTION, Reading};
use crate::engine::warning::Warning;
use crate::io::csv::Options;
use crate::io::csv::Reader;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::input::Input;

/// Does what the arguments say.
///
/// # Errors
/// The error of the wing in which the command failed; [`exit::status`](crate::cli::exit::status) has its status.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    log::set(arguments.log());
    let begun = log::begin(&arguments);
    let done = run_command(arguments);
    if begun && done.is_ok() {
        log::done();
    }
    done
}

fn run_command(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        None => anonymise::anonymise(&arguments.anonymise),
        Some(Command::Audit(arguments)) => audit::audit(&arguments),
        Some(Command::Compare(arguments)) => compare::compare(&arguments),
        Some(Command::Aggregate(arguments)) => anonymise::aggregate(*arguments),
        Some(Command::Inspect(arguments)) => inspect::inspect(&arguments),
        Some(Command::Keygen(arguments)) => keygen::keygen(&arguments),
        Some(Command::Reveal(arguments)) => reveal::reveal(&arguments),
        Some(Command::Vault(command)) => vault::vault(&command),
        Some(Command::Rekey(arguments)) => rekey::rekey(&arguments),
        Some(Command::Journal(command)) => journal::journal(&command),
        Some(Command::Rules(arguments)) => documentation::rules(&arguments),
        Some(Command::Check(arguments)) => check::check(&arguments),
        Some(Command::Fixture(arguments)) => fixture::fixture(&arguments),
        Some(Command::Sql(arguments)) => sql::sql(&arguments),
        Some(Command::Completions { shell }) => documentation::completions(shell),
        Some(Command::Man(arguments)) => documentation::man(&arguments),
    }
}

/// The day, where the computer is.
fn today() -> chrono::NaiveDate {
    chrono::Local::now().date_naive()
}

/// How an input is to be read.
fn reading(arguments: &InputArguments) -> Reading<'_> {
    let unquoted = arguments.quoting == Quoting::None;
    Reading {
        options: Options {
            delimiter: arguments.delimiter.or(unquoted.then_some(b'\t')),
            unquoted,
            encoding: arguments.encoding,
            skip_lines: arguments.skip_lines,
            max_columns: arguments.max_columns,
            max_field: arguments.max_field_size,
            ..Options::default()
        },
        compression: arguments.compression,
        sheet: arguments.sheet.as_deref(),
        trusts_header: arguments.header,
        header_option: HEADER_OPTION,
    }
}

/// How many threads are to read an input.
fn threads(arguments: &InputArguments, input: &Input) -> usize {
    worthwhile(arguments.threads, input)
}

/// How many threads are worth their while, of so many or of all cores: no more than the input has
/// batches.
fn worthwhile(threads: Option<u16>, input: &Input) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = threads.map_or_else(cores, usize::from);
    // Compressed data hold more batches than their size tells, but not many times more.
    let batches = input.size().map_or(usize::MAX, |size| {
        usize::try_from(size).unwrap_or(usize::MAX) / (Options::default().batch / 8) + 1
    });
    wanted.min(batches)
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
        log::warn(&quirk);
    }
}

/// Says how many rows were not counted as people.
fn tell_nobody(counts: NobodyCounts) {
    if counts.all() > 0 {
        log::warn(&Warning::Nobody(counts));
    }
}

/// Prints a text for people on standard output, with what a terminal would take for more escaped.
fn print_text(text: &str) -> anyhow::Result<()> {
    print(escape::message(text).as_bytes())
}
