//! Files that only their owner can read: the mode.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{Mode, fchmod};
use rustix::process::geteuid;

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
