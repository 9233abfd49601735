//! What is known of the columns of a protected file, batch by batch in the order of the file.

use super::order::Order;
use super::{Part, Unopened};
use crate::crypto::cells::{Label, Method, RunId};
use crate::engine::NobodyCounts;
use crate::engine::error::Error;
use crate::io::place::Place;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnIs {
    /// Text.
    Plain,
    /// Encrypted cells.
    Protected {
        /// In this way.
        method: Method,
        role: String,
    },
    Tokens {
        /// Of the vault given at this position, from 0.
        vault: usize,
        /// Which the key of this role opens.
        role: String,
    },
}

impl ColumnIs {
    /// Whether a cell with such a label belongs in the column.
    pub(super) fn fits(&self, label: &Label<'_>) -> bool {
        match self {
            Self::Plain | Self::Tokens { .. } => false,
            Self::Protected { method, role } => *method == label.method && role == label.role,
        }
    }
}

/// The first cell of a column that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    pub is: ColumnIs,
    pub place: Place,
    /// The run and the column that it was written in, where it was opened and is bound to them.
    pub origin: Option<(RunId, u32)>,
}

/// What is known of the columns of a file.
#[derive(Debug)]
pub struct Ledger {
    columns: Vec<Option<First>>,
    rows: u64,
    nobody: NobodyCounts,
    order: Order,
    broken: u64,
}

impl Ledger {
    /// Of a file of so many columns, of which nothing is known.
    pub fn new(columns: usize) -> Self {
        Self {
            columns: vec![None; columns],
            rows: 0,
            nobody: NobodyCounts::default(),
            order: Order::default(),
            broken: 0,
        }
    }

    /// Adds what came of the next batch.
    ///
    /// # Errors
    /// Where its first cells are not what those before them were.
    pub fn add(&mut self, part: &mut Part) -> Result<(), Error> {
        self.rows += part.records;
        self.broken += part.broken;
        for row in &part.seals {
            self.order.add(row);
        }
        self.nobody.add(&part.nobody);
        for (column, first) in part.firsts.iter_mut().enumerate() {
            let Some(first) = first.take() else {
                continue;
            };
            self.agrees(column, &first).map_err(|why| Error::Unopened {
                why,
                place: first.place.clone(),
            })?;
            if let Some(known) = self.columns.get_mut(column) {
                known.get_or_insert(first);
            }
        }
        Ok(())
    }

    fn agrees(&self, column: usize, first: &First) -> Result<(), Unopened> {
        let known = |column: usize| self.columns.get(column).and_then(Option::as_ref);
        if known(column).is_some_and(|known| known.is != first.is) {
            return Err(Unopened::Mixed);
        }
        let Some((run, position)) = first.origin else {
            return Ok(());
        };
        for other in 0..self.columns.len() {
            let Some((known_run, known_position)) = known(other).and_then(|known| known.origin)
            else {
                continue;
            };
            if known_run != run {
                return Err(Unopened::OtherRun);
            }
            // Each column has the place that it had, and no other has it.
            if (other == column) != (known_position == position) {
                return Err(Unopened::OtherColumn);
            }
        }
        Ok(())
    }

    /// The rows so far that are nobody.
    pub fn nobody(&self) -> NobodyCounts {
        self.nobody
    }

    /// The rows so far that are not as they were sealed.
    pub fn broken(&self) -> u64 {
        self.broken
    }

    /// Which rows are there, if they are sealed.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The columns that are encrypted, or tokens of a vault that was given, by position, and their
    /// roles.
    pub fn protected(&self) -> impl Iterator<Item = (usize, &str)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(column, first)| match &first.as_ref()?.is {
            ColumnIs::Plain => None,
            ColumnIs::Protected { role, .. } | ColumnIs::Tokens { role, .. } => {
                Some((column, role.as_str()))
            }
        })
    }
}
