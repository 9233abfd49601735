//! Keys of one run: what a role's key gives for it, and the secret that the run draws for itself.

use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use super::{KeyError, LENGTH, Role, RoleKey, Secret, expand};

/// The version of what is made with the keys of a run.
const VERSION: u32 = 2;

impl RoleKey {
    /// Derives a key for one purpose in one run: HKDF-SHA-256 with what tells the run from others as its
    /// salt and `crm-anon/2/KIND/ROLE/NAME` as its info.
    ///
    /// # Errors
    /// [`KeyError::Underivable`] if `N` is more than HKDF can give, 8160.
    pub(in crate::crypto) fn derive_in_run<const N: usize>(
        &self,
        run: &[u8],
        kind: &str,
        name: &str,
    ) -> Result<Secret<N>, KeyError> {
        let role: &Role = &self.role;
        let info = format!("crm-anon/{VERSION}/{kind}/{role}/{name}");
        derived(run, self.key.as_slice(), &info)
    }
}

/// What a run draws for its seals. Whoever has the key of one of its roles can read it.
pub struct RunSecret(Secret<LENGTH>);

impl RunSecret {
    /// The bytes of one.
    pub(in crate::crypto) const LENGTH: usize = LENGTH;

    /// Draws one from the operating system.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn draw() -> Result<Self, KeyError> {
        let mut secret: Secret<LENGTH> = Box::default();
        SysRng
            .try_fill_bytes(secret.as_mut_slice())
            .map_err(|error| KeyError::NoRandomness(std::io::Error::other(error.to_string())))?;
        Ok(Self(secret))
    }

    pub(in crate::crypto) fn of(bytes: &[u8; LENGTH]) -> Self {
        let mut secret: Secret<LENGTH> = Box::default();
        secret.copy_from_slice(bytes);
        Self(secret)
    }

    pub(in crate::crypto) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// Derives a key for one purpose: HKDF-SHA-256 with `salt`, and `crm-anon/2/KIND` as its info.
    ///
    /// # Errors
    /// As [`RoleKey::derive`].
    pub(in crate::crypto) fn derive(
        &self,
        salt: &[u8],
        kind: &str,
    ) -> Result<Secret<LENGTH>, KeyError> {
        let info = format!("crm-anon/{VERSION}/{kind}");
        derived(salt, self.0.as_slice(), &info)
    }
}

fn derived<const N: usize>(salt: &[u8], secret: &[u8], info: &str) -> Result<Secret<N>, KeyError> {
    let mut key: Secret<N> = Box::new(Zeroizing::new([0; N]));
    expand(salt, secret, info.as_bytes(), key.as_mut_slice())?;
    Ok(key)
}
