//! Whether a file is plain CSV, so that an engine that reads it itself finds the same rows in it.

use super::Worker;
use super::sieve::{NobodyCounts, Sieve};
use crate::base::name::Shown;
use crate::engine::error::Error;
use crate::engine::source::Source;
use crate::io::csv::{Batch, Encoding, Ends, Refusal};
use crate::io::quirk::Quirk;

/// What a file has that an engine would read otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strange {
    Workbook,
    /// Something beside plain CSV.
    Quirk(Quirk),
    /// Another encoding than UTF-8.
    Encoding(Encoding),
    /// Rows that are nobody.
    Nobody(NobodyCounts),
    /// Rows of another width than the header.
    Width(u64),
}

/// An engine would read the file otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    text!(
        "an engine would read this file otherwise than crm-anon does: {why}\n  what to do: export it as \
         plain CSV in UTF-8, or anonymise it with `crm-anon FILE`, which reads it",
        why = told(*.0)
    )
)]
pub struct NotPlain(pub Strange);

fn told(strange: Strange) -> String {
    match strange {
        Strange::Workbook => fixed!("it is a workbook").to_string(),
        Strange::Quirk(quirk) => quirk.what(),
        Strange::Encoding(encoding) => text!("it is in {encoding} and not in UTF-8", encoding),
        Strange::Nobody(counts) => {
            let told: Vec<String> = counts.told().collect();
            text!(
                "it has rows that are nobody: {rows}",
                rows = told.join(", ")
            )
        }
        Strange::Width(rows) => plural!(
            rows,
            "it has {n} row of the wrong width",
            "it has {n} rows of the wrong width"
        ),
    }
}

/// Reads a file to its end, and looks for what an engine would read otherwise.
///
/// # Errors
/// [`NotPlain`], and whatever refuses the file.
pub(crate) fn check(source: &mut Source<'_>, threads: usize) -> Result<(), Error> {
    let header = source.reader().header().to_vec();
    let shown = source.reader().shown_header().to_vec();
    let strange = |strange| Err(NotPlain(strange).into());
    if source.reader().sheet().is_some() {
        return strange(Strange::Workbook);
    }
    if let Some(quirk) = source.reader().quirks().first() {
        return strange(Strange::Quirk(*quirk));
    }
    let mut workers: Vec<Looker<'_>> = (0..threads).map(|_| Looker::new(&header, &shown)).collect();
    let (reader, input) = source.parts();
    super::run(reader, workers.iter_mut().collect(), &mut |()| {
        Ok::<(), Error>(())
    })?;
    input.check_unchanged()?;
    if let Some(quirk) = reader.quirks().first() {
        return strange(Strange::Quirk(*quirk));
    }
    if let Some(encoding) = reader.encoding()
        && encoding != Encoding::Utf8
    {
        return strange(Strange::Encoding(encoding));
    }
    let (mut nobody, mut wrong_width) = (NobodyCounts::default(), 0);
    for worker in &workers {
        nobody.add(&worker.nobody);
        wrong_width += worker.wrong_width;
    }
    match (nobody.all(), wrong_width) {
        (0, 0) => Ok(()),
        (0, rows) => strange(Strange::Width(rows)),
        _ => strange(Strange::Nobody(nobody)),
    }
}

/// Looks at rows and leaves nothing but counts.
struct Looker<'a> {
    header: &'a [Shown],
    sieve: Sieve,
    nobody: NobodyCounts,
    wrong_width: u64,
    ends: Ends,
    part: (),
}

impl<'a> Looker<'a> {
    fn new(names: &[String], header: &'a [Shown]) -> Self {
        Self {
            header,
            sieve: Sieve::new(names),
            nobody: NobodyCounts::default(),
            wrong_width: 0,
            ends: Ends::default(),
            part: (),
        }
    }
}

impl Worker for Looker<'_> {
    type Part = ();
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        batch.check(self.header, &mut self.ends)?;
        for row in batch.rows(&self.ends) {
            if self.sieve.suspects(&row)
                && let Some(nobody) = self.sieve.judge(&row, batch)?
            {
                self.nobody.count(nobody);
            } else if row.width() != self.header.len() {
                self.wrong_width += 1;
            }
        }
        Ok(())
    }

    fn part(&mut self) -> &mut () {
        &mut self.part
    }
}
