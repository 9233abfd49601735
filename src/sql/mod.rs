//! The rule table as a SQL query, for a database or a cluster: what is done there is what the main
//! job does here, to the byte.
//!
//! A rule says in its own file what it is in SQL, as a few steps on one cell, through a
//! [`Dialect`], which is a set of overrides of what most engines write. The query is a chain: the
//! listed columns as texts, then each step of all columns side by side, so that no expression is
//! worked out twice, then the columns under the names that they leave under. It has no subquery per
//! row and no function of its own. What a dialect cannot express is an error with the column and
//! the kind, never a query that does less.

pub(crate) mod audit;
pub(crate) mod clickhouse;
pub(crate) mod column;
pub(crate) mod dialect;
pub(crate) mod duckdb;
pub(crate) mod error;
pub(crate) mod mariadb;
pub(crate) mod names;
pub(crate) mod pattern;
pub(crate) mod postgresql;
pub(crate) mod spark;
pub(crate) mod target;

pub use audit::AuditQuery;
pub use column::{Column, Output};
pub use dialect::Dialect;
pub use error::{Inexpressible, SqlError};
pub(crate) use pattern::{any_case, class_of, exactly, white_space};
pub use target::{CsvFile, Format, Made, Source, Target, name_parts};
/// Every dialect, in the order the documentation lists them.
pub static DIALECTS: &[&dyn Dialect] = &[
    &postgresql::PostgreSql,
    &duckdb::DuckDb,
    &spark::Spark,
    &mariadb::MARIADB,
    &mariadb::MYSQL,
    &clickhouse::ClickHouse,
];

/// The dialect of that name, if there is one.
pub fn dialect(name: &str) -> Option<&'static dyn Dialect> {
    let mut all = DIALECTS.iter().copied();
    all.find(|dialect| dialect.name() == name)
}
