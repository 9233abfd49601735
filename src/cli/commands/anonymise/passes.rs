//! The passes of a run over its input: one that looks for identifiers in kept cells where they are to
//! be masked, those that count for a search or for thresholds, and the one that writes the rows.

use super::job::{Job, Planned};
use super::outcome::{self, Passed, Residual};
use super::row_sink::RowSink;
use crate::cli::commands::goal::Recoded;
use crate::cli::commands::progress::watched;
use crate::engine;
use crate::engine::aggregate::{BadAmounts, Counter, Counting};
use crate::engine::error::Error as EngineError;
use crate::engine::passes::census::{Before, Page};
use crate::engine::passes::{Measuring, ResidualSearch};
use crate::engine::population::matched;
use crate::engine::source::Source;
use crate::engine::{Part, RowOutput, Tally};
use crate::io::csv::Reader;
use crate::privacy::cohorts::Tonight;

/// The passes of a run. Each begins at the first row.
pub(super) struct Passes<'a, 's> {
    pub(super) job: &'a Job<'a>,
    pub(super) planned: &'a Planned,
    source: &'a mut Source<'s>,
    residual: Residual,
}

/// What takes the parts of a pass.
type Deliver<'a> = dyn FnMut(&mut Part) -> anyhow::Result<()> + Send + 'a;

impl<'a, 's> Passes<'a, 's> {
    /// None is made yet, but one that collects the values of columns whose rules must know all of them.
    ///
    /// # Errors
    /// If the columns cannot be measured as the job asks, or that pass refuses the input.
    pub(super) fn new(
        job: &'a Job<'a>,
        planned: &'a Planned,
        source: &'a mut Source<'s>,
    ) -> anyhow::Result<Self> {
        job.goal.check_columns(&planned.watch)?;
        if let Some(population) = &job.goal.population {
            matched(population, &planned.plan, &planned.watch)?;
        }
        if planned.plan.has_unknown_columns() {
            know_whole_columns(job, planned, source)?;
        }
        Ok(Self {
            job,
            planned,
            source,
            residual: Residual::Unknown,
        })
    }

    /// Looks for identifiers in kept cells, to mask them later.
    pub(super) fn find_residual(&mut self) -> anyhow::Result<()> {
        let measuring = self
            .planned
            .measuring(&self.planned.measured, ResidualSearch::Count);
        let pass =
            |reader: &mut Reader, deliver: &mut Deliver<'_>| measuring.plain_pass(reader, deliver);
        let found = counted(self.job, self.planned, self.source, pass)??;
        let verdict = found.verdict.ok_or(EngineError::Internal)?;
        self.residual = Residual::Masked(verdict);
        Ok(self.source.rewind()?)
    }

    /// Counts the rows if they are to be counted before they are written: for the search, of which
    /// this is what it found, or for the thresholds.
    pub(super) fn search(&mut self) -> anyhow::Result<Option<Recoded>> {
        let Self {
            job,
            planned,
            source,
            residual,
        } = self;
        if !job.counts_first() {
            return Ok(None);
        }
        // What a search may choose depends on the sensitive columns too.
        let watch = match job.goal.search {
            Some(_) => &planned.watch,
            None => &planned.measured,
        };
        let (mut found, mut fresh) = (None, true);
        let measuring = planned.counting(watch, residual.look());
        let output = (planned.settings.format, job.streams);
        let recoded = job.goal.reach(&measuring, output, |measuring| {
            if !std::mem::take(&mut fresh) {
                source.rewind()?;
            }
            // The same rows come again.
            let look = found
                .as_ref()
                .map_or(measuring.look, |_| ResidualSearch::Off);
            let mut passed = count(job, planned, source, Measuring { look, ..*measuring })?;
            if let ResidualSearch::Count = look {
                found = passed.verdict.take();
            }
            let mut counted = passed.counted.ok_or(EngineError::Internal)?;
            let widened = planned
                .plan
                .widen(measuring.watch, counted.published.as_ref());
            if widened && !measuring.watch.sensitive.is_empty() {
                // Sensitive values count as they are published.
                source.rewind()?;
                let look = ResidualSearch::Off;
                let passed = count(job, planned, source, Measuring { look, ..*measuring })?;
                counted = passed.counted.ok_or(EngineError::Internal)?;
            }
            Ok(counted)
        })?;
        if let Some(verdict) = found {
            *residual = Residual::Known(verdict);
        }
        source.rewind()?;
        Ok(recoded)
    }

    /// Counts rows by what they are known by in a release. Gives how many there are.
    pub(super) fn census(
        &mut self,
        before: Before<'_>,
        tonight: &mut Tonight<'_>,
    ) -> anyhow::Result<u64> {
        // What is masked is known by then; the pass that writes counts what is left.
        let look = match self.residual.look() {
            ResidualSearch::Count => ResidualSearch::Off,
            look => look,
        };
        let measuring = self.planned.counting(&self.planned.watch, look);
        let columns = before.values.len();
        let mut tally = Tally::new(self.planned.plan.steps.len());
        watched(self.source, shows_progress(self.job), |reader, show| {
            measuring.census(before, reader, &mut |page: &mut Page| {
                tally.add(&page.tally);
                show();
                let mut codes = page.codes.chunks_exact(columns.max(1));
                for (tags, is_new) in page.tags.iter().zip(&page.is_new) {
                    let codes = if *is_new { codes.next() } else { None };
                    tonight.add(*tags, codes.unwrap_or_default());
                }
                Ok::<(), anyhow::Error>(())
            })
        })?;
        outcome::check_rows(self.job, self.planned, &tally, false)?;
        self.source.rewind()?;
        Ok(tally.written)
    }

    /// Writes the rows, and measures them if anybody wants to know.
    pub(super) fn write(
        self,
        recoded: Option<Recoded>,
        sink: &mut RowSink<'_>,
    ) -> anyhow::Result<Passed> {
        let measured = &self.planned.measured;
        let measuring = Measuring {
            sealing: self.planned.sealing.as_ref(),
            ..self.planned.measuring(measured, self.residual.look())
        };
        let row_output = recoded
            .as_ref()
            .map_or(RowOutput::Publish, Recoded::row_output);
        let mut tally = Tally::new(self.planned.plan.steps.len());
        let passed = watched(self.source, shows_progress(self.job), |reader, show| {
            let mut deliver = |part: &mut Part| {
                tally.add(&part.tally);
                show();
                sink.take(part, &tally)
            };
            // Without quasi-identifying columns there is nothing to measure.
            match self.job.goal.measures && !measured.quasi.is_empty() {
                true => measuring.pass(reader, row_output, &mut deliver),
                false if self.job.tells_uniqueness() => measuring.told_pass(reader, &mut deliver),
                false => measuring.plain_pass(reader, &mut deliver),
            }
        });
        let engine::passes::Passed {
            counted,
            verdict,
            repeats,
            uniqueness,
            missing,
        } = passed?;
        for (step, missing) in missing {
            let column = tally.columns.get_mut(step);
            column
                .into_iter()
                .for_each(|column| column.missing += missing);
        }
        Ok(Passed {
            residual: self.residual,
            recoded,
            tally,
            counted,
            verdict,
            repeats,
            uniqueness,
        })
    }

    /// Counts figures in place of writing rows, in copies of `counter`.
    pub(super) fn aggregate<T: Counter>(
        self,
        counting: &Counting,
        counter: &T,
    ) -> anyhow::Result<(Passed, Vec<T>, BadAmounts)> {
        let measuring = (self.planned).measuring(&self.planned.measured, self.residual.look());
        let mut tally = Tally::new(self.planned.plan.steps.len());
        let counted = watched(self.source, shows_progress(self.job), |reader, show| {
            let mut deliver = |part: &mut Part| {
                tally.add(&part.tally);
                show();
                Ok::<(), anyhow::Error>(())
            };
            measuring.aggregate((counting, counter), reader, &mut deliver)
        });
        let (passed, counted, bad) = counted?;
        let passed = Passed {
            residual: self.residual,
            recoded: None,
            tally,
            counted: None,
            verdict: passed.verdict,
            repeats: passed.repeats,
            uniqueness: None,
        };
        Ok((passed, counted, bad))
    }
}

/// Makes the pass that collects the values of columns whose rules must know all of them.
fn know_whole_columns(
    job: &Job<'_>,
    planned: &Planned,
    source: &mut Source<'_>,
) -> anyhow::Result<()> {
    let measuring = planned.counting(&planned.watch, ResidualSearch::Off);
    let pass = |reader: &mut Reader, deliver: &mut Deliver<'_>| {
        measuring.know_whole_columns(reader, deliver)?;
        Ok(engine::passes::Passed::default())
    };
    counted(job, planned, source, pass)??;
    Ok(source.rewind()?)
}

/// Counts what would be published, and writes nothing. What of it can wait for the pass that writes, is
/// left to that one, unless its rows leave on a stream.
fn count(
    job: &Job<'_>,
    planned: &Planned,
    source: &mut Source<'_>,
    measuring: Measuring<'_>,
) -> anyhow::Result<engine::passes::Passed> {
    if !job.streams && measuring.can_skim() {
        let pass = |reader: &mut Reader, deliver: &mut Deliver<'_>| measuring.skim(reader, deliver);
        if let Ok(passed) = counted(job, planned, source, pass)? {
            return Ok(passed);
        }
        // All that is wrong is to be told, in the other columns too.
        source.rewind()?;
    }
    let pass = |reader: &mut Reader, deliver: &mut Deliver<'_>| {
        measuring.pass(reader, RowOutput::CountOnly, deliver)
    };
    let passed = counted(job, planned, source, pass)??;
    if let (ResidualSearch::Count, Some(found)) = (measuring.look, &passed.verdict) {
        outcome::check_residual(job, &planned.plan, found, false)?;
    }
    Ok(passed)
}

/// Makes a pass that writes nothing. The inner error is what is wrong with the rows.
fn counted(
    job: &Job<'_>,
    planned: &Planned,
    source: &mut Source<'_>,
    pass: impl FnOnce(&mut Reader, &mut Deliver<'_>) -> anyhow::Result<engine::passes::Passed>,
) -> anyhow::Result<anyhow::Result<engine::passes::Passed>> {
    let mut tally = Tally::new(planned.plan.steps.len());
    let passed = watched(source, shows_progress(job), |reader, show| {
        pass(reader, &mut |part| {
            tally.add(&part.tally);
            show();
            Ok(())
        })
    })?;
    Ok(outcome::check_rows(job, planned, &tally, false).map(|()| passed))
}

fn shows_progress(job: &Job<'_>) -> bool {
    job.arguments.running.log.shows_progress()
}
