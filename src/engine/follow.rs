//! A release that goes on: what rows are known by from run to run, and the labels that they keep.
//!
//! A first pass counts rows by their [`Tags`] (see `passes/census.rs`). The pass that writes looks each row up again, and
//! writes the labels of its group in the place of its quasi-identifying cells, or holds it back.

use std::borrow::Cow;

use super::part::Part;
use super::watch::Watch;
use super::whose::read_person;
use crate::crypto::release::Tagger;
use crate::engine::plan::Plan;
use crate::io::csv::{Batch, Ends, Malformed, Refusal};
use crate::io::format::{OutputFormat, unquoted};
use crate::privacy::cohorts::{Settled, Tags};

/// Which groups the rows of a run are in.
pub(crate) struct Followed {
    pub(crate) tagger: Tagger,
    /// The columns of the input that say whose rows are whose.
    pub(crate) person: Vec<usize>,
    pub(crate) settled: Settled,
    pub(crate) format: OutputFormat,
    /// Whether a row has no other cell than the one.
    pub(crate) alone: bool,
}

impl Watch {
    /// The same cells, with all other published ones beside them.
    pub(super) fn whole(&self, plan: &Plan) -> Self {
        let step = |at: &usize| self.steps.get(*at).copied();
        Self {
            steps: (0..plan.steps.len()).collect(),
            quasi: self.quasi.iter().filter_map(step).collect(),
            sensitive: self.sensitive.iter().filter_map(step).collect(),
            others: self
                .others
                .iter()
                .filter_map(|(at, known)| Some((step(at)?, *known)))
                .collect(),
            looks: self.looks,
        }
    }
}

/// The cells of a row that was written, of which all are watched.
pub(super) fn cells<'p>(part: &'p Part, marks: &'p [usize]) -> impl Iterator<Item = Cow<'p, [u8]>> {
    marks.chunks_exact(2).map(|mark| {
        let (start, end) = (mark.first(), mark.last());
        let cell = start
            .zip(end)
            .and_then(|(start, end)| part.rows.get(*start..*end));
        let cell = cell.unwrap_or_default();
        match cell.first() {
            Some(b'"') => Cow::Owned(unquoted(cell).into_vec()),
            _ => Cow::Borrowed(cell),
        }
    })
}

/// The tags of the rows that a worker has written.
pub(super) fn tags(
    (tagger, person): (&Tagger, &[usize]),
    watch: &Watch,
    (part, ends, plan): (&Part, &Ends, &Plan),
    batch: &Batch,
) -> Result<Vec<Tags>, Refusal> {
    let mut records = part.records.iter().peekable();
    let rows = batch.rows(ends);
    let written = rows.filter(|row| records.next_if(|record| **record == row.number).is_some());
    let (mut scratch, mut text) = (Vec::new(), Vec::new());
    let marks = part.marks.chunks_exact(watch.marks());
    let tags = written.zip(marks).map(|(row, marks)| {
        let read = (batch, &plan.missing);
        read_person(person, &row, read, (&mut scratch, &mut text));
        let cells: Vec<Cow<'_, [u8]>> = cells(part, marks).collect();
        let of = |is_quasi: bool| {
            let cells = cells.iter().enumerate();
            cells
                .filter(move |(at, _)| watch.quasi.contains(at) == is_quasi)
                .map(|(_, cell)| &**cell)
        };
        let others = tagger.tag(of(false));
        let values = tagger.tag(of(true));
        let (values, beside) = (values.to_le_bytes(), others.to_le_bytes());
        // A row that does not say whose it is counts as one person.
        let person = match text.is_empty() {
            true => tagger.tag([b"".as_slice(), &values, &beside]),
            false => tagger.tag([text.as_slice()]),
        };
        Tags {
            row: tagger.tag([person.to_le_bytes().as_slice(), &values, &beside]),
            person,
            others,
        }
    });
    let tags: Vec<Tags> = tags.collect();
    match tags.len() as u64 == part.tally.written {
        true => Ok(tags),
        false => Err(batch.refuse(Malformed::Changed, 0, &[])),
    }
}

impl Followed {
    /// Writes the rows of a part anew, with the labels of their groups, without those that are held back. Gives which
    /// rows have stayed.
    pub(super) fn write(&self, watch: &Watch, part: &mut Part, tags: &[Tags]) -> Option<Vec<bool>> {
        let groups = tags.iter().map(|tags| self.settled.group(tags.row));
        let groups: Vec<Option<u32>> = groups.collect::<Option<_>>()?;
        let (mut rows, mut ends, mut all_marks) = (Vec::new(), Vec::new(), Vec::new());
        rows.reserve(part.rows.len());
        let mut behind = 0;
        let marks = part.marks.chunks_exact(watch.marks());
        for ((marks, end), group) in marks.zip(&part.row_ends).zip(&groups) {
            let Some(group) = group else {
                behind = *end;
                continue;
            };
            for (position, mark) in marks.chunks_exact(2).enumerate() {
                let &[start, stop] = mark else { return None };
                rows.extend_from_slice(part.rows.get(behind..start)?);
                let begin = rows.len();
                match watch.quasi.iter().position(|at| *at == position) {
                    Some(column) => self.label(*group, column, &mut rows),
                    None => rows.extend_from_slice(part.rows.get(start..stop)?),
                }
                all_marks.extend_from_slice(&[begin, rows.len()]);
                behind = stop;
            }
            rows.extend_from_slice(part.rows.get(behind..*end)?);
            ends.push(rows.len());
            behind = *end;
        }
        let stays: Vec<bool> = groups.iter().map(Option::is_some).collect();
        let mut stay = stays.iter();
        part.records
            .retain(|_| stay.next().is_some_and(|stays| *stays));
        let held = stays.iter().filter(|stays| !**stays).count() as u64;
        part.tally.written -= held;
        part.tally.held_back += held;
        (part.rows, part.row_ends, part.marks) = (rows, ends, all_marks);
        Some(stays)
    }

    fn label(&self, group: u32, column: usize, out: &mut Vec<u8>) {
        let begin = out.len();
        out.extend_from_slice(self.settled.cohorts.label(group, column));
        self.format.quote_from(begin, out);
        if self.alone && out.len() == begin {
            // An empty line would be no row.
            out.extend_from_slice(b"\"\"");
        }
    }
}
