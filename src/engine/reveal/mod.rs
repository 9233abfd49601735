//! The way back from a protected file: the cells that keys open, cell for cell.
//!
//! ```text
//! header × keys → Opening ─┐
//! batches → Revealer (one for each thread) → part, in order → Ledger → output
//! ```
//!
//! A column is what its first cell that is not empty is: text, or encrypted in one way for one role.
//! Each worker holds the cells of a batch against the first of the batch, and the [`Ledger`] holds
//! the first of each batch against the first of the file. What was encrypted each cell for itself
//! must be of one run, of one column and of the very row that it stands in.

mod cell;
mod ledger;
mod refusal;

use cell::Cell;
pub use ledger::{ColumnIs, First, Ledger};
pub use refusal::Unopened;

use crate::base::name;
use crate::base::name::Shown;
use crate::crypto::cells::{ColumnCipher, Method};
use crate::crypto::keys::{KeyError, KeyRing};
use crate::crypto::vault::VaultReader;
use crate::engine::error::Error;
use crate::engine::sieve::{Nobody, Sieve};
use crate::engine::{NobodyCounts, Worker};
use crate::io::csv::{Batch, Ends, Malformed};
use crate::io::format::OutputFormat;

/// What a file is opened with: keys, and what its header says.
pub struct Opening<'a> {
    header: &'a [String],
    shown: &'a [Shown],
    /// By column.
    ciphers: Vec<Vec<Candidate>>,
    /// What tells each key from others.
    ids: Vec<[u8; 4]>,
    index: Option<usize>,
    without_index: bool,
    format: OutputFormat,
    vaults: &'a [VaultReader],
    sieve: Sieve,
}

/// What may open a column.
struct Candidate {
    role: String,
    method: Method,
    cipher: ColumnCipher,
}

impl<'a> Opening<'a> {
    /// Puts keys and a header together. `index` names the index column; it must be there if it was
    /// `named` by the user, or is to be left out.
    ///
    /// # Errors
    /// [`Error::NoSuchColumn`]; [`Error::TwoColumns`] if two have the index's name;
    /// [`Error::Key`] as [`ColumnCipher::new`].
    pub fn new(
        keys: &KeyRing,
        header: &'a [String],
        shown: &'a [Shown],
        format: OutputFormat,
        index: &IndexColumn<'_>,
        vaults: &'a [VaultReader],
    ) -> Result<Self, Error> {
        let wanted = name::key(index.name);
        let mut found = (0..)
            .zip(header)
            .filter(|(_, name)| name::key(name) == wanted)
            .map(|(position, _)| position);
        let at = found.next();
        let escaped = || index.name.escape_debug().to_string();
        if at.is_none() && (index.named || index.without) {
            return Err(Error::NoSuchColumn(escaped()));
        }
        if found.next().is_some() {
            return Err(Error::TwoColumns(escaped()));
        }
        let candidates = |name: &String| {
            let methods = [Method::Random, Method::Deterministic];
            let pairs = keys
                .keys()
                .flat_map(|key| methods.map(|method| (key, method)));
            let candidates = pairs.map(|(key, method)| {
                Ok(Candidate {
                    role: key.role().as_str().to_owned(),
                    method,
                    cipher: ColumnCipher::new(key, method, name)?,
                })
            });
            candidates.collect::<Result<Vec<_>, KeyError>>()
        };
        Ok(Self {
            header,
            shown,
            ciphers: header.iter().map(candidates).collect::<Result<_, _>>()?,
            ids: keys.keys().map(|key| key.id()).collect::<Result<_, _>>()?,
            index: at,
            without_index: index.without,
            format,
            vaults,
            sieve: Sieve::new(header),
        })
    }

    /// Whether a column is in the output.
    fn leaves(&self, column: usize) -> bool {
        !(self.without_index && self.index == Some(column))
    }

    /// Appends the header of the output.
    pub fn write_header(&self, out: &mut Vec<u8>) {
        if self.format.mark {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        let start = out.len();
        for (column, name) in self.header.iter().enumerate() {
            if self.leaves(column) {
                self.write(name.as_bytes(), out);
            }
        }
        self.end_row(start, out);
    }

    /// Appends a cell with the quotes it needs, and a delimiter.
    fn write(&self, content: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(content);
        self.format.quote_from(start, out);
        out.push(self.format.delimiter);
    }

    /// Ends a row that begins at `start`.
    fn end_row(&self, start: usize, out: &mut Vec<u8>) {
        if out.len() > start {
            // What stands behind the last cell.
            out.pop();
        }
        // A row of one empty cell would read as a blank line.
        if out.len() == start {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(self.format.line_end());
    }
}

/// What is known of the index column.
pub struct IndexColumn<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether the user named it.
    pub named: bool,
    /// Whether it is to be left out.
    pub without: bool,
}

/// What came of a batch.
#[derive(Debug, Default)]
pub struct Part {
    /// The rows, ready to be written.
    pub rows: Vec<u8>,
    /// How many they are.
    pub records: u64,
    /// How many more were nobody.
    pub nobody: NobodyCounts,
    /// By column: its first cell that is not empty.
    pub firsts: Vec<Option<First>>,
}

/// Opens the cells of batches.
pub struct Revealer<'a> {
    opening: &'a Opening<'a>,
    ends: Ends,
    scratch: Vec<u8>,
    cell: Vec<u8>,
    part: Part,
}

impl<'a> Revealer<'a> {
    /// A worker.
    pub fn new(opening: &'a Opening<'a>) -> Self {
        Self {
            opening,
            ends: Ends::default(),
            scratch: Vec::new(),
            cell: Vec::new(),
            part: Part::default(),
        }
    }
}

impl Worker for Revealer<'_> {
    type Part = Part;
    type Error = Error;

    fn part(&mut self) -> &mut Part {
        &mut self.part
    }

    fn treat(&mut self, batch: &Batch) -> Result<(), Error> {
        let opening = self.opening;
        self.part.rows.clear();
        self.part.records = 0;
        self.part.nobody = NobodyCounts::default();
        self.part.firsts.clear();
        self.part.firsts.resize(opening.header.len(), None);
        batch.check(opening.shown, &mut self.ends)?;
        for row in batch.rows(&self.ends) {
            let refuse = |why, at| {
                let place = batch.place(at, opening.shown);
                Err(Error::Unopened { why, place })
            };
            if opening.sieve.suspects(&row)
                && let Some(nobody) = opening.sieve.judge(&row, batch)?
            {
                if nobody == Nobody::Total {
                    return Err(batch
                        .refuse(Malformed::TotalRow, row.field_start(0), &[])
                        .into());
                }
                self.part.nobody.count(nobody);
                continue;
            }
            if row.width() != opening.header.len() {
                return refuse(Unopened::Width(row.width()), row.field_start(0));
            }
            let start = self.part.rows.len();
            for column in 0..opening.header.len() {
                let field = row.field(column).unwrap_or_default();
                let content = batch.content(field, &mut self.scratch);
                let at = row.field_start(column);
                let cell = Cell {
                    opening,
                    batch,
                    row: &row,
                    column,
                    content,
                };
                let first = self.part.firsts.get_mut(column);
                let opened = first.map(|first| cell.open(first, &mut self.cell));
                let content = match opened {
                    Some(Ok(true)) => self.cell.as_slice(),
                    Some(Ok(false)) | None => content,
                    Some(Err(why)) => return refuse(why, at),
                };
                if opening.leaves(column) {
                    opening.write(content, &mut self.part.rows);
                }
            }
            opening.end_row(start, &mut self.part.rows);
            self.part.records += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
