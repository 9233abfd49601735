//! The values that a column of a table with noise has: all of them are told, whether anybody has them or not.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::privacy::aggregate::{MOST_CELLS, TOTAL};
use crate::rules::geography;

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum Keys {
    /// These, in the order in which they are told.
    Listed(Vec<String>),
    /// Those that are found in the data, if enough persons have them.
    Threshold,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a list of values, \"departement\", \"region\", \"threshold\", { years = [1930, 2010] } or { from = 0, to = 100_000, width = 20_000 }"
)]
enum Written {
    List(Vec<String>),
    Known(Known),
    Years(Years),
    Brackets(Brackets),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Known {
    Departement,
    Region,
    Threshold,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Years {
    years: [i64; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Brackets {
    from: i64,
    to: i64,
    width: i64,
}

impl TryFrom<Written> for Keys {
    type Error = Fixed;

    fn try_from(written: Written) -> Result<Self, Fixed> {
        match written {
            Written::List(values) => listed(values),
            Written::Known(Known::Departement) => {
                let all = geography::departements().iter();
                Ok(Self::Listed(all.map(|one| one.label.to_owned()).collect()))
            }
            Written::Known(Known::Region) => {
                let all = geography::departements().iter();
                let mut names: Vec<String> = all.map(|one| one.region.name.to_owned()).collect();
                names.sort_unstable();
                names.dedup();
                Ok(Self::Listed(names))
            }
            Written::Known(Known::Threshold) => Ok(Self::Threshold),
            Written::Years(Years { years: [from, to] }) => {
                match (1..=9999).contains(&from) && from <= to && to <= 9999 {
                    true => Ok(Self::Listed(
                        (from..=to).map(|year| year.to_string()).collect(),
                    )),
                    false => Err(fixed!(
                        "expected two years, the earlier one first, such as { years = [1930, 2010] }"
                    )),
                }
            }
            Written::Brackets(brackets) => brackets.keys(),
        }
    }
}

fn listed(values: Vec<String>) -> Result<Keys, Fixed> {
    if values.is_empty() {
        return Err(fixed!("expected a list of values, of one at least"));
    }
    if values
        .iter()
        .any(|value| value.trim().eq_ignore_ascii_case(TOTAL))
    {
        return Err(fixed!(
            "a value cannot be called Total, which is what margins are called"
        ));
    }
    let mut sorted = values.clone();
    sorted.sort_unstable();
    sorted.dedup();
    match sorted.len() == values.len() {
        true => Ok(Keys::Listed(values)),
        false => Err(fixed!("a value is listed twice")),
    }
}

impl Brackets {
    /// The labels of the `bucket` rule.
    fn keys(&self) -> Result<Keys, Fixed> {
        const MOST: i64 = 1_000_000_000_000_000;
        let Self { from, to, width } = *self;
        let expected = fixed!(
            "expected brackets such as { from = 0, to = 100_000, width = 20_000 }: from and to multiples of the width"
        );
        let within = (1..=MOST).contains(&width) && from.abs() <= MOST && to.abs() <= MOST;
        if !within || from >= to || from % width != 0 || to % width != 0 {
            return Err(expected);
        }
        let count = usize::try_from((to - from) / width).map_err(|_| expected)?;
        if count > MOST_CELLS {
            return Err(expected);
        }
        let starts = (0..).map(|at| from + at * width).take(count);
        Ok(Keys::Listed(
            starts
                .map(|start| format!("{start}-{}", start + width))
                .collect(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_lists_are_those_of_the_rules() {
        let keys = |written| match Keys::try_from(written).unwrap() {
            Keys::Listed(labels) => labels,
            Keys::Threshold => Vec::new(),
        };
        let departements = keys(Written::Known(Known::Departement));
        assert!(departements.contains(&"07 Ardèche".to_owned()));
        assert!(departements.len() > 100);
        let regions = keys(Written::Known(Known::Region));
        assert!(regions.contains(&"Auvergne-Rhône-Alpes".to_owned()));
        let years = keys(Written::Years(Years {
            years: [1998, 2001],
        }));
        assert_eq!(years, ["1998", "1999", "2000", "2001"]);
        let brackets = Brackets {
            from: -20_000,
            to: 40_000,
            width: 20_000,
        };
        let brackets = keys(Written::Brackets(brackets));
        assert_eq!(brackets, ["-20000-0", "0-20000", "20000-40000"]);
    }

    /// As the rule `bucket` writes them.
    #[test]
    fn brackets_are_written_as_their_rule_writes_them() {
        use crate::rules::kinds::bucket;
        use crate::rules::options::testing::writes;
        writes(
            &bucket::KIND,
            &[
                ("{ width = 20_000 }", "-1", Ok("-20000-0")),
                ("{ width = 20_000 }", "39 999,99", Ok("20000-40000")),
            ],
        );
    }
}
