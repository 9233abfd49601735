//! What makes the codes of several columns comparable: columns of one domain have the same code for
//! the same cell.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::base::name;

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Domain(String);

impl TryFrom<String> for Domain {
    type Error = Fixed;

    fn try_from(name: String) -> Result<Self, Fixed> {
        match name.trim().is_empty() {
            true => Err(fixed!("expected a text that is not blank")),
            false => Ok(Self(name)),
        }
    }
}

/// The domain of a column, which is its own name unless the rule gives another. Domains are compared
/// as column names are.
pub(super) fn of(given: Option<&Domain>, column: &str) -> String {
    name::key(given.map_or(column, |Domain(name)| name))
}
