//! Looking through the kept cells of rows, and comparing them with what does not leave of them.
//!
//! Rows come in blocks. Nearly all cells of a kept column are known and only counted; only where
//! one is to be compared, the first bytes of what does not leave of its row are looked at; and only
//! if that leaves a doubt, the row is read word by word.

use super::compare::{Compare, Match, hit};
use super::content::{Content, Initials, TELLING};
use super::found::Found;
use super::lines::Lines;
use super::ordinary::Ordinary;
use super::places::{Counted, Needs};
use super::probe::Vocabulary;
use super::starts::{Guess, Span};
use super::values::Values;
use super::verdict::Verdict;
use super::words::{Word, words};
use super::{Kept, Scope, Source};
use crate::detector::{Detectors, Masker, detect};
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
    named: Vec<Named>,
    reading: Reading<'a>,
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

/// What it takes to read a value.
#[derive(Debug)]
struct Reading<'a> {
    missing: &'a Missing,
    vocabulary: Vocabulary,
    scratch: Vec<u8>,
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

/// Columns side by side that do not leave, from a first to a last one with names.
#[derive(Debug)]
struct Named {
    first: usize,
    last: usize,
    /// Those with names, by their places in [`Scope::sources`].
    sources: Vec<usize>,
}

/// Rows of a batch.
#[derive(Clone, Copy)]
struct Block<'a> {
    rows: &'a [Row<'a>],
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
            reading: Reading {
                missing,
                vocabulary: Vocabulary::default(),
                scratch: Vec::new(),
            },
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

    /// Looks at rows that leave, [`BLOCK`] of a batch at most. `decode` says that what is not ASCII
    /// is in another encoding.
    #[inline(always)]
    pub(crate) fn rows(
        &mut self,
        rows: &[Row<'_>],
        batch: &Batch,
        decode: bool,
        compare: impl simd::Compare,
    ) -> Outcome {
        let block = Block { rows, batch };
        let mut noted = Noted {
            look: 0,
            compare: 0,
            initials: [Initials::default(); BLOCK],
        };
        for column in &mut self.columns {
            match column.values.is_tiny() {
                true => column.pass::<true>(block, &mut self.reading, &mut noted),
                false => column.pass::<false>(block, &mut self.reading, &mut noted),
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
                let mut others = self.read(block, at, doubt, &mut outcome);
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

    /// Whether a kept cell may have a word of the row's names.
    #[inline(always)]
    fn doubts_names(
        &mut self,
        row: &Row<'_>,
        batch: &Batch,
        decode: bool,
        compare: impl simd::Compare,
    ) -> bool {
        let buffer = batch.buffer();
        let scope = self.scope;
        for Named {
            first,
            last,
            sources,
        } in &self.named
        {
            // Most are done with side by side.
            let span = Span {
                buffer,
                at: row.bounds(*first).0,
                end: row.bounds(*last).1,
            };
            let starts = &self.reading.vocabulary.starts;
            if span.end.saturating_sub(span.at) <= simd::BLOCK
                && starts.may_name(compare, span, false, decode) == Guess::No
            {
                continue;
            }
            let mut sources = sources
                .iter()
                .filter_map(|source| scope.sources.get(*source));
            if sources.any(|source| self.reading.may_name(source, row, batch, decode)) {
                return true;
            }
        }
        false
    }

    /// Whether a kept cell may hold what does not leave of the row, or a part of it.
    #[inline(never)]
    fn doubts_phrases(
        &mut self,
        row: &Row<'_>,
        batch: &Batch,
        initials: Initials,
        decode: bool,
    ) -> bool {
        let mut sources = self.scope.sources.iter();
        sources.any(|source| {
            let Span { buffer, at, end } = span(row, batch, source);
            let text = buffer.get(at..end).unwrap_or_default();
            let guess = self.reading.vocabulary.may_hold(text, initials, decode);
            self.reading.sure(guess, source, row, batch)
        })
    }

    /// Reads the row at `at` of which something is to be said. `doubt` tells that a kept cell may
    /// have a word of what does not leave. Gives the rows behind it that have a cell in which
    /// something was found in common: they are to be compared, too.
    #[inline(never)]
    fn read(
        &mut self,
        Block { rows, batch }: Block<'_>,
        at: usize,
        doubt: bool,
        outcome: &mut Outcome,
    ) -> u64 {
        let Some(row) = rows.get(at) else {
            return 0;
        };
        let (mut certain, mut others) = (false, 0);
        if doubt {
            self.compare.prepare(row, batch, self.scope);
        }
        for (number, column) in self.columns.iter_mut().enumerate() {
            let raw = row.field(column.kept.column).unwrap_or_default();
            if raw.len() < TELLING {
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
                    Some(verdict) => outcome.mask |= verdict.leaks(number, hit.feature),
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

/// Where the row's cell in a column that does not leave is, without quotes.
#[inline(always)]
fn span<'a>(row: &Row<'_>, batch: &'a Batch, source: &Source) -> Span<'a> {
    let buffer = batch.buffer();
    let (at, end) = row.bounds(source.column);
    match buffer.get(at) {
        Some(b'"') => Span {
            buffer,
            at: at + 1,
            end: end.saturating_sub(1),
        },
        _ => Span { buffer, at, end },
    }
}

/// The columns with names, those together that are side by side.
fn named(sources: &[Source]) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let (mut before, mut begun) = (None, false);
    for (place, source) in sources.iter().enumerate() {
        // Between columns that are apart, one leaves.
        begun &= before.is_some_and(|before: usize| before + 1 == source.column);
        before = Some(source.column);
        if !source.names {
            continue;
        }
        match named.last_mut() {
            Some(last) if begun => {
                last.last = source.column;
                last.sources.push(place);
            }
            _ => named.push(Named {
                first: source.column,
                last: source.column,
                sources: vec![place],
            }),
        }
        begun = true;
    }
    named
}

impl Column {
    /// Counts the column's cells in a block, and notes what else they need. `TINY` says that they
    /// probably have less than four bytes.
    #[inline(always)]
    fn pass<const TINY: bool>(
        &mut self,
        Block { rows, batch }: Block<'_>,
        reading: &mut Reading<'_>,
        noted: &mut Noted,
    ) {
        let buffer = batch.buffer();
        let position = self.kept.column;
        let mut left = rows;
        while let [row, rest @ ..] = left {
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

impl Reading<'_> {
    /// Reads a cell.
    fn read(
        &mut self,
        kept: &Kept,
        masked: Option<Detectors>,
        raw: &[u8],
        batch: &Batch,
        content: &mut Content,
    ) {
        content.begin(raw);
        let text = batch.content(raw, &mut self.scratch);
        content.missing = self.missing.is(text);
        if content.missing || raw.len() < TELLING {
            return;
        }
        detect(text, kept.detectors, &mut content.found);
        if kept.same_row {
            words(text, &mut content.words);
            self.vocabulary.add(&content.words);
        }
        content.look = content.found.iter().any(|finding| {
            finding.hit && masked.is_none_or(|masked| masked.has(finding.detector.into()))
        });
    }

    /// Whether a kept cell may have a word of a cell of names.
    #[inline(never)]
    fn may_name(&mut self, source: &Source, row: &Row<'_>, batch: &Batch, decode: bool) -> bool {
        let span = span(row, batch, source);
        let starts = &self.vocabulary.starts;
        let guess = simd::run(starts.naming(span, decode));
        self.sure(guess, source, row, batch)
    }

    /// Whether a kept cell may have a word of a cell that does not leave, which is folded to tell if
    /// need be.
    fn sure(&mut self, guess: Guess, source: &Source, row: &Row<'_>, batch: &Batch) -> bool {
        match guess {
            Guess::No => false,
            Guess::Yes => true,
            Guess::Foreign => {
                let field = row.field(source.column).unwrap_or_default();
                let text = batch.content(field, &mut self.scratch);
                self.vocabulary.may_hold_words(text)
            }
        }
    }
}
