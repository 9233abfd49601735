//! Masking: what was found in the kept cells of a written row is replaced by its kind.

use std::ops::Range;

use memchr::memchr;

use super::check::Checker;
use super::column::Column;
use super::compare::{Match, hit};
use super::near::{Candidates, Near};
use super::words::words;
use crate::detect::detect_disguised;
use crate::io::csv::{Batch, Row};
use crate::io::format::OutputFormat;
use crate::rules::formulas::{ESCAPE, is_formula};

impl Checker<'_> {
    /// Masks the row that begins at `start` of `rows` and ends with it, as written in `format` with
    /// so many cells before the first step's, formulas escaped if `escapes`; `blanked` says that some kept cells left empty. `marks` are ends of cells in it, which move along.
    #[inline(never)]
    pub(crate) fn mask(
        &mut self,
        (row, batch, blanked): (&Row<'_>, &Batch, bool),
        (format, escapes): (OutputFormat, bool),
        before: usize,
        (rows, start): (&mut Vec<u8>, usize),
        marks: &mut [usize],
    ) {
        let written = rows.split_off(start);
        let cells = cells(&written, format.delimiter);
        let all = (&Near::ALL, Candidates::ALL);
        self.compare.prepare((row, batch), self.scope, all);
        let (mut behind, mut moved) = (0, Vec::new());
        for number in 0..self.scope.kept.len() {
            let Some(kept) = self.scope.kept.get(number) else {
                continue;
            };
            if blanked && kept.blanks {
                continue;
            }
            let Some(cell) = cells.get(kept.step + before).cloned() else {
                continue;
            };
            let mut text = Vec::new();
            if !self.masked(
                number,
                row.field(kept.column).unwrap_or_default(),
                batch,
                &mut text,
            ) {
                continue;
            }
            rows.extend_from_slice(written.get(behind..cell.start).unwrap_or_default());
            let at = rows.len();
            if escapes && is_formula(&text) {
                rows.push(ESCAPE);
            }
            rows.extend_from_slice(&text);
            format.quote_from(at, rows);
            behind = cell.end;
            moved.push((start + cell.end, rows.len()));
        }
        rows.extend_from_slice(written.get(behind..).unwrap_or_default());
        for mark in marks {
            // What has moved last before the mark tells how far.
            let last = moved.iter().rev().find(|(end, _)| end <= mark);
            if let Some((from, to)) = last {
                *mark = *mark - from + to;
            }
        }
    }

    /// Writes the masked text of a cell; `false` if nothing in it is to be masked.
    fn masked(&mut self, number: usize, raw: &[u8], batch: &Batch, text: &mut Vec<u8>) -> bool {
        let (Some(kept), Some(verdict)) = (self.scope.kept.get(number), self.verdict) else {
            return false;
        };
        let wanted = verdict.detectors(number);
        let content = batch.content(raw, &mut self.scratch);
        let detected = self.masker.mask(content, wanted, text);
        if kept.same_row {
            let normal = self.normaliser.normalise(text);
            let is_disguised = normal.is_some();
            words(normal.unwrap_or(text), &mut self.cell);
            self.compare.matches(&self.cell, &mut self.matches);
            let hit = hit(&self.cell, &self.matches, &self.reading.ordinary);
            if hit.is_some_and(|hit| verdict.leaks(number, hit)) {
                let matches = ranges(&self.cell, &self.matches);
                let mut replaced = Vec::new();
                let mut behind = 0;
                for (range, source) in matches {
                    let range = match is_disguised {
                        true => self.normaliser.original(&range).unwrap_or(0..text.len()),
                        false => range,
                    };
                    let label = self
                        .scope
                        .sources
                        .get(source)
                        .map_or("", |source| &source.label);
                    replaced.extend_from_slice(text.get(behind..range.start).unwrap_or_default());
                    replaced.push(b'[');
                    replaced.extend_from_slice(label.as_bytes());
                    replaced.push(b']');
                    behind = range.end;
                }
                replaced.extend_from_slice(text.get(behind..).unwrap_or_default());
                text.clear();
                self.masker.mask(&replaced, wanted, text);
                self.count_masked(number, detected, text);
                return true;
            }
        }
        self.count_masked(number, detected, text);
        detected
    }

    /// Counts what is left in a cell that a detector's find was taken from.
    fn count_masked(&mut self, number: usize, detected: bool, text: &[u8]) {
        let kept = self.scope.kept.get(number);
        if let (true, Some(kept), Some(Column { found, .. })) =
            (detected, kept, self.columns.get_mut(number))
        {
            let mut left = Vec::new();
            detect_disguised(text, kept.detectors, &mut self.normaliser, &mut left);
            found.tally.add(&left, 1);
        }
    }
}

/// Which bytes are replaced and by which source, in order: words that touch become one.
fn ranges(words: &[super::words::Word], matches: &[Match]) -> Vec<(Range<usize>, usize)> {
    let source_of = |position: usize| {
        let covers = |found: &&Match| (found.from..found.until).contains(&position);
        matches
            .iter()
            .filter(covers)
            .map(|found| found.source)
            .min()
    };
    let mut ranges: Vec<(Range<usize>, usize)> = Vec::new();
    let mut last = None;
    for (position, word) in words.iter().enumerate() {
        let source = source_of(position);
        match (source, ranges.last_mut()) {
            (Some(source), Some((range, _))) if last == Some(source) => range.end = word.end,
            (Some(source), _) => ranges.push((word.start..word.end, source)),
            (None, _) => {}
        }
        last = source;
    }
    ranges
}

/// Where the cells of a written row are, quotes and all.
fn cells(row: &[u8], delimiter: u8) -> Vec<Range<usize>> {
    let (mut cells, mut at) = (Vec::new(), 0);
    loop {
        let start = at;
        if row.get(at) == Some(&b'"') {
            at += 1;
            while let Some(quote) = memchr(b'"', row.get(at..).unwrap_or_default()) {
                at += quote + 1;
                if row.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        let rest = row.get(at..).unwrap_or_default();
        match memchr(delimiter, rest) {
            Some(length) => {
                cells.push(start..at + length);
                at += length + 1;
            }
            None => {
                cells.push(start..row.len());
                return cells;
            }
        }
    }
}
