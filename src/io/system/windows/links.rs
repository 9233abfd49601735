//! Which folder and which name a path stands for, its symbolic links followed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{self, Path, PathBuf};

use super::file_id::FileId;
use super::files::{kind, open_without_waiting};
use super::folder::{Folder, made};
use crate::io::system::shared::{Kind, Opening, explain, explain_folder, refuse};

/// As many symbolic links in a row as are followed.
const MOST_LINKS: usize = 40;

/// Others may read, write and delete what is open here.
const SHARED: u32 = 0x7;

/// Names that are devices, in every folder.
const DEVICES: &[&str] = &["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Where a path leads.
pub(crate) struct Place {
    pub(crate) folder: Folder,
    pub(crate) name: std::ffi::OsString,
    /// What has the name now, never a symbolic link.
    found: Option<(Kind, Option<FileId>)>,
    /// Whether the name stands for an open file: there are none such here.
    pub(crate) by_descriptor: bool,
}

impl Place {
    /// Where `path` leads.
    ///
    /// # Errors
    /// A folder that is missing or closed, a `path` that can only be a folder; whatever else keeps the
    /// system from telling what has the name.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let place = Self::of_name(&path)?;
            let here = place.path();
            match fs::symlink_metadata(&here) {
                Ok(found) if found.is_symlink() => {
                    let target = fs::read_link(&here)?;
                    path = place.folder.0.join(target);
                }
                Ok(found) => {
                    let id = match found.is_file() {
                        true => FileId::of_path(&here)?,
                        false => None,
                    };
                    let found = Some((kind(&found), id));
                    return Ok(Self { found, ..place });
                }
                Err(_) if place.found.is_some() => return Ok(place),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(place),
                Err(error) => return Err(explain(error)),
            }
        }
        Err(refuse(fixed!("its symbolic links lead to one another")))
    }

    /// The folder and the name, whatever has it.
    fn of_name(path: &Path) -> io::Result<Self> {
        let bytes = path.as_os_str().as_encoded_bytes();
        let name = match (path.file_name(), bytes.last()) {
            (_, Some(b'/' | b'\\')) | (None, _) => {
                return Err(refuse(fixed!("it names a folder")));
            }
            (Some(name), _) => name.to_owned(),
        };
        if name.as_encoded_bytes().contains(&b':') {
            return Err(refuse(fixed!(
                "its name has a colon: that would write beside the file, where nobody sees it"
            )));
        }
        if is_device(&name) {
            return Ok(Self {
                folder: Folder(PathBuf::new()),
                name,
                found: Some((Kind::Device, None)),
                by_descriptor: false,
            });
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        if !fs::metadata(folder).map_err(explain_folder)?.is_dir() {
            return Err(explain_folder(io::ErrorKind::NotADirectory.into()));
        }
        Ok(Self {
            folder: Folder(full(folder).map_err(explain_folder)?),
            name,
            found: None,
            by_descriptor: false,
        })
    }

    fn path(&self) -> PathBuf {
        self.folder.0.join(&self.name)
    }

    /// What kind of file has the name now.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.found.map(|(kind, _)| kind)
    }

    /// The regular file that has it.
    pub(crate) fn id(&self) -> Option<FileId> {
        self.found.and_then(|(_, id)| id)
    }

    /// Opens what has the name, or makes it.
    pub(crate) fn open(&self, opening: Opening) -> io::Result<File> {
        let path = self.path();
        match opening {
            Opening::Read => open_without_waiting(&path),
            // A file that is only appended to could not be cut.
            Opening::ReadWrite | Opening::Append => {
                File::options().read(true).write(true).open(path)
            }
            Opening::Write => File::options().write(true).open(path),
            Opening::New => made().open(path),
            // Others wait for its lock.
            Opening::NewToAppend => made().share_mode(SHARED).open(path),
        }
    }

    /// Folders have no rule here by which anybody may lay something under a name, and nobody take it away.
    pub(crate) fn is_foreign(&self) -> io::Result<bool> {
        Ok(false)
    }

    /// The same for what may not be replaced: the system says so when the time comes.
    pub(crate) fn is_protected(&self) -> io::Result<bool> {
        Ok(false)
    }
}

/// The full path of a folder that is there. Some drives (of virtual disks, for one) do not tell how a folder is really
/// called, and neither does Wine 8 where that has more than 260 characters: there it is the one that leads to it from here.
fn full(folder: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(folder).or_else(|_| path::absolute(folder))
}

/// Whether a name is a device's, with an ending or without.
pub(super) fn is_device(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let numbered = ["COM", "LPT"].iter().any(|kind| {
        let digit = stem
            .get(..3)
            .filter(|start| start.eq_ignore_ascii_case(kind));
        digit
            .and_then(|_| stem.get(3..))
            .is_some_and(|digit| matches!(digit.as_bytes(), [b'1'..=b'9']))
    });
    numbered
        || DEVICES
            .iter()
            .any(|device| stem.eq_ignore_ascii_case(device))
}
