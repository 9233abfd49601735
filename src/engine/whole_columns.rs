//! A pass that collects the values of columns whose rules must know all of them before they write.
//!
//! The rows are made as ever by an [`Anonymiser`], so that the cells that count are those that would be published;
//! while it runs such a rule writes the value itself. The rows are discarded.

use super::Worker;
use super::error::Error;
use super::part::{Part, Settings};
use super::passes::{Measuring, ResidualSearch};
use super::plan::{Act, Plan};
use super::worker::Anonymiser;
use crate::engine;
use crate::io::csv::{Batch, Reader, Refusal};
use crate::rules::whole_column::WholeColumn;

impl Plan {
    /// The steps whose columns must be known whole before they are written, and are not yet.
    fn unknown_columns(&self) -> impl Iterator<Item = (usize, &WholeColumn)> {
        let steps = self.steps.iter().enumerate();
        steps.filter_map(|(at, step)| match &step.act {
            Act::Write(transform) => {
                let column = transform.whole_column().filter(|column| !column.is_known());
                column.map(|column| (at, column))
            }
            Act::Keep { .. } => None,
        })
    }

    /// Whether a pass must collect values before any row is written.
    pub(crate) fn has_unknown_columns(&self) -> bool {
        self.unknown_columns().next().is_some()
    }
}

/// Collects the values of batches.
struct Collector<'a> {
    inner: Anonymiser<'a>,
    /// Of each column, in order.
    values: Vec<Vec<i64>>,
}

impl Worker for Collector<'_> {
    type Part = Part;
    type Error = Refusal;

    fn process(&mut self, batch: &Batch) -> Result<(), Refusal> {
        self.inner.process(batch)?;
        let part = self.inner.part();
        let per_row = (2 * self.values.len()).max(1);
        for marks in part.marks.chunks_exact(per_row) {
            for (values, range) in self.values.iter_mut().zip(marks.chunks_exact(2)) {
                let range = match range {
                    &[start, end] => start..end,
                    _ => 0..0,
                };
                let written = part.rows.get(range).unwrap_or_default();
                // A cell that is missing or blanked is empty.
                let value = str::from_utf8(written).map(str::parse::<i64>);
                values.extend(value.into_iter().flatten());
            }
        }
        part.clear_rows();
        Ok(())
    }

    fn part(&mut self) -> &mut Part {
        self.inner.part()
    }
}

impl Measuring<'_> {
    /// Passes over the whole input and collects what such columns hold, of the rows that would be published; the
    /// parts that are delivered have no rows. Gives each column's step with its values.
    fn collect<E: From<Error> + Send>(
        &self,
        reader: &mut Reader,
        deliver: &mut (dyn FnMut(&mut Part) -> Result<(), E> + Send),
    ) -> Result<Vec<Vec<i64>>, E> {
        let columns: Vec<(usize, &WholeColumn)> = self.plan.unknown_columns().collect();
        let steps: Vec<usize> = columns.iter().map(|(step, _)| *step).collect();
        let settings = Settings {
            note_row_ends: false,
            ..self.settings
        };
        let mut workers: Vec<Collector<'_>> = (0..self.threads)
            .map(|_| Collector {
                inner: Anonymiser::new(self.plan, self.header, settings).watching(&steps),
                values: vec![Vec::new(); steps.len()],
            })
            .collect();
        columns.iter().for_each(|(_, column)| column.collect());
        engine::run(reader, workers.iter_mut().collect(), deliver)?;
        let mut all = vec![Vec::new(); steps.len()];
        for worker in workers {
            for (all, mut own) in all.iter_mut().zip(worker.values) {
                all.append(&mut own);
            }
        }
        Ok(all)
    }

    /// The same, and makes groups of the values, whose means are written from then on.
    pub(crate) fn know_whole_columns<E: From<Error> + Send>(
        &self,
        reader: &mut Reader,
        deliver: &mut (dyn FnMut(&mut Part) -> Result<(), E> + Send),
    ) -> Result<(), E> {
        let measuring = Self {
            look: ResidualSearch::Off,
            ..*self
        };
        let values = measuring.collect(reader, deliver)?;
        let columns: Vec<(usize, &WholeColumn)> = self.plan.unknown_columns().collect();
        for ((step, column), values) in columns.into_iter().zip(values) {
            column.know(values).map_err(|few| {
                let step = self.plan.steps.get(step);
                let column = step.and_then(|step| self.plan.columns.get(step.column));
                Error::TooFewValues {
                    column: column.map_or_else(String::new, |column| column.input.to_string()),
                    size: few.size,
                }
            })?;
        }
        Ok(())
    }
}
