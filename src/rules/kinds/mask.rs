//! `mask`: a cell whose first and last characters stay visible, and nothing between them.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::rules::amount::{self, trim};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::options::Whole;
use crate::rules::text::{check_kept, count_chars, split_chars};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "mask",
    summary: "write the first and the last characters of a cell (Unicode scalar values, blanks around it \
              left out) and hide those between; a cell of no more than these is hidden whole; a line \
              break or an identifier among what stays visible is invalid",
    done: fixed!("all characters are hidden but those at the ends"),
    options: &[
        OptionDoc {
            name: "start",
            takes: "a whole number from 0 to 100; default: 0",
            meaning: "how many characters stay visible at the beginning",
        },
        OptionDoc {
            name: "end",
            takes: "a whole number from 0 to 100; default: 0",
            meaning: "how many characters stay visible at the end",
        },
        OptionDoc {
            name: "with",
            takes: "one character that can be seen, none of = + - @; default: \"*\"",
            meaning: "what stands for the hidden ones",
        },
        OptionDoc {
            name: "length",
            takes: "\"hide\" or \"keep\"; default: \"hide\"",
            meaning: "whether it stands four times, however many are hidden, or once for each",
        },
    ],
    samples: &["{}", "{ start = 1 }"],
    parse: options::rule::<Options>,
};

/// The position of `too_short` in what the rule counts.
const TOO_SHORT: usize = 0;

/// How many characters stand for hidden ones whose number is hidden too.
const HIDDEN: usize = 4;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    start: Option<Whole<0, 100>>,
    end: Option<Whole<0, 100>>,
    with: Option<With>,
    length: Option<Length>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct With(char);

impl TryFrom<String> for With {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        let mut characters = text.chars();
        let unseen = |c: char| c.is_control() || c.is_whitespace();
        match (characters.next(), characters.next()) {
            // A spreadsheet would take what begins with one of these for a formula.
            (Some('=' | '+' | '-' | '@'), None) => {}
            (Some(with), None) if !unseen(with) => return Ok(Self(with)),
            _ => {}
        }
        Err(fixed!(
            "expected one character that can be seen, none of = + - @"
        ))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
enum Length {
    Hide,
    Keep,
}

impl TryFrom<String> for Length {
    type Error = Fixed;

    fn try_from(word: String) -> Result<Self, Fixed> {
        match word.as_str() {
            "hide" => Ok(Self::Hide),
            "keep" => Ok(Self::Keep),
            _ => Err(fixed!("expected \"hide\" or \"keep\"")),
        }
    }
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        let visible = |end: Option<Whole<0, 100>>| end.map_or(0, |Whole(count)| count as usize);
        let With(with) = self.with.unwrap_or(With('*'));
        Ok(Action::Write(Box::new(Compiled {
            start: visible(self.start),
            end: visible(self.end),
            with: with.to_string().into_bytes(),
            length: self.length.unwrap_or(Length::Hide),
        })))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let visible = |end: Option<Whole<0, 100>>| end.is_some_and(|Whole(count)| count > 0);
        if visible(self.start) || visible(self.end) {
            return Err(Inexpressible::Because(fixed!(
                "whether what stays visible is an identifier is not decided in SQL"
            )));
        }
        let With(with) = self.with.unwrap_or(With('*'));
        let dialect = column.dialect();
        let text = match self.length.unwrap_or(Length::Hide) {
            Length::Hide => {
                let cell = column.cell();
                let hidden = dialect.text(&with.to_string().repeat(HIDDEN));
                format!("CASE WHEN {cell} IS NOT NULL THEN {hidden} END")
            }
            Length::Keep => {
                let trimmed = amount::sql::trimmed(column, None);
                let with = dialect.text(&with.to_string());
                format!("repeat({with}, {})", dialect.length(&trimmed))
            }
        };
        Ok(Output::of_any(column.step("text", text)))
    }

    fn counts(&self) -> &'static [&'static str] {
        &["too_short"]
    }
}

struct Compiled {
    start: usize,
    end: usize,
    with: Vec<u8>,
    length: Length,
}

impl Transform for Compiled {
    fn copies_input(&self) -> bool {
        self.start > 0
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let text = trim(cell.content);
        let all = count_chars(text);
        let between = all.checked_sub(self.start + self.end);
        let Some(hidden) = between.filter(|hidden| *hidden > 0) else {
            self.hide(all, out);
            return Ok(Outcome::Counted(TOO_SHORT));
        };
        let (first, rest) = split_chars(text, self.start);
        let (_, last) = split_chars(rest, hidden);
        check_kept(first)?;
        check_kept(last)?;
        out.extend_from_slice(first);
        self.hide(hidden, out);
        out.extend_from_slice(last);
        Ok(Outcome::Written)
    }
}

impl Compiled {
    fn hide(&self, hidden: usize, out: &mut Vec<u8>) {
        let times = match self.length {
            Length::Hide => HIDDEN,
            Length::Keep => hidden,
        };
        for _ in 0..times {
            out.extend_from_slice(&self.with);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::options::testing::{refuses, rule, transform, write, writes};

    #[test]
    fn hides_what_is_between_the_ends() {
        let nir = "{ end = 4 }";
        let both = "{ start = 2, end = 2, length = 'keep' }";
        let all = "{}";
        writes(
            &KIND,
            &[
                (nir, "185057800608491", Ok("****8491")),
                (nir, " 1 85 05 78 006 084 91 ", Ok("****4 91")),
                (nir, "12345", Ok("****2345")),
                (nir, "1234", Ok("****#0")),
                (nir, "1", Ok("****#0")),
                (both, "Élodie", Ok("Él**ie")),
                (both, "Zoé", Ok("***#0")),
                (both, "Jean", Ok("****#0")),
                (both, "ab\ncd", Ok("ab*cd")),
                ("{ start = 3 }", "ab\ncd", Err("line_break")),
                ("{ end = 3 }", "abc\nde", Err("line_break")),
                (
                    "{ start = 50, end = 1 }",
                    "zoe.lamy@example.fr et quelques mots qui suivent encore",
                    Err("identifier"),
                ),
                (all, "boulanger", Ok("****")),
                (all, "x", Ok("****")),
                ("{ with = '•', start = 1 }", "Lyon", Ok("L••••")),
                ("{ with = 'X', length = 'keep' }", "Lyon", Ok("XXXX")),
            ],
        );
    }

    proptest! {
        #[test]
        fn no_more_than_the_ends_can_be_seen(
            text in "[a-z€]{0,12}",
            start in 0_usize..5,
            end in 0_usize..5,
        ) {
            prop_assume!(!text.is_empty());
            for length in ["hide", "keep"] {
                let options = format!("{{ start = {start}, end = {end}, length = '{length}' }}");
                let masked = write(transform(&KIND, &options).as_ref(), &text).unwrap().0;
                let seen = masked.chars().filter(|c| *c != '*').count();
                let all = text.chars().count();
                prop_assert_eq!(seen, if all > start + end { start + end } else { 0 });
                if length == "keep" {
                    prop_assert_eq!(masked.chars().count(), all);
                } else {
                    prop_assert_eq!(masked.chars().count(), seen + HIDDEN);
                }
            }
        }
    }

    #[test]
    fn refuses_bad_options() {
        // What is hidden may stand in a kept cell of the same row.
        assert!(rule(&KIND, "{}").identifies_when_repeated());
        let one = "expected one character that can be seen";
        refuses(
            &KIND,
            &[
                ("{ start = -1 }", "-1", "a whole number from 0 to 100"),
                ("{ end = 101 }", "101", "a whole number from 0 to 100"),
                ("{ with = '' }", "''", one),
                ("{ with = '**' }", "'**'", one),
                ("{ with = ' ' }", "' '", one),
                ("{ with = '=' }", "'='", one),
                ("{ length = 4 }", "4", "expected a string"),
                ("{ length = 'no' }", "'no'", "expected \"hide\" or \"keep\""),
                (
                    "{ keep = 4 }",
                    "keep",
                    "expected one of `start`, `end`, `with`, `length`",
                ),
            ],
        );
    }
}
