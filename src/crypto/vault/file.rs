//! The file of a vault: its owner's, and nobody else's.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::VaultError;
use crate::io::system::links::Place;

/// Opens the file, for its owner only; whether this made it. A link that another user has laid in a
/// shared folder is not followed.
pub(super) fn made_or_existing(path: &Path) -> Result<(File, bool), VaultError> {
    let failed = |source| VaultError::Open {
        path: path.to_owned(),
        source,
    };
    let place = Place::of(path).map_err(failed)?;
    match place.open(OFlags::RDWR | OFlags::CREATE | OFlags::EXCL) {
        Ok(file) => Ok((file, true)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok((existing(path)?, false)),
        Err(source) => Err(failed(source)),
    }
}

/// Opens a file that is there, if it is its owner's only.
pub(super) fn existing(path: &Path) -> Result<File, VaultError> {
    let failed = |source| VaultError::Open {
        path: path.to_owned(),
        source,
    };
    let place = Place::of(path).map_err(failed)?;
    let file = place.open(OFlags::RDWR).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(VaultError::NotAVault {
            path: path.to_owned(),
        });
    }
    if about.mode() & 0o077 != 0 {
        return Err(VaultError::Exposed {
            path: path.to_owned(),
        });
    }
    Ok(file)
}
