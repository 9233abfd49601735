//! What is told of the population behind a file.

use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use super::model::Model;
use super::text::{risk, share};
use super::whole;
use crate::base::lang::Decimal;
use crate::privacy::audit::{Audit, Behind};
use crate::rules::population::is_built_in;

/// The figures, as JSON has them.
#[derive(Serialize)]
pub(super) struct PopulationOf<'a> {
    file: &'a str,
    sha256: &'a str,
    persons: f64,
    columns: Vec<ColumnOf<'a>>,
    beyond: &'a [String],
    table_alone: Model,
    estimated: Model,
    expected_unique: f64,
    expected_unique_share: f64,
    classes_above_threshold: u64,
    classes_undercounted: u64,
    classes_unknown: u64,
}

#[derive(Serialize)]
struct ColumnOf<'a> {
    part: &'static str,
    column: &'a str,
}

impl<'a> From<&'a Behind> for PopulationOf<'a> {
    fn from(behind: &'a Behind) -> Self {
        let risk = &behind.risk;
        let columns = behind.columns.iter().map(|(part, column)| ColumnOf {
            part: part.name(),
            column,
        });
        Self {
            file: &behind.file,
            sha256: &behind.sha256,
            persons: risk.persons,
            columns: columns.collect(),
            beyond: &behind.beyond,
            table_alone: risk.table_alone.into(),
            estimated: risk.estimated.into(),
            expected_unique: risk.expected_unique,
            expected_unique_share: unique_share(behind),
            classes_above_threshold: risk.classes_above,
            classes_undercounted: risk.undercounted,
            classes_unknown: risk.unknown,
        }
    }
}

/// The share of rows or persons that are expected to be unique in the population.
pub(in crate::report) fn unique_share(behind: &Behind) -> f64 {
    behind.risk.expected_unique / behind.risk.of.max(1) as f64
}

/// Which column is which part of the table: `place = Code_postal, sex = sexe`.
pub(in crate::report) fn columns(behind: &Behind) -> String {
    let columns = behind.columns.iter();
    let columns = columns.map(|(part, column)| format!("{} = {column}", part.name()));
    columns.collect::<Vec<_>>().join(", ")
}

/// Where the table is from, for people.
pub(in crate::report) fn source(behind: &Behind) -> String {
    match is_built_in(Path::new(&behind.file)) {
        true => fixed!("insee (inhabitants of postal codes, census of 1 January 2023)").to_string(),
        false => behind.file.clone(),
    }
}

/// The figures for people.
pub(super) fn write_population(audit: &Audit, out: &mut String) -> std::fmt::Result {
    let Some(behind) = &audit.population else {
        return Ok(());
    };
    let told = &behind.risk;
    let threshold = audit.risks.threshold;
    let title = text!(
        "Population of {file}: {persons} persons by {columns}",
        file = source(behind),
        persons = whole(told.persons.round() as u64),
        columns = columns(behind)
    );
    writeln!(out, "\n{title}")?;
    let mut lines = Vec::new();
    if !behind.beyond.is_empty() {
        lines.push((
            fixed!("risk, journalist, by the table alone").to_string(),
            risk(told.table_alone, threshold),
        ));
    }
    lines.push((
        match behind.beyond.is_empty() {
            true => fixed!("risk, journalist").to_string(),
            false => fixed!("the same, estimated for all columns").to_string(),
        },
        risk(told.estimated, threshold),
    ));
    let unique = match audit.persons {
        Some(_) => fixed!("persons unique in the population"),
        None => fixed!("rows unique in the population"),
    };
    let expected = text!(
        "{unique} expected, {share}",
        unique = Decimal(told.expected_unique, 1),
        share = share(unique_share(behind))
    );
    lines.push((unique.to_string(), expected));
    for (name, classes) in [
        (
            text!("classes above {threshold}", threshold = share(threshold)),
            told.classes_above,
        ),
        (
            fixed!("classes that the table undercounts").to_string(),
            told.undercounted,
        ),
        (
            fixed!("classes that the table does not have").to_string(),
            told.unknown,
        ),
    ] {
        lines.push((name, whole(classes)));
    }
    for (name, told) in lines {
        writeln!(out, "  {name:<42} {told}")?;
    }
    if behind.beyond.is_empty() {
        return Ok(());
    }
    let note = text!(
        "not in the table, so estimated as independent of it: {columns}",
        columns = behind.beyond.join(", ")
    );
    writeln!(out, "  {note}")
}
