//! Looking through the kept cells of every row, and comparing them with what does not leave of it.
//!
//! Most rows are done with after a look at each kept cell's value in memory and at the first bytes
//! of the words of what does not leave; only if that leaves a doubt, the row is read word by word.

use super::compare::{Compare, Match, hit};
use super::found::Found;
use super::lines::Lines;
use super::ordinary::Ordinary;
use super::probe::{Guess, Vocabulary};
use super::values::{Content, Seen, Values};
use super::verdict::Verdict;
use super::words::{Word, words};
use super::{Kept, Scope, Source};
use crate::detector::{Masker, detect};
use crate::reader::{Batch, Row};
use crate::table::Missing;

/// Looks through the rows that one worker writes.
#[derive(Debug)]
pub struct Checker<'a> {
    pub(super) scope: &'a Scope,
    missing: &'a Missing,
    /// What is to be masked, if that is known already.
    pub(super) verdict: Option<&'a Verdict>,
    pub(super) columns: Vec<Column>,
    vocabulary: Vocabulary,
    pub(super) ordinary: Ordinary,
    pub(super) compare: Compare,
    pub(super) matches: Vec<Match>,
    pub(super) cell: Vec<Word>,
    pub(super) masker: Masker,
    pub(super) scratch: Vec<u8>,
    lines: Lines,
}

/// A kept column, as a worker sees it.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) values: Values,
    pub(super) found: Found,
}

/// What is to be done about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// It has an identifier that proves itself.
    pub certain: bool,
    /// Something in it is to be masked.
    pub mask: bool,
}

impl<'a> Checker<'a> {
    /// A checker that counts; with a `verdict` one that says what is to be masked, and counts what
    /// is left.
    pub fn new(scope: &'a Scope, missing: &'a Missing, verdict: Option<&'a Verdict>) -> Self {
        let columns = scope.kept.iter().map(|_| Column {
            values: Values::default(),
            found: Found::new(scope.sources.len()),
        });
        Self {
            scope,
            missing,
            verdict,
            columns: columns.collect(),
            vocabulary: Vocabulary::default(),
            ordinary: Ordinary::default(),
            compare: Compare::default(),
            matches: Vec::new(),
            cell: Vec::new(),
            masker: Masker::default(),
            scratch: Vec::new(),
            lines: Lines::default(),
        }
    }

    /// Whether it masks.
    #[inline(always)]
    pub(crate) fn masks(&self) -> bool {
        self.verdict.is_some()
    }

    /// Looks at a row that leaves. `decode` says that what is not ASCII is in another encoding.
    #[inline(always)]
    pub(crate) fn row(&mut self, row: &Row<'_>, batch: &Batch, decode: bool) -> Outcome {
        self.look::<false>(row, batch, decode)
    }

    /// Looks at a row of which some kept cells leave empty.
    #[inline(never)]
    pub(crate) fn blanked_row(&mut self, row: &Row<'_>, batch: &Batch, decode: bool) -> Outcome {
        self.look::<true>(row, batch, decode)
    }

    #[inline(always)]
    fn look<const BLANKED: bool>(&mut self, row: &Row<'_>, batch: &Batch, decode: bool) -> Outcome {
        let buffer = batch.buffer();
        let (mut look, mut compare) = (false, false);
        for (number, kept) in self.scope.kept.iter().enumerate() {
            if BLANKED && kept.blanks {
                continue;
            }
            let at = row.field_start(kept.column);
            let end = row.field_end(kept.column).unwrap_or(at);
            let Some(column) = self.columns.get_mut(number) else {
                continue;
            };
            match column.values.see(buffer, at, end) {
                Seen::Clean => {}
                Seen::Compare => compare = true,
                // Such a row is rare enough to be compared, too.
                Seen::Look => (look, compare) = (true, true),
                Seen::Tiny => self.tiny(number, kept, row),
                Seen::Unknown => {
                    let learnt = self.learn(number, kept, row, batch);
                    (look, compare) = (look | learnt.0, compare | learnt.1);
                }
            }
        }
        if !compare && !look {
            return Outcome::default();
        }
        let doubt = compare && self.doubts(row, batch, decode);
        if !look && !doubt {
            return Outcome::default();
        }
        self.read(row, batch, doubt, BLANKED)
    }

    /// Counts a cell of less than four bytes that has no place yet.
    #[inline(never)]
    fn tiny(&mut self, number: usize, kept: &Kept, row: &Row<'_>) {
        let Some(Column { values, found }) = self.columns.get_mut(number) else {
            return;
        };
        let raw = row.field(kept.column).unwrap_or_default();
        if let Some((before, times)) = values.take_place(raw) {
            found.count_tiny(before, times, self.missing);
        }
    }

    /// Begins a batch.
    pub(crate) fn begin(&mut self, batch: &Batch) {
        for column in &mut self.columns {
            column.values.begin(batch.sequence);
        }
    }

    /// Whether a kept cell may have a word of what does not leave of the row.
    #[inline(always)]
    fn doubts(&mut self, row: &Row<'_>, batch: &Batch, decode: bool) -> bool {
        let buffer = batch.buffer();
        let mut doubt = false;
        for source in &self.scope.sources {
            let mut at = row.field_start(source.column);
            let mut end = row.field_end(source.column).unwrap_or(at);
            if buffer.get(at) == Some(&b'"') {
                (at, end) = (at + 1, end.saturating_sub(1));
            }
            let guess = match source.names && end.saturating_sub(at) <= NAME {
                true => self.vocabulary.may_hold_name(buffer, at, end),
                false => self.vocabulary.may_hold_phrase(buffer, at, end),
            };
            match guess {
                Guess::No => {}
                Guess::Yes => doubt = true,
                Guess::Foreign => doubt |= self.may_hold(source, row, batch, decode),
            }
        }
        doubt
    }

    /// Reads a value that is not known; tells whether its cells need a look, and whether it is to be
    /// compared.
    #[inline(never)]
    fn learn(&mut self, number: usize, kept: &Kept, row: &Row<'_>, batch: &Batch) -> (bool, bool) {
        let Some(Column { values, found }) = self.columns.get_mut(number) else {
            return (false, false);
        };
        let raw = row.field(kept.column).unwrap_or_default();
        let masked = self.verdict.map(|verdict| verdict.detectors(number));
        let read = |content: &mut Content| {
            let text = batch.content(raw, &mut self.scratch);
            content.missing = self.missing.is(text);
            content.found.clear();
            content.words.clear();
            if !content.missing {
                detect(text, kept.detectors, &mut content.found);
                if kept.same_row {
                    words(text, &mut content.words);
                    self.vocabulary.add(&content.words);
                }
            }
            content.look = content.found.iter().any(|finding| {
                finding.hit && masked.is_none_or(|masked| masked.has(finding.detector.into()))
            });
        };
        let masks = masked.is_some();
        let count = |content: &Content, times| found.count(content, times, masks);
        let look = values.learn(raw, read, count).look;
        (look, values.compares(raw))
    }

    /// Whether a kept cell may hold a part of a cell that is not ASCII.
    #[inline(never)]
    fn may_hold(&mut self, source: &Source, row: &Row<'_>, batch: &Batch, decode: bool) -> bool {
        let field = row.field(source.column).unwrap_or_default();
        match decode {
            true => {
                let text = batch.content(field, &mut self.scratch);
                self.vocabulary.may_hold_words(text)
            }
            false => self.vocabulary.may_hold_words(field),
        }
    }

    /// Reads a row of which something is to be said. `doubt` tells that a kept cell may have a word
    /// of what does not leave.
    #[inline(never)]
    fn read(&mut self, row: &Row<'_>, batch: &Batch, doubt: bool, blanked: bool) -> Outcome {
        let mut outcome = Outcome::default();
        if doubt {
            self.compare.prepare(row, batch, self.scope);
        }
        for (number, kept) in self.scope.kept.iter().enumerate() {
            if blanked && kept.blanks {
                continue;
            }
            let raw = row.field(kept.column).unwrap_or_default();
            let Some(Column { values, found }) = self.columns.get_mut(number) else {
                continue;
            };
            let Some(content) = values.content(raw) else {
                continue;
            };
            let at = row.field_start(kept.column);
            let line = || self.lines.line(batch, at);
            let lines = std::cell::LazyCell::new(line);
            if content.look {
                outcome.mask = true;
                outcome.certain |= content.found.iter().any(|finding| finding.is_certain());
                if self.verdict.is_none() {
                    found.place(&content.found, row.number, || *lines);
                }
            }
            if doubt && !content.words.is_empty() {
                self.compare.matches(&content.words, &mut self.matches);
                let Some(hit) = hit(&content.words, &self.matches, &self.ordinary) else {
                    continue;
                };
                values.again(raw);
                match self.verdict {
                    None => found.same_row(hit, row.number, || *lines),
                    Some(verdict) => outcome.mask |= verdict.leaks(number, hit.feature),
                }
            }
        }
        outcome
    }

    /// What was found in each kept column.
    pub(super) fn into_found(self) -> Vec<Found> {
        let (masks, missing) = (self.verdict.is_some(), self.missing);
        let columns = self.columns.into_iter();
        columns
            .map(
                |Column {
                     mut values,
                     mut found,
                 }| {
                    values.flush(|content, times| found.count(content, times, masks));
                    for (value, times) in values.tiny() {
                        found.count_tiny(value, times, missing);
                    }
                    if !missing.is(b"") {
                        found.tally.add(&[], values.empty);
                    }
                    found
                },
            )
            .collect()
    }
}

/// The longest cell that may be a name, in bytes.
const NAME: usize = 64;
