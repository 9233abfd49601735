//! How anonymous an output is to be: the `[privacy]` part of a rule table.

use crate::base::lang::Fixed;
use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::population::PopulationSource;

/// What `[privacy]` says, and the command line may say instead.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Every row is to share its quasi-identifiers with k − 1 others at least.
    pub k: Option<AtLeastTwo>,
    /// How many rows may lose all their quasi-identifiers.
    pub max_suppressed: Option<Percent>,
    /// Whether all rows are generalised alike.
    pub recoding: Option<Recoding>,
    /// How many values each sensitive column is to have in every class.
    pub l: Option<AtLeastTwo>,
    /// How far the values of a sensitive column in a class may be from those of the file.
    pub t: Option<Distance>,
    /// What becomes of brackets, in columns that are not quasi-identifying, which fewer than k have.
    pub thin: Option<Thin>,
    /// Which columns of the input say together whose rows are whose.
    #[serde(default)]
    pub person: ColumnNames,
    /// The population that the rows come from.
    pub population: Option<PopulationSource>,
}

/// What becomes of brackets that fewer than k have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thin {
    /// They are widened until k have them.
    Merge,
    /// They are left as they are, and warned about.
    Keep,
}

/// Names of columns: one, or a list of at least one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "OneOrMore")]
pub struct ColumnNames(pub Vec<String>);

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected the name of a column, or a list of names"
)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl TryFrom<OneOrMore> for ColumnNames {
    type Error = &'static str;

    fn try_from(names: OneOrMore) -> Result<Self, &'static str> {
        let names = match names {
            OneOrMore::One(name) => vec![name],
            OneOrMore::More(names) => names,
        };
        match names.is_empty() || names.iter().any(|name| name.trim().is_empty()) {
            true => Err("expected the name of a column, or a list of names"),
            false => Ok(Self(names)),
        }
    }
}

/// A whole number from 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct AtLeastTwo(pub u32);

impl TryFrom<i64> for AtLeastTwo {
    type Error = Fixed;

    fn try_from(number: i64) -> Result<Self, Fixed> {
        match u32::try_from(number) {
            Ok(number @ 2..) => Ok(Self(number)),
            _ => Err(fixed!("expected a whole number from 2")),
        }
    }
}

impl FromStr for AtLeastTwo {
    type Err = Fixed;

    fn from_str(text: &str) -> Result<Self, Fixed> {
        let number: i64 = text
            .parse()
            .map_err(|_| fixed!("expected a whole number from 2"))?;
        Self::try_from(number)
    }
}

/// A distance from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Distance(pub f64);

impl TryFrom<f64> for Distance {
    type Error = Fixed;

    fn try_from(distance: f64) -> Result<Self, Fixed> {
        match distance {
            0.0..=1.0 => Ok(Self(distance)),
            _ => Err(fixed!("expected a number from 0 to 1")),
        }
    }
}

impl FromStr for Distance {
    type Err = Fixed;

    fn from_str(text: &str) -> Result<Self, Fixed> {
        let number: f64 = text
            .parse()
            .map_err(|_| fixed!("expected a number from 0 to 1"))?;
        Self::try_from(number)
    }
}

/// A share of rows, as a text such as `4%` or `0.5 %`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(try_from = "String")]
pub struct Percent(f64);

impl Percent {
    /// The share that is suppressed at most where nothing else is said.
    pub const DEFAULT_SUPPRESSED: Self = Self(5.0);

    /// The whole rows in this share of `rows`.
    pub fn of(self, rows: u64) -> u64 {
        // What is a whole number but for the rounding of a decimal fraction is one.
        (self.0 * rows as f64 / 100.0 + 1e-9).floor() as u64
    }

    /// The share, from 0 to 1.
    pub fn share(self) -> f64 {
        self.0 / 100.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl FromStr for Percent {
    type Err = Fixed;

    fn from_str(text: &str) -> Result<Self, Fixed> {
        let number = text.trim().strip_suffix('%').map(str::trim_end);
        match number.and_then(|number| number.parse().ok()) {
            Some(percent @ 0.0..=100.0) => Ok(Self(percent)),
            _ => Err(fixed!("expected a share from \"0%\" to \"100%\"")),
        }
    }
}

impl TryFrom<String> for Percent {
    type Error = Fixed;

    fn try_from(text: String) -> Result<Self, Fixed> {
        text.parse()
    }
}

/// Whether all rows are generalised alike.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Recoding {
    /// One level for each column; rows that are still alone are suppressed
    Global,
    /// Generalise each row as little as possible
    #[default]
    Local,
}

impl Recoding {
    /// Its name on the command line and in rule tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Local => "local",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_and_taken_of_rows() {
        for (text, expected) in [
            ("4%", Some(1206)),
            ("4 %", Some(1206)),
            ("0%", Some(0)),
            ("100%", Some(30162)),
            ("0.1%", Some(30)),
            ("4", None),
            ("101%", None),
            ("-1%", None),
            ("NaN%", None),
            ("%", None),
        ] {
            let rows = text.parse().ok().map(|percent: Percent| percent.of(30162));
            assert_eq!(rows, expected, "{text}");
        }
        assert_eq!("10%".parse::<Percent>().unwrap().of(30), 3);
        assert_eq!("70%".parse::<Percent>().unwrap().of(10), 7);
    }

    #[test]
    fn numbers_are_checked() {
        for (text, expected) in [("2", true), ("1", false), ("x", false), ("-5", false)] {
            assert_eq!(text.parse::<AtLeastTwo>().is_ok(), expected, "{text}");
        }
        for (text, expected) in [("0", true), ("0.2", true), ("1.1", false), ("NaN", false)] {
            assert_eq!(text.parse::<Distance>().is_ok(), expected, "{text}");
        }
    }
}
