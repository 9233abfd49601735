//! What the system knows of an open file that changes when somebody writes to it.

use std::fs::File;
use std::io;
use std::os::windows::fs::MetadataExt;

/// Size and times of a regular file. There is no change time here that nobody can set back; several readings of
/// one file are compared by their content too ([`Fingerprint`](crate::io::fingerprint::Fingerprint)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// In bytes.
    pub(crate) size: u64,
    modified: u64,
    created: u64,
}

impl Facts {
    /// Those of an open file; none for what is no regular file.
    pub(crate) fn of(file: &File) -> io::Result<Option<Self>> {
        if !super::files::is_on_disk(file) {
            return Ok(None);
        }
        let found = file.metadata()?;
        Ok(found.is_file().then(|| Self {
            size: found.file_size(),
            modified: found.last_write_time(),
            created: found.creation_time(),
        }))
    }
}
