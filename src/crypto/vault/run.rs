//! The vaults of a run: each is opened when the first rule asks for it, and made last with the others.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::file::Access;
use super::{Absent, Vault, VaultError, VaultState};
use crate::base::error::SystemError;
use crate::base::random::Randomness;
use crate::crypto::keys::RoleKey;

/// The vaults of a run.
pub struct Vaults {
    /// Where tokens come from.
    random: Arc<Randomness>,
    /// Where ids come from: never a seed, since what is encrypted in two vaults must have two keys.
    ids: Randomness,
    access: Access,
    open: Mutex<Vec<(PathBuf, Arc<Vault>)>>,
}

impl Vaults {
    /// None yet. Tokens come from `random`.
    ///
    /// # Errors
    /// [`SystemError`] if the operating system gives no randomness.
    pub fn new(random: Arc<Randomness>) -> Result<Self, SystemError> {
        Ok(Self {
            random,
            ids: Randomness::from_system()?,
            access: Access::Write,
            open: Mutex::new(Vec::new()),
        })
    }

    /// The same for a run that publishes nothing: a vault that is there stays as it is.
    pub(crate) fn only_read(self) -> Self {
        Self {
            access: Access::Read,
            ..self
        }
    }

    /// The vault in this file, opened or made with a role's key.
    ///
    /// # Errors
    /// [`VaultError`]; [`VaultError::OtherKey`] also if this run has opened it with the key of
    /// another role.
    pub fn get(&self, path: &Path, key: &RoleKey) -> Result<Arc<Vault>, VaultError> {
        self.opened(path, key, Absent::Make)
    }

    /// The same where none is made.
    ///
    /// # Errors
    /// As [`Vaults::get`]; [`VaultError::Elsewhere`].
    pub fn get_existing(&self, path: &Path, key: &RoleKey) -> Result<Arc<Vault>, VaultError> {
        self.opened(path, key, Absent::Refuse)
    }

    fn opened(&self, path: &Path, key: &RoleKey, absent: Absent) -> Result<Arc<Vault>, VaultError> {
        let mut open = self.open();
        if let Some((_, vault)) = open.iter().find(|(known, _)| known == path) {
            return match vault.role() == key.role() {
                true => Ok(Arc::clone(vault)),
                false => Err(VaultError::OtherKey {
                    path: path.to_owned(),
                }),
            };
        }
        let purpose = format!("vault {}", open.len());
        let mut draw = self.random.stream(&purpose);
        let mut ids = self.ids.stream(&purpose);
        let vault = Arc::new(Vault::open(
            path,
            key,
            (absent, self.access),
            &mut draw,
            &mut ids,
        )?);
        open.push((path.to_owned(), Arc::clone(&vault)));
        Ok(vault)
    }

    /// Whether all of them still work.
    ///
    /// # Errors
    /// [`VaultError::Failed`] of one that does not.
    pub fn check(&self) -> Result<(), VaultError> {
        self.open().iter().try_for_each(|(_, vault)| vault.check())
    }

    /// The generations that they were of when they were opened.
    pub fn found(&self) -> Vec<VaultState> {
        self.open().iter().map(|(_, vault)| vault.found()).collect()
    }

    /// The generations that they are of once this run is committed.
    pub fn left(&self) -> Vec<VaultState> {
        self.open().iter().map(|(_, vault)| vault.left()).collect()
    }

    /// Makes what was added to them last. Call it before any token leaves.
    ///
    /// # Errors
    /// [`VaultError::Failed`].
    pub fn commit(&self) -> Result<(), VaultError> {
        self.open().iter().try_for_each(|(_, vault)| vault.commit())
    }

    fn open(&self) -> MutexGuard<'_, Vec<(PathBuf, Arc<Vault>)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
