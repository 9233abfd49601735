//! Where bytes go: a file that replaces its old self when it is whole, or a stream.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::cleanup::note_written;
use super::staged::{self, Staged};
use crate::io::system::file_id::FileId;
use crate::io::system::files::{self, StandardOutput};
use crate::io::system::links::Place;
use crate::io::system::shared::{Kind, Opening, refuse};

/// Where bytes go. Writes are not buffered, so callers write large pieces.
#[derive(Debug)]
pub enum Destination {
    /// A regular file, which has its name only after [`Destination::commit`].
    Staged(Staged),
    /// Standard output, a device or a named pipe: what is written is gone.
    Stream(Stream),
    /// Nowhere: what would be written is not. Holds the regular file that would be replaced.
    Rehearsed(Option<FileId>),
}

/// How a destination is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Nothing is written, but whatever would stand in the way is found out.
    pub rehearses: bool,
    /// A regular file that is there, or comes meanwhile, is never replaced.
    pub keeps_old: bool,
}

/// An open stream.
#[derive(Debug)]
pub struct Stream {
    file: StandardOutput,
}

impl Destination {
    /// Opens `path`, or standard output if there is none or it is `-`. What exists and is no
    /// regular file (`/dev/null`, a named pipe) is written to directly and never replaced; opening
    /// a named pipe waits for its reader, and so it is not opened to rehearse.
    ///
    /// # Errors
    /// As [`Staged::create_at`], before any work; [`io::ErrorKind::AlreadyExists`] where an old file is
    /// kept.
    pub fn open(path: Option<&Path>, manner: Manner) -> io::Result<Self> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return match manner.rehearses {
                true => Ok(Self::Rehearsed(FileId::of_open(io::stdout()))),
                false => Self::standard_output(),
            };
        };
        let place = Place::of(path)?;
        match place.kind() {
            Some(Kind::File) if place.by_descriptor => {
                let open = Self::open_by_descriptor(&place)?;
                Ok(match manner.rehearses {
                    true => Self::Rehearsed(open.identity()),
                    false => open,
                })
            }
            Some(Kind::File) if manner.keeps_old => Err(staged::kept()),
            Some(Kind::File | Kind::Folder) | None => {
                let staged = Staged::create_at(place, manner.keeps_old)?;
                Ok(match manner.rehearses {
                    true => Self::Rehearsed(staged.replaced()),
                    false => Self::Staged(staged),
                })
            }
            Some(_) if manner.rehearses => Ok(Self::Rehearsed(None)),
            Some(_) => Self::open_stream(&place),
        }
    }

    fn standard_output() -> io::Result<Self> {
        let file = files::standard_output()?;
        Ok(Self::Stream(Stream { file }))
    }

    fn open_stream(place: &Place) -> io::Result<Self> {
        if place.is_foreign()? {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                fixed!("it is another user's in a folder that everybody may write to"),
            ));
        }
        let file = place.open(Opening::Write)?;
        // Something else may have taken the name since it was looked at.
        if FileId::of_open(&file).is_some() {
            return Err(io::Error::other(fixed!(
                "it changed while it was being opened"
            )));
        }
        let file = files::stream(file);
        Ok(Self::Stream(Stream { file }))
    }

    /// `/dev/stdout` and its like where they lead to a regular file. That file belongs to whoever
    /// opened it, perhaps for appending, perhaps under a name that is gone: it is not replaced.
    fn open_by_descriptor(place: &Place) -> io::Result<Self> {
        let file = place.id();
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
            Self::Rehearsed(replaced) => *replaced,
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
            Self::Rehearsed(_) => Ok(()),
        }
    }

    /// Another descriptor of a staged file, for what is not written from its beginning to its end.
    ///
    /// # Errors
    /// A stream.
    pub(crate) fn under_way(&self) -> io::Result<File> {
        match self {
            Self::Staged(staged) => staged.under_way(),
            Self::Stream(_) | Self::Rehearsed(_) => Err(refuse(fixed!("it is not a regular file"))),
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
            Self::Rehearsed(_) => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Staged(staged) => staged.flush(),
            Self::Stream(stream) => stream.file.flush(),
            Self::Rehearsed(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
