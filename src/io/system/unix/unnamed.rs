//! Temporary files without a name.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io;

use rustix::fs::{CWD, Mode, OFlags, openat};

use super::folder::Folder;
use super::kernel;
use crate::io::system::shared::explain;

/// An empty file in the system's temporary folder (`TMPDIR`) that never has a name for longer than an
/// instant: it is gone with the process.
///
/// # Errors
/// A folder that is missing or takes no files.
pub(crate) fn temporary() -> io::Result<File> {
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | kernel::NAMES_ONLY;
    let folder = Folder(openat(CWD, env::temp_dir(), flags, Mode::empty())?);
    match kernel::open_unnamed(&folder, kernel::NEVER_NAMED).map_err(explain)? {
        Some(file) => Ok(file),
        None => named_for_an_instant(&folder),
    }
}

fn named_for_an_instant(folder: &Folder) -> io::Result<File> {
    let (hidden, file) = folder.create_hidden(OsStr::new("crm-anon"))?;
    folder.remove(&hidden)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, Write};
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn a_temporary_file_has_no_name_and_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let open = Folder(File::open(folder.path()).unwrap().into());
        let offered = kernel::open_unnamed(&open, kernel::NEVER_NAMED).unwrap();
        let files = [
            temporary().unwrap(),
            named_for_an_instant(&open).unwrap(),
            offered.unwrap_or_else(|| temporary().unwrap()),
        ];
        for mut file in files {
            let about = file.metadata().unwrap();
            assert_eq!((about.nlink(), about.mode() & 0o777), (0, 0o600));
            file.write_all(b"spool").unwrap();
            file.rewind().unwrap();
            let mut read = String::new();
            file.read_to_string(&mut read).unwrap();
            assert_eq!(read, "spool");
        }
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}
