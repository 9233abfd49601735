//! The pass that counts rows by what they are known by in a release, and codes the values of those that were never
//! published.

use std::borrow::Cow;

use super::Measuring;
use crate::crypto::release::Tagger;
use crate::engine;
use crate::engine::error::Error;
use crate::engine::follow::{cells, tags};
use crate::engine::{Anonymiser, Settings, Tally, Watch, Worker};
use crate::io::csv::{Batch, Reader, Refusal};
use crate::privacy::cohorts::{ByRow, Tags};
use crate::privacy::counter::Dictionary;

/// What comes of a batch whose rows are counted.
pub(crate) struct Page {
    pub(crate) tally: Tally,
    /// Of the rows, in their order.
    pub(crate) tags: Vec<Tags>,
    /// The codes of rows that were never published, one row's behind the other's, and whether each row is one.
    pub(crate) codes: Vec<u32>,
    pub(crate) is_new: Vec<bool>,
}

/// What was known before, and what is gathered.
#[derive(Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) tagger: &'a Tagger,
    /// The columns of the input that say whose rows are whose.
    pub(crate) person: &'a [usize],
    pub(crate) known: &'a ByRow,
    /// The values of newcomers, by quasi-identifying column.
    pub(crate) values: &'a [Dictionary],
}

/// Counts rows by what they are known by.
struct Census<'a> {
    inner: Anonymiser<'a>,
    watch: Watch,
    before: Before<'a>,
    page: Page,
}

impl Measuring<'_> {
    /// Counts the rows of the whole input that would be published, by what they are known by.
    pub(crate) fn census<E: From<Error> + Send>(
        &self,
        before: Before<'_>,
        reader: &mut Reader,
        deliver: &mut (dyn FnMut(&mut Page) -> Result<(), E> + Send),
    ) -> Result<(), E> {
        let settings = Settings {
            note_row_ends: true,
            ..self.settings
        };
        let watch = self.watch.whole(self.plan);
        let mut workers: Vec<Census<'_>> = (0..self.threads)
            .map(|_| {
                let inner = Anonymiser::new(self.plan, self.header, settings);
                Census {
                    inner: inner.checked(self.checker()).watching(&watch.steps),
                    watch: watch.clone(),
                    before,
                    page: Page {
                        tally: Tally::new(self.plan.steps.len()),
                        tags: Vec::new(),
                        codes: Vec::new(),
                        is_new: Vec::new(),
                    },
                }
            })
            .collect();
        engine::run(reader, workers.iter_mut().collect(), deliver)
    }
}

impl Worker for Census<'_> {
    type Part = Page;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.inner.process(batch)?;
        let by = (self.before.tagger, self.before.person);
        let page = &mut self.page;
        page.codes.clear();
        page.tags = tags(by, &self.watch, self.inner.part_and_source(), batch)?;
        let known = |tags: &Tags| self.before.known.contains_key(&tags.row);
        page.is_new = page.tags.iter().map(|tags| !known(tags)).collect();
        let part = self.inner.part();
        let marks = part.marks.chunks_exact(self.watch.marks());
        for (marks, _) in marks.zip(&page.is_new).filter(|(_, is_new)| **is_new) {
            let cells: Vec<Cow<'_, [u8]>> = cells(part, marks).collect();
            let quasi = self.watch.quasi.iter().zip(self.before.values);
            page.codes.extend(quasi.map(|(at, values)| {
                values.code(cells.get(*at).map(|cell| &**cell).unwrap_or_default())
            }));
        }
        std::mem::swap(&mut page.tally, &mut part.tally);
        Ok(())
    }

    fn part(&mut self) -> &mut Page {
        &mut self.page
    }
}
