//! The pages of the manual: one for each command, and one for the program.

use clap::{Command, CommandFactory as _};

use super::Arguments;

/// The names of the commands that have a page of their own, as the page has them: `journal-verify`.
pub(crate) fn names() -> Vec<String> {
    let pages = all(Arguments::command()).into_iter();
    pages.skip(1).map(|(name, _)| name).collect()
}

/// The name of a command that has a page.
pub(super) fn known(name: &str) -> Result<String, String> {
    let name = name.replace(' ', "-");
    let names = names();
    match names.contains(&name) {
        true => Ok(name),
        false => Err(text!(
            "there is no such page; there are {names}",
            names = names.join(", ")
        )),
    }
}

/// Every command with the name of its page; the program itself first, without one.
pub(crate) fn all(mut root: Command) -> Vec<(String, Command)> {
    root.build();
    let mut pages = vec![(String::new(), root.clone())];
    add(&root, "", &mut pages);
    pages
}

fn add(command: &Command, above: &str, pages: &mut Vec<(String, Command)>) {
    for below in command.get_subcommands() {
        let name = format!("{above}{}", below.get_name());
        add(below, &format!("{name}-"), pages);
        pages.push((name, below.clone()));
    }
}
