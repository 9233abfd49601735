//! What the system knows of an open file that changes when somebody writes to it.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;

/// Size and times of a regular file. The modification time can be set back by whoever may write to
/// the file, the change time by nobody but the system itself.
///
/// Times are as fine as the kernel's clock tick (some milliseconds), and a write through a memory map
/// shows late, so two readings of one file are compared by their content too
/// ([`Fingerprint`](crate::io::fingerprint::Fingerprint)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// In bytes.
    pub(crate) size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Facts {
    /// Those of an open file; none for what is no regular file.
    pub(crate) fn of(file: &File) -> io::Result<Option<Self>> {
        let found = file.metadata()?;
        Ok(found.is_file().then(|| Self {
            size: found.size(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }))
    }
}
