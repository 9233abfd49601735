//! The vaults of tokens of a run, and its keys.

use super::job::Job;
use crate::io::system::secrets::keep_off_the_disk;

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
}
