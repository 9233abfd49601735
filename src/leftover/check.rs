//! Looking through the kept cells of rows, and comparing them with what does not leave of them.
//!
//! Rows come in blocks. Nearly all cells of a kept column are known and only counted; only where
//! one is to be compared, the first bytes of what does not leave of its row are looked at; and only
//! if that leaves a doubt, the row is read word by word.

use super::compare::{Compare, Match, Near, hit};
use super::content::{Content, Initials, TELLING};
use super::doubt::{Named, Reading, named};
use super::found::Found;
use super::lines::Lines;
use super::ordinary::Ordinary;
use super::places::{Counted, Needs};
use super::values::Values;
use super::verdict::Verdict;
use super::words::Word;
use super::{Kept, Scope};
use crate::detector::{Detectors, Masker};
use crate::reader::{Batch, Row};
use crate::simd;
use crate::table::Missing;

/// How many rows are looked through at a time, at most.
pub(crate) const BLOCK: usize = 64;

/// Looks through the rows that one worker writes.
#[derive(Debug)]
pub struct Checker<'a> {
    pub(super) scope: &'a Scope,
    /// What is to be masked, if that is known already.
    pub(super) verdict: Option<&'a Verdict>,
    pub(super) columns: Vec<Column>,
    pub(super) named: Vec<Named>,
    pub(super) reading: Reading<'a>,
    pub(super) ordinary: Ordinary,
    pub(super) compare: Compare,
    pub(super) matches: Vec<Match>,
    pub(super) cell: Vec<Word>,
    pub(super) masker: Masker,
    pub(super) scratch: Vec<u8>,
    lines: Lines,
    forgotten: Content,
}

/// A kept column, as a worker sees it.
#[derive(Debug)]
pub(super) struct Column {
    kept: Kept,
    /// What is to be masked in it, if that is known already.
    masked: Option<Detectors>,
    values: Values,
    pub(super) found: Found,
}

/// What is to be done about rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// So many have an identifier that proves itself.
    pub certain: u64,
    /// Something in one of them is to be masked.
    pub mask: bool,
}

/// What the rows of a block need: a bit for each, and the initials that matter beside names.
#[derive(Debug)]
struct Noted {
    look: u64,
    compare: u64,
    initials: [Initials; BLOCK],
}

/// Rows of a batch.
#[derive(Clone, Copy)]
struct Block<'a> {
    rows: &'a [Row<'a>],
    /// A bit for each: some of its kept cells left empty.
    blanked: u64,
    batch: &'a Batch,
}

impl<'a> Checker<'a> {
    /// A checker that counts; with a `verdict` one that says what is to be masked, and counts what
    /// is left.
    pub fn new(scope: &'a Scope, missing: &'a Missing, verdict: Option<&'a Verdict>) -> Self {
        let columns = scope.kept.iter().enumerate().map(|(number, kept)| Column {
            kept: kept.clone(),
            masked: verdict.map(|verdict| verdict.detectors(number)),
            values: Values::default(),
            found: Found::new(scope.sources.len()),
        });
        Self {
            scope,
            verdict,
            columns: columns.collect(),
            named: named(&scope.sources),
            reading: Reading::new(missing),
            ordinary: Ordinary::default(),
            compare: Compare::default(),
            matches: Vec::new(),
            cell: Vec::new(),
            masker: Masker::default(),
            scratch: Vec::new(),
            lines: Lines::default(),
            forgotten: Content::default(),
        }
    }

    /// Whether it masks; then it takes one row at a time.
    pub(crate) fn masks(&self) -> bool {
        self.verdict.is_some()
    }

    /// Begins a batch.
    pub(crate) fn begin(&mut self) {
        let missing = self.reading.missing;
        for Column {
            masked,
            values,
            found,
            ..
        } in &mut self.columns
        {
            values.begin(|same, times| found.count(same, times, missing, masked.is_some()));
        }
    }

    /// Looks at rows that leave, [`BLOCK`] of a batch at most; a bit for each tells whether some of
    /// its kept cells left empty. `decode` says that what is not ASCII
    /// is in another encoding.
    #[inline(always)]
    pub(crate) fn rows(
        &mut self,
        (rows, blanked): (&[Row<'_>], u64),
        batch: &Batch,
        decode: bool,
        compare: impl simd::Compare,
    ) -> Outcome {
        let block = Block {
            rows,
            blanked,
            batch,
        };
        let mut noted = Noted {
            look: 0,
            compare: 0,
            initials: [Initials::default(); BLOCK],
        };
        for column in &mut self.columns {
            let blanked = blanked != 0 && column.kept.blanks;
            match (column.values.is_tiny(), blanked) {
                (_, true) => column.pass::<false, true>(block, &mut self.reading, &mut noted),
                (true, _) => column.pass::<true, false>(block, &mut self.reading, &mut noted),
                (false, _) => column.pass::<false, false>(block, &mut self.reading, &mut noted),
            }
        }
        let mut outcome = Outcome::default();
        while noted.compare != 0 {
            let at = noted.compare.trailing_zeros() as usize;
            noted.compare &= noted.compare - 1;
            let Some(row) = rows.get(at) else {
                continue;
            };
            let look = noted.look >> at & 1 != 0;
            let initials = noted.initials.get(at).copied().unwrap_or(Initials::ALL);
            let doubt = self.doubts_names(row, batch, decode, compare)
                || !initials.is_empty() && self.doubts_phrases(row, batch, initials, decode);
            if look || doubt {
                let mut others = self.read(block, at, (look, doubt), &mut outcome);
                noted.compare |= others;
                while let Some(initials) = noted.initials.get_mut(others.trailing_zeros() as usize)
                {
                    *initials = Initials::ALL;
                    others &= others - 1;
                }
            }
        }
        outcome
    }

    /// Reads the row at `at` of which something is to be said: `look` tells that it is of what was
    /// found in a kept cell, `doubt` that such a cell may have a word of what does not leave. Gives
    /// the rows behind it that have a cell in which something was found in common: they are to be
    /// compared, too.
    #[inline(never)]
    fn read(
        &mut self,
        Block {
            rows,
            blanked,
            batch,
        }: Block<'_>,
        at: usize,
        (look, doubt): (bool, bool),
        outcome: &mut Outcome,
    ) -> u64 {
        let Some(row) = rows.get(at) else {
            return 0;
        };
        let (mut certain, mut others) = (false, 0);
        let doubt = doubt && {
            let near = near(&self.columns, row);
            self.compare.prepare(row, batch, self.scope, &near)
        };
        if !(look || doubt) {
            return 0;
        }
        for (number, column) in self.columns.iter_mut().enumerate() {
            let raw = row.field(column.kept.column).unwrap_or_default();
            let left_empty = column.kept.blanks && blanked >> at & 1 != 0;
            if raw.len() < TELLING || left_empty {
                continue;
            }
            let content = match column.values.content(raw) {
                Some(content) => content,
                None => {
                    let (kept, masked) = (&column.kept, column.masked);
                    self.reading
                        .read(kept, masked, raw, batch, &mut self.forgotten);
                    &self.forgotten
                }
            };
            let start = row.bounds(column.kept.column).0;
            let line = || self.lines.line(batch, start);
            let lines = std::cell::LazyCell::new(line);
            if content.look {
                outcome.mask = true;
                certain |= content.found.iter().any(|finding| finding.is_certain());
                if self.verdict.is_none() {
                    column.found.place(&content.found, row.number, || *lines);
                }
            }
            if doubt && !content.words.is_empty() {
                self.compare.matches(&content.words, &mut self.matches);
                let Some(hit) = hit(&content.words, &self.matches, &self.ordinary) else {
                    continue;
                };
                column.values.again(raw);
                let same = rows.iter().enumerate().skip(at + 1);
                let same = same.filter(|(_, other)| other.field(column.kept.column) == Some(raw));
                others |= same.fold(0, |others, (at, _)| others | 1 << at);
                match self.verdict {
                    None => column.found.same_row(hit, row.number, || *lines),
                    Some(verdict) => outcome.mask |= verdict.leaks(number, hit),
                }
            }
        }
        outcome.certain += u64::from(certain);
        others
    }

    /// What was found in each kept column.
    pub(super) fn into_found(self) -> Vec<Found> {
        let missing = self.reading.missing;
        let found = self.columns.into_iter().map(|column| {
            let Column {
                masked,
                mut values,
                mut found,
                ..
            } = column;
            values.flush(|same, times| found.count(same, times, missing, masked.is_some()));
            found
        });
        found.collect()
    }
}

/// The words of a row's kept cells.
fn near(columns: &[Column], row: &Row<'_>) -> Near {
    let mut near = Near::default();
    for column in columns {
        let raw = row.field(column.kept.column).unwrap_or_default();
        if raw.len() < TELLING {
            continue;
        }
        let Some(content) = column.values.content(raw) else {
            return Near::ALL;
        };
        content.words.iter().for_each(|word| near.add(word.key));
    }
    near
}

impl Column {
    /// Counts the column's cells in a block, and notes what else they need. `TINY` says that they
    /// probably have less than four bytes, `BLANKED` that some of them left empty.
    #[inline(always)]
    fn pass<const TINY: bool, const BLANKED: bool>(
        &mut self,
        Block {
            rows,
            blanked,
            batch,
        }: Block<'_>,
        reading: &mut Reading<'_>,
        noted: &mut Noted,
    ) {
        let buffer = batch.buffer();
        let position = self.kept.column;
        let mut left = rows;
        while let [row, rest @ ..] = left {
            if BLANKED && blanked >> (rows.len() - left.len()) & 1 != 0 {
                left = rest;
                continue;
            }
            let (start, end) = row.bounds(position);
            let counted = match TINY {
                true => self.values.count_tiny(buffer, start, end),
                false => self.values.count(buffer, start, end),
            };
            if counted != Counted::Done {
                let at = rows.len() - left.len();
                let bit = 1_u64.unbounded_shl(at as u32);
                let needs = match counted {
                    Counted::Compare { initials } => Needs {
                        look: false,
                        compare: true,
                        initials,
                    },
                    _ => self.see(row, batch, reading),
                };
                noted.look |= if needs.look { bit } else { 0 };
                noted.compare |= if needs.compare { bit } else { 0 };
                if let Some(initials) = noted.initials.get_mut(at) {
                    *initials = initials.and(needs.initials);
                }
            }
            left = rest;
        }
    }

    /// Counts a cell that needs more, or may do so.
    #[inline(never)]
    fn see(&mut self, row: &Row<'_>, batch: &Batch, reading: &mut Reading<'_>) -> Needs {
        let Self {
            kept,
            masked,
            values,
            found,
        } = self;
        let raw = row.field(kept.column).unwrap_or_default();
        let missing = reading.missing;
        values.see(
            raw,
            |content| reading.read(kept, *masked, raw, batch, content),
            |same, times| found.count(same, times, missing, masked.is_some()),
        )
    }
}
