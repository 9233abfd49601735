//! What a journal knows of vaults and releases: the generation that each run has left.
//!
//! Only what a run has published counts. One that was killed may have left the vault as it was before.
//!
//! A vault is known by its id. One that this run had to make has a new one: there the journal is asked for its path.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek};
use std::path::Path;

use memchr::memmem;
use serde::Deserialize;

use super::super::VaultEntry;
use super::{Event, Journal, JournalError, KnownRelease, LONGEST, rotated};

/// What is needed of a line.
#[derive(Deserialize)]
struct Told {
    event: Event,
    #[serde(default)]
    vaults: Vec<VaultEntry>,
    release: Option<KnownRelease>,
}

impl Journal {
    /// The highest generation of a vault that a published run of this journal has left, or else one of those
    /// that were rotated before it; none if no run used the vault.
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub fn vault_generation(&self, id: &str) -> Result<Option<u64>, JournalError> {
        generation(&self.path, self.rewound(), id.as_bytes(), |vault| {
            vault.id == id
        })
    }

    /// The same of any vault that was at this path.
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub fn generation_of_vault_at(&self, vault: &Path) -> Result<Option<u64>, JournalError> {
        let path = vault.display().to_string();
        generation(&self.path, self.rewound(), b"\"vaults\"", |vault| {
            vault.path == path
        })
    }

    /// The release in this folder, or of this id, as a published run of this journal has left it last, or else one
    /// of those that were rotated before it; none if no run went on with it.
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub fn release(&self, folder: &Path, id: &str) -> Result<Option<KnownRelease>, JournalError> {
        let folder = folder.display().to_string();
        newest(&self.path, self.rewound(), |file| {
            let mut known: Option<KnownRelease> = None;
            each_published(file, b"\"release\":{", |told| {
                let own = told
                    .release
                    .filter(|own| own.id == id || own.path == folder);
                let last = known.as_ref().map_or(0, |known| known.number);
                known = own.filter(|own| own.number >= last).or(known.take());
            })?;
            Ok(known)
        })
    }

    fn rewound(&self) -> io::Result<File> {
        let mut file = self.file.try_clone()?;
        file.rewind()?;
        Ok(file)
    }
}

/// The same of a journal that is only read.
///
/// # Errors
/// [`JournalError::Io`].
pub fn vault_generation(path: &Path, id: &str) -> Result<Option<u64>, JournalError> {
    let is_file = std::fs::metadata(path).map(|found| found.is_file());
    let opened = is_file.and_then(|is_file| match is_file {
        true => File::open(path),
        false => Err(io::Error::other(fixed!("it is not a regular file"))),
    });
    generation(path, opened, id.as_bytes(), |vault| vault.id == id)
}

/// The highest generation of the vaults that are wanted, by the lines in which some bytes stand.
fn generation(
    path: &Path,
    opened: io::Result<File>,
    with: &[u8],
    is_wanted: impl Fn(&VaultEntry) -> bool,
) -> Result<Option<u64>, JournalError> {
    newest(path, opened, |file| {
        let mut highest = None;
        each_published(file, with, |told| {
            let left = told.vaults.into_iter().filter(&is_wanted);
            highest = highest.max(left.map(|vault| vault.generation).max());
        })?;
        Ok(highest)
    })
}

/// What the first of these files tells that tells anything: a journal, and those that were rotated before it.
fn newest<T>(
    path: &Path,
    opened: io::Result<File>,
    look: impl Fn(File) -> io::Result<Option<T>>,
) -> Result<Option<T>, JournalError> {
    let own = opened.and_then(&look);
    if let Some(known) = own.map_err(JournalError::io(path))? {
        return Ok(Some(known));
    }
    for before in rotated::before(path).map_err(JournalError::io(path))? {
        let found = File::open(&before).and_then(&look);
        if let Some(known) = found.map_err(JournalError::io(&before))? {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// Takes the lines of published runs in which some bytes stand.
fn each_published(file: File, with: &[u8], mut take: impl FnMut(Told)) -> io::Result<()> {
    let mut lines = rotated::unpacked(file)?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        // Most runs of a journal may be of other vaults, or of none.
        if memmem::find(&line, with).is_none() {
            continue;
        }
        let told: Option<Told> = serde_json::from_slice(&line).ok();
        if let Some(told) = told.filter(|told| told.event == Event::Published) {
            take(told);
        }
    }
}
