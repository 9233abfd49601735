//! Keys of roles: whoever holds the key file of a role reads the columns that were encrypted for it.
//!
//! ```text
//! key file ── 32 random bytes of a role ──┬─ HKDF ─► a key for each column that is encrypted
//!                                         ├─ HKDF ─► a key for each domain that is hashed
//!                                         └─ HKDF ─► 4 bytes that tell this key from another
//! ```
//!
//! A key comes from a file that nobody else can read, never from the command line. It is wiped from
//! memory when it is dropped, `Debug` shows its role alone, and no message has a place for it. It stays off the
//! disk where the system allows that ([`keep_off_the_disk`]). What the ciphers of `ring` work out of it for
//! themselves is not wiped, and is gone with the process.

mod error;
mod file;
mod make;
mod read;
mod role;
mod run;
mod sealed;
mod terminal;

use std::fmt;
use std::path::{Path, PathBuf};

use rand::TryRng;
use rand::rngs::SysRng;
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use zeroize::Zeroizing;

use crate::base::escape::ShownPath;
use crate::io::system::secrets::keep_off_the_disk;

pub use error::KeyError;
pub use make::make;
pub use role::Role;
pub use run::RunSecret;

/// The bytes of a role's key.
const LENGTH: usize = 32;

/// The version of everything that is made with keys.
const VERSION: u32 = 1;

/// A key that is wiped when it is dropped. It stays in one place of memory.
pub type Secret<const N: usize> = Box<Zeroizing<[u8; N]>>;

/// The key of a role.
pub struct RoleKey {
    role: Role,
    key: Secret<LENGTH>,
}

impl fmt::Debug for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleKey")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl RoleKey {
    /// Draws a new key from the operating system.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn draw(role: Role) -> Result<Self, KeyError> {
        let mut key: Secret<LENGTH> = Box::default();
        SysRng
            .try_fill_bytes(key.as_mut_slice())
            .map_err(|error| KeyError::NoRandomness(std::io::Error::other(error.to_string())))?;
        Ok(Self { role, key })
    }

    /// The role.
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// Derives a key for one purpose by HKDF-SHA-256 (RFC 5869) without a salt: keys of different
    /// [contexts](context) tell nothing of each other nor of the role's key.
    ///
    /// # Errors
    /// [`KeyError::Underivable`] if `N` is more than HKDF can give, 8160.
    pub fn derive<const N: usize>(&self, kind: &str, name: &str) -> Result<Secret<N>, KeyError> {
        let info = context(kind, &self.role, name);
        let mut key: Secret<N> = Box::new(Zeroizing::new([0; N]));
        expand(
            &[],
            self.key.as_slice(),
            info.as_bytes(),
            key.as_mut_slice(),
        )?;
        Ok(key)
    }

    /// Four bytes that tell this key from another of its role, and nothing else of it.
    ///
    /// # Errors
    /// As [`RoleKey::derive`].
    pub fn id(&self) -> Result<[u8; 4], KeyError> {
        Ok(**self.derive::<4>("key-id", "")?)
    }
}

/// HKDF-SHA-256 of a secret.
fn expand(salt: &[u8], secret: &[u8], info: &[u8], key: &mut [u8]) -> Result<(), KeyError> {
    let length = Length(key.len());
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], length)
        .and_then(|derived| derived.fill(key))
        .map_err(|_| KeyError::Underivable)
}

/// How many bytes to derive.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// What a derived key is for: `crm-anon/1/KIND/ROLE/NAME`. A kind and a role have no `/`, so no two
/// purposes have one text.
pub fn context(kind: &str, role: &Role, name: &str) -> String {
    format!("crm-anon/{VERSION}/{kind}/{role}/{name}")
}

/// A passphrase, wiped when it is dropped.
pub type Passphrase = Zeroizing<String>;

/// Asks twice for a new passphrase, on the terminal.
///
/// # Errors
/// [`KeyError::NoTerminal`]; [`KeyError::NoPassphrase`].
pub fn new_passphrase() -> Result<Passphrase, KeyError> {
    let first = terminal_says("New passphrase")?;
    match first == terminal_says("The same again")? && !first.is_empty() {
        true => Ok(first),
        false => Err(KeyError::NoPassphrase),
    }
}

fn terminal_says(question: &str) -> Result<Passphrase, KeyError> {
    terminal::ask(question).map_err(KeyError::NoTerminal)
}

/// The keys of a run, one for each role at most.
#[derive(Debug, Default)]
pub struct KeyRing {
    keys: Vec<(PathBuf, RoleKey)>,
}

impl KeyRing {
    /// Reads key files. One that is sealed with a passphrase has it asked for on the terminal.
    ///
    /// # Errors
    /// [`KeyError`], [`KeyError::Twice`] if two are of one role.
    pub fn read(paths: &[PathBuf]) -> Result<Self, KeyError> {
        let mut ring = Self::default();
        if !paths.is_empty() {
            keep_off_the_disk();
        }
        for path in paths {
            let mut ask = || terminal_says(&format!("Passphrase of {}", ShownPath(path)));
            ring.add(path, read::read(path, &mut ask)?)?;
        }
        Ok(ring)
    }

    /// Adds a key that was read from `path`.
    ///
    /// # Errors
    /// [`KeyError::Twice`] if there is one of its role.
    pub fn add(&mut self, path: &Path, key: RoleKey) -> Result<(), KeyError> {
        if let Some((first, _)) = self.keys.iter().find(|(_, known)| known.role == key.role) {
            return Err(KeyError::Twice {
                role: key.role,
                first: first.clone(),
                second: path.to_owned(),
            });
        }
        self.keys.push((path.to_owned(), key));
        Ok(())
    }

    /// The key of a role.
    pub fn get(&self, role: &str) -> Option<&RoleKey> {
        self.keys().find(|key| key.role.as_str() == role)
    }

    /// All keys, in the order in which they were given.
    pub fn keys(&self) -> impl Iterator<Item = &RoleKey> {
        self.keys.iter().map(|(_, key)| key)
    }
}

#[cfg(test)]
pub(crate) fn known(name: &str, byte: u8) -> RoleKey {
    RoleKey {
        role: Role::try_from(name.to_owned()).unwrap(),
        key: Box::new(Zeroizing::new([byte; LENGTH])),
    }
}

#[cfg(test)]
mod tests;
