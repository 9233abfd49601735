//! What came of the passes, and what stops a run then.

use super::job::{Job, Planned};
use crate::cli::commands::goal::Recoded;
use crate::cli::exit::Error;
use crate::engine::error::Error as EngineError;
use crate::engine::leftover::Verdict;
use crate::engine::passes::ResidualSearch;
use crate::engine::plan::Plan;
use crate::engine::published::TooFewRows;
use crate::engine::source::Source;
use crate::engine::{Repeats, Tally, Uniqueness};
use crate::privacy::audit::Audit;
use crate::privacy::counter::Counted;
use crate::report::{Aftermath, InvalidData, LeftoverData};
use crate::rules::Formulas;
use crate::rules::policy::{OnInvalid, OnLeftover};
use crate::rules::table;

/// What is known of identifiers in kept cells.
pub(super) enum Residual {
    /// Nothing yet: the next pass looks for them.
    Unknown,
    /// All of them: no later pass looks for them.
    Known(Verdict),
    /// All of them, and they are masked when rows are written.
    Masked(Verdict),
}

impl Residual {
    /// What the next pass looks for.
    pub(super) fn look(&self) -> ResidualSearch<'_> {
        match self {
            Self::Unknown => ResidualSearch::Count,
            Self::Masked(verdict) if !verdict.is_clean() => ResidualSearch::Mask(verdict),
            Self::Known(_) | Self::Masked(_) => ResidualSearch::Off,
        }
    }
}

/// What the pass that wrote the rows, and those before it, came to: nothing of it is checked yet.
pub(super) struct Passed {
    pub(super) residual: Residual,
    /// What the rows were recoded with, if there was a search.
    pub(super) recoded: Option<Recoded>,
    pub(super) tally: Tally,
    /// What the last pass counted, if it measured.
    pub(super) counted: Option<Counted>,
    /// What the last pass found in the cells that it wrote, if it looked.
    pub(super) verdict: Option<Verdict>,
    /// Whether a column repeats that may say whose rows are whose, if one was looked at.
    pub(super) repeats: Option<Repeats>,
    /// How many rows are the only ones with their quasi-identifying values, if only that was counted.
    pub(super) uniqueness: Option<Uniqueness>,
}

/// What came of a run that may be published, as far as its data go.
pub(super) struct Outcome {
    /// The identifiers in kept cells; they are masked if the job says so.
    pub(super) residual: Verdict,
    /// The measures of the rows, if they were measured.
    pub(super) audit: Option<Audit>,
    /// Whether a column repeats that may say whose rows are whose, if one was looked at.
    pub(super) repeats: Option<Repeats>,
    /// How many rows are the only ones with their quasi-identifying values, if only that was counted.
    pub(super) uniqueness: Option<Uniqueness>,
    /// What the rows were recoded with, if there was a search.
    pub(super) recoded: Option<Recoded>,
    pub(super) tally: Tally,
}

impl Passed {
    /// Stops a run with an unsound vault, invalid cells, too few rows, identifiers in kept cells, or an
    /// input that has changed.
    pub(super) fn check(
        self,
        job: &Job<'_>,
        planned: &Planned,
        source: &Source<'_>,
    ) -> anyhow::Result<Outcome> {
        job.vaults.check()?;
        let partial = job.has_left();
        check_rows(job, planned, &self.tally, partial)?;
        let residual = match (self.residual, self.verdict) {
            (Residual::Masked(_), Some(left)) if !left.is_clean() => {
                let data = LeftoverData::new(&planned.plan, &left, true, partial);
                return Err(Error::Leftover(Box::new(data)).into());
            }
            (Residual::Masked(found) | Residual::Known(found), _) => found,
            (Residual::Unknown, found) => {
                let found = found.ok_or(EngineError::Internal)?;
                check_residual(job, &planned.plan, &found, partial)?;
                found
            }
        };
        let measuring = planned.measuring(&planned.measured, ResidualSearch::Off);
        let audit = self.counted.map(|counted| {
            let population = job.goal.population.as_deref();
            let behind = population.map(|population| measuring.population(&counted, population));
            let audit = measuring.audit(&counted)?.before(behind.transpose()?);
            let one_row_each = self.repeats.map(|seen| !seen.any());
            Ok::<Audit, EngineError>(Audit {
                one_row_each,
                ..audit
            })
        });
        let outcome = Outcome {
            residual,
            audit: audit.transpose()?,
            repeats: self.repeats,
            uniqueness: self.uniqueness,
            recoded: self.recoded,
            tally: self.tally,
        };
        source.input().check_unchanged()?;
        Ok(outcome)
    }
}

impl Outcome {
    /// Stops a run whose rows, as they were measured, do not reach what was asked for.
    pub(super) fn check_goal(&self, job: &Job<'_>) -> anyhow::Result<()> {
        match &self.audit {
            Some(audit) => job.goal.check(audit, self.tally.written, job.streams),
            None => Ok(()),
        }
    }
}

/// Stops a run whose identifiers in kept cells are to stop it.
pub(super) fn check_residual(
    job: &Job<'_>,
    plan: &Plan,
    found: &Verdict,
    partial: bool,
) -> anyhow::Result<()> {
    if job.arguments.applied.on_leftover == OnLeftover::Fail && !found.is_clean() {
        let data = LeftoverData::new(plan, found, false, partial);
        return Err(Error::Leftover(Box::new(data)).into());
    }
    Ok(())
}

/// Stops a run where something is invalid and that is to stop it, and where too few rows leave.
pub(super) fn check_rows(
    job: &Job<'_>,
    planned: &Planned,
    tally: &Tally,
    partial: bool,
) -> anyhow::Result<()> {
    let Planned { plan, settings, .. } = planned;
    let formulas = settings.formulas == Formulas::Refuse && tally.formulas() > 0;
    if formulas || settings.on_invalid == OnInvalid::Fail && tally.has_invalid() {
        let row_output = match partial {
            true => Aftermath::Partial,
            false => Aftermath::NothingWritten,
        };
        let rules = job.arguments.applied.rules.as_str();
        let builtin = table::builtin(rules).map(|_| rules);
        let data = InvalidData::new(plan, tally, builtin, row_output);
        return Err(Error::Invalid(Box::new(data)).into());
    }
    let is_file = job.arguments.written.text.output.as_os_str() != "-";
    let least = job.arguments.applied.min_rows.unwrap_or(u64::from(is_file));
    let checked = TooFewRows::check(tally, plan.filter.as_ref(), least, partial);
    Ok(checked.map_err(EngineError::from)?)
}
