//! Names and paths as they come from a rule table, a header or the command line: what of them can
//! stand in a query.

use super::dialect::Dialect;
use super::error::SqlError;
use super::target::Source;
use crate::base::escape::{is_hidden, is_unseen};
use crate::base::lang::Fixed;
use crate::base::name::Shown;

/// Why a name is not taken anywhere: lines of a query are moved to the right, and nobody would see
/// what the query does.
const HIDDEN: Fixed = fixed!("it has a control character, or another that cannot be seen");

/// Makes sure that a name can stand in a query.
pub(crate) fn check_name(name: &str, dialect: &dyn Dialect) -> Result<(), SqlError> {
    let why = match name {
        "" => Some(fixed!("it is empty")),
        name if name.chars().any(is_hidden) => Some(HIDDEN),
        name => dialect.refuses_name(name),
    };
    why.map_or(Ok(()), |why| {
        Err(SqlError::Name {
            name: Shown::new(name, 0),
            dialect: dialect.title(),
            why,
        })
    })
}

/// What stands before a query that reads a source, and behind its `FROM`.
pub(crate) fn read_from(
    source: &Source,
    dialect: &dyn Dialect,
) -> Result<(String, String), SqlError> {
    match source {
        Source::Table(parts) => {
            for part in parts {
                check_name(part, dialect)?;
            }
            Ok((String::new(), dialect.path_of(parts)))
        }
        Source::Csv(file) => {
            check_text(&file.path, dialect)?;
            dialect.csv(file).ok_or(SqlError::NoCsv(dialect.title()))
        }
    }
}

/// Makes sure that a path can stand in a query.
pub(crate) fn check_text(path: &str, dialect: &dyn Dialect) -> Result<(), SqlError> {
    match path.chars().any(is_unseen) {
        true => Err(SqlError::Name {
            name: Shown::new(path, 0),
            dialect: dialect.title(),
            why: HIDDEN,
        }),
        false => Ok(()),
    }
}
