//! A table of the population behind a file: how many persons there are by place, sex and age or year of birth.
//!
//! A small CSV with a header, `;` between the cells (or `,` or a tab): `place`, a number of persons in `count`, and
//! optionally `sex` and `age` (`30`, `30-34`, `95+`) or `birth_year` (the same of years).
//!
//! One is built in: how many people live in each postal code of France, from [`geography`].

mod labels;
mod read;

use std::path::{Path, PathBuf};

use self::read::Table;
use super::geography;
use super::table_file::{self, NamedFile, Row};
use crate::base::escape::ShownPath;
use crate::privacy::ladder::Ladder;
use crate::privacy::measures::{Cells, Stands};
use crate::privacy::population::{Part, PopulationSource};

/// A table of the population that was read.
#[derive(Debug)]
pub struct Population {
    /// As it was named.
    pub named: PathBuf,
    /// The SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// Parts of the table, and the names of the columns that they are, as far as that was said.
    pub told: Vec<(Part, String)>,
    table: Table,
}

impl Population {
    /// Reads a table that is named in `folder`, or the one that is built in; that is no file.
    ///
    /// # Errors
    /// What is wrong with it, in whole sentences; no cell of the file is in it.
    pub fn read(
        folder: &Path,
        source: &PopulationSource,
    ) -> Result<(Self, Option<NamedFile>), String> {
        let wrong = |why: String| {
            let path = folder.join(&source.file);
            text!(
                "the population file {path}: {why}",
                path = ShownPath(&path),
                why
            )
        };
        let (rows, file) = match is_built_in(&source.file) {
            true => (inhabitants(), None),
            false => table_file::read(folder, &source.file)
                .map(|(rows, file)| (rows, Some(file)))
                .map_err(wrong)?,
        };
        let table = Table::new(&rows).map_err(wrong)?;
        if let Some((part, _)) = source.columns.iter().find(|(part, _)| !table.has(*part)) {
            return Err(wrong(text!(
                "it has no column `{part}`, which was said to be one of the data",
                part = part.name()
            )));
        }
        let sha256 = match &file {
            Some(file) => file.sha256.clone().unwrap_or_default(),
            None => geography::sha256(),
        };
        let population = Self {
            named: source.file.clone(),
            sha256,
            told: source.columns.clone(),
            table,
        };
        Ok((population, file))
    }

    /// Whether it tells people apart by that.
    pub fn has(&self, part: Part) -> bool {
        self.table.has(part)
    }

    /// How many persons there are by place, sex and years.
    pub fn cells(&self) -> &Cells {
        &self.table.cells
    }

    /// What the labels of a column with this ladder stand for in a part of the table.
    pub(crate) fn stands(
        &self,
        part: Part,
        labels: &[Box<[u8]>],
        ladder: &dyn Ladder,
    ) -> Vec<Stands> {
        match part {
            Part::Place => labels::places(&self.table.places, labels, ladder),
            Part::Sex => labels::sexes(&self.table.sexes, labels),
            Part::Age => labels::ages(&self.table.classes, labels),
            Part::BirthYear => labels::years(&self.table.classes, labels),
        }
    }
}

/// What stands for the table that is built in, where a file could be named.
const BUILT_IN: &str = "insee";

/// Whether this names the table that is built in and no file.
pub(crate) fn is_built_in(file: &Path) -> bool {
    file == Path::new(BUILT_IN)
}

/// The table that is built in, as the rows of a file.
fn inhabitants() -> Vec<Row> {
    let header = vec![b"code_postal".to_vec(), b"population".to_vec()];
    let of_code = |(code, people): (String, u32)| vec![code.into(), people.to_string().into()];
    let rows = geography::inhabitants().map(of_code);
    std::iter::once(header).chain(rows).collect()
}

#[cfg(test)]
mod tests;
