//! Whether a vault is whole: every entry of it, both ways.

use std::path::Path;

use redb::ReadableTable;

use super::store::altered;
use super::{TOKENS, VALUES, Vault, VaultError, VaultState};
use crate::crypto::keys::RoleKey;

/// Reads all of a vault and writes nothing. Each half of an entry must prove the other, and there must be as many as its
/// state says: then none is missing, since nobody makes another without the key.
///
/// # Errors
/// [`VaultError`]; [`VaultError::Damaged`] if an entry is not as it was written.
pub fn verify(path: &Path, key: &RoleKey) -> Result<VaultState, VaultError> {
    let vault = Vault::to_read(path, key)?;
    vault.verify()?;
    Ok(vault.found())
}

impl Vault {
    pub(super) fn verify(&self) -> Result<(), VaultError> {
        self.inner().store.with(|changes| {
            let tokens = changes.open_table(TOKENS)?;
            let values = changes.open_table(VALUES)?;
            for entry in tokens.iter()? {
                let (tag, half) = entry?;
                let read = self.entries.read(tag.value(), half.value());
                let (token, _) = read.ok_or_else(altered)?;
                let sealed = values.get(token.as_bytes())?.ok_or_else(altered)?;
                let opened = self.entries.open(&token, sealed.value());
                if opened.is_none_or(|opened| opened.tag != *tag.value()) {
                    return Err(altered());
                }
            }
            Ok(())
        })
    }
}
