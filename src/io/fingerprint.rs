//! Whether two readings gave the same bytes.
//!
//! Each chunk of a reading is encrypted with AES-256-GCM, behind the tag of the chunk before, under a key
//! that is drawn for this run and never leaves the process; only the tag is kept. Nobody who does not
//! know the key can make other bytes of the same fingerprint (chance: less than 2⁻⁸⁰ for a file of any
//! size), and it is several times as fast as a hash without a key.

use std::io;

use ring::aead::{Aad, LessSafeKey};

use crate::io::run_key::{drawn, numbered};

const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

/// The key of the fingerprints of one run.
#[derive(Clone)]
pub(crate) struct FingerprintKey(LessSafeKey);

impl FingerprintKey {
    /// Draws one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn draw() -> io::Result<Self> {
        drawn().map(Self)
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
        let nonce = numbered(self.chunks);
        let key = &self.key.0;
        let tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut self.chunk);
        self.chunk.clear();
        // It fails for texts of 64 GiB only.
        let tag = tag.as_ref().map_or(&[0; TAG][..], AsRef::as_ref);
        self.chunk.extend_from_slice(tag);
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
