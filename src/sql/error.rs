//! Why there is no query. Like all errors these have no place for a cell, and none is read.

use crate::base::error::Ending;
use crate::base::name::Shown;

/// Why a rule table cannot be put into a dialect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// A rule cannot be expressed.
    #[error("column `{column}`, rule {kind}: not possible in {dialect}: {why}")]
    Column {
        /// The column's name in the rule table.
        column: String,
        /// The kind of its rule.
        kind: &'static str,
        /// The dialect.
        dialect: &'static str,
        /// Why not.
        why: Inexpressible,
    },
    /// A word of the list `missing` cannot be looked for.
    #[error(
        "missing: `{0}` cannot be looked for in SQL whatever its case: the case of a letter in it \
         depends on where it stands"
    )]
    MissingWord(String),
    /// A name that an engine does not take.
    #[error("the name {name} cannot be used in {dialect}: {why}")]
    Name {
        /// The name, escaped.
        name: Shown,
        /// The dialect.
        dialect: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// Two columns would leave under one name.
    #[error(
        "two columns have the rule of `{0}` and would leave under one name, which no table can have"
    )]
    Doubled(String),
    /// The rule table asks for what takes several passes over the data.
    #[error(
        "the rule table asks for {0} in [privacy], which one query cannot reach\n  \
         what to do: take [privacy] out and measure the result with crm-anon audit --sql, or use the main job"
    )]
    Privacy(&'static str),
    /// The rule table says which rows may leave.
    #[error("the rule table says in [rows] which rows may leave, which is not possible in SQL yet")]
    Rows,
    /// The engine cannot read a CSV file in a query.
    #[error(
        "{0} reads no CSV file in a query: load it into a table of text columns and name that with --table"
    )]
    NoCsv(&'static str),
    /// The engine writes no such file.
    #[error("{0} writes no Parquet")]
    NoParquet(&'static str),
    /// A CSV file of one column, whose empty cells would be blank lines.
    #[error(
        "a CSV file of one column loses its empty cells: give the index a name, or use --create"
    )]
    OneColumn,
}

impl Ending for SqlError {
    fn exit_status(&self) -> u8 {
        2
    }
}

/// Why a rule has no SQL. There is no place to put a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Inexpressible {
    /// Nobody wrote it yet.
    #[error("this kind of rule has no SQL yet")]
    Unwritten,
    /// A reason of the kind's own.
    #[error("{0}")]
    Because(&'static str),
    /// A date format with a part that SQL is not made for.
    #[error(
        "the date format {0:?} has a part that is not expressed exactly; expected text and blanks \
         with %Y, %y, %m, %d, %H, %M, %S or names of months, each once"
    )]
    Format(String),
}
