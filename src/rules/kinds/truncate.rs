//! `truncate`: the first characters of a cell, such as the first two of a code.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::privacy::ladder::Ladder;
use crate::rules::amount::trim;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::ladder::{Prefixes, StepName};
use crate::rules::options::Whole;
use crate::rules::text::{check_kept, split_chars};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "truncate",
    summary: "write the first characters of a cell (Unicode scalar values, blanks around it left out); \
              a cell of no more than these leaves whole; a line break or an identifier among them is \
              invalid",
    done: fixed!("only the first characters of each cell are left"),
    options: &[OptionDoc {
        name: "length",
        takes: "a whole number from 1 to 1000; required",
        meaning: "how many characters are left",
    }],
    samples: &["{ length = 2 }"],
    parse: options::rule::<Truncate>,
};

/// The position of `whole` in what the rule counts.
const WHOLE: usize = 0;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    length: Option<Whole<1, 1000>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Options")]
struct Truncate {
    length: usize,
}

impl TryFrom<Options> for Truncate {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        match options.length {
            Some(Whole(length)) => Ok(Self {
                length: length as usize,
            }),
            None => Err(fixed!(
                "length is required: a whole number from 1 to 1000, \
                         as in { truncate = { length = 3 } }"
            )),
        }
    }
}

impl Rule for Truncate {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Err(Inexpressible::Because(fixed!(
            "whether what stays visible is an identifier is not decided in SQL"
        )))
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(Action::Write(Box::new(*self)))
    }

    fn counts(&self) -> &'static [&'static str] {
        &["whole"]
    }

    /// Ever fewer characters.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        Ok(Box::new(Prefixes::new(self.length, steps)?))
    }
}

impl Transform for Truncate {
    fn copies_input(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let (first, rest) = split_chars(trim(cell.content), self.length);
        check_kept(first)?;
        out.extend_from_slice(first);
        Ok(match rest {
            [] => Outcome::Counted(WHOLE),
            _ => Outcome::Written,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{refuses, rule, writes};

    #[test]
    fn writes_the_first_characters() {
        let three = "{ length = 3 }";
        writes(
            &KIND,
            &[
                (three, "75011", Ok("750")),
                (three, "  75011", Ok("750")),
                (three, "éàü€", Ok("éàü")),
                (three, "e\u{301}te", Ok("e\u{301}t")),
                (three, "👩‍🚀x", Ok("👩‍🚀")),
                (three, "ab;", Ok("ab;#0")),
                (three, "ab", Ok("ab#0")),
                (three, "abc\nd", Ok("abc")),
                (three, "ab\ncd", Err("line_break")),
                (
                    "{ length = 40 }",
                    "voir zoe.lamy@example.fr",
                    Err("identifier"),
                ),
                ("{ length = 8 }", "voir zoe.lamy@example.fr", Ok("voir zoe")),
            ],
        );
    }

    #[test]
    fn refuses_bad_options() {
        // The first characters of a cell do not tell who it is about, the whole of it may.
        assert!(rule(&KIND, "{ length = 1 }").identifies_when_repeated());
        refuses(
            &KIND,
            &[
                ("{}", "{}", "length is required"),
                ("{ length = 0 }", "0", "a whole number from 1 to 1000"),
                ("{ length = '3' }", "'3'", "a whole number from 1 to 1000"),
                ("{ first = 3 }", "first", "expected `length`"),
            ],
        );
    }
}
