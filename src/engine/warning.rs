//! What a run warns about: things that are not wrong enough to stop it.

mod codes;

use std::fmt;

use crate::base::lang::Whole;
use crate::base::name::Shown;
use crate::crypto::keys::Role;
use crate::engine::leftover::{FreeText, Kind};
use crate::engine::{NobodyCounts, Repeats};
use crate::io::quirk::Quirk;
use crate::rules::SpecialCategory;
use crate::rules::policy::OnInvalid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Columns that no rule lists: they do not leave.
    Unlisted(Vec<Shown>),
    /// Listed columns that the input lacks.
    Missing(Vec<String>),
    /// Several columns of the input on one rule: each gets it.
    Doubled {
        /// The rule table's name of the column.
        name: String,
        /// The columns of the input.
        columns: Vec<Shown>,
    },
    /// Data that must not be in the file at all.
    SpecialCategory {
        column: Shown,
        /// The category that the rule table says it is of.
        category: SpecialCategory,
    },
    /// Invalid cells or rows that did not stop the run.
    Invalid {
        /// What became of the cells.
        policy: OnInvalid,
        /// How many cells, by column.
        cells: Vec<(Shown, u64)>,
        /// How many rows of another width than the header.
        rows: u64,
    },
    /// Rows that are nobody, left out.
    Nobody(NobodyCounts),
    /// Cells that the row filter could not read; their rows are left out.
    Undecided { column: Shown, cells: u64 },
    /// Cells of four digits that read as a postal code whose first zero was lost.
    LostZero { column: Shown, cells: u64 },
    /// A column of which many cells have no postal code.
    NoPostalCode {
        column: Shown,
        /// How many of its cells that are not missing, in percent.
        percent: u64,
    },
    /// Identifiers left over in a kept column that did not stop the run.
    Leftover {
        column: Shown,
        /// What it is, how many cells have it and where the first are.
        kind: Kind,
        masked: bool,
    },
    /// Cells that a spreadsheet would run, left as they are.
    Formulas(Vec<(Shown, u64)>),
    /// A kept column of free text, which no rule can look through for everything.
    FreeText {
        column: Shown,
        /// How many of its cells are such texts, and about how many differ.
        texts: FreeText,
    },
    /// A column is encrypted so that equal cells stay equal.
    Alike(Shown),
    /// A key was given whose role the rule table does not name.
    UnusedKey(Role),
    /// Something beside plain CSV was recognised in the input.
    Quirk(Quirk),
    /// A column that is not published names people, and its cells repeat: k counts rows.
    RowsOfPersons {
        column: Shown,
        /// Its cells, and how many differ.
        repeats: Repeats,
    },
    /// Columns with values that hardly anybody has.
    Rare {
        /// How many have a value at least that is not rare.
        k: u32,
        persons: bool,
        /// The columns by their names in the output, and their rare values.
        columns: Vec<(String, u64)>,
    },
    /// Columns whose rule draws anew in each run: of many exports the values can be worked out.
    DrawnAnew(Vec<Shown>),
    /// Columns of ages, of which nobody said on which day they are counted.
    AgesOfYear(Vec<Shown>),
    /// Rows that a release holds back.
    HeldBack {
        /// Those that were never published.
        waiting: u64,
        retired: u64,
        /// How many persons make a group.
        k: u32,
    },
    /// The run is reproducible, so its index and order can be worked out.
    Seeded,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlisted(columns) => match columns.as_slice() {
                [column] => f.write_str(&text!("column {column} is not in the rule table: it is dropped", column)),
                _ => f.write_str(&text!(
                    "columns {columns} are not in the rule table: they are dropped",
                    columns = list(columns)
                )),
            },
            Self::Missing(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                f.write_str(&text!(
                    "the rule table lists {columns}, which the input does not have",
                    columns = names.join(", ")
                ))
            }
            Self::Doubled { name, columns } => {
                f.write_str(&text!(
                    "columns {columns} are all `{name}` to the rule table: each gets its rule",
                    columns = list(columns),
                    name
                ))
            }
            Self::SpecialCategory { column, category } => f.write_str(&text!(
                "column {column} holds {what} (GDPR art. 9): it is dropped here, but it must not be collected \
                 and should be deleted at the source",
                column,
                what = category.description()
            )),
            Self::Invalid {
                policy,
                cells,
                rows,
            } => {
                let mut parts = Vec::new();
                if !cells.is_empty() {
                    let cells = by_column(cells);
                    parts.push(match policy {
                        OnInvalid::Skip => {
                            text!("invalid cells: {cells}; their rows are left out", cells)
                        }
                        OnInvalid::Blank | OnInvalid::Fail => {
                            text!("invalid cells: {cells}; they leave empty", cells)
                        }
                    });
                }
                if *rows > 0 {
                    let rows = Whole(*rows);
                    parts.push(text!("rows of the wrong width, left out: {rows}", rows));
                }
                f.write_str(&parts.join("; "))
            }
            Self::Nobody(counts) => {
                let told: Vec<String> = counts.told().collect();
                f.write_str(&text!(
                    "rows that are nobody, left out: {rows}",
                    rows = told.join(", ")
                ))
            }
            Self::Undecided { column, cells } => f.write_str(&text!("cells of column {column} that the row filter cannot read: {cells}; their rows are left out", column, cells)),
            Self::LostZero { column, cells } => f.write_str(&text!(
                "cells of column {column} that are postal codes without their first zero: {cells}; \
                 they leave empty. If none of them is a foreign code, write `pad = true` into the \
                 rule: 1000 is then read as 01000", column, cells)),
            Self::NoPostalCode { column, percent } => f.write_str(&text!("{percent} % of the cells of column {column} have no French postal code; they leave empty. \
                 Is it a column of addresses or of postal codes?", percent, column)),
            Self::Leftover {
                column,
                kind,
                masked,
            } => {
                f.write_str(&match masked {
                    true => text!("left over in column {column}, masked: {kind}", column, kind),
                    false => text!(
                        "left over in column {column}, left as it is: {kind}",
                        column,
                        kind
                    ),
                })
            }
            Self::Formulas(cells) => {
                let cells = by_column(cells);
                f.write_str(&text!(
                    "cells that a spreadsheet would run as formulas: {cells}; --formulas escape writes a ' \
                     in front of them, --formulas refuse stops the run",
                    cells
                ))
            }
            Self::FreeText {
                column,
                texts: FreeText { cells, distinct },
            } => f.write_str(&text!(
                "column {column} is kept but is free text ({distinct} different texts in {cells} \
                 cells): it may name people that no detector finds; drop it, or check it by hand", column, distinct, cells)),
            Self::Alike(column) => f.write_str(&text!("column {column} is encrypted deterministically: everybody sees which rows share a value, \
                 and only the seal of a row, where there is one, shows that a text was copied into it", column)),
            Self::UnusedKey(role) => f.write_str(&text!("a key of the role `{role}` was given, but the rule table does not name that role", role)),
            Self::Quirk(quirk) => quirk.fmt(f),
            Self::RowsOfPersons { column, repeats } => {
                let (rows, persons) = (Whole(repeats.rows), Whole(repeats.persons));
                let name = column.as_str();
                f.write_str(&match repeats.exact {
                    true => text!(
                        "{rows} rows are those of {persons} persons by column {column}: k counts rows, and a person \
                         with several rows is not hidden among them; to count persons, say --person {name}, or \
                         person = \"{name}\" in [privacy]", rows, persons, column, name),
                    false => text!(
                        "{rows} rows are those of about {persons} persons by column {column}: k counts rows, and a \
                         person with several rows is not hidden among them; to count persons, say --person {name}, \
                         or person = \"{name}\" in [privacy]", rows, persons, column, name),
                })
            }
            Self::Rare {
                k,
                persons,
                columns,
            } => {
                let values = columns.iter().map(|(column, values)| {
                    let values = Whole(*values);
                    text!("{values} in column `{column}`", values, column)
                });
                let values = values.collect::<Vec<_>>().join(", ");
                f.write_str(&match persons {
                    true => text!(
                        "values that fewer than {k} persons have: {values}; one of them may be enough to know \
                         somebody by: use wider brackets, or drop the column", k, values),
                    false => text!(
                        "values that fewer than {k} rows have: {values}; one of them may be enough to know \
                         somebody by: use wider brackets, or drop the column", k, values),
                })
            }
            Self::DrawnAnew(columns) => f.write_str(&text!(
                "each run draws anew for {columns}: of many exports of the same persons their true values can be \
                 worked out; with a role in the rule, and person in [privacy], a person keeps the same draw",
                columns = list(columns)
            )),
            Self::AgesOfYear(columns) => f.write_str(&text!(
                "ages are counted on 1 January of this year for {columns}, since the rule says no day; choose it \
                 with at, and keep it from one export to the next: the day of each run would tell the birthdays \
                 between two exports",
                columns = list(columns)
            )),
            Self::HeldBack { waiting, retired, k } => {
                let waits = text!(
                    "{waiting} never published, until {k} persons can be published together",
                    waiting = Whole(*waiting),
                    k
                );
                let gone = text!(
                    "{retired} for good, as fewer than {k} persons are left in their group or they were away once",
                    retired = Whole(*retired),
                    k
                );
                let parts = [(*waiting, waits), (*retired, gone)].into_iter();
                let parts: Vec<String> = parts.filter(|(rows, _)| *rows > 0).map(|(_, part)| part).collect();
                f.write_str(&text!("rows held back by the release: {parts}", parts = parts.join("; ")))
            }
            Self::Seeded => fixed!(
                "--seed makes the index, the order of the rows, noise and date shifts predictable: \
                 for fixtures and CI only, never for data that leave").fmt(f),
        }
    }
}

/// Cells with a thing in common, by column.
fn by_column(cells: &[(Shown, u64)]) -> String {
    let cells = cells.iter().map(|(column, count)| {
        let count = Whole(*count);
        text!("{count} in column {column}", count, column)
    });
    cells.collect::<Vec<_>>().join(", ")
}

fn list(columns: &[Shown]) -> String {
    columns
        .iter()
        .map(Shown::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
