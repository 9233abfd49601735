//! The nonce of what belongs to a row: its index behind four bytes that tell apart what one key is used for.

use ring::aead::{NONCE_LEN, Nonce};

/// It is written in the pieces that the cipher reads: a read over two writes waits for both.
#[inline]
pub(super) fn of_row(kind: u32, index: u64) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    let (first, last) = nonce.as_chunks_mut::<8>();
    let last = last.first_chunk_mut();
    if let ([first], Some(last)) = (first, last) {
        *first = (u64::from(kind) << u32::BITS | index >> u32::BITS).to_be_bytes();
        *last = (index as u32).to_be_bytes();
    }
    Nonce::assume_unique_for_key(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_the_kind_and_the_index() {
        for (kind, index, bytes) in [
            (0, 0, [0; 12]),
            (1, 2, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]),
            (
                0x0102_0304,
                0x0506_0708_090A_0B0C,
                [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            ),
            (
                u32::MAX,
                1 << 32,
                [255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 0],
            ),
        ] {
            assert_eq!(of_row(kind, index).as_ref(), &bytes);
        }
    }
}
