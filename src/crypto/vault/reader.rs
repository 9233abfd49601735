//! The way back from tokens to values.

use std::path::Path;

use zeroize::Zeroizing;

use super::{Token, Vault, VaultError};
use crate::crypto::keys::{Role, RoleKey};

/// A vault that values are only looked up in: nothing is written, neither to it nor beside it.
pub struct VaultReader(Vault);

impl VaultReader {
    /// Opens a vault that is there.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open(path: &Path, key: &RoleKey) -> Result<Self, VaultError> {
        Vault::to_read(path, key).map(Self)
    }

    /// The role whose key opened it.
    pub fn role(&self) -> &Role {
        self.0.role()
    }

    /// The value that a token stands for, if the vault has it.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] if the vault was altered; [`VaultError::Failed`].
    pub fn value(&self, token: &Token) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.0.value(token)
    }

    /// Whether all of it is as it was written.
    ///
    /// # Errors
    /// As [`VaultReader::value`], now or in any call before.
    pub fn verify(&self) -> Result<(), VaultError> {
        self.0.verify()
    }
}
