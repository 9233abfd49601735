//! The rule table: which columns may leave, and as what.
//!
//! A table is TOML, parsed once into the types here: unknown keys are refused and every rule's
//! options are checked as they are read. The built-in tables are TOML files like a user's own, so
//! that what `crm-anon rules` prints, given back with `--rules`, does the same.

mod leftovers;
mod missing;
mod parse;
mod rows;

use crate::base::name;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use missing::Missing;
pub use rows::{Condition, Consent, Older, Period, Retention, RowRules, Texts, Wanted};

use crate::base::error::Ending;
use crate::privacy::goal::Goal;
use crate::privacy::ladder::Ladder;
use crate::rules::Rule;
use crate::rules::policy::Leftovers;

/// The built-in tables: their names and their text.
pub static BUILTIN: &[(&str, &str)] = &[
    ("anonymisation", include_str!("anonymisation.toml")),
    ("protection", include_str!("protection.toml")),
];

/// The table that a run uses when none is named.
pub const DEFAULT: &str = "anonymisation";

/// A checked rule table.
#[derive(Debug)]
pub struct RuleTable {
    /// Its name, for the manifest and messages.
    pub name: String,
    /// The SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// The name of the random index column, if there is to be one.
    pub index: Option<String>,
    /// What becomes of a column that the table does not list.
    pub unlisted: Unlisted,
    /// What counts as a missing cell.
    pub missing: Missing,
    /// How anonymous the output is to be, if the table says so.
    pub goal: Goal,
    /// Which rows may leave, if the table says so.
    pub rows: RowRules,
    /// The columns, in the table's order.
    pub columns: Vec<ColumnRule>,
    /// The files that it names: hierarchies, tables of codes.
    pub files: Vec<PathBuf>,
}

/// One column of a rule table.
#[derive(Debug)]
pub struct ColumnRule {
    /// Its name in the table.
    pub name: String,
    /// What a header name must have as its [key](crate::base::name::key) to be this column: the name's
    /// and each alias's.
    pub keys: Vec<String>,
    /// What is done to it.
    pub rule: Box<dyn Rule>,
    /// The name it leaves under.
    pub output: String,
    /// What it tells about a person, if the table says so.
    pub attribute: Option<Attribute>,
    /// What its output can be generalised to.
    pub ladder: Arc<dyn Ladder>,
    /// How much its loss counts when generalising; 1 unless the table says otherwise.
    pub weight: f64,
    /// What is looked for in its cells, if they are kept.
    pub leftovers: Leftovers,
}

/// What becomes of a column that no rule lists. To keep it is not among the choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unlisted {
    /// It does not leave, and a warning names it.
    #[default]
    Drop,
    /// It stops the run.
    Fail,
}

/// What a column tells about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribute {
    /// It names one person on its own.
    Identifying,
    /// It helps to single out a person when joined with others.
    QuasiIdentifying,
    /// What somebody might want to learn about a person.
    Sensitive,
    /// None of these.
    Insensitive,
}

/// Why a rule table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Its file cannot be read.
    #[error("cannot read the rule table {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no built-in table and no file of that name.
    #[error(
        "there is no rule table `{name}`: neither a built-in one ({}) nor a file of that name",
        builtin_names()
    )]
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// Its text is wrong at one place.
    #[error("{origin}:{line}:{column}: {message}{excerpt}")]
    Wrong {
        /// The file, or the built-in table's name.
        origin: String,
        /// The line, from 1.
        line: usize,
        /// The column in that line, in characters from 1.
        column: usize,
        /// What is wrong and what was expected.
        message: String,
        /// The line itself, with a mark below it; empty if the text is no TOML: then it may be
        /// anything, an export too.
        excerpt: String,
    },
}

impl Ending for TableError {
    fn exit_status(&self) -> u8 {
        2
    }
}

/// The names of the built-in tables, for messages.
pub fn builtin_names() -> String {
    BUILTIN
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The text of a built-in table.
pub fn builtin(name: &str) -> Option<&'static str> {
    BUILTIN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

impl RuleTable {
    /// Whether the table has a rule for a column of that name, or decides about rows by it.
    pub(crate) fn lists(&self, column: &str) -> bool {
        let key = name::key(column);
        let rows = &self.rows;
        let consent = rows.consent.iter().map(|consent| &consent.column);
        let retention = rows.retention.iter().map(|retention| &retention.column);
        let conditions = rows.conditions.iter().map(|condition| &condition.column);
        let mut deciding = consent.chain(retention).chain(conditions);
        self.columns.iter().any(|rule| rule.keys.contains(&key))
            || deciding.any(|column| name::key(column) == key)
    }

    /// The table that `name` stands for: a built-in one, else a TOML file.
    ///
    /// # Errors
    /// [`TableError`], with the place in the table where its text is wrong.
    pub fn load(name: &str) -> Result<Self, TableError> {
        if let Some(text) = builtin(name) {
            return Self::parse(text, name, name, Path::new(""));
        }
        let path = Path::new(name);
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let stem = path
                    .file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned());
                let folder = path.parent().unwrap_or(path);
                Self::parse(&text, name, &stem.unwrap_or_default(), folder)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(TableError::Unknown {
                    name: name.to_owned(),
                })
            }
            Err(source) => Err(TableError::Unreadable {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Parses a table. `origin` is what errors call it, `fallback` its name if it has none,
    /// `folder` where the files that it names are.
    ///
    /// # Errors
    /// [`TableError::Wrong`].
    pub fn parse(
        text: &str,
        origin: &str,
        fallback: &str,
        folder: &Path,
    ) -> Result<Self, TableError> {
        let mut table = parse::table(text, folder).map_err(|error| wrong(origin, text, error))?;
        if table.name.is_empty() {
            fallback.clone_into(&mut table.name);
        }
        table.sha256 = Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(table)
    }
}

/// Gives an error of the TOML text its address.
fn wrong(origin: &str, text: &str, error: parse::Wrong) -> TableError {
    let start = error.span.start.min(text.len());
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count();
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    let source = text.lines().nth(line).unwrap_or_default();
    let (line, column) = (line + 1, column + 1);
    TableError::Wrong {
        origin: origin.to_owned(),
        line,
        column,
        message: error.message,
        excerpt: if error.is_toml {
            let width = line.to_string().len();
            format!("\n  {line} | {source}\n  {:width$} | {:>column$}", "", "^")
        } else {
            String::new()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_tables_are_right_and_classify_every_column() {
        for (name, text) in BUILTIN {
            let table = RuleTable::parse(text, name, "", Path::new("")).unwrap();
            assert_eq!(table.name, *name);
            for column in table.columns {
                assert!(column.attribute.is_some(), "{name}: {}", column.name);
            }
        }
    }

    #[test]
    fn a_wrong_table_is_shown_with_file_line_column_and_what_was_expected() {
        let columns = "version = 1\n[columns.a]\n";
        let cases: &[(&str, String, usize, usize, &str)] = &[
            ("no TOML", "version = 1\nname = ".into(), 2, 8, ""),
            (
                "unknown key",
                "version = 1\nrule = 3\n[columns.a]\nrule = \"keep\"".into(),
                2,
                1,
                "unknown key `rule`",
            ),
            (
                "no version",
                "[columns.a]\nrule = \"keep\"".into(),
                1,
                1,
                "version",
            ),
            (
                "other version",
                "version = 2\n[columns.a]\nrule = \"keep\"".into(),
                1,
                11,
                "expected 1",
            ),
            ("no columns", "version = 1\n".into(), 1, 1, "columns"),
            (
                "unknown column key",
                format!("{columns}rule = \"keep\"\nas_ = \"b\""),
                4,
                1,
                "unknown key `as_`",
            ),
            ("no rule", format!("{columns}as = \"b\""), 2, 10, "rule"),
            (
                "unknown rule",
                format!("{columns}rule = \"kept\""),
                3,
                8,
                "expected one of drop, keep",
            ),
            (
                "unknown option",
                format!("{columns}rule = {{ keep = {{ multilin = true }} }}"),
                3,
                19,
                "multiline",
            ),
            (
                "bad option",
                format!("{columns}rule = {{ bucket = {{ width = 0 }} }}"),
                3,
                29,
                "",
            ),
            (
                "no width",
                format!("{columns}rule = \"bucket\""),
                3,
                8,
                "width",
            ),
            (
                "two rules",
                format!("{columns}rule = {{ keep = {{}}, drop = {{}} }}"),
                3,
                8,
                "one rule",
            ),
            (
                "rule is a number",
                format!("{columns}rule = 3"),
                3,
                8,
                "expected",
            ),
            (
                "as on drop",
                format!("{columns}rule = \"drop\"\nas = \"b\""),
                4,
                6,
                "does not leave",
            ),
            (
                "same column twice",
                format!("{columns}rule = \"keep\"\n[columns.A]\nrule = \"drop\""),
                4,
                10,
                "`a`",
            ),
            (
                "alias of another",
                format!(
                    "{columns}rule = \"keep\"\n[columns.b]\nrule = \"drop\"\naliases = [\"A\"]"
                ),
                6,
                12,
                "`a`",
            ),
            (
                "same output twice",
                format!("{columns}rule = \"keep\"\n[columns.b]\nrule = \"keep\"\nas = \"a\""),
                6,
                6,
                "`a`",
            ),
            (
                "output is the index",
                format!("index = \"a\"\n{columns}rule = \"keep\""),
                3,
                10,
                "index",
            ),
            (
                "unlisted keep",
                format!("unlisted = \"keep\"\n{columns}rule = \"keep\""),
                1,
                12,
                "drop",
            ),
            (
                "attribute",
                format!("{columns}rule = \"keep\"\nattribute = \"secret\""),
                4,
                13,
                "quasi-identifying",
            ),
            (
                "empty output name",
                format!("{columns}rule = \"keep\"\nas = \"\""),
                4,
                6,
                "empty",
            ),
            (
                "missing is no list",
                format!("missing = \"NA\"\n{columns}rule = \"keep\""),
                1,
                11,
                "",
            ),
        ];
        for (case, text, line, column, expected) in cases {
            let error = RuleTable::parse(text, "table.toml", "", Path::new(""))
                .map(|_| ())
                .unwrap_err();
            let TableError::Wrong {
                line: at,
                column: in_line,
                message,
                ..
            } = &error
            else {
                panic!("{case}: {error}");
            };
            assert_eq!((at, in_line), (line, column), "{case}: {message}");
            assert!(message.contains(expected), "{case}: {message}");
            assert!(error.to_string().starts_with("table.toml:"), "{case}");
        }
    }

    #[test]
    fn a_table_that_is_neither_built_in_nor_a_file_is_unknown() {
        let error = RuleTable::load("no such table").map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("anonymisation"), "{error}");
    }
}
