//! The main job on one batch: from rows of the input to rows that may leave.

use super::Worker;
use super::interleave::{Kept, Piece, RowWriter, Start, WriteRows};
use super::labels::Labels;
use super::next::Next;
use super::part::{Part, Settings};
use super::recoding::Recoding;
use super::selection::Selection;
use crate::base::name::Shown;
use crate::base::simd;
use crate::engine::leftover::{BLOCK, Checker};
use crate::engine::plan::{Act, Plan};
use crate::io::csv::{Batch, Ends, Refusal};
use crate::io::format::OutputFormat;

/// Anonymises batches after a plan.
pub struct Anonymiser<'a> {
    plan: &'a Plan,
    header: &'a [Shown],
    settings: Settings,
    pieces: Vec<Piece<'a>>,
    ends: Ends,
    indexes: Vec<u64>,
    scratch: Vec<u8>,
    part: Part,
    checker: Option<Checker<'a>>,
    labels: Option<Labels<'a>>,
}

impl<'a> Anonymiser<'a> {
    /// A worker for this plan; `header` names the input's columns, for places.
    pub fn new(plan: &'a Plan, header: &'a [Shown], settings: Settings) -> Self {
        Self {
            plan,
            header,
            settings,
            pieces: pieces(plan, &[], &[]),
            ends: Ends::default(),
            indexes: Vec::new(),
            scratch: Vec::new(),
            part: Part::new(plan),
            checker: None,
            labels: None,
        }
    }

    /// The same worker, which notes where the cells of these steps are written.
    #[must_use]
    pub(super) fn watching(self, watched: &[usize]) -> Self {
        Self {
            pieces: pieces(self.plan, watched, &[]),
            ..self
        }
    }

    /// The same worker, which writes labels after a recoding in the place of the cells of the
    /// `labelled` steps, and notes where those of the `watched` ones, which are others, are written.
    #[must_use]
    pub(super) fn with_labels(
        self,
        recoding: &'a Recoding,
        labelled: &[usize],
        watched: &[usize],
    ) -> Self {
        let (steps, read) = (labelled.iter().copied(), (self.plan, self.header));
        Self {
            pieces: pieces(self.plan, watched, labelled),
            labels: Some(Labels::new(recoding, steps, read, &self.settings)),
            ..self
        }
    }

    /// What came of the batch processed last, and the numbers of its labels, one row's behind the
    /// other's.
    pub(super) fn part_and_numbers(&mut self) -> (&mut Part, &[u32]) {
        let numbers = self.labels.as_ref().map(Labels::numbers);
        (&mut self.part, numbers.unwrap_or_default())
    }

    /// What came of the batch processed last, where its fields end, and the plan.
    pub(super) fn part_and_source(&self) -> (&Part, &Ends, &'a Plan) {
        (&self.part, &self.ends, self.plan)
    }

    /// The same worker, looking for what is left over in kept cells if there is a checker.
    #[must_use]
    pub fn checked(self, checker: Option<Checker<'a>>) -> Self {
        Self { checker, ..self }
    }

    /// What looked for leftovers, if anything did.
    pub fn into_checker(self) -> Option<Checker<'a>> {
        self.checker
    }
}

/// The steps of a plan, kept columns that are neighbours in the input put together.
fn pieces<'a>(plan: &'a Plan, watched: &[usize], labelled: &[usize]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (position, step) in plan.steps.iter().enumerate() {
        let column = step.column;
        if let Some(label) = labelled.iter().position(|step| *step == position) {
            pieces.push(Piece::Label {
                label,
                step: position,
                column,
                kept: matches!(step.act, Act::Keep { .. }),
            });
            continue;
        }
        let watched = watched.contains(&position);
        match &step.act {
            Act::Write(transform) => {
                pieces.push(Piece::Write {
                    step: position,
                    column,
                    transform: transform.as_ref(),
                    plain: transform.writes_plain() && !transform.copies_input(),
                    watched,
                });
            }
            &Act::Keep { multiline } => {
                let kept = Kept {
                    step: position,
                    column,
                    multiline,
                };
                match pieces.last_mut() {
                    Some(Piece::Keep {
                        last,
                        run,
                        watched: false,
                        ..
                    }) if !watched && *last + 1 == column => {
                        *last = column;
                        run.push(kept);
                    }
                    _ => pieces.push(Piece::Keep {
                        first: column,
                        last: column,
                        run: vec![kept],
                        watched,
                    }),
                }
            }
        }
    }
    pieces
}

/// Appends the header of the output; `seals` is what the column of seals is called, if there is one.
pub fn write_header(plan: &Plan, seals: Option<&str>, format: OutputFormat, out: &mut Vec<u8>) {
    if format.mark {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    for (position, name) in plan.output_names().chain(seals).enumerate() {
        if position > 0 {
            out.push(format.delimiter);
        }
        let start = out.len();
        out.extend_from_slice(name.as_bytes());
        format.quote_from(start, out);
    }
    out.extend_from_slice(format.line_end());
}

impl Worker for Anonymiser<'_> {
    type Part = Part;
    type Error = Refusal;

    fn part(&mut self) -> &mut Part {
        &mut self.part
    }

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.part.clear_rows();
        self.part.marks.clear();
        self.part.tally.clear();
        batch.check(self.header, &mut self.ends)?;
        if let Some(key) = self.settings.index {
            let count = usize::try_from(batch.records()).unwrap_or(usize::MAX);
            key.indexes(batch.first_record - 1, count, &mut self.indexes);
        }
        if let Some(checker) = &mut self.checker {
            checker.begin();
        }
        // Most rows that leave are shorter than they were.
        self.part.rows.reserve(batch.bytes().len());
        let rows = batch.rows(&self.ends);
        let decode = batch.text().needs_decoding();
        if let Some(labels) = &mut self.labels {
            let rows = batch.rows(&self.ends);
            let tally = &mut self.part.tally;
            labels.take(batch, rows, &self.indexes, decode, tally)?;
        }
        let writer = RowWriter {
            plan: self.plan,
            header: self.header,
            selection: Selection {
                plan: self.plan,
                header: self.header,
                on_invalid: self.settings.on_invalid,
            },
            settings: &self.settings,
            batch,
            fields: rows.fields(),
            delimiter: self.settings.format.delimiter,
            same_delimiter: self.settings.format.delimiter == batch.delimiter(),
            decode,
            scratch: &mut self.scratch,
            person: Vec::new(),
            part: &mut self.part,
            checker: self.checker.as_mut(),
            labels: self.labels.as_ref().map(Labels::in_order),
            pending: Vec::with_capacity(BLOCK),
            blanks: 0,
            last: Start::default(),
            quote: Next::default(),
            inner_quote: Next::default(),
            not_ascii: Next::default(),
        };
        simd::run(WriteRows {
            writer,
            rows,
            indexes: &self.indexes,
            pieces: &self.pieces,
        })?;
        if let Some(labels) = &mut self.labels {
            labels.add_places(&mut self.part.tally);
        }
        Ok(())
    }
}
