//! Where a staged file will have its name, and what can be known beforehand to stand in the way.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::fs::{FileType, Mode, Stat, fstat};
use rustix::process::{Uid, geteuid};

use crate::io::system::links::{Place, refuse};

/// The folder and the name, if a regular file may have it.
pub(super) fn checked(place: Place) -> io::Result<(Arc<OwnedFd>, OsString)> {
    match (place.kind(), &place.found) {
        (None, _) | (_, None) => {}
        (Some(FileType::RegularFile), Some(found)) => {
            if is_protected(&fstat(&place.folder)?, found, geteuid()) {
                return Err(refuse(fixed!(
                    "it is another user's file in a shared folder"
                )));
            }
        }
        (Some(FileType::Directory), _) => return Err(refuse(fixed!("it is a folder"))),
        _ => return Err(refuse(fixed!("it is not a regular file"))),
    }
    Ok((Arc::new(place.folder), place.name))
}

/// Whether a folder like `/tmp` (the sticky bit) keeps `user` from replacing a file in it.
pub(super) fn is_protected(folder: &Stat, old: &Stat, user: Uid) -> bool {
    let sticky = Mode::from_raw_mode(folder.st_mode).contains(Mode::SVTX);
    let owner = [folder.st_uid, old.st_uid].contains(&user.as_raw());
    sticky && !owner && !user.is_root()
}
