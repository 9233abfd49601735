//! Work that is compiled twice: for processors with AVX2, and for any other.
//!
//! `run` chooses when the program runs. Beside what the compiler makes of the instructions it may
//! use, work gets a way to compare 64 bytes at once: with AVX2, or eight bytes in one
//! word. Both give the same results.

use std::array;

/// The bytes of one block.
pub(crate) const BLOCK: usize = 64;

pub(crate) const HALF: usize = BLOCK / 2;

/// A way to compare.
pub(crate) trait Compare: Copy {
    /// A bit for each byte of the block that equals `wanted`, the first byte's lowest.
    fn equal(self, block: &[u8; BLOCK], wanted: u8) -> u64;

    /// A bit for each byte of the block that is `most` or less, which is ASCII, the first byte's lowest.
    fn at_most(self, block: &[u8; BLOCK], most: u8) -> u64;

    /// A bit for each byte of the block that is not ASCII, the first byte's lowest.
    fn not_ascii(self, block: &[u8; BLOCK]) -> u64;

    /// A bit for each byte of half a block that is a letter of ASCII, the first byte's lowest.
    fn letters(self, half: &[u8; HALF]) -> u32;

    /// A bit for each byte of half a block that is a digit of ASCII, the first byte's lowest.
    fn digits(self, half: &[u8; HALF]) -> u32;

    /// A bit for each byte of half a block that is at least `least`, which is not ASCII.
    fn foreign(self, half: &[u8; HALF], least: u8) -> u32;
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
    fn at_most(self, block: &[u8; BLOCK], most: u8) -> u64 {
        let Self(simd) = self;
        let [low, high]: [std::arch::x86_64::__m256i; 2] = pulp::cast(*block);
        let most = simd.avx._mm256_set1_epi8(most.cast_signed());
        let bits = |half| {
            let at_most = simd
                .avx2
                ._mm256_cmpeq_epi8(simd.avx2._mm256_min_epu8(half, most), half);
            u64::from(simd.avx2._mm256_movemask_epi8(at_most).cast_unsigned())
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
    fn letters(self, half: &[u8; HALF]) -> u32 {
        let Self(simd) = self;
        let half: std::arch::x86_64::__m256i = pulp::cast(*half);
        let all = |byte: u8| simd.avx._mm256_set1_epi8(byte.cast_signed());
        let lower = simd.avx2._mm256_or_si256(half, all(0x20));
        let from_a = simd.avx2._mm256_sub_epi8(lower, all(b'a'));
        let at_most_z = simd.avx2._mm256_min_epu8(from_a, all(b'z' - b'a'));
        let letters = simd.avx2._mm256_cmpeq_epi8(from_a, at_most_z);
        simd.avx2._mm256_movemask_epi8(letters).cast_unsigned()
    }

    #[inline(always)]
    fn digits(self, half: &[u8; HALF]) -> u32 {
        let Self(simd) = self;
        let half: std::arch::x86_64::__m256i = pulp::cast(*half);
        let all = |byte: u8| simd.avx._mm256_set1_epi8(byte.cast_signed());
        let from_0 = simd.avx2._mm256_sub_epi8(half, all(b'0'));
        let at_most_9 = simd.avx2._mm256_min_epu8(from_0, all(9));
        let digits = simd.avx2._mm256_cmpeq_epi8(from_0, at_most_9);
        simd.avx2._mm256_movemask_epi8(digits).cast_unsigned()
    }

    #[inline(always)]
    fn foreign(self, half: &[u8; HALF], least: u8) -> u32 {
        let Self(simd) = self;
        let half: std::arch::x86_64::__m256i = pulp::cast(*half);
        let least = simd.avx._mm256_set1_epi8(least.cast_signed());
        let more = simd.avx2._mm256_max_epu8(half, least);
        let foreign = simd.avx2._mm256_cmpeq_epi8(more, half);
        simd.avx2._mm256_movemask_epi8(foreign).cast_unsigned()
    }
}

/// Eight bytes at a time.
#[derive(Clone, Copy)]
struct Portable;

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
    fn at_most(self, block: &[u8; BLOCK], most: u8) -> u64 {
        const EACH: u64 = HIGH >> 7;
        let (words, _) = block.as_chunks::<8>();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        // No sum leaves its byte.
        let past = EACH * u64::from(0x7F - (most & 0x7F));
        words.enumerate().fold(0, |mask, (position, word)| {
            let more = (word & !HIGH).wrapping_add(past) | word;
            mask | high_bits(!more & HIGH) << (8 * position)
        })
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
    fn letters(self, half: &[u8; HALF]) -> u32 {
        const EACH: u64 = HIGH >> 7;
        let (words, _) = half.as_chunks::<8>();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        words.enumerate().fold(0, |mask, (position, word)| {
            let low = (word | (EACH * 0x20)) & !HIGH;
            // No sum leaves its byte.
            let from_a = low.wrapping_add(EACH * u64::from(0x80 - b'a'));
            let past_z = low.wrapping_add(EACH * u64::from(0x7F - b'z'));
            mask | (high_bits(from_a & !past_z & !word & HIGH) as u32) << (8 * position)
        })
    }

    #[inline(always)]
    fn digits(self, half: &[u8; HALF]) -> u32 {
        const EACH: u64 = HIGH >> 7;
        let (words, _) = half.as_chunks::<8>();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        words.enumerate().fold(0, |mask, (position, word)| {
            // A digit becomes 0 to 9. Adding 0x76 to the low seven bits sets the high bit of what is more
            // than 9, and never carries into the next byte.
            let from_0 = word ^ (EACH * 0x30);
            let others = (from_0 & !HIGH).wrapping_add(EACH * 0x76) | from_0;
            mask | (high_bits(!others & HIGH) as u32) << (8 * position)
        })
    }

    #[inline(always)]
    fn foreign(self, half: &[u8; HALF], least: u8) -> u32 {
        let bytes = half.iter().enumerate();
        bytes.fold(0, |mask, (position, byte)| {
            mask | u32::from(*byte >= least) << position
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
        type Output = [u64; 7];

        #[inline(always)]
        fn work(self, compare: impl Compare) -> [u64; 7] {
            let Self(block) = self;
            let half = block.first_chunk().unwrap();
            [
                compare.not_ascii(block),
                compare.at_most(block, b'\r'),
                compare.at_most(block, 0x7F),
                compare.letters(half).into(),
                compare.digits(half).into(),
                compare.foreign(half, 0xC0).into(),
                compare.foreign(half, 0x80).into(),
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
            let block: [u8; BLOCK] =
                array::from_fn(|at| start.wrapping_add((at as u8).wrapping_mul(7)));
            let bits = |is: fn(&u8) -> bool| -> u64 {
                (0..BLOCK).map(|at| u64::from(is(&block[at])) << at).sum()
            };
            let low = |mask: u64| mask & u64::from(u32::MAX);
            let expected = [
                bits(|byte| !byte.is_ascii()),
                bits(|byte| *byte <= b'\r'),
                bits(u8::is_ascii),
                low(bits(u8::is_ascii_alphabetic)),
                low(bits(u8::is_ascii_digit)),
                low(bits(|byte| *byte >= 0xC0)),
                low(bits(|byte| !byte.is_ascii())),
            ];
            assert_eq!(run(Kinds(&block)), expected);
            assert_eq!(Kinds(&block).work(Portable), expected);
        }
    }
}
