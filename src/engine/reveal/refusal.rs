//! Why a protected file is not opened.

use crate::base::plural::counted;
use std::fmt;

/// What is wrong with a cell of a protected file. There is no place to put the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// A row has this many fields instead of the header's number.
    Width(usize),
    /// The cell is most of an encrypted one, and not all of it.
    Damaged,
    /// The column has encrypted cells and others, or cells of two roles or kinds.
    Mixed,
    /// It was encrypted with another key of its role.
    OtherKey,
    /// It names a role, and was encrypted with the key of another that was given.
    OtherRole,
    /// It is not what was written in a column of this name.
    Altered,
    /// It was written in another row.
    OtherRow,
    /// It was written in another column.
    OtherColumn,
    /// It was written in another run than the cells before it.
    OtherRun,
    /// It stands among tokens, and the vault does not have it.
    UnknownToken,
    /// The vault cannot be read any more, or was altered.
    VaultFailed,
    /// The row's index is no number.
    NoIndex,
    /// It is bound to the index of its row, and there is no column of indexes.
    NoIndexColumn,
}

coded! {
    Unopened []
    Self::Width(_) => "width", "a row of a protected file is of another width than the header";
    Self::Damaged => "damaged", "an encrypted cell is damaged";
    Self::Mixed => "mixed", "a column has encrypted cells and others, or those of two roles";
    Self::OtherKey => "other_key", "a cell was encrypted with another key of its role";
    Self::OtherRole => "other_role", "a cell was encrypted for another role than it names";
    Self::Altered => "altered", "a cell was altered, or is of a column of another name";
    Self::OtherRow => "other_row", "a cell is of another row";
    Self::OtherColumn => "other_column", "a cell is of another column";
    Self::OtherRun => "other_run", "a cell is of another run";
    Self::UnknownToken => "unknown_token", "a token is not in the vault";
    Self::VaultFailed => "vault_unreadable", "the vault cannot be read any more, or was altered";
    Self::NoIndex => "index_no_number", "the index of a row is no number";
    Self::NoIndexColumn => "no_index_column", "cells are bound to an index column that is not there";
}

impl Unopened {
    /// What the user can do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::OtherKey => "look for the key file that the file was protected with",
            Self::OtherRun => {
                "reveal each protected file by itself, before rows of several are put together"
            }
            Self::UnknownToken => {
                "look for the vault that these tokens were kept in, as it was then or later"
            }
            Self::VaultFailed => "see to the vault's file and its disk, or take its copy",
            Self::NoIndexColumn => {
                "say with --index what the index column is called; without it, these cells cannot be opened"
            }
            _ => {
                "go back to the file as it was written; columns may change places, but not their names, \
                  and rows may change places as a whole"
            }
        }
    }
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Width(width) => write!(
                f,
                "the row has {}, not as many as the header",
                counted(*width, "cell")
            ),
            Self::Damaged => f.write_str("an encrypted cell that is damaged"),
            Self::Mixed => f.write_str(
                "the cell is not encrypted in the way, and for the role, that the cells before it in its column are",
            ),
            Self::OtherKey => f.write_str("the cell was encrypted with another key of this role"),
            Self::OtherRole => f.write_str("the cell was encrypted for another role than it says"),
            Self::Altered => f.write_str(
                "the cell does not open: it was altered, or belongs to a column of another name",
            ),
            Self::OtherRow => f.write_str("the cell belongs to another row"),
            Self::OtherColumn => f.write_str("the cell belongs to another column"),
            Self::OtherRun => f.write_str("the cell belongs to another file, of another run"),
            Self::UnknownToken => f.write_str("the cell is no token of the vault, and those before it in its column are"),
            Self::VaultFailed => f.write_str("the vault cannot be read, or was altered"),
            Self::NoIndex => f.write_str("the index of the row is no number, and its cells are bound to it"),
            Self::NoIndexColumn => {
                f.write_str("the cell is bound to the index of its row, and the file has no such column")
            }
        }
    }
}
