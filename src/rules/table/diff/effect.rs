//! What a change of a setting means for what is published.

use std::cmp::Ordering;

use serde_json::Value;

/// What follows from a change for what is published, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// More is published, or less is checked.
    Weaker,
    /// It depends.
    Unclear,
    /// Less is published, or more is checked.
    Stronger,
    /// Nothing.
    Neutral,
}

/// Which numbers of a setting are stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stronger {
    /// Larger ones.
    More,
    /// Smaller ones.
    Less,
}

/// What the absence of a setting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    Weakest,
    Strongest,
    /// Something in between.
    Usual,
}

use Absent::{Strongest, Usual, Weakest};
use Stronger::{Less, More};

/// Settings that are numbers, each below its part or its rule kind.
const NUMBERS: &[(&str, &str, Stronger, Absent)] = &[
    ("privacy", "k", More, Weakest),
    ("privacy", "l", More, Weakest),
    ("privacy", "t", Less, Weakest),
    ("aggregate", "threshold", More, Usual),
    ("aggregate", "p_percent", More, Usual),
    ("aggregate", "round", More, Weakest),
    ("bucket", "width", More, Usual),
    ("bucket", "bottom", More, Weakest),
    ("bucket", "top", Less, Weakest),
    ("round", "to", More, Usual),
    ("round", "bottom", More, Weakest),
    ("round", "top", Less, Weakest),
    ("age", "top", Less, Weakest),
    ("year", "before", More, Weakest),
    ("date_shift", "max_days", More, Usual),
    ("noise", "scale", More, Usual),
    ("microaggregate", "size", More, Usual),
    ("truncate", "length", Less, Usual),
    ("mask", "start", Less, Strongest),
    ("mask", "end", Less, Strongest),
    ("postal_code", "min_population", More, Weakest),
];

/// Settings that are yes or no, and weaker if yes.
const WEAKER_IF_TRUE: &[(&str, &str)] = &[
    ("aggregate", "totals"),
    ("keep", "multiline"),
    ("encrypt", "deterministic"),
];

/// Settings of which only the absence is weaker.
const WEAKER_IF_ABSENT: &[(&str, &str)] = &[
    ("rows", "consent"),
    ("rows", "retention"),
    ("rows", "where"),
    ("rows", "sample"),
    ("privacy", "person"),
    ("aggregate", "unit"),
];

/// Settings of how cells are read or results are named, or of how a goal is reached.
const NEUTRAL: &[(&str, &str)] = &[
    ("", "index"),
    ("privacy", "max_suppressed"),
    ("privacy", "recoding"),
    ("privacy", "population"),
    ("yes_no", "yes"),
    ("yes_no", "no"),
    ("drop", "article_9"),
];

/// Options of any rule kind that say how cells are read.
const READING: &[&str] = &[
    "formats", "decimal", "pad", "wide", "words", "century", "ignore_case",
];

/// Values in order, the strongest first.
const ORDERED: &[(&str, &str, &[&str])] = &[
    ("", "unlisted", &["fail", "drop"]),
    ("", "formulas", &["refuse", "escape", "warn", "keep"]),
];

/// What a change of a setting means, of a part of the table or of a rule kind.
pub(super) fn of_setting(part: &str, key: &str, was: Option<&Value>, is: Option<&Value>) -> Effect {
    let here = |list: &[(&str, &str)]| list.contains(&(part, key));
    if let Some((.., stronger, absent)) = NUMBERS
        .iter()
        .find(|(of, named, ..)| (*of, *named) == (part, key))
    {
        return of_number(*stronger, *absent, was, is);
    }
    if let Some((.., order)) = ORDERED
        .iter()
        .find(|(of, named, _)| (*of, *named) == (part, key))
    {
        let rank = |value: Option<&Value>| {
            let value = value.and_then(Value::as_str)?;
            order.iter().position(|known| *known == value)
        };
        return weaker_if(rank(was).zip(rank(is)).map(|(was, is)| is.cmp(&was)));
    }
    if here(WEAKER_IF_TRUE) {
        let truth = |value: Option<&Value>| value.and_then(Value::as_bool).unwrap_or(false);
        return weaker_if(Some(truth(is).cmp(&truth(was))));
    }
    match (part, key) {
        ("keep", "allowed") => of_list(was, is, Weakest),
        _ if here(NEUTRAL) || READING.contains(&key) => Effect::Neutral,
        _ if here(WEAKER_IF_ABSENT) => match (was.is_some(), is.is_some()) {
            (true, false) => Effect::Weaker,
            (false, true) => Effect::Stronger,
            _ => Effect::Unclear,
        },
        _ => Effect::Unclear,
    }
}

/// The effect of a change to something greater, where greater is weaker.
pub(super) fn weaker_if(change: Option<Ordering>) -> Effect {
    match change {
        Some(Ordering::Greater) => Effect::Weaker,
        Some(Ordering::Less) => Effect::Stronger,
        Some(Ordering::Equal) => Effect::Neutral,
        None => Effect::Unclear,
    }
}

fn of_number(
    stronger: Stronger,
    absent: Absent,
    was: Option<&Value>,
    is: Option<&Value>,
) -> Effect {
    let number = |value: &Value| value.as_f64();
    match (was, is) {
        (Some(was), Some(is)) => {
            let change = number(was)
                .zip(number(is))
                .and_then(|(was, is)| is.partial_cmp(&was));
            weaker_if(change.map(|change| match stronger {
                More => change.reverse(),
                Less => change,
            }))
        }
        (None, None) => Effect::Neutral,
        (was, _) => of_presence(was.is_none(), absent),
    }
}

/// What it means that a setting came, or went.
fn of_presence(came: bool, absent: Absent) -> Effect {
    match (absent, came) {
        (Usual, _) => Effect::Unclear,
        (Weakest, true) | (Strongest, false) => Effect::Stronger,
        (Weakest, false) | (Strongest, true) => Effect::Weaker,
    }
}

/// What it means that a list of what may be published has changed.
fn of_list(was: Option<&Value>, is: Option<&Value>, absent: Absent) -> Effect {
    match (was, is) {
        (Some(Value::Array(was)), Some(Value::Array(is))) => of_values(was, is),
        (None, Some(_)) => of_presence(true, absent),
        (Some(_), None) => of_presence(false, absent),
        _ => Effect::Unclear,
    }
}

/// The same for the values alone: more of them are weaker.
pub(super) fn of_values(was: &[Value], is: &[Value]) -> Effect {
    let more = is.iter().any(|value| !was.contains(value));
    let fewer = was.iter().any(|value| !is.contains(value));
    match (more, fewer) {
        (true, false) => Effect::Weaker,
        (false, true) => Effect::Stronger,
        (false, false) => Effect::Neutral,
        (true, true) => Effect::Unclear,
    }
}
