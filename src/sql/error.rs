//! Why there is no query. Like all errors these have no place for a cell, and none is read.

use crate::base::lang::Fixed;
use crate::base::name::Shown;

/// Why a rule table cannot be put into a dialect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// A rule cannot be expressed.
    #[error(
        "{}",
        text!(
            "column `{column}`, rule {kind}: not possible in {dialect}: {why}",
            column,
            kind,
            dialect,
            why
        )
    )]
    Column {
        column: String,
        kind: &'static str,
        dialect: &'static str,
        why: Inexpressible,
    },
    /// A word of the list `missing` cannot be looked for.
    #[error(
        "{}",
        text!(
            "missing: `{word}` cannot be looked for in SQL whatever its case: the case of a letter in \
             it depends on where it stands",
            word = .0
        )
    )]
    MissingWord(String),
    /// A name that an engine does not take.
    #[error("{}", text!("the name {name} cannot be used in {dialect}: {why}", name, dialect, why))]
    Name {
        /// The name, escaped.
        name: Shown,
        dialect: &'static str,
        why: Fixed,
    },
    #[error(
        "{}",
        text!(
            "two columns have the rule of `{column}` and would leave under one name, which no table can have",
            column = .0
        )
    )]
    Doubled(String),
    /// The rule table asks for what takes several passes over the data.
    #[error(
        "{}",
        text!(
            "the rule table asks for {what} in [privacy], which one query cannot reach\n  what to do: \
             take [privacy] out and measure the result with crm-anon audit --sql, or use the main job",
            what = .0
        )
    )]
    Privacy(&'static str),
    #[error(
        "{}",
        fixed!(
            "the rule table says in [rows] which rows may leave, which is not possible in SQL yet"
        )
    )]
    Rows,
    /// A manifest has no levels that a query could apply.
    #[error("{}", text!("--k-levels: the manifest cannot be used: {why}", why = .0))]
    Levels(Fixed),
    /// A table of figures takes more than a query.
    #[error("{}", text!("[aggregate] cannot be one query: {why}\n  what to do: use crm-anon aggregate", why = .0))]
    Aggregate(Fixed),
    /// The engine cannot read a CSV file in a query.
    #[error(
        "{}",
        text!(
            "{dialect} reads no CSV file in a query: load it into a table of text columns and name that \
             with --table",
            dialect = .0
        )
    )]
    NoCsv(&'static str),
    /// What the engine writes cannot be read back as it was.
    #[error(
        "{}",
        text!(
            "{dialect} writes no CSV file that can be read back exactly: use --create, or save the result of the query with its client",
            dialect = .0
        )
    )]
    NoFile(&'static str),
    /// The engine writes no such file.
    #[error("{}", text!("{dialect} writes no Parquet", dialect = .0))]
    NoParquet(&'static str),
    /// A CSV file of one column, whose empty cells would be blank lines.
    #[error(
        "{}",
        fixed!(
            "a CSV file of one column loses its empty cells: give the index a name, or use --create"
        )
    )]
    OneColumn,
}

coded! {
    SqlError []
    Self::Column { .. } => 2, "sql_rule", "a rule cannot be expressed in the dialect";
    Self::MissingWord(_) => 2, "sql_missing_word", "a word of `missing` cannot be looked for in SQL";
    Self::Name { .. } => 2, "sql_name", "a name cannot be used in the dialect";
    Self::Doubled(_) => 2, "sql_doubled_column", "two columns would be published under one name";
    Self::Privacy(_) => 2, "sql_privacy", "[privacy] asks for what one query cannot reach";
    Self::Rows => 2, "sql_rows", "[rows] is not possible in SQL yet";
    Self::Levels(_) => 2, "sql_levels", "the manifest has no levels that a query could apply";
    Self::Aggregate(_) => 2, "sql_aggregate", "a table of figures takes more than a query";
    Self::NoCsv(_) => 2, "sql_no_csv", "the dialect reads no CSV file in a query";
    Self::NoFile(_) => 2, "sql_no_file", "the dialect writes no CSV file that can be read back exactly";
    Self::NoParquet(_) => 2, "sql_no_parquet", "the dialect writes no Parquet";
    Self::OneColumn => 2, "sql_one_column", "a CSV file of one column loses its empty cells";
}

/// Why a rule has no SQL. There is no place to put a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Inexpressible {
    /// Nobody wrote it yet.
    #[error("{}", fixed!("this kind of rule has no SQL yet"))]
    Unwritten,
    /// A reason of the kind's own.
    #[error("{0}")]
    Because(Fixed),
    /// A date format with a part that SQL is not made for.
    #[error(
        "{}",
        text!(
            "the date format {format} has a part that is not expressed exactly; expected text and \
             blanks with %Y, %y, %m, %d, %H, %M, %S or names of months, each once",
            format = format_args!("{:?}", .0)
        )
    )]
    Format(String),
}
