//! Files as they are opened and read, and the standard streams.

use std::fs::{File, Metadata};
use std::io::{self, IsTerminal, Write};
use std::os::windows::fs::{FileExt, OpenOptionsExt};
use std::os::windows::io::{AsHandle, BorrowedHandle};
use std::path::Path;

use crate::io::system::shared::Kind;

/// What standard output is written through: a console takes text, whatever its code page, and everything else bytes.
#[derive(Debug)]
pub(crate) struct StandardOutput {
    file: File,
    is_console: bool,
}

impl StandardOutput {
    /// Brings what was written to the disk.
    pub(crate) fn sync_all(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

impl AsHandle for StandardOutput {
    fn as_handle(&self) -> BorrowedHandle<'_> {
        self.file.as_handle()
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.is_console {
            true => io::stdout().write(bytes),
            false => self.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.is_console {
            true => io::stdout().flush(),
            false => self.file.flush(),
        }
    }
}

/// Standard output as a handle of its own: `io::stdout()` looks for line ends in everything it is given.
pub(crate) fn standard_output() -> io::Result<StandardOutput> {
    let stdout = io::stdout();
    Ok(StandardOutput {
        file: File::from(stdout.as_handle().try_clone_to_owned()?),
        is_console: stdout.is_terminal(),
    })
}

/// A stream that is written through as standard output is.
pub(crate) fn stream(file: File) -> StandardOutput {
    StandardOutput {
        file,
        is_console: false,
    }
}

/// Standard input as a handle of its own.
pub(crate) fn standard_input() -> io::Result<File> {
    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}

/// Opens a file to read it: nothing waits here.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    open_without_waiting(path)
}

/// What the system knows of an open file: nothing of pipes, consoles and devices, of which it must not be asked.
pub(crate) fn metadata(file: &File) -> io::Result<Option<Metadata>> {
    match is_on_disk(file) {
        true => file.metadata().map(Some),
        false => Ok(None),
    }
}

/// Opens a file to read it. A folder is opened too, so that whoever asks what it is learns it.
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
    let mut options = File::options();
    options.read(true).custom_flags(FILE_FLAG_BACKUP_SEMANTICS);
    options.open(path)
}

/// Whether another run is making the file, or has locked a part of it.
pub(crate) fn is_in_use(error: &io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    const ERROR_LOCK_VIOLATION: i32 = 33;
    matches!(
        error.raw_os_error(),
        Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION)
    )
}

/// Fills a buffer from a place in the file.
pub(crate) fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.seek_read(bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                bytes = bytes.get_mut(read..).unwrap_or_default();
                offset = offset.saturating_add(read as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What something is.
pub(crate) fn kind(facts: &Metadata) -> Kind {
    let kind = facts.file_type();
    match () {
        () if kind.is_file() => Kind::File,
        () if kind.is_dir() => Kind::Folder,
        () => Kind::Device,
    }
}

/// Whether a handle is of a file system, and not a console, a pipe or a device.
pub(super) fn is_on_disk(file: &File) -> bool {
    winapi_util::file::typ(file).is_ok_and(|found| found.is_disk())
}
