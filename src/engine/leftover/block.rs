//! Rows of a batch that are looked through together, and the cells of one of their columns.
//!
//! The ends of fields are one list for all rows, so that a column's cells are a row apart in it.

use crate::io::csv::{Batch, Fields, Row, RowPlace};

/// How many rows are looked through at a time, at most.
pub(crate) const BLOCK: usize = 64;

/// Rows of a batch that leave, in order: [`BLOCK`] at most.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    /// Where they are.
    pub(crate) places: &'a [RowPlace],
    /// How many fields each has.
    pub(crate) width: usize,
    /// A bit for each: some of its kept cells left empty.
    pub(crate) blanked: u64,
    /// The fields of all rows of the batch.
    pub(crate) fields: Fields<'a>,
    /// The batch.
    pub(crate) batch: &'a Batch,
}

/// The cells of a column: each has its end, and in front of it the end of the one before. The next
/// one's are `width` further.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    ends: &'a [u32],
    width: usize,
}

impl<'a> Cells<'a> {
    pub(super) fn new(ends: &'a [u32], width: usize) -> Self {
        Self { ends, width }
    }

    /// The first cell, as the place of the byte before it and its end, and the others.
    #[inline(always)]
    pub(super) fn split_first(self) -> Option<([u32; 2], Self)> {
        let (row, ends) = self.ends.split_at_checked(self.width)?;
        let [before, end, ..] = row else {
            return None;
        };
        Some(([*before, *end], Self { ends, ..self }))
    }

    /// Those from the first on that is not `known`.
    #[inline(always)]
    pub(super) fn behind_known(mut self, mut known: impl FnMut([u32; 2]) -> bool) -> Self {
        while let Some((row, others)) = self.ends.split_at_checked(self.width)
            && let [before, end, ..] = row
            && known([*before, *end])
        {
            self.ends = others;
        }
        self
    }

    pub(super) fn is_empty(self) -> bool {
        self.ends.is_empty()
    }

    /// How many are in front of the last of them, which are `left`.
    #[inline(always)]
    pub(super) fn before(self, left: Self) -> usize {
        let ends = self.ends.len().wrapping_sub(left.ends.len());
        ends.checked_div(self.width).unwrap_or_default()
    }
}

/// The bounds of what is no cell: nothing ends before it begins.
const NONE: [u32; 2] = [1, 0];

impl<'a> Block<'a> {
    /// One of its rows.
    #[inline]
    pub(super) fn row(&self, at: usize) -> Option<Row<'a>> {
        let place = self.places.get(at)?;
        Some(self.fields.row(*place, self.width))
    }

    /// Its rows from one on.
    pub(super) fn rows_from(self, at: usize) -> impl Iterator<Item = (usize, Row<'a>)> {
        (at..self.places.len()).filter_map(move |at| Some((at, self.row(at)?)))
    }

    /// Whether its rows are all that there are from the first to the last.
    #[inline(always)]
    pub(super) fn is_whole(&self) -> bool {
        match self.places {
            [first, .., last] => {
                let fields = last.first.wrapping_sub(first.first) as usize;
                fields == (self.places.len() - 1).wrapping_mul(self.width)
            }
            _ => true,
        }
    }

    /// The ends from the one before a column's first cell on, a row's width for each row that is all
    /// there are; the last one's may be shorter.
    ///
    /// Before a cell of the first column stands the end of another row. Where more than one byte is
    /// between (CRLF, a blank line), the cell seems to begin with a line break. No value does, so it is
    /// not known by its bytes, and is read where it stands. Nothing if the last row shows that it
    /// is so in most rows, and at the beginning of the batch.
    #[inline(always)]
    pub(super) fn ends(&self, position: usize) -> Option<&'a [u32]> {
        let (first, last) = (self.places.first()?, self.places.last()?);
        let from = (first.first as usize + position).checked_sub(1)?;
        let ends = self.fields.ends();
        if position == 0 {
            let before = ends.get((last.first as usize).checked_sub(1)?)?;
            (before.wrapping_add(1) == last.start).then_some(())?;
        }
        let ends = ends.get(from..)?;
        let all = self.places.len().wrapping_mul(self.width);
        Some(ends.get(..all).unwrap_or(ends))
    }

    /// The same in any rows, as pairs; [`NONE`] for those to `skip`.
    #[inline(never)]
    pub(super) fn pairs(&self, position: usize, skip: u64) -> [[u32; 2]; BLOCK] {
        let mut pairs = [NONE; BLOCK];
        let ends = self.fields.ends();
        let rows = pairs.iter_mut().zip(self.places);
        match position.checked_sub(1) {
            None => rows.for_each(|(pair, place)| {
                if let Some(end) = ends.get(place.first as usize) {
                    *pair = [place.start.wrapping_sub(1), *end];
                }
            }),
            Some(before) => rows.for_each(|(pair, place)| {
                let ends = ends.get((place.first as usize).wrapping_add(before)..);
                if let Some(ends) = ends.and_then(|ends| ends.first_chunk()) {
                    *pair = *ends;
                }
            }),
        }
        let mut skip = skip;
        while let Some(pair) = pairs.get_mut(skip.trailing_zeros() as usize) {
            *pair = NONE;
            skip &= skip.wrapping_sub(1);
        }
        pairs
    }
}
