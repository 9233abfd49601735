//! JSON as it is printed and put into files.

use serde::Serialize;

use crate::base::escape;

#[derive(Serialize)]
pub(super) struct Rules<'a> {
    pub(super) name: &'a str,
    pub(super) sha256: &'a str,
}

/// A value in JSON, indented, with a line end; what a terminal hides is written as its code.
pub(super) fn text(value: &impl Serialize) -> String {
    // Only a map with keys that are no strings could fail, and there is none.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    escape::json(text)
}
