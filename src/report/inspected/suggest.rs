//! The proposal as a rule table that `--rules` takes as it stands, with the reasons as comments.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

use super::{InTable, Inspected, words};
use crate::base::escape::quoted;
use crate::base::lang::{Language, speaking};
use crate::base::name;
use crate::base::plural::counted;
use crate::engine::inspect::{Column, Kind, Rule, YES};
use crate::report::error::Error;
use crate::rules::column_names::consent::{Reach, agreement};
use crate::rules::column_names::repaired;
use crate::rules::table::{Attribute, MISSING};
use unicode_normalization::UnicodeNormalization;

/// The name of the index column, which no other may have.
const INDEX: &str = "Index_rd";

/// The proposal as a rule table.
///
/// # Errors
/// [`Error::MayLackHeader`] if the first row may be a person.
pub fn suggest(inspected: &Inspected<'_>, language: Language) -> Result<String, Error> {
    let inspection = inspected.inspection;
    if inspection.may_lack_header {
        return Err(Error::MayLackHeader {
            columns: inspection.columns.len(),
        });
    }
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = speaking(language, || write(inspected, &mut text));
    Ok(text)
}

fn write(inspected: &Inspected<'_>, out: &mut String) -> std::fmt::Result {
    let inspection = inspected.inspection;
    let head = fixed!(
        "# Proposed by crm-anon inspect. A proposal is no proof: read every line before you use it.\n\
         # Where in doubt a column is dropped; what is not listed is dropped too."
    );
    writeln!(
        out,
        "{head}\n#\n# {}, {}\n",
        counted(inspection.rows, "row"),
        counted(inspection.columns.len(), "column")
    )?;
    writeln!(out, "version = 1\nindex = \"{INDEX}\"\nunlisted = \"drop\"")?;
    write_missing(inspected, out)?;
    write_consent(inspected, out)?;
    let mut listed = HashSet::new();
    let mut outputs = HashSet::from([INDEX.to_owned()]);
    for (position, column) in (1..).zip(&inspection.columns) {
        if !listed.insert(name::key(&column.name)) {
            // Its rule stands there already, and it is the same.
            continue;
        }
        let reason = words::reason(column.proposal.reason);
        let kind = words::kind(column.kind);
        let comment = text!("{kind}; {reason}", kind, reason);
        writeln!(out, "\n# {comment}")?;
        writeln!(out, "[columns.{}]", quoted(&name::plain(&column.name)))?;
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
        if column.proposal.rule == Rule::Keep && column.kind == Kind::Category {
            write_allowed(column, out)?;
        }
    }
    Ok(())
}

/// What counts as missing, where texts stand for no date. They are the program's own: no cell is in them.
fn write_missing(inspected: &Inspected<'_>, out: &mut String) -> std::fmt::Result {
    let columns = inspected.inspection.columns.iter();
    let found = columns.flat_map(|column| column.profile.sentinels());
    let found: BTreeSet<&str> = found.map(|(text, _)| text).collect();
    if found.is_empty() {
        return Ok(());
    }
    let words = MISSING.into_iter().chain(found);
    let words: Vec<String> = words.map(quoted).collect();
    let why = fixed!("# Cells that stand for no date are missing, in every column.");
    writeln!(out, "{why}\nmissing = [{}]", words.join(", "))
}

/// Which rows may leave, where a column says who agreed: the one with the widest agreement, and the
/// others as comments. The words for yes are the program's own: no cell is in them.
fn write_consent(inspected: &Inspected<'_>, out: &mut String) -> std::fmt::Result {
    let columns = &inspected.inspection.columns;
    let mut agreements: Vec<(Reach, &Column)> = columns
        .iter()
        .filter(|column| is_once(columns, column) && column.agrees())
        .filter_map(|column| Some((agreement(&column.name)?, column)))
        .collect();
    // Where two reach as far, the first column.
    agreements.sort_by_key(|(reach, _)| *reach);
    if agreements.is_empty() {
        return Ok(());
    }
    let why = fixed!(
        "# Only the rows of people who agreed leave; every other row is left out and counted."
    );
    writeln!(out, "\n{why}\n[rows]")?;
    let yes: Vec<String> = YES.iter().map(|word| quoted(word)).collect();
    for (place, (_, column)) in agreements.iter().enumerate() {
        let other = match place {
            0 => "",
            _ => fixed!("# or: ").get(),
        };
        let name = quoted(column.name.trim());
        let yes = yes.join(", ");
        writeln!(out, "{other}consent = {{ column = {name}, is = [{yes}] }}")?;
    }
    Ok(())
}

/// Whether no other column has the name of this one: a consent that could be read in two is none.
fn is_once(columns: &[Column], column: &Column) -> bool {
    let key = name::key(&column.name);
    let same = columns.iter().filter(|other| name::key(&other.name) == key);
    same.count() == 1
}

/// How a new value of a category can be refused. The values are cells, so none is written here.
fn write_allowed(column: &Column, out: &mut String) -> std::fmt::Result {
    let values = column.profile.distinct.count();
    let how = text!(
        "instead of `rule` above, its values listed ({values}): a new one is refused",
        values
    );
    writeln!(out, "# rule = {{ keep = {{ allowed = [ … ] }} }}  # {how}")
}

fn attribute(attribute: Attribute) -> &'static str {
    words::attribute(attribute).english()
}

/// The name that a column leaves under, if it does.
fn output(column: &Column, position: usize) -> Option<String> {
    // Nothing that a spreadsheet takes for a formula, and nothing that is not seen.
    let plain = |c: char| c.is_alphanumeric() || " _-.()?/'%&:°".contains(c);
    let first = |c: char| c.is_alphanumeric() || "_(%".contains(c);
    let name: String = repaired(name::plain(&column.name).trim()).nfc().collect();
    let is_plain = name.chars().all(plain) && name.starts_with(first);
    let name = match is_plain {
        true => name,
        false => format!("colonne_{position}"),
    };
    match column.proposal.rule {
        Rule::Drop(_) => None,
        Rule::Keep => Some(name),
        Rule::PostalCode { .. } => Some("Code_postal".to_owned()),
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
