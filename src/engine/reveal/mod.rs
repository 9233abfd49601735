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
//!
//! In a file of the second format the line of the run, in the header, says what each column is, and each row has
//! a seal over all its cells, which is opened whatever else is.

mod cell;
mod ledger;
mod order;
pub(super) mod refusal;
mod sealed;

use cell::{Cell, Opened};
pub use ledger::{ColumnIs, First, Ledger};
pub use refusal::{SealFault, Unopened};
use sealed::{Cells, SealedFile};

use crate::base::bytes;
use crate::base::name;
use crate::base::name::Shown;
use crate::crypto::cells::{ColumnCipher, Method};
use crate::crypto::keys::{KeyError, KeyRing, Role, RoleKey};
use crate::crypto::seal::{Sealed, is_seal};
use crate::crypto::vault::VaultReader;
use crate::engine::error::Error;
use crate::engine::sieve::{Nobody, Sieve};
use crate::engine::{NobodyCounts, Worker};
use crate::io::csv::{Batch, Ends, Malformed, Row};
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
    /// What is known of the file if it is of the second format.
    sealed: Option<SealedFile>,
    verifies: bool,
    salvages: bool,
}

/// What is to be done with a protected file.
pub enum Task<'a> {
    /// Its cells are opened.
    Open,
    /// Its cells are opened, of rows too that are not as they were sealed.
    Salvage,
    /// Nothing is opened or written: its seals are checked.
    Verify,
    /// Its cells are opened and encrypted again, with this key of the same role.
    Rekey(&'a RoleKey),
}

/// What may open a column.
struct Candidate {
    role: String,
    method: Method,
    cipher: ColumnCipher,
    /// What encrypts its cells again, if another key is to.
    renewed: Option<ColumnCipher>,
}

impl<'a> Opening<'a> {
    /// Puts keys and a header together. `index` names the index column; it must be there if it was
    /// `named` by the user, or is to be left out.
    ///
    /// # Errors
    /// [`Error::NoSuchColumn`]; [`Error::TwoColumns`] if two have the index's name;
    /// [`Error::Key`] as [`ColumnCipher::new`]; [`Error::Sealed`] if the file is of the second format and its
    /// header is not as it was written, or if its seals are to be checked and it has none.
    pub fn new(
        keys: &KeyRing,
        header: &'a [String],
        shown: &'a [Shown],
        format: OutputFormat,
        index: &IndexColumn<'_>,
        vaults: &'a [VaultReader],
        task: &Task<'_>,
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
        let sealed = SealedFile::read(keys, header, task, !index.without)?;
        let verifies = matches!(task, Task::Verify);
        if verifies && sealed.is_none() {
            return Err(SealFault::NoSeals.into());
        }
        let at = sealed.as_ref().map(|file| file.index).or(at);
        let candidates = |name: &String| {
            let methods = [Method::Random, Method::Deterministic];
            let pairs = keys
                .keys()
                .flat_map(|key| methods.map(|method| (key, method)));
            let candidates = pairs.map(|(key, method)| {
                let renewed = match task {
                    Task::Rekey(new) => Some(ColumnCipher::new(new, method, name)?),
                    Task::Open | Task::Salvage | Task::Verify => None,
                };
                Ok(Candidate {
                    role: key.role().as_str().to_owned(),
                    method,
                    cipher: ColumnCipher::new(key, method, name)?,
                    renewed,
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
            sealed,
            verifies,
            salvages: matches!(task, Task::Salvage),
        })
    }

    /// Whether a column is in the output as it was, or opened.
    fn leaves(&self, column: usize) -> bool {
        let seals = self.sealed.as_ref().map(|file| file.column);
        !(self.without_index && self.index == Some(column)) && seals != Some(column)
    }

    /// Whether rows have seals.
    pub fn is_sealed(&self) -> bool {
        self.sealed.is_some()
    }

    /// Whether a role is one of those that the line of the run names.
    pub fn knows(&self, role: &Role) -> bool {
        self.sealed.as_ref().is_some_and(|file| file.knows(role))
    }

    fn index(&self, row: &Row<'_>, batch: &Batch, scratch: &mut Vec<u8>) -> Result<u64, Unopened> {
        let column = self.index.ok_or(Unopened::NoIndexColumn)?;
        let field = row.field(column).unwrap_or_default();
        let text = std::str::from_utf8(batch.content(field, scratch));
        let number = text.ok().and_then(|text| text.parse::<u64>().ok());
        number.ok_or_else(|| Unopened::of_index(text.unwrap_or_default()))
    }

    /// Whether a row has a seal, so that it is a row whatever its cells are like.
    fn has_seal(&self, row: &Row<'_>) -> bool {
        let seal = self.sealed.as_ref().and_then(|file| row.field(file.column));
        seal.is_some_and(is_seal)
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
        if let Some(line) = self.sealed.as_ref().and_then(SealedFile::output_line) {
            self.write(line.as_bytes(), out);
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
    /// How many are not as they were sealed.
    pub(super) broken: u64,
    /// What the seals of the rows say, if they have any.
    pub(super) seals: Vec<Sealed>,
}

/// Opens the cells of batches.
pub struct Revealer<'a> {
    opening: &'a Opening<'a>,
    ends: Ends,
    scratch: Vec<u8>,
    cell: Opened,
    part: Part,
    /// The row as it is written, where it is sealed again.
    written: Cells,
    about: Vec<u8>,
}

impl<'a> Revealer<'a> {
    /// A worker.
    pub fn new(opening: &'a Opening<'a>) -> Self {
        Self {
            opening,
            ends: Ends::default(),
            scratch: Vec::new(),
            cell: Opened::default(),
            part: Part::default(),
            written: Cells::default(),
            about: Vec::new(),
        }
    }

    /// Opens a row; or why, and where, it is not opened.
    fn row(&mut self, row: &Row<'_>, batch: &Batch) -> Result<(), (Unopened, usize)> {
        let opening = self.opening;
        let index = opening.index(row, batch, &mut self.scratch);
        let (start, sealed) = (self.part.rows.len(), opening.sealed.as_ref());
        let again = sealed.filter(|file| file.output_line().is_some());
        let is_plain = batch.is_plain(row);
        // What is kept of such a row needs no quotes, either.
        let is_copied = is_plain && opening.format.delimiter == batch.delimiter();
        self.written.clear();
        for column in 0..opening.header.len() {
            let field = row.field(column).unwrap_or_default();
            let content = match is_plain {
                true => field,
                false => batch.content(field, &mut self.scratch),
            };
            if opening.verifies || sealed.is_some_and(|file| file.column == column) {
                self.written.push(&[]);
                continue;
            }
            let cell = Cell {
                opening,
                batch,
                row,
                column,
                content,
                index,
            };
            let first = self.part.firsts.get_mut(column);
            let opened = first.map(|first| cell.open(first, &mut self.cell));
            let content = match opened {
                Some(Ok(true)) => self.cell.content.as_slice(),
                Some(Ok(false)) | None => content,
                Some(Err(why)) => return Err((why, row.field_start(column))),
            };
            if again.is_some() {
                self.written.push(content);
            }
            if !opening.leaves(column) {
                continue;
            }
            if is_copied && matches!(opened, Some(Ok(false)) | None) {
                let (start, end) = row.bounds(column);
                bytes::append_cell(batch.buffer(), start, end, &mut self.part.rows);
                self.part.rows.push(opening.format.delimiter);
            } else {
                opening.write(content, &mut self.part.rows);
            }
        }
        if let Some(file) = sealed {
            let at = row.field_start(0);
            let index = index.map_err(|why| (why, at))?;
            let says = match file.open((batch, row), index, &mut self.scratch, &mut self.about) {
                Ok(says) => Some(says),
                Err(_) if opening.salvages => None,
                Err(why) => return Err((why, at)),
            };
            self.part.seals.extend(says);
            self.part.broken += u64::from(says.is_none());
            if let Some((file, says)) = again.zip(says) {
                let (about, out) = (&mut self.about, &mut self.part.rows);
                let again = file.seal_again(&self.written, (index, says), about, out);
                again.ok_or((Unopened::BrokenSeal, at))?;
                out.push(opening.format.delimiter);
            }
        }
        if !opening.verifies {
            opening.end_row(start, &mut self.part.rows);
        }
        self.part.records += 1;
        Ok(())
    }
}

impl Worker for Revealer<'_> {
    type Part = Part;
    type Error = Error;

    fn part(&mut self) -> &mut Part {
        &mut self.part
    }

    fn process(&mut self, batch: &Batch) -> Result<(), Error> {
        let opening = self.opening;
        self.part.rows.clear();
        self.part.records = 0;
        self.part.nobody = NobodyCounts::default();
        self.part.firsts.clear();
        self.part.firsts.resize(opening.header.len(), None);
        self.part.seals.clear();
        self.part.broken = 0;
        batch.check(opening.shown, &mut self.ends)?;
        let ends = std::mem::take(&mut self.ends);
        for row in batch.rows(&ends) {
            let refuse = |(why, at)| {
                // A seal is of the whole row.
                let shown = match why {
                    Unopened::BrokenSeal | Unopened::NoSeal => &[],
                    _ => opening.shown,
                };
                let place = batch.place(at, shown);
                Error::Unopened { why, place }
            };
            if opening.sieve.suspects(&row)
                && !opening.has_seal(&row)
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
                return Err(refuse((Unopened::Width(row.width()), row.field_start(0))));
            }
            self.row(&row, batch).map_err(refuse)?;
        }
        self.ends = ends;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
