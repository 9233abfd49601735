//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, on RFC 8439) of cells: short messages under one key,
//! with one associated data, whose nonces begin alike.
//!
//! ```text
//! key ‖ nonce[0..16]     ─ HChaCha20 ─► subkey                                 once for a column
//! subkey ‖ nonce[16..24] ─ ChaCha20 ──► 64 bytes with the key of the tag, then what hides the text
//! tag = Poly1305 of associated data, hidden text and their lengths
//! ```
//!
//! It gives what the crate `chacha20poly1305` gives, to the byte, in a sixth of the time. That crate
//! works out the subkey for each message, asks for one block of ChaCha20 after the other, where the
//! vector instructions of a processor make four in the same time, and has a Poly1305 for long
//! messages ([why](super::poly1305)). Nonces are not more alike for it: the subkey is a function of
//! key and beginning, and one subkey still never meets the same eight bytes twice.

use std::sync::OnceLock;

use chacha20::cipher::StreamCipher;
use chacha20::{ChaCha20, KeyIvInit, R20, hchacha};
use zeroize::Zeroize;

use super::poly1305::{Block, Poly1305};
use crate::crypto::keys::Secret;

/// The bytes of a nonce.
pub(super) const NONCE: usize = 24;

/// Those of them that make the subkey.
const BEGINNING: usize = 16;

/// What is made of ChaCha20 at once, in blocks of 16 bytes: as many as vector instructions make.
const AT_ONCE: usize = 16;

/// So many of them stand before what hides the text.
const BEFORE: usize = 4;

/// The cipher of messages with one key and one associated data.
pub(super) struct XChaCha {
    key: Secret<32>,
    /// The associated data, with zeros up to a whole block.
    about: Vec<Block>,
    /// Its length without them, in bytes.
    about_length: u64,
    /// For the beginning that the first nonce had: in a column of a run, all have it.
    usual: OnceLock<Subkey>,
}

struct Subkey {
    beginning: [u8; BEGINNING],
    key: Secret<32>,
}

impl Subkey {
    fn new(key: &Secret<32>, beginning: [u8; BEGINNING]) -> Self {
        let mut made = hchacha::<R20>((&***key).into(), &beginning.into());
        let mut key: Secret<32> = Box::default();
        key.copy_from_slice(&made);
        made.zeroize();
        Self { beginning, key }
    }

    /// ChaCha20 from its first byte on.
    fn stream(&self, end: [u8; NONCE - BEGINNING]) -> ChaCha20 {
        let mut nonce = [0; 12];
        if let Some(behind) = nonce.last_chunk_mut() {
            *behind = end;
        }
        ChaCha20::new((&**self.key).into(), &nonce.into())
    }
}

impl XChaCha {
    /// For messages with this associated data.
    pub(super) fn new(key: Secret<32>, about: &[u8]) -> Self {
        let mut blocks = vec![[0; _]; about.len().div_ceil(size_of::<Block>())];
        let bytes = blocks.as_flattened_mut().iter_mut();
        bytes.zip(about).for_each(|(byte, from)| *byte = *from);
        Self {
            key,
            about: blocks,
            about_length: about.len() as u64,
            usual: OnceLock::new(),
        }
    }

    /// Encrypts a text of whole blocks where it stands, and gives its tag. No nonce may come twice.
    /// A text of 256 GB or more, which ChaCha20 does not take, gives nothing.
    pub(super) fn seal(&self, nonce: &[u8; NONCE], text: &mut [Block]) -> Option<Block> {
        let mut begun = self.begin(nonce, text)?;
        begun.finish(text)?;
        Some(self.tag(&begun, text))
    }

    /// Decrypts a text of whole blocks where it stands, if the tag is its own. Else it stays as it
    /// is, and nothing is given.
    pub(super) fn open(&self, nonce: &[u8; NONCE], text: &mut [Block], tag: &Block) -> Option<()> {
        let mut begun = self.begin(nonce, text)?;
        let own = self.tag(&begun, text);
        // As numbers, so that the time it takes does not tell where they differ.
        match u128::from_ne_bytes(own) ^ u128::from_ne_bytes(*tag) {
            0 => begun.finish(text),
            _ => None,
        }
    }

    fn begin(&self, nonce: &[u8; NONCE], text: &[Block]) -> Option<Begun> {
        let (beginning, end) = nonce.split_first_chunk()?;
        let end = *end.first_chunk()?;
        let usual = self
            .usual
            .get_or_init(|| Subkey::new(&self.key, *beginning));
        Begun::new(
            match usual.beginning == *beginning {
                true => usual.stream(end),
                false => Subkey::new(&self.key, *beginning).stream(end),
            },
            text,
        )
    }

    /// The tag of a hidden text.
    fn tag(&self, begun: &Begun, hidden: &[Block]) -> Block {
        let [first, second, ..] = &begun.done;
        let mut poly = Poly1305::new(first, second);
        poly.update(&self.about);
        poly.update(hidden);
        let length = hidden.as_flattened().len() as u128;
        let lengths = u128::from(self.about_length) | length << 64;
        poly.update(&[lengths.to_le_bytes()]);
        poly.tag()
    }
}

/// A message of which the beginning is done.
struct Begun {
    stream: ChaCha20,
    /// The beginning of what ChaCha20 gives, the text already in it.
    done: [Block; AT_ONCE],
}

impl Begun {
    fn new(mut stream: ChaCha20, text: &[Block]) -> Option<Self> {
        let mut done = [Block::default(); AT_ONCE];
        let places = done.iter_mut().skip(BEFORE);
        places.zip(text).for_each(|(place, block)| *place = *block);
        stream.try_apply_keystream(done.as_flattened_mut()).ok()?;
        Some(Self { stream, done })
    }

    /// Puts what comes of the text in its place.
    fn finish(&mut self, text: &mut [Block]) -> Option<()> {
        let done = self.done.iter().skip(BEFORE);
        text.iter_mut().zip(done).for_each(|(to, from)| *to = *from);
        let rest = text.get_mut(AT_ONCE - BEFORE..).unwrap_or_default();
        self.stream
            .try_apply_keystream(rest.as_flattened_mut())
            .ok()
    }
}

impl Drop for Begun {
    /// Behind the key of the tag, the text may stand here: it stands elsewhere, too.
    fn drop(&mut self) {
        let key = self.done.iter_mut().take(2);
        key.for_each(Zeroize::zeroize);
    }
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::XChaCha20Poly1305;
    use chacha20poly1305::aead::{AeadInOut, KeyInit};
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    use super::super::tests::decode_hex;
    use super::*;

    fn secret(key: [u8; 32]) -> Secret<32> {
        Box::new(Zeroizing::new(key))
    }

    #[test]
    fn hchacha_and_chacha_give_the_vectors_of_their_papers() {
        // draft-irtf-cfrg-xchacha-03, section 2.2.1.
        let beginning = decode_hex("000000090000004a0000000031415927");
        let key = std::array::from_fn(|at| at as u8);
        let subkey = Subkey::new(&secret(key), beginning.try_into().unwrap());
        let expected = "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc";
        assert_eq!(subkey.key.to_vec(), decode_hex(expected));
        // RFC 8439, appendix A.1, number 1, and the block behind it.
        let zero = Subkey {
            beginning: [0; 16],
            key: secret([0; 32]),
        };
        let mut begun = Begun::new(zero.stream([0; 8]), &[[0; 16]]).unwrap();
        let expected = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7";
        assert_eq!(begun.done[..2].as_flattened(), decode_hex(expected));
        let mut text = [[0; 16]];
        begun.finish(&mut text).unwrap();
        assert_eq!(
            text.as_flattened(),
            decode_hex("9f07e7be5551387a98ba977c732d080d")
        );
    }

    #[test]
    fn it_gives_the_vector_of_its_draft() {
        // draft-irtf-cfrg-xchacha-03, appendix A.3.1, whose text ends within a block: the whole
        // blocks here, all of it with the implementation that this one is compared with below.
        let key: [u8; 32] = std::array::from_fn(|at| 0x80 + at as u8);
        let nonce: [u8; NONCE] = std::array::from_fn(|at| 0x40 + at as u8);
        let about = decode_hex("50515253c0c1c2c3c4c5c6c7");
        let mut text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one \
                         tip for the future, sunscreen would be it."
            .to_vec();
        let mut blocks = text.as_chunks().0.to_vec();
        let cipher = XChaCha::new(secret(key), &about);
        cipher.seal(&nonce, &mut blocks).unwrap();
        let tag = XChaCha20Poly1305::new(&key.into())
            .encrypt_inout_detached(&nonce.into(), &about, text.as_mut_slice().into())
            .unwrap();
        let expected = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
            731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
            2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
            21f9664c97637da9768812f615c68b13b52e";
        assert_eq!(text, decode_hex(expected));
        assert_eq!(tag.to_vec(), decode_hex("c0875924c1c7987947deafd8780acf49"));
        assert!(text.starts_with(blocks.as_flattened()) && blocks.len() == 7);
    }

    #[test]
    fn a_subkey_is_for_its_beginning_alone() {
        let cipher = XChaCha::new(secret([1; 32]), b"about");
        let nonce = |beginning, end| {
            let mut nonce = [beginning; NONCE];
            nonce[BEGINNING..].fill(end);
            nonce
        };
        let mut tags = Vec::new();
        for (beginning, end) in [(1, 1), (1, 2), (2, 1), (2, 2), (1, 1)] {
            let mut text = [[7; 16]; 2];
            let nonce = nonce(beginning, end);
            let tag = cipher.seal(&nonce, &mut text).unwrap();
            let fresh = XChaCha::new(secret([1; 32]), b"about");
            assert!(fresh.open(&nonce, &mut text, &tag).is_some());
            assert_eq!(text, [[7; 16]; 2]);
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
            // Short ones, and those about the end of what is made at once.
            length in prop_oneof![0..6_usize, 10..16_usize, 16..60_usize],
            byte: u8,
            flipped in any::<proptest::sample::Index>(),
        ) {
            let cipher = XChaCha::new(secret(key), &about);
            let other = XChaCha20Poly1305::new(&key.into());
            for nonce in nonces {
                let text: Vec<Block> = vec![[byte; 16]; length];
                let (mut sealed, mut expected) = (text.clone(), text.clone());
                let tag = cipher.seal(&nonce, &mut sealed).unwrap();
                let bytes = expected.as_flattened_mut();
                let right = other.encrypt_inout_detached(&nonce.into(), &about, bytes.into());
                prop_assert_eq!(&sealed, &expected);
                prop_assert_eq!(tag.to_vec(), right.unwrap().to_vec());
                let mut wrong = tag;
                let bit = flipped.index(128);
                wrong[bit / 8] ^= 1 << (bit % 8);
                prop_assert_eq!(cipher.open(&nonce, &mut sealed, &wrong), None);
                prop_assert_eq!(&sealed, &expected);
                prop_assert_eq!(cipher.open(&nonce, &mut sealed, &tag), Some(()));
                prop_assert_eq!(&sealed, &text);
            }
        }
    }
}
