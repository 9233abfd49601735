//! Why the first row may be a person and no header.

/// Why the first row may be a person. There is no place to put a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Fewer than a third of its cells are known as names of columns.
    Unknown,
    /// The cell in this column, from 1, looks like data.
    Data(usize),
    /// The name in this column, from 1, runs into a cell: the line end between them is missing.
    Merged(usize),
    /// The cell in this column, from 1, is a value of the column too.
    Value(usize),
}

/// The first row may be a person.
#[derive(Debug, thiserror::Error)]
#[error(
    "{}",
    plural!(
        *columns,
        "its first row, of {n} column, may be a person and no header (it is not shown): {why}\n  what \
         to do: if the file has no header, add one; if it has one, say {option}; else check --delimiter",
        "its first row, of {n} columns, may be a person and no header (it is not shown): {why}\n  what \
         to do: if the file has no header, add one; if it has one, say {option}; else check --delimiter",
        why = told(*doubt),
        option
    )
)]
pub struct MayBePerson {
    pub(super) columns: usize,
    pub(super) doubt: Doubt,
    /// The option that says that it is a header all the same.
    pub(super) option: &'static str,
}

/// The doubt, in words.
fn told(doubt: Doubt) -> String {
    match doubt {
        Doubt::Unknown => {
            fixed!("fewer than a third of its cells are known as names of columns").to_string()
        }
        Doubt::Data(column) => text!("its cell in column {column} looks like data", column),
        Doubt::Merged(column) => {
            text!(
                "the line end behind the header seems to be missing, in column {column}",
                column
            )
        }
        Doubt::Value(column) => {
            text!(
                "its cell in column {column} is a value of that column, too",
                column
            )
        }
    }
}
