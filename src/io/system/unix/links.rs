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
    /// The name in it.
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
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, lchown, symlink};

    fn shared(folder: &Path) {
        fs::set_permissions(folder, PermissionsExt::from_mode(0o1777)).unwrap();
    }

    #[test]
    fn the_rule_of_the_kernel() {
        let mut folder = rustix::fs::stat(".").unwrap();
        folder.st_uid = 0;
        let (sticky, open) = (0o041_777, 0o040_777);
        for (case, mode, owner, user, may) in [
            ("one's own", sticky, 5, 5, true),
            ("of the folder's owner", sticky, 0, 5, true),
            ("another's", sticky, 7, 5, false),
            ("another's, for root", sticky, 7, 0, false),
            ("not sticky", open, 7, 5, true),
            ("sticky, and only for a group", 0o041_775, 7, 5, true),
            ("sticky, and nobody else's", 0o041_700, 7, 0, true),
        ] {
            folder.st_mode = mode;
            assert_eq!(may_use(&folder, owner, Uid::from_raw(user)), may, "{case}");
        }
    }

    #[test]
    fn a_file_that_a_shared_folder_protects_is_known_beforehand() {
        let with = |uid: u32, mode: u32| {
            let mut stat = rustix::fs::stat("/").unwrap();
            (stat.st_uid, stat.st_mode) = (uid, mode);
            stat
        };
        let cases = [
            ("another's file in /tmp", 0, 0o41777, 2, true),
            ("own file in /tmp", 0, 0o41777, 1, false),
            (
                "another's file in an own sticky folder",
                1,
                0o41777,
                2,
                false,
            ),
            ("another's file in an open folder", 0, 0o40777, 2, false),
        ];
        for (name, folder, mode, owner, protected) in cases {
            let (folder, old) = (with(folder, mode), with(owner, 0o100_644));
            let found = is_protected(&folder, &old, Uid::from_raw(1));
            assert_eq!(found, protected, "{name}");
            assert!(
                !is_protected(&folder, &old, Uid::ROOT),
                "{name}, administrator"
            );
        }
    }

    #[test]
    fn paths_lead_where_the_kernel_says() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        fs::create_dir_all(at("a/b")).unwrap();
        fs::write(at("a/file"), "x").unwrap();
        symlink("a", at("folder")).unwrap();
        symlink(at("a/b"), at("a/absolute")).unwrap();
        symlink("../file", at("a/b/up")).unwrap();
        symlink("../folder/./b/up", at("a/chain")).unwrap();
        symlink("nothing", at("dangling")).unwrap();
        for (path, leads_to) in [
            ("a/file", "a/file"),
            ("a//./b/../file", "a/file"),
            ("folder/file", "a/file"),
            ("folder/absolute/up", "a/file"),
            ("folder/absolute/new", "a/b/new"),
            ("a/chain", "a/file"),
            ("dangling", "nothing"),
            ("folder/../new", "new"),
        ] {
            let place = Place::of(&at(path)).expect(path);
            let expected = at(leads_to);
            assert_eq!(place.name, expected.file_name().unwrap(), "{path}");
            let folder = fstat(&place.folder).unwrap();
            let parent = rustix::fs::stat(expected.parent().unwrap()).unwrap();
            assert_eq!(folder.st_ino, parent.st_ino, "{path}");
            let there = rustix::fs::stat(&expected).ok().map(|found| found.st_ino);
            assert_eq!(place.found.map(|found| found.st_ino), there, "{path}");
        }
    }

    #[test]
    fn what_is_no_place_for_a_file_says_why() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        fs::write(at("file"), "x").unwrap();
        fs::create_dir(at("folder")).unwrap();
        symlink("loop", at("loop")).unwrap();
        symlink("folder/", at("slash")).unwrap();
        symlink("gone/x", at("lost")).unwrap();
        for (path, why) in [
            ("missing/out", "does not exist"),
            ("lost", "does not exist"),
            ("file/out", "not a folder"),
            ("folder/", "names a folder"),
            ("slash", "names a folder"),
            ("folder/..", "names a folder"),
            ("loop", "symbolic links"),
        ] {
            let error = Place::of(&at(path)).err().expect(path).to_string();
            assert!(error.contains(why), "{path}: {error}");
        }
        let long = at(&"x".repeat(300));
        assert!(Place::of(&long).is_err(), "an error is not `not there`");
        assert!(Place::of(Path::new("")).is_err());
        assert!(Place::of(Path::new("/")).is_err());
    }

    #[test]
    fn a_link_in_a_shared_folder_is_followed_for_its_owner_only() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        fs::create_dir(at("shared")).unwrap();
        fs::create_dir(at("target")).unwrap();
        shared(&at("shared"));
        symlink("../target/out", at("shared/out")).unwrap();
        symlink("../target", at("shared/folder")).unwrap();
        let paths = ["shared/out", "shared/folder/out"];
        for path in paths {
            assert_eq!(Place::of(&at(path)).unwrap().name, "out", "{path}");
        }
        // Only root can give a link away; the rule itself is under test above.
        if geteuid().is_root() {
            for link in ["shared/out", "shared/folder"] {
                lchown(at(link), Some(65_534), None).unwrap();
            }
            for path in paths {
                let error = Place::of(&at(path)).err().expect(path);
                assert!(error.to_string().contains("another user's"), "{error}");
            }
            // The same links elsewhere.
            fs::set_permissions(at("shared"), PermissionsExt::from_mode(0o755)).unwrap();
            for path in paths {
                assert_eq!(Place::of(&at(path)).unwrap().name, "out", "{path}");
            }
        }
    }

    #[test]
    fn open_files_have_places_too() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let number = std::os::fd::AsRawFd::as_raw_fd(&file);
        let path = format!("/proc/self/fd/{number}");
        let place = Place::of(Path::new(&path)).unwrap();
        assert!(place.by_descriptor);
        assert_eq!(place.kind(), Some(Kind::File));
        assert!(!place.is_foreign().unwrap());
    }
}
