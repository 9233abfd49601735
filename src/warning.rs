//! What a run warns about: things that are not wrong enough to stop it.

use std::fmt;

use crate::name::Shown;
use crate::rule::SpecialCategory;

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Columns that no rule lists: they do not leave.
    Unlisted(Vec<Shown>),
    /// Listed columns that the input lacks.
    Missing(Vec<String>),
    /// Several columns of the input on one rule: each gets it.
    Doubled {
        /// The rule table's name of the column.
        name: String,
        /// The columns of the input.
        columns: Vec<Shown>,
    },
    /// Data that must not be in the file at all.
    SpecialCategory {
        /// The column.
        column: Shown,
        /// The category that the rule table says it is of.
        category: SpecialCategory,
    },
    /// The run is reproducible, so its index and order can be worked out.
    Seeded,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlisted(columns) => match columns.as_slice() {
                [column] => write!(f, "column {column} is not in the rule table: it is dropped"),
                _ => write!(
                    f,
                    "columns {} are not in the rule table: they are dropped",
                    list(columns)
                ),
            },
            Self::Missing(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                write!(
                    f,
                    "the rule table lists {}, which the input does not have",
                    names.join(", ")
                )
            }
            Self::Doubled { name, columns } => {
                write!(
                    f,
                    "columns {} are all `{name}` to the rule table: each gets its rule",
                    list(columns)
                )
            }
            Self::SpecialCategory { column, category } => write!(
                f,
                "column {column} holds {} (GDPR art. 9): it is dropped here, but it must not be collected \
                 and should be deleted at the source",
                category.description()
            ),
            Self::Seeded => write!(
                f,
                "--seed makes the index and the order of the rows predictable: for fixtures and CI only, never for data that leave"
            ),
        }
    }
}

fn list(columns: &[Shown]) -> String {
    columns
        .iter()
        .map(Shown::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
