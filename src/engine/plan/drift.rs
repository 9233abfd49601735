//! What has changed in the columns of a file since its rule table was written.

use std::fmt;

use super::fit::Matching;
use crate::base::distance::distance;
use crate::base::name;
use crate::base::name::Shown;
use crate::engine::error::{ColumnMismatch, Error};

/// Words that column names have or lack without meaning anything else.
const FILLERS: [&str; 12] = [
    "a", "d", "de", "des", "du", "l", "la", "le", "les", "of", "the", "",
];

/// What happened to a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The file has it, and the rule table does not list it.
    Added(Shown),
    /// The rule table lists it, and the file lacks it.
    Gone(String),
    /// Both, under names that are close: perhaps it is the same column.
    Renamed {
        /// Its name in the rule table.
        old: String,
        /// Its name in the file.
        new: Shown,
    },
}

coded! {
    Change []
    Self::Added(_) => "column_added", "a column is not in the rule table";
    Self::Gone(_) => "column_gone", "a column of the rule table is not in the file";
    Self::Renamed { .. } => "column_renamed", "a column of the rule table is perhaps in the file under a close name";
}

/// That the columns of a file are no longer those of its rule table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", drifted(.0))]
pub struct Drift(pub Vec<Change>);

impl Drift {
    /// What a rule table and a header do not have in common, from what comes of putting them together. Where
    /// they have nothing in common it is no drift.
    pub(crate) fn of(matched: &Result<Matching<'_>, Error>) -> Option<Self> {
        let mismatch = match matched {
            Ok(matching) => &matching.mismatch,
            Err(Error::Columns(mismatch)) => mismatch,
            Err(_) => return None,
        };
        let changes = changes(mismatch);
        (!changes.is_empty()).then_some(Self(changes))
    }
}

/// The changes, the renamed columns first.
fn changes(mismatch: &ColumnMismatch) -> Vec<Change> {
    let mut gone: Vec<&String> = mismatch.missing.iter().collect();
    let mut added: Vec<&Shown> = mismatch.unlisted.iter().collect();
    let mut changes = Vec::new();
    // The closest pair first, so that none takes the other half of a better one.
    while let Some((_, old, new)) = closest(&gone, &added) {
        let (old, new) = (gone.remove(old), added.remove(new));
        changes.push(Change::Renamed {
            old: old.clone(),
            new: new.clone(),
        });
    }
    changes.extend(added.into_iter().cloned().map(Change::Added));
    changes.extend(gone.into_iter().cloned().map(Change::Gone));
    changes
}

/// The two names that are closest, if any are close: how far apart, and their places.
fn closest(gone: &[&String], added: &[&Shown]) -> Option<(usize, usize, usize)> {
    let pairs = gone.iter().enumerate().flat_map(|(old, name)| {
        let of_new = added.iter().enumerate();
        of_new.filter_map(move |(new, shown)| Some((apart(name, shown.as_str())?, old, new)))
    });
    pairs.min()
}

/// How far apart two names are, if they are close: a letter in three differs at most, or they have the same words
/// in another order.
fn apart(old: &str, new: &str) -> Option<usize> {
    let (old, new) = (name::key(old), name::key(new));
    let same = words(&old);
    if !same.is_empty() && same == words(&new) {
        return Some(0);
    }
    let apart = distance(&old, &new);
    let shorter = old.chars().count().min(new.chars().count());
    (apart <= 3 && apart * 3 <= shorter).then_some(apart)
}

/// The words of a name that mean something, in order of the alphabet.
fn words(key: &str) -> Vec<&str> {
    let words = key.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<&str> = words.filter(|word| !FILLERS.contains(word)).collect();
    words.sort_unstable();
    words
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Added(new) => text!("added: {new}, which the rule table does not list", new),
            Self::Gone(old) => text!("gone: `{old}`, which the rule table lists", old),
            Self::Renamed { old, new } => text!(
                "perhaps renamed: `{old}` is now {new}; if so, list the new name among its aliases",
                old,
                new
            ),
        })
    }
}

fn drifted(changes: &[Change]) -> String {
    let lines: Vec<String> = changes
        .iter()
        .map(|change| format!("\n  {change}"))
        .collect();
    let told = plural!(
        changes.len(),
        "the columns are not those of the rule table, {n} change:",
        "the columns are not those of the rule table, {n} changes:"
    );
    told + &lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_column_is_proposed_where_names_are_close() {
        for (old, new, expected) in [
            ("date_naissance", "date_de_naissance", true),
            ("date_naissance", "naissance (date)", true),
            ("revenus", "revenu", true),
            ("Prénom", "prenoms", true),
            ("tarif_devis", "tarif_devi", true),
            ("revenus", "segment", false),
            ("nom", "non", true),
            ("nom", "rue", false),
            ("lat", "lon", false),
            ("ville", "ville_naissance", false),
            ("a", "b", false),
        ] {
            assert_eq!(apart(old, new).is_some(), expected, "{old} {new}");
        }
    }

    #[test]
    fn the_closest_names_are_paired() {
        let mismatch = |gone: &[&str], added: &[&str]| ColumnMismatch {
            missing: gone.iter().map(|&name| name.to_owned()).collect(),
            unlisted: (1..)
                .zip(added)
                .map(|(at, name)| Shown::new(name, at))
                .collect(),
        };
        let told = |gone: &[&str], added: &[&str]| -> Vec<String> {
            let changes = changes(&mismatch(gone, added));
            changes.iter().map(ToString::to_string).collect()
        };
        let told_of = told(&["revenus", "ville"], &["revenu_s", "revenu", "age"]);
        assert_eq!(told_of.len(), 4);
        assert!(
            told_of[0].starts_with("perhaps renamed: `revenus` is now `revenu"),
            "{told_of:?}"
        );
        assert_eq!(
            told_of
                .iter()
                .filter(|line| line.starts_with("added"))
                .count(),
            2
        );
        assert_eq!(told_of[3], "gone: `ville`, which the rule table lists");
        assert!(told(&[], &[]).is_empty());
    }
}
