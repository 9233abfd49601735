//! What a journal knows of vaults: the generation that each run has left.
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
use super::{Event, Journal, JournalError, LONGEST, rotated};

/// What is needed of a line.
#[derive(Deserialize)]
struct Told {
    event: Event,
    #[serde(default)]
    vaults: Vec<VaultEntry>,
}

impl Journal {
    /// The highest generation of a vault that a published run of this journal has left, or else one of those
    /// that were rotated before it; none if no run used the vault.
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub fn vault_generation(&self, id: &str) -> Result<Option<u64>, JournalError> {
        generation(&self.path, self.begun(), &Wanted::Id(id))
    }

    /// The same of any vault that was at this path.
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub fn generation_of_vault_at(&self, vault: &Path) -> Result<Option<u64>, JournalError> {
        let path = vault.display().to_string();
        generation(&self.path, self.begun(), &Wanted::Path(path))
    }

    fn begun(&self) -> io::Result<File> {
        let mut file = self.file.try_clone()?;
        file.rewind()?;
        Ok(file)
    }
}

/// Which vault the lines are searched for.
enum Wanted<'a> {
    Id(&'a str),
    Path(String),
}

impl Wanted<'_> {
    fn is(&self, vault: &VaultEntry) -> bool {
        match self {
            Self::Id(id) => vault.id == *id,
            Self::Path(path) => vault.path == *path,
        }
    }

    /// Whether a line may tell of it: most runs of a journal may be of other vaults, or of none.
    fn may_be_in(&self, line: &[u8]) -> bool {
        let text = match self {
            Self::Id(id) => id.as_bytes(),
            Self::Path(_) => b"\"vaults\"",
        };
        memmem::find(line, text).is_some()
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
    generation(path, opened, &Wanted::Id(id))
}

fn generation(
    path: &Path,
    opened: io::Result<File>,
    wanted: &Wanted<'_>,
) -> Result<Option<u64>, JournalError> {
    let failed = |path: &Path, source| JournalError::Io {
        path: path.to_owned(),
        source,
    };
    let own = opened.and_then(|file| highest(file, wanted));
    if let Some(known) = own.map_err(|source| failed(path, source))? {
        return Ok(Some(known));
    }
    for before in rotated::before(path).map_err(|source| failed(path, source))? {
        let found = File::open(&before).and_then(|file| highest(file, wanted));
        if let Some(known) = found.map_err(|source| failed(&before, source))? {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// The highest generation that the lines of a file tell of a vault.
fn highest(file: File, wanted: &Wanted<'_>) -> io::Result<Option<u64>> {
    let mut lines = rotated::unpacked(file)?;
    let mut line = Vec::new();
    let mut highest = None;
    loop {
        line.clear();
        if lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(highest);
        }
        if !wanted.may_be_in(&line) {
            continue;
        }
        let told: Option<Told> = serde_json::from_slice(&line).ok();
        let published = told.filter(|told| told.event == Event::Published);
        let vaults = published.into_iter().flat_map(|told| told.vaults);
        let left = vaults.filter(|vault| wanted.is(vault));
        highest = highest.max(left.map(|vault| vault.generation).max());
    }
}
