//! The file of a vault: its owner's, and nobody else's.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags, fchmod, unlinkat};
use rustix::process::geteuid;

use super::VaultError;
use crate::io::system::links::Place;

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
        let _ = unlinkat(&self.0.folder, &self.0.name, AtFlags::empty());
    }
}

/// Makes a file that is not there, for its owner only.
pub(super) fn made(path: &Path) -> Result<(File, Made), VaultError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => VaultError::Exists {
            path: path.to_owned(),
        },
        _ => VaultError::Open {
            path: path.to_owned(),
            source,
        },
    };
    let place = Place::of(path).map_err(failed)?;
    let file = place.open(OFlags::RDWR | OFlags::CREATE | OFlags::EXCL);
    let file = file.map_err(failed)?;
    // A umask may have taken the owner's bits away.
    let mode = fchmod(&file, Mode::RUSR | Mode::WUSR);
    mode.map_err(|error| failed(error.into()))?;
    Ok((file, Made(place)))
}

/// Opens a file that is there, if it is its owner's only: that is asked of the file that is open, whatever
/// gets its name meanwhile. A link that another user has laid in a shared folder is not followed.
pub(super) fn existing(path: &Path, access: Access) -> Result<File, VaultError> {
    let failed = |source| VaultError::Open {
        path: path.to_owned(),
        source,
    };
    let place = Place::of(path).map_err(failed)?;
    let flags = match access {
        Access::Read => OFlags::RDONLY,
        Access::Write => OFlags::RDWR,
    };
    // What is no file must not make the program wait.
    let file = place.open(flags | OFlags::NONBLOCK).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    let path = || path.to_owned();
    if !about.is_file() || about.len() == 0 {
        return Err(VaultError::NotAVault { path: path() });
    }
    if about.mode() & 0o077 != 0 {
        return Err(VaultError::Exposed { path: path() });
    }
    if about.uid() != 0 && about.uid() != geteuid().as_raw() {
        return Err(VaultError::NotOurs { path: path() });
    }
    Ok(file)
}
