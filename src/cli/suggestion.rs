//! What somebody meant who typed something else: the nearest command, or the main job for each file.

use std::ffi::{OsStr, OsString};
use std::fmt;

use clap::{Command, CommandFactory as _};

use super::arguments::Arguments;
use crate::base::distance::distance;

/// What other programs call a command, and what it is called here.
const SYNONYMS: &[(&str, &str)] = &[
    ("suggest", "inspect --suggest"),
    ("propose", "inspect --suggest"),
    ("profile", "inspect"),
    ("describe", "inspect"),
    ("measure", "audit"),
    ("risk", "audit"),
    ("risks", "audit"),
    ("diff", "compare"),
    ("decrypt", "reveal"),
    ("key", "keygen"),
    ("rotate", "rekey"),
    ("reencrypt", "rekey"),
    ("query", "sql"),
    ("validate", "check"),
    ("lint", "check"),
    ("table", "rules"),
    ("tables", "rules"),
    ("version", "--version"),
];

/// What the main job is called elsewhere: here it has no name.
const MAIN_JOB: &[&str] = &[
    "anonymise", "anonymize", "anonymiser", "anonymisation", "run", "apply", "process",
];

/// What somebody seems to have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    Command(String),
    /// The main job, which has no name.
    MainJob,
    /// A command that stands behind its file.
    CommandFirst(String),
}

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Command(name) => text!(
                "there is no such command: did you mean `crm-anon {name}`?",
                name
            ),
            Self::MainJob => fixed!(
                "to anonymise a file needs no command: crm-anon FILE -o OUTPUT \
                 (crm-anon --help lists the commands)"
            )
            .to_string(),
            Self::CommandFirst(name) => {
                text!("the command comes first: crm-anon {name} FILE", name)
            }
        })
    }
}

/// The command line, with `help` and `help COMMAND` written as `--help`.
#[must_use]
pub fn words() -> Vec<OsString> {
    with_help(std::env::args_os().collect())
}

fn with_help(mut words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    words
}

/// What was meant by a first word that is neither a command nor a file.
pub(crate) fn meant(word: &OsStr) -> Option<Meant> {
    let word = word.to_str()?.to_lowercase();
    if MAIN_JOB.contains(&word.as_str()) {
        return Some(Meant::MainJob);
    }
    if let Some((_, command)) = SYNONYMS.iter().find(|(synonym, _)| *synonym == word) {
        return Some(Meant::Command((*command).to_owned()));
    }
    let root = Arguments::command();
    if root.find_subcommand(&word).is_some() {
        return Some(Meant::CommandFirst(word));
    }
    let names = root.get_subcommands().map(Command::get_name);
    let near = names.map(|name| (distance(&word, name), name));
    let (distance, name) = near.min()?;
    // `rule`, `inspekt`, `comptetions`, but not `data` for `audit`.
    (distance * 3 <= name.len().min(word.len()).max(3) && distance <= 3)
        .then(|| Meant::Command(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_command_is_meant() {
        let command = |name: &str| Some(Meant::Command(name.to_owned()));
        for (word, expected) in [
            ("inspekt", command("inspect")),
            ("inspect", Some(Meant::CommandFirst("inspect".to_owned()))),
            ("insepct", command("inspect")),
            ("Audit", Some(Meant::CommandFirst("audit".to_owned()))),
            ("rule", command("rules")),
            ("auditt", command("audit")),
            ("adit", command("audit")),
            ("journl", command("journal")),
            ("revael", command("reveal")),
            ("completion", command("completions")),
            ("suggest", command("inspect --suggest")),
            ("decrypt", command("reveal")),
            ("anonymise", Some(Meant::MainJob)),
            ("run", Some(Meant::MainJob)),
            ("x", None),
            ("data", None),
            ("clients", None),
            ("export.csv", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(meant(OsStr::new(word)), expected, "{word}");
        }
    }

    #[test]
    fn help_is_asked_for_by_a_word() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (typed, read) in [
            ("crm-anon help", "crm-anon --help"),
            ("crm-anon help audit", "crm-anon audit --help"),
            (
                "crm-anon help journal verify",
                "crm-anon journal verify --help",
            ),
            ("crm-anon ./help", "crm-anon ./help"),
            ("crm-anon -q help", "crm-anon -q help"),
            ("crm-anon", "crm-anon"),
        ] {
            assert_eq!(with_help(words(typed)), words(read), "{typed}");
        }
    }
}
