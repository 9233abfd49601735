//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): ring's ChaCha20-Poly1305 (RFC 8439) under a subkey.
//!
//! ```text
//! key ‖ nonce[0..16]        ─ HChaCha20 ─► subkey
//! subkey ‖ 0⁴ ‖ nonce[16..] ─ ChaCha20-Poly1305 ─► hidden text and tag
//! ```
//!
//! HChaCha20 is the block of ChaCha20 without the last addition: so it is the block that rand's `ChaCha20Rng` gives, of
//! which what was added is taken away again. The subkey of the first nonce is kept: in a column of a run all nonces begin
//! alike. It gives what the crate `chacha20poly1305` gives, to the byte, several times as fast on cells.

use std::sync::OnceLock;

use rand::rngs::ChaCha20Rng;
use rand::{Rng, SeedableRng};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroize;

use crate::crypto::keys::Secret;

/// The bytes of a nonce.
pub(super) const NONCE: usize = 24;

/// The bytes of a tag.
pub(super) const TAG: usize = 16;

/// Those of a nonce that make the subkey.
const BEGINNING: usize = 16;

/// The cipher of messages with one key.
pub(super) struct XChaCha {
    key: Secret<32>,
    first: OnceLock<Subkey>,
}

struct Subkey {
    beginning: [u8; BEGINNING],
    key: LessSafeKey,
}

impl Subkey {
    fn new(key: &Secret<32>, beginning: [u8; BEGINNING]) -> Option<Self> {
        let mut made = hchacha20(key, beginning)?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &made);
        made.zeroize();
        Some(Self {
            beginning,
            key: LessSafeKey::new(key.ok()?),
        })
    }
}

/// What ChaCha20 adds to the first words of a block.
const CONSTANTS: [u8; 16] = *b"expand 32-byte k";

fn hchacha20(key: &Secret<32>, input: [u8; BEGINNING]) -> Option<[u8; 32]> {
    let number = u128::from_le_bytes(input);
    let mut generator = ChaCha20Rng::from_seed(***key);
    generator.set_stream((number >> 64) as u64);
    generator.set_word_pos(u128::from(number as u64) << 4);
    let mut block = [0; 64];
    generator.fill_bytes(&mut block);
    let mut made = [0; 32];
    let (start, end) = made.split_at_mut_checked(BEGINNING)?;
    start.copy_from_slice(block.first_chunk::<BEGINNING>()?);
    end.copy_from_slice(block.last_chunk::<BEGINNING>()?);
    block.zeroize();
    let (words, _) = made.as_chunks_mut::<4>();
    let (added, _) = CONSTANTS.as_chunks::<4>();
    let (from_input, _) = input.as_chunks::<4>();
    for (word, added) in words.iter_mut().zip(added.iter().chain(from_input)) {
        let block = u32::from_le_bytes(*word);
        *word = block.wrapping_sub(u32::from_le_bytes(*added)).to_le_bytes();
    }
    Some(made)
}

impl XChaCha {
    pub(super) fn new(key: Secret<32>) -> Self {
        Self {
            key,
            first: OnceLock::new(),
        }
    }

    /// Encrypts a text where it stands, and gives the tag of it and of `about`. No nonce may come twice.
    /// A text of 256 GB or more, which ChaCha20 does not take, gives nothing.
    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE],
        about: &[u8],
        text: &mut [u8],
    ) -> Option<[u8; TAG]> {
        self.with(nonce, |key, nonce| {
            let tag = key.seal_in_place_separate_tag(nonce, Aad::from(about), text);
            tag.ok()?.as_ref().try_into().ok()
        })
    }

    /// Decrypts a text where it stands, if the tag is that of it and of `about`. Else nothing is given,
    /// and what stands there is of no use.
    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE],
        about: &[u8],
        text: &mut [u8],
        tag: [u8; TAG],
    ) -> Option<()> {
        self.with(nonce, |key, nonce| {
            let about = Aad::from(about);
            let opened = key.open_in_place_separate_tag(nonce, about, tag.into(), text, 0..);
            opened.ok().map(drop)
        })
    }

    fn with<T>(
        &self,
        nonce: &[u8; NONCE],
        work: impl FnOnce(&LessSafeKey, Nonce) -> Option<T>,
    ) -> Option<T> {
        let (beginning, end) = nonce.split_first_chunk()?;
        let mut short = [0; 12];
        *short.last_chunk_mut()? = *end.first_chunk::<{ NONCE - BEGINNING }>()?;
        let short = Nonce::assume_unique_for_key(short);
        match self.first.get() {
            Some(first) if first.beginning == *beginning => work(&first.key, short),
            kept => {
                let subkey = Subkey::new(&self.key, *beginning)?;
                let done = work(&subkey.key, short);
                if kept.is_none() {
                    // Another thread may have been first with the same.
                    let _ = self.first.set(subkey);
                }
                done
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::XChaCha20Poly1305;
    use chacha20poly1305::aead::{AeadInOut, KeyInit};
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    use super::*;
    use crate::crypto::cells::tests::decode_hex;

    fn secret(key: [u8; 32]) -> Secret<32> {
        Box::new(Zeroizing::new(key))
    }

    #[test]
    fn it_gives_the_vector_of_its_draft() {
        // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
        let key: [u8; 32] = std::array::from_fn(|at| 0x80 + at as u8);
        let nonce: [u8; NONCE] = std::array::from_fn(|at| 0x40 + at as u8);
        let about = decode_hex("50515253c0c1c2c3c4c5c6c7");
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one \
                      tip for the future, sunscreen would be it.";
        let mut text = plain.to_vec();
        let cipher = XChaCha::new(secret(key));
        let tag = cipher.seal(&nonce, &about, &mut text).unwrap();
        let expected = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
            731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
            2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
            21f9664c97637da9768812f615c68b13b52e";
        assert_eq!(text, decode_hex(expected));
        assert_eq!(tag.to_vec(), decode_hex("c0875924c1c7987947deafd8780acf49"));
        cipher.open(&nonce, &about, &mut text, tag).unwrap();
        assert_eq!(text, plain);
    }

    #[test]
    fn a_subkey_is_for_its_beginning_alone() {
        let cipher = XChaCha::new(secret([1; 32]));
        let nonce = |beginning, end| {
            let mut nonce = [beginning; NONCE];
            nonce[BEGINNING..].fill(end);
            nonce
        };
        let mut tags = Vec::new();
        for (beginning, end) in [(1, 1), (1, 2), (2, 1), (2, 2), (1, 1)] {
            let mut text = [7; 32];
            let nonce = nonce(beginning, end);
            let tag = cipher.seal(&nonce, b"about", &mut text).unwrap();
            let fresh = XChaCha::new(secret([1; 32]));
            assert!(fresh.open(&nonce, b"about", &mut text, tag).is_some());
            assert_eq!(text, [7; 32]);
            tags.push(tag);
        }
        assert_eq!(tags.pop(), Some(tags[0]));
        tags.sort_unstable();
        tags.dedup();
        assert_eq!(tags.len(), 4);
    }

    proptest! {
        #[test]
        fn it_gives_what_another_implementation_gives(
            key: [u8; 32],
            nonces in proptest::collection::vec(any::<[u8; NONCE]>(), 1..3),
            about in proptest::collection::vec(any::<u8>(), 0..70),
            text in proptest::collection::vec(any::<u8>(), 0..1000),
            flipped in any::<proptest::sample::Index>(),
        ) {
            let cipher = XChaCha::new(secret(key));
            let other = XChaCha20Poly1305::new(&key.into());
            for nonce in nonces {
                let (mut sealed, mut expected) = (text.clone(), text.clone());
                let tag = cipher.seal(&nonce, &about, &mut sealed).unwrap();
                let bytes = expected.as_mut_slice();
                let right = other.encrypt_inout_detached(&nonce.into(), &about, bytes.into());
                prop_assert_eq!(&sealed, &expected);
                prop_assert_eq!(tag.to_vec(), right.unwrap().to_vec());
                let mut wrong = tag;
                let bit = flipped.index(128);
                wrong[bit / 8] ^= 1 << (bit % 8);
                prop_assert_eq!(cipher.open(&nonce, &about, &mut sealed, wrong), None);
                prop_assert_eq!(cipher.open(&nonce, &about, &mut expected, tag), Some(()));
                prop_assert_eq!(&expected, &text);
            }
        }
    }
}
