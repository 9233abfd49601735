//! `check`: whether a rule table is valid, and whether it fits a file.

use std::path::Path;

use chrono::Local;

use super::print_text;
use crate::base::name::Shown;
use crate::base::plural::counted;
use crate::cli::arguments::CheckArguments;
use crate::engine::plan::{DoesNotFit, Matching};
use crate::engine::source::{Reading, Source};
use crate::io::csv::Options;
use crate::io::input::{Compression, Input};
use crate::rules::table::{Attribute, ColumnRule, RuleTable};

/// Checks a rule table, and what it makes of a header if there is one.
pub(super) fn check(arguments: &CheckArguments) -> anyhow::Result<()> {
    let table = RuleTable::load(&arguments.rules)?;
    let mut told = of_table(&table);
    if let Some(path) = &arguments.header {
        told.push_str(&of_header(&table, path, arguments)?);
    }
    print_text(&told)
}

/// What a valid table does, in a few lines.
fn of_table(table: &RuleTable) -> String {
    let leaving: Vec<&ColumnRule> = table
        .columns
        .iter()
        .filter(|column| column.rule.leaves())
        .collect();
    let dropped = table.columns.len() - leaving.len();
    let mut told = format!(
        "rule table `{}` is valid: {} published, {dropped} dropped\n",
        table.name,
        counted(leaving.len(), "column"),
    );
    for (attribute, called) in [
        (Some(Attribute::Identifying), "identifying"),
        (Some(Attribute::QuasiIdentifying), "quasi-identifying"),
        (Some(Attribute::Sensitive), "sensitive"),
        (Some(Attribute::Insensitive), "insensitive"),
        (None, "without an attribute"),
    ] {
        let columns = leaving
            .iter()
            .filter(|column| column.attribute == attribute);
        let names: Vec<String> = columns
            .map(|column| format!("`{}`", column.output))
            .collect();
        if !names.is_empty() {
            told.push_str(&format!("  {called}: {}\n", names.join(", ")));
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
        told.push_str(&format!(
            "  needs the keys of the roles: {}\n",
            roles.join(", ")
        ));
    }
    told
}

/// What a table makes of the columns of a file.
fn of_header(table: &RuleTable, path: &Path, arguments: &CheckArguments) -> anyhow::Result<String> {
    let reading = Reading {
        options: Options {
            delimiter: arguments.delimiter,
            encoding: arguments.encoding,
            ..Options::default()
        },
        compression: Compression::Auto,
        trusts_header: false,
    };
    let mut input = Input::open(path, false)?;
    let source = Source::open(&mut input, reading, |name| table.lists(name))?;
    let header = source.reader().header();
    DoesNotFit::check(table, header, false)?;
    let shown: Vec<Shown> = (1..)
        .zip(header)
        .map(|(at, name)| Shown::new(name, at))
        .collect();
    let today = Local::now().date_naive();
    let matching = Matching::new(table, header, &shown, today, arguments.strict)?;
    let mut told = format!(
        "it fits the file, of {}:\n",
        counted(header.len(), "column")
    );
    for (position, (rule, shown)) in matching.rules.iter().zip(&shown).enumerate() {
        let filter = matching.filter.as_ref();
        let decides = filter.is_some_and(|filter| filter.reads(position));
        told.push_str(&match rule {
            Some(rule) if rule.rule.leaves() => format!(
                "  {shown} → `{}` ({})\n",
                rule.output,
                rule.rule.kind().name
            ),
            Some(_) => format!("  {shown} dropped\n"),
            None if decides => format!("  {shown} dropped; it decides which rows are published\n"),
            None => format!("  {shown} dropped: not in the rule table\n"),
        });
    }
    for name in &matching.mismatch.missing {
        told.push_str(&format!("  `{name}` is not in the file\n"));
    }
    Ok(told)
}
