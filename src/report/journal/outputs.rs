//! Whether the outputs that a journal tells of are there, as it tells.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

use super::{Ending, KnownRun};
use crate::base::counted::Counted;

/// An output file, and what is there of it.
#[derive(Debug)]
pub struct CheckedOutput<'a> {
    /// The run that it should be of: the one that it is, else the last that was closed, else the last.
    pub run: &'a KnownRun,
    pub found: Found,
}

/// What is under the name of an output.
#[derive(Debug)]
pub enum Found {
    Whole,
    /// Nothing.
    Missing,
    /// Something else.
    Different,
    /// The system does not let it be read.
    Unreadable(io::Error),
}

/// How many outputs there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    pub whole: u64,
    /// Not there.
    pub missing: u64,
    /// Something else is there.
    pub different: u64,
    /// Not to be read.
    pub unreadable: u64,
}

/// Compares the files that runs say to have published, the last under each name, with what is there.
/// Where the last run under a name was not closed, its output may be there or the one before.
pub fn check_outputs(runs: &[KnownRun]) -> (Checked, Vec<CheckedOutput<'_>>) {
    let mut expected: BTreeMap<&str, Vec<&KnownRun>> = BTreeMap::new();
    for run in runs.iter().filter(|run| !run.streamed) {
        let candidates = expected.entry(run.line.output.path.as_str()).or_default();
        match run.ending {
            Ending::Published => *candidates = vec![run],
            Ending::Open => candidates.push(run),
            Ending::NotPublished { .. } => {}
        }
    }
    let outputs: Vec<_> = expected
        .into_iter()
        .filter_map(|(path, candidates)| check(Path::new(path), &candidates))
        .collect();
    let count = |is: fn(&Found) -> bool| {
        let outputs = outputs.iter();
        outputs.filter(|output| is(&output.found)).count() as u64
    };
    let checked = Checked {
        whole: count(|found| matches!(found, Found::Whole)),
        missing: count(|found| matches!(found, Found::Missing)),
        different: count(|found| matches!(found, Found::Different)),
        unreadable: count(|found| matches!(found, Found::Unreadable(_))),
    };
    (checked, outputs)
}

/// What is there of one of these; none if there need not be anything.
fn check<'a>(path: &Path, candidates: &[&'a KnownRun]) -> Option<CheckedOutput<'a>> {
    let first = *candidates.first()?;
    let may_be_missing = first.ending == Ending::Open;
    let (run, found) = match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match may_be_missing {
            true => return None,
            false => (first, Found::Missing),
        },
        Err(error) => (first, Found::Unreadable(error)),
        Ok(None) => (first, Found::Different),
        Ok(Some((bytes, sha256))) => {
            let is = |run: &&&KnownRun| {
                let output = &run.line.output;
                output.sha256.as_ref() == Some(&sha256)
                    && output.bytes.is_none_or(|known| known == bytes)
            };
            match candidates.iter().rev().find(is) {
                Some(run) => (*run, Found::Whole),
                // Before a run that was killed, anything may have been under the name.
                None if may_be_missing => return None,
                None => (first, Found::Different),
            }
        }
    };
    Some(CheckedOutput { run, found })
}

/// The length and the SHA-256 of a regular file; none if it is something else.
fn read(path: &Path) -> io::Result<Option<(u64, String)>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut file = Counted::new(File::open(path)?, true);
    io::copy(&mut file, &mut io::sink())?;
    Ok(file.sha256().map(|sha256| (file.total_bytes(), sha256)))
}
