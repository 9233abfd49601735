//! A table of the population behind a file: what is said of it, before it is read.

use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;

use crate::base::lang::Fixed;

/// Where a table of the population is, and which published columns its parts are, as far as that was said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Said")]
pub struct PopulationSource {
    /// The file.
    pub file: PathBuf,
    /// Parts of the table, and the names of the columns that they are.
    pub columns: Vec<(Part, String)>,
}

/// What a table of the population tells people apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Where they live.
    Place,
    /// Men and women.
    Sex,
    /// How old they are.
    Age,
    /// When they were born.
    BirthYear,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Place, Self::Sex, Self::Age, Self::BirthYear];

    /// Its name on the command line and in rule tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Sex => "sex",
            Self::Age => "age",
            Self::BirthYear => "birth_year",
        }
    }
}

/// A part of the table and the column that it is: `place=Code_postal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartColumn(pub Part, pub String);

impl FromStr for PartColumn {
    type Err = Fixed;

    fn from_str(text: &str) -> Result<Self, Fixed> {
        let part = |name: &str| Part::ALL.into_iter().find(|part| part.name() == name);
        let said = text.split_once('=');
        let said = said.and_then(|(name, column)| Some((part(name.trim())?, column.trim())));
        match said {
            Some((part, column)) if !column.is_empty() => Ok(Self(part, column.to_owned())),
            _ => Err(fixed!(
                "expected place=COLUMN, sex=COLUMN, age=COLUMN or birth_year=COLUMN"
            )),
        }
    }
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected the name of a file, or { file = \"population.csv\", place = \"…\", sex = \"…\", age = \"…\", birth_year = \"…\" }"
)]
enum Said {
    File(PathBuf),
    More(More),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    file: PathBuf,
    place: Option<String>,
    sex: Option<String>,
    age: Option<String>,
    birth_year: Option<String>,
}

impl From<Said> for PopulationSource {
    fn from(said: Said) -> Self {
        match said {
            Said::File(file) => Self {
                file,
                columns: Vec::new(),
            },
            Said::More(more) => {
                let columns = [more.place, more.sex, more.age, more.birth_year];
                let columns = Part::ALL.into_iter().zip(columns);
                Self {
                    file: more.file,
                    columns: columns
                        .filter_map(|(part, column)| Some((part, column?)))
                        .collect(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_their_columns_are_read() {
        for (text, expected) in [
            ("place=Code_postal", Some((Part::Place, "Code_postal"))),
            (
                " birth_year = Année de naissance",
                Some((Part::BirthYear, "Année de naissance")),
            ),
            ("place=", None),
            ("town=x", None),
            ("sex", None),
        ] {
            let read = text.parse().ok();
            let read: Option<(Part, String)> = read.map(|PartColumn(part, name)| (part, name));
            let expected = expected.map(|(part, name)| (part, name.to_owned()));
            assert_eq!(read, expected, "{text}");
        }
    }
}
