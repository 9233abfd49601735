//! Following the chain of a journal from its first line to its last.

use crate::base::lang::Fixed;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ColumnEntry, Event, JournalError, LONGEST, NO_LINE, Spending, hash, lock, rotated};

/// What is needed of a line, whatever else later versions write into it.
#[derive(Debug, Clone, Deserialize)]
pub struct Known {
    /// Its number, from 1.
    pub line: u64,
    /// The hash of the line before.
    pub previous: String,
    /// When it was written.
    pub time: String,
    /// What the run came to.
    pub event: Event,
    /// The run; none in the lines of early versions.
    pub run: Option<String>,
    /// Rows that had gone to a stream, at most, when it ended.
    pub rows_sent: Option<u64>,
    pub input: KnownFile,
    /// Who ran it.
    pub user: KnownUser,
    /// The rule table.
    pub rules: KnownRules,
    pub output: KnownFile,
    /// The columns that left.
    pub columns: Option<Vec<ColumnEntry>>,
    /// What was spent of a budget of differential privacy.
    pub spent: Option<Spending>,
}

/// The user that a line names.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownUser {
    /// The id, where users have numbers.
    #[serde(default)]
    pub uid: Option<u32>,
    pub name: Option<String>,
}

/// The rule table that a line names.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownRules {
    pub name: String,
}

/// The file that a line names.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownFile {
    pub path: String,
    /// Its bytes, if it is whole.
    pub bytes: Option<u64>,
    /// Its SHA-256, if it is whole.
    pub sha256: Option<String>,
}

/// A chain without a break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub lines: u64,
    /// The hash of the last: what is to be noted elsewhere.
    pub last: String,
    /// The line that has the hash that was asked for.
    pub noted: Option<u64>,
}

impl Verified {
    /// Before the first line.
    fn nothing() -> Self {
        Self {
            lines: 0,
            last: NO_LINE.to_owned(),
            noted: None,
        }
    }
}

/// Where a chain breaks first, and how. All of it is fixed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: Fixed,
}

/// Follows the chain of a journal of one file.
#[cfg(test)]
pub(super) fn verify(
    path: &Path,
    noted: Option<&str>,
    each: &mut dyn FnMut(&Known),
) -> Result<Verified, JournalError> {
    verify_all(&[path.to_owned()], noted, each)
}

/// Follows the chain of a journal through its files, from the oldest rotated one on, plain or compressed, and
/// gives each line to `each`; `noted` is a hash that one of the lines must have.
///
/// # Errors
/// [`JournalError::Io`]; [`JournalError::Broken`] at the first line that does not fit.
pub fn verify_all(
    paths: &[PathBuf],
    noted: Option<&str>,
    each: &mut dyn FnMut(&Known),
) -> Result<Verified, JournalError> {
    let mut state = Verified::nothing();
    for path in paths {
        follow_file(path, noted, &mut state, each)?;
    }
    match (noted, state.noted, paths.last()) {
        (Some(_), None, Some(path)) => Err(JournalError::Broken {
            path: path.clone(),
            broken: Broken {
                line: state.lines.saturating_add(1),
                why: fixed!(
                    "the line with the hash that was noted is not there: lines are missing from the \
                     end, or the whole journal was written anew"
                ),
            },
        }),
        _ => Ok(state),
    }
}

/// The same for a journal that the caller has locked, together with the rotated ones that it goes on from.
pub(super) fn verify_locked(
    file: &File,
    path: &Path,
    each: &mut dyn FnMut(&Known),
) -> Result<(), JournalError> {
    let io = JournalError::io(path);
    let from_start = || -> std::io::Result<BufReader<&File>> {
        let mut file = file;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::new(file))
    };
    let mut first = Vec::new();
    let reader = from_start().map_err(io)?;
    let read = reader.take(LONGEST).read_until(b'\n', &mut first);
    read.map_err(io)?;
    let known: Option<Known> = serde_json::from_slice(&first).ok();
    let mut state = Verified::nothing();
    // A line that is none of a journal's is found below.
    if first.is_empty() || known.is_some_and(|known| known.line > 1) {
        for older in rotated::before(path).map_err(io)?.iter().rev() {
            follow_file(older, None, &mut state, each)?;
        }
    }
    follow_lines(from_start().map_err(io)?, path, None, &mut state, each)
}

/// Follows the chain through one file.
fn follow_file(
    path: &Path,
    noted: Option<&str>,
    state: &mut Verified,
    each: &mut dyn FnMut(&Known),
) -> Result<(), JournalError> {
    let io = JournalError::io(path);
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(io(std::io::Error::other(fixed!(
            "it is not a regular file"
        ))));
    }
    let file = File::open(path).map_err(io)?;
    // The lock goes with the file, which the reader has.
    lock(&file, File::lock_shared).map_err(io)?;
    let reader = rotated::unpacked(file).map_err(io)?;
    follow_lines(reader, path, noted, state, each)
}

/// Follows the chain through lines of the journal at `path`.
fn follow_lines(
    mut reader: impl BufRead,
    path: &Path,
    noted: Option<&str>,
    state: &mut Verified,
    each: &mut dyn FnMut(&Known),
) -> Result<(), JournalError> {
    let io = JournalError::io(path);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        if read.map_err(io)? == 0 {
            return Ok(());
        }
        let number = state.lines.saturating_add(1);
        let known = follow(&line, state).map_err(|why| JournalError::Broken {
            path: path.to_owned(),
            broken: Broken { line: number, why },
        })?;
        each(&known);
        state.lines = number;
        state.last = hash(line.strip_suffix(b"\n").unwrap_or(&line));
        if noted.is_some_and(|noted| noted.eq_ignore_ascii_case(&state.last)) {
            state.noted = Some(number);
        }
    }
}

/// The next line, if it fits behind those before.
fn follow(line: &[u8], before: &Verified) -> Result<Known, Fixed> {
    let Some(text) = line.strip_suffix(b"\n") else {
        return Err(fixed!(
            "it is cut short; if it is the last, `truncate` it off and go on"
        ));
    };
    let known: Known =
        serde_json::from_slice(text).map_err(|_| fixed!("it is not a journal's line"))?;
    if before.lines == 0 && known.line > 1 && known.previous != NO_LINE {
        return Err(fixed!(
            "it goes on from a journal before this one: give the rotated ones too, the oldest first"
        ));
    }
    if before.lines > 0 && known.line == 1 && known.previous == NO_LINE {
        return Err(fixed!(
            "here a journal begins anew, and does not go on from the lines before it"
        ));
    }
    if known.previous != before.last {
        return Err(fixed!(
            "its `previous` is not the hash of the line before: that line was edited, or lines were \
             removed, swapped or put in here"
        ));
    }
    if known.line != before.lines.saturating_add(1) {
        return Err(fixed!("its number does not follow that of the line before"));
    }
    Ok(known)
}
