//! Rows on their way from the workers to the output.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::ProgressBar;
use rand_chacha::ChaCha12Rng;

use crate::engine::plan::Plan;
use crate::engine::{Part, Tally, write_header};
use crate::io::csv::format::OutputFormat;
use crate::io::csv::format::write_number;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::input::Input;
use crate::io::output::{Shuffle, TableSink};
use crate::rules::policy::OnInvalid;
use crate::rules::policy::OnLeftover;

/// Rows on their way from the workers to the output.
pub(super) struct Rows<'a> {
    pub(super) shuffle: Option<Shuffle<ChaCha12Rng>>,
    pub(super) on_invalid: OnInvalid,
    pub(super) on_leftover: OnLeftover,
    pub(super) refuses_formulas: bool,
    pub(super) tally: Tally,
    pub(super) format: OutputFormat,
    pub(super) indexed: bool,
    pub(super) output: TableSink<'a>,
    pub(super) target: Target,
    pub(super) bar: ProgressBar,
    /// How many rows have left, at most.
    pub(super) sent: Arc<AtomicU64>,
}

impl Rows<'_> {
    pub(super) fn header(&mut self, plan: &Plan) -> anyhow::Result<()> {
        let mut header = Vec::new();
        write_header(plan, self.format, &mut header);
        self.write(&header)
    }

    /// Takes what came of a batch.
    pub(super) fn take(&mut self, part: &mut Part, input: &Input) -> anyhow::Result<()> {
        self.tally.add(&part.tally);
        self.bar.set_position(input.bytes_read());
        let invalid = self.on_invalid == OnInvalid::Fail && self.tally.has_invalid();
        let formulas = self.refuses_formulas && self.tally.formulas() > 0;
        if invalid || formulas || self.on_leftover == OnLeftover::Fail && self.tally.leftovers > 0 {
            // Nothing more will leave; the rest is read for the message.
            self.shuffle = None;
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
                self.write(&part.rows)
            }
        }
    }

    /// Writes what was put aside, and ends the output.
    pub(super) fn finish(mut self) -> anyhow::Result<Tally> {
        self.drain()?;
        let ended = self.output.finish();
        ended.map_err(|source| IoError::Write {
            what: self.target,
            source,
        })?;
        Ok(self.tally)
    }

    fn drain(&mut self) -> anyhow::Result<()> {
        const PIECE: usize = 256 * 1024;
        let Some(shuffle) = self.shuffle.take() else {
            return Ok(());
        };
        let mut piece = Vec::with_capacity(PIECE);
        let mut failed = None;
        let sent = &self.sent;
        let drained = shuffle.drain(&mut |number, row| {
            if self.indexed {
                write_number(number, &mut piece);
                if !self.tally.columns.is_empty() {
                    piece.push(self.format.delimiter);
                }
            }
            piece.extend_from_slice(row);
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
