//! The manual: one page for each command, in roff, from the definition that clap parses by.

use std::io;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::arguments::{Arguments, page};
use super::usage;
use crate::base::lang::Language;
use crate::io::error::Error as IoError;
use crate::io::error::Target;

/// The page of a command; the main one where none is named.
pub(super) fn page(name: Option<&str>) -> io::Result<Vec<u8>> {
    let of = name.unwrap_or_default();
    let found = pages().into_iter().find(|(name, _)| name == of);
    let (_, command) = found.ok_or(io::ErrorKind::NotFound)?;
    render(command)
}

/// Writes all pages into a folder, under the names by which `man` finds them.
///
/// # Errors
/// The page that cannot be written, and why.
pub(super) fn write_all(folder: &Path) -> Result<(), IoError> {
    for (_, command) in pages() {
        let path = folder.join(format!("{}.1", title(&command)));
        let written = render(command).and_then(|page| std::fs::write(&path, page));
        written.map_err(|source| {
            let what = Target::File(path);
            IoError::Write { what, source }
        })?;
    }
    Ok(())
}

fn render(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(in_language(page))
}

/// A page with the headings that are not the command's own in the language in use.
fn in_language(page: Vec<u8>) -> Vec<u8> {
    if Language::in_use() == Language::En {
        return page;
    }
    let page = String::from_utf8_lossy(&page).into_owned();
    let headings = [
        ("NAME", fixed!("NAME")),
        ("SUBCOMMANDS", fixed!("SUBCOMMANDS")),
        ("EXTRA", fixed!("EXAMPLES")),
    ];
    let lines = page.lines().map(|line| {
        let heading = line.strip_prefix(".SH ");
        let known = headings
            .iter()
            .find(|(english, _)| heading == Some(*english));
        match known {
            Some((_, text)) => format!(".SH {text}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect::<String>().into_bytes()
}

fn title(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

/// Every command with the name of its page, in the language in use.
fn pages() -> Vec<(String, Command)> {
    page::all(usage::in_language(Arguments::command()))
}
