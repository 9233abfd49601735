//! Files that only their owner can read, and folders that only their owner can change: the mode.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use rustix::fs::{Mode, OFlags, fchmod, openat};
use rustix::process::geteuid;

use super::links::Place;
use crate::io::system::shared::Exposure;

/// Lets only the owner of a new file read and write it. It was made so, but a umask may have taken the owner's
/// bits away.
pub(crate) fn restrict(file: &File) -> io::Result<()> {
    Ok(fchmod(file, Mode::RUSR | Mode::WUSR)?)
}

/// What its owner types to close a file to others.
pub(crate) fn closing_command(path: &Path) -> String {
    format!("chmod 600 {}", path.display())
}

/// Who may read or replace an open file, whatever gets its name meanwhile.
pub(crate) fn exposure(file: &File) -> io::Result<Exposure> {
    let found = file.metadata()?;
    let mode = found.mode() & 0o7777;
    Ok(match () {
        () if mode & 0o077 != 0 => Exposure::Others(Some(mode)),
        () if found.uid() != 0 && found.uid() != geteuid().as_raw() => Exposure::Foreign,
        () => Exposure::None,
    })
}

/// Makes a folder for its owner alone, if it is not there.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Who may put files into a folder, or replace those in it.
pub(crate) fn folder_exposure(folder: &Path) -> io::Result<Exposure> {
    let place = Place::of(folder)?;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = openat(&place.folder, &place.name, flags, Mode::empty())?;
    let found = File::from(opened).metadata()?;
    let mode = found.mode() & 0o7777;
    Ok(match () {
        () if found.uid() != 0 && found.uid() != geteuid().as_raw() => Exposure::Foreign,
        () if mode & 0o022 != 0 => Exposure::Others(Some(mode)),
        () => Exposure::None,
    })
}
