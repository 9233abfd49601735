//! Where chance comes from: the operating system, or a seed for fixtures and CI.

use rand::rngs::SysRng;
use rand::{SeedableRng, TryRng};
use rand_chacha::ChaCha12Rng;
use sha2::{Digest, Sha256};

use crate::base::error::SystemError;

/// A source of independent streams of random numbers.
pub struct Randomness {
    root: [u8; 32],
}

impl Randomness {
    /// From the operating system: unpredictable, and never the same twice.
    ///
    /// # Errors
    /// [`SystemError`] if the operating system has none to give.
    pub fn from_system() -> Result<Self, SystemError> {
        let mut root = [0; 32];
        SysRng
            .try_fill_bytes(&mut root)
            .map_err(|error| SystemError {
                what: fixed!("randomness"),
                source: std::io::Error::other(error.to_string()),
            })?;
        Ok(Self { root })
    }

    /// From a seed: the same each time, so never for data that leave.
    pub fn from_seed(seed: u64) -> Self {
        let root = Sha256::new()
            .chain_update(b"crm-anon seed")
            .chain_update(seed.to_le_bytes())
            .finalize();
        Self { root: root.into() }
    }

    /// The stream for one purpose; streams of different purposes tell nothing of each other.
    pub fn stream(&self, purpose: &str) -> ChaCha12Rng {
        let seed = Sha256::new()
            .chain_update(self.root)
            .chain_update(purpose)
            .finalize();
        ChaCha12Rng::from_seed(seed.into())
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn seeds_and_purposes_make_different_streams() {
        let first = |randomness: &Randomness, purpose| randomness.stream(purpose).next_u64();
        let seeded = Randomness::from_seed(1);
        assert_eq!(
            first(&seeded, "index"),
            first(&Randomness::from_seed(1), "index")
        );
        assert_ne!(first(&seeded, "index"), first(&seeded, "order"));
        assert_ne!(
            first(&seeded, "index"),
            first(&Randomness::from_seed(2), "index")
        );
        let system = Randomness::from_system().unwrap();
        assert_ne!(
            first(&system, "index"),
            first(&Randomness::from_system().unwrap(), "index")
        );
    }
}
