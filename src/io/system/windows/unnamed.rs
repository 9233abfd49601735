//! Temporary files that are gone with the process.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::folder::Folder;

/// An empty file that nobody else can open and that is gone with the process: in the folder that `TMPDIR` names, as
/// messages say on every system, or else in the user's temporary folder (`TMP`).
///
/// # Errors
/// A folder that is missing or takes no files.
pub(crate) fn temporary() -> io::Result<File> {
    let named = env::var_os("TMPDIR").filter(|folder| !folder.is_empty());
    let folder = named.map_or_else(env::temp_dir, PathBuf::from);
    let made = Folder(folder).create_unnamed(OsStr::new("crm-anon"))?;
    let (file, _) = made.ok_or(io::ErrorKind::Unsupported)?;
    Ok(file)
}
