//! What a run leaves: tokens in their vaults, its release, and its output with what tells of it.

use super::job::Job;
use super::release::Left;
use crate::base::lang::Language;
use crate::cli::commands::files::Files;
use crate::io::system::secrets::keep_off_the_disk;
use crate::report;
use crate::report::Run;

impl Job<'_> {
    /// Keeps the keys that columns have derived off the disk, as those of roles are.
    pub(super) fn keep_keys_off_the_disk(&self) {
        if !self.arguments.applied.keys.is_empty() {
            keep_off_the_disk();
        }
    }

    /// Brings tokens to their vault, before any of them leaves.
    pub(super) fn commit_vaults(&self) -> anyhow::Result<()> {
        match self.arguments.rehearses() {
            true => Ok(()),
            false => Ok(self.vaults.commit()?),
        }
    }

    /// Writes the report, if one is asked for, of a run that publishes nothing because a threshold was missed.
    pub(super) fn report_unpublished(&self, files: Files, run: Run<'_>) -> anyhow::Result<()> {
        let run = Run {
            published: false,
            ..run
        };
        files.commit_report_alone(|| report::html_of_run(&run, Language::in_use()))
    }

    /// Brings tokens to their vault, and gives output, manifest and report their names together.
    pub(super) fn commit(
        &self,
        files: Files,
        release: Option<&Left>,
        run: &Run<'_>,
    ) -> anyhow::Result<()> {
        self.commit_vaults()?;
        let language = Language::in_use();
        let kept = release.filter(|_| !self.arguments.rehearses());
        files.commit(
            kept.map(|kept| (kept.path.as_path(), kept.bytes.as_slice())),
            &self.arguments.written.text.output,
            || report::manifest(run),
            || report::html_of_run(run, language),
        )
    }
}
