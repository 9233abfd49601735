//! Where bytes go: a file that replaces its old self when it is whole, or a stream.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;

use rustix::fs::{FileType, OFlags, Stat, fstat, stat};
use rustix::io::Errno;

use super::cleanup::note_written;
use super::staged::Staged;
use crate::io::system::links::{Place, refuse};

/// Which file a name or a descriptor leads to: two are the same file, under whatever names, if
/// and only if these are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The regular file that `path` leads to, after symbolic links; none if there is none there.
    ///
    /// # Errors
    /// When the system does not tell: that is not the same as no file.
    pub fn of_path(path: &Path) -> io::Result<Option<Self>> {
        match stat(path) {
            Ok(found) => Ok(Self::of_regular(&found)),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The regular file that is open here (a `File`, `io::stdin()`, `io::stdout()`); none for a
    /// pipe, a terminal or a device.
    pub fn of_open(open: impl AsFd) -> Option<Self> {
        Self::of_regular(&fstat(open).ok()?)
    }

    pub(super) fn of_regular(found: &Stat) -> Option<Self> {
        FileType::from_raw_mode(found.st_mode)
            .is_file()
            .then_some(Self {
                device: found.st_dev,
                inode: found.st_ino,
            })
    }
}

/// Where bytes go. Writes are not buffered, so callers write large pieces.
#[derive(Debug)]
pub enum Destination {
    /// A regular file, which has its name only after [`Destination::commit`].
    Staged(Staged),
    /// Standard output, a device or a named pipe: what is written is gone.
    Stream(Stream),
}

/// An open stream.
#[derive(Debug)]
pub struct Stream {
    file: File,
}

impl Destination {
    /// Opens `path`, or standard output if there is none or it is `-`. What exists and is no
    /// regular file (`/dev/null`, a named pipe) is written to directly and never replaced; opening
    /// a named pipe waits for its reader.
    ///
    /// # Errors
    /// As [`Staged::create_at`], before any work.
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return Self::standard_output();
        };
        let place = Place::of(path)?;
        match place.kind() {
            Some(FileType::RegularFile) if place.by_descriptor => Self::open_by_descriptor(&place),
            Some(FileType::RegularFile | FileType::Directory) | None => {
                Ok(Self::Staged(Staged::create_at(place)?))
            }
            Some(_) => Self::open_stream(&place),
        }
    }

    fn standard_output() -> io::Result<Self> {
        // A descriptor of its own: `io::stdout()` looks for line ends in everything it is given.
        let file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self::Stream(Stream { file }))
    }

    fn open_stream(place: &Place) -> io::Result<Self> {
        if place.is_foreign()? {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                fixed!("it is another user's in a folder that everybody may write to"),
            ));
        }
        let file = place.open(OFlags::WRONLY)?;
        // Something else may have taken the name since it was looked at.
        if FileId::of_open(&file).is_some() {
            return Err(io::Error::other(fixed!(
                "it changed while it was being opened"
            )));
        }
        Ok(Self::Stream(Stream { file }))
    }

    /// `/dev/stdout` and its like where they lead to a regular file. That file belongs to whoever
    /// opened it, perhaps for appending, perhaps under a name that is gone: it is not replaced.
    fn open_by_descriptor(place: &Place) -> io::Result<Self> {
        let file = place.found.as_ref().and_then(FileId::of_regular);
        if file.is_some() && file == FileId::of_open(io::stdout()) {
            return Self::standard_output();
        }
        Err(refuse(fixed!(
            "it is an open file of a process; give the file's own name"
        )))
    }

    /// The regular file that this destination is or would replace, to be compared with the inputs;
    /// none if there is none yet, and for pipes and devices.
    pub fn identity(&self) -> Option<FileId> {
        match self {
            Self::Staged(staged) => staged.replaced(),
            Self::Stream(stream) => FileId::of_open(&stream.file),
        }
    }

    /// Brings every byte to where it goes, and to the disk if that is a file. A staged file's
    /// destination is still as it was.
    ///
    /// # Errors
    /// What a disk or a device says late.
    pub fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Staged(staged) => staged.finish(),
            // Only a file can be synced, but there the full disk may show only now.
            Self::Stream(stream) if FileId::of_open(&stream.file).is_some() => {
                stream.file.sync_all()
            }
            Self::Stream(stream) => stream.file.flush(),
        }
    }

    /// Another descriptor of a staged file, for what is not written from its beginning to its end.
    ///
    /// # Errors
    /// A stream.
    pub(crate) fn under_way(&self) -> io::Result<File> {
        match self {
            Self::Staged(staged) => staged.under_way(),
            Self::Stream(_) => Err(refuse(fixed!("it is not a regular file"))),
        }
    }

    /// Finishes, and gives a staged file its name.
    ///
    /// # Errors
    /// As [`commit_all`].
    pub fn commit(self) -> io::Result<()> {
        commit_all(vec![self])
    }
}

/// Finishes all of these and then gives the staged files their names, in order and with no signal
/// in between. If one cannot have its name, those before it lose theirs and the old files are back
/// (except where a file system cannot exchange two names: there a file already replaced stays
/// replaced).
///
/// # Errors
/// The first that occurs. No file has its name after one, except where a folder could not be
/// synced.
pub fn commit_all(destinations: Vec<Destination>) -> io::Result<()> {
    let mut staged = Vec::with_capacity(destinations.len());
    for mut destination in destinations {
        destination.finish()?;
        if let Destination::Staged(file) = destination {
            staged.push(file);
        }
    }
    Staged::commit_all(staged)
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Staged(staged) => staged.write(bytes),
            Self::Stream(stream) => {
                note_written();
                stream.file.write(bytes)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Staged(staged) => staged.flush(),
            Self::Stream(stream) => stream.file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{FileTypeExt, symlink};
    use std::process::Command;

    #[test]
    fn one_file_under_all_its_names_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("in.csv"), "a\n").unwrap();
        fs::write(at("other.csv"), "a\n").unwrap();
        fs::hard_link(at("in.csv"), at("hard")).unwrap();
        symlink("in.csv", at("soft")).unwrap();
        symlink(at("soft"), at("softer")).unwrap();
        let of_path = |path: &Path| FileId::of_path(path).unwrap();
        let input = of_path(&at("in.csv"));
        assert!(input.is_some());
        for (name, same) in [
            ("in.csv", true),
            ("hard", true),
            ("soft", true),
            ("softer", true),
            ("other.csv", false),
        ] {
            assert_eq!(of_path(&at(name)) == input, same, "{name}");
            let open = File::open(at(name)).unwrap();
            assert_eq!(FileId::of_open(&open) == input, same, "{name}, open");
            let destination = Destination::open(Some(&at(name))).unwrap();
            assert_eq!(
                destination.identity() == input,
                same,
                "{name}, as destination"
            );
        }
        assert_eq!(
            Destination::open(Some(&at("new.csv"))).unwrap().identity(),
            None
        );
        assert_eq!(of_path(&at("new.csv")), None);
        assert_eq!(of_path(folder.path()), None);
        assert_eq!(of_path(Path::new("/dev/null")), None);
        // Not to be told is not the same as not there.
        assert!(FileId::of_path(&at(&"x".repeat(300))).is_err());
    }

    #[test]
    fn a_full_device_is_an_error_and_devices_stay_devices() {
        let mut full = Destination::open(Some(Path::new("/dev/full"))).unwrap();
        let error = full.write_all(b"row\n").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        let mut null = Destination::open(Some(Path::new("/dev/null"))).unwrap();
        assert!(matches!(null, Destination::Stream(_)));
        null.write_all(b"row\n").unwrap();
        null.commit().unwrap();
        for device in ["/dev/full", "/dev/null"] {
            assert!(fs::metadata(device).unwrap().file_type().is_char_device());
        }
    }

    #[test]
    fn a_named_pipe_is_written_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        let mut destination = Destination::open(Some(&pipe)).unwrap();
        destination.write_all(b"row\n").unwrap();
        destination.commit().unwrap();
        assert_eq!(reader.join().unwrap(), b"row\n");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }

    #[test]
    fn a_closed_pipe_has_its_own_kind() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || drop(File::open(pipe).unwrap())
        });
        let mut destination = Destination::open(Some(&pipe)).unwrap();
        reader.join().unwrap();
        let error = destination.write_all(b"row\n").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn standard_output_by_its_names() {
        for path in [None, Some(Path::new("-"))] {
            let destination = Destination::open(path).unwrap();
            assert!(matches!(destination, Destination::Stream(_)));
            assert_eq!(destination.identity(), FileId::of_open(io::stdout()));
        }
    }

    #[test]
    fn an_open_file_is_not_replaced_through_proc() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.csv");
        fs::write(&path, "old\n").unwrap();
        let open = File::open(&path).unwrap();
        let link = folder.path().join("link");
        let number = std::os::fd::AsRawFd::as_raw_fd(&open);
        symlink(format!("/proc/self/fd/{number}"), &link).unwrap();
        let error = Destination::open(Some(&link)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(fs::read(&path).unwrap(), b"old\n");
    }

    #[test]
    fn several_files_are_committed_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let staged = |name: &str| {
            let mut file = Destination::open(Some(&at(name))).unwrap();
            file.write_all(b"new\n").unwrap();
            file
        };
        fs::write(at("old.csv"), "old\n").unwrap();
        let stream = Destination::open(Some(Path::new("/dev/null"))).unwrap();
        let files = vec![
            staged("fresh.csv"),
            stream,
            staged("old.csv"),
            staged("taken.json"),
        ];
        // The last name becomes a folder meanwhile, so that its rename must fail.
        fs::create_dir(at("taken.json")).unwrap();
        assert!(commit_all(files).is_err());
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["old.csv", "taken.json"]);
        assert_eq!(fs::read(at("old.csv")).unwrap(), b"old\n");

        fs::remove_dir(at("taken.json")).unwrap();
        commit_all(vec![
            staged("fresh.csv"),
            staged("old.csv"),
            staged("taken.json"),
        ])
        .unwrap();
        for name in ["fresh.csv", "old.csv", "taken.json"] {
            assert_eq!(fs::read(at(name)).unwrap(), b"new\n", "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
