//! What a table may tell beside the one that was published before it: whoever has both subtracts.

use std::collections::HashMap;
use std::path::Path;

use super::{rounded, told};
use crate::base::lang::Fixed;
use crate::base::name;
use crate::base::sha256;
use crate::io::csv::{self, Options};
use crate::io::small_file::{self, Pipes};
use crate::privacy::aggregate::{Figures, Since, TOTAL};
use crate::report::error::Error;
use crate::rules::table::{AggregateRules, Stat};

/// The largest table that is read, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// The values of a place.
type Names = Vec<Vec<u8>>;

/// The number of persons of a place, and its statistics as they are written.
type Told = (u64, Vec<Vec<u8>>);

/// A table of figures that was published before.
#[derive(Debug)]
pub(crate) struct Published {
    /// The names of its columns of statistics.
    statistics: Vec<String>,
    /// The number of persons and the statistics of each place; nothing of one that is suppressed.
    places: HashMap<Names, Option<Told>>,
    /// The hash of the file.
    pub(crate) sha256: String,
}

impl Published {
    /// Reads a table that tells figures by these columns.
    ///
    /// # Errors
    /// What is wrong with it; nothing of what is in it.
    pub(crate) fn read(path: &Path, by: &[&str]) -> Result<Self, Error> {
        let text = small_file::read(path, MAX_BYTES, Pipes::Refused);
        let text = text.map_err(|source| Error::EarlierUnread {
            path: path.to_owned(),
            source,
        })?;
        Self::of(&text, by).map_err(|why| Error::NotEarlier {
            path: path.to_owned(),
            why,
        })
    }

    fn of(text: &[u8], by: &[&str]) -> Result<Self, Fixed> {
        const NO_TABLE: Fixed = fixed!("it is no table of figures with suppressed cells");
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let before = first
            .trim_ascii_end()
            .strip_suffix(super::STATUS.as_bytes());
        let delimiter = before.and_then(<[u8]>::last).copied().ok_or(NO_TABLE)?;
        let options = Options {
            delimiter: Some(delimiter),
            batch: text.len().clamp(1 << 12, 1 << 20),
            ..Options::default()
        };
        let rows = csv::read_all(text, options).map_err(|_| NO_TABLE)?;
        let mut rows = rows.into_iter();
        let header = rows.next().unwrap_or_default().into_iter();
        let header: Vec<String> = header
            .map(|name| String::from_utf8_lossy(&name).into_owned())
            .collect();
        let other = fixed!("it is told by other columns than this one");
        let (columns, rest) = header.split_at_checked(by.len()).ok_or(other)?;
        let are_same = columns
            .iter()
            .zip(by)
            .all(|(own, by)| name::key(own) == name::key(by));
        let [n, statistics @ .., _] = rest else {
            return Err(other);
        };
        if !are_same || n != "n" {
            return Err(other);
        }
        let mut places = HashMap::new();
        for mut row in rows {
            if row.len() != header.len() {
                return Err(NO_TABLE);
            }
            let mut figures = row.split_off(by.len());
            let status = figures.pop().unwrap_or_default();
            let told = match status.is_empty() {
                true => {
                    let persons = figures
                        .first()
                        .and_then(|n| str::from_utf8(n).ok()?.parse().ok());
                    Some((persons.ok_or(NO_TABLE)?, figures.split_off(1)))
                }
                false => None,
            };
            places.insert(row, told);
        }
        Ok(Self {
            statistics: statistics.to_vec(),
            places,
            sha256: sha256::of(text),
        })
    }

    /// Which places of a new table must not be told beside this one; `of_stat` says which amount each statistic with
    /// one is of.
    pub(crate) fn since(
        &self,
        figures: &Figures,
        rules: &AggregateRules,
        of_stat: &[usize],
    ) -> Since {
        let round = rules.round.map_or(1, |round| round.0);
        // Both numbers may be rounded.
        let few = rules.demand().threshold + round - 1;
        let mut since = Since::default();
        for (place, cell) in figures.cells() {
            let names = figures.names(place);
            let names: Names = names
                .map(|name| name.unwrap_or(TOTAL.as_bytes()).into())
                .collect();
            let (persons, before) = match self.places.get(&names) {
                None => continue,
                Some(None) => {
                    since.kept.insert(place);
                    continue;
                }
                Some(Some((persons, before))) => (*persons, before),
            };
            let stats = rules
                .stats
                .iter()
                .filter(|stat| stat.column().is_some())
                .zip(of_stat);
            let differs = |(stat, amount): (&Stat, &usize)| {
                let told = told(cell.amounts.get(*amount), stat, true);
                stat.names().into_iter().zip(told).any(|(name, now)| {
                    let at = self.statistics.iter().position(|own| *own == name);
                    let then = at.and_then(|at| before.get(at));
                    let is_told = !now.is_empty() && then.is_some_and(|then| !then.is_empty());
                    is_told && then.is_some_and(|then| *then != now.as_bytes())
                })
            };
            let change = rounded(cell.units, round).abs_diff(persons);
            let is_other = change > 0 || stats.into_iter().any(differs);
            if is_other && change < few {
                since.changed.insert(place);
            }
        }
        since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tables_of_the_same_columns_are_compared() {
        for (case, text, says) in cases![
            "as it is written", "a,b,n,mean_x,statut\nu,v,12,3.50,\nu,Total,,,c\n", None;
            "with semicolons", "\u{feff}A;b;n;statut\r\n\"u;v\";w;12;\r\n", None;
            "nothing", "", Some("no table");
            "rows", "a,b,c\n1,2,3\n", Some("no table");
            "other columns", "a,c,n,statut\nu,v,12,\n", Some("other columns");
            "fewer columns", "a,n,statut\nu,12,\n", Some("other columns");
            "with noise", "a,b,n,n_95\nu,v,12,6\n", Some("no table");
            "no number", "a,b,n,statut\nu,v,x,\n", Some("no table");
        ] {
            let read = Published::of(text.as_bytes(), &["a", "b"]);
            match says {
                None => assert!(!read.unwrap().places.is_empty(), "{case}"),
                Some(says) => {
                    let why = read.unwrap_err().to_string();
                    assert!(why.contains(says), "{case}: {why}");
                }
            }
        }
    }
}
