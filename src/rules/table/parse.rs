//! From TOML to a checked table, with the place of everything that is wrong.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::insensitive::{Why, objection};
use super::keys::{Keys, Wrong, at};
use super::ladder::ladder_of;
use super::leftovers::leftovers;
use super::rows::rows;
use super::{
    Attribute, ColumnRule, Distance, Entry, Missing, RowRules, RuleTable, is_builtin, missing,
};
use crate::base::lang::Fixed;
use crate::base::name;
use crate::privacy::goal::Goal;
use crate::rules::policy::Leftovers;
use crate::rules::{KINDS, NamedFile, Population, Rule, kind};

/// The only version there is.
const VERSION: u32 = 1;

/// The keys of a table and of one of its columns, for error messages.
const TABLE_KEYS: &[&str] = &[
    "version",
    "name",
    "index",
    "unlisted",
    "missing",
    "formulas",
    "privacy",
    "aggregate",
    "differential_privacy",
    "rows",
    "columns",
];
const COLUMN_KEYS: &[&str] = &[
    "rule", "as", "aliases", "attribute", "why", "ladder", "weight", "distance", "leftovers",
    "optional",
];

/// What one name stands for, so that no two columns claim it.
type Claims = HashMap<String, String>;

pub(super) fn table(text: &str, folder: &Path) -> Result<RuleTable, Wrong> {
    let document = DeTable::parse(text).map_err(|error| Wrong {
        is_toml: false,
        ..Wrong::from(error)
    })?;
    let mut keys = Keys::new(document, TABLE_KEYS)?;
    let version: Spanned<u32> = keys.require("version")?;
    if *version.get_ref() != VERSION {
        return Err(at(
            version.span(),
            text!(
                "expected {version}, the only version of rule tables",
                version = VERSION
            ),
        ));
    }
    let name = keys
        .take::<Name>("name")?
        .map_or_else(String::new, |Name(name)| name);
    let index = keys.take::<Name>("index")?.map(|Name(index)| index);
    let unlisted = keys.take("unlisted")?.unwrap_or_default();
    let missing = match keys.take::<Vec<String>>("missing")? {
        Some(words) => Missing::new(words.iter().map(String::as_str)),
        None => Missing::new(missing::DEFAULT),
    };
    let formulas = keys.take("formulas")?;
    let goal: Option<Spanned<Goal>> = keys.take("privacy")?;
    let goal_at = goal.as_ref().map_or(0..0, Spanned::span);
    let goal = goal.map(Spanned::into_inner).unwrap_or_default();
    let aggregate = keys.take("aggregate")?.unwrap_or_default();
    let differential = keys.take("differential_privacy")?;
    let rows = match keys.value("rows") {
        Some(value) => rows(value, &missing)?,
        None => RowRules::default(),
    };
    let columns = keys.value("columns").ok_or_else(|| keys.lacks("columns"))?;
    let index = match index {
        Some(name) => Some(name).filter(|name| !name.is_empty()),
        None => Some("Index_rd".to_owned()),
    };
    let mut files = Vec::new();
    let population = goal.population.as_ref();
    let population = population.map(|source| Population::read(folder, source));
    let population = population.transpose().map_err(|why| at(goal_at, why))?;
    let population = population.map(|(population, file)| {
        files.extend(file);
        Arc::new(population)
    });
    Ok(RuleTable {
        name,
        sha256: String::new(),
        text_sha256: String::new(),
        unlisted,
        missing,
        formulas,
        goal,
        aggregate,
        differential,
        population,
        rows,
        columns: all_columns(columns, text, index.as_deref(), folder, &mut files)?,
        index,
        files,
    })
}

fn all_columns(
    columns: Spanned<DeValue<'_>>,
    text: &str,
    index: Option<&str>,
    folder: &Path,
    files: &mut Vec<NamedFile>,
) -> Result<Vec<ColumnRule>, Wrong> {
    let span = columns.span();
    let DeValue::Table(columns) = columns.into_inner() else {
        return Err(at(
            span,
            fixed!("expected one [columns.NAME] for each column"),
        ));
    };
    if columns.is_empty() {
        return Err(at(span, fixed!("expected at least one [columns.NAME]")));
    }
    let mut names = Claims::new();
    let mut outputs = Claims::new();
    if let Some(index) = index {
        outputs.insert(index.to_owned(), fixed!("the index column").to_string());
    }
    columns
        .into_iter()
        .map(|(name, value)| {
            let span = name.span();
            let mut column = column(span, name.get_ref(), value, text, &mut names, &mut outputs)?;
            let read = column.rule.rule.read_file(folder);
            files.extend(read.map_err(|wrong| at(wrong.span, wrong.message))?);
            let mut hierarchy = None;
            if let Some(ladder) = column.ladder {
                let of_rule = &*column.rule.rule;
                (column.rule.ladder, hierarchy) = ladder_of(ladder, of_rule, folder, files)?;
            }
            let learnt = column.rule.rule.learn(hierarchy.as_deref());
            learnt.map_err(|wrong| at(wrong.span, wrong.message))?;
            Ok(column.rule)
        })
        .collect()
}

/// A name that is written: in the output, in the manifest.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = Fixed;

    fn try_from(name: String) -> Result<Self, Fixed> {
        match name.chars().any(char::is_control) {
            true => Err(fixed!(
                "expected a name without line breaks and control characters"
            )),
            false => Ok(Self(name)),
        }
    }
}

/// A column whose ladder is not read yet.
struct Unladdered<'a> {
    rule: ColumnRule,
    ladder: Option<Spanned<DeValue<'a>>>,
}

fn column<'a>(
    span: Range<usize>,
    name: &str,
    value: Spanned<DeValue<'a>>,
    text: &str,
    names: &mut Claims,
    outputs: &mut Claims,
) -> Result<Unladdered<'a>, Wrong> {
    let DeValue::Table(table) = value.into_inner() else {
        return Err(at(
            span,
            text!(
                "expected a table with {keys}",
                keys = COLUMN_KEYS.join(", ")
            ),
        ));
    };
    let mut keys = Keys::new(Spanned::new(span.clone(), table), COLUMN_KEYS)?;
    let rule = keys.value("rule").ok_or_else(|| keys.lacks("rule"))?;
    let rule_text = text.get(rule.span()).unwrap_or_default();
    let rule = rule_of(rule)?;
    let output: Option<Spanned<Name>> = keys.take("as")?;
    let output = output.map(|output| Spanned::new(output.span(), output.into_inner().0));
    let aliases: Vec<Spanned<String>> = keys.take("aliases")?.unwrap_or_default();
    let attribute: Option<Spanned<Attribute>> = keys.take("attribute")?;
    let called_at = attribute.as_ref().map(Spanned::span);
    let attribute = attribute.map(Spanned::into_inner);
    let why: Option<Why> = keys.take("why")?;
    let weight: Option<Spanned<f64>> = keys.take("weight")?;
    let distance: Distance = keys.take("distance")?.unwrap_or_default();
    let optional: bool = keys.take("optional")?.unwrap_or_default();
    let ladder = keys.value("ladder");
    let allowed = keys.value("leftovers");
    let allowed_text = allowed.as_ref().and_then(|list| text.get(list.span()));
    let entry = Entry::new(name, rule_text, allowed_text);
    let leftovers = match allowed {
        Some(value) => leftovers(value, &*rule)?,
        None => Leftovers::CHECK,
    };

    let in_header = name;
    // A line break in the name of a header's column is a blank in messages and in the output.
    let name = &*in_header.replace(char::is_control, " ");
    let mut found = Vec::new();
    let spelled = aliases
        .iter()
        .map(|alias| (alias.span(), alias.get_ref().as_str()));
    for (span, spelled) in std::iter::once((span.clone(), in_header)).chain(spelled) {
        let key = name::key(spelled);
        if let Some(other) = names.insert(key.clone(), name.to_owned()) {
            return Err(at(
                span,
                text!(
                    "`{spelled}` is the same column as `{other}`",
                    spelled,
                    other
                ),
            ));
        }
        found.push(key);
    }

    let leaves = rule.leaves();
    match &output {
        Some(output) if !leaves => {
            return Err(at(
                output.span(),
                fixed!("this column does not leave: it needs no name"),
            ));
        }
        Some(output) if output.get_ref().trim().is_empty() => {
            return Err(at(
                output.span(),
                fixed!("an empty name; expected the name of the output column"),
            ));
        }
        _ => {}
    }
    let unused = weight.as_ref().map(Spanned::span);
    if let Some(span) = unused
        .or(ladder.as_ref().map(Spanned::span))
        .filter(|_| !leaves)
    {
        return Err(at(
            span,
            fixed!("this column does not leave: there is nothing to generalise"),
        ));
    }
    let weight = match weight {
        Some(weight) if *weight.get_ref() > 0.0 && weight.get_ref().is_finite() => {
            *weight.get_ref()
        }
        Some(weight) => {
            return Err(at(
                weight.span(),
                fixed!("expected a number of more than 0"),
            ));
        }
        None => rule.usual_weight(name),
    };
    let named_at = output.as_ref().map_or(span, Spanned::span);
    let output = output.map_or_else(|| name.to_owned(), Spanned::into_inner);
    if leaves && let Some(other) = outputs.insert(output.clone(), format!("`{name}`")) {
        return Err(at(
            named_at,
            text!(
                "the output column `{output}` is already {other}",
                output,
                other
            ),
        ));
    }
    // What names mean takes longer to find out than all the rest, and a test does so for these tables.
    if !is_builtin(text)
        && let Some(wrong) = objection(attribute, &*rule, [name, output.as_str()], why.as_ref())
    {
        return Err(at(called_at.unwrap_or(named_at), wrong));
    }
    let own = rule
        .usual_ladder(name)
        .map_err(|expected| at(named_at, expected))?;
    let rule = ColumnRule {
        name: name.to_owned(),
        keys: found,
        rule,
        output,
        attribute,
        ladder: Arc::from(own),
        weight,
        equal: distance == Distance::Equal,
        leftovers,
        optional,
        entry,
    };
    Ok(Unladdered { rule, ladder })
}

/// Whether a line of a column says a rule that can be followed: `rule = "year"`.
pub(super) fn is_rule(line: &str) -> bool {
    let document = DeTable::parse(line).map(Spanned::into_inner);
    let value = document.ok().and_then(|mut table| table.remove("rule"));
    value.is_some_and(|rule| rule_of(rule).is_ok())
}

/// A rule: its name, or its name with options.
fn rule_of(value: Spanned<DeValue<'_>>) -> Result<Box<dyn Rule>, Wrong> {
    let span = value.span();
    let (name, options) = match value.into_inner() {
        DeValue::String(name) => {
            let none = Spanned::new(span.clone(), DeValue::Table(DeTable::new()));
            (Spanned::new(span, name.into_owned()), none)
        }
        DeValue::Table(table) if table.len() == 1 => {
            let mut table = table.into_iter();
            let Some((name, options)) = table.next() else {
                return Err(at(span, fixed!("expected one rule")));
            };
            (
                Spanned::new(name.span(), name.into_inner().into_owned()),
                options,
            )
        }
        DeValue::Table(_) => {
            return Err(at(
                span,
                fixed!("expected one rule with its options: { bucket = { width = 20_000 } }"),
            ));
        }
        _ => {
            let expected = fixed!(
                "expected a rule, as a name (\"keep\") or a name with options ({ bucket = { width = 20_000 } })"
            );
            return Err(at(span, expected));
        }
    };
    let Some(kind) = kind(name.get_ref()) else {
        let known = KINDS
            .iter()
            .map(|kind| kind.name)
            .collect::<Vec<_>>()
            .join(", ");
        let message = text!(
            "unknown rule `{name}`, expected one of {known}",
            name = name.get_ref(),
            known
        );
        return Err(at(name.span(), message));
    };
    Ok((kind.parse)(ValueDeserializer::from(options))?)
}
