//! Temporary files that are gone with the process.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io;

use super::folder::Folder;

/// An empty file in the user's temporary folder (`TMP`) that nobody else can open and that is gone with the process.
///
/// # Errors
/// A folder that is missing or takes no files.
pub(crate) fn temporary() -> io::Result<File> {
    let made = Folder(env::temp_dir()).create_unnamed(OsStr::new("crm-anon"))?;
    let (file, _) = made.ok_or(io::ErrorKind::Unsupported)?;
    Ok(file)
}
