//! Work that is compiled twice: for processors with AVX2, and for any other.
//!
//! [`run`] chooses when the program runs. Beside what the compiler makes of the instructions it may
//! use, work gets a way to [compare](Compare) 64 bytes at once: with AVX2, or eight bytes in one
//! word. Both give the same results.

use std::array;

/// The bytes of one block.
pub(crate) const BLOCK: usize = 64;

/// A way to compare.
pub(crate) trait Compare: Copy {
    /// A bit for each byte of the block that equals `wanted`, the first byte's lowest.
    fn equal(self, block: &[u8; BLOCK], wanted: u8) -> u64;

    /// A bit for each byte of the block that is not ASCII, the first byte's lowest.
    fn not_ascii(self, block: &[u8; BLOCK]) -> u64;

    /// A bit for each byte of the block that is a letter of ASCII, the first byte's lowest.
    fn letters(self, block: &[u8; BLOCK]) -> u64;

    /// A bit for each byte of the block that is `0xC0` or more: in UTF-8 the first of a character
    /// that is not ASCII.
    fn leads(self, block: &[u8; BLOCK]) -> u64;
}

/// Work that compares.
pub(crate) trait Work {
    type Output;

    /// Does it. Must be `#[inline(always)]`, with everything it calls on its way to `compare`, so
    /// that it is compiled for the processor that `compare` needs.
    fn work(self, compare: impl Compare) -> Self::Output;
}

/// Does the work in the best way there is.
pub(crate) fn run<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(
            #[inline(always)]
            || work.work(Avx2(simd)),
        );
    }
    work.work(Portable)
}

/// 32 bytes at a time.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct Avx2(pulp::x86::V3);

#[cfg(target_arch = "x86_64")]
impl Compare for Avx2 {
    #[inline(always)]
    fn equal(self, block: &[u8; BLOCK], wanted: u8) -> u64 {
        let Self(simd) = self;
        let [low, high]: [std::arch::x86_64::__m256i; 2] = pulp::cast(*block);
        let wanted = simd.avx._mm256_set1_epi8(wanted.cast_signed());
        let bits = |half| {
            let equal = simd.avx2._mm256_cmpeq_epi8(half, wanted);
            u64::from(simd.avx2._mm256_movemask_epi8(equal).cast_unsigned())
        };
        bits(low) | bits(high) << 32
    }

    #[inline(always)]
    fn not_ascii(self, block: &[u8; BLOCK]) -> u64 {
        let Self(simd) = self;
        let [low, high]: [std::arch::x86_64::__m256i; 2] = pulp::cast(*block);
        let bits = |half| u64::from(simd.avx2._mm256_movemask_epi8(half).cast_unsigned());
        bits(low) | bits(high) << 32
    }

    #[inline(always)]
    fn letters(self, block: &[u8; BLOCK]) -> u64 {
        let Self(simd) = self;
        let [low, high]: [std::arch::x86_64::__m256i; 2] = pulp::cast(*block);
        let all = |byte: u8| simd.avx._mm256_set1_epi8(byte.cast_signed());
        let (case, first, last) = (all(0x20), all(b'a'), all(b'z' - b'a'));
        let bits = |half| {
            let lower = simd.avx2._mm256_or_si256(half, case);
            let from_a = simd.avx2._mm256_sub_epi8(lower, first);
            let at_most_z = simd.avx2._mm256_min_epu8(from_a, last);
            let letters = simd.avx2._mm256_cmpeq_epi8(from_a, at_most_z);
            u64::from(simd.avx2._mm256_movemask_epi8(letters).cast_unsigned())
        };
        bits(low) | bits(high) << 32
    }

    #[inline(always)]
    fn leads(self, block: &[u8; BLOCK]) -> u64 {
        let Self(simd) = self;
        let [low, high]: [std::arch::x86_64::__m256i; 2] = pulp::cast(*block);
        let least = simd.avx._mm256_set1_epi8(0xC0_u8.cast_signed());
        let bits = |half| {
            let leads = simd
                .avx2
                ._mm256_cmpeq_epi8(simd.avx2._mm256_max_epu8(half, least), half);
            u64::from(simd.avx2._mm256_movemask_epi8(leads).cast_unsigned())
        };
        bits(low) | bits(high) << 32
    }
}

/// Eight bytes at a time.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Compare for Portable {
    #[inline(always)]
    fn equal(self, block: &[u8; BLOCK], wanted: u8) -> u64 {
        const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
        let (words, _) = block.as_chunks::<8>();
        let pattern = u64::from_le_bytes(array::from_fn(|_| wanted));
        let mut mask = 0;
        for (position, word) in words.iter().enumerate() {
            let difference = u64::from_le_bytes(*word) ^ pattern;
            // The high bit of each byte that has no bit set: no carry crosses a byte.
            let equal = !((difference & LOW).wrapping_add(LOW) | difference | LOW);
            mask |= high_bits(equal) << (8 * position);
        }
        mask
    }

    #[inline(always)]
    fn not_ascii(self, block: &[u8; BLOCK]) -> u64 {
        let (words, _) = block.as_chunks::<8>();
        let words = words
            .iter()
            .map(|word| u64::from_le_bytes(*word))
            .enumerate();
        words.fold(0, |mask, (position, word)| {
            mask | high_bits(word & HIGH) << (8 * position)
        })
    }

    #[inline(always)]
    fn letters(self, block: &[u8; BLOCK]) -> u64 {
        const EACH: u64 = HIGH >> 7;
        let (words, _) = block.as_chunks::<8>();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        words.enumerate().fold(0, |mask, (position, word)| {
            let low = (word | EACH * 0x20) & !HIGH;
            // No sum leaves its byte.
            let from_a = low.wrapping_add(EACH * u64::from(0x80 - b'a'));
            let past_z = low.wrapping_add(EACH * u64::from(0x7F - b'z'));
            mask | high_bits(from_a & !past_z & !word & HIGH) << (8 * position)
        })
    }

    #[inline(always)]
    fn leads(self, block: &[u8; BLOCK]) -> u64 {
        let (words, _) = block.as_chunks::<8>();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        words.enumerate().fold(0, |mask, (position, word)| {
            mask | high_bits(word & (word << 1) & HIGH) << (8 * position)
        })
    }
}

/// The high bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bits of eight bytes that have no other bit set, side by side.
#[inline(always)]
fn high_bits(bytes: u64) -> u64 {
    // Each byte's bit lands in the highest byte, at the byte's own position.
    (bytes >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Equal<'a>(&'a [u8; BLOCK], u8);

    impl Work for Equal<'_> {
        type Output = u64;

        #[inline(always)]
        fn work(self, compare: impl Compare) -> u64 {
            compare.equal(self.0, self.1)
        }
    }

    struct Kinds<'a>(&'a [u8; BLOCK]);

    impl Work for Kinds<'_> {
        type Output = [u64; 3];

        #[inline(always)]
        fn work(self, compare: impl Compare) -> [u64; 3] {
            let Self(block) = self;
            [
                compare.not_ascii(block),
                compare.letters(block),
                compare.leads(block),
            ]
        }
    }

    #[test]
    fn every_way_of_comparing_gives_the_same_masks() {
        let mut state = 1_u32;
        for _ in 0..2000 {
            let block: [u8; BLOCK] = array::from_fn(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Few values, some with the high bit, so that many are equal.
                b",\"\n\r\x00\x80\xff\xac"[(state >> 29) as usize]
            });
            for wanted in [b',', b'"', b'\n', 0, 0x80, 0xFF, b'x'] {
                let expected: u64 = (0..BLOCK)
                    .map(|at| u64::from(block[at] == wanted) << at)
                    .sum();
                assert_eq!(Portable.equal(&block, wanted), expected);
                assert_eq!(run(Equal(&block, wanted)), expected);
            }
        }
        for start in 0..=255_u8 {
            let block: [u8; BLOCK] = array::from_fn(|at| start.wrapping_add(7 * at as u8));
            let bits = |is: fn(&u8) -> bool| -> u64 {
                (0..BLOCK).map(|at| u64::from(is(&block[at])) << at).sum()
            };
            let expected = [
                bits(|byte| !byte.is_ascii()),
                bits(u8::is_ascii_alphabetic),
                bits(|byte| *byte >= 0xC0),
            ];
            assert_eq!(run(Kinds(&block)), expected);
            assert_eq!(Kinds(&block).work(Portable), expected);
        }
    }
}
