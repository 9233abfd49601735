//! Whether two readings gave the same bytes.
//!
//! Each chunk of a reading is authenticated with Poly1305, behind the tag of the chunk before, under a
//! key that is drawn for this run and never leaves the process. Nobody who does not know the key can
//! make other bytes of the same fingerprint (chance: less than 2⁻⁸⁰ for a file of any size), and it is
//! several times as fast as a hash without a key.

use std::io;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce};
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

/// The key of the fingerprints of one run.
#[derive(Clone)]
pub(crate) struct FingerprintKey(ChaCha20Poly1305);

impl FingerprintKey {
    /// Draws one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn draw() -> io::Result<Self> {
        let mut key = Zeroizing::new([0; 32]);
        SysRng
            .try_fill_bytes(key.as_mut())
            .map_err(io::Error::other)?;
        Ok(Self(ChaCha20Poly1305::new((&*key).into())))
    }

    /// Starts the fingerprint of a reading.
    pub(crate) fn start(&self) -> Fingerprint {
        Fingerprint {
            key: self.clone(),
            // The tag before, then the chunk under way.
            chunk: vec![0; TAG],
            chunks: 0,
        }
    }
}

/// The fingerprint of the bytes so far.
#[derive(Clone)]
pub(crate) struct Fingerprint {
    key: FingerprintKey,
    chunk: Vec<u8>,
    chunks: u64,
}

impl Fingerprint {
    /// Adds bytes; how they are cut into pieces does not matter.
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = (TAG + CHUNK).saturating_sub(self.chunk.len());
            let (taken, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.chunk.extend_from_slice(taken);
            bytes = rest;
            if self.chunk.len() == TAG + CHUNK {
                self.seal();
            }
        }
    }

    fn seal(&mut self) {
        let mut nonce = Nonce::default();
        for (to, from) in nonce.iter_mut().zip(self.chunks.to_le_bytes()) {
            *to = from;
        }
        let nothing: &mut [u8] = &mut [];
        // It fails for texts of 256 GiB only.
        let tag = self
            .key
            .0
            .encrypt_inout_detached(&nonce, &self.chunk, nothing.into());
        self.chunk.clear();
        self.chunk
            .extend_from_slice(tag.unwrap_or_default().as_slice());
        self.chunks = self.chunks.saturating_add(1);
    }

    /// What two readings of the same bytes have in common.
    pub(crate) fn finish(mut self) -> [u8; TAG] {
        self.seal();
        self.chunk.try_into().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &FingerprintKey, bytes: &[u8], piece: usize) -> [u8; TAG] {
        let mut fingerprint = key.start();
        bytes
            .chunks(piece)
            .for_each(|piece| fingerprint.update(piece));
        fingerprint.finish()
    }

    #[test]
    fn equal_bytes_have_one_fingerprint_and_others_another() {
        let key = FingerprintKey::draw().unwrap();
        let mut seen = Vec::new();
        for length in [0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let bytes = vec![7; length];
            let whole = of(&key, &bytes, usize::MAX);
            for piece in [13, 4096, CHUNK] {
                assert_eq!(of(&key, &bytes, piece), whole, "{length} by {piece}");
            }
            for at in [0, length / 2, length.saturating_sub(1)] {
                let mut edited = bytes.clone();
                if let Some(byte) = edited.get_mut(at) {
                    *byte ^= 1;
                    assert_ne!(of(&key, &edited, 4096), whole, "{length} at {at}");
                }
            }
            assert!(!seen.contains(&whole), "{length}");
            seen.push(whole);
        }
        let (one, other) = (vec![1; CHUNK], vec![2; CHUNK]);
        let (there, back) = ([&one[..], &other].concat(), [&other[..], &one].concat());
        assert_ne!(of(&key, &there, CHUNK), of(&key, &back, CHUNK));
        let another = FingerprintKey::draw().unwrap();
        assert_ne!(of(&key, b"row", 1), of(&another, b"row", 1));
    }
}
