//! The way back from tokens to values.

use std::path::Path;

use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;
use zeroize::Zeroizing;

use super::{Token, Vault, VaultError, file};
use crate::crypto::keys::{Role, RoleKey};

/// A vault that values are only looked up in: whatever happens, nothing is added to it.
pub struct VaultReader(Vault);

impl VaultReader {
    /// Opens a vault that is there.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open(path: &Path, key: &RoleKey) -> Result<Self, VaultError> {
        let file = file::existing(path)?;
        let nothing = || VaultError::NotAVault {
            path: path.to_owned(),
        };
        let about = file.metadata().map_err(|_| nothing())?;
        if about.len() == 0 {
            return Err(nothing());
        }
        // Nothing is drawn from either.
        let nonces = ChaCha12Rng::from_seed([0; 32]);
        Vault::of_file(path, file, false, key, &[0; 32], nonces).map(Self)
    }

    /// The role whose key opened it.
    pub fn role(&self) -> &Role {
        self.0.role()
    }

    /// The value that a token stands for, if the vault has it.
    ///
    /// # Errors
    /// [`VaultError::Failed`], also if the vault was altered.
    pub fn value(&self, token: &Token) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.0.value(token)
    }
}
