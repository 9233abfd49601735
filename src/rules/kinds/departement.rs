//! `departement`: the département of an address or a postal code.

use super::postal_code::PAD;
use super::postal_code::place::Place;
use crate::privacy::ladder::Ladder;
use crate::rules::Kind;
use crate::rules::geography;
use crate::rules::ladder::{Places, StepName};

pub(crate) static KIND: Kind = Kind {
    name: "departement",
    summary: "write the département of the postal code in an address, found like postal_code: 07 Ardèche; \
              an empty cell if there is none",
    done: fixed!("only the département is left of each address"),
    options: &[PAD],
    samples: &["{}"],
    parse: |options| DEPARTEMENT.rule(options),
};

static DEPARTEMENT: Place = Place {
    kind: &KIND,
    label: |code| geography::departement_label(code),
    ladder,
};

/// The région, if no other steps are named.
fn ladder(steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
    let region = [StepName::Name("region".to_owned())];
    Ok(Box::new(Places::new(Some(steps.unwrap_or(&region)))?))
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
        assert!(own.identifies_when_repeated());
        let climbed = climb(&*own.ladder(None).unwrap(), &["75 Paris", ""]);
        let expected = ["Île-de-France", ""].map(String::from).to_vec();
        assert_eq!(climbed, [("région".to_owned(), expected)]);
        refuses(&KIND, &[("{ region = true }", "region", "unknown field")]);
    }
}
