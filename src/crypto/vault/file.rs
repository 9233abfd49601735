//! The file of a vault: its owner's, and nobody else's.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::VaultError;

/// Opens the file, for its owner only; whether this made it.
pub(super) fn made_or_existing(path: &Path) -> Result<(File, bool), VaultError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600).create_new(true);
    match options.open(path) {
        Ok(file) => Ok((file, true)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok((existing(path)?, false)),
        Err(source) => Err(VaultError::Open {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Opens a file that is there, if it is its owner's only.
pub(super) fn existing(path: &Path) -> Result<File, VaultError> {
    let failed = |source| VaultError::Open {
        path: path.to_owned(),
        source,
    };
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).open(path).map_err(failed)?;
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
