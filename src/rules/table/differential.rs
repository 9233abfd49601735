//! Noise in a table of figures: the `[differential_privacy]` part of a rule table. All that it says is
//! public, and must not come from the data.

mod keys;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

pub use self::keys::Keys;
use super::rows::Period;
use crate::base::lang::Fixed;
use crate::base::name;
use crate::privacy::aggregate::Range;
use crate::privacy::differential::{Delta, Epsilon};

/// What `[differential_privacy]` says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DifferentialRules {
    /// What a table spends.
    pub epsilon: Option<Epsilon>,
    /// How likely it is, at most, that this does not hold, where keys come from the data.
    pub delta: Option<Delta>,
    /// What may be spent in all.
    pub budget: Option<Budget>,
    /// What the data are called in the ledger.
    pub dataset: Option<Dataset>,
    /// In how many cells a person counts, at most.
    pub max_cells: Option<Limit>,
    /// How many rows of a person count in each cell, at most.
    pub max_rows: Option<Limit>,
    /// Between which bounds the amounts of a column count.
    #[serde(default)]
    bounds: BTreeMap<String, Bounds>,
    /// Which values a column of the output has.
    #[serde(default)]
    keys: AllKeys,
}

impl DifferentialRules {
    /// The bounds of a column of the input.
    pub(crate) fn bounds(&self, column: &str) -> Option<Range> {
        named(&self.bounds, column).map(|bounds| bounds.0)
    }

    /// The keys of a column of the output.
    pub(crate) fn keys(&self, column: &str) -> Option<&Keys> {
        match &self.keys {
            AllKeys::Threshold => Some(&Keys::Threshold),
            AllKeys::Of(keys) => named(keys, column),
        }
    }
}

fn named<'a, T>(all: &'a BTreeMap<String, T>, column: &str) -> Option<&'a T> {
    let key = name::key(column);
    let mut all = all.iter();
    all.find(|(own, _)| name::key(own) == key)
        .map(|(_, own)| own)
}

/// The keys of all columns.
#[derive(Debug, Clone, PartialEq)]
enum AllKeys {
    /// Whatever is found, above a threshold.
    Threshold,
    /// Those of each column.
    Of(BTreeMap<String, Keys>),
}

impl Default for AllKeys {
    fn default() -> Self {
        Self::Of(BTreeMap::new())
    }
}

/// Not an untagged enum: its errors would not say what is wrong with which key.
impl<'de> Deserialize<'de> for AllKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = AllKeys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(fixed!("\"threshold\", or the keys of each column").get())
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<AllKeys, E> {
                match word {
                    "threshold" => Ok(AllKeys::Threshold),
                    _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
                }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<AllKeys, A::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(AllKeys::Of)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// What may be spent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    pub epsilon: Epsilon,
    /// So much of δ; without one, none.
    pub delta: Option<Delta>,
    /// In this time; without one, ever.
    pub per: Option<Window>,
}

/// A time, and how it was written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Window {
    pub period: Period,
    /// As it was written.
    pub text: String,
}

impl TryFrom<String> for Window {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        let period = Period::try_from(text.clone())?;
        Ok(Self { period, text })
    }
}

/// A name of data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Dataset(pub String);

impl TryFrom<String> for Dataset {
    type Error = Fixed;

    fn try_from(name: String) -> Result<Self, Fixed> {
        let is_name = !name.trim().is_empty() && name.trim() == name;
        let is_name = is_name && !name.chars().any(char::is_control) && name.len() <= 200;
        match is_name {
            true => Ok(Self(name)),
            false => Err(fixed!("expected a name for the data, such as \"clients\"")),
        }
    }
}

/// How much of a person counts, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Limit(pub u32);

impl TryFrom<i64> for Limit {
    type Error = Fixed;

    fn try_from(number: i64) -> Result<Self, Fixed> {
        match u32::try_from(number) {
            Ok(number @ 1..=1_000) => Ok(Self(number)),
            _ => Err(fixed!("expected a whole number from 1 to 1000")),
        }
    }
}

/// The least and the greatest amount that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "[i64; 2]")]
struct Bounds(Range);

impl TryFrom<[i64; 2]> for Bounds {
    type Error = Fixed;

    fn try_from([low, high]: [i64; 2]) -> Result<Self, Fixed> {
        const MOST: i64 = 1_000_000_000_000;
        let within = -MOST..=MOST;
        match low < high && within.contains(&low) && within.contains(&high) {
            true => Ok(Self(Range {
                low: low * 100,
                high: high * 100,
            })),
            false => Err(fixed!(
                "expected two whole numbers, the lesser one first, such as [0, 100_000]"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::rules::table::RuleTable;

    fn read(options: &str) -> Result<DifferentialRules, String> {
        let text = format!(
            "version = 1\n[differential_privacy]\n{options}\n[columns.a]\nrule = \"keep\"\n"
        );
        let table = RuleTable::parse(&text, "t", "t", Path::new(""));
        table
            .map(|table| table.differential.unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_table_says_what_is_public() {
        let all = r#"
            epsilon = "0.5"
            budget = { epsilon = "3", per = "30 days" }
            dataset = "clients"
            max_cells = 2
            max_rows = 3
            bounds.revenus = [0, 100_000]
            keys.formule = ["tiers", "tous risques", ""]
            keys."région" = "region"
        "#;
        let read = read(all).unwrap();
        assert_eq!(read.epsilon, "0.5".parse().ok());
        let budget = read.budget.clone().unwrap();
        assert_eq!(budget.epsilon, "3".parse().unwrap());
        assert_eq!(budget.per.unwrap().period, Period::Days(30));
        assert_eq!(read.dataset, Some(Dataset("clients".to_owned())));
        assert_eq!(
            (read.max_cells, read.max_rows),
            (Some(Limit(2)), Some(Limit(3)))
        );
        let range = Range {
            low: 0,
            high: 10_000_000,
        };
        assert_eq!(read.bounds("Revenus"), Some(range));
        assert_eq!(read.bounds("tarif"), None);
        let keys = |column| match read.keys(column)? {
            Keys::Listed(labels) => Some(labels.len()),
            Keys::Threshold => None,
        };
        assert_eq!(
            (keys("formule"), keys("Region"), keys("sexe")),
            (Some(3), Some(25), None)
        );
    }

    #[test]
    fn keys_may_come_from_the_data_above_a_threshold() {
        let all = read("delta = \"0.000001\"\nkeys = \"threshold\"").unwrap();
        assert_eq!(all.keys("any"), Some(&Keys::Threshold));
        assert_eq!(all.delta, "0.000001".parse().ok());
        let one = "budget = { epsilon = \"3\", delta = \"0.00001\" }\nkeys.ville = \"threshold\"\nkeys.sexe = [\"F\"]";
        let one = read(one).unwrap();
        assert_eq!(one.keys("ville"), Some(&Keys::Threshold));
        assert!(matches!(one.keys("sexe"), Some(Keys::Listed(labels)) if labels.len() == 1));
        assert_eq!(one.keys("formule"), None);
        assert_eq!(one.budget.unwrap().delta, "0.00001".parse().ok());
    }

    #[test]
    fn bad_options_are_refused_with_their_place() {
        for (options, place, expected) in [
            ("epsilon = 0.5", "3:11", "string"),
            ("epsilon = \"0\"", "3:11", "from 0.000001"),
            ("epsilon = \"1e3\"", "3:11", "from 0.000001"),
            (
                "budget = { epsilon = \"3\", per = \"a month\" }",
                "3:10",
                "such as",
            ),
            ("budget = { per = \"3 days\" }", "3:10", "epsilon"),
            ("dataset = \" \"", "3:11", "a name"),
            ("max_cells = 0", "3:13", "from 1 to 1000"),
            ("max_rows = 1001", "3:12", "from 1 to 1000"),
            ("bounds.revenus = [5, 5]", "3:8", "the lesser one first"),
            ("bounds.revenus = [10, -10]", "3:8", "the lesser one first"),
            ("bounds.revenus = [0]", "3:8", "2"),
            ("bounds.revenus = [0, 2_000_000_000_000]", "3:8", "such as"),
            ("keys.a = []", "3:6", "a list of values"),
            ("keys.a = [\"x\", \"x\"]", "3:6", "twice"),
            ("keys.a = [\"x\", \"total\"]", "3:6", "Total"),
            ("keys.a = \"ville\"", "3:6", "departement"),
            ("keys = \"all\"", "3:8", "threshold"),
            ("keys = 3", "3:8", "threshold"),
            ("keys.a = { years = [2000, 1990] }", "3:6", "years"),
            ("keys.a = { from = 0, to = 10, width = 3 }", "3:6", "width"),
            ("delta = \"0.1\"", "3:9", "up to 0.01"),
            ("delta = 0.001", "3:9", "string"),
            ("keys.a = \"thresholds\"", "3:6", "departement"),
        ] {
            let error = read(options).unwrap_err();
            let place = place.split_once(':').unwrap().0;
            assert!(
                error.contains(&format!("t:{place}:")) && error.contains(expected),
                "{options}: {error}"
            );
        }
    }
}
