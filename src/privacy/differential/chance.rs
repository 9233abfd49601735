//! Where the mechanisms' chance comes from, and events whose probabilities are ratios of whole numbers.

use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::base::error::SystemError;

/// A source of uniform bits.
pub(crate) trait Chance {
    /// 64 of them.
    fn word(&mut self) -> Result<u64, SystemError>;

    /// A whole number from 0 up to, and without, `end`, each as likely as the others.
    fn below(&mut self, end: u128) -> Result<u128, SystemError> {
        let Some(most) = end.checked_sub(1).filter(|most| *most > 0) else {
            return Ok(0);
        };
        let mask = u128::MAX >> most.leading_zeros();
        loop {
            let mut drawn = u128::from(self.word()?);
            if most > u128::from(u64::MAX) {
                drawn |= u128::from(self.word()?) << 64;
            }
            drawn &= mask;
            if drawn <= most {
                return Ok(drawn);
            }
        }
    }

    /// Whether something happens that has this probability.
    fn happens(&mut self, numerator: u128, denominator: u128) -> Result<bool, SystemError> {
        Ok(self.below(denominator)? < numerator)
    }
}

/// How many words are asked of the operating system at once.
const WORDS: usize = 512;

/// The operating system's randomness: no seed, and nothing between it and the mechanisms.
pub(crate) struct SystemChance {
    words: Vec<u64>,
}

impl SystemChance {
    pub(crate) fn new() -> Self {
        Self { words: Vec::new() }
    }
}

impl Chance for SystemChance {
    fn word(&mut self) -> Result<u64, SystemError> {
        if let Some(word) = self.words.pop() {
            return Ok(word);
        }
        let mut bytes = [0; 8 * WORDS];
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| SystemError {
                what: fixed!("randomness"),
                source: std::io::Error::other(error.to_string()),
            })?;
        let (words, _) = bytes.as_chunks();
        let mut words = words.iter().map(|word| u64::from_le_bytes(*word));
        let first = words.next().unwrap_or_default();
        self.words.extend(words);
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives words that a test lays out.
    struct Given(Vec<u64>);

    impl Chance for Given {
        fn word(&mut self) -> Result<u64, SystemError> {
            Ok(self.0.remove(0))
        }
    }

    #[test]
    fn numbers_beyond_the_end_are_drawn_again() {
        for (end, words, expected) in [
            (1, &[][..], 0),
            (6, &[7, 6, 5], 5),
            (6, &[8], 0),
            (1 << 64, &[u64::MAX], u128::from(u64::MAX)),
            ((1 << 64) + 1, &[1, 1, 0, 1], 1 << 64),
            ((1 << 64) + 1, &[5, 2], 5),
            (u128::MAX, &[u64::MAX, u64::MAX, 3, 0], 3),
        ] {
            let mut given = Given(words.to_vec());
            assert_eq!(given.below(end).unwrap(), expected, "{end} {words:?}");
            assert!(given.0.is_empty(), "{end} {words:?}");
        }
    }

    #[test]
    fn the_system_gives_other_words_each_time() {
        let (mut one, mut other) = (SystemChance::new(), SystemChance::new());
        let draw = |chance: &mut SystemChance| -> Vec<u64> {
            (0..2 * WORDS).map(|_| chance.word().unwrap()).collect()
        };
        let mut all = [draw(&mut one), draw(&mut other)].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4 * WORDS);
    }
}
