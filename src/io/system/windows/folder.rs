//! A folder, by its full path.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::PathBuf;

use super::files::kind;
use crate::io::system::shared::{Kind, with_hidden_name};

const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
const FILE_SHARE_DELETE: u32 = 0x4;
const READ_WRITE_DELETE_AND_ACCESS_LIST: u32 = 0xC005_0000;

#[derive(Debug)]
pub(crate) struct Folder(pub(super) PathBuf);

/// The hidden name of a file that is gone with its handle: what links it to another name.
#[derive(Debug)]
pub(crate) struct Unnamed(OsString);

/// How a new file is made: nobody else reads or writes it as long as it is open here.
pub(super) fn made() -> OpenOptions {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create_new(true)
        .access_mode(READ_WRITE_DELETE_AND_ACCESS_LIST)
        .share_mode(FILE_SHARE_DELETE);
    options
}

impl Folder {
    /// Makes a file that is gone with the process unless [`Folder::link`] gives it a name.
    pub(crate) fn create_unnamed(&self, name: &OsStr) -> io::Result<Option<(File, Unnamed)>> {
        let (hidden, file) = with_hidden_name(&stem(name), |hidden| {
            let mut options = made();
            options.custom_flags(FILE_FLAG_DELETE_ON_CLOSE);
            options.open(self.0.join(hidden))
        })?;
        Ok(Some((file, Unnamed(hidden))))
    }

    /// Gives such a file a name that nothing has; the hidden one goes with the handle.
    pub(crate) fn link(&self, _file: &File, unnamed: &Unnamed, name: &OsStr) -> io::Result<()> {
        fs::hard_link(self.0.join(&unnamed.0), self.0.join(name))
    }

    /// Gives it another hidden name.
    pub(crate) fn link_hidden(
        &self,
        file: &File,
        unnamed: &Unnamed,
        name: &OsStr,
    ) -> io::Result<OsString> {
        let made = with_hidden_name(&stem(name), |hidden| self.link(file, unnamed, hidden));
        made.map(|(hidden, ())| hidden)
    }

    /// Makes a file under a hidden name, and gives both.
    pub(crate) fn create_hidden(&self, name: &OsStr) -> io::Result<(OsString, File)> {
        with_hidden_name(&stem(name), |hidden| made().open(self.0.join(hidden)))
    }

    /// What has a name now, links not followed.
    pub(crate) fn kind_of(&self, name: &OsStr) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(self.0.join(name)) {
            Ok(found) => Ok(Some(kind(&found))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Renames, over what has the new name, in one step.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to)).map_err(explain_in_use)
    }

    /// Renames where nothing has the new name. Where a file system has no links, it is looked at just before.
    pub(crate) fn rename_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        match fs::hard_link(self.0.join(from), self.0.join(to)) {
            Ok(()) => self.remove(from),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) if self.kind_of(to)?.is_some() => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => self.rename(from, to),
        }
    }

    /// Two names cannot be exchanged.
    pub(crate) fn exchange(&self, _: &OsStr, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Removes the name of a file.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    /// Brings the names to the disk: flushing a file writes the log of its file system too.
    pub(crate) fn sync(&self, of: &File) -> io::Result<()> {
        of.sync_all()
    }
}

/// Excel, for one, keeps a file that it shows from being replaced.
fn explain_in_use(error: io::Error) -> io::Error {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    match error.raw_os_error() {
        Some(ERROR_SHARING_VIOLATION) => io::Error::new(
            error.kind(),
            fixed!("another program has it open (Excel, perhaps): close it there and run again"),
        ),
        _ => error,
    }
}

/// What a hidden name has of the name that it stands for: file names have at most 255 units.
fn stem(name: &OsStr) -> OsString {
    let text = name.to_string_lossy();
    text.chars().take(100).collect::<String>().into()
}
