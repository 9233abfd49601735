//! `region`: the région of an address or a postal code.

use super::postal_code::PAD;
use super::postal_code::place::Place;
use crate::rules::Kind;
use crate::rules::{geography, ladder};

pub(crate) static KIND: Kind = Kind {
    name: "region",
    summary: "write the région of the postal code in an address, found like postal_code: \
              Auvergne-Rhône-Alpes; an empty cell if there is none",
    done: fixed!("only the région is left of each address"),
    options: &[PAD],
    samples: &["{}"],
    parse: |options| REGION.rule(options),
};

static REGION: Place = Place {
    kind: &KIND,
    label: |code| geography::region_label(code),
    ladder: ladder::categories,
};

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
        assert!(rule(&KIND, "{}").identifies_when_repeated());
        refuses(&KIND, &[("{ of = 1 }", "of", "unknown field")]);
    }
}
