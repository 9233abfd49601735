//! What is known of a vault as a whole: which one it is, how often it was added to, how much it holds.

use std::path::{Path, PathBuf};

use ring::hmac;

use crate::base::sha256;

/// What tells a vault from all others. It is drawn when the vault is made.
pub(super) type VaultId = [u8; 16];

/// The bytes of a state as it is stored, with the HMAC-SHA-256 of the others at its end.
const LENGTH: usize = STATED + 32;

/// Those that the HMAC is of.
const STATED: usize = 32;

/// The state of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    pub(super) id: VaultId,
    /// How many runs have added to it; the one that made it is the first.
    pub(super) generation: u64,
    /// How many values have a token in it.
    pub(super) entries: u64,
}

impl State {
    /// That of a vault that holds nothing yet.
    pub(super) fn new(id: VaultId) -> Self {
        Self {
            id,
            generation: 0,
            entries: 0,
        }
    }

    /// The state behind a run that adds so many entries.
    pub(super) fn next(self, added: u64) -> Self {
        Self {
            id: self.id,
            generation: self.generation.saturating_add(1),
            entries: self.entries.saturating_add(added),
        }
    }

    /// Its bytes: id, generation, entries (8 bytes each, big-endian), and the HMAC of these under `key`.
    pub(super) fn bytes(&self, key: &hmac::Key) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend_from_slice(&self.id);
        bytes.extend_from_slice(&self.generation.to_be_bytes());
        bytes.extend_from_slice(&self.entries.to_be_bytes());
        let proof = hmac::sign(key, &bytes);
        bytes.extend_from_slice(proof.as_ref());
        bytes
    }

    /// The state of these bytes, if whoever wrote them had the key.
    pub(super) fn read(bytes: &[u8], key: &hmac::Key) -> Option<Self> {
        let (stated, proof) = bytes.split_first_chunk::<STATED>()?;
        hmac::verify(key, stated, proof).ok()?;
        let (id, numbers) = stated.split_first_chunk()?;
        let (generation, entries) = numbers.split_first_chunk()?;
        Some(Self {
            id: *id,
            generation: u64::from_be_bytes(*generation),
            entries: u64::from_be_bytes(entries.try_into().ok()?),
        })
    }
}

/// Which vault of which generation: what manifest and journal tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultState {
    pub path: PathBuf,
    /// What tells the vault from all others, in hexadecimal.
    pub id: String,
    /// How many runs have added to it.
    pub generation: u64,
    /// How many values have a token in it.
    pub entries: u64,
}

impl VaultState {
    pub(super) fn new(path: &Path, state: State) -> Self {
        Self {
            path: path.to_owned(),
            id: sha256::hexadecimal(&state.id),
            generation: state.generation,
            entries: state.entries,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written_and_with_its_key_alone() {
        let key = |byte| hmac::Key::new(hmac::HMAC_SHA256, &[byte; 32]);
        let state = State::new([7; 16]).next(5).next(2);
        assert_eq!((state.generation, state.entries), (2, 7));
        let bytes = state.bytes(&key(1));
        assert_eq!(State::read(&bytes, &key(1)), Some(state));
        assert_eq!(State::read(&bytes, &key(2)), None);
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert_eq!(State::read(&altered, &key(1)), None, "byte {at}");
            assert_eq!(State::read(&bytes[..at], &key(1)), None, "up to {at}");
        }
    }
}
