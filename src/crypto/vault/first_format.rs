//! Vaults of the first format: they are read once, to be upgraded.
//!
//! * `tokens`: the tag of a value → its token, which nothing proves;
//! * `values`: the token → nonce, XChaCha20-Poly1305 ciphertext of the value and tag, bound to the token.

use redb::{ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction};
use zeroize::Zeroizing;

use super::token::{TOKEN, Token};
use super::{Tag, VaultError};
use crate::crypto::keys::RoleKey;
use crate::crypto::xchacha::XChaCha;

const TOKENS: TableDefinition<'_, &Tag, &[u8; TOKEN]> = TableDefinition::new("tokens");
const VALUES: TableDefinition<'_, &[u8; TOKEN], &[u8]> = TableDefinition::new("values");

/// Opens the values of such vaults.
pub(super) struct FirstFormat(XChaCha);

impl FirstFormat {
    pub(super) fn of(key: &RoleKey) -> Result<Self, VaultError> {
        let seal = key.derive("vault-seal", "");
        Ok(Self(XChaCha::new(
            seal.map_err(|_| VaultError::Underivable)?,
        )))
    }

    /// Gives each entry to `each`; how many there are. An entry without its other half is an error.
    pub(super) fn entries(
        &self,
        old: &WriteTransaction,
        mut each: impl FnMut(&Tag, &Token, &[u8]) -> Result<(), redb::Error>,
    ) -> Result<u64, redb::Error> {
        let altered = super::store::altered;
        let tokens = old.open_table(TOKENS)?;
        let values = old.open_table(VALUES)?;
        let mut entries = 0;
        for entry in tokens.iter()? {
            let (tag, token) = entry?;
            let token = Token::from_bytes(*token.value());
            let sealed = values.get(token.as_bytes())?.ok_or_else(altered)?;
            let value = self.value(&token, sealed.value()).ok_or_else(altered)?;
            each(tag.value(), &token, &value)?;
            entries += 1;
        }
        // A value without its tag: an entry was taken away.
        match values.len()? == entries {
            true => Ok(entries),
            false => Err(altered()),
        }
    }

    fn value(&self, token: &Token, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk()?;
        let (sealed, tag) = sealed.split_last_chunk()?;
        let mut value = Zeroizing::new(sealed.to_vec());
        self.0.open(nonce, token.as_bytes(), &mut value, *tag)?;
        Some(value)
    }
}
