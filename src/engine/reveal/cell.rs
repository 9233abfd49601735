//! One cell on its way back: held against the first of its column, and opened.

use super::{ColumnIs, First, Opening, Unopened};
use crate::crypto::cells::{Closed, ColumnCipher, Label, Look, Origin, look};
use crate::crypto::vault::Token;
use crate::io::csv::{Batch, Row};

/// A cell, and where it stands.
pub(super) struct Cell<'a> {
    pub(super) opening: &'a Opening<'a>,
    pub(super) batch: &'a Batch,
    pub(super) row: &'a Row<'a>,
    pub(super) column: usize,
    pub(super) content: &'a [u8],
}

impl Cell<'_> {
    /// Holds the cell against the first of its column, and opens it into `into` if there is a key;
    /// gives whether there was.
    pub(super) fn open(
        &self,
        first: &mut Option<First>,
        into: &mut Vec<u8>,
    ) -> Result<bool, Unopened> {
        let label = match look(self.content) {
            Look::Empty => return Ok(false),
            Look::Damaged => return Err(Unopened::Damaged),
            Look::Plain => {
                if let Some(opened) = self.token(first, into)? {
                    return Ok(opened);
                }
                return match self.first(first, &ColumnIs::Plain).is {
                    ColumnIs::Plain => Ok(false),
                    ColumnIs::Protected { .. } | ColumnIs::Tokens { .. } => Err(Unopened::Mixed),
                };
            }
            Look::Protected(label) => label,
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
        let ciphers = self.opening.ciphers.get(self.column).into_iter().flatten();
        let cipher = ciphers
            .filter(|candidate| candidate.method == label.method && candidate.role == label.role)
            .map(|candidate| &candidate.cipher)
            .next();
        match cipher {
            Some(cipher) => self.open_with(cipher, is, into).map(|()| true),
            None => self.leave(&label).map(|()| false),
        }
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
        cipher: &ColumnCipher,
        first: &mut First,
        into: &mut Vec<u8>,
    ) -> Result<(), Unopened> {
        let origin = cipher
            .open(self.content, into)
            .map_err(|closed| match closed {
                Closed::Damaged => Unopened::Damaged,
                Closed::OtherKey => Unopened::OtherKey,
                Closed::Altered => Unopened::Altered,
            })?;
        let Some(origin) = origin else {
            return Ok(());
        };
        if origin.row != self.row_index()? {
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

    /// The index of the row.
    fn row_index(&self) -> Result<u64, Unopened> {
        let column = self.opening.index.ok_or(Unopened::NoIndexColumn)?;
        let field = self.row.field(column).unwrap_or_default();
        let mut scratch = Vec::new();
        let text = std::str::from_utf8(self.batch.content(field, &mut scratch));
        let number = text.ok().and_then(|text| text.parse::<u64>().ok());
        number.ok_or(Unopened::NoIndex)
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
