//! What a run warns about: things that are not wrong enough to stop it.

use std::fmt;

use crate::base::name::Shown;
use crate::crypto::keys::Role;
use crate::engine::leftover::{FreeText, Kind, Verdict};
use crate::engine::plan::Plan;
use crate::engine::{OnInvalid, Tally};
use crate::rules::SpecialCategory;
use crate::rules::filter::RowFilter;

/// A warning.
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
        /// The column.
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
    /// Cells that the row filter could not read; their rows are left out.
    Undecided {
        /// The column.
        column: Shown,
        /// The cells.
        cells: u64,
    },
    /// Identifiers left over in a kept column that did not stop the run.
    Leftover {
        /// The column.
        column: Shown,
        /// What it is, how many cells have it and where the first are.
        kind: Kind,
        /// Whether it was masked.
        masked: bool,
    },
    /// A kept column of free text, which no rule can look through for everything.
    FreeText {
        /// The column.
        column: Shown,
        /// How many of its cells are such texts, and about how many differ.
        texts: FreeText,
    },
    /// A column is encrypted so that equal cells stay equal.
    Alike(Shown),
    /// A key was given whose role the rule table does not name.
    UnusedKey(Role),
    /// The run is reproducible, so its index and order can be worked out.
    Seeded,
}

impl Warning {
    /// What a run that is done has left out or blanked, if anything.
    pub fn of_invalid(plan: &Plan, tally: &Tally, policy: OnInvalid) -> Option<Self> {
        let steps = plan.steps.iter().zip(&tally.columns);
        let cells = steps.filter_map(|(step, column)| {
            let shown = plan.columns.get(step.column)?.input.clone();
            Some((shown, column.invalid_cells())).filter(|(_, count)| *count > 0)
        });
        let cells: Vec<(Shown, u64)> = cells.collect();
        let rows = tally.wrong_width;
        (rows > 0 || !cells.is_empty()).then_some(Self::Invalid {
            policy,
            cells,
            rows,
        })
    }
}

impl Warning {
    /// What the row filter could not read, and so left out.
    pub fn of_undecided(plan: &Plan, tally: &Tally) -> impl Iterator<Item = Self> {
        let tests = plan.filter.as_ref().map_or(&[][..], RowFilter::tests);
        let read = tests.iter().zip(&tally.filters);
        let counts = read.map(|(test, counts)| (&test.shown, counts.invalid_cells()));
        let failed = counts.filter(|(_, cells)| *cells > 0);
        failed.map(|(column, cells)| Self::Undecided {
            column: column.clone(),
            cells,
        })
    }

    /// What was found in kept columns and masked, or let go, and which of them are free text.
    pub fn of_leftovers(verdict: &Verdict, masked: bool) -> impl Iterator<Item = Self> {
        let columns = verdict.columns().iter();
        columns.flat_map(move |column| {
            let found = column.kinds.iter().map(move |kind| Self::Leftover {
                column: column.name.clone(),
                kind: kind.clone(),
                masked,
            });
            found.chain(column.free_text.map(|texts| Self::FreeText {
                column: column.name.clone(),
                texts,
            }))
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlisted(columns) => match columns.as_slice() {
                [column] => write!(f, "column {column} is not in the rule table: it is dropped"),
                _ => write!(
                    f,
                    "columns {} are not in the rule table: they are dropped",
                    list(columns)
                ),
            },
            Self::Missing(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                write!(
                    f,
                    "the rule table lists {}, which the input does not have",
                    names.join(", ")
                )
            }
            Self::Doubled { name, columns } => {
                write!(
                    f,
                    "columns {} are all `{name}` to the rule table: each gets its rule",
                    list(columns)
                )
            }
            Self::SpecialCategory { column, category } => write!(
                f,
                "column {column} holds {} (GDPR art. 9): it is dropped here, but it must not be collected \
                 and should be deleted at the source",
                category.description()
            ),
            Self::Invalid {
                policy,
                cells,
                rows,
            } => {
                let mut parts: Vec<String> = cells
                    .iter()
                    .map(|(column, count)| format!("{count} in column {column}"))
                    .collect();
                if !parts.is_empty() {
                    let fate = match policy {
                        OnInvalid::Skip => "their rows are left out",
                        OnInvalid::Blank | OnInvalid::Fail => "they leave empty",
                    };
                    parts = vec![format!("invalid cells: {}; {fate}", parts.join(", "))];
                }
                if *rows > 0 {
                    parts.push(format!("rows of the wrong width, left out: {rows}"));
                }
                f.write_str(&parts.join("; "))
            }
            Self::Undecided { column, cells } => write!(
                f,
                "cells of column {column} that the row filter cannot read: {cells}; their rows are left out"
            ),
            Self::Leftover {
                column,
                kind,
                masked,
            } => {
                let fate = if *masked { "masked" } else { "left as it is" };
                write!(f, "left over in column {column}, {fate}: {kind}")
            }
            Self::FreeText {
                column,
                texts: FreeText { cells, distinct },
            } => write!(
                f,
                "column {column} is kept but is free text ({distinct} different texts in {cells} cells): it may name \
                 people that no detector finds; drop it, or check it by hand"
            ),
            Self::Alike(column) => write!(
                f,
                "column {column} is encrypted deterministically: everybody sees which rows share a value, \
                 and a text can be copied to another row unnoticed"
            ),
            Self::UnusedKey(role) => write!(
                f,
                "a key of the role `{role}` was given, but the rule table does not name that role"
            ),
            Self::Seeded => write!(
                f,
                "--seed makes the index, the order of the rows, noise and date shifts predictable: for fixtures and CI only, never for data that leave"
            ),
        }
    }
}

fn list(columns: &[Shown]) -> String {
    columns
        .iter()
        .map(Shown::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
