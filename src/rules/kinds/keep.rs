//! `keep`: the cells leave as they are, character for character.

use serde::Deserialize;
use toml::de::ValueDeserializer;

use crate::base::lang::Words;
use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::ladder::{self, Brackets, StepName, Style};
use crate::rules::transform::Action;
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

/// The kind `keep`.
pub(crate) static KIND: Kind = Kind {
    name: "keep",
    summary: "keep the cells as they are, character for character",
    done: Words {
        en: "kept as it is, character for character",
        fr: "conservée telle quelle, caractère pour caractère",
    },
    options: &[OptionDoc {
        name: "multiline",
        takes: "true or false; default: false",
        meaning: "let a cell hold line breaks, which are otherwise refused because they show rows \
                  that a stray quote has merged",
    }],
    parse,
};

fn parse(options: ValueDeserializer<'_>) -> Result<Box<dyn Rule>, toml::de::Error> {
    let options: Options = options::read(options)?;
    Ok(Box::new(options))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    multiline: bool,
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(Action::Keep {
            multiline: self.multiline,
        })
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Ok(Output::Keep {
            multiline: self.multiline,
        })
    }

    /// Numbers become intervals; what is no number has no step before `*`.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let widths = steps.map(ladder::widths).transpose()?;
        Ok(Box::new(Brackets::new(Style::Numbers, widths)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{compiled, refuses, rule};

    #[test]
    fn keeps_with_line_breaks_only_where_asked() {
        for (options, expected) in [
            ("{}", false),
            ("{ multiline = false }", false),
            ("{ multiline = true }", true),
        ] {
            let rule = rule(&KIND, options);
            assert_eq!(rule.kind().name, "keep");
            match compiled(&*rule) {
                Action::Keep { multiline } => assert_eq!(multiline, expected, "{options}"),
                Action::Drop | Action::Write(_) => panic!("{options} does not keep"),
            }
        }
    }

    #[test]
    fn refuses_bad_options() {
        refuses(
            &KIND,
            &[
                ("{ multiline = 'yes' }", "'yes'", "expected a boolean"),
                ("{ multiline = 1 }", "1", "expected a boolean"),
                ("{ lines = true }", "lines", "expected `multiline`"),
                ("[true]", "[true]", "expected a table of options"),
            ],
        );
    }
}
