//! The rule table: which columns may leave, and as what.
//!
//! A table is TOML, parsed once into the types here: unknown keys are refused and every rule's
//! options are checked as they are read. The built-in tables are TOML files like a user's own, so
//! that what `crm-anon rules` prints, given back with `--rules`, does the same.

mod aggregate;
mod diff;
mod differential;
mod entry;
mod insensitive;
mod keys;
mod ladder;
mod leftovers;
mod missing;
mod parse;
mod rows;
mod syntax;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

pub use aggregate::{AggregateRules, DominanceRule, Percentage, Rounding, Stat, Threshold};
pub use diff::{Difference, Effect};
pub use differential::{Budget, DifferentialRules, Keys, Limit};
pub use entry::Entry;
pub use missing::{DEFAULT as MISSING, Missing};
pub use rows::{Older, RowRules, Sample, Texts, Wanted};

pub use super::attribute::Attribute;

use crate::base::escape::{self, ShownPath};
use crate::base::name;
use crate::base::sha256;
use crate::io::small_file::{self, Pipes, SmallFileError};
use crate::privacy::goal::Goal;
use crate::privacy::ladder::Ladder;
use crate::rules::policy::Leftovers;
use crate::rules::{Formulas, NamedFile, Population, Rule};

/// The built-in tables: their names and their text.
pub static BUILTIN: &[(&str, &str)] = &[
    ("anonymisation", include_str!("anonymisation.toml")),
    ("protection", include_str!("protection.toml")),
];

/// The largest rule table that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// The table that a run uses when none is named.
pub const DEFAULT: &str = "anonymisation";

/// A checked rule table.
#[derive(Debug)]
pub struct RuleTable {
    /// Its name, for the manifest and messages.
    pub name: String,
    /// The SHA-256 of all that it says, in hexadecimal: of its text, and of what the files that it
    /// names say. See `RuleTable::digest`.
    pub sha256: String,
    /// The SHA-256 of its text alone, as `sha256sum` gives it.
    pub text_sha256: String,
    /// The name of the random index column, if there is to be one.
    pub index: Option<String>,
    /// What becomes of a column that the table does not list.
    pub unlisted: Unlisted,
    /// What counts as a missing cell.
    pub missing: Missing,
    /// What becomes of cells that a spreadsheet would run, if the table says so.
    pub formulas: Option<Formulas>,
    /// How anonymous the output is to be, if the table says so.
    pub goal: Goal,
    /// What a table of figures is to hold, if the table says so.
    pub aggregate: AggregateRules,
    /// What noise that table gets, if the table says so.
    pub differential: Option<DifferentialRules>,
    /// Which rows may leave, if the table says so.
    pub rows: RowRules,
    /// The columns, in the table's order.
    pub columns: Vec<ColumnRule>,
    /// The population that its rows come from, if it names a table of it.
    pub population: Option<Arc<Population>>,
    /// The files that it names, in the order of its columns: hierarchies, tables of codes, vaults.
    pub files: Vec<NamedFile>,
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
    /// How much its loss counts when generalising; as its rule has it unless the table says otherwise.
    pub weight: f64,
    /// Whether any two of its values are as far apart as any other two, whatever numbers they are.
    pub equal: bool,
    /// What is looked for in its cells, if they are kept.
    pub leftovers: Leftovers,
    /// Whether an input may lack it without a word.
    pub optional: bool,
    /// What the table's text says of it.
    pub entry: Entry,
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

/// How far two values of a sensitive column are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Distance {
    /// By their ranks, if they are numbers or brackets of numbers; else as `equal`.
    #[default]
    Ordered,
    /// As far as any other two.
    Equal,
}

/// Why a rule table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("{}", text!("cannot read the rule table {path}: {source}", path = ShownPath(path), source))]
    Unreadable {
        path: PathBuf,
        source: SmallFileError,
    },
    #[error(
        "{}",
        text!(
            "the rule table {path} is not UTF-8: expected a TOML file, such as crm-anon rules prints",
            path = ShownPath(path)
        )
    )]
    NotText { path: PathBuf },
    /// There is no built-in table and no file of that name.
    #[error("{}", unknown(name))]
    Unknown { name: String },
    /// Its text is wrong at one place.
    #[error(
        "{}:{line}:{column}: {}{excerpt}",
        escape::line(origin),
        escape::line(message)
    )]
    Wrong {
        origin: String,
        /// The line, from 1.
        line: usize,
        /// The column in that line, in characters from 1.
        column: usize,
        message: String,
        /// The line itself, with a mark below it; empty if the text is no TOML: then it may be
        /// anything, an export too.
        excerpt: String,
    },
}

coded! {
    TableError []
    Self::Unreadable { .. } => 2, "table_unreadable", "the rule table cannot be read";
    Self::NotText { .. } => 2, "table_not_text", "the rule table is not UTF-8";
    Self::Unknown { .. } => 2, "table_unknown", "there is no rule table of that name";
    Self::Wrong { .. } => 2, "table_wrong", "the rule table is wrong at one place";
}

/// That there is no table of that name.
fn unknown(name: &str) -> String {
    let (shown, tables) = (escape::line(name), builtin_names());
    match name {
        "-" => text!(
            "there is no rule table `{name}`: neither a built-in one ({tables}) nor a file of that name \
             (/dev/stdin is standard input)",
            name = shown,
            tables
        ),
        _ => text!(
            "there is no rule table `{name}`: neither a built-in one ({tables}) nor a file of that name",
            name = shown,
            tables
        ),
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

/// Whether this is the text of a built-in table.
fn is_builtin(text: &str) -> bool {
    BUILTIN.iter().any(|(_, known)| *known == text)
}

/// The text of the table that `name` stands for.
fn text_of(name: &str) -> Result<String, TableError> {
    if let Some(text) = builtin(name) {
        return Ok(text.to_owned());
    }
    let path = Path::new(name);
    let unreadable = |source| TableError::Unreadable {
        path: path.to_owned(),
        source,
    };
    // A table may come out of a pipe: --rules <(…).
    let bytes = match small_file::read(path, MAX_BYTES, Pipes::Read) {
        Err(SmallFileError::Io(error)) if error.kind() == ErrorKind::NotFound => {
            return Err(TableError::Unknown {
                name: name.to_owned(),
            });
        }
        read => read.map_err(unreadable)?,
    };
    String::from_utf8(bytes).map_err(|_| TableError::NotText {
        path: path.to_owned(),
    })
}

impl RuleTable {
    /// Whether a rule must know its whole column before rows are written.
    pub(crate) fn reads_whole_columns(&self) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|column| column.rule.reads_whole_column())
    }

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
        Self::named(name, &text_of(name)?)
    }

    /// The table that `name` stands for, whose text this is.
    fn named(name: &str, text: &str) -> Result<Self, TableError> {
        if builtin(name).is_some() {
            return Self::parse(text, name, name, Path::new(""));
        }
        let path = Path::new(name);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        let folder = path.parent().unwrap_or(path);
        Self::parse(text, name, &stem.unwrap_or_default(), folder)
    }

    /// What has changed from one table to another, what is weaker first.
    ///
    /// # Errors
    /// [`TableError`]: one of them is wrong.
    pub(crate) fn differences(old: &str, new: &str) -> Result<Vec<Difference>, TableError> {
        let (old_text, new_text) = (text_of(old)?, text_of(new)?);
        let was = Self::named(old, &old_text)?;
        let is = Self::named(new, &new_text)?;
        let found = diff::differences((&was, &old_text), (&is, &new_text));
        found.map_err(|error| wrong(new, &new_text, error.into()))
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
        table.text_sha256 = sha256::of(text.as_bytes());
        table.sha256 = table.digest();
        Ok(table)
    }

    /// The SHA-256 of the table and its files. Of a table that names none it is that of its text;
    /// otherwise that of these lines, each with a line feed: the SHA-256 of the text, then for each
    /// file, in the order of the columns, the SHA-256 of its content (`-` for a vault), two spaces
    /// and its name as the table has it.
    fn digest(&self) -> String {
        if self.files.is_empty() {
            return self.text_sha256.clone();
        }
        let mut lines = format!("{}\n", self.text_sha256).into_bytes();
        for file in &self.files {
            lines.extend_from_slice(file.sha256.as_deref().unwrap_or("-").as_bytes());
            lines.extend_from_slice(b"  ");
            lines.extend_from_slice(file.named.as_os_str().as_encoded_bytes());
            lines.push(b'\n');
        }
        sha256::of(&lines)
    }
}

/// Gives an error of the TOML text its address.
fn wrong(origin: &str, text: &str, error: keys::Wrong) -> TableError {
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
            // The mark stands below the place, however long what is before it has become.
            let before: String = source.chars().take(column - 1).collect();
            let (source, before) = (escape::line(source), escape::line(&before));
            let column = before.chars().count() + 1;
            format!("\n  {line} | {source}\n  {:width$} | {:>column$}", "", "^")
        } else {
            String::new()
        },
    }
}

#[cfg(test)]
mod tests;
