//! A folder as it was opened: a folder that is moved meanwhile takes its files along.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, fsync, openat, renameat, statat, unlinkat};
use rustix::io::Errno;

use super::files::kind_of;
use super::kernel;
use crate::io::system::shared::{Kind, explain, with_hidden_name};

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder(pub(super) OwnedFd);

/// What is needed to give an unnamed file a name: here nothing but the file.
#[derive(Debug)]
pub(crate) struct Unnamed;

impl AsFd for Folder {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Folder {
    /// Makes a file that is gone with the process unless [`Folder::link`] gives it a name; none where that is not
    /// offered.
    pub(crate) fn create_unnamed(&self, _for: &OsStr) -> io::Result<Option<(File, Unnamed)>> {
        let file = kernel::open_nameable(self).map_err(explain)?;
        Ok(file.map(|file| (file, Unnamed)))
    }

    /// Gives an unnamed file a name that nothing has.
    pub(crate) fn link(&self, file: &File, _unnamed: &Unnamed, name: &OsStr) -> io::Result<()> {
        kernel::link(file, self, name)
    }

    /// Gives it a hidden name.
    pub(crate) fn link_hidden(
        &self,
        file: &File,
        unnamed: &Unnamed,
        name: &OsStr,
    ) -> io::Result<OsString> {
        let made = with_hidden_name(stem(name), |hidden| self.link(file, unnamed, hidden));
        made.map(|(hidden, ())| hidden)
    }

    /// Makes a file under a hidden name, and gives both.
    pub(crate) fn create_hidden(&self, name: &OsStr) -> io::Result<(OsString, File)> {
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        with_hidden_name(stem(name), |hidden| {
            Ok(File::from(openat(self, hidden, flags, mode)?))
        })
    }

    /// What has a name now, links not followed.
    pub(crate) fn kind_of(&self, name: &OsStr) -> io::Result<Option<Kind>> {
        match statat(self, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Ok(Some(kind_of(FileType::from_raw_mode(found.st_mode)))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Renames, over what has the new name.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(self, from, self, to)?)
    }

    /// Renames where nothing has the new name.
    pub(crate) fn rename_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        kernel::rename_new(self, from, to)
    }

    /// Exchanges two names in one step, where the system can.
    pub(crate) fn exchange(&self, one: &OsStr, other: &OsStr) -> io::Result<()> {
        kernel::exchange(self, one, other)
    }

    /// Removes the name of a file.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(self, name, AtFlags::empty())?)
    }

    /// Brings the names to the disk; `_of` is one of the files.
    pub(crate) fn sync(&self, _of: &File) -> io::Result<()> {
        match fsync(self) {
            // A folder that may not be read, or whose file system does not sync folders.
            Err(Errno::BADF | Errno::INVAL | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            synced => synced.map_err(io::Error::from),
        }
    }
}

/// What a hidden name has of the name that it stands for: file names have at most 255 bytes.
pub(super) fn stem(name: &OsStr) -> &OsStr {
    let bytes = name.as_bytes();
    OsStr::from_bytes(bytes.get(..200).unwrap_or(bytes))
}
