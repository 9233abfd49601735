//! The proposal as a rule table that `--rules` takes as it stands, with the reasons as comments.

use std::collections::HashSet;
use std::fmt::Write;

use super::{InTable, Inspected, words};
use crate::base::escape::is_unseen;
use crate::base::name;
use crate::base::name::Shown;
use crate::cli::arguments::Language;
use crate::cli::exit::{Error, Place};
use crate::engine::inspect::{Column, Rule};
use crate::io::csv::{Malformed, Refusal};
use crate::rules::table::Attribute;

/// The name of the index column, which no other may have.
const INDEX: &str = "Index_rd";

/// The proposal as a rule table.
///
/// # Errors
/// [`Error::MayLackHeader`] if the first row may be a person, [`Error::Refused`] if a name has a
/// line break: a stray quote may have drawn rows into it, and a table has to spell names out.
pub fn suggest(inspected: &Inspected<'_>, language: Language) -> Result<String, Error> {
    let inspection = inspected.inspection;
    if inspection.may_lack_header {
        return Err(Error::MayLackHeader {
            columns: inspection.columns.len(),
        });
    }
    let breaks = |column: &Column| column.name.contains(['\n', '\r']);
    if let Some(at) = inspection.columns.iter().position(breaks) {
        let column = inspection.columns.get(at);
        return Err(Error::Refused(Refusal {
            reason: Malformed::LineBreakInName,
            place: Some(Place {
                record: 0,
                line: 1,
                column: column.map(|column| Shown::new(&column.name, at + 1)),
            }),
        }));
    }
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(inspected, language, &mut text);
    Ok(text)
}

fn write(inspected: &Inspected<'_>, language: Language, out: &mut String) -> std::fmt::Result {
    let say = |english, french| words::either(language, english, french);
    let inspection = inspected.inspection;
    let head = say(
        "# Proposed by crm-anon inspect. A proposal is no proof: read every line before you use it.\n\
         # Where in doubt a column is dropped; what is not listed is dropped too.",
        "# Proposée par crm-anon inspect. Une proposition n'est pas une preuve : relisez chaque ligne.\n\
         # Dans le doute une colonne est retirée ; ce qui n'est pas listé l'est aussi.",
    );
    writeln!(
        out,
        "{head}\n#\n# {} {}, {} {}\n",
        inspection.rows,
        say("rows", "lignes"),
        inspection.columns.len(),
        say("columns", "colonnes")
    )?;
    writeln!(out, "version = 1\nindex = \"{INDEX}\"\nunlisted = \"drop\"")?;
    let mut listed = HashSet::new();
    let mut outputs = HashSet::from([INDEX.to_owned()]);
    for (position, column) in (1..).zip(&inspection.columns) {
        if !listed.insert(name::key(&column.name)) {
            // Its rule stands there already, and it is the same.
            continue;
        }
        let reason = words::reason(language, column.proposal.reason);
        let kind = words::kind(language, column.kind);
        writeln!(out, "\n# {kind}; {reason}")?;
        writeln!(out, "[columns.{}]", quoted(column.name.trim()))?;
        writeln!(out, "rule = {}", InTable(column.proposal.rule))?;
        if let Some(output) = output(column, position) {
            let output = unique(output, &mut outputs);
            writeln!(out, "as = {}", quoted(&output))?;
        }
        writeln!(
            out,
            "attribute = \"{}\"",
            attribute(column.proposal.attribute)
        )?;
    }
    Ok(())
}

fn attribute(attribute: Attribute) -> &'static str {
    words::attribute(Language::En, attribute)
}

/// The name that a column leaves under, if it does.
fn output(column: &Column, position: usize) -> Option<String> {
    // Nothing that a spreadsheet takes for a formula, and nothing that is not seen.
    let plain = |c: char| c.is_alphanumeric() || " _-.()?/'%&:°".contains(c);
    let name = column.name.trim();
    let is_plain = name.chars().all(plain) && name.starts_with(char::is_alphanumeric);
    let name = match is_plain {
        true => name.to_owned(),
        false => format!("colonne_{position}"),
    };
    match column.proposal.rule {
        Rule::Drop(_) => None,
        Rule::Keep => Some(name),
        Rule::PostalCode => Some("Code_postal".to_owned()),
        Rule::Year { .. } => Some("Annee_naissance".to_owned()),
        Rule::YesNo => Some("Enfant(s)?".to_owned()),
        Rule::Bucket { .. } => Some(format!("Tranche_{name}")),
    }
}

/// The name, or with a number behind it if it is taken.
fn unique(name: String, taken: &mut HashSet<String>) -> String {
    let mut unique = name.clone();
    let mut number = 2_u64;
    while !taken.insert(unique.clone()) {
        unique = format!("{name}_{number}");
        number += 1;
    }
    unique
}

/// A TOML basic string: every character that cannot be seen is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            _ if !is_unseen(c) => quoted.push(c),
            _ => {
                let code = u32::from(c);
                // Writing to a string does not fail.
                let _ = match code {
                    ..=0xFFFF => write!(quoted, "\\u{code:04X}"),
                    _ => write!(quoted, "\\U{code:08X}"),
                };
            }
        }
    }
    quoted.push('"');
    quoted
}
