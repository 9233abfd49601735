//! AES-256-SIV (RFC 5297) of cells: texts of whole blocks under one key, with one header.
//!
//! It gives what the crate `aes-siv` gives, to the byte. That crate works out three sets of AES's round
//! keys and goes through the header for each message, which for a cell is most of the work; here both
//! are done once for a column.

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

use super::Block;
use crate::keys::Secret;

/// The cipher of texts with one key and one header.
pub(super) struct Siv {
    /// For the synthetic initialization vector.
    mac: Aes256,
    /// What CMAC adds to a last block that is whole.
    whole: u128,
    /// What S2V makes of the header.
    header: u128,
    /// For what hides the text.
    hide: Aes256,
}

impl Siv {
    /// For texts with this header. Only a key that is none gives nothing.
    pub(super) fn new(key: &Secret<64>, header: &[u8]) -> Option<Self> {
        let (halves, _) = key.as_chunks::<32>();
        let [mac, hide] = halves else {
            return None;
        };
        let mac = Aes256::new(mac.into());
        let whole = double(encrypted(&mac, 0));
        // CMAC (RFC 4493, with AES-256) of a block of zeros, then of the header.
        let nothing = encrypted(&mac, whole);
        Some(Self {
            header: double(nothing) ^ cmac(&mac, whole, header),
            hide: Aes256::new(hide.into()),
            mac,
            whole,
        })
    }

    /// Encrypts a text where it stands, and gives its synthetic initialization vector, by which it
    /// is also told whether it was altered.
    pub(super) fn seal(&self, text: &mut [Block]) -> Block {
        let vector = self.vector(text);
        self.crypt(vector, text);
        vector.to_be_bytes()
    }

    /// Decrypts a text where it stands, if the vector is its own. Else it stays as it is, and nothing
    /// is given.
    pub(super) fn open(&self, text: &mut [Block], vector: &Block) -> Option<()> {
        let vector = u128::from_be_bytes(*vector);
        self.crypt(vector, text);
        // As numbers, so that the time it takes does not tell where they differ.
        match self.vector(text) ^ vector {
            0 => Some(()),
            _ => {
                self.crypt(vector, text);
                None
            }
        }
    }

    /// S2V of the header and a text: CMAC of the text, the header's part added to its last block.
    fn vector(&self, text: &[Block]) -> u128 {
        let (last, before) = text.split_last().unwrap_or((&[0; 16], &[]));
        let state = chain(&self.mac, before);
        let last = u128::from_be_bytes(*last);
        encrypted(&self.mac, state ^ last ^ self.header ^ self.whole)
    }

    /// Adds what AES makes of a counter, which begins with the vector.
    fn crypt(&self, vector: u128, text: &mut [Block]) {
        let mut counter = vector & !(1 << 63 | 1 << 31);
        for block in text {
            let hidden = u128::from_be_bytes(*block) ^ encrypted(&self.hide, counter);
            *block = hidden.to_be_bytes();
            counter = counter.wrapping_add(1);
        }
    }
}

/// CMAC; `whole` is what it adds to a last block that is whole.
fn cmac(cipher: &Aes256, whole: u128, message: &[u8]) -> u128 {
    let (blocks, rest) = message.as_chunks();
    match (blocks, rest) {
        ([before @ .., last], []) => {
            let last = u128::from_be_bytes(*last) ^ whole;
            encrypted(cipher, chain(cipher, before) ^ last)
        }
        _ => {
            let mut last = Block::default();
            let behind = rest.iter().chain([&0x80]);
            last.iter_mut()
                .zip(behind)
                .for_each(|(to, from)| *to = *from);
            let last = u128::from_be_bytes(last) ^ double(whole);
            encrypted(cipher, chain(cipher, blocks) ^ last)
        }
    }
}

/// What CMAC has before its last block.
fn chain(cipher: &Aes256, blocks: &[Block]) -> u128 {
    blocks.iter().fold(0, |state, block| {
        encrypted(cipher, state ^ u128::from_be_bytes(*block))
    })
}

fn encrypted(cipher: &Aes256, block: u128) -> u128 {
    let mut block = block.to_be_bytes();
    cipher.encrypt_block((&mut block).into());
    u128::from_be_bytes(block)
}

/// Twice a number, in the field of CMAC.
fn double(number: u128) -> u128 {
    let carry = (number >> 127) * 0x87;
    number << 1 ^ carry
}

#[cfg(test)]
mod tests {
    use aes_siv::KeyInit as _;
    use aes_siv::siv::Aes256Siv;
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    use super::super::tests::decode_hex;
    use super::*;

    #[test]
    fn cmac_gives_the_vectors_of_nist() {
        // SP 800-38B, appendix D.3 (AES-256).
        let key = decode_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let key: [u8; 32] = key.try_into().unwrap();
        let cipher = Aes256::new(&key.into());
        let message = decode_hex(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51
             30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        );
        let whole = double(encrypted(&cipher, 0));
        for (length, expected) in [
            (0, "028962f61b7bf89efc6b551f4667d983"),
            (16, "28a7023f452e8f82bd4bf28d8c37c35c"),
            (40, "aaf3d8f1de5640c232f5b169b9c911e6"),
            (64, "e1992190549f6ed5696a2c056c315410"),
        ] {
            let tag = cmac(&cipher, whole, &message[..length]);
            assert_eq!(tag.to_be_bytes().to_vec(), decode_hex(expected), "{length}");
        }
    }

    #[test]
    fn what_it_is_compared_with_gives_the_vector_of_rfc_5297() {
        // Appendix A.1: AES-128, and a text that is no whole block.
        let key = decode_hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        let key: [u8; 32] = key.try_into().unwrap();
        let header = decode_hex("101112131415161718191a1b1c1d1e1f2021222324252627");
        let mut text = decode_hex("112233445566778899aabbccddee");
        let tag = aes_siv::siv::Aes128Siv::new(&key.into())
            .encrypt_inout_detached([&header], text.as_mut_slice().into())
            .unwrap();
        assert_eq!(tag.to_vec(), decode_hex("85632d07c6e8f37f950acd320a2ecc93"));
        assert_eq!(text, decode_hex("40c02b9690c4dc04daef7f6afe5c"));
    }

    proptest! {
        #[test]
        fn it_gives_what_another_implementation_gives(
            halves: [[u8; 32]; 2],
            header in proptest::collection::vec(any::<u8>(), 0..70),
            text in proptest::collection::vec(any::<Block>(), 1..20),
            flipped in any::<proptest::sample::Index>(),
        ) {
            let key: [u8; 64] = halves.as_flattened().try_into().unwrap();
            let cipher = Siv::new(&Box::new(Zeroizing::new(key)), &header).unwrap();
            let (mut sealed, mut expected) = (text.clone(), text.clone());
            let vector = cipher.seal(&mut sealed);
            let right = Aes256Siv::new(&key.into())
                .encrypt_inout_detached([&header], expected.as_flattened_mut().into());
            prop_assert_eq!(&sealed, &expected);
            prop_assert_eq!(vector.to_vec(), right.unwrap().to_vec());
            let mut wrong = vector;
            let bit = flipped.index(128);
            wrong[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(cipher.open(&mut sealed, &wrong), None);
            prop_assert_eq!(&sealed, &expected);
            prop_assert_eq!(cipher.open(&mut sealed, &vector), Some(()));
            prop_assert_eq!(&sealed, &text);
        }
    }
}
