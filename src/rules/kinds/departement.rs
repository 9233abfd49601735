//! `departement`: the département of an address or a postal code.

use serde::Deserialize;
use toml::de::ValueDeserializer;

use super::postal_code::{self, PAD};
use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::geography;
use crate::rules::ladder::{Places, StepName};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

/// The kind `departement`.
pub(crate) static KIND: Kind = Kind {
    name: "departement",
    summary: "write the département of the postal code in an address, found like postal_code: 07 Ardèche; \
              an empty cell if there is none",
    done: fixed!("only the département is left of each address"),
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
        let place =
            postal_code::sql::place(column, &code, |code| geography::departement_label(code));
        Ok(Output::of_any(place))
    }

    fn counts(&self) -> &'static [&'static str] {
        &["no_postal_code", "lost_zero"]
    }

    /// The région, if no other steps are named.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let region = [StepName::Name("region".to_owned())];
        Ok(Box::new(Places::new(Some(steps.unwrap_or(&region)))?))
    }
}

impl Transform for Options {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let label = |code| geography::departement_label(code);
        Ok(postal_code::write(cell.content, self.pad, label, out))
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::ladder::testing::climb;
    use crate::rules::options::testing::{refuses, rule, writes};

    #[test]
    fn writes_the_departement() {
        writes(
            &KIND,
            &[
                ("{}", "12 rue de la Paix, 75002 Paris", Ok("75 Paris")),
                ("{}", "94390", Ok("91 Essonne")),
                ("{}", "48250 Luc", Ok("48 Lozère")),
                ("{}", "20200 Bastia", Ok("2B Haute-Corse")),
                ("{}", "97400 Saint-Denis", Ok("974 La Réunion")),
                ("{}", "35708 Rennes Cedex", Ok("35 Ille-et-Vilaine")),
                ("{}", "Lyon", Ok("#0")),
                ("{}", "99123 Berlin", Ok("#0")),
                ("{}", "75", Ok("#0")),
            ],
        );
    }

    #[test]
    fn leads_to_the_region() {
        let own = rule(&KIND, "{}");
        assert!(own.tells_again());
        let climbed = climb(&*own.ladder(None).unwrap(), &["75 Paris", ""]);
        let expected = ["Île-de-France", ""].map(String::from).to_vec();
        assert_eq!(climbed, [("région".to_owned(), expected)]);
        refuses(&KIND, &[("{ region = true }", "region", "unknown field")]);
    }
}
