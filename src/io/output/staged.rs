//! A file that has no name until it is whole.
//!
//! ```text
//! create ── O_TMPFILE in the destination's folder ──┐ no name: the kernel forgets it with the process
//!   └─ not offered here: `.NAME.XXXXXXXX.tmp` ──────┤ a name: removed by Drop, or by the signal thread
//! write ─ from 8 MiB on, written out meanwhile ──────┤
//! finish ─ fsync ───────────────────────────────────┤
//! commit ─ no old file: linkat to NAME              │
//!        └ an old file: linkat to a hidden name, rename over NAME; then fsync of the folder
//! ```
//!
//! Nothing in Linux links over an existing name in one step, hence the hidden name for that
//! instant. Everything happens relative to the folder as it was opened, so a folder that is moved
//! meanwhile takes its file along.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::fs::{AtFlags, CWD, FileType, Mode, RenameFlags};
use rustix::fs::{fchmod, fsync, linkat, renameat, renameat_with, statat, unlinkat};
use rustix::io::Errno;

use super::cleanup::{Names, note_written};
use super::write_back::WriteBack;
use crate::io::system::file_id::FileId;
use crate::io::system::links::{Place, explain, refuse};
use crate::io::system::unnamed::{
    is_not_offered, open_hidden, open_nameable, proc_path, with_hidden_name,
};
use place::checked;

mod place;

/// A regular file under way. Until [`Staged::commit_all`] its destination is as it was; dropping it
/// leaves nothing. Its mode is 0600, whatever the old file's was.
///
/// Writes go straight to the file, so callers write large pieces.
#[derive(Debug)]
pub struct Staged {
    file: File,
    folder: Arc<OwnedFd>,
    name: OsString,
    /// The name that the file, or the old file that it has changed places with, has for now; it
    /// stands in the registry.
    temporary: Option<OsString>,
    /// The regular file that had the name at the start.
    replaced: Option<FileId>,
    /// Whether a file that has the name by then is kept, and this one gets none.
    keeps_old: bool,
    synced: bool,
    write_back: WriteBack,
    settled: Settled,
}

/// How a file came to its name, and so whether that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settled {
    Not,
    /// Nothing had the name before.
    New,
    /// The old file is kept under the temporary name.
    Exchanged,
    /// The old file is gone.
    Replaced,
}

impl Staged {
    /// Starts a file that [`Staged::commit_all`] will name.
    ///
    /// # Errors
    /// Before any work: a folder that does not take new files; a place that is a folder, or anything
    /// else but a regular file.
    pub(super) fn create_at(place: Place, keeps_old: bool) -> io::Result<Self> {
        let replaced = place.found.as_ref().and_then(FileId::of_regular);
        let (folder, name) = checked(place)?;
        let created = match open_nameable(&folder) {
            Ok(file) => Self::new(file, folder, name, None),
            Err(error) if is_not_offered(error) => Self::create_named(folder, name),
            Err(error) => Err(explain(error)),
        };
        let mut staged = created?;
        (staged.replaced, staged.keeps_old) = (replaced, keeps_old);
        Ok(staged)
    }

    fn create_named(folder: Arc<OwnedFd>, name: OsString) -> io::Result<Self> {
        let mut names = Names::lock();
        let (hidden, file) = open_hidden(&folder, &name)?;
        names.add(&folder, &hidden);
        drop(names);
        Self::new(file, folder, name, Some(hidden))
    }

    fn new(
        file: File,
        folder: Arc<OwnedFd>,
        name: OsString,
        temporary: Option<OsString>,
    ) -> io::Result<Self> {
        let staged = Self {
            file,
            folder,
            name,
            temporary,
            replaced: None,
            keeps_old: false,
            synced: false,
            write_back: WriteBack::default(),
            settled: Settled::Not,
        };
        // A umask may have taken the owner's bits away.
        fchmod(&staged.file, Mode::RUSR | Mode::WUSR)?;
        Ok(staged)
    }

    /// Another descriptor of the file.
    pub(super) fn under_way(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Brings every byte to the disk. The destination is still as it was.
    ///
    /// # Errors
    /// What the disk says late, a full one for instance; then every later call says it again.
    pub fn finish(&mut self) -> io::Result<()> {
        if !self.synced {
            self.write_back.finish(&self.file)?;
            self.synced = true;
        }
        Ok(())
    }

    /// Finishes the files, gives them their names and brings these to the disk: all or, as far as the file system can take a rename back, none.
    pub(super) fn commit_all(mut files: Vec<Self>) -> io::Result<()> {
        for file in &mut files {
            file.finish()?;
        }
        let mut names = Names::lock();
        let result = settle_all(&mut files, &mut names);
        // Dropping a file takes the lock again.
        drop(names);
        result
    }

    /// Gives the file its name; if `reversible`, in a way that [`Self::take_back`] can undo where
    /// the file system offers one.
    fn settle(&mut self, names: &mut Names, reversible: bool) -> io::Result<()> {
        let hidden = match self.temporary.clone() {
            Some(hidden) => hidden,
            None => match self.link(&self.name) {
                Ok(()) => {
                    self.settled = Settled::New;
                    return Ok(());
                }
                Err(Errno::EXIST) if self.keeps_old => return Err(kept()),
                Err(_) => match self.link_hidden(names) {
                    Ok(hidden) => hidden,
                    // Some systems forbid links altogether.
                    Err(_) => self.copy_to_named(names)?,
                },
            },
        };
        self.settled = match statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => Settled::New,
            Err(error) => return Err(error.into()),
            Ok(old) if !FileType::from_raw_mode(old.st_mode).is_file() => {
                return Err(refuse(fixed!("it is no longer a regular file")));
            }
            Ok(_) if self.keeps_old => return Err(kept()),
            Ok(_) if reversible && self.exchange(&hidden).is_ok() => {
                self.settled = Settled::Exchanged;
                return Ok(());
            }
            Ok(_) => Settled::Replaced,
        };
        if let Err(error) = self.rename(&hidden) {
            self.settled = Settled::Not;
            return Err(error);
        }
        names.forget(&self.folder, &hidden);
        self.temporary = None;
        Ok(())
    }

    /// Gives the file its name instead of the hidden one. Some file systems cannot say that nothing is to be
    /// replaced; there it was looked at just before.
    fn rename(&self, hidden: &OsStr) -> io::Result<()> {
        if self.keeps_old {
            let flags = RenameFlags::NOREPLACE;
            match renameat_with(&self.folder, hidden, &self.folder, &self.name, flags) {
                Err(Errno::EXIST) => return Err(kept()),
                Err(Errno::INVAL | Errno::NOSYS) => {}
                renamed => return Ok(renamed?),
            }
        }
        Ok(renameat(&self.folder, hidden, &self.folder, &self.name)?)
    }

    fn take_back(&mut self) {
        let undone = match (self.settled, &self.temporary) {
            (Settled::New, _) => unlinkat(&self.folder, &self.name, AtFlags::empty()).is_ok(),
            // The new file is under the temporary name again, where `drop` removes it.
            (Settled::Exchanged, Some(hidden)) => self.exchange(hidden).is_ok(),
            _ => false,
        };
        if undone {
            self.settled = Settled::Not;
        }
    }

    fn exchange(&self, hidden: &OsStr) -> rustix::io::Result<()> {
        let flags = RenameFlags::EXCHANGE;
        renameat_with(&self.folder, hidden, &self.folder, &self.name, flags)
    }

    /// Names the unnamed file. `/proc` is the way open to everybody; a link by descriptor alone
    /// needs a right, or a recent kernel.
    fn link(&self, name: &OsStr) -> rustix::io::Result<()> {
        let follow = AtFlags::SYMLINK_FOLLOW;
        match linkat(CWD, proc_path(&self.file), &self.folder, name, follow) {
            Err(Errno::EXIST) => Err(Errno::EXIST),
            Err(_) => linkat(&self.file, "", &self.folder, name, AtFlags::EMPTY_PATH),
            Ok(()) => Ok(()),
        }
    }

    fn link_hidden(&mut self, names: &mut Names) -> io::Result<OsString> {
        let (hidden, ()) = with_hidden_name(&self.name, |hidden| self.link(hidden))?;
        names.add(&self.folder, &hidden);
        self.temporary = Some(hidden.clone());
        Ok(hidden)
    }

    /// The last resort for a file that cannot be linked.
    fn copy_to_named(&mut self, names: &mut Names) -> io::Result<OsString> {
        let (hidden, mut copy) = open_hidden(&self.folder, &self.name)?;
        names.add(&self.folder, &hidden);
        self.temporary = Some(hidden.clone());
        fchmod(&copy, Mode::RUSR | Mode::WUSR)?;
        self.file.rewind()?;
        io::copy(&mut self.file, &mut copy)?;
        copy.sync_all()?;
        self.file = copy;
        Ok(hidden)
    }

    /// The regular file that had the destination's name when this one was started.
    pub(super) fn replaced(&self) -> Option<FileId> {
        self.replaced
    }

    fn sync_folder(&self) -> io::Result<()> {
        match fsync(&self.folder) {
            // A folder that may not be read, or whose file system does not sync folders.
            Err(Errno::BADF | Errno::INVAL | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            synced => synced.map_err(io::Error::from),
        }
    }
}

/// That an old file is kept.
pub(super) fn kept() -> io::Error {
    io::ErrorKind::AlreadyExists.into()
}

fn settle_all(files: &mut [Staged], names: &mut Names) -> io::Result<()> {
    let last = files.len().saturating_sub(1);
    let failed = files
        .iter_mut()
        .enumerate()
        .find_map(|(at, file)| file.settle(names, at < last).err());
    if let Some(error) = failed {
        files.iter_mut().rev().for_each(Staged::take_back);
        return Err(error);
    }
    note_written();
    for file in files.iter_mut() {
        // What an exchange has kept: the old file.
        if let Some(old) = file.temporary.take() {
            names.remove(&file.folder, &old);
        }
    }
    files.iter().try_for_each(Staged::sync_folder)
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_back.check()?;
        self.synced = false;
        let written = self.file.write(bytes)?;
        self.write_back.wrote(&self.file, written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(hidden) = self.temporary.take() {
            Names::lock().remove(&self.folder, &hidden);
        }
    }
}

#[cfg(test)]
mod tests;
