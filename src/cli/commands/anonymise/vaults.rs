//! The vaults of tokens of a run.

use super::job::Job;

impl Job<'_> {
    /// Brings tokens to their vault, before any of them leaves.
    pub(super) fn commit_vaults(&self) -> anyhow::Result<()> {
        match self.arguments.rehearses() {
            true => Ok(()),
            false => Ok(self.vaults.commit()?),
        }
    }
}
