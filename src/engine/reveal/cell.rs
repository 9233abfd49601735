//! One cell on its way back: held against the first of its column, and opened.

use super::sealed::SealedColumn;
use super::{Candidate, ColumnIs, First, Opening, Unopened};
use crate::crypto::cells::{
    CellForm, Closed, Label, Method, Origin, form_of, has_sealed_length, sealed_form_of,
};
use crate::crypto::vault::Token;
use crate::io::csv::{Batch, Row};

/// A cell, and where it stands.
pub(super) struct Cell<'a> {
    pub(super) opening: &'a Opening<'a>,
    pub(super) batch: &'a Batch,
    pub(super) row: &'a Row<'a>,
    pub(super) column: usize,
    pub(super) content: &'a [u8],
    /// The index of the row, or why it has none.
    pub(super) index: Result<u64, Unopened>,
}

/// What came of opening a cell.
#[derive(Default)]
pub(super) struct Opened {
    /// The cell; or its text under another key, if it is to have one.
    pub(super) content: Vec<u8>,
    again: Vec<u8>,
}

impl Cell<'_> {
    /// Holds the cell against the first of its column, and opens it into `into` if there is a key;
    /// gives whether there was.
    pub(super) fn open(
        &self,
        first: &mut Option<First>,
        into: &mut Opened,
    ) -> Result<bool, Unopened> {
        let sealed = self.opening.sealed.as_ref();
        if let Some(column) = sealed.and_then(|file| file.at(self.column)) {
            return self.open_sealed(column, first, into);
        }
        let seen = match form_of(self.content) {
            CellForm::Second if sealed.is_none() => return Err(Unopened::NoLine),
            // It was there when the row was sealed, and is of another file.
            CellForm::Second => CellForm::Plain,
            seen => seen,
        };
        let label = match seen {
            CellForm::Empty => return Ok(false),
            CellForm::Damaged => return Err(Unopened::Damaged),
            CellForm::Plain | CellForm::Second => {
                if let Some(opened) = self.token(first, &mut into.content)? {
                    return Ok(opened);
                }
                return match self.first(first, &ColumnIs::Plain).is {
                    ColumnIs::Plain => Ok(false),
                    ColumnIs::Protected { .. } | ColumnIs::Tokens { .. } => Err(Unopened::Mixed),
                };
            }
            CellForm::Protected(label) => label,
        };
        let is = match first {
            Some(known) if known.is.fits(&label) => known,
            Some(_) => return Err(Unopened::Mixed),
            None => {
                let is = ColumnIs::Protected {
                    method: label.method,
                    role: label.role.to_owned(),
                };
                self.first(first, &is)
            }
        };
        let mut ciphers = self.opening.ciphers.get(self.column).into_iter().flatten();
        let candidate = ciphers
            .find(|candidate| candidate.method == label.method && candidate.role == label.role);
        match candidate {
            Some(candidate) => self.open_with(candidate, is, into).map(|()| true),
            None => self.leave(&label).map(|()| false),
        }
    }

    /// Opens a cell of a column that the line of the run says to be encrypted.
    fn open_sealed(
        &self,
        column: &SealedColumn,
        first: &mut Option<First>,
        into: &mut Opened,
    ) -> Result<bool, Unopened> {
        // What is opened shows by that whether it is whole.
        let is_opened = column.cipher.is_some() && self.index.is_ok();
        let form = match is_opened && has_sealed_length(self.content) {
            true => CellForm::Second,
            false => sealed_form_of(self.content),
        };
        match form {
            CellForm::Empty => return Ok(false),
            CellForm::Damaged => return Err(Unopened::Damaged),
            CellForm::Plain | CellForm::Protected(_) => return Err(Unopened::Mixed),
            CellForm::Second => {}
        }
        if first.is_none() {
            let is = ColumnIs::Protected {
                method: Method::Random,
                role: column.role.clone(),
            };
            self.first(first, &is);
        }
        let Some(cipher) = &column.cipher else {
            return Ok(false);
        };
        let row = self.index?;
        let opened = cipher.open(self.content, row, &mut into.content);
        opened.map_err(Unopened::from)?;
        if let Some(renewed) = &column.renewed {
            into.again.clear();
            let sealed = renewed.seal(&into.content, row, &mut into.again);
            sealed.map_err(|_| Unopened::Damaged)?;
            std::mem::swap(&mut into.content, &mut into.again);
        }
        Ok(true)
    }

    /// Turns a token back; nothing if the cell is none of a vault that was given.
    fn token(
        &self,
        first: &mut Option<First>,
        into: &mut Vec<u8>,
    ) -> Result<Option<bool>, Unopened> {
        let Some(token) = Token::parse(self.content).filter(|_| !self.opening.vaults.is_empty())
        else {
            return Ok(None);
        };
        for (vault, reader) in self.opening.vaults.iter().enumerate() {
            let value = reader.value(&token).map_err(|_| Unopened::VaultFailed)?;
            let Some(value) = value else {
                continue;
            };
            let role = reader.role().as_str().to_owned();
            let is = ColumnIs::Tokens { vault, role };
            if self.first(first, &is).is != is {
                return Err(Unopened::Mixed);
            }
            into.clear();
            into.extend_from_slice(&value);
            return Ok(Some(true));
        }
        match first {
            Some(First {
                is: ColumnIs::Tokens { .. },
                ..
            }) => Err(Unopened::UnknownToken),
            _ => Ok(None),
        }
    }

    /// The first cell of the column in this batch, which is this one if there was none.
    fn first<'f>(&self, first: &'f mut Option<First>, is: &ColumnIs) -> &'f mut First {
        first.get_or_insert_with(|| First {
            is: is.clone(),
            place: self
                .batch
                .place(self.row.field_start(self.column), self.opening.shown),
            origin: None,
        })
    }

    fn open_with(
        &self,
        candidate: &Candidate,
        first: &mut First,
        into: &mut Opened,
    ) -> Result<(), Unopened> {
        let opened = candidate.cipher.open(self.content, &mut into.content);
        let origin = opened.map_err(Unopened::from)?;
        if let Some(origin) = origin {
            self.belongs(origin, first)?;
        }
        if let Some(renewed) = &candidate.renewed {
            into.again.clear();
            let origin = origin.unwrap_or(Origin::NOWHERE);
            let sealed = renewed.seal(&into.content, origin, &mut into.again);
            sealed.map_err(|_| Unopened::Damaged)?;
            std::mem::swap(&mut into.content, &mut into.again);
        }
        Ok(())
    }

    /// Whether the cell was made for this row, and for the run and the column of the first of its column.
    fn belongs(&self, origin: Origin, first: &mut First) -> Result<(), Unopened> {
        if origin.row != self.index? {
            return Err(Unopened::OtherRow);
        }
        let Origin { run, column, .. } = origin;
        let (known_run, known_column) = *first.origin.get_or_insert((run, column));
        match (run == known_run, column == known_column) {
            (true, true) => Ok(()),
            (true, false) => Err(Unopened::OtherColumn),
            (false, _) => Err(Unopened::OtherRun),
        }
    }

    /// Looks at a cell of a role whose key was not given: it stays as it is.
    fn leave(&self, label: &Label<'_>) -> Result<(), Unopened> {
        if !label.is_whole() {
            return Err(Unopened::Damaged);
        }
        match label.key_id() {
            Some(id) if self.opening.ids.contains(&id) => Err(Unopened::OtherRole),
            Some(_) => Ok(()),
            None => Err(Unopened::Damaged),
        }
    }
}

impl From<Closed> for Unopened {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Damaged => Self::Damaged,
            Closed::OtherKey => Self::OtherKey,
            Closed::Altered => Self::Altered,
        }
    }
}
