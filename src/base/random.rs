//! Where chance comes from: the operating system, or a seed for fixtures and CI.

use rand::rngs::{ChaCha12Rng, SysRng};
use rand::{SeedableRng, TryRng};

use crate::base::error::SystemError;
use crate::base::sha256::{Context, SHA256};

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
        let root = hash(b"crm-anon seed", &seed.to_le_bytes());
        Self { root }
    }

    /// The stream for one purpose; streams of different purposes tell nothing of each other.
    pub fn stream(&self, purpose: &str) -> ChaCha12Rng {
        ChaCha12Rng::from_seed(hash(&self.root, purpose.as_bytes()))
    }
}

/// The SHA-256 of one text behind the other.
fn hash(first: &[u8], second: &[u8]) -> [u8; 32] {
    let mut hash = Context::new(&SHA256);
    hash.update(first);
    hash.update(second);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(hash.finish().as_ref()) {
        *to = *from;
    }
    bytes
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
