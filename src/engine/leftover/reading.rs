//! Reading cells, and what is known of those that were read.

use super::content::{Content, TELLING};
use super::ordinary::Ordinary;
use super::probe::Vocabulary;
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
    pub(super) vocabulary: Vocabulary,
    scratch: Vec<u8>,
    normaliser: Normaliser,
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
    pub(super) fn may_name(
        &mut self,
        source: &Source,
        row: &Row<'_>,
        batch: &Batch,
        decode: bool,
    ) -> bool {
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
    pub(super) fn sure(
        &mut self,
        guess: Guess,
        source: &Source,
        row: &Row<'_>,
        batch: &Batch,
    ) -> bool {
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

/// Where the row's cell in a column that does not leave is, without quotes.
#[inline(always)]
pub(super) fn span<'a>(row: &Row<'_>, batch: &'a Batch, source: &Source) -> Span<'a> {
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
