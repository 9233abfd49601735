//! Whether what does not leave of a row may stand in a kept cell: asked of the rows that are to be
//! compared, and wrong only on the side of doubt.

use memchr::memchr2;

use super::content::Initials;
use super::probe::cannot_hold;
use super::reading::{Reading, span};
use super::starts::{Guess, Span};
use super::{Scope, Source};
use crate::base::simd;
use crate::io::csv::{Batch, Row};

/// Columns side by side that do not leave, from a first to a last one with names.
#[derive(Debug)]
pub(super) struct Named {
    first: usize,
    last: usize,
    /// Those with names, by their places among the sources of the scope.
    sources: Vec<usize>,
}

impl Reading<'_> {
    /// Whether a kept cell may have a word of the row's names.
    #[inline(always)]
    pub(super) fn doubts_names(
        &mut self,
        (scope, named): (&Scope, &[Named]),
        row: &Row<'_>,
        batch: &Batch,
        decode: bool,
        compare: impl simd::Compare,
    ) -> bool {
        let buffer = batch.buffer();
        for Named {
            first,
            last,
            sources,
        } in named
        {
            // Most are done with side by side.
            let span = Span {
                buffer,
                at: row.field_start(*first),
                end: row.field_end(*last).unwrap_or_default(),
            };
            let starts = &self.vocabulary.starts;
            if span.end.saturating_sub(span.at) <= simd::BLOCK
                && starts.may_name(compare, span, false, decode) == Guess::No
            {
                continue;
            }
            let mut sources = sources
                .iter()
                .filter_map(|source| scope.sources.get(*source));
            if sources.any(|source| self.may_name(source, row, batch, decode)) {
                return true;
            }
        }
        false
    }

    /// Whether a kept cell may hold what does not leave of the row, or a part of it.
    #[inline(never)]
    pub(super) fn doubts_phrases(
        &mut self,
        scope: &Scope,
        row: &Row<'_>,
        batch: &Batch,
        initials: Initials,
        decode: bool,
    ) -> bool {
        let mut sources = scope.sources.iter();
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
                None => self.vocabulary.may_hold(text, initials, decode),
            };
            self.sure(guess, source, row, batch)
        })
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
