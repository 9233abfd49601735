//! What has changed in the columns of a rule table.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::effect::{of_setting, of_values, weaker_if};
use super::{Difference, Effect, by_key};
use crate::base::escape;

/// Rule kinds of which each publishes more than those before it.
const CHAINS: &[&[&str]] = &[
    &["year", "year_month"],
    &["region", "departement", "postal_code"],
    &["yes_no", "bucket"],
    &["yes_no", "range"],
    &["yes_no", "round"],
];

/// What has changed from some columns to others.
pub(super) fn differences(was: &Map<String, Value>, is: &Map<String, Value>) -> Vec<Difference> {
    let (was, is) = (by_key(was), by_key(is));
    let mut found = Vec::new();
    for (key, name, old) in &was {
        let new = is.iter().find(|(other, ..)| other == key);
        found.extend(match new {
            Some((.., new)) => of_column(name, old, new),
            None => vec![of_whole(name, Some(old), None)],
        });
    }
    let is_new = |key: &String| was.iter().all(|(other, ..)| other != key);
    let new = is.iter().filter(|(key, ..)| is_new(key));
    found.extend(new.map(|(_, name, new)| of_whole(name, None, Some(new))));
    found
}

/// The heading of a column.
fn heading(name: &str) -> String {
    format!("[columns.{}]", escape::toml_key(name))
}

/// That a column came, or went.
fn of_whole(name: &str, was: Option<&Value>, is: Option<&Value>) -> Difference {
    let rule = |column: &Value| column.get("rule").cloned();
    let effect = match (was.is_some_and(leaves), is.is_some_and(leaves)) {
        (false, true) => Effect::Weaker,
        (true, false) => Effect::Stronger,
        _ => Effect::Neutral,
    };
    Difference {
        place: heading(name),
        was: was.and_then(rule),
        is: is.and_then(rule),
        effect,
    }
}

/// Whether a column is published.
fn leaves(column: &Value) -> bool {
    kind_and_options(column.get("rule")).0 != "drop"
}

fn kind_and_options(rule: Option<&Value>) -> (&str, Map<String, Value>) {
    match rule {
        Some(Value::String(kind)) => (kind, Map::new()),
        Some(Value::Object(rule)) => {
            let (kind, options) = rule
                .iter()
                .next()
                .map_or(("", &Value::Null), |(kind, options)| {
                    (kind.as_str(), options)
                });
            (kind, options.as_object().cloned().unwrap_or_default())
        }
        _ => ("", Map::new()),
    }
}

/// What differs in a column that both tables list.
fn of_column(name: &str, was: &Value, is: &Value) -> Vec<Difference> {
    let mut found = of_rule(name, was.get("rule"), is.get("rule"));
    let keys = [
        "as", "aliases", "attribute", "ladder", "weight", "leftovers", "optional",
    ];
    for key in keys {
        let (old, new) = (was.get(key), is.get(key));
        if old != new {
            let effect = match leaves(is) {
                true => of_key(key, old, new),
                false => Effect::Neutral,
            };
            found.push(Difference {
                place: format!("{} {key}", heading(name)),
                was: old.cloned(),
                is: new.cloned(),
                effect,
            });
        }
    }
    found
}

/// What differs in a rule: its kind, or else its options.
fn of_rule(name: &str, was: Option<&Value>, is: Option<&Value>) -> Vec<Difference> {
    let ((old, old_options), (new, new_options)) = (kind_and_options(was), kind_and_options(is));
    if old != new {
        return vec![Difference {
            place: format!("{} rule", heading(name)),
            was: was.cloned(),
            is: is.cloned(),
            effect: weaker_if(publishes(old, new)),
        }];
    }
    let keys: BTreeSet<&String> = old_options.keys().chain(new_options.keys()).collect();
    let pairs = keys
        .into_iter()
        .map(|key| (key, old_options.get(key), new_options.get(key)));
    let differing = pairs.filter(|(_, was, is)| was != is);
    let differences = differing.map(|(key, was, is)| Difference {
        place: format!("{} rule, {key} of {new}", heading(name)),
        was: was.cloned(),
        is: is.cloned(),
        effect: of_setting(new, key, was, is),
    });
    differences.collect()
}

/// Whether the second kind publishes more than the first, where that can be said of all columns.
fn publishes(was: &str, is: &str) -> Option<Ordering> {
    let rank = |kind: &str| match kind {
        "drop" => 0,
        "constant" => 1,
        "keep" => 3,
        _ => 2,
    };
    match rank(is).cmp(&rank(was)) {
        Ordering::Equal => CHAINS.iter().find_map(|chain| {
            let place = |kind: &str| chain.iter().position(|known| *known == kind);
            Some(place(is)?.cmp(&place(was)?))
        }),
        different => Some(different),
    }
}

/// What a change beside the rule means for a column that is published.
fn of_key(key: &str, was: Option<&Value>, is: Option<&Value>) -> Effect {
    match key {
        "as" | "weight" | "optional" => Effect::Neutral,
        "aliases" => of_values(values(was), values(is)),
        "attribute" => {
            // Columns of the others are measured, and generalised.
            let counts = |value: Option<&Value>| {
                let value = value.and_then(Value::as_str);
                value.is_some_and(|attribute| attribute != "insensitive")
            };
            match (counts(was), counts(is)) {
                (true, false) => Effect::Weaker,
                (false, true) => Effect::Stronger,
                (true, true) => Effect::Unclear,
                (false, false) => Effect::Neutral,
            }
        }
        "leftovers" => of_leftovers(was, is),
        _ => Effect::Unclear,
    }
}

/// What it means that other identifiers may be in the cells.
fn of_leftovers(was: Option<&Value>, is: Option<&Value>) -> Effect {
    let ignores = |value: Option<&Value>| value.and_then(Value::as_str) == Some("ignore");
    match (ignores(was), ignores(is)) {
        (false, false) => of_values(values(was), values(is)),
        (was, is) => weaker_if(Some(is.cmp(&was))),
    }
}

/// The values of a list; none, if there is no list.
fn values(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
