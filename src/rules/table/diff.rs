//! What has changed between two rule tables, and whether more is published since.
//!
//! The texts are compared, so that what they do not say is no difference; both are checked tables.

mod column;
mod effect;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::RuleTable;
use crate::base::name;
pub use effect::Effect;
use effect::of_setting;

/// One difference between two tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where: `[privacy] k`, `[columns.nom] rule`.
    pub place: String,
    /// What the old table says there; nothing if it says nothing.
    pub was: Option<Value>,
    /// What the new one says.
    pub is: Option<Value>,
    /// What follows for what is published.
    pub effect: Effect,
}

/// The settings beside the columns whose absence means the same as this.
const USUAL: [(&str, &str); 3] = [
    ("index", "Index_rd"),
    ("unlisted", "drop"),
    ("formulas", "warn"),
];

/// What has changed from one table to another, what is weaker first.
///
/// # Errors
/// What the texts are refused for, which those of tables are not.
pub(crate) fn differences(
    (old, old_text): (&RuleTable, &str),
    (new, new_text): (&RuleTable, &str),
) -> Result<Vec<Difference>, toml::de::Error> {
    let (was, is) = (parsed(old_text)?, parsed(new_text)?);
    let mut found = settings("", &was, &is);
    for part in ["privacy", "aggregate", "rows"] {
        found.extend(settings(part, &object(&was, part), &object(&is, part)));
    }
    found.extend(column::differences(
        &object(&was, "columns"),
        &object(&is, "columns"),
    ));
    found.extend(files(old, new));
    found.sort_by_key(|difference| difference.effect);
    Ok(found)
}

/// A table's text, with the settings that it leaves out.
fn parsed(text: &str) -> Result<Map<String, Value>, toml::de::Error> {
    let mut table: Map<String, Value> = toml::from_str(text)?;
    for (key, usual) in USUAL {
        table
            .entry(key)
            .or_insert_with(|| Value::String(usual.to_owned()));
    }
    Ok(table)
}

/// A part of a table; an empty one, if it has none.
fn object(table: &Map<String, Value>, key: &str) -> Map<String, Value> {
    let part = table.get(key).and_then(Value::as_object);
    part.cloned().unwrap_or_default()
}

/// What differs among the settings of a part.
fn settings(part: &str, was: &Map<String, Value>, is: &Map<String, Value>) -> Vec<Difference> {
    let parts = ["privacy", "aggregate", "rows", "columns", "version", "name"];
    let keys = was.keys().chain(is.keys()).map(String::as_str);
    let keys: BTreeSet<&str> = match part {
        "" => keys.filter(|key| !parts.contains(key)).collect(),
        _ => keys.collect(),
    };
    let pairs = keys.into_iter().map(|key| (key, was.get(key), is.get(key)));
    let differing = pairs.filter(|(_, was, is)| was != is);
    let differences = differing.map(|(key, was, is)| Difference {
        place: match part {
            "" => key.to_owned(),
            part => format!("[{part}] {key}"),
        },
        was: was.cloned(),
        is: is.cloned(),
        effect: of_setting(part, key, was, is),
    });
    differences.collect()
}

/// The files that both tables name, and that no longer say the same.
fn files(old: &RuleTable, new: &RuleTable) -> Vec<Difference> {
    let same_name = old.files.iter().filter_map(|old| {
        let mut files = new.files.iter();
        Some((old, files.find(|new| new.named == old.named)?))
    });
    let changed = same_name.filter(|(old, new)| old.sha256 != new.sha256);
    let differences = changed.map(|(old, new)| Difference {
        place: old.named.to_string_lossy().into_owned(),
        was: old.sha256.clone().map(Value::String),
        is: new.sha256.clone().map(Value::String),
        effect: Effect::Unclear,
    });
    differences.collect()
}

/// The columns of a table by their keys.
fn by_key(columns: &Map<String, Value>) -> Vec<(String, &String, &Value)> {
    let columns = columns.iter();
    columns
        .map(|(name, column)| (name::key(name), name, column))
        .collect()
}

#[cfg(test)]
mod tests;
