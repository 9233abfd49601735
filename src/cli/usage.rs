//! What clap says, in the language in use: help, and what is wrong with the arguments.

use std::error::Error as _;
use std::ffi::OsString;
use std::io::{self, Write as _};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory as _, FromArgMatches as _, ValueEnum as _};

use super::arguments::Arguments;
use crate::base::escape;
use crate::base::lang::{self, Language};

/// How help is laid out in other languages than English, whose layout is clap's own.
const LAYOUT: &str =
    "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}";

/// Reads the command line, and makes the language that it or the locale asks for that of the process.
/// `build` is what `--version` says.
///
/// # Errors
/// What is wrong with it; help and the version come this way too.
pub fn parse(words: Vec<OsString>, build: &'static str) -> Result<Arguments, clap::Error> {
    Language::or_locale(asked_for(&words)).set();
    let command = Arguments::command().long_version(build);
    let matches = in_language(command).try_get_matches_from(words)?;
    Arguments::from_arg_matches(&matches)
}

/// The language that a command line asks for, whatever else is wrong with it.
fn asked_for(words: &[OsString]) -> Option<Language> {
    let mut words = words.iter().take_while(|word| *word != "--");
    let mut found = None;
    while let Some(word) = words.next() {
        let word = word.to_str().unwrap_or_default();
        let name = match word.strip_prefix("--lang") {
            Some("") => words.next().and_then(|name| name.to_str()),
            Some(name) => name.strip_prefix('='),
            None => None,
        };
        found = name
            .and_then(|name| Language::from_str(name, true).ok())
            .or(found);
    }
    found
}

/// The command with its headings and texts in the language in use.
pub(crate) fn in_language(command: Command) -> Command {
    match Language::in_use() {
        Language::En => command,
        Language::Fr => translated(command, false),
    }
}

/// A command and those below it in the language in use. `full` if an argument of those above is one of all
/// commands, and has long help.
fn translated(command: Command, full: bool) -> Command {
    let own = |id: &str| matches!(id, "help" | "version");
    let of_all = |argument: &Arg| argument.is_global_set() && has_long_help(argument);
    let below = full || command.get_arguments().any(of_all);
    let is_long = command.get_long_about().is_some() || command.get_arguments().any(has_long_help);
    let full = full || is_long;
    let mut command = command
        .help_template(LAYOUT.replace("{usage-heading}", fixed!("Usage:").get()))
        .subcommand_help_heading(heading(fixed!("Commands").get()))
        .subcommand_value_name(fixed!("COMMAND").get())
        .disable_help_flag(true)
        .mut_args(|argument| match own(argument.get_id().as_str()) {
            true => argument,
            false => translated_argument(argument, full),
        })
        .mut_subcommands(|command| translated(command, below));
    if command.get_version().is_some() {
        let version = Arg::new("version").short('V').long("version");
        let version = version.action(ArgAction::Version);
        command = command.disable_version_flag(true).arg(
            version
                .help(fixed!("Print version").get())
                .help_heading(options()),
        );
    }
    let help = Arg::new("help").short('h').long("help");
    let help = help.action(ArgAction::Help).help_heading(options());
    command = command.arg(match full {
        true => help
            .help(fixed!("Print help (with --help in full)").get())
            .long_help(fixed!("Print help (with -h in short)").get()),
        false => help.help(fixed!("Print help").get()),
    });
    for translate in [about as fn(Command) -> Command, long_about, after_help] {
        command = translate(command);
    }
    command
}

/// A heading, behind which clap writes a colon: French has a space before it. There are a dozen, made once.
fn heading(text: &str) -> &'static str {
    format!("{text} ").leak()
}

/// The heading of options without one.
fn options() -> &'static str {
    heading(fixed!("Options").get())
}

fn about(command: Command) -> Command {
    match command.get_about().and_then(of_help) {
        Some(text) => command.about(text),
        None => command,
    }
}

fn long_about(command: Command) -> Command {
    match command.get_long_about().and_then(of_help) {
        Some(text) => command.long_about(text),
        None => command,
    }
}

fn after_help(command: Command) -> Command {
    match command.get_after_help().and_then(of_help) {
        Some(text) => command.after_help(text),
        None => command,
    }
}

/// A text of the help in the language in use.
fn of_help(english: &clap::builder::StyledStr) -> Option<&'static str> {
    lang::found(&english.to_string())
}

/// Whether `--help` says more of an argument than `-h`, by clap's own measure: then it gives each a paragraph.
fn has_long_help(argument: &Arg) -> bool {
    let values = || values_of(argument).into_iter();
    let has_long_values = || values().any(|(_, what)| what.is_some());
    !argument.is_hide_set()
        && (argument.get_long_help().is_some()
            || !argument.is_hide_possible_values_set() && has_long_values())
}

/// The values that an argument takes, and what each of them means in the language in use.
fn values_of(argument: &Arg) -> Vec<(String, Option<&'static str>)> {
    let values = argument.get_possible_values().into_iter();
    let shown = values.filter(|value| !value.is_hide_set());
    let told = shown.map(|value| {
        (
            value.get_name().to_owned(),
            value.get_help().and_then(of_help),
        )
    });
    told.collect()
}

/// An argument with its texts in the language in use; in paragraphs if clap writes them so.
fn translated_argument(argument: Arg, full: bool) -> Arg {
    let own = argument.get_help_heading().and_then(lang::found);
    let above = match argument.is_positional() {
        true => fixed!("Arguments").get(),
        false => own.unwrap_or_else(|| fixed!("Options").get()),
    };
    let help = argument.get_help().and_then(of_help);
    let long = argument.get_long_help().and_then(of_help).or(help);
    let flag = !argument.get_action().takes_values();
    let (brief, paragraphs) = match flag {
        true => (String::new(), String::new()),
        false => behind(&argument),
    };
    let mut argument = argument.help_heading(heading(above));
    if !flag {
        argument = argument.hide_default_value(true).hide_possible_values(true);
    }
    if let Some(help) = help {
        argument = argument.help(format!("{help}{brief}"));
    }
    if let Some(long) = long.filter(|_| full) {
        argument = argument.long_help(format!("{long}{paragraphs}"));
    }
    argument
}

/// What clap writes in English behind the text of an argument, its default and its values: on the same line, and in
/// paragraphs of their own.
fn behind(argument: &Arg) -> (String, String) {
    let defaults = argument.get_default_values().iter();
    let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
    let default = (!defaults.is_empty() && !argument.is_hide_default_value_set())
        .then(|| text!("[default: {default}]", default = defaults.join(", ")));
    let values = match argument.is_hide_possible_values_set() {
        true => Vec::new(),
        false => values_of(argument),
    };
    let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    let names = (!names.is_empty())
        .then(|| text!("[possible values: {values}]", values = names.join(", ")));
    let brief = [&default, &names].into_iter().flatten();
    let brief = brief.map(|text| format!(" {text}")).collect();
    let mut list = String::new();
    if values.iter().any(|(_, what)| what.is_some()) {
        list.push_str(fixed!("Possible values:").get());
        for (value, what) in values {
            list.push_str("\n- ");
            list.push_str(&match what {
                Some(what) => text!("{value}: {what}", value, what),
                None => value,
            });
        }
    }
    let names = names.filter(|_| list.is_empty());
    let last: Vec<String> = default.into_iter().chain(names).collect();
    let paragraphs = [list, last.join("\n")].into_iter();
    let paragraphs = paragraphs.filter(|paragraph| !paragraph.is_empty());
    let paragraphs = paragraphs.map(|paragraph| format!("\n\n{paragraph}"));
    (brief, paragraphs.collect())
}

/// Prints what clap has to say: help and the version, or what is wrong with the arguments, which it
/// shows.
///
/// # Errors
/// What happens when it is printed.
pub fn print_usage(error: &clap::Error) -> io::Result<()> {
    if Language::in_use() == Language::Fr
        && let Some(text) = wrong(error)
    {
        return io::stderr().write_all(escape::message(&text).as_bytes());
    }
    // Colours are escape sequences too: without hidden characters in the arguments all are clap's own.
    let hidden = |argument: OsString| argument.to_string_lossy().chars().any(escape::is_hidden);
    match error.use_stderr() && std::env::args_os().any(hidden) {
        true => {
            let plain = error.render().to_string();
            io::stderr().write_all(escape::message(&plain).as_bytes())
        }
        false => error.print(),
    }
}

/// What is wrong with the arguments; nothing for help and the version.
fn wrong(error: &clap::Error) -> Option<String> {
    let what = what_is_wrong(error)?;
    let mut message = text!("error: {what}", what);
    for (kind, tip) in [
        (
            ContextKind::SuggestedArg,
            fixed!("a similar argument exists:"),
        ),
        (
            ContextKind::SuggestedValue,
            fixed!("a similar value exists:"),
        ),
        (
            ContextKind::SuggestedSubcommand,
            fixed!("a similar command exists:"),
        ),
    ] {
        if let Some(names) = context(error, kind) {
            message += &format!("\n\n  {tip} {names}");
        }
    }
    if let Some(values) =
        context(error, ContextKind::ValidValue).filter(|values| !values.is_empty())
    {
        message += &format!("\n  {}", text!("[possible values: {values}]", values));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage:").trim().to_owned();
        message += &format!("\n\n{} {usage}", fixed!("Usage:"));
    }
    message += &format!("\n\n{}\n", fixed!("For more information, try --help."));
    Some(message)
}

fn what_is_wrong(error: &clap::Error) -> Option<String> {
    let argument = context(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            text!(
                "a value is required for {argument}, and none was given",
                argument
            )
        }
        ErrorKind::InvalidValue => {
            text!("invalid value {value} for {argument}", value, argument)
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(of_number).unwrap_or_default();
            text!(
                "invalid value {value} for {argument}: {why}",
                value,
                argument,
                why
            )
        }
        ErrorKind::UnknownArgument => text!("unexpected argument {argument}", argument),
        ErrorKind::InvalidSubcommand => {
            let command = context(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            text!("unrecognized command {command}", command)
        }
        ErrorKind::NoEquals => text!("an equals sign is needed behind {argument}", argument),
        ErrorKind::TooManyValues => {
            text!("unexpected value {value} for {argument}", value, argument)
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            text!("{argument} was given a wrong number of values", argument)
        }
        ErrorKind::ArgumentConflict => match context(error, ContextKind::PriorArg) {
            Some(other) if other == argument => {
                text!(
                    "the argument {argument} cannot be used more than once",
                    argument
                )
            }
            Some(other) => text!(
                "the argument {argument} cannot be used with {other}",
                argument,
                other
            ),
            None => text!("the argument {argument} cannot be used here", argument),
        },
        ErrorKind::MissingRequiredArgument => {
            text!(
                "these arguments are required and were not given: {argument}",
                argument
            )
        }
        ErrorKind::MissingSubcommand => fixed!("a command is required").to_string(),
        ErrorKind::InvalidUtf8 => fixed!("an argument is not valid UTF-8").to_string(),
        _ => return None,
    })
}

/// Why a value is not taken: what the parsers of numbers say is said in English.
fn of_number(why: &(dyn std::error::Error + 'static)) -> String {
    let said = why.to_string();
    if let Some(range) = said.split_once(" is not in ").map(|(_, range)| range) {
        return text!("it is not in {range}", range);
    }
    let known = [
        (
            "invalid digit found in string",
            fixed!("expected a whole number"),
        ),
        (
            "cannot parse integer from empty string",
            fixed!("expected a whole number"),
        ),
        (
            "number too large to fit in target type",
            fixed!("the number is too large"),
        ),
        ("invalid float literal", fixed!("expected a number")),
    ];
    let mut known = known.into_iter();
    match known.find(|(english, _)| *english == said) {
        Some((_, text)) => text.to_string(),
        None => said,
    }
}

/// What clap says of an error: names and values, in quotes.
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let quoted = |text: &String| text!("'{text}'", text = text);
    Some(match error.get(kind)? {
        ContextValue::String(text) if text.is_empty() => String::new(),
        ContextValue::String(text) => quoted(text),
        ContextValue::Strings(texts) => texts.iter().map(quoted).collect::<Vec<_>>().join(", "),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
