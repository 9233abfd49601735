//! Why a protected file is not opened.

use std::fmt;

use crate::base::lang::Fixed;
use crate::crypto::keys::Role;

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
    /// The row's index is written with an exponent, and so no longer exact.
    RoundedIndex,
    /// It is bound to the index of its row, and there is no column of indexes.
    NoIndexColumn,
    /// The row is not what was sealed.
    BrokenSeal,
    /// The row has no seal.
    NoSeal,
    /// It is of the second format, and the line of its run is not there.
    NoLine,
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
    Self::RoundedIndex => "index_rounded", "the index of a row was rounded by a spreadsheet";
    Self::NoIndexColumn => "no_index_column", "cells are bound to an index column that is not there";
    Self::BrokenSeal => "broken_seal", "a row of a sealed file is not as it was written";
    Self::NoSeal => "no_seal", "a row of a sealed file has no seal";
    Self::NoLine => "no_run_line", "cells belong to a run whose line is not in the header";
}

impl Unopened {
    /// Why a text is no index.
    pub(super) fn of_index(text: &str) -> Self {
        match is_rounded(text) {
            true => Self::RoundedIndex,
            false => Self::NoIndex,
        }
    }

    /// What the user can do about it.
    pub const fn advice(self) -> Fixed {
        match self {
            Self::OtherKey => fixed!("look for the key file that the file was protected with"),
            Self::OtherRun => {
                fixed!(
                    "reveal each protected file by itself, before rows of several are put together"
                )
            }
            Self::UnknownToken => {
                fixed!("look for the vault that these tokens were kept in, as it was then or later")
            }
            Self::VaultFailed => fixed!("see to the vault's file and its disk, or take its copy"),
            Self::RoundedIndex => {
                fixed!(
                    "go back to the file as it was written: where a spreadsheet saves CSV, it may shorten whole numbers of twelve and more digits for good; give the index column the number format 0 before saving, or protect into a workbook (-o FILE.xlsx), where every cell is a text"
                )
            }
            Self::NoIndexColumn => {
                fixed!(
                    "say with --index what the index column is called; without it, these cells cannot be opened"
                )
            }
            Self::BrokenSeal | Self::NoSeal | Self::NoLine => {
                fixed!(
                    "go back to the file as it was written: rows may be sorted or left out, and columns change places, but no cell and no name may change; what a spreadsheet takes for a number or a date it writes differently"
                )
            }
            _ => {
                fixed!(
                    "go back to the file as it was written; columns may change places, but not their names, and rows may change places as a whole"
                )
            }
        }
    }
}

/// Whether a text is a number with an exponent, as spreadsheets write long ones: `1.23457E+14`.
fn is_rounded(text: &str) -> bool {
    let split = text.split_once(['E', 'e']);
    split.is_some_and(|(number, exponent)| {
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        let digits = number.replacen(['.', ','], "", 1);
        let mut all = digits.chars().chain(exponent.chars());
        !digits.is_empty() && !exponent.is_empty() && all.all(|c| c.is_ascii_digit())
    })
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Width(width) => {
                return f.write_str(&plural!(
                    *width as u64,
                    "the row has {n} cell, not as many as the header",
                    "the row has {n} cells, not as many as the header"
                ));
            }
            Self::Damaged => fixed!("an encrypted cell that is damaged"),
            Self::Mixed => {
                fixed!(
                    "the cell is not encrypted in the way, and for the role, that the cells before it in its column are"
                )
            }
            Self::OtherKey => fixed!("the cell was encrypted with another key of this role"),
            Self::OtherRole => fixed!("the cell was encrypted for another role than it says"),
            Self::Altered => {
                fixed!(
                    "the cell does not open: it was altered, or belongs to another row or to a column of another name"
                )
            }
            Self::OtherRow => fixed!("the cell belongs to another row"),
            Self::OtherColumn => fixed!("the cell belongs to another column"),
            Self::OtherRun => fixed!("the cell belongs to another file, of another run"),
            Self::UnknownToken => {
                fixed!("the cell is no token of the vault, and those before it in its column are")
            }
            Self::VaultFailed => fixed!("the vault cannot be read, or was altered"),
            Self::NoIndex => {
                fixed!("the index of the row is no number, and its cells are bound to it")
            }
            Self::RoundedIndex => {
                fixed!(
                    "the index of the row was rounded, as a spreadsheet does that writes 1.23457E+14 for a long number, and its cells are bound to it"
                )
            }
            Self::NoIndexColumn => {
                fixed!("the cell is bound to the index of its row, and the file has no such column")
            }
            Self::BrokenSeal => {
                fixed!(
                    "the row is not as it was written: a cell was altered, emptied or exchanged, or the row is of another file"
                )
            }
            Self::NoSeal => fixed!(
                "the row has no seal: it was not written with the others, or lost its last cell"
            ),
            Self::NoLine => {
                fixed!(
                    "the cell belongs to a run, and the column whose name begins with crm2.run. is not there"
                )
            }
        };
        f.write_str(text.get())
    }
}

/// What is wrong with a sealed file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealFault {
    /// The line of its run is damaged.
    Line,
    /// Its header is not what the line was written for.
    Header,
    /// It was protected with another key of this role.
    OtherKey(Role),
    /// Its rows are to be checked, and have no seals.
    NoSeals,
    /// Rows were left out or doubled, or have changed places: this is what.
    NotWhole(String),
    /// The key of a role is to be changed that hashes or tokens were made with.
    Codes,
}

coded! {
    SealFault []
    Self::Line => "run_line_damaged", "the line of the run in a protected file's header is damaged";
    Self::Header => "header_altered", "a column of a sealed file was renamed, added or left out";
    Self::OtherKey(_) => "other_key_of_run", "a file was protected with another key of a role";
    Self::NoSeals => "no_seals", "rows are to be checked, and the file has no seals";
    Self::NotWhole(_) => "not_whole", "rows of a sealed file were left out, doubled or moved";
    Self::Codes => "codes_stay", "hashes and tokens cannot be made again with another key";
}

impl SealFault {
    /// What the user can do about it.
    pub const fn advice(&self) -> Fixed {
        match self {
            Self::Line | Self::Header => {
                fixed!(
                    "go back to the file as it was written; columns may change places, but none may be renamed, added or left out"
                )
            }
            Self::OtherKey(_) => fixed!("look for the key file that the file was protected with"),
            Self::NoSeals => {
                fixed!(
                    "leave --verify and --whole away: what can be proved of this file, reveal proves as it opens cells"
                )
            }
            Self::NotWhole(_) => {
                fixed!(
                    "go back to the file as it was written, or drop --whole if rows were sorted or chosen on purpose"
                )
            }
            Self::Codes => {
                fixed!(
                    "protect the source again with the new key: the cells that hashes and tokens stand for are not in the file"
                )
            }
        }
    }
}

impl fmt::Display for SealFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Line => fixed!("the line of its run, in the header, is damaged"),
            Self::Header => {
                fixed!(
                    "its header is not as it was written: a column was renamed, added or left out"
                )
            }
            Self::OtherKey(role) => {
                return f.write_str(&text!(
                    "it was protected with another key of the role `{role}`",
                    role
                ));
            }
            Self::NoSeals => fixed!(
                "its rows have no seals, as it is of the first format or has no cell that is encrypted for itself"
            ),
            Self::NotWhole(what) => return f.write_str(&text!("it is not whole: {what}", what)),
            Self::Codes => {
                fixed!("it has hashes or tokens that were made with the key of this role")
            }
        };
        f.write_str(text.get())
    }
}
