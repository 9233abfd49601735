//! What a comparison of releases tells, for people and for programs.

mod json;
mod text;

pub use json::compare_json;
pub use text::compare_text;

use super::Bytes;
use crate::base::name::Shown;
use crate::privacy::compare::{Comparison, ComparisonMiss, Role};

/// Releases that were compared.
pub struct Compared<'a> {
    /// The files, in the order in which they were given.
    pub files: &'a [Bytes],
    pub columns: Vec<ComparedColumn<'a>>,
    /// The columns that were not.
    pub left_out: &'a [Shown],
    /// Whether persons were counted.
    pub persons: bool,
    /// The rule table's name.
    pub table: &'a str,
    /// The SHA-256 of the rule table's text.
    pub table_sha256: &'a str,
    /// The comparisons.
    pub pairs: &'a [Pair],
}

#[derive(Debug, Clone, Copy)]
pub struct ComparedColumn<'a> {
    /// Its name, escaped.
    pub name: &'a Shown,
    /// What it tells about a person.
    pub role: Role,
}

/// Two of the files, and what they tell together.
pub struct Pair {
    /// The position of the older one.
    pub old: usize,
    /// The position of the newer one.
    pub new: usize,
    pub found: Comparison,
    /// The thresholds that were missed.
    pub misses: Vec<ComparisonMiss>,
}

impl Compared<'_> {
    /// The names of the columns of a role.
    pub(crate) fn named(&self, role: Role) -> impl Iterator<Item = &Shown> {
        let columns = self
            .columns
            .iter()
            .filter(move |column| column.role == role);
        columns.map(|column| column.name)
    }

    /// Which files a comparison is of.
    pub(crate) fn title(&self, pair: &Pair) -> String {
        format!("{} → {}", self.path(pair.old), self.path(pair.new))
    }

    fn path(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.path)
    }

    /// All thresholds that were missed, with the files if there are more than two.
    pub(crate) fn misses(&self) -> Vec<String> {
        let misses = self.pairs.iter().flat_map(|pair| {
            pair.misses.iter().map(|miss| match self.files.len() {
                ..=2 => miss.to_string(),
                _ => format!("{}: {miss}", self.title(pair)),
            })
        });
        misses.collect()
    }
}
