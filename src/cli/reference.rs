//! The reference: every command, option, rule kind, detector, dialect, criterion and exit status, from
//! the lists that the program itself works by.
//!
//! `docs/reference.md` is [`markdown`], and a test fails when it is stale; `crm-anon rules --kinds`
//! and `--explain KIND` print the part on rule kinds as plain text.

mod commands;
mod kinds;
mod lists;

pub(crate) use kinds::{explain, list};

const OPENING: &str = "\
<!-- Generated from the code. To bring it up to date: UPDATE_REFERENCE=1 cargo test the_reference -->

# Reference

Everything on this page comes from the lists in the code that the program itself works by. `crm-anon --help`,
`crm-anon COMMAND --help` and `crm-anon rules --explain KIND` print the same on a terminal.

* [Commands and options](#commands-and-options)
* [Rule kinds](#rule-kinds)
* [Rule kinds in SQL](#rule-kinds-in-sql)
* [Detectors](#detectors)
* [The score](#the-score)
* [Exit statuses](#exit-statuses)
* [Codes of warnings](#codes-of-warnings)
* [Codes of refusals](#codes-of-refusals)
";

/// The whole reference, as Markdown.
#[must_use]
pub fn markdown() -> String {
    let parts = [
        OPENING.to_owned(),
        commands::section(),
        kinds::section(),
        lists::sql(),
        lists::detectors(),
        lists::score(),
        lists::statuses(),
        lists::codes(),
    ];
    parts.join("\n")
}

/// A Markdown table. The cells are made safe for it: `|` and line breaks.
fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(head.iter().map(|&cell| cell.to_owned()).collect());
    text.push_str(&format!("|{}\n", "---|".repeat(head.len())));
    for row in rows {
        text.push_str(&line(row));
    }
    text
}

fn cell_text(cell: &str) -> String {
    let folded = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.replace('|', "\\|")
}

/// A text set as code.
fn code(text: &str) -> String {
    format!("`{text}`")
}
