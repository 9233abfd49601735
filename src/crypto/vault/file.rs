//! The file of a vault: its owner's, and nobody else's.

use std::fs::File;
use std::io;
use std::path::Path;

use super::VaultError;
use crate::io::system::files::is_in_use;
use crate::io::system::links::Place;
use crate::io::system::owner::{exposure, restrict};
use crate::io::system::shared::{Exposure, Opening};

/// What an open vault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// To be looked up in: nothing is written.
    Read,
    /// To be added to.
    Write,
}

/// A file that this run has made.
pub(super) struct Made(Place);

impl Made {
    /// Takes it away again.
    pub(super) fn remove(&self) {
        // Nothing can be done about a name that cannot be removed on the way out.
        let _ = self.0.folder.remove(&self.0.name);
    }
}

/// Makes a file that is not there, for its owner only.
pub(super) fn made(path: &Path) -> Result<(File, Made), VaultError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => VaultError::Exists {
            path: path.to_owned(),
        },
        _ => not_opened(path, source),
    };
    let place = Place::of(path).map_err(failed)?;
    let file = place.open(Opening::New).map_err(failed)?;
    restrict(&file).map_err(failed)?;
    Ok((file, Made(place)))
}

/// Opens a file that is there, if it is its owner's only: that is asked of the file that is open, whatever
/// gets its name meanwhile. A link that another user has laid in a shared folder is not followed.
pub(super) fn existing(path: &Path, access: Access) -> Result<File, VaultError> {
    let failed = |source: io::Error| not_opened(path, source);
    let place = Place::of(path).map_err(failed)?;
    let opening = match access {
        Access::Read => Opening::Read,
        Access::Write => Opening::ReadWrite,
    };
    let file = place.open(opening).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    let path = || path.to_owned();
    if !about.is_file() || about.len() == 0 {
        return Err(VaultError::NotAVault { path: path() });
    }
    match exposure(&file).map_err(failed)? {
        Exposure::None => Ok(file),
        Exposure::Others(_) => Err(VaultError::Exposed { path: path() }),
        Exposure::Foreign => Err(VaultError::NotOurs { path: path() }),
    }
}

/// Why a file is not opened: another run may have it for itself alone.
fn not_opened(path: &Path, source: io::Error) -> VaultError {
    let path = path.to_owned();
    match is_in_use(&source) {
        true => VaultError::InUse { path },
        false => VaultError::Open { path, source },
    }
}
