//! Commands and their options, from the definition that clap parses by.

use clap::{Arg, Command, CommandFactory as _};

use super::{code, table};
use crate::cli::arguments::Arguments;

pub(super) fn section() -> String {
    let mut root = Arguments::command();
    root.build();
    let mut text = String::from("## Commands and options\n\n");
    text.push_str(&one("crm-anon", &root));
    for command in root.get_subcommands() {
        text.push_str(&below("crm-anon", command));
    }
    text
}

/// A command, and the commands below it.
fn below(parent: &str, command: &Command) -> String {
    let name = format!("{parent} {}", command.get_name());
    let mut text = one(&name, command);
    for command in command.get_subcommands() {
        text.push_str(&below(&name, command));
    }
    text
}

fn one(name: &str, command: &Command) -> String {
    let about = command
        .get_about()
        .map_or_else(String::new, ToString::to_string);
    let mut text = format!("### `{name}`\n\n{}.\n\n", about.trim_end_matches('.'));
    let own = |argument: &&Arg| !argument.is_hide_set() && argument.get_id() != "help";
    let arguments: Vec<&Arg> = command.get_arguments().filter(own).collect();
    if !arguments.is_empty() {
        let rows = arguments.into_iter().map(row);
        text.push_str(&table(&["option", "what it does", "default"], rows));
        text.push('\n');
    }
    text
}

fn row(argument: &Arg) -> Vec<String> {
    let help = argument
        .get_help()
        .map_or_else(String::new, ToString::to_string);
    let takes = argument.get_action().takes_values();
    let values: Vec<String> = match takes {
        true => argument.get_possible_values(),
        false => Vec::new(),
    }
    .iter()
    .filter(|value| !value.is_hide_set())
    .map(|value| match value.get_help() {
        Some(help) => format!("{}: {help}", code(value.get_name())),
        None => code(value.get_name()),
    })
    .collect();
    let does = match values.is_empty() {
        true => help,
        false => format!("{help}: {}", values.join("; ")),
    };
    let defaults: Vec<String> = match takes {
        true => argument.get_default_values(),
        false => &[],
    }
    .iter()
    .map(|value| code(&value.to_string_lossy()))
    .collect();
    vec![spelling(argument), does, defaults.join(", ")]
}

/// How the option is written: `-o`, `--output` FILE.
fn spelling(argument: &Arg) -> String {
    let values = argument.get_value_names().unwrap_or_default();
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    let value = values.join(" ");
    let short = argument.get_short().map(|short| code(&format!("-{short}")));
    let long = argument.get_long().map(|long| code(&format!("--{long}")));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    match (names.is_empty(), argument.get_action().takes_values()) {
        (true, _) => value,
        (false, true) => format!("{} {value}", names.join(", ")),
        (false, false) => names.join(", "),
    }
}
