//! `yes_no`: whether an amount is more than zero, such as whether there are children.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::rules::amount::{self, Amount, DecimalMark};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::label::Label;
use crate::rules::text::Text;
use crate::rules::transform::{Action, Cell, Mend, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, options, usual};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "yes_no",
    summary: "write whether an amount is more than zero (oui) or zero (non)",
    done: fixed!("only whether the amount is more than zero is left"),
    options: &[
        OptionDoc {
            name: "yes",
            takes: "a text; default: \"oui\"",
            meaning: "what is written for an amount of more than zero",
        },
        OptionDoc {
            name: "no",
            takes: "a text that is not the one for yes; default: \"non\"",
            meaning: "what is written for zero",
        },
        OptionDoc {
            name: "decimal",
            takes: "\",\" or \".\"; default: whichever an amount has, and 45.000 is invalid",
            meaning: "the decimal mark; the other of the two may then stand between thousands",
        },
        amount::wide::OPTION,
        OptionDoc {
            name: "words",
            takes: "true or false; default: false",
            meaning: "read also VRAI and FAUX, TRUE and FALSE, oui and non, yes and no, in any case; not in SQL",
        },
    ],
    samples: &["{}"],
    parse: options::rule::<YesNo>,
};

static NEGATIVE: Reason = Reason {
    code: "negative_amount",
    what: fixed!("an amount below zero where only zero or more has a meaning"),
    advice: fixed!("check that the column counts something"),
    mend: None,
};

static WORD: Reason = Reason {
    code: "not_an_amount",
    what: fixed!("a word for yes or no where an amount is expected"),
    advice: fixed!("accepted are amounts of zero or more"),
    mend: Some(Mend {
        when: fixed!("to read VRAI and FAUX, TRUE and FALSE, oui and non, yes and no too"),
        option: "words = true",
    }),
};

/// Words that say yes or no, and whether they say yes.
const WORDS: [(&str, bool); 8] = [
    ("vrai", true),
    ("faux", false),
    ("true", true),
    ("false", false),
    ("oui", true),
    ("non", false),
    ("yes", true),
    ("no", false),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    yes: Option<Text>,
    no: Option<Text>,
    decimal: Option<DecimalMark>,
    #[serde(default)]
    wide: bool,
    #[serde(default)]
    words: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Options")]
struct YesNo {
    yes: String,
    no: String,
    decimal: Option<DecimalMark>,
    wide: bool,
    words: bool,
}

impl TryFrom<Options> for YesNo {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        let Text(yes) = options.yes.unwrap_or_else(|| Text("oui".to_owned()));
        let Text(no) = options.no.unwrap_or_else(|| Text("non".to_owned()));
        if yes == no {
            return Err(fixed!("expected two texts for yes and no that differ"));
        }
        Ok(Self {
            yes,
            no,
            decimal: options.decimal,
            wide: options.wide,
            words: options.words,
        })
    }
}

impl Rule for YesNo {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn usual_weight(&self, _: &str) -> f64 {
        usual::IN_TWO
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        let ready = |text: &String| Label::new(text.as_bytes());
        let plain = Box::new(Compiled {
            ready: ready(&self.yes).zip(ready(&self.no)),
            plain: [&self.yes, &self.no]
                .iter()
                .all(|text| text.chars().all(char::is_alphanumeric)),
            rule: self.clone(),
        });
        let written = amount::wide::reading(self.wide, self.decimal, plain);
        Ok(Action::Write(written))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        amount::wide::refuse_in_sql(self.wide)?;
        if self.words {
            let why = fixed!("the words that `words` reads are not expressed in SQL");
            return Err(Inexpressible::Because(why));
        }
        let dialect = column.dialect();
        let number = amount::sql::number(column, self.decimal);
        let nonzero = dialect.holds(&number, "[1-9]");
        let value = column.step(
            "text",
            format!(
                "CASE WHEN NOT ({nonzero}) THEN {}\n  WHEN NOT ({}) THEN {}\nEND",
                dialect.text(&self.no),
                amount::sql::has_minus(&number),
                dialect.text(&self.yes)
            ),
        );
        Ok(Output::checked(
            value,
            "not an amount of zero or more in an accepted form",
        ))
    }
}

struct Compiled {
    rule: YesNo,
    /// The texts for yes and no, if both are short.
    ready: Option<(Label, Label)>,
    /// They are nothing but letters and digits.
    plain: bool,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        self.plain
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let yes = self.rule.is_yes(cell.content)?;
        match &self.ready {
            Some((label_yes, label_no)) => if yes { label_yes } else { label_no }.push_to(out),
            None if yes => out.extend_from_slice(self.rule.yes.as_bytes()),
            None => out.extend_from_slice(self.rule.no.as_bytes()),
        }
        Ok(Outcome::Written)
    }

    fn takes(&self, content: &[u8]) -> bool {
        amount::read(content, self.rule.decimal).is_some_and(|amount| !amount.negative)
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

impl YesNo {
    /// Whether a cell is more than zero, or says yes.
    #[inline]
    fn is_yes(&self, text: &[u8]) -> Result<bool, &'static Reason> {
        // The number of children, say, has one digit.
        if let [digit @ b'0'..=b'9'] = text {
            return Ok(*digit != b'0');
        }
        match amount::parse(text, self.decimal) {
            Ok(Amount { negative: true, .. }) => Err(&NEGATIVE),
            Ok(Amount {
                integer, fraction, ..
            }) => Ok(integer != 0 || fraction),
            Err(reason) => match said(text) {
                Some(yes) if self.words => Ok(yes),
                Some(_) => Err(&WORD),
                None => Err(reason),
            },
        }
    }
}

/// What a word says, if it says yes or no.
#[cold]
fn said(text: &[u8]) -> Option<bool> {
    let text = amount::trim(text);
    let mut words = WORDS.iter();
    let known = words.find(|(word, _)| word.as_bytes().eq_ignore_ascii_case(text))?;
    Some(known.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{refuses, rule, transform, write};

    #[test]
    fn tells_zero_from_more() {
        let english = "{ yes = 'yes', no = 'no, none', decimal = ',' }";
        for (options, cell, expected) in [
            ("{}", "0", Ok("non")),
            ("{}", "00", Ok("non")),
            ("{}", "-0", Ok("non")),
            ("{}", "0,00 €", Ok("non")),
            ("{}", "1", Ok("oui")),
            ("{}", " 2 ", Ok("oui")),
            ("{}", "0,5", Ok("oui")),
            ("{}", "0,001", Ok("oui")),
            ("{}", "1 200", Ok("oui")),
            ("{}", "-1", Err("negative_amount")),
            ("{}", "-0,5", Err("negative_amount")),
            ("{}", "1.200", Err("ambiguous_amount")),
            ("{}", "oui", Err("not_an_amount")),
            ("{}", "2 enfants", Err("not_an_amount")),
            ("{}", "VRAI", Err("not_an_amount")),
            ("{ words = true }", "VRAI", Ok("oui")),
            ("{ words = true }", " faux\u{a0}", Ok("non")),
            ("{ words = true }", "True", Ok("oui")),
            ("{ words = true }", "NON", Ok("non")),
            ("{ words = true }", "3", Ok("oui")),
            ("{ words = true }", "vraie", Err("not_an_amount")),
            ("{ words = true, wide = true }", "vrai", Ok("oui")),
            ("{ words = true, wide = true }", "0 %", Ok("non")),
            (english, "0", Ok("no, none")),
            (english, "1.200", Ok("yes")),
        ] {
            let written = write(transform(&KIND, options).as_ref(), cell);
            let expected = expected.map(|label| (label.to_owned(), Outcome::Written));
            assert_eq!(written, expected, "{options}, {cell}");
        }
    }

    #[test]
    fn refuses_bad_options() {
        assert_eq!(
            rule(&KIND, "{ yes = 'non', no = 'oui' }").kind().name,
            "yes_no"
        );
        refuses(
            &KIND,
            &[
                ("{ yes = '' }", "''", "expected a text that is not blank"),
                ("{ no = ' ' }", "' '", "expected a text that is not blank"),
                ("{ no = \"a\\nb\" }", "\"a\\nb\"", "without line breaks"),
                ("{ yes = true }", "true", "expected a string"),
                ("{ yes = 'non' }", "{ yes = 'non' }", "that differ"),
                (
                    "{ yes = 'x', no = 'x' }",
                    "{ yes = 'x', no = 'x' }",
                    "that differ",
                ),
                ("{ decimal = '' }", "''", "expected the decimal mark"),
                (
                    "{ oui = 'x' }",
                    "oui",
                    "expected one of `yes`, `no`, `decimal`, `wide`, `words`",
                ),
                ("[]", "[]", "expected a table of options"),
            ],
        );
    }
}
