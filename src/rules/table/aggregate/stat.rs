//! The statistics of a table of figures.

use std::str::FromStr;

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::privacy::aggregate::Level;

/// What is told of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum Stat {
    /// The number of persons, which is always told.
    Count,
    /// The sum of a column's amounts.
    Sum(String),
    /// The mean of a column's amounts.
    Mean(String),
    /// The share of persons whose cell in a column of the output is this.
    Share {
        /// The column of the output.
        column: String,
        /// The cell.
        is: String,
    },
    /// Quantiles of a column's amounts.
    Quantile {
        /// The column of the input.
        column: String,
        /// Which, in rising order.
        at: Vec<Level>,
        /// What they are rounded to.
        round: u32,
    },
}

/// The most quantiles of a column.
const MOST_QUANTILES: usize = 20;

const EXTREME: Fixed =
    fixed!("a minimum or a maximum is the amount of one person, and is never published");

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"count\", { sum = \"COLUMN\" }, { mean = \"COLUMN\" }, { share = { column = \"COLUMN\", is = \"VALUE\" } } or { quantile = \"COLUMN\", at = [0.5], round = 1000 }"
)]
enum Written {
    Name(String),
    Quantile(Quantile),
    Of(Of),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quantile {
    quantile: String,
    at: Vec<f64>,
    round: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Of {
    Sum(String),
    Mean(String),
    Share(Share),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    column: String,
    is: String,
}

impl Stat {
    /// The column that it is about: of the output for a share, else of the input.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Count => None,
            Self::Sum(column)
            | Self::Mean(column)
            | Self::Share { column, .. }
            | Self::Quantile { column, .. } => Some(column),
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum(_) => "sum",
            Self::Mean(_) => "mean",
            Self::Share { .. } => "share",
            Self::Quantile { .. } => "quantile",
        }
    }

    /// The names of its columns in the table.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Count => vec!["n".to_owned()],
            Self::Sum(column) | Self::Mean(column) => vec![format!("{}_{column}", self.kind())],
            Self::Share { column, is } => vec![format!("share_{column}_{is}")],
            Self::Quantile { column, at, .. } => {
                let names = at
                    .iter()
                    .map(|level| format!("q{}_{column}", level.percent()));
                names.collect()
            }
        }
    }

    fn quantile(column: &str, at: &[f64], round: i64) -> Result<Self, Fixed> {
        let levels = at.iter().map(|share| level(*share));
        let at: Vec<Level> = levels.collect::<Result<_, _>>()?;
        let is_rising = at.is_sorted_by(|one, other| one < other);
        if at.is_empty() || at.len() > MOST_QUANTILES || !is_rising {
            return Err(fixed!(
                "expected from 1 to 20 quantiles in rising order, such as [0.25, 0.5, 0.75]"
            ));
        }
        match u32::try_from(round) {
            Ok(round @ 1..=1_000_000_000) => Ok(Self::Quantile {
                column: column.to_owned(),
                at,
                round,
            }),
            _ => Err(fixed!(
                "expected a whole number from 1 to 1000000000 to round quantiles to"
            )),
        }
    }
}

/// A quantile as a number of thousandths.
fn level(share: f64) -> Result<Level, Fixed> {
    if !(0.0..=1.0).contains(&share) {
        return Err(NOT_A_LEVEL);
    }
    if share == 0.0 || share == 1.0 {
        return Err(EXTREME);
    }
    let thousandths = (share * 1000.0).round();
    match (share * 1000.0 - thousandths).abs() < 1e-9 {
        true => Level::of_thousandths(thousandths as u16).ok_or(NOT_A_LEVEL),
        false => Err(NOT_A_LEVEL),
    }
}

const NOT_A_LEVEL: Fixed =
    fixed!("expected quantiles between 0 and 1 with 3 decimals at most, such as 0.5");

impl TryFrom<Written> for Stat {
    type Error = Fixed;

    fn try_from(written: Written) -> Result<Self, Fixed> {
        match written {
            Written::Name(name) => name.parse(),
            Written::Quantile(Quantile {
                quantile,
                at,
                round,
            }) => Self::quantile(&quantile, &at, round),
            Written::Of(Of::Sum(column)) => Ok(Self::Sum(column)),
            Written::Of(Of::Mean(column)) => Ok(Self::Mean(column)),
            Written::Of(Of::Share(Share { column, is })) => share(&column, &is),
        }
    }
}

/// A share of persons with a cell; a missing cell is left out of it and cannot be what is counted.
fn share(column: &str, is: &str) -> Result<Stat, Fixed> {
    let (column, is) = (column.trim().to_owned(), is.to_owned());
    match column.is_empty() || is.is_empty() {
        true => Err(fixed!(
            "a share names a column of the output and a value of it"
        )),
        false => Ok(Stat::Share { column, is }),
    }
}

impl FromStr for Stat {
    type Err = Fixed;

    /// `count`, `sum:COLUMN`, `mean:COLUMN`, `share:COLUMN=VALUE`, `quantile:COLUMN:0.5,0.9:1000`.
    fn from_str(text: &str) -> Result<Self, Fixed> {
        let expected = fixed!(
            "expected count, sum:COLUMN, mean:COLUMN, share:COLUMN=VALUE or quantile:COLUMN:0.5:ROUNDING"
        );
        let (kind, column) = match text.split_once(':') {
            Some((kind, column)) => (kind.trim(), column.trim()),
            None => (text.trim(), ""),
        };
        match (kind, column) {
            ("count", "") => Ok(Self::Count),
            ("sum", column) if !column.is_empty() => Ok(Self::Sum(column.to_owned())),
            ("mean", column) if !column.is_empty() => Ok(Self::Mean(column.to_owned())),
            ("share", _) => {
                let (column, is) = column.split_once('=').ok_or(expected)?;
                share(column, is)
            }
            ("quantile", _) => {
                let mut parts = column.rsplitn(3, ':').map(str::trim);
                let (Some(round), Some(at), Some(column)) =
                    (parts.next(), parts.next(), parts.next())
                else {
                    return Err(expected);
                };
                let at = at
                    .split(',')
                    .map(|share| share.trim().parse().map_err(|_| NOT_A_LEVEL));
                let at: Vec<f64> = at.collect::<Result<_, _>>()?;
                Self::quantile(column, &at, round.parse().map_err(|_| expected)?)
            }
            ("min" | "max", _) => Err(EXTREME),
            _ => Err(expected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_read_as_they_are_written() {
        for (text, names) in [
            ("count", &["n"][..]),
            ("sum: revenus", &["sum_revenus"]),
            ("share:sexe=F", &["share_sexe_F"]),
            ("share:a:b=c=d", &["share_a:b_c=d"]),
            ("quantile:revenus:0.5:1000", &["q50_revenus"]),
            ("quantile:a:b:0.025, 0.9:1", &["q2.5_a:b", "q90_a:b"]),
        ] {
            let read: Stat = text.parse().unwrap();
            assert_eq!(read.names(), names, "{text}");
        }
    }

    #[test]
    fn what_tells_of_one_person_is_refused() {
        for (text, says) in [
            ("max:revenus", "never published"),
            ("quantile:revenus:0:1000", "never published"),
            ("quantile:revenus:0.5,1.0:1000", "never published"),
            ("quantile:revenus:1.5:1000", "between 0 and 1"),
            ("quantile:revenus:NaN:1000", "between 0 and 1"),
            ("quantile:revenus:0.0001:1000", "3 decimals"),
            ("quantile:revenus:0.9,0.5:1000", "rising"),
            ("quantile:revenus:0.5:0", "to round"),
            ("quantile:revenus:0.5", "ROUNDING"),
            ("quantile:revenus", "ROUNDING"),
            ("share:sexe", "share:COLUMN=VALUE"),
            ("share:sexe=", "a value of it"),
            ("median:revenus", "expected count"),
        ] {
            let refused = text.parse::<Stat>().unwrap_err().to_string();
            assert!(refused.contains(says), "{text}: {refused}");
        }
    }
}
