//! The key `leftovers` of a column: what its kept cells are looked through for.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

use super::keys::{Wrong, at};
use crate::detect::{DETECTORS, Detectors};
use crate::rules::Rule;
use crate::rules::policy::Leftovers;

/// What stands in a list for the comparison with the same row.
const SAME_ROW: &str = "same_row";

/// Reads the key: `"check"`, `"ignore"`, or a list of what is to be ignored.
pub(super) fn leftovers(value: Spanned<DeValue<'_>>, rule: &dyn Rule) -> Result<Leftovers, Wrong> {
    let span = value.span();
    if rule.kind().name != "keep" {
        let message =
            fixed!("the cells of this column are not kept: nothing can be left over in them");
        return Err(at(span, message));
    }
    match value.get_ref() {
        DeValue::String(word) if word == "check" => Ok(Leftovers::CHECK),
        DeValue::String(word) if word == "ignore" => Ok(Leftovers::IGNORE),
        DeValue::Array(_) => {
            let names = Vec::<Spanned<String>>::deserialize(ValueDeserializer::from(value))?;
            names.iter().try_fold(Leftovers::CHECK, without)
        }
        _ => Err(at(
            span,
            fixed!(
                "expected \"check\", \"ignore\" or a list of what to ignore, such as [\"date\"]"
            ),
        )),
    }
}

fn without(all: Leftovers, name: &Spanned<String>) -> Result<Leftovers, Wrong> {
    let named = name.get_ref().as_str();
    if named == SAME_ROW {
        return Ok(Leftovers {
            same_row: false,
            ..all
        });
    }
    let Some(detector) = Detectors::named(named) else {
        let known: Vec<&str> = DETECTORS.iter().map(|detector| detector.name).collect();
        let known = known.join(", ");
        return Err(at(
            name.span(),
            text!(
                "unknown detector `{named}`, expected {same_row} or one of {known}",
                named,
                same_row = SAME_ROW,
                known
            ),
        ));
    };
    Ok(Leftovers {
        detectors: all.detectors.without(detector),
        ..all
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::rules::table::RuleTable;

    fn read(rule: &str, value: &str) -> Result<Leftovers, String> {
        let text = format!("version = 1\n[columns.a]\nrule = \"{rule}\"\nleftovers = {value}");
        let table = RuleTable::parse(&text, "t", "t", Path::new(""));
        table
            .map(|table| table.columns[0].leftovers)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn says_what_is_looked_for() {
        let date = Detectors::named("date").unwrap();
        for (value, expected) in [
            ("\"check\"", Leftovers::CHECK),
            ("[]", Leftovers::CHECK),
            ("\"ignore\"", Leftovers::IGNORE),
            (
                "[\"date\"]",
                Leftovers {
                    detectors: Detectors::ALL.without(date),
                    same_row: true,
                },
            ),
            (
                "[\"same_row\"]",
                Leftovers {
                    detectors: Detectors::ALL,
                    same_row: false,
                },
            ),
        ] {
            assert_eq!(read("keep", value), Ok(expected), "{value}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_know_and_columns_that_are_not_kept() {
        for (rule, value, place, expected) in [
            ("keep", "\"mask\"", "4:13", "\"ignore\""),
            ("keep", "true", "4:13", "\"ignore\""),
            (
                "keep",
                "[\"date\", \"mail\"]",
                "4:22",
                "unknown detector `mail`",
            ),
            ("keep", "[1]", "4:14", "string"),
            ("drop", "\"ignore\"", "4:13", "not kept"),
            ("year", "\"check\"", "4:13", "not kept"),
        ] {
            let error = read(rule, value).unwrap_err();
            assert!(
                error.contains(place) && error.contains(expected),
                "{rule} {value}: {error}"
            );
        }
    }
}
