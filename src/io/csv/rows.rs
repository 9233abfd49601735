//! The rows of a batch, and their fields as they stand in the file.

use super::unpack::Unpacked;

/// The rows of a batch, in order.
#[derive(Debug)]
pub struct Rows<'a> {
    bytes: &'a [u8],
    fields: &'a [u32],
    records: std::slice::Iter<'a, u32>,
    number: u64,
    taken: usize,
    behind: usize,
    /// How many empty fields are left out at the end of a row that has them.
    trailing: usize,
}

/// One row: its number and its fields, quotes and all.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The number of the record, from 1.
    pub number: u64,
    bytes: &'a [u8],
    pub(super) start: usize,
    pub(super) ends: &'a [u32],
    /// The position of its first end among those of the batch.
    first: usize,
}

/// The fields of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    bytes: &'a [u8],
    ends: &'a [u32],
}

/// Where a row is among the fields of its batch. All places in a batch are of 32 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowPlace {
    /// The number of the record, from 1.
    pub(crate) number: u64,
    /// Where it begins in the batch.
    pub(crate) start: u32,
    /// The position of its first end among those of the batch.
    pub(crate) first: u32,
}

impl<'a> Fields<'a> {
    /// Where each field ends in the batch.
    #[inline(always)]
    pub(crate) fn ends(&self) -> &'a [u32] {
        self.ends
    }

    /// The row of `width` fields at a place.
    #[inline]
    pub(crate) fn row(&self, place: RowPlace, width: usize) -> Row<'a> {
        let first = place.first as usize;
        let ends = self.ends.get(first..first.saturating_add(width));
        Row {
            number: place.number,
            bytes: self.bytes,
            start: place.start as usize,
            ends: ends.unwrap_or_default(),
            first,
        }
    }
}

impl<'a> Rows<'a> {
    /// The rows of `bytes`, of which the first has this number, without the `trailing` empty
    /// fields that each is to end with.
    pub(super) fn new(bytes: &'a [u8], ends: &'a Unpacked, number: u64, trailing: usize) -> Self {
        Self {
            bytes,
            fields: ends.fields(),
            records: ends.records().iter(),
            number,
            taken: 0,
            behind: 0,
            trailing,
        }
    }

    /// The fields of all rows.
    pub(crate) fn fields(&self) -> Fields<'a> {
        Fields {
            bytes: self.bytes,
            ends: self.fields,
        }
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Row<'a>> {
        let until = *self.records.next()? as usize;
        let mut ends = self.fields.get(self.taken..until)?;
        let first = std::mem::replace(&mut self.taken, until);
        let mut start = self.behind;
        // What the last record left of its line end, and blank lines.
        while matches!(self.bytes.get(start), Some(b'\n' | b'\r')) {
            start += 1;
        }
        self.behind = ends.last().map_or(start, |&end| end as usize) + 1;
        if self.trailing > 0 {
            ends = without_trailing(ends, self.trailing);
        }
        let row = Row {
            number: self.number,
            bytes: self.bytes,
            start,
            ends,
            first,
        };
        self.number += 1;
        Some(row)
    }
}

/// The ends of a row's fields without the last `count`, if those are empty.
#[cold]
fn without_trailing(ends: &[u32], count: usize) -> &[u32] {
    let kept = ends.len().saturating_sub(count);
    let last = |at: usize| at.checked_sub(1).and_then(|at| ends.get(at)).copied();
    match (last(kept), last(ends.len())) {
        (Some(before), Some(end)) if (end - before) as usize == count => {
            ends.get(..kept).unwrap_or(ends)
        }
        _ => ends,
    }
}

impl<'a> Row<'a> {
    /// Where it is among the fields of the batch.
    #[inline(always)]
    pub(crate) fn place(&self) -> RowPlace {
        RowPlace {
            number: self.number,
            start: self.start as u32,
            first: self.first as u32,
        }
    }

    /// How many fields it has.
    #[inline(always)]
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// The field at `position` (from 0), as it stands in the file.
    #[inline(always)]
    pub fn field(&self, position: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(position)? as usize;
        self.bytes.get(self.field_start(position)..end)
    }

    /// Where the field at `position` begins and ends in the batch.
    #[inline(always)]
    pub(crate) fn bounds(&self, position: usize) -> (usize, usize) {
        let ends = self.ends.get(position.wrapping_sub(1)..);
        match ends.and_then(|ends| ends.first_chunk()) {
            Some(&[before, end]) => (before as usize + 1, end as usize),
            None => {
                let start = self.field_start(position);
                // All places in a batch are of 32 bits; so it is known here, too.
                (
                    start as u32 as usize,
                    self.field_end(position).unwrap_or(start),
                )
            }
        }
    }

    /// Where the field at `position` begins in the batch, and the field.
    #[inline(always)]
    pub(super) fn span(&self, position: usize) -> (usize, &'a [u8]) {
        let (start, end) = self.bounds(position);
        match self.bytes.get(start..end) {
            Some(field) => (start, field),
            None => (start, nothing()),
        }
    }

    /// Where the field at `position` ends in the batch.
    #[inline(always)]
    pub fn field_end(&self, position: usize) -> Option<usize> {
        self.ends.get(position).map(|&end| end as usize)
    }

    /// Where the field at `position` begins in the batch.
    #[inline(always)]
    pub fn field_start(&self, position: usize) -> usize {
        match position
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
        {
            Some(&end) => end as usize + 1,
            None => self.start,
        }
    }

    /// The fields from `first` to `last`: where the first begins in the batch, and where each ends;
    /// nothing if the row is shorter.
    #[inline(always)]
    pub(crate) fn run(&self, first: usize, last: usize) -> Option<(usize, &'a [u32])> {
        let ends = self.ends.get(..last.wrapping_add(1))?;
        match first.checked_sub(1) {
            Some(before) => match ends.get(before..)? {
                [before, ends @ ..] => Some((*before as usize + 1, ends)),
                [] => None,
            },
            None => Some((self.start, ends)),
        }
    }

    /// Where its last field ends in the batch.
    #[inline(always)]
    pub fn end(&self) -> usize {
        self.ends.last().map_or(self.start, |&end| end as usize)
    }
}

/// A field that is not there. Apart, so that nothing is chosen for those that are.
#[cold]
#[inline(never)]
fn nothing<'a>() -> &'a [u8] {
    &[]
}
