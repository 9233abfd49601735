//! What has changed between two rule tables, for people and for programs.

use serde_json::{Value, json};

use crate::base::escape;
use crate::rules::table::{Difference, Effect};

/// The most characters of a value that a line shows.
const LONGEST: usize = 40;

/// Two rule tables that were compared.
pub struct ChangedTable<'a> {
    /// The old one's name or path.
    pub old: &'a str,
    /// The new one's.
    pub new: &'a str,
    /// What has changed, what is weaker first.
    pub differences: &'a [Difference],
}

impl ChangedTable<'_> {
    /// How many changes publish more, or check less.
    pub fn weaker(&self) -> usize {
        self.of(Effect::Weaker)
    }

    fn of(&self, effect: Effect) -> usize {
        let all = self.differences.iter();
        all.filter(|difference| difference.effect == effect).count()
    }

    /// The verdict, and a line for each change.
    pub fn text(&self) -> String {
        let mut text = match self.differences.is_empty() {
            true => text!(
                "`{old}` and `{new}` do the same\n",
                old = self.old,
                new = self.new
            ),
            false => plural!(
                self.differences.len(),
                "`{old}` → `{new}`, {n} change: {weaker} weaker, {unclear} to judge, {stronger} stronger, {neutral} without effect on privacy\n",
                "`{old}` → `{new}`, {n} changes: {weaker} weaker, {unclear} to judge, {stronger} stronger, {neutral} without effect on privacy\n",
                old = self.old,
                new = self.new,
                weaker = self.weaker(),
                unclear = self.of(Effect::Unclear),
                stronger = self.of(Effect::Stronger),
                neutral = self.of(Effect::Neutral)
            ),
        };
        for difference in self.differences {
            text.push_str(&format!(
                "  {}: {}: {}\n",
                called(difference.effect),
                difference.place,
                from_to(difference)
            ));
        }
        text
    }

    /// The same as JSON.
    pub fn json(&self) -> String {
        let change = |difference: &Difference| {
            json!({
                "place": difference.place,
                "was": difference.was,
                "is": difference.is,
                "effect": code(difference.effect),
            })
        };
        let changes: Vec<Value> = self.differences.iter().map(change).collect();
        let told = json!({
            "tool": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "old": self.old,
            "new": self.new,
            "weaker": self.weaker() > 0,
            "changes": changes,
        });
        crate::report::json::text(&told)
    }
}

/// What machines call an effect.
fn code(effect: Effect) -> &'static str {
    match effect {
        Effect::Weaker => "weaker",
        Effect::Unclear => "unclear",
        Effect::Stronger => "stronger",
        Effect::Neutral => "neutral",
    }
}

fn called(effect: Effect) -> &'static str {
    let called = match effect {
        Effect::Weaker => fixed!("weaker"),
        Effect::Unclear => fixed!("to judge"),
        Effect::Stronger => fixed!("stronger"),
        Effect::Neutral => fixed!("without effect"),
    };
    called.get()
}

fn from_to(difference: &Difference) -> String {
    match (&difference.was, &difference.is) {
        (Some(was), Some(is)) => match (shown(was), shown(is)) {
            (Some(was), Some(is)) => format!("{was} → {is}"),
            _ => fixed!("changed").to_string(),
        },
        (None, is) => text!("new: {value}", value = shown_or_long(is.as_ref())),
        (was, None) => text!("gone: {value}", value = shown_or_long(was.as_ref())),
    }
}

fn shown_or_long(value: Option<&Value>) -> String {
    value.and_then(shown).unwrap_or_else(|| "…".to_owned())
}

/// A value as a rule table has it, if it is short.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::Object(table) => {
            let entries = table.iter().map(|(key, value)| {
                let value = match value {
                    Value::Object(inner) if inner.is_empty() => "{}".to_owned(),
                    value => shown(value)?,
                };
                Some(format!("{} = {value}", escape::toml_key(key)))
            });
            let entries: Option<Vec<String>> = entries.collect();
            format!("{{ {} }}", entries?.join(", "))
        }
        value => value.to_string(),
    };
    (text.chars().count() <= LONGEST).then(|| escape::line(&text).into_owned())
}
