//! Looking through the kept cells of rows, and comparing them with what does not leave of them.
//!
//! Rows come in blocks. Nearly all cells of a kept column are known and only counted; only where
//! one is to be compared, the first bytes of what does not leave of its row are looked at; and only
//! if that leaves a doubt, the row is read word by word.

use super::Scope;
use super::block::Block;
use super::column::{Column, Noted};
use super::compare::{Compare, Match, hit};
use super::content::{Content, Initials, TELLING};
use super::doubt::{Named, named};
use super::found::Found;
use super::lines::Lines;
use super::near::{Near, NearRows};
use super::reading::Reading;
use super::verdict::Verdict;
use super::words::Word;
use crate::base::simd;
use crate::detect::{Masker, Normaliser};
use crate::io::csv::Row;
use crate::rules::table::Missing;

/// Looks through the rows that one worker writes.
#[derive(Debug)]
pub struct Checker<'a> {
    pub(super) scope: &'a Scope,
    /// What is to be masked, if that is known already.
    pub(super) verdict: Option<&'a Verdict>,
    pub(super) columns: Vec<Column>,
    near: NearRows,
    pub(super) named: Vec<Named>,
    pub(super) reading: Reading<'a>,
    pub(super) compare: Compare,
    pub(super) matches: Vec<Match>,
    pub(super) cell: Vec<Word>,
    pub(super) masker: Masker,
    pub(super) normaliser: Normaliser,
    pub(super) scratch: Vec<u8>,
    lines: Lines,
    forgotten: Content,
}

/// What is to be done about rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// So many have an identifier that proves itself.
    pub certain: u64,
    /// Something in one of them is to be masked.
    pub mask: bool,
}

impl<'a> Checker<'a> {
    /// A checker that counts; with a `verdict` one that says what is to be masked, and counts what
    /// is left.
    pub fn new(scope: &'a Scope, missing: &'a Missing, verdict: Option<&'a Verdict>) -> Self {
        let columns = scope.kept.iter().enumerate().map(|(number, kept)| {
            let masked = verdict.map(|verdict| verdict.detectors(number));
            Column::new(kept, masked, scope.sources.len())
        });
        Self {
            scope,
            verdict,
            columns: columns.collect(),
            near: NearRows::default(),
            named: named(&scope.sources),
            reading: Reading::new(missing),
            compare: Compare::default(),
            matches: Vec::new(),
            cell: Vec::new(),
            masker: Masker::default(),
            normaliser: Normaliser::default(),
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

    /// Looks at rows that leave. `decode` says that what is not ASCII is in another encoding.
    #[inline(always)]
    pub(crate) fn rows(
        &mut self,
        block: Block<'_>,
        decode: bool,
        compare: impl simd::Compare,
    ) -> Outcome {
        let batch = block.batch;
        let is_whole = block.is_whole();
        let mut noted = Noted::new();
        // Where nearly every word is known, the kept cells of the same row rule out more, and are asked first.
        let is_crowded = self.reading.vocabulary.is_crowded();
        self.near.begin(is_crowded);
        for column in &mut self.columns {
            let both = (&mut noted, &mut self.near);
            column.pass(block, is_whole, &mut self.reading, both);
        }
        let mut outcome = Outcome::default();
        while noted.compare != 0 {
            let at = noted.compare.trailing_zeros() as usize;
            noted.compare &= noted.compare - 1;
            let Some(row) = block.row(at) else {
                continue;
            };
            let look = noted.look >> at & 1 != 0;
            if is_crowded && !look && !self.may_meet(block, &row, at) {
                continue;
            }
            let initials = noted.initials.get(at).copied().unwrap_or(Initials::ALL);
            let reading = &mut self.reading;
            let names = (self.scope, self.named.as_slice());
            let doubt = reading.doubts_names(names, &row, batch, decode, compare)
                || !initials.is_empty()
                    && reading.doubts_phrases(self.scope, &row, batch, initials, decode);
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

    /// Whether what does not leave of the row at `at` may have something in common with the kept cells that
    /// are to be compared with it.
    #[inline(never)]
    fn may_meet(&self, block: Block<'_>, row: &Row<'_>, at: usize) -> bool {
        let near = near(&self.near, &self.columns, row, at);
        let candidates = near.candidates(&self.scope.sources, row, block.batch);
        !candidates.is_empty()
    }

    /// Reads the row at `at` of which something is to be said: `look` tells that it is of what was
    /// found in a kept cell, `doubt` that such a cell may have a word of what does not leave. Gives
    /// the rows behind it that have a cell in which something was found in common: they are to be
    /// compared, too.
    #[inline(never)]
    fn read(
        &mut self,
        block: Block<'_>,
        at: usize,
        (look, doubt): (bool, bool),
        outcome: &mut Outcome,
    ) -> u64 {
        let Some(row) = block.row(at) else {
            return 0;
        };
        let batch = block.batch;
        let (mut certain, mut others) = (false, 0);
        let doubt = doubt && {
            let near = near(&self.near, &self.columns, &row, at);
            let candidates = near.candidates(&self.scope.sources, &row, batch);
            let of_row = (&near, candidates);
            !candidates.is_empty() && self.compare.prepare((&row, batch), self.scope, of_row)
        };
        if !(look || doubt) {
            return 0;
        }
        for (number, column) in self.columns.iter_mut().enumerate() {
            let raw = row.field(column.kept.column).unwrap_or_default();
            let left_empty = column.kept.blanks && block.blanked >> at & 1 != 0;
            let told = doubt || column.looked >> at & 1 != 0;
            if raw.len() < TELLING || left_empty || !told {
                continue;
            }
            let content = match column.values.content((raw, at)) {
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
            if doubt && column.due >> at & 1 != 0 && !content.words.is_empty() {
                self.compare.matches(&content.words, &mut self.matches);
                let Some(hit) = hit(&content.words, &self.matches, &self.reading.ordinary) else {
                    continue;
                };
                column.values.again(raw);
                let same = block.rows_from(at + 1);
                let position = column.kept.column;
                let same = same.filter(|(_, other)| other.field(position) == Some(raw));
                let same = same.fold(0, |same, (at, _)| same | 1 << at);
                column.due |= same;
                others |= same;
                match self.verdict {
                    None => column.found.same_row(hit, row.number, || *lines),
                    Some(verdict) => outcome.mask |= verdict.leaks(number, hit),
                }
            }
        }
        outcome.certain += u64::from(certain);
        others
    }

    /// What all that `checkers` found comes to.
    pub fn verdict(scope: &Scope, checkers: impl IntoIterator<Item = Self>) -> Verdict {
        Verdict::new(scope, checkers.into_iter().map(Self::into_found))
    }

    /// What was found in each kept column.
    fn into_found(self) -> Vec<Found> {
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

/// The words of those kept cells of the row at `at` that are to be compared.
fn near(rows: &NearRows, columns: &[Column], row: &Row<'_>, at: usize) -> Near {
    let mut near = rows.of(at);
    for column in columns {
        column.add_near(row, at, &mut near);
    }
    near
}

#[cfg(test)]
mod tests;
