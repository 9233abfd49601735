//! Rows on their way from the workers to the output.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::rngs::ChaCha12Rng;

use super::job::{Job, Planned};
use super::run_journal::RunJournal;
use crate::base::counted::Counted;
use crate::engine::sealing::{Closing, Sealing};
use crate::engine::{Part, Settings, Tally, write_header};
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::format::write_number;
use crate::io::output::{Destination, FirstColumn, SHUFFLE_MEMORY, Shuffle, TableSink};
use crate::rules::Formulas;
use crate::rules::policy::OnInvalid;
use crate::rules::policy::OnLeftover;

/// Takes the rows of a run: in their order to the output, or aside until they leave in random order.
/// As soon as it is known that the run will be refused it writes no more.
pub(super) struct RowSink<'a> {
    output: TableSink<'a>,
    target: Target,
    /// Where rows are put aside, if they leave in random order.
    shuffle: Option<Shuffle<ChaCha12Rng>>,
    /// What holds the last row back, if rows leave sealed.
    closing: Option<Closing<'a>>,
    settings: Settings,
    on_leftover: OnLeftover,
    indexed: bool,
    /// The first rows, if they are to be shown.
    head: Option<Head>,
    /// Whether anything stands behind the index.
    has_columns: bool,
    /// How many rows have left, at most.
    sent: Arc<AtomicU64>,
}

#[derive(Default)]
pub(super) struct Written {
    pub(super) bytes: u64,
    pub(super) sha256: Option<String>,
    /// The first rows as a text, if they are to be shown.
    pub(super) head: Option<Vec<u8>>,
}

/// The header and the first rows of an output.
struct Head {
    text: Vec<u8>,
    /// How many rows are still to come.
    rows: u64,
}

impl Head {
    /// Takes as many of these rows as are still to come; `ends` is where each ends.
    fn take(&mut self, rows: &[u8], ends: &[usize]) {
        let wanted = usize::try_from(self.rows).unwrap_or(usize::MAX);
        let Some(ends) = ends.get(..wanted.min(ends.len())) else {
            return;
        };
        let end = ends.last().copied().unwrap_or_default();
        self.text
            .extend_from_slice(rows.get(..end).unwrap_or_default());
        self.rows -= ends.len() as u64;
    }
}

impl<'a> RowSink<'a> {
    /// Begins the output, with its header. The journal announces rows that leave on a stream before
    /// the first byte does.
    pub(super) fn create(
        job: &Job<'_>,
        planned: &'a Planned,
        output: &'a mut Counted<Destination>,
        journal: &mut RunJournal,
    ) -> anyhow::Result<Self> {
        if job.streams {
            journal.begin()?;
        }
        let target = Target::of(Some(&job.arguments.written.text.output));
        let form = job.is_workbook.then_some(match planned.plan.index {
            Some(_) => FirstColumn::Index,
            None => FirstColumn::Text,
        });
        let opened = TableSink::open(output, &job.recipients, form, job.packing);
        let output = opened.map_err(|source| IoError::Write {
            what: target.clone(),
            source,
        })?;
        let order = || Shuffle::new(job.randomness.stream("order"), SHUFFLE_MEMORY);
        let mut sink = Self {
            output,
            target,
            shuffle: job.shuffles().then(order),
            closing: planned
                .sealing
                .as_ref()
                .map(|sealing| Closing::new(sealing.sealer(planned.settings.format))),
            settings: planned.settings,
            on_leftover: job.arguments.applied.on_leftover,
            indexed: planned.plan.index.is_some(),
            head: job.arguments.rows.head.map(|rows| Head {
                text: Vec::new(),
                rows,
            }),
            has_columns: !planned.plan.steps.is_empty(),
            sent: journal.sent(),
        };
        let mut header = Vec::new();
        let seals = planned.sealing.as_ref().map(Sealing::name);
        write_header(&planned.plan, seals, planned.settings.format, &mut header);
        sink.write(&header)?;
        if let Some(head) = &mut sink.head {
            head.text = header;
        }
        Ok(sink)
    }

    /// Takes what came of a batch; `tally` is that of all rows so far.
    pub(super) fn take(&mut self, part: &mut Part, tally: &Tally) -> anyhow::Result<()> {
        let invalid = self.settings.on_invalid == OnInvalid::Fail && tally.has_invalid();
        let formulas = self.settings.formulas == Formulas::Refuse && tally.formulas() > 0;
        if invalid || formulas || self.on_leftover == OnLeftover::Fail && tally.leftovers > 0 {
            // Nothing more will leave; the rest is read for the message.
            self.shuffle = None;
            self.closing = None;
            return Ok(());
        }
        match &mut self.shuffle {
            Some(shuffle) => {
                let ends = part.row_ends.iter().copied();
                Ok(shuffle.push(&part.rows, ends).map_err(IoError::Spill)?)
            }
            None => {
                // Before, as a part of them leaves where the rest cannot.
                self.sent.fetch_add(part.tally.written, Ordering::Relaxed);
                if let Some(head) = &mut self.head {
                    head.take(&part.rows, &part.row_ends);
                }
                if let Some(closing) = &mut self.closing {
                    let held = closing.take(part)?;
                    self.write(&held)?;
                }
                self.write(&part.rows)
            }
        }
    }

    /// Writes what was put aside, ends the output and brings it to the disk: what the disk says late
    /// is better known before the journal says that all is well.
    pub(super) fn finish(mut self) -> anyhow::Result<Written> {
        self.drain()?;
        if let Some(closing) = self.closing.take() {
            let last = closing.last()?;
            self.write(&last)?;
        }
        let Self {
            output,
            target,
            head,
            ..
        } = self;
        let finished = output.finish().and_then(|output| {
            output.get_mut().finish()?;
            Ok((output.total_bytes(), output.sha256()))
        });
        let (bytes, sha256) = finished.map_err(|source| IoError::Write {
            what: target,
            source,
        })?;
        Ok(Written {
            bytes,
            sha256,
            head: head.map(|head| head.text),
        })
    }

    fn drain(&mut self) -> anyhow::Result<()> {
        const PIECE: usize = 256 * 1024;
        let Some(shuffle) = self.shuffle.take() else {
            return Ok(());
        };
        let mut piece = Vec::with_capacity(PIECE);
        let mut failed = None;
        let sent = &self.sent;
        let mut head = self.head.as_mut();
        let drained = shuffle.drain(&mut |number, row| {
            let begins = piece.len();
            if self.indexed {
                write_number(number, &mut piece);
                if self.has_columns {
                    piece.push(self.settings.format.delimiter);
                }
            }
            piece.extend_from_slice(row);
            if let Some(head) = &mut head {
                let row = piece.get(begins..).unwrap_or_default();
                head.take(row, &[row.len()]);
            }
            if piece.len() >= PIECE {
                sent.store(number, Ordering::Relaxed);
                let written = self.output.write_all(&piece);
                piece.clear();
                if let Err(error) = written {
                    failed = Some(error);
                    return Err(std::io::ErrorKind::Other.into());
                }
            }
            Ok(())
        });
        match (failed, drained) {
            (Some(source), _) => {
                return Err(IoError::Write {
                    what: self.target.clone(),
                    source,
                }
                .into());
            }
            (None, Err(error)) => return Err(IoError::Spill(error).into()),
            (None, Ok(rows)) => self.sent.store(rows, Ordering::Relaxed),
        }
        self.write(&piece)
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self
            .output
            .write_all(bytes)
            .map_err(|source| IoError::Write {
                what: self.target.clone(),
                source,
            })?)
    }
}
