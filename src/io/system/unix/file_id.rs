//! Whether two names lead to the same file.

use std::io;
use std::os::fd::AsFd;
use std::path::Path;

use rustix::fs::{FileType, Stat, fstat, stat};
use rustix::io::Errno;

use super::kernel;

/// Which file a name or a descriptor leads to: two are the same file, under whatever names, if
/// and only if these are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The regular file that `path` leads to, after symbolic links; none if there is none there.
    ///
    /// # Errors
    /// When the system does not tell: that is not the same as no file.
    pub fn of_path(path: &Path) -> io::Result<Option<Self>> {
        match stat(path) {
            Ok(found) => Ok(Self::of_regular(&found)),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The regular file that is open here (a `File`, `io::stdin()`, `io::stdout()`); none for a
    /// pipe, a terminal or a device.
    pub fn of_open(open: impl AsFd) -> Option<Self> {
        Self::of_regular(&fstat(open).ok()?)
    }

    pub(crate) fn of_regular(found: &Stat) -> Option<Self> {
        FileType::from_raw_mode(found.st_mode)
            .is_file()
            .then_some(Self {
                device: kernel::device(found),
                inode: found.st_ino,
            })
    }
}
