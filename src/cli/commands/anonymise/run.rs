//! What a run tells, and what it leaves of its release, once its rows are written.

use chrono::Utc;

use super::job::{Job, Planned};
use super::outcome::Outcome;
use super::release::{Left, Terms};
use super::row_sink::Written;
use crate::cli::commands::goal::Recoded;
use crate::engine::plan::Plan;
use crate::engine::source::Source;
use crate::engine::warning::Warning;
use crate::report::{Bytes, Leftovers, Run};

impl Job<'_> {
    /// All that is known of the run, when its output is whole.
    pub(super) fn run<'r>(
        &'r self,
        planned: &'r Planned,
        source: &Source<'_>,
        outcome: &'r Outcome,
        written: &Written,
        warnings: &'r [Warning],
    ) -> Run<'r> {
        Run {
            started: self.started,
            finished: Utc::now(),
            seconds: self.clock.elapsed().as_secs_f64(),
            input: Bytes {
                path: self.input.display().to_string(),
                bytes: source.input().bytes_read(),
                sha256: source.input().sha256(),
            },
            encoding: source.reader().encoding(),
            output: Bytes {
                path: self.arguments.written.text.output.display().to_string(),
                bytes: written.bytes,
                sha256: written.sha256.clone(),
            },
            table: &self.table.name,
            table_sha256: &self.table.sha256,
            table_text_sha256: &self.table.text_sha256,
            table_files: &self.table.files,
            plan: &planned.plan,
            tally: &outcome.tally,
            warnings,
            seed: self.arguments.rows.seed,
            shuffled: self.shuffles(),
            encrypted_to: self.recipients.names(),
            published: !self.arguments.rehearses(),
            audit: outcome.audit.as_ref(),
            uniqueness: outcome.uniqueness,
            recoded: outcome.recoded.as_ref().map(|recoded| &recoded.achieved),
            gate: self.goal.gate,
            formulas: planned.settings.formulas,
            leftovers: Leftovers {
                policy: self.arguments.applied.on_leftover,
                verdict: &outcome.residual,
            },
            figures: None,
            noisy: None,
            vaults: self.vaults.left(),
            release: None,
        }
    }

    /// What stays the same from run to run.
    pub(super) fn terms(&self, plan: &Plan, k: u32) -> Terms {
        Terms {
            rules: self.table.sha256.clone(),
            k,
            person: self.goal.person.clone(),
            columns: plan.output_names().map(str::to_owned).collect(),
        }
    }

    /// What the run leaves of its release once it is published; nothing if it has none.
    pub(super) fn left_release(
        &self,
        plan: &Plan,
        recoded: Option<&Recoded>,
        known: Option<u64>,
    ) -> anyhow::Result<Option<Left>> {
        let followed = recoded.and_then(Recoded::kept);
        let (Some(release), Some(followed)) = (&self.release, followed) else {
            return Ok(None);
        };
        let terms = self.terms(plan, self.goal.k());
        let left = release.left(&self.keys, terms, &followed.settled, known)?;
        Ok(Some(left))
    }
}
