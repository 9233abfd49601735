//! Files as they are opened and read, and the standard streams.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};

use crate::io::system::shared::Kind;

/// What standard output is written through.
pub(crate) type StandardOutput = File;

/// Standard output as a descriptor of its own: `io::stdout()` looks for line ends in everything it is given.
pub(crate) fn standard_output() -> io::Result<StandardOutput> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// A stream that is written through as standard output is.
pub(crate) fn stream(file: File) -> StandardOutput {
    file
}

/// Standard input as a descriptor of its own.
pub(crate) fn standard_input() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// Opens a file to read it, and waits for who writes to a pipe.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// What the system knows of an open file: it knows something of everything.
pub(crate) fn metadata(file: &File) -> io::Result<Option<Metadata>> {
    file.metadata().map(Some)
}

/// Opens a file to read it: what is no file must not make the program wait.
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// Whether another run keeps the file from being opened: nothing does here.
pub(crate) fn is_in_use(_: &io::Error) -> bool {
    false
}

/// Fills a buffer from a place in the file.
pub(crate) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(bytes, offset)
}

/// What something is.
pub(crate) fn kind(facts: &Metadata) -> Kind {
    let kind = facts.file_type();
    match () {
        () if kind.is_file() => Kind::File,
        () if kind.is_dir() => Kind::Folder,
        () if kind.is_fifo() => Kind::Pipe,
        () if kind.is_socket() => Kind::Socket,
        () => Kind::Device,
    }
}

pub(super) fn kind_of(found: FileType) -> Kind {
    match found {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Fifo => Kind::Pipe,
        FileType::Socket => Kind::Socket,
        _ => Kind::Device,
    }
}
