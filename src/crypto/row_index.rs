//! `Index_rd`: a random number for each row, in constant memory.
//!
//! The index of record *i* is the encryption of *i* under a key that is drawn for the run and then
//! forgotten. Encryption with a block cipher is a permutation, so no two rows share an index; it
//! depends on nothing but the record's position and the key, so any number of threads gives the
//! same; and without the key it tells nothing of the position.
//!
//! The cipher is Speck48/96 (R. Beaulieu et al., *The Simon and Speck Families of Lightweight
//! Block Ciphers*, 2013, <https://eprint.iacr.org/2013/404>): its block is 48 bits, so every index is
//! below 2^48, which has 15 digits, with no number left out and nothing to try again. Nothing that is
//! secret for longer than a run hangs on it.
//!
//! AES is the better known cipher, but of 128 bits: it would have to be the round function of a Feistel
//! network over two halves of 24 bits. Eight rounds of that took 226 ms for a million rows, with the
//! processor's instructions and 16 rows at a time (crate `aes` 0.9), and 262 ms with ring's mask for the headers of QUIC,
//! which is one block in 34 ns, where this takes 4 ms: a third of a run.

use rand::Rng;

use crate::base::simd::{Compare, Work};

const WORD: u32 = 24;
const MASK: u32 = (1 << WORD) - 1;
const ROUNDS: usize = 23;

/// The key of one run's index.
#[derive(Clone, Copy)]
pub struct IndexKey {
    rounds: [u32; ROUNDS],
}

impl IndexKey {
    /// Draws a key.
    pub fn draw(random: &mut impl Rng) -> Self {
        let mut word = || random.next_u32() & MASK;
        Self::expand(word(), [word(), word(), word()])
    }

    fn expand(mut k: u32, mut l: [u32; 3]) -> Self {
        let mut rounds = [0; ROUNDS];
        for (round, key) in (0..).zip(&mut rounds) {
            *key = k;
            let [first, second, third] = l;
            let next = (k.wrapping_add(rotate_right_8(first)) & MASK) ^ round;
            l = [second, third, next];
            k = rotate_left_3(k) ^ next;
        }
        Self { rounds }
    }

    /// The indexes of `count` records from `position` on, in place of what `into` holds: the same
    /// as [`IndexKey::index`] gives, several at a time.
    pub fn indexes(&self, position: u64, count: usize, into: &mut Vec<u64>) {
        into.clear();
        into.resize(count, 0);
        crate::base::simd::run(Indexes {
            key: self,
            position,
            into,
        });
    }

    /// The index of the record at `position`, from 0: below 2^48 and different for each position
    /// below 2^48.
    #[inline]
    pub fn index(&self, position: u64) -> u64 {
        let mut x = (position >> WORD) as u32 & MASK;
        let mut y = position as u32 & MASK;
        for key in self.rounds {
            (x, y) = round(x, y, key);
        }
        u64::from(x) << WORD | u64::from(y)
    }
}

/// Making many indexes.
struct Indexes<'a> {
    key: &'a IndexKey,
    position: u64,
    into: &'a mut [u64],
}

impl Work for Indexes<'_> {
    type Output = ();

    #[inline(always)]
    fn work(self, _: impl Compare) {
        const LANES: usize = 16;
        let mut position = self.position;
        for lanes in self.into.chunks_mut(LANES) {
            let mut x = [0; LANES];
            let mut y = [0; LANES];
            for (lane, (x, y)) in (0..).zip(x.iter_mut().zip(&mut y)) {
                let position = position.wrapping_add(lane);
                *x = (position >> WORD) as u32 & MASK;
                *y = position as u32 & MASK;
            }
            for key in self.key.rounds {
                for (x, y) in x.iter_mut().zip(&mut y) {
                    (*x, *y) = round(*x, *y, key);
                }
            }
            for (index, (x, y)) in lanes.iter_mut().zip(x.iter().zip(&y)) {
                *index = u64::from(*x) << WORD | u64::from(*y);
            }
            position = position.wrapping_add(LANES as u64);
        }
    }
}

/// One round of the cipher.
#[inline(always)]
fn round(x: u32, y: u32, key: u32) -> (u32, u32) {
    let x = (rotate_right_8(x).wrapping_add(y) & MASK) ^ key;
    (x, rotate_left_3(y) ^ x)
}

#[inline(always)]
fn rotate_right_8(word: u32) -> u32 {
    (word >> 8 | word << (WORD - 8)) & MASK
}

#[inline(always)]
fn rotate_left_3(word: u32) -> u32 {
    (word << 3 | word >> (WORD - 3)) & MASK
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::base::random::Randomness;

    #[test]
    fn the_cipher_gives_its_designers_test_vector() {
        // Appendix C of the paper: Speck48/96.
        let key = IndexKey::expand(0x020100, [0x0a0908, 0x121110, 0x1a1918]);
        assert_eq!(key.index(0x6d2073_696874), 0x735e10_b6445d);
    }

    #[test]
    fn many_indexes_at_once_are_the_same() {
        let key = IndexKey::draw(&mut Randomness::from_seed(3).stream("index"));
        for (position, count) in [(0, 0), (0, 1), (5, 16), (7, 100), (0xFF_FFF0, 40)] {
            let mut many = vec![9];
            key.indexes(position, count, &mut many);
            let single: Vec<u64> = (position..).take(count).map(|at| key.index(at)).collect();
            assert_eq!(many, single);
        }
    }

    #[test]
    fn indexes_are_unique_and_have_at_most_15_digits() {
        let key = IndexKey::draw(&mut Randomness::from_seed(1).stream("index"));
        let indexes: HashSet<u64> = (0..100_000).map(|position| key.index(position)).collect();
        assert_eq!(indexes.len(), 100_000);
        assert!(indexes.iter().all(|index| index.to_string().len() <= 15));
    }

    #[test]
    fn indexes_do_not_follow_the_order_of_the_rows() {
        const ROWS: u64 = 20_000;
        let key = IndexKey::draw(&mut Randomness::from_seed(2).stream("index"));
        let mut order: Vec<u64> = (0..ROWS).collect();
        order.sort_by_key(|&position| key.index(position));
        // Spearman's rank correlation of a random order has the standard deviation 1/√(n − 1).
        let squares: f64 = (0..)
            .zip(&order)
            .map(|(rank, &position)| (f64::from(rank) - position as f64).powi(2))
            .sum();
        let n = ROWS as f64;
        let correlation = 1.0 - 6.0 * squares / (n * (n * n - 1.0));
        assert!(correlation.abs() < 5.0 / (n - 1.0).sqrt(), "{correlation}");
        let rising = order.windows(2).filter(|pair| pair[0] < pair[1]).count() as f64;
        assert!(
            (rising - n / 2.0).abs() < 5.0 * (n / 12.0).sqrt(),
            "{rising}"
        );
    }
}
