//! Poly1305 (RFC 8439, section 2.5) of messages of a few blocks.
//!
//! The crate `poly1305` works on four blocks at once where the processor can, and prepares for that
//! with each key: for the six or so blocks of a cell that takes fifteen times as long as going from
//! one to the next. So that is done here, one multiplication for each block. The arithmetic modulo
//! 2^130 − 5 is that of `fiat-crypto`, which was generated together with the proof that it is right.

use fiat_crypto::poly1305_64::{
    fiat_poly1305_add as add, fiat_poly1305_carry_mul as carry_mul,
    fiat_poly1305_loose_field_element as Loose, fiat_poly1305_relax as relax,
    fiat_poly1305_tight_field_element as Tight, fiat_poly1305_to_bytes as to_bytes,
};
use zeroize::Zeroize;

/// Sixteen bytes: what it works on, and what it gives.
pub(super) type Block = [u8; 16];

/// Which bits of the first half of a key count.
const CLAMP: u128 = 0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff;

/// The authenticator of one message under a key that is used for no other.
pub(super) struct Poly1305 {
    factor: Loose,
    sum: Tight,
    /// What is added at last.
    mask: u128,
}

impl Poly1305 {
    /// Of the empty message; the key is in two halves.
    #[inline]
    pub(super) fn new(first: &Block, second: &Block) -> Self {
        let mut factor = Loose([0; 3]);
        relax(&mut factor, &number(u128::from_le_bytes(*first) & CLAMP, 0));
        Self {
            factor,
            sum: Tight([0; 3]),
            mask: u128::from_le_bytes(*second),
        }
    }

    /// Goes on with whole blocks.
    #[inline]
    pub(super) fn update(&mut self, blocks: &[Block]) {
        for block in blocks {
            let mut sum = Loose([0; 3]);
            add(&mut sum, &self.sum, &number(u128::from_le_bytes(*block), 1));
            carry_mul(&mut self.sum, &sum, &self.factor);
        }
    }

    /// The tag.
    pub(super) fn tag(self) -> Block {
        let mut bytes = [0; 17];
        to_bytes(&mut bytes, &self.sum);
        let [sum @ .., _] = bytes;
        u128::from_le_bytes(sum)
            .wrapping_add(self.mask)
            .to_le_bytes()
    }
}

impl Drop for Poly1305 {
    fn drop(&mut self) {
        self.factor.0.zeroize();
        self.sum.0.zeroize();
        self.mask.zeroize();
    }
}

/// The number `high` · 2^128 + `low` in digits of 44, 43 and 43 bits.
#[inline]
fn number(low: u128, high: u64) -> Tight {
    const DIGIT: u64 = (1 << 43) - 1;
    Tight([
        low as u64 & (DIGIT << 1 | 1),
        (low >> 44) as u64 & DIGIT,
        (low >> 87) as u64 | high << 41,
    ])
}

#[cfg(test)]
mod tests {
    use poly1305::universal_hash::KeyInit as _;
    use proptest::prelude::*;

    use super::*;

    fn tag(key: [u8; 32], message: &[u8]) -> Block {
        let (halves, _) = key.as_chunks();
        let (blocks, rest) = message.as_chunks();
        assert!(rest.is_empty());
        let mut poly = Poly1305::new(&halves[0], &halves[1]);
        poly.update(blocks);
        poly.tag()
    }

    fn hex(text: &str) -> Vec<u8> {
        super::super::tests::decode_hex(text)
    }

    #[test]
    fn it_gives_the_vectors_of_rfc_8439_of_whole_blocks() {
        // Appendix A.3.
        let ones = "ff".repeat(16);
        for (case, key, message, expected) in [
            (
                "nothing at all",
                "00".repeat(32),
                "00".repeat(64),
                "00000000000000000000000000000000",
            ),
            (
                "a result that is not reduced yet",
                format!("02{}", "00".repeat(31)),
                ones.clone(),
                "03000000000000000000000000000000",
            ),
            (
                "a mask that overflows",
                format!("02{}{ones}", "00".repeat(15)),
                format!("02{}", "00".repeat(15)),
                "03000000000000000000000000000000",
            ),
            (
                "a carry into a limb of ones",
                format!("01{}", "00".repeat(31)),
                format!("{ones}f0{}11{}", "ff".repeat(15), "00".repeat(15)),
                "05000000000000000000000000000000",
            ),
            (
                "the modulus",
                format!("01{}", "00".repeat(31)),
                format!("{ones}fb{}{}", "fe".repeat(15), "01".repeat(16)),
                "00000000000000000000000000000000",
            ),
            (
                "one less than the modulus",
                format!("02{}", "00".repeat(31)),
                format!("fd{}", "ff".repeat(15)),
                "faffffffffffffffffffffffffffffff",
            ),
        ] {
            let key = hex(&key).try_into().unwrap();
            assert_eq!(tag(key, &hex(&message)).to_vec(), hex(expected), "{case}");
        }
    }

    proptest! {
        #[test]
        fn it_gives_what_another_implementation_gives(
            key: [u8; 32],
            blocks in proptest::collection::vec(any::<Block>(), 0..20),
            // Blocks of one byte are where carries run far.
            fill in proptest::option::of(prop_oneof![Just(0), Just(0xff), Just(0xfe), Just(0x80)]),
        ) {
            let blocks: Vec<Block> = match fill {
                Some(byte) => blocks.iter().map(|_| [byte; 16]).collect(),
                None => blocks,
            };
            let message = blocks.as_flattened();
            let expected = poly1305::Poly1305::new(&key.into()).compute_unpadded(message);
            prop_assert_eq!(tag(key, message).to_vec(), expected.to_vec());
        }
    }
}
