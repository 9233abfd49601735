//! Files without a name, or under one that nobody guesses.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use rand::TryRng;
use rand::rngs::SysRng;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, openat, stat, unlinkat};
use rustix::io::Errno;

use super::links::explain;

/// An empty file in the system's temporary folder (`TMPDIR`) that never has a name for longer than an
/// instant: it is gone with the process.
///
/// # Errors
/// A folder that is missing or takes no files.
pub(crate) fn temporary() -> io::Result<File> {
    let flags = OFlags::DIRECTORY | OFlags::PATH | OFlags::CLOEXEC;
    let folder = openat(CWD, env::temp_dir(), flags, Mode::empty())?;
    match open_unnamed(&folder, OFlags::EXCL) {
        Err(error) if is_not_offered(error) => named_for_an_instant(&folder),
        opened => opened.map_err(explain),
    }
}

/// Whether a kernel or a file system has no unnamed files: what open(2) lists.
pub(crate) fn is_not_offered(error: Errno) -> bool {
    matches!(
        error,
        Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOENT
    )
}

/// Opens a file without a name in a folder.
pub(crate) fn open_unnamed(folder: &OwnedFd, flags: OFlags) -> rustix::io::Result<File> {
    let flags = flags | OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    openat(folder, ".", flags, Mode::RUSR | Mode::WUSR).map(File::from)
}

/// Opens an unnamed file that [`proc_path`] can give a name.
pub(crate) fn open_nameable(folder: &OwnedFd) -> rustix::io::Result<File> {
    let file = open_unnamed(folder, OFlags::empty())?;
    // Without /proc it might never get its name.
    match stat(proc_path(&file)) {
        Ok(_) => Ok(file),
        Err(_) => Err(Errno::OPNOTSUPP),
    }
}

/// Where the system shows an open file.
pub(crate) fn proc_path(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

fn named_for_an_instant(folder: impl AsFd) -> io::Result<File> {
    let (hidden, file) = open_hidden(&folder, OsStr::new("crm-anon"))?;
    unlinkat(&folder, hidden, AtFlags::empty())?;
    Ok(file)
}

/// Makes a file under a hidden name, and gives both.
pub(crate) fn open_hidden(folder: impl AsFd, name: &OsStr) -> io::Result<(OsString, File)> {
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC;
    let mode = Mode::RUSR | Mode::WUSR;
    with_hidden_name(name, |hidden| {
        openat(&folder, hidden, flags, mode).map(File::from)
    })
}

/// Tries `make` with random names `.NAME.XXXXXXXXXXXXXXXX.tmp` until one is free.
pub(crate) fn with_hidden_name<T>(
    name: &OsStr,
    mut make: impl FnMut(&OsStr) -> rustix::io::Result<T>,
) -> io::Result<(OsString, T)> {
    // File names have at most 255 bytes.
    let stem: Vec<u8> = name.as_bytes().iter().copied().take(200).collect();
    for _ in 0..16 {
        let random = SysRng.try_next_u64().map_err(io::Error::other)?;
        let mut hidden = OsString::from(".");
        hidden.push(OsStr::from_bytes(&stem));
        hidden.push(format!(".{random:016x}.tmp"));
        match make(&hidden) {
            Err(Errno::EXIST) => {}
            made => return made.map(|made| (hidden, made)).map_err(explain),
        }
    }
    Err(explain(Errno::EXIST))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, Write};
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn a_temporary_file_has_no_name_and_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let open = || File::open(folder.path());
        let offered = || open_unnamed(&open().unwrap().into(), OFlags::EXCL);
        let files = [
            temporary().unwrap(),
            named_for_an_instant(open().unwrap()).unwrap(),
            offered().unwrap_or_else(|_| temporary().unwrap()),
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
