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
use std::sync::Arc;

use super::cleanup::{Names, note_written};
use super::write_back::WriteBack;
use crate::io::system::file_id::FileId;
use crate::io::system::folder::{Folder, Unnamed};
use crate::io::system::links::Place;
use crate::io::system::owner::restrict;
use crate::io::system::shared::{Kind, refuse};

/// A regular file under way. Until [`Staged::commit_all`] its destination is as it was; dropping it
/// leaves nothing. Its mode is 0600, whatever the old file's was.
///
/// Writes go straight to the file, so callers write large pieces.
#[derive(Debug)]
pub struct Staged {
    file: File,
    folder: Arc<Folder>,
    name: OsString,
    /// What gives the file its name, as long as it has none.
    unnamed: Option<Unnamed>,
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
        let replaced = place.id();
        let (folder, name) = checked(place)?;
        let created = match folder.create_unnamed(&name)? {
            Some((file, unnamed)) => Self::new(file, folder, name, Some(unnamed)),
            None => Self::create_named(folder, name),
        };
        let mut staged = created?;
        (staged.replaced, staged.keeps_old) = (replaced, keeps_old);
        Ok(staged)
    }

    fn create_named(folder: Arc<Folder>, name: OsString) -> io::Result<Self> {
        let mut names = Names::lock();
        let (hidden, file) = folder.create_hidden(&name)?;
        names.add(&folder, &hidden);
        drop(names);
        let mut staged = Self::new(file, folder, name, None)?;
        staged.temporary = Some(hidden);
        Ok(staged)
    }

    fn new(
        file: File,
        folder: Arc<Folder>,
        name: OsString,
        unnamed: Option<Unnamed>,
    ) -> io::Result<Self> {
        restrict(&file)?;
        Ok(Self {
            file,
            folder,
            name,
            unnamed,
            temporary: None,
            replaced: None,
            keeps_old: false,
            synced: false,
            write_back: WriteBack::default(),
            settled: Settled::Not,
        })
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
        let hidden = match (self.temporary.clone(), &self.unnamed) {
            (Some(hidden), _) => hidden,
            (None, None) => return Err(io::ErrorKind::Unsupported.into()),
            (None, Some(unnamed)) => match self.folder.link(&self.file, unnamed, &self.name) {
                Ok(()) => {
                    self.settled = Settled::New;
                    return Ok(());
                }
                Err(error) if self.keeps_old && error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(kept());
                }
                Err(_) => match self.link_hidden(names) {
                    Ok(hidden) => hidden,
                    // Some systems forbid links altogether.
                    Err(_) => self.copy_to_named(names)?,
                },
            },
        };
        self.settled = match self.folder.kind_of(&self.name)? {
            None => Settled::New,
            Some(Kind::File) if self.keeps_old => return Err(kept()),
            Some(Kind::File) if reversible && self.exchange(&hidden).is_ok() => {
                self.settled = Settled::Exchanged;
                return Ok(());
            }
            Some(Kind::File) => Settled::Replaced,
            Some(_) => return Err(refuse(fixed!("it is no longer a regular file"))),
        };
        if let Err(error) = self.rename(&hidden) {
            self.settled = Settled::Not;
            return Err(error);
        }
        names.forget(&self.folder, &hidden);
        self.temporary = None;
        Ok(())
    }

    /// Gives the file its name instead of the hidden one.
    fn rename(&self, hidden: &OsStr) -> io::Result<()> {
        if !self.keeps_old {
            return self.folder.rename(hidden, &self.name);
        }
        let renamed = self.folder.rename_new(hidden, &self.name);
        renamed.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => kept(),
            _ => error,
        })
    }

    fn take_back(&mut self) {
        let undone = match (self.settled, &self.temporary) {
            (Settled::New, _) => self.folder.remove(&self.name).is_ok(),
            // The new file is under the temporary name again, where `drop` removes it.
            (Settled::Exchanged, Some(hidden)) => self.exchange(hidden).is_ok(),
            _ => false,
        };
        if undone {
            self.settled = Settled::Not;
        }
    }

    fn exchange(&self, hidden: &OsStr) -> io::Result<()> {
        self.folder.exchange(hidden, &self.name)
    }

    fn link_hidden(&mut self, names: &mut Names) -> io::Result<OsString> {
        let Some(unnamed) = &self.unnamed else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let hidden = self.folder.link_hidden(&self.file, unnamed, &self.name)?;
        names.add(&self.folder, &hidden);
        self.temporary = Some(hidden.clone());
        Ok(hidden)
    }

    /// The last resort for a file that cannot be linked.
    fn copy_to_named(&mut self, names: &mut Names) -> io::Result<OsString> {
        let (hidden, mut copy) = self.folder.create_hidden(&self.name)?;
        names.add(&self.folder, &hidden);
        self.temporary = Some(hidden.clone());
        restrict(&copy)?;
        self.file.rewind()?;
        io::copy(&mut self.file, &mut copy)?;
        copy.sync_all()?;
        (self.file, self.unnamed) = (copy, None);
        Ok(hidden)
    }

    /// The regular file that had the destination's name when this one was started.
    pub(super) fn replaced(&self) -> Option<FileId> {
        self.replaced
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.folder.sync(&self.file)
    }
}

/// The folder and the name, if a regular file may have it.
fn checked(place: Place) -> io::Result<(Arc<Folder>, OsString)> {
    match place.kind() {
        None => {}
        Some(Kind::File) if place.is_protected()? => {
            return Err(refuse(fixed!(
                "it is another user's file in a shared folder"
            )));
        }
        Some(Kind::File) => {}
        Some(Kind::Folder) => return Err(refuse(fixed!("it is a folder"))),
        Some(_) => return Err(refuse(fixed!("it is not a regular file"))),
    }
    Ok((Arc::new(place.folder), place.name))
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
