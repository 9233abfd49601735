//! `region`: the région of an address or a postal code.

use serde::Deserialize;
use toml::de::ValueDeserializer;

use super::postal_code::{self, PAD};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::geography;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

/// The kind `region`.
pub(crate) static KIND: Kind = Kind {
    name: "region",
    summary: "write the région of the postal code in an address, found like postal_code: \
              Auvergne-Rhône-Alpes; an empty cell if there is none",
    done: fixed!("only the région is left of each address"),
    options: &[PAD],
    parse,
};

fn parse(options: ValueDeserializer<'_>) -> Result<Box<dyn Rule>, toml::de::Error> {
    let options: Options = options::read(options)?;
    Ok(Box::new(options))
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    pad: bool,
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(Action::Write(Box::new(*self)))
    }

    fn writes_lost_zeros(&self) -> bool {
        self.pad
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let code = postal_code::sql::code(column, self.pad);
        let place = postal_code::sql::place(column, &code, |code| geography::region_label(code));
        Ok(Output::of_any(place))
    }

    fn counts(&self) -> &'static [&'static str] {
        &["no_postal_code", "lost_zero"]
    }
}

impl Transform for Options {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let label = |code| geography::region_label(code);
        Ok(postal_code::write(cell.content, self.pad, label, out))
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{refuses, rule, writes};

    #[test]
    fn writes_the_region() {
        writes(
            &KIND,
            &[
                ("{}", "12 rue de la Paix, 75002 Paris", Ok("Île-de-France")),
                ("{}", "07000", Ok("Auvergne-Rhône-Alpes")),
                ("{}", "20200 Bastia", Ok("Corse")),
                ("{}", "Lyon", Ok("#0")),
                ("{}", "00123", Ok("#0")),
            ],
        );
    }

    #[test]
    fn has_no_options() {
        assert!(rule(&KIND, "{}").tells_again());
        refuses(&KIND, &[("{ of = 1 }", "of", "unknown field")]);
    }
}
