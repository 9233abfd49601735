//! A file of the second format: what the line of its run says of its columns, and the seals of its rows.

use super::{SealFault, Task, Unopened};
use crate::crypto::cells::CellCipher;
use crate::crypto::keys::{KeyRing, RunSecret};
use crate::crypto::seal::{ColumnEntry, Fault, Holds, RowSeals, RunLine, Sealed, append, is_line};
use crate::engine::error::Error;
use crate::engine::sealing::{numbered, prove};
use crate::io::csv::{Batch, Row};

/// What is known of a sealed file.
pub(super) struct SealedFile {
    line: RunLine,
    /// Where the column of its seals is.
    pub(super) column: usize,
    pub(super) index: usize,
    /// Where columns are, by their numbers in the line.
    order: Vec<usize>,
    seals: RowSeals,
    /// By position in the file.
    columns: Vec<Option<SealedColumn>>,
    /// What seals the rows of the output, and its line, if anything in it stays encrypted.
    again: Option<(RowSeals, String)>,
}

/// A column whose cells are encrypted each for itself.
pub(super) struct SealedColumn {
    pub(super) role: String,
    /// What opens them, if the key was given.
    pub(super) cipher: Option<CellCipher>,
    /// What encrypts them again, if another key is to.
    pub(super) renewed: Option<CellCipher>,
}

impl SealedFile {
    /// Reads and proves the line in a header, if there is one.
    ///
    /// # Errors
    /// [`Error::Sealed`]; [`Error::OpensNothing`] if none of the keys is one of the run's.
    pub(super) fn read(
        keys: &KeyRing,
        header: &[String],
        task: &Task<'_>,
        keeps_index: bool,
    ) -> Result<Option<Self>, Error> {
        let mut lines = (0..).zip(header).filter(|(_, name)| is_line(name));
        let Some((column, name)) = lines.next() else {
            return Ok(None);
        };
        if lines.next().is_some() {
            return Err(SealFault::Line.into());
        }
        let line = RunLine::read(name).map_err(SealFault::from)?;
        let secret = secret(&line, keys)?;
        let others = (0..header.len()).filter(|at| *at != column);
        let others: Vec<usize> = others.collect();
        let names = others.iter().filter_map(|at| header.get(*at));
        let order = numbered(names.map(String::as_str));
        let order: Vec<usize> = order
            .iter()
            .filter_map(|at| others.get(*at).copied())
            .collect();
        let names = || {
            order
                .iter()
                .filter_map(|at| header.get(*at))
                .map(String::as_str)
        };
        if line.width() != order.len() || !line.is_proved(&secret, names()) {
            return Err(SealFault::Header.into());
        }
        let mut columns: Vec<Option<SealedColumn>> = Vec::new();
        columns.resize_with(header.len(), || None);
        let mut index = None;
        for entry in line.columns() {
            let at = order.get(entry.number as usize).copied();
            let at = at.ok_or(SealFault::Line)?;
            match entry.holds {
                Holds::Index => index = Some(at),
                Holds::Sealed => {
                    let name = header.get(at).ok_or(SealFault::Line)?;
                    let made = SealedColumn::new((&line, entry), name, keys, task)?;
                    if let Some(column) = columns.get_mut(at) {
                        *column = Some(made);
                    }
                }
                Holds::SealedAlike | Holds::Code => {}
            }
        }
        let again = output_line(&line, (keys, task), keeps_index)?;
        let again = again.map(|line| line.write(&secret, names())).transpose()?;
        Ok(Some(Self {
            seals: line.seals(&secret)?,
            column,
            index: index.ok_or(SealFault::Line)?,
            order,
            columns,
            again,
            line,
        }))
    }

    /// The column at a position, if its cells are encrypted each for itself.
    pub(super) fn at(&self, position: usize) -> Option<&SealedColumn> {
        self.columns.get(position)?.as_ref()
    }

    /// Whether a role is one of the run's.
    pub(super) fn knows(&self, role: &crate::crypto::keys::Role) -> bool {
        self.line.knows(role)
    }

    /// The line of the output, if its rows are sealed.
    pub(super) fn output_line(&self) -> Option<&str> {
        self.again.as_ref().map(|(_, line)| line.as_str())
    }

    /// What the seal of a row says.
    pub(super) fn open(
        &self,
        (batch, row): (&Batch, &Row<'_>),
        index: u64,
        scratch: &mut Vec<u8>,
        about: &mut Vec<u8>,
    ) -> Result<Sealed, Unopened> {
        let proved = prove(&self.order, (batch, row), scratch, about);
        let field = row.field(self.column).unwrap_or_default();
        let seal = batch.content(field, scratch);
        if seal.is_empty() {
            return Err(Unopened::NoSeal);
        }
        let opened = proved.and_then(|()| self.seals.open(seal, index, about));
        opened.ok_or(Unopened::BrokenSeal)
    }

    /// Appends the seal of a row of the output, with these cells, if its rows are sealed.
    pub(super) fn seal_again(
        &self,
        cells: &Cells,
        (index, says): (u64, Sealed),
        about: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (seals, _) = self.again.as_ref()?;
        about.clear();
        for at in &self.order {
            append(cells.get(*at), about);
        }
        seals.seal(index, says, about, out)
    }
}

impl SealedColumn {
    fn new(
        (line, entry): (&RunLine, &ColumnEntry),
        name: &str,
        keys: &KeyRing,
        task: &Task<'_>,
    ) -> Result<Self, Error> {
        let role = line.role(entry).ok_or(SealFault::Line)?.as_str();
        let cipher = |key| CellCipher::new(key, line.run(), name, entry.position);
        let key = keys.get(role);
        let renewed = match task {
            Task::Rekey(new) => key.map(|_| cipher(new)).transpose()?,
            Task::Open | Task::Salvage | Task::Verify => None,
        };
        Ok(Self {
            role: role.to_owned(),
            cipher: key.map(cipher).transpose()?,
            renewed,
        })
    }
}

/// The secret of the run, which all keys of its roles give.
fn secret(line: &RunLine, keys: &KeyRing) -> Result<RunSecret, Error> {
    let mut found = None;
    for key in keys.keys() {
        found = line.secret(key).map_err(SealFault::from)?.or(found);
    }
    found.ok_or_else(|| match keys.keys().next() {
        Some(key) => Error::OpensNothing(key.role().clone()),
        None => SealFault::Line.into(),
    })
}

/// The line of the output, which was not proved yet; none if nothing in it is encrypted for itself, or nothing is
/// bound to rows any more.
fn output_line(
    line: &RunLine,
    (keys, task): (&KeyRing, &Task<'_>),
    keeps_index: bool,
) -> Result<Option<RunLine>, Error> {
    let is_opened = |entry: &&ColumnEntry| {
        let role = line.role(entry).and_then(|role| keys.get(role.as_str()));
        let encrypted = matches!(entry.holds, Holds::Sealed | Holds::SealedAlike);
        encrypted && role.is_some()
    };
    match task {
        Task::Verify | Task::Salvage => Ok(None),
        Task::Rekey(new) => {
            let mut codes = line
                .columns()
                .iter()
                .filter(|entry| entry.holds == Holds::Code && line.role(entry) == Some(new.role()));
            if codes.next().is_some() {
                return Err(SealFault::Codes.into());
            }
            let key = keys.get(new.role().as_str());
            let secret = key.and_then(|key| line.secret(key).ok().flatten());
            let secret = secret.ok_or(SealFault::Line)?;
            Ok(Some(line.with_key(&secret, new)?))
        }
        Task::Open => {
            let closed = line.columns().iter().filter(|entry| !is_opened(entry));
            let closed: Vec<ColumnEntry> = closed.copied().collect();
            let any = closed.iter().any(|entry| entry.holds == Holds::Sealed);
            Ok((any && keeps_index).then(|| line.with_columns(closed)))
        }
    }
}

/// The contents of a row's cells, by position.
#[derive(Debug, Default)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    pub(super) fn push(&mut self, content: &[u8]) {
        self.bytes.extend_from_slice(content);
        self.ends.push(self.bytes.len());
    }

    fn get(&self, at: usize) -> &[u8] {
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.bytes.get(start..end).unwrap_or_default()
    }
}

impl From<Fault> for SealFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged => Self::Line,
            Fault::OtherKey(role) => Self::OtherKey(role),
        }
    }
}

impl From<SealFault> for Error {
    fn from(fault: SealFault) -> Self {
        Self::Sealed(fault)
    }
}
