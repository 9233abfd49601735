//! `constant`: one text for every cell.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::text::{Text, all_plain};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "constant",
    summary: "write the same text for every cell that is not missing",
    done: fixed!("each cell is replaced by the same text"),
    options: &[OptionDoc {
        name: "value",
        takes: "a text that is not blank; required",
        meaning: "what is written",
    }],
    samples: &["{ value = 'client' }"],
    parse: options::rule::<Constant>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    value: Option<Text>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Options")]
struct Constant {
    value: String,
}

impl TryFrom<Options> for Constant {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        match options.value {
            Some(Text(value)) => Ok(Self { value }),
            None => Err(fixed!(
                "value is required: a text, as in { constant = { value = \"client\" } }"
            )),
        }
    }
}

impl Rule for Constant {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(Action::Write(Box::new(self.clone())))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let (cell, text) = (column.cell(), column.dialect().text(&self.value));
        let value = format!("CASE WHEN {cell} IS NOT NULL THEN {text} END");
        Ok(Output::of_any(column.step("text", value)))
    }
}

impl Transform for Constant {
    fn writes_plain(&self) -> bool {
        all_plain([self.value.as_str()])
    }

    fn apply(&self, _: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        out.extend_from_slice(self.value.as_bytes());
        Ok(Outcome::Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{refuses, rule, transform, writes};

    #[test]
    fn writes_its_text() {
        let client = "{ value = 'client' }";
        writes(
            &KIND,
            &[
                (client, "Jean", Ok("client")),
                (client, "a\nb", Ok("client")),
                ("{ value = 'a;b' }", "Jean", Ok("a;b")),
            ],
        );
        assert!(transform(&KIND, client).writes_plain());
        assert!(!transform(&KIND, "{ value = 'a;b' }").writes_plain());
    }

    #[test]
    fn refuses_bad_options() {
        // What it replaces may stand in a kept cell of the same row.
        assert!(rule(&KIND, "{ value = 'x' }").identifies_when_repeated());
        refuses(
            &KIND,
            &[
                ("{}", "{}", "value is required"),
                ("{ value = '' }", "''", "a text that is not blank"),
                ("{ value = \"a\\nb\" }", "\"a\\nb\"", "without line breaks"),
                ("{ value = 5 }", "5", "expected a string"),
                ("{ text = 'x' }", "text", "expected `value`"),
            ],
        );
    }
}
