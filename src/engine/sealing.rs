//! Seals of rows that are about to leave: a last column that proves, to whoever has the key of a role, that the
//! cells of a row are those that were written together.
//!
//! Rows are sealed as they were written, after masking and recoding, by the worker that wrote them. Which row is
//! the last is known at the end alone: so [`Closing`] holds one row back, and seals it anew with the number of rows.

use super::Worker;
use super::part::Part;
use crate::base::name;
use crate::crypto::cells::RunId;
use crate::crypto::keys::{KeyRing, RunSecret};
use crate::crypto::seal::{ColumnEntry, Holds, RowSeals, RunLine, Sealed, append, append_from};
use crate::engine::error::Error;
use crate::engine::plan::Plan;
use crate::io::csv::{Batch, Ends, Malformed, Refusal, Row};
use crate::io::format::OutputFormat;
use crate::rules::Pseudonym;

/// What seals the rows of a run.
pub(crate) struct Sealing {
    seals: RowSeals,
    /// What the column of seals is called.
    line: String,
    /// The positions of the columns in the output, by their numbers in the line.
    order: Vec<usize>,
}

/// The positions of columns by their numbers: those of one name as they stand.
pub(super) fn numbered<'n>(names: impl Iterator<Item = &'n str>) -> Vec<usize> {
    let mut order: Vec<(String, usize)> = names.map(name::key).zip(0..).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, position)| position).collect()
}

/// What a seal proves of a row, whose columns are in this order: puts it in the place of what was there.
pub(super) fn prove(
    order: &[usize],
    (batch, row): (&Batch, &Row<'_>),
    scratch: &mut Vec<u8>,
    about: &mut Vec<u8>,
) -> Option<()> {
    about.clear();
    // Hardly a row has quotes, and without any its fields are its cells.
    let is_plain = batch.is_plain(row);
    for at in order {
        match is_plain {
            true => {
                let (start, end) = row.bounds(*at);
                append_from(batch.buffer(), start, end, about);
            }
            false => append(batch.content(row.field(*at)?, scratch), about),
        }
    }
    Some(())
}

impl Sealing {
    /// For the output of a plan, if any of its cells are encrypted each for itself.
    ///
    /// # Errors
    /// [`Error::Key`].
    pub(crate) fn new(plan: &Plan, keys: &KeyRing, run: RunId) -> Result<Option<Self>, Error> {
        let sealed = |column: &super::plan::PlannedColumn| {
            column.output.is_some() && column.pseudonym == Some(Pseudonym::Sealed)
        };
        if !plan.columns.iter().any(sealed) {
            return Ok(None);
        }
        let names: Vec<&str> = plan.output_names().collect();
        let order = numbered(names.iter().copied());
        let (columns, roles) = entries(plan, &order)?;
        let secret = RunSecret::draw()?;
        let roles = roles.iter().filter_map(|role| keys.get(role));
        let width = u32::try_from(names.len()).map_err(|_| Error::Internal)?;
        let line = RunLine::new(run, &secret, roles, width, columns)?;
        let in_order = order.iter().filter_map(|at| names.get(*at).copied());
        let (seals, line) = line.write(&secret, in_order)?;
        Ok(Some(Self { seals, line, order }))
    }

    /// What the column of seals is called.
    pub(crate) fn name(&self) -> &str {
        &self.line
    }

    /// What seals the rows of one worker, written in this format.
    pub(crate) fn sealer(&self, format: OutputFormat) -> Sealer<'_> {
        Sealer {
            sealing: self,
            format,
            batch: Batch::new(),
            ends: Ends::default(),
            about: Vec::new(),
            scratch: Vec::new(),
        }
    }
}

/// The columns of a plan that are not kept as they were, and the roles that their numbers stand for.
fn entries(plan: &Plan, order: &[usize]) -> Result<(Vec<ColumnEntry>, Vec<String>), Error> {
    let mut roles: Vec<String> = Vec::new();
    let index = plan.index.as_ref().map(|_| (Holds::Index, 0, 0));
    let mut found: Vec<Option<(Holds, u16, u32)>> = index.into_iter().map(Some).collect();
    for (position, column) in (0_u32..).zip(&plan.columns) {
        if column.output.is_none() {
            continue;
        }
        let holds = column.pseudonym.map(|pseudonym| match pseudonym {
            Pseudonym::Sealed => Holds::Sealed,
            Pseudonym::SealedAlike => Holds::SealedAlike,
            Pseudonym::Code => Holds::Code,
        });
        let entry = holds.zip(column.role.as_ref()).map(|(holds, role)| {
            let known = roles.iter().position(|known| known == role.as_str());
            let number = known.unwrap_or(roles.len());
            if known.is_none() {
                roles.push(role.as_str().to_owned());
            }
            let number = u16::try_from(number).map_err(|_| Error::Internal)?;
            Ok::<_, Error>((holds, number, position))
        });
        found.push(entry.transpose()?);
    }
    let by_number = (0..).zip(order).filter_map(|(number, at)| {
        let (holds, role, position) = (*found.get(*at)?)?;
        Some(ColumnEntry {
            number,
            holds,
            role,
            position,
        })
    });
    Ok((by_number.collect(), roles))
}

/// Seals written rows.
pub(crate) struct Sealer<'a> {
    sealing: &'a Sealing,
    format: OutputFormat,
    batch: Batch,
    ends: Ends,
    about: Vec<u8>,
    scratch: Vec<u8>,
}

impl Sealer<'_> {
    /// Puts a seal behind each row; nothing if the rows are not what was counted.
    fn seal(&mut self, part: &mut Part) -> Option<()> {
        let Self { batch, ends, .. } = self;
        let written = batch.swap_written(&mut part.rows, self.format.delimiter, ends);
        part.rows.clear();
        if !written {
            return None;
        }
        part.rows.reserve(batch.bytes().len());
        let mut row_ends = Vec::with_capacity(part.records.len());
        let mut records = part.records.iter();
        for row in batch.rows(ends) {
            let says = Sealed {
                number: *records.next()?,
                rows: None,
            };
            if row.width() != self.sealing.order.len() {
                return None;
            }
            let index = index(&row)?;
            let order = &self.sealing.order;
            prove(order, (batch, &row), &mut self.scratch, &mut self.about)?;
            let written = batch.bytes().get(row.field_start(0)..row.end())?;
            part.rows.extend_from_slice(written);
            part.rows.push(self.format.delimiter);
            (self.sealing.seals).seal(index, says, &self.about, &mut part.rows)?;
            part.rows.extend_from_slice(self.format.line_end());
            row_ends.push(part.rows.len());
        }
        if records.next().is_some() {
            return None;
        }
        part.row_ends = row_ends;
        Some(())
    }

    /// The sealed row, and that it is the last of so many.
    fn close(&mut self, row: &[u8], rows: u64) -> Option<Vec<u8>> {
        let Self { batch, ends, .. } = self;
        if !batch.take_written(row, self.format.delimiter, ends) {
            return None;
        }
        let read = batch.rows(ends).next()?;
        let index = index(&read)?;
        let order = &self.sealing.order;
        prove(order, (batch, &read), &mut self.scratch, &mut self.about)?;
        let at = self.sealing.order.len();
        let before = (self.sealing.seals).open(read.field(at)?, index, &self.about)?;
        let says = Sealed {
            rows: Some(rows),
            ..before
        };
        let mut closed = row.get(..read.field_start(at))?.to_vec();
        (self.sealing.seals).seal(index, says, &self.about, &mut closed)?;
        closed.extend_from_slice(self.format.line_end());
        Some(closed)
    }
}

/// The index of a row, which is its first cell.
fn index(row: &Row<'_>) -> Option<u64> {
    std::str::from_utf8(row.field(0)?).ok()?.parse().ok()
}

/// A worker whose rows leave sealed, if they do.
pub(super) struct SealedRows<'a, W> {
    inner: W,
    sealer: Option<Sealer<'a>>,
}

/// The same workers, whose rows leave sealed, in this format, if they are to.
pub(super) fn sealed<'a, 'w, W>(
    workers: &'w mut [W],
    sealing: Option<&'a Sealing>,
    format: OutputFormat,
) -> Vec<SealedRows<'a, &'w mut W>> {
    let workers = workers.iter_mut();
    workers
        .map(|inner| SealedRows {
            inner,
            sealer: sealing.map(|sealing| sealing.sealer(format)),
        })
        .collect()
}

impl<W: Worker<Part = Part, Error = Refusal>> Worker for SealedRows<'_, W> {
    type Part = Part;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.inner.process(batch)?;
        let Some(sealer) = &mut self.sealer else {
            return Ok(());
        };
        let sealed = sealer.seal(self.inner.part());
        sealed.ok_or_else(|| batch.refuse(Malformed::Changed, 0, &[]))
    }

    fn part(&mut self) -> &mut Part {
        self.inner.part()
    }

    fn compact(&mut self) {
        self.inner.compact();
    }
}

/// Holds the last row back until it is known for the last.
pub(crate) struct Closing<'a> {
    sealer: Sealer<'a>,
    held: Vec<u8>,
    rows: u64,
}

impl<'a> Closing<'a> {
    /// No row was seen yet.
    pub(crate) fn new(sealer: Sealer<'a>) -> Self {
        Self {
            sealer,
            held: Vec::new(),
            rows: 0,
        }
    }

    /// Takes sealed rows: gives the one that was held back, which leaves before those that stay in the part.
    pub(crate) fn take(&mut self, part: &mut Part) -> Result<Vec<u8>, Error> {
        let Some((_, before)) = part.row_ends.split_last() else {
            return Ok(Vec::new());
        };
        self.rows += part.row_ends.len() as u64;
        let start = before.last().copied().unwrap_or(0);
        let last = part.rows.get(start..).ok_or(Error::Internal)?.to_vec();
        part.rows.truncate(start);
        Ok(std::mem::replace(&mut self.held, last))
    }

    /// The last row.
    pub(crate) fn last(mut self) -> Result<Vec<u8>, Error> {
        if self.held.is_empty() {
            return Ok(Vec::new());
        }
        let closed = self.sealer.close(&self.held, self.rows);
        closed.ok_or(Error::Internal)
    }
}
