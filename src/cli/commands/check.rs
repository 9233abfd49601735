//! `check`: whether a rule table is valid, and whether it fits a file.

use std::path::Path;

use super::sql::columns_named;
use super::{findings, print_text, today};
use crate::base::name::Shown;
use crate::cli::arguments::{CheckArguments, FindingsFormat};
use crate::cli::exit::Error;
use crate::engine::plan::{DoesNotFit, Drift, Matching};
use crate::engine::source::{Reading, Source};
use crate::io::csv::Options;
use crate::io::input::{Compression, Input};
use crate::report::FindingsForm;
use crate::rules::context::RunContext;
use crate::rules::table::{Attribute, ColumnRule, RuleTable};

/// Checks a rule table, and what it makes of a header if there is one.
pub(super) fn check(arguments: &CheckArguments) -> anyhow::Result<()> {
    let told = checked(arguments);
    let form = match arguments.format {
        FindingsFormat::Json => Some(FindingsForm::Json),
        format => format.of_service(),
    };
    match form {
        Some(form) => findings::tell("check", &arguments.rules, form, told.map(drop)),
        None => print_text(&told?),
    }
}

/// What a rule table does, to all of the columns that it is checked against.
fn checked(arguments: &CheckArguments) -> anyhow::Result<String> {
    let table = RuleTable::load(&arguments.rules)?;
    let mut told = of_table(&table);
    if let Some(columns) = &arguments.columns {
        told.push_str(&of_header(&table, &columns_named(columns)?, arguments)?);
    }
    if let Some(path) = arguments.file.as_ref().or(arguments.header.as_ref()) {
        told.push_str(&of_header(
            &table,
            &header(&table, path, arguments)?,
            arguments,
        )?);
    }
    Ok(told)
}

/// What a valid table does, in a few lines.
fn of_table(table: &RuleTable) -> String {
    let leaving: Vec<&ColumnRule> = table
        .columns
        .iter()
        .filter(|column| column.rule.leaves())
        .collect();
    let dropped = table.columns.len() - leaving.len();
    let mut told = plural!(
        leaving.len(),
        "rule table `{name}` is valid: {n} column published, {dropped} dropped\n",
        "rule table `{name}` is valid: {n} columns published, {dropped} dropped\n",
        name = table.name,
        dropped
    );
    for (attribute, called) in [
        (Some(Attribute::Identifying), fixed!("identifying")),
        (
            Some(Attribute::QuasiIdentifying),
            fixed!("quasi-identifying"),
        ),
        (Some(Attribute::Sensitive), fixed!("sensitive")),
        (Some(Attribute::Insensitive), fixed!("insensitive")),
        (None, fixed!("without an attribute")),
    ] {
        let columns = leaving
            .iter()
            .filter(|column| column.attribute == attribute);
        let names: Vec<String> = columns
            .map(|column| format!("`{}`", column.output))
            .collect();
        if !names.is_empty() {
            let names = names.join(", ");
            told.push_str(&text!("  {called}: {names}\n", called, names));
        }
    }
    let mut roles: Vec<&str> = table
        .columns
        .iter()
        .filter_map(|column| Some(column.rule.role()?.as_str()))
        .collect();
    roles.sort_unstable();
    roles.dedup();
    if !roles.is_empty() {
        let roles = roles.join(", ");
        told.push_str(&text!("  needs the keys of the roles: {roles}\n", roles));
    }
    told
}

/// The header of a file.
fn header(
    table: &RuleTable,
    path: &Path,
    arguments: &CheckArguments,
) -> anyhow::Result<Vec<String>> {
    let reading = Reading {
        options: Options {
            delimiter: arguments.delimiter,
            encoding: arguments.encoding,
            ..Options::default()
        },
        compression: Compression::Auto,
        trusts_header: arguments.trust_header,
        header_option: "--trust-header",
        sheet: None,
    };
    let mut input = Input::open(path, false)?;
    let source = Source::open(&mut input, reading, |name| table.lists(name))?;
    Ok(source.reader().header().to_vec())
}

/// What a table makes of the columns of a file.
fn of_header(
    table: &RuleTable,
    header: &[String],
    arguments: &CheckArguments,
) -> anyhow::Result<String> {
    DoesNotFit::check(table, header, false)?;
    let shown: Vec<Shown> = (1..)
        .zip(header)
        .map(|(at, name)| Shown::new(name, at))
        .collect();
    let run = RunContext::without_keys(today())?;
    let matching = Matching::new(table, header, &shown, &run, arguments.strict);
    let drift = Drift::of(&matching).filter(|_| arguments.header.is_none());
    if let Some(drift) = drift {
        return Err(Error::Drift(drift).into());
    }
    let matching = matching?;
    let mut told = plural!(
        header.len(),
        "it fits the file, of {n} column:\n",
        "it fits the file, of {n} columns:\n"
    );
    for (position, (rule, shown)) in matching.rules.iter().zip(&shown).enumerate() {
        let filter = matching.filter.as_ref();
        let decides = filter.is_some_and(|filter| filter.reads(position));
        told.push_str(&match rule {
            Some(rule) if rule.rule.leaves() => text!(
                "  {name} → `{output}` ({kind})\n",
                name = shown,
                output = rule.output,
                kind = rule.rule.kind().name
            ),
            Some(_) => text!("  {name} dropped\n", name = shown),
            None if decides => text!(
                "  {name} dropped; it decides which rows are published\n",
                name = shown
            ),
            None => text!("  {name} dropped: not in the rule table\n", name = shown),
        });
    }
    for name in &matching.mismatch.missing {
        told.push_str(&text!("  `{name}` is not in the file\n", name));
    }
    Ok(told)
}
