//! Words that every system uses: kinds of files, ways to open them, reasons.

use std::ffi::{OsStr, OsString};
use std::io;

use rand::TryRng;
use rand::rngs::SysRng;

use crate::base::lang::Fixed;

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    windows,
    expect(dead_code, reason = "pipes and sockets have no name in a folder there")
)]
pub(crate) enum Kind {
    /// A regular file.
    File,
    Folder,
    /// A named pipe.
    Pipe,
    Socket,
    /// A device, and whatever else there may be.
    Device,
}

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// To be read, without waiting for who writes to a pipe.
    Read,
    /// To be read and written, without waiting.
    ReadWrite,
    /// To be written as a stream.
    Write,
    /// To be read and appended to, without waiting.
    Append,
    /// A file that is not there, to be read and written.
    New,
    /// A file that is not there, to be read and appended to.
    NewToAppend,
}

/// Whether others than its owner may read or replace a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// Nobody, but for who administers the machine.
    None,
    /// Others may; with the mode, where there is one.
    Others(Option<u32>),
    /// It belongs to another user.
    Foreign,
}

/// Says why a path is not taken.
pub(crate) fn refuse(reason: Fixed) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

/// An error of a folder, with its reason in words where that is clearer.
pub(crate) fn explain(error: io::Error) -> io::Error {
    let kind = error.kind();
    match kind {
        io::ErrorKind::PermissionDenied => {
            io::Error::new(kind, fixed!("its folder may not be written to"))
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            io::Error::new(kind, fixed!("its folder is on a read-only file system"))
        }
        _ => error,
    }
}

/// The same for a folder on the way to a name.
pub(super) fn explain_folder(error: io::Error) -> io::Error {
    match error.kind() {
        kind @ io::ErrorKind::NotFound => io::Error::new(kind, fixed!("its folder does not exist")),
        kind @ io::ErrorKind::NotADirectory => {
            io::Error::new(kind, fixed!("its folder is not a folder"))
        }
        _ => explain(error),
    }
}

/// Tries `make` with random names `.STEM.XXXXXXXXXXXXXXXX.tmp` until one is free.
pub(super) fn with_hidden_name<T>(
    stem: &OsStr,
    mut make: impl FnMut(&OsStr) -> io::Result<T>,
) -> io::Result<(OsString, T)> {
    for _ in 0..16 {
        let random = SysRng.try_next_u64().map_err(io::Error::other)?;
        let mut hidden = OsString::from(".");
        hidden.push(stem);
        hidden.push(format!(".{random:016x}.tmp"));
        match make(&hidden) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|made| (hidden, made)).map_err(explain),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
