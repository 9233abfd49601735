//! Which token stands for which value: a correspondence that lives apart from the data, encrypted.
//!
//! A token says nothing of its value, so whoever has only the output learns nothing; whoever has the
//! vault and the key of its role finds the value again; and once the vault is destroyed nobody does.
//! The vault is one file of an embedded store (`redb`). It holds no value and no key in the clear:
//!
//! * `tokens`: HMAC-SHA-256 of domain and value, under a key derived from the role's → the token;
//! * `values`: the token → nonce, XChaCha20-Poly1305 ciphertext of the value and tag, bound to the
//!   token;
//! * `about`: the version of this layout, and a check by which another key is told apart.
//!
//! What a run adds is one transaction: it is there in whole, or the vault is as it was before. The
//! store keeps at most [`CACHE`] bytes of it in memory, however many values there are.

mod error;
mod file;
mod reader;
mod run;
mod token;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::Rng;
use rand::rngs::ChaCha12Rng;
use redb::backends::FileBackend;
use redb::{Builder, Database, DatabaseError, ReadableTable, TableDefinition, WriteTransaction};
use ring::hmac::{self, HMAC_SHA256};
use zeroize::Zeroizing;

use crate::base::panics::caught;
use crate::crypto::keys::{Role, RoleKey, Secret};
use crate::crypto::xchacha::{NONCE, TAG, XChaCha};

pub use error::VaultError;
pub use reader::VaultReader;
pub use run::Vaults;
pub use token::{TOKEN, Token};

/// How much of a vault is kept in memory, in bytes.
pub const CACHE: usize = 64 << 20;

const TOKENS: TableDefinition<'_, &[u8; 32], &[u8; TOKEN]> = TableDefinition::new("tokens");
const VALUES: TableDefinition<'_, &[u8; TOKEN], &[u8]> = TableDefinition::new("values");
const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");

/// The only layout there is.
const VERSION: &[u8] = b"1";

/// The keys of a vault, both derived from the key of one role.
struct VaultKeys {
    /// Finds a value without showing it.
    lookup: Secret<32>,
    /// Encrypts values.
    seal: Secret<32>,
}

impl VaultKeys {
    fn of(key: &RoleKey) -> Result<Self, VaultError> {
        let derive = |kind| key.derive(kind, "").map_err(|_| VaultError::Underivable);
        Ok(Self {
            lookup: derive("vault-lookup")?,
            seal: derive("vault-seal")?,
        })
    }
}

/// A vault in use: no other process can open it.
pub struct Vault {
    path: PathBuf,
    role: Role,
    lookup: hmac::Key,
    seal: XChaCha,
    /// Makes a value's token: the key of this run, forgotten with it.
    draw: hmac::Key,
    inner: Mutex<Inner>,
}

struct Inner {
    /// What the run adds; gone once it is committed or failed.
    changes: Option<WriteTransaction>,
    nonces: ChaCha12Rng,
    /// Why it works no longer.
    failure: Option<Failure>,
    /// Whether it did not exist before this run, and does not hold anything yet.
    empty: bool,
    /// Behind `changes`, which must go first.
    database: Option<Database>,
}

/// Why a vault works no longer.
#[derive(Clone)]
enum Failure {
    /// It is damaged. The store says so, or panics over it.
    Damaged,
    Says(String),
}

impl From<redb::Error> for Failure {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Corrupted(_) => Self::Damaged,
            error => Self::Says(error.to_string()),
        }
    }
}

impl Vault {
    /// Opens a vault, or makes one of mode 0600. `draw` is the chance that tokens come from, `nonces`
    /// that of the encryption, which must never repeat.
    ///
    /// # Errors
    /// [`VaultError`], but for [`VaultError::Failed`] only if the store fails at once.
    pub fn open(
        path: &Path,
        key: &RoleKey,
        draw: &mut impl Rng,
        nonces: ChaCha12Rng,
    ) -> Result<Self, VaultError> {
        let (file, empty) = file::made_or_existing(path)?;
        let mut run = Zeroizing::new([0; 32]);
        draw.fill_bytes(run.as_mut());
        Self::of_file(path, file, empty, key, &run, nonces)
    }

    /// The vault in a file; `run` is the key that new tokens are drawn with.
    fn of_file(
        path: &Path,
        file: File,
        empty: bool,
        key: &RoleKey,
        run: &[u8; 32],
        nonces: ChaCha12Rng,
    ) -> Result<Self, VaultError> {
        let keys = VaultKeys::of(key)?;
        let damaged = || VaultError::Damaged {
            path: path.to_owned(),
        };
        let opened = caught(|| {
            let file = FileBackend::new(file)?;
            let mut builder = Builder::new();
            builder.set_cache_size(CACHE).create_with_backend(file)
        });
        let database = opened.ok_or_else(damaged)?.map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => VaultError::InUse {
                path: path.to_owned(),
            },
            DatabaseError::Storage(error) if !is_no_database(&error) => {
                failed(path, &redb::Error::from(error))
            }
            _ => VaultError::NotAVault {
                path: path.to_owned(),
            },
        })?;
        let begun = caught(|| database.begin_write()).ok_or_else(damaged)?;
        let changes = begun.map_err(|error| failed(path, &error.into()))?;
        let vault = Self {
            path: path.to_owned(),
            role: key.role().clone(),
            lookup: hmac::Key::new(HMAC_SHA256, keys.lookup.as_slice()),
            seal: XChaCha::new(keys.seal),
            draw: hmac::Key::new(HMAC_SHA256, run),
            inner: Mutex::new(Inner {
                changes: Some(changes),
                nonces,
                failure: None,
                empty,
                database: Some(database),
            }),
        };
        vault.check_about()?;
        Ok(vault)
    }

    /// The role whose key opened it.
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// The token of a value in a domain: the one it has, or a new one.
    ///
    /// # Errors
    /// [`VaultError::Failed`] or [`VaultError::Damaged`]; from then on every call gives it, and so does [`Vault::commit`].
    pub fn token(&self, domain: &str, value: &[u8]) -> Result<Token, VaultError> {
        let tag = self.tag(domain, value);
        self.with(|changes, nonces| {
            let mut tokens = changes.open_table(TOKENS)?;
            if let Some(found) = tokens.get(&tag)? {
                return Ok(Token::from_bytes(*found.value()));
            }
            let mut values = changes.open_table(VALUES)?;
            let mut attempt = 0;
            let token = loop {
                let token = self.drawn(&tag, attempt);
                if values.get(token.as_bytes())?.is_none() {
                    break token;
                }
                attempt += 1;
            };
            tokens.insert(&tag, token.as_bytes())?;
            let mut nonce = [0; NONCE];
            nonces.fill_bytes(&mut nonce);
            let sealed = self.sealed(&nonce, &token, value)?;
            values.insert(token.as_bytes(), sealed.as_slice())?;
            Ok(token)
        })
    }

    /// The value that a token stands for, if the vault has it.
    fn value(&self, token: &Token) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.with(|changes, _| {
            let values = changes.open_table(VALUES)?;
            let Some(found) = values.get(token.as_bytes())? else {
                return Ok(None);
            };
            let altered = || redb::Error::Corrupted("an entry was altered".to_owned());
            let (nonce, sealed) = found.value().split_first_chunk().ok_or_else(altered)?;
            let (sealed, tag) = sealed.split_last_chunk().ok_or_else(altered)?;
            let mut value = Zeroizing::new(sealed.to_vec());
            let opened = self.seal.open(nonce, token.as_bytes(), &mut value, *tag);
            opened.ok_or_else(altered)?;
            Ok(Some(value))
        })
    }

    /// Whether it still works.
    ///
    /// # Errors
    /// [`VaultError::Failed`] in any call before.
    pub fn check(&self) -> Result<(), VaultError> {
        match &self.inner().failure {
            Some(why) => Err(self.failed_with(why.clone())),
            None => Ok(()),
        }
    }

    /// Makes what the run added last. Call it before the tokens appear anywhere.
    ///
    /// # Errors
    /// [`VaultError::Failed`], now or in any call before.
    pub fn commit(&self) -> Result<(), VaultError> {
        let mut inner = self.inner();
        if let Some(why) = &inner.failure {
            return Err(self.failed_with(why.clone()));
        }
        let Some(changes) = inner.changes.take() else {
            return Ok(());
        };
        match caught(|| changes.commit()) {
            Some(Ok(())) => {
                inner.empty = false;
                Ok(())
            }
            Some(Err(error)) => Err(self.failed_with(redb::Error::from(error).into())),
            None => Err(self.failed_with(Failure::Damaged)),
        }
    }

    /// The HMAC of a domain, its length before it, and a value.
    fn tag(&self, domain: &str, value: &[u8]) -> [u8; 32] {
        let mut mac = hmac::Context::with_key(&self.lookup);
        mac.update(b"value");
        mac.update(&(domain.len() as u64).to_be_bytes());
        mac.update(domain.as_bytes());
        mac.update(value);
        bytes(mac.sign())
    }

    /// The token of a tag in this run. It does not depend on which thread comes first.
    fn drawn(&self, tag: &[u8; 32], attempt: u32) -> Token {
        let mut mac = hmac::Context::with_key(&self.draw);
        mac.update(tag);
        mac.update(&attempt.to_be_bytes());
        Token::of(bytes(mac.sign()))
    }

    /// Nonce, hidden value and tag.
    fn sealed(
        &self,
        nonce: &[u8; NONCE],
        token: &Token,
        value: &[u8],
    ) -> Result<Vec<u8>, redb::Error> {
        let mut sealed = Vec::with_capacity(NONCE + value.len() + TAG);
        sealed.extend_from_slice(nonce);
        sealed.extend_from_slice(value);
        let hidden = sealed.get_mut(NONCE..).unwrap_or_default();
        let tag = self.seal.seal(nonce, token.as_bytes(), hidden);
        let cannot = || redb::Error::Corrupted("a value cannot be encrypted".to_owned());
        sealed.extend_from_slice(&tag.ok_or_else(cannot)?);
        Ok(sealed)
    }

    /// Reads the layout's version and the key's check, or writes them into a new vault.
    fn check_about(&self) -> Result<(), VaultError> {
        let check = bytes(hmac::sign(&self.lookup, b"check"));
        let (version, stored) = self.with(|changes, _| {
            let mut about = changes.open_table(ABOUT)?;
            let version = about.get("version")?.map(|found| found.value().to_vec());
            let stored = about.get("check")?.map(|found| found.value().to_vec());
            if version.is_none() {
                about.insert("version", VERSION)?;
                about.insert("check", check.as_slice())?;
            }
            // The tables are there, even if no value comes.
            changes.open_table(TOKENS)?;
            changes.open_table(VALUES)?;
            Ok((version, stored))
        })?;
        let path = || self.path.clone();
        match (version, stored) {
            (None, None) => Ok(()),
            (Some(version), Some(stored)) if version == VERSION => match stored == check {
                true => Ok(()),
                false => Err(VaultError::OtherKey { path: path() }),
            },
            _ => Err(VaultError::NotAVault { path: path() }),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on what the run adds; the first failure is the last.
    fn with<T>(
        &self,
        work: impl FnOnce(&WriteTransaction, &mut ChaCha12Rng) -> Result<T, redb::Error>,
    ) -> Result<T, VaultError> {
        let mut inner = self.inner();
        let inner = &mut *inner;
        if let Some(why) = &inner.failure {
            return Err(self.failed_with(why.clone()));
        }
        let Some(changes) = &inner.changes else {
            return Err(self.failed_with(Failure::Says("it is closed already".to_owned())));
        };
        let nonces = &mut inner.nonces;
        let failure = match caught(|| work(changes, nonces)) {
            Some(Ok(done)) => return Ok(done),
            Some(Err(error)) => Failure::from(error),
            None => Failure::Damaged,
        };
        inner.failure = Some(failure.clone());
        Err(self.failed_with(failure))
    }

    fn failed_with(&self, failure: Failure) -> VaultError {
        let path = self.path.clone();
        match failure {
            Failure::Damaged => VaultError::Damaged { path },
            Failure::Says(why) => VaultError::Failed { path, why },
        }
    }
}

impl Drop for Vault {
    /// A vault that this run made in vain does not stay.
    fn drop(&mut self) {
        let inner = self.inner.get_mut().unwrap_or_else(PoisonError::into_inner);
        // The store looks at the file once more, and may panic over a damaged one.
        let _ = caught(|| drop(inner.changes.take()));
        let _ = caught(|| drop(inner.database.take()));
        if inner.empty {
            // Nothing can be done about a name that cannot be removed on the way out.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn bytes(tag: hmac::Tag) -> [u8; 32] {
    tag.as_ref().try_into().unwrap_or_default()
}

/// Whether the store says that a file is none of its own.
fn is_no_database(error: &redb::StorageError) -> bool {
    match error {
        redb::StorageError::Corrupted(_) => true,
        redb::StorageError::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        ),
        _ => false,
    }
}

fn failed(path: &Path, error: &redb::Error) -> VaultError {
    VaultError::Failed {
        path: path.to_owned(),
        why: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
