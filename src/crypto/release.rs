//! The folder that a run keeps from release to release: one file, encrypted under the key of a role, and an empty one that a run locks.
//!
//! ```text
//! state = magic ‖ key id (4) ‖ nonce (24) ‖ XChaCha20-Poly1305 (what is kept; magic and key id are bound to it) ‖ tag (16)
//! ```
//!
//! Rows and persons are known by [`Tagger`], HMAC-SHA-256 under another key that is derived from the same. So whoever
//! has the file and not the key learns its length, and whoever puts an older one back is found out by the journal.

mod error;

use std::fs::{File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rand::TryRng;
use rand::rngs::SysRng;
use ring::hmac;

use super::keys::{RoleKey, Secret};
use super::xchacha::{NONCE, TAG, XChaCha};
use crate::base::sha256;
use crate::io::system::links::Place;
use crate::io::system::owner::{exposure, folder_exposure, make_folder};
use crate::io::system::shared::{Exposure, Opening};
pub use error::ReleaseError;

const MAGIC: &[u8] = b"crm-anon release 1\n";

/// The name of the file in the folder.
const STATE: &str = "state";

/// The name of the file that a run locks; it is empty.
const LOCK: &str = "lock";

/// The bytes before what is encrypted.
const HEAD: usize = MAGIC.len() + 4 + NONCE;

/// The folder of a release, which no other run has meanwhile.
#[derive(Debug)]
pub(crate) struct ReleaseFolder {
    folder: PathBuf,
    /// Holds the lock.
    _locked: File,
}

/// Opens the file that runs lock, or makes it.
fn open_lock(path: &Path) -> io::Result<File> {
    let place = Place::of(path)?;
    match place.kind() {
        Some(_) => place.open(Opening::ReadWrite),
        // Another run may have made it meanwhile.
        None => place
            .open(Opening::New)
            .or_else(|_| place.open(Opening::ReadWrite)),
    }
}

/// What a release keeps, and the hash of the file that it was in.
pub(crate) struct Kept {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

impl ReleaseFolder {
    /// Opens the folder, or makes it, for its owner alone.
    ///
    /// # Errors
    /// [`ReleaseError`]: others can write to it, or another run has it.
    pub(crate) fn open(folder: &Path) -> Result<Self, ReleaseError> {
        let path = || folder.to_owned();
        let failed = |source: io::Error| ReleaseError::Open {
            path: path(),
            source,
        };
        make_folder(folder).map_err(failed)?;
        match folder_exposure(folder).map_err(failed)? {
            Exposure::None => {}
            Exposure::Foreign => return Err(ReleaseError::NotOurs { path: path() }),
            Exposure::Others(_) => return Err(ReleaseError::Exposed { path: path() }),
        }
        let lock = open_lock(&folder.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder: path(),
                _locked: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(ReleaseError::InUse { path: path() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The file of the folder.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join(STATE)
    }

    /// What was kept; none if nothing was yet.
    ///
    /// # Errors
    /// [`ReleaseError`]: another key, a damaged file, one that others can read.
    pub(crate) fn read(&self, key: &RoleKey) -> Result<Option<Kept>, ReleaseError> {
        let path = self.state();
        let failed = |source| ReleaseError::Open {
            path: path.clone(),
            source,
        };
        let place = Place::of(&path).map_err(failed)?;
        if place.kind().is_none() {
            return Ok(None);
        }
        let mut file = place.open(Opening::Read).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(ReleaseError::Damaged { path });
        }
        match exposure(&file).map_err(failed)? {
            Exposure::None => {}
            Exposure::Foreign => return Err(ReleaseError::NotOurs { path }),
            Exposure::Others(_) => return Err(ReleaseError::Exposed { path }),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let sha256 = sha256::of(&bytes);
        let damaged = || ReleaseError::Damaged { path: path.clone() };
        let id = bytes.get(MAGIC.len()..MAGIC.len() + 4);
        if !bytes.starts_with(MAGIC) || bytes.len() < HEAD + TAG {
            return Err(damaged());
        }
        if id != Some(&key.id().map_err(|_| ReleaseError::Underivable)?) {
            return Err(ReleaseError::OtherKey {
                path: path.clone(),
                role: key.role().clone(),
            });
        }
        let mut text = bytes.split_off(HEAD);
        let (about, nonce) = bytes.split_at_checked(HEAD - NONCE).ok_or_else(damaged)?;
        let nonce: &[u8; NONCE] = nonce.try_into().map_err(|_| damaged())?;
        let tag = text.split_off(text.len().saturating_sub(TAG));
        let tag = tag.try_into().map_err(|_| damaged())?;
        let opened = cipher(key)?.open(nonce, about, &mut text, tag);
        opened.ok_or_else(damaged)?;
        Ok(Some(Kept {
            bytes: text,
            sha256,
        }))
    }
}

fn cipher(key: &RoleKey) -> Result<XChaCha, ReleaseError> {
    let derived: Secret<32> = key
        .derive("release-state", "")
        .map_err(|_| ReleaseError::Underivable)?;
    Ok(XChaCha::new(derived))
}

/// The bytes of the file that keeps this.
///
/// # Errors
/// [`ReleaseError::Underivable`].
pub(crate) fn sealed(key: &RoleKey, mut kept: Vec<u8>) -> Result<Kept, ReleaseError> {
    let underivable = |_| ReleaseError::Underivable;
    let mut nonce = [0; NONCE];
    SysRng
        .try_fill_bytes(&mut nonce)
        .map_err(|_| ReleaseError::Underivable)?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&key.id().map_err(underivable)?);
    let tag = cipher(key)?.seal(&nonce, &bytes, &mut kept);
    let tag = tag.ok_or(ReleaseError::Underivable)?;
    bytes.extend_from_slice(&nonce);
    bytes.append(&mut kept);
    bytes.extend_from_slice(&tag);
    let sha256 = sha256::of(&bytes);
    Ok(Kept { bytes, sha256 })
}

/// Makes tags of rows and persons: the first bytes of an HMAC-SHA-256.
///
/// That two of ten million rows share one of 64 bits has a chance of three in a million.
#[derive(Debug, Clone)]
pub(crate) struct Tagger(hmac::Key);

impl Tagger {
    /// That of the key of a role.
    ///
    /// # Errors
    /// [`ReleaseError::Underivable`].
    pub(crate) fn new(key: &RoleKey) -> Result<Self, ReleaseError> {
        let derived: Result<Secret<32>, _> = key.derive("release-tags", "");
        let derived = derived.map_err(|_| ReleaseError::Underivable)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_slice())))
    }

    /// The tag of these parts, each behind its length.
    pub(crate) fn tag<'p>(&self, parts: impl IntoIterator<Item = &'p [u8]>) -> u64 {
        let mut mac = hmac::Context::with_key(&self.0);
        for part in parts {
            mac.update(&(part.len() as u32).to_le_bytes());
            mac.update(part);
        }
        let mac = mac.sign();
        let first = mac.as_ref().first_chunk().copied();
        u64::from_le_bytes(first.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keys::known;
    use crate::io::system::trial::close;

    fn write(folder: &ReleaseFolder, bytes: &[u8]) {
        std::fs::write(folder.state(), bytes).unwrap();
        close(&folder.state());
    }

    #[test]
    fn what_was_kept_is_read_with_its_key_alone_and_no_byte_altered() {
        let at = tempfile::tempdir().unwrap();
        let folder = ReleaseFolder::open(&at.path().join("release")).unwrap();
        let key = known("release", 1);
        assert!(folder.read(&key).unwrap().is_none());
        let kept = sealed(&key, b"what is kept".to_vec()).unwrap();
        write(&folder, &kept.bytes);
        let read = folder.read(&key).unwrap().unwrap();
        assert_eq!(read.bytes, b"what is kept");
        assert_eq!(read.sha256, kept.sha256);
        let found = folder.read(&known("release", 2)).map(|_| ());
        assert!(matches!(found, Err(ReleaseError::OtherKey { .. })));
        for at in 0..kept.bytes.len() {
            let mut altered = kept.bytes.clone();
            altered[at] ^= 1;
            write(&folder, &altered);
            assert!(folder.read(&key).is_err(), "byte {at}");
            write(&folder, &kept.bytes[..at]);
            assert!(folder.read(&key).is_err(), "up to {at}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_folder_is_its_owners_and_one_run_has_it() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let at = tempfile::tempdir().unwrap();
        let path = at.path().join("release");
        let folder = ReleaseFolder::open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        let second = ReleaseFolder::open(&path);
        assert!(matches!(second, Err(ReleaseError::InUse { .. })));
        drop(folder);
        for (mode, is_taken) in [(0o755, true), (0o775, false), (0o777, false), (0o700, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(ReleaseFolder::open(&path).is_ok(), is_taken, "{mode:o}");
        }
        let folder = ReleaseFolder::open(&path).unwrap();
        std::fs::write(folder.state(), "x").unwrap();
        let mode = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(folder.state(), mode).unwrap();
        let found = folder.read(&known("release", 1)).map(|_| ());
        assert!(matches!(found, Err(ReleaseError::Exposed { .. })));
    }

    #[test]
    fn tags_differ_by_key_and_by_where_parts_end() {
        let tagger = |byte| Tagger::new(&known("release", byte)).unwrap();
        let tag = |byte, parts: &[&str]| tagger(byte).tag(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(tag(1, &["a", "b"]), tag(1, &["a", "b"]));
        for other in [tag(2, &["a", "b"]), tag(1, &["ab", ""]), tag(1, &["ab"])] {
            assert_ne!(tag(1, &["a", "b"]), other);
        }
    }
}
