//! Where a staged file will have its name: which folder and which name a path stands for, and
//! what can be known beforehand to stand in the way.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, fstat, openat, statat};
use rustix::io::Errno;
use rustix::process::{Uid, geteuid};

/// As many symbolic links in a row as Linux itself follows.
const MOST_LINKS: usize = 40;

/// The folder and the name that `path` stands for in the end, after symbolic links.
pub(super) fn resolve(path: &Path) -> io::Result<(Arc<OwnedFd>, OsString)> {
    let mut path = path.to_owned();
    for _ in 0..=MOST_LINKS {
        if path.as_os_str().as_bytes().ends_with(b"/") {
            return Err(refuse("it names a folder"));
        }
        let Some(name) = path.file_name().map(OsStr::to_owned) else {
            return Err(refuse("it names a folder"));
        };
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let folder = open_folder(&parent)?;
        match statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Ok((Arc::new(folder), name)),
            Err(error) => return Err(explain(error)),
            Ok(found) => match FileType::from_raw_mode(found.st_mode) {
                FileType::RegularFile => {
                    if is_protected(&fstat(&folder)?, &found, geteuid()) {
                        return Err(refuse("it is another user's file in a shared folder"));
                    }
                    return Ok((Arc::new(folder), name));
                }
                FileType::Directory => return Err(refuse("it is a folder")),
                FileType::Symlink => {
                    let target = rustix::fs::readlinkat(&folder, &name, Vec::new())?;
                    path = parent.join(OsString::from_vec(target.into_bytes()));
                }
                _ => return Err(refuse("it is not a regular file")),
            },
        }
    }
    Err(explain(Errno::LOOP))
}

/// Whether a folder like `/tmp` (the sticky bit) keeps `user` from replacing a file in it.
pub(super) fn is_protected(folder: &Stat, old: &Stat, user: Uid) -> bool {
    let sticky = Mode::from_raw_mode(folder.st_mode).contains(Mode::SVTX);
    let owner = [folder.st_uid, old.st_uid].contains(&user.as_raw());
    sticky && !owner && !user.is_root()
}

fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    let folder = OFlags::DIRECTORY | OFlags::CLOEXEC;
    match openat(CWD, path, folder | OFlags::RDONLY, Mode::empty()) {
        // A folder that takes files and does not list them.
        Err(Errno::ACCESS) => openat(CWD, path, folder | OFlags::PATH, Mode::empty()),
        opened => opened,
    }
    .map_err(|error| match error {
        Errno::NOENT => io::Error::new(io::ErrorKind::NotFound, "its folder does not exist"),
        Errno::NOTDIR => io::Error::new(io::ErrorKind::NotADirectory, "its folder is not a folder"),
        other => explain(other),
    })
}

pub(super) fn explain(error: Errno) -> io::Error {
    let kind = io::Error::from(error).kind();
    match error {
        Errno::ACCESS | Errno::PERM => io::Error::new(kind, "its folder may not be written to"),
        Errno::ROFS => io::Error::new(kind, "its folder is on a read-only file system"),
        other => other.into(),
    }
}

pub(super) fn refuse(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}
