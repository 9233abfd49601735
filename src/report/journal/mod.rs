//! The journal: one line of JSON for each run, each with the hash of the line before.
//!
//! What is published is announced by a line `begun`, which is on the disk before the output has its
//! name or a stream its first byte, so there is no output without its line. Another line closes the run:
//! `published` when the output has its name, else `refused` or `failed`. The room for it is taken with
//! the first line. Where the closing line is missing (a power cut, `kill -9`), the output may or may not
//! be there, and [`check_outputs`] tells which. A run that comes to nothing before that has one line.
//! Lines are appended under an exclusive lock. They tell of files, counts, columns and rules: there is
//! no place for a cell.
//!
//! A table of figures with the noise of differential privacy has a line `spent` before its noise is drawn: the
//! journal is the ledger of what such tables spend.
//!
//! A journal that is empty when a run begins goes on with the chain of the one that was rotated last beside it.
//!
//! The chain shows edited, removed, swapped and inserted lines. It cannot show that lines are
//! missing from its end: for that, the hash of the last line is to be noted elsewhere.

mod error;
mod line;
mod outputs;
mod rotated;
mod runs;
mod spending;
mod user;
mod vaults;
mod verify;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::io::system::links::Place;
use crate::io::system::owner::restrict;
use crate::io::system::room::reserve_behind;
use crate::io::system::shared::Opening;
pub use error::JournalError;
pub use line::{
    ColumnEntry, Entry, Event, FileEntry, GateEntry, KnownRelease, RowCounts, RulesEntry, Spending,
};
pub use outputs::{Checked, CheckedOutput, Found, check_outputs};
pub use runs::{Ending, KnownRun, runs, runs_of};
pub use spending::{Spent, Total};
pub use user::User;
pub use vaults::vault_generation;
#[cfg(test)]
use verify::verify;
pub use verify::{Broken, Known, Verified};

/// What stands for the hash of the line before the first.
pub const NO_LINE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The longest line that is read, in bytes: a run has as many columns as the header.
const LONGEST: u64 = 64 << 20;

/// What a closing line may have beside what the first line of its run has, in bytes.
const CLOSING: u64 = 4 << 10;

/// Behind this there are no numbers left for the lines of a run. Nobody writes so many: a journal that
/// comes near is forged.
const MOST_LINES: u64 = u64::MAX - 2;

/// A journal that lines can be appended to.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

/// A line as it stands in the journal: its place in the chain, then what it tells.
#[derive(Serialize)]
struct Line<'a> {
    line: u64,
    previous: &'a str,
    #[serde(flatten)]
    entry: &'a Entry,
}

/// The end of the chain.
struct Tip {
    line: u64,
    hash: String,
    bytes: u64,
}

impl Journal {
    /// Opens a journal, or begins one that only its owner can read, and makes sure that a line can be
    /// appended.
    ///
    /// # Errors
    /// [`JournalError`], before any work.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let file = open(path).map_err(JournalError::io(path))?;
        let mut journal = Self {
            path: path.to_owned(),
            file,
        };
        let mut appending = journal.lock()?;
        appending.tip()?;
        drop(appending);
        Ok(journal)
    }

    /// Takes the journal for oneself, waiting for it.
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub fn lock(&mut self) -> Result<Appending<'_>, JournalError> {
        lock(&self.file, File::lock).map_err(JournalError::io(&self.path))?;
        Ok(Appending(self))
    }
}

/// A journal that nobody else appends to as long as this lives.
#[derive(Debug)]
pub struct Appending<'a>(&'a mut Journal);

impl Appending<'_> {
    /// Appends the first line of a run, and takes the room for the one that closes it. After an error
    /// the journal is as it was.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn begin(&mut self, entry: &Entry) -> Result<(), JournalError> {
        self.write(entry, |text| text.saturating_mul(2).saturating_add(CLOSING))
    }

    /// Appends a line and brings it to the disk. After an error the journal is as it was.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn append(&mut self, entry: &Entry) -> Result<(), JournalError> {
        self.write(entry, |_| 0)
    }

    fn write(&mut self, entry: &Entry, room: fn(u64) -> u64) -> Result<(), JournalError> {
        let tip = self.tip()?;
        let line = Line {
            line: tip.line.saturating_add(1),
            previous: &tip.hash,
            entry,
        };
        // Only a map with keys that are no strings could fail, and there is none.
        let mut text = serde_json::to_vec(&line).unwrap_or_default();
        text.push(b'\n');
        let room = room(text.len() as u64);
        let file = &mut self.0.file;
        // Not every system appends by itself to a file that can also be cut.
        let end = file.seek(SeekFrom::End(0));
        let written = end
            .and_then(|_| file.write_all(&text))
            .and_then(|()| match room {
                0 => Ok(()),
                room => reserve_behind(file, room),
            });
        let written = written.and_then(|()| file.sync_data());
        written.map_err(|source| {
            // Half a line would stop every later run.
            let _ = self.0.file.set_len(tip.bytes);
            self.io(source)
        })
    }

    fn io(&self, source: io::Error) -> JournalError {
        JournalError::io(&self.0.path)(source)
    }

    /// Where the chain ends.
    fn tip(&mut self) -> Result<Tip, JournalError> {
        let (bytes, last) = last_line(&mut self.0.file).map_err(|source| self.io(source))?;
        let path = || self.0.path.clone();
        let Some(text) = last.strip_suffix(b"\n") else {
            if bytes == 0 {
                return self.first();
            }
            let whole = bytes.saturating_sub(last.len() as u64);
            return Err(JournalError::Torn {
                path: path(),
                whole,
            });
        };
        Self::behind(text, bytes, path())
    }

    /// Where the chain ends that an empty file begins: behind the journal that was rotated last, if there is
    /// one that is not empty, else nowhere.
    fn first(&self) -> Result<Tip, JournalError> {
        let before = rotated::before(&self.0.path).map_err(|source| self.io(source))?;
        for path in before {
            let last = rotated::last_line(&path).map_err(JournalError::io(&path))?;
            match last.strip_suffix(b"\n") {
                Some(text) => return Self::behind(text, 0, path),
                None if last.is_empty() => {}
                None => return Err(JournalError::Foreign { path }),
            }
        }
        let (line, hash, bytes) = (0, NO_LINE.to_owned(), 0);
        Ok(Tip { line, hash, bytes })
    }

    /// The end of a chain whose last line, of the journal at `path`, this is.
    fn behind(text: &[u8], bytes: u64, path: PathBuf) -> Result<Tip, JournalError> {
        let known: Option<Known> = serde_json::from_slice(text).ok();
        match known {
            Some(known) if known.line > MOST_LINES => Err(JournalError::Numbered {
                path,
                line: known.line,
            }),
            Some(known) => Ok(Tip {
                line: known.line,
                hash: hash(text),
                bytes,
            }),
            None => Err(JournalError::Foreign { path }),
        }
    }
}

impl Drop for Appending<'_> {
    fn drop(&mut self) {
        // The lock goes with the file at the latest.
        let _ = self.0.file.unlock();
    }
}

/// Opens or begins a journal. In a folder that everybody may write to, neither a link nor a file that
/// another user has laid there is taken.
fn open(path: &Path) -> io::Result<File> {
    let place = Place::of(path)?;
    let file = match place.open(Opening::NewToAppend) {
        Ok(file) => {
            restrict(&file)?;
            // Brings the name of a new journal to the disk, where the folder can be synced.
            let _ = place.folder.sync(&file);
            file
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Again, as it may have come just now.
            let place = Place::of(path)?;
            if place.is_foreign()? {
                return Err(io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    fixed!("it is another user's file in a folder that everybody may write to"),
                ));
            }
            place.open(Opening::Append)?
        }
        Err(error) => return Err(error),
    };
    if !file.metadata()?.is_file() {
        return Err(io::Error::other(fixed!("it is not a regular file")));
    }
    Ok(file)
}

fn lock(file: &File, how: fn(&File) -> io::Result<()>) -> io::Result<()> {
    loop {
        match how(file) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// The length of a file and its last line, with its line end if it has one.
fn last_line(file: &mut File) -> io::Result<(u64, Vec<u8>)> {
    const PIECE: u64 = 64 << 10;
    let bytes = file.seek(SeekFrom::End(0))?;
    let mut start = bytes;
    let mut last = Vec::new();
    while start > 0 {
        let from = start.saturating_sub(PIECE);
        let mut piece = vec![0; usize::try_from(start - from).unwrap_or_default()];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut piece)?;
        // The very last byte ends the line and does not begin it.
        let ends = u64::from(start == bytes);
        let searched = piece
            .len()
            .saturating_sub(usize::try_from(ends).unwrap_or_default());
        let found = piece.iter().take(searched).rposition(|byte| *byte == b'\n');
        let begins = found.map_or(0, |at| at + 1);
        last.splice(0..0, piece.drain(begins..));
        if found.is_some() {
            break;
        }
        if last.len() as u64 > LONGEST {
            return Err(io::Error::other(fixed!(
                "its last line is longer than a journal's"
            )));
        }
        start = from;
    }
    Ok((bytes, last))
}

/// The SHA-256 of a line without its end, in hexadecimal.
fn hash(line: &[u8]) -> String {
    crate::base::sha256::of(line)
}

#[cfg(test)]
mod tests;
