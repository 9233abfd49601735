//! Keys that are drawn for one purpose of one run, and never leave memory.

use std::io;

use rand::TryRng;
use rand::rngs::SysRng;
use ring::aead::{AES_256_GCM, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Draws a key for AES-256-GCM, which processors of today do themselves.
///
/// # Errors
/// When the system gives no randomness.
pub(super) fn drawn() -> io::Result<LessSafeKey> {
    let mut key = Zeroizing::new([0; 32]);
    SysRng
        .try_fill_bytes(key.as_mut())
        .map_err(io::Error::other)?;
    let key = UnboundKey::new(&AES_256_GCM, key.as_slice());
    let refused = |_| io::Error::other(fixed!("a temporary file cannot be encrypted"));
    key.map(LessSafeKey::new).map_err(refused)
}

pub(super) fn numbered(chunk: u64) -> Nonce {
    let mut nonce = [0; 12];
    if let Some(number) = nonce.first_chunk_mut() {
        *number = chunk.to_le_bytes();
    }
    Nonce::assume_unique_for_key(nonce)
}
