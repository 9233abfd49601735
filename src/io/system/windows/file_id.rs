//! Whether two names lead to the same file.

use std::fs::File;
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsHandle;
use std::path::Path;

use winapi_util::file::information;

use super::files::is_on_disk;
use super::links::is_device;

/// Which file a name or a handle leads to: two are the same file, under whatever names, if and only if
/// these are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    volume: u64,
    index: u64,
}

impl FileId {
    /// The regular file that `path` leads to, after symbolic links; none if there is none there.
    ///
    /// # Errors
    /// When the system does not tell: that is not the same as no file.
    pub fn of_path(path: &Path) -> io::Result<Option<Self>> {
        if path.file_name().is_some_and(is_device) {
            return Ok(None);
        }
        match std::fs::metadata(path) {
            Ok(found) if found.is_file() => Self::of_file(&open_to_ask(path)?),
            Ok(_) => Ok(None),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
                _ => Err(error),
            },
        }
    }

    /// The regular file that is open here (a `File`, `io::stdin()`, `io::stdout()`); none for a
    /// pipe, a console or a device.
    pub fn of_open(open: impl AsHandle) -> Option<Self> {
        let handle = open.as_handle().try_clone_to_owned().ok()?;
        Self::of_file(&File::from(handle)).ok()?
    }

    fn of_file(file: &File) -> io::Result<Option<Self>> {
        if !is_on_disk(file) || !file.metadata()?.is_file() {
            return Ok(None);
        }
        let found = information(file)?;
        Ok(Some(Self {
            volume: found.volume_serial_number(),
            index: found.file_index(),
        }))
    }
}

/// Opens a file to ask what it is: nothing in it can be read, and so it opens where another program, or a run that is
/// making it, keeps it for itself.
fn open_to_ask(path: &Path) -> io::Result<File> {
    File::options().access_mode(0).open(path)
}
