//! Completion: a shell's script asks the program itself how a command line may go on, so that the answer is
//! always that of its arguments.

use std::ffi::{OsStr, OsString};
use std::io;

use clap::{Command, CommandFactory as _};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use clap_complete::engine::{PathCompleter, ValueCompleter};
use clap_complete::env::Shells;
use clap_complete::{CompleteEnv, Shell};

use super::arguments::Arguments;
use super::arguments::page;
use crate::rules;
use crate::rules::table;

/// The program, as it is called.
const PROGRAM: &str = env!("CARGO_PKG_NAME");
/// The variable by which a script says that it asks, and for which shell.
const ASKING: &str = "CRM_ANON_COMPLETE";

/// The script that makes a shell ask.
pub(super) fn script(shell: Shell) -> io::Result<Vec<u8>> {
    let shells = Shells::builtins();
    let shell = shells
        .completer(&shell.to_string())
        .ok_or(io::ErrorKind::Unsupported)?;
    let mut script = Vec::new();
    shell.write_registration(ASKING, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    Ok(script)
}

/// Answers a shell that asks. Gives whether one did.
///
/// # Errors
/// What happens when the answer is printed, or a shell that is not known.
pub fn answer() -> clap::error::Result<bool> {
    let words: Vec<OsString> = std::env::args_os().collect();
    // In front of `--` stands how the script calls the program, behind it what is typed so far.
    let typed = words.split(|word| word == "--").nth(1).unwrap_or_default();
    let typed: Vec<&OsStr> = typed.iter().skip(1).map(OsString::as_os_str).collect();
    let folder = std::env::current_dir().ok();
    CompleteEnv::with_factory(|| offering(&typed))
        .var(ASKING)
        .bin(PROGRAM)
        .completer(PROGRAM)
        .try_complete(words.iter().cloned(), folder.as_deref())
}

/// The command line, with what is not to be offered behind the words typed so far hidden.
fn offering(typed: &[&OsStr]) -> Command {
    let command = Arguments::command();
    let is_command = |word: &OsStr| command.find_subcommand(word).is_some();
    let is_main_job = typed.len() > 1 && !typed.first().is_some_and(|word| is_command(word));
    // Options are offered where a word is begun, behind the input, or where there is nothing else.
    let begins = typed.last().is_some_and(|word| !word.is_empty());
    let mut command = values(command);
    // `--help` and `--version` are only there when it is built.
    command.build();
    prepare(command, !begins && !is_main_job, is_main_job)
}

fn prepare(mut command: Command, hides_options: bool, hides_commands: bool) -> Command {
    if hides_options {
        command = command.mut_args(|argument| {
            let is_option = argument.get_short().or(argument.get_long().and(Some('-')));
            argument.hide(is_option.is_some())
        });
    }
    let commands: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    for name in commands {
        command = command.mut_subcommand(name, |inner| {
            prepare(inner, hides_options, false).hide(hides_commands)
        });
    }
    command
}

/// The command line with the values that it does not know by itself.
fn values(command: Command) -> Command {
    let reads_table = |command: Command| {
        command.mut_arg("rules", |rules| rules.add(ArgValueCompleter::new(tables)))
    };
    let kinds = || {
        let kinds = rules::KINDS.iter();
        let kinds =
            kinds.map(|kind| CompletionCandidate::new(kind.name).help(Some(kind.summary.into())));
        kinds.collect::<Vec<_>>()
    };
    reads_table(command)
        .mut_subcommand("aggregate", reads_table)
        .mut_subcommand("audit", reads_table)
        .mut_subcommand("compare", reads_table)
        .mut_subcommand("fixture", reads_table)
        .mut_subcommand("sql", reads_table)
        .mut_subcommand("rules", |rules| {
            rules
                .mut_arg("name", |name| name.add(ArgValueCompleter::new(builtin)))
                .mut_arg("explain", |kind| kind.add(ArgValueCandidates::new(kinds)))
        })
        .mut_subcommand("man", |man| {
            let pages = || {
                page::names()
                    .into_iter()
                    .map(CompletionCandidate::new)
                    .collect()
            };
            man.mut_arg("page", |page| page.add(ArgValueCandidates::new(pages)))
        })
}

/// The built-in rule tables and the files whose name begins so.
fn tables(begun: &OsStr) -> Vec<CompletionCandidate> {
    let mut all = builtin(begun);
    all.extend(PathCompleter::file().complete(begun));
    all
}

fn builtin(begun: &OsStr) -> Vec<CompletionCandidate> {
    let names = table::builtin_names();
    let names = names.split(", ");
    let begun = begun.as_encoded_bytes();
    names
        .filter(|name| name.as_bytes().starts_with(begun))
        .map(CompletionCandidate::new)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is offered behind some words, of which the last is begun.
    fn offered(typed: &[&str]) -> Vec<String> {
        let words: Vec<&OsStr> = typed.iter().map(OsStr::new).collect();
        let mut line = vec![OsString::from(PROGRAM)];
        line.extend(typed.iter().map(OsString::from));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("export.csv"), "").unwrap();
        let found = clap_complete::engine::complete(
            &mut offering(&words),
            line,
            typed.len(),
            Some(folder.path()),
        );
        let values = found.unwrap().into_iter();
        let values = values.map(|one| one.get_value().to_string_lossy().into_owned());
        values.collect()
    }

    #[test]
    fn what_may_follow_is_offered_and_nothing_else() {
        for (typed, some, none) in cases![
            &[""][..], &["rules", "sql", "export.csv"][..], &["--k", "-o"][..];
            &["insp"], &["inspect"], &["rules", "export.csv"];
            &["--min"], &["--min-k", "--min-rows"], &["rules", "--k"];
            &["export.csv", ""], &["--k"], &["rules", "sql"];
            &["export.csv", "--on-inv"], &["--on-invalid"], &["--k"];
            &["export.csv", "--on-invalid", ""], &["fail", "blank", "skip"], &["--k"];
            &["-r", ""], &["anonymisation", "Cargo.toml"], &["rules", "--k"];
            &["-q", ""], &["export.csv"], &["rules"];
            &["inspect", ""], &["export.csv"], &["rules", "--suggest"];
            &["inspect", "--sug"], &["--suggest"], &["--k"];
            &["journal", ""], &["verify", "columns"], &["rules", "export.csv"];
            &["rules", ""], &["anonymisation", "protection"], &["export.csv"];
            &["rules", "--explain", "pos"], &["postal_code"], &["bucket"];
            &["completions", ""], &["bash", "zsh", "fish"], &["rules"];
            &["sql", "--dialect", "post"], &["postgresql"], &["duckdb"];
            &["man", ""], &["sql", "journal-verify"], &["--into"];
        ] {
            let found = offered(typed);
            let has = |word: &&str| found.iter().any(|one| one == word);
            assert!(some.iter().all(&has), "{typed:?}: {found:?}");
            assert!(!none.iter().any(has), "{typed:?}: {found:?}");
        }
    }
}
