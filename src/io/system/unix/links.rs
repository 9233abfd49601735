//! Which folder and which name a path stands for, its symbolic links followed by hand and under the
//! rule of `fs.protected_symlinks`, whether or not the kernel enforces it.
//!
//! In a folder that everybody may write to and where nobody may take away another's file (the sticky
//! bit: `/tmp`), anybody can lay a link under the name that a program is about to write. So there a link
//! is followed only if its owner is the user who runs the program, or the folder's owner. This holds
//! for root too, and for each link on the way. From the folder on, everything is relative to it as it
//! was opened: nobody can put another in its place.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::fs::{fstat, openat, readlinkat, statat};
use rustix::io::Errno;
use rustix::process::{Uid, geteuid};

use super::file_id::FileId;
use super::files::kind_of;
use super::folder::Folder;
use super::kernel;
use crate::io::system::shared::{Kind, Opening, explain, explain_folder, refuse};

/// As many symbolic links in a row as Linux itself follows.
const MOST_LINKS: usize = 40;

/// Where a path leads.
pub(crate) struct Place {
    /// The folder, open.
    pub(crate) folder: Folder,
    pub(crate) name: OsString,
    /// What has the name now, never a symbolic link unless `by_descriptor`.
    found: Option<Stat>,
    /// Whether the name is one of those in `/proc` that stand for an open file; `found` is that file.
    pub(crate) by_descriptor: bool,
}

impl Place {
    /// Where `path` leads.
    ///
    /// # Errors
    /// A folder that is missing or closed, a `path` that can only be a folder, a link of another user
    /// in a shared folder; whatever else keeps the system from telling what has the name.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut walk = Walk::begin(path.as_os_str())?;
        loop {
            if let Some(place) = walk.step()? {
                return Ok(place);
            }
        }
    }

    /// What kind of file has the name now.
    pub(crate) fn kind(&self) -> Option<Kind> {
        let found = self.found.as_ref();
        found.map(|found| kind_of(FileType::from_raw_mode(found.st_mode)))
    }

    /// The regular file that has it.
    pub(crate) fn id(&self) -> Option<FileId> {
        self.found.as_ref().and_then(FileId::of_regular)
    }

    /// Opens what has the name, or makes it; never through a link.
    pub(crate) fn open(&self, opening: Opening) -> io::Result<File> {
        let made = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        let flags = match opening {
            Opening::Read => OFlags::RDONLY | OFlags::NONBLOCK,
            Opening::ReadWrite => OFlags::RDWR | OFlags::NONBLOCK,
            Opening::Write => OFlags::WRONLY,
            Opening::Append => OFlags::RDWR | OFlags::APPEND | OFlags::NONBLOCK,
            Opening::New => made,
            Opening::NewToAppend => made | OFlags::APPEND,
        };
        let flags = flags | OFlags::CLOEXEC | OFlags::NOCTTY;
        let flags = match self.by_descriptor {
            true => flags,
            false => flags | OFlags::NOFOLLOW,
        };
        let mode = Mode::RUSR | Mode::WUSR;
        Ok(File::from(openat(&self.folder, &self.name, flags, mode)?))
    }

    /// Whether what has the name may have been laid there by another user for this program to write
    /// into: `fs.protected_regular` and `fs.protected_fifos`.
    pub(crate) fn is_foreign(&self) -> io::Result<bool> {
        let Some(found) = self.found.as_ref().filter(|_| !self.by_descriptor) else {
            return Ok(false);
        };
        Ok(!may_use(&fstat(&self.folder)?, found.st_uid, geteuid()))
    }

    /// Whether the folder keeps this user from replacing what has the name.
    pub(crate) fn is_protected(&self) -> io::Result<bool> {
        let Some(found) = &self.found else {
            return Ok(false);
        };
        Ok(is_protected(&fstat(&self.folder)?, found, geteuid()))
    }
}

/// The names of a path that are still to be followed.
struct Walk {
    folder: OwnedFd,
    /// The next name last.
    names: Vec<OsString>,
    links: usize,
}

impl Walk {
    fn begin(path: &OsStr) -> io::Result<Self> {
        let mut walk = Self {
            folder: open_folder(None, OsStr::new("."))?,
            names: Vec::new(),
            links: 0,
        };
        walk.push(path)?;
        Ok(walk)
    }

    /// Puts a path before the names that are left.
    fn push(&mut self, path: &OsStr) -> io::Result<()> {
        let bytes = path.as_bytes();
        if bytes.starts_with(b"/") {
            self.folder = open_folder(None, OsStr::new("/"))?;
        }
        if self.names.is_empty() && (bytes.is_empty() || bytes.ends_with(b"/")) {
            return Err(refuse(fixed!("it names a folder")));
        }
        let names = bytes.split(|byte| *byte == b'/').rev();
        let names = names.filter(|name| !name.is_empty() && *name != b".");
        let before = self.names.len();
        self.names
            .extend(names.map(|name| OsStr::from_bytes(name).to_owned()));
        if before == 0 && self.names.is_empty() {
            return Err(refuse(fixed!("it names a folder")));
        }
        Ok(())
    }

    /// Follows the next name; the place, if it was the last.
    fn step(&mut self) -> io::Result<Option<Place>> {
        let Some(name) = self.names.pop() else {
            return Err(refuse(fixed!("it names a folder")));
        };
        let last = self.names.is_empty();
        if name == ".." {
            self.enter(&name, OFlags::empty())?;
            return Ok(None);
        }
        let found = match statat(&self.folder, &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Some(found),
            Err(Errno::NOENT) if last => None,
            Err(error) => return Err(explain_folder(error.into())),
        };
        let kind = found
            .as_ref()
            .map(|found| FileType::from_raw_mode(found.st_mode));
        match (kind, &found) {
            (Some(FileType::Symlink), Some(link)) => self.follow(name, link),
            _ if last => self.place(name, found, false).map(Some),
            _ => {
                self.enter(&name, OFlags::NOFOLLOW)?;
                Ok(None)
            }
        }
    }

    fn follow(&mut self, name: OsString, link: &Stat) -> io::Result<Option<Place>> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Errno::LOOP.into());
        }
        // These links are the kernel's, and their texts need not be paths.
        if kernel::has_kernel_links(&self.folder)? {
            if self.names.is_empty() {
                let found = statat(&self.folder, &name, AtFlags::empty());
                let found = found.map_err(|error| explain(error.into()))?;
                return self.place(name, Some(found), true).map(Some);
            }
            self.enter(&name, OFlags::empty())?;
            return Ok(None);
        }
        if !may_use(&fstat(&self.folder)?, link.st_uid, geteuid()) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                fixed!(
                    "a symbolic link on the way is another user's in a folder that everybody may write to; \
                 name the file that is meant, or one in another folder"
                ),
            ));
        }
        let target = readlinkat(&self.folder, &name, Vec::new())?;
        self.push(&OsString::from_vec(target.into_bytes()))?;
        Ok(None)
    }

    fn enter(&mut self, name: &OsStr, flags: OFlags) -> io::Result<()> {
        self.folder = open_in(&self.folder, name, flags)?;
        Ok(())
    }

    fn place(
        &mut self,
        name: OsString,
        found: Option<Stat>,
        by_descriptor: bool,
    ) -> io::Result<Place> {
        Ok(Place {
            folder: Folder(self.folder.try_clone()?),
            name,
            found,
            by_descriptor,
        })
    }
}

/// Whether `user` may use what `owner` has laid into a folder: not where everybody may do so, unless it
/// is the user's own or the folder's owner's.
fn may_use(folder: &Stat, owner: u32, user: Uid) -> bool {
    let shared = Mode::SVTX | Mode::WOTH;
    !Mode::from_raw_mode(folder.st_mode).contains(shared)
        || owner == user.as_raw()
        || owner == folder.st_uid
}

fn open_folder(folder: Option<&OwnedFd>, name: &OsStr) -> io::Result<OwnedFd> {
    match folder {
        Some(folder) => open_in(folder, name, OFlags::empty()),
        None => open_at(CWD, name, OFlags::empty()),
    }
}

fn open_in(folder: &OwnedFd, name: &OsStr, flags: OFlags) -> io::Result<OwnedFd> {
    open_at(folder, name, flags)
}

fn open_at(folder: impl std::os::fd::AsFd, name: &OsStr, flags: OFlags) -> io::Result<OwnedFd> {
    let flags = flags | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match openat(&folder, name, flags | OFlags::RDONLY, Mode::empty()) {
        // A folder that takes files and does not list them.
        Err(Errno::ACCESS) => openat(&folder, name, flags | kernel::NAMES_ONLY, Mode::empty()),
        opened => opened,
    }
    .map_err(|error| explain_folder(error.into()))
}

/// Whether a folder like `/tmp` (the sticky bit) keeps `user` from replacing a file in it.
fn is_protected(folder: &Stat, old: &Stat, user: Uid) -> bool {
    let sticky = Mode::from_raw_mode(folder.st_mode).contains(Mode::SVTX);
    let owner = [folder.st_uid, old.st_uid].contains(&user.as_raw());
    sticky && !owner && !user.is_root()
}

#[cfg(test)]
mod tests;
