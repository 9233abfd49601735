//! The lines of a journal put together by run.

use std::path::{Path, PathBuf};

use super::verify::verify_all;
use super::{Event, JournalError, Known, Verified};

/// A run that has, or may have, published something.
#[derive(Debug, Clone)]
pub struct KnownRun {
    /// Its line that tells most: `published`, else `begun`.
    pub line: Known,
    pub ending: Ending,
    /// Whether its output is a stream.
    pub streamed: bool,
}

/// How a run ended that had begun to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Its output has its name, or has left.
    Published,
    /// It was refused or failed; of a stream so many rows had left, at most, if that is known.
    NotPublished {
        /// `refused` or `failed`.
        event: Event,
        sent: Option<u64>,
    },
    /// No line closes it: it still runs, or was killed.
    Open,
}

impl KnownRun {
    /// Whether rows may be where the journal does not say `published`.
    pub fn may_have_left(&self) -> bool {
        match self.ending {
            Ending::Published => false,
            Ending::Open => true,
            Ending::NotPublished { sent, .. } => self.streamed && sent != Some(0),
        }
    }
}

/// Follows the chain of a journal as [`verify_all`] does, and gives the runs that have begun to publish, in
/// order.
///
/// # Errors
/// As [`verify_all`].
pub fn runs(path: &Path, noted: Option<&str>) -> Result<(Verified, Vec<KnownRun>), JournalError> {
    runs_of(&[path.to_owned()], noted)
}

/// The same for a journal that was rotated: its files, the oldest first.
///
/// # Errors
/// As [`runs`].
pub fn runs_of(
    paths: &[PathBuf],
    noted: Option<&str>,
) -> Result<(Verified, Vec<KnownRun>), JournalError> {
    let mut all = Gathered::default();
    let verified = verify_all(paths, noted, &mut |known| all.add(known))?;
    Ok((verified, all.runs))
}

#[derive(Default)]
struct Gathered {
    runs: Vec<KnownRun>,
    /// Positions in `runs` of those that no line closes yet.
    open: Vec<usize>,
}

impl Gathered {
    fn add(&mut self, known: &Known) {
        if known.event == Event::Spent {
            // Nothing is published yet.
            return;
        }
        if known.event == Event::Begun {
            self.open.push(self.runs.len());
            self.push(known, Ending::Open);
            return;
        }
        let opened = self.open.iter().rposition(|at| {
            let run = self.runs.get(*at);
            run.is_some_and(|run| is_of_one_run(&run.line, known))
        });
        let opened = opened.map(|at| self.open.remove(at));
        let run = opened.and_then(|at| self.runs.get_mut(at));
        match (known.event, run) {
            (Event::Begun | Event::Spent, _) => {}
            (Event::Published, Some(run)) => {
                run.line = known.clone();
                run.ending = Ending::Published;
            }
            (Event::Published, None) => self.push(known, Ending::Published),
            (event @ (Event::Refused | Event::Failed), Some(run)) => {
                let sent = known.rows_sent;
                run.ending = Ending::NotPublished { event, sent };
            }
            (Event::Failed, None) => self.take_back(known),
            (Event::Refused, None) => {}
        }
    }

    fn push(&mut self, known: &Known, ending: Ending) {
        self.runs.push(KnownRun {
            line: known.clone(),
            ending,
            // What gets a name is whole before its first line is written.
            streamed: known.output.sha256.is_none() || known.output.path == "-",
        });
    }

    /// Early versions wrote `published` first, and `failed` behind it, under one lock, where the output
    /// could then not have its name.
    fn take_back(&mut self, failed: &Known) {
        self.runs.pop_if(|last| {
            last.ending == Ending::Published
                && last.line.line.checked_add(1) == Some(failed.line)
                && is_of_one_run(&last.line, failed)
                && failed.output.sha256.is_some()
                && last.line.output.sha256 == failed.output.sha256
        });
    }
}

/// Whether two lines are of one run. Early versions did not mark them: there the files and the user tell.
fn is_of_one_run(one: &Known, other: &Known) -> bool {
    match (&one.run, &other.run) {
        (Some(one), Some(other)) => one == other,
        (None, None) => {
            one.user.uid == other.user.uid
                && one.input.path == other.input.path
                && one.output.path == other.output.path
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
