//! Whether what does not leave of a row may stand in a kept cell: asked of the rows that are to be
//! compared, and wrong only on the side of doubt.

use memchr::memchr2;

use super::check::Checker;
use super::content::{Content, Initials, TELLING};
use super::ordinary::Ordinary;
use super::probe::{Vocabulary, cannot_hold};
use super::starts::{Guess, Span};
use super::texts;
use super::words::words;
use super::{Kept, Source};
use crate::base::simd;
use crate::detect::{Detectors, Finding, Normaliser, detect_disguised};
use crate::io::csv::{Batch, Row};
use crate::rules::table::Missing;

/// What it takes to read a value.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) missing: &'a Missing,
    pub(super) ordinary: Ordinary,
    vocabulary: Vocabulary,
    scratch: Vec<u8>,
    normaliser: Normaliser,
}

/// Columns side by side that do not leave, from a first to a last one with names.
#[derive(Debug)]
pub(super) struct Named {
    first: usize,
    last: usize,
    /// Those with names, by their places among the sources of the scope.
    sources: Vec<usize>,
}

impl Checker<'_> {
    /// Whether a kept cell may have a word of the row's names.
    #[inline(always)]
    pub(super) fn doubts_names(
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
                at: row.field_start(*first),
                end: row.field_end(*last).unwrap_or_default(),
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
    pub(super) fn doubts_phrases(
        &mut self,
        row: &Row<'_>,
        batch: &Batch,
        initials: Initials,
        decode: bool,
    ) -> bool {
        let mut sources = self.scope.sources.iter();
        sources.any(|source| {
            let (at, end) = row.bounds(source.column);
            let first = batch.buffer().get(at);
            if first.is_some_and(|first| cannot_hold(*first, end.wrapping_sub(at), initials)) {
                return false;
            }
            let Span { buffer, at, end } = span(row, batch, source);
            let text = buffer.get(at..end).unwrap_or_default();
            let guess = match memchr2(b'&', b'%', text) {
                // What a reference stands for may be the beginning of a word.
                Some(_) => Guess::Foreign,
                None => self.reading.vocabulary.may_hold(text, initials, decode),
            };
            self.reading.sure(guess, source, row, batch)
        })
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
pub(super) fn named(sources: &[Source]) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let (mut before, mut begun) = (None, false);
    for (place, source) in sources.iter().enumerate() {
        // Between columns that are apart, one leaves.
        begun &= before.is_some_and(|before: usize| before + 1 == source.column);
        before = Some(source.column);
        if !source.identifying {
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

impl<'a> Reading<'a> {
    pub(super) fn new(missing: &'a Missing) -> Self {
        Self {
            missing,
            ordinary: Ordinary::default(),
            vocabulary: Vocabulary::default(),
            scratch: Vec::new(),
            normaliser: Normaliser::default(),
        }
    }

    /// Reads a cell.
    pub(super) fn read(
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
        content.text = texts::text(text);
        let (normaliser, found) = (&mut self.normaliser, &mut content.found);
        let normal = detect_disguised(text, kept.detectors, normaliser, found);
        if kept.same_row {
            words(normal.unwrap_or(text), &mut content.words);
            content.ordinary = self.ordinary.is(&content.words);
            if !content.ordinary {
                self.vocabulary.add(&content.words);
            }
        }
        let is_masked = |finding: &Finding| {
            finding.hit && masked.is_none_or(|masked| masked.has(finding.detector.into()))
        };
        content.look = content.found.iter().any(is_masked);
        if let (Some(masked), false) = (masked, content.look)
            && content.found.iter().any(|finding| finding.hit)
        {
            // A find of another kind, which proves nothing here, may lie over it.
            let mut found = Vec::new();
            detect_disguised(text, masked, &mut self.normaliser, &mut found);
            content.look = found.iter().any(is_masked);
        }
    }

    /// Whether a kept cell may have a word of a cell of names.
    #[inline(never)]
    fn may_name(&mut self, source: &Source, row: &Row<'_>, batch: &Batch, decode: bool) -> bool {
        let span = span(row, batch, source);
        let starts = &self.vocabulary.starts;
        // What only begins alike is no reason to read the row.
        let guess = match simd::run(starts.naming(span, decode)) {
            Guess::No => Guess::No,
            Guess::Yes | Guess::Foreign => Guess::Foreign,
        };
        self.sure(guess, source, row, batch)
    }

    /// Whether a kept cell may have a word of a cell that does not leave, which is folded to tell if
    /// need be.
    #[inline]
    fn sure(&mut self, guess: Guess, source: &Source, row: &Row<'_>, batch: &Batch) -> bool {
        match guess {
            Guess::No => false,
            Guess::Yes => true,
            Guess::Foreign => {
                let field = row.field(source.column).unwrap_or_default();
                let text = batch.content(field, &mut self.scratch);
                let normal = self.normaliser.normalise(text);
                self.vocabulary.may_hold_words(normal.unwrap_or(text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::name::Shown;

    #[test]
    fn columns_with_names_are_together_as_long_as_no_column_leaves_between() {
        let source = |(column, identifying): (usize, bool)| Source {
            column,
            name: Shown::new("x", 1),
            label: String::new(),
            identifying,
            stated: false,
        };
        for (columns, expected) in [
            (&[][..], &[][..]),
            (&[(0, false), (1, false)], &[]),
            (
                &[(0, false), (1, true), (2, false), (3, true), (4, false)],
                &[(1, 3, 2)],
            ),
            (&[(1, true), (3, true)], &[(1, 1, 1), (3, 3, 1)]),
            (
                &[(1, true), (3, false), (4, true), (5, true)],
                &[(1, 1, 1), (4, 5, 2)],
            ),
        ] {
            let sources: Vec<Source> = columns.iter().copied().map(source).collect();
            let found = named(&sources);
            let found = found
                .iter()
                .map(|one| (one.first, one.last, one.sources.len()));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{columns:?}");
        }
    }
}
