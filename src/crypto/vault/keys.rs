//! What the key of a role gives for all its vaults.

use ring::hmac::{self, HMAC_SHA256};

use super::{Tag, VaultError, bytes};
use crate::crypto::keys::{RoleKey, Secret};

/// What the key of a role gives for all its vaults.
pub(super) struct VaultKeys {
    /// Finds a value without showing it.
    lookup: hmac::Key,
    /// Proves the state.
    pub(super) state: hmac::Key,
}

impl VaultKeys {
    pub(super) fn of(key: &RoleKey) -> Result<Self, VaultError> {
        let derive = |kind| {
            let key: Result<Secret<32>, _> = key.derive(kind, "");
            let key = key.map_err(|_| VaultError::Underivable)?;
            Ok(hmac::Key::new(HMAC_SHA256, key.as_slice()))
        };
        Ok(Self {
            lookup: derive("vault-lookup")?,
            state: derive("vault-state")?,
        })
    }

    /// The HMAC of a domain, its length before it, and a value.
    pub(super) fn tag(&self, domain: &str, value: &[u8]) -> Tag {
        let mut mac = hmac::Context::with_key(&self.lookup);
        mac.update(b"value");
        mac.update(&(domain.len() as u64).to_be_bytes());
        mac.update(domain.as_bytes());
        mac.update(value);
        bytes(mac.sign())
    }

    pub(super) fn check(&self) -> Tag {
        bytes(hmac::sign(&self.lookup, b"check"))
    }
}
