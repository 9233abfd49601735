//! From batches to ordered results, with any number of threads.
//!
//! ```text
//!            in order, one at a time        side by side           in order, one at a time
//!   input ──► Reader::fill ──► batch ──► Worker::process ──► part ──► deliver ──► output
//! ```
//!
//! Each worker thread goes round the same loop: it fills its batch while it holds the reader,
//! processes it while others do the same, and delivers what came of it when its turn comes; or sets it
//! aside, if that is little, for whoever has the turn then. One thread runs that very loop alone.
//! Batches and parts belong to their worker and are used again, and only so many parts are set
//! aside, so memory does not grow with the input; and the order of delivery is the order of the
//! input, so neither the bytes nor the first error depend on the number of threads.

pub(crate) mod aggregate;
mod block;
mod decision;
pub mod error;
pub(crate) mod follow;
pub mod inspect;
mod interleave;
mod labels;
pub mod leftover;
mod measured;
mod next;
mod part;
pub(crate) mod passes;
pub(crate) mod persons;
pub mod plain;
pub mod plan;
pub mod population;
pub mod published;
mod reasons_to_warn;
mod recoding;
pub(crate) mod releases;
pub mod reveal;
pub(crate) mod sealing;
mod selection;
pub(crate) mod sieve;
mod skim;
pub mod source;
mod strange;
mod tally;
mod uniqueness;
pub mod warning;
mod watch;
mod whole_columns;
mod whose;
mod worker;

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

pub use measured::Measured;
pub(crate) use measured::RowOutput;
pub use part::{Part, Settings};
pub use recoding::{Recoding, Values};
pub use sieve::NobodyCounts;
pub use skim::Skim;
pub use tally::{Cause, ColumnTally, Found, Tally};
pub use uniqueness::Uniqueness;
pub use watch::Watch;
pub use whose::Repeats;
pub(crate) use whose::Whose;
pub use worker::{Anonymiser, write_header};

use crate::base::error::SystemError;
use crate::engine::error::Error;
use crate::io::csv::{Batch, Reader};

/// What processes batches; each thread has its own.
pub trait Worker: Send {
    /// What comes of a batch.
    type Part: Send;

    /// Why it can refuse the input.
    type Error: Into<Error>;

    /// Processes a batch and leaves what comes of it in the part.
    ///
    /// # Errors
    /// What makes the whole input refused.
    fn process(&mut self, batch: &Batch) -> Result<(), Self::Error>;

    /// What came of the batch processed last.
    fn part(&mut self) -> &mut Self::Part;

    /// Takes what came of the batch processed last away, so that another may deliver it: where that is
    /// so little that many of them may wait.
    fn set_aside(&mut self) -> Option<Self::Part> {
        None
    }

    /// Work that may take its time: no other worker waits for a batch of this one meanwhile.
    fn compact(&mut self) {}
}

impl<W: Worker> Worker for &mut W {
    type Part = W::Part;
    type Error = W::Error;

    fn process(&mut self, batch: &Batch) -> Result<(), Self::Error> {
        (**self).process(batch)
    }

    fn part(&mut self) -> &mut Self::Part {
        (**self).part()
    }

    fn set_aside(&mut self) -> Option<Self::Part> {
        (**self).set_aside()
    }

    fn compact(&mut self) {
        (**self).compact();
    }
}

/// The reader, and whether there is more to read.
struct Intake<'a> {
    reader: &'a mut Reader,
    closed: bool,
}

/// Whose turn it is to deliver.
struct Outlet<'a, P, E> {
    next: u64,
    stopped: bool,
    failure: Option<E>,
    /// What was set aside, by the sequence of its batch.
    aside: BTreeMap<u64, Result<P, E>>,
    deliver: &'a mut (dyn FnMut(&mut P) -> Result<(), E> + Send),
}

/// No more parts are set aside at a time.
const ASIDE: usize = 64;

struct Line<'a, P, E> {
    intake: Mutex<Intake<'a>>,
    outlet: Mutex<Outlet<'a, P, E>>,
    turn: Condvar,
}

/// Processes the whole input, one thread for each of `workers`, and delivers the parts in order.
///
/// # Errors
/// The first error in the order of the input: from reading, treating or delivering. Nothing is
/// delivered after it.
pub fn run<W: Worker, E: From<Error> + Send>(
    reader: &mut Reader,
    workers: Vec<W>,
    deliver: &mut (dyn FnMut(&mut W::Part) -> Result<(), E> + Send),
) -> Result<(), E> {
    let line = Line {
        intake: Mutex::new(Intake {
            reader,
            closed: false,
        }),
        outlet: Mutex::new(Outlet {
            next: 0,
            stopped: false,
            failure: None,
            aside: BTreeMap::new(),
            deliver,
        }),
        turn: Condvar::new(),
    };
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for worker in workers {
            let spawned = thread::Builder::new().spawn_scoped(scope, || line.work(worker));
            match spawned {
                Ok(thread) => threads.push(thread),
                Err(source) => {
                    line.stop();
                    let what = fixed!("a thread");
                    return Err(Error::System(SystemError { what, source }));
                }
            }
        }
        for thread in threads {
            thread.join().map_err(|_| Error::Internal)?;
        }
        Ok::<(), Error>(())
    })?;
    match line
        .outlet
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .failure
    {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

impl<P, E> Outlet<'_, P, E> {
    /// Delivers the part whose turn it is, or notes why there is none and that nothing follows.
    fn deliver(&mut self, part: Result<&mut P, E>) {
        let delivered = part.and_then(|part| (self.deliver)(part));
        self.next += 1;
        if let Err(error) = delivered {
            self.failure = Some(error);
            self.stopped = true;
        }
    }

    /// The part whose turn it is, if it was set aside and anything may follow.
    fn next_aside(&mut self) -> Option<Result<P, E>> {
        match self.stopped {
            true => None,
            false => self.aside.remove(&self.next),
        }
    }
}

impl<P, E: From<Error>> Line<'_, P, E> {
    /// The loop of one thread.
    fn work<W: Worker<Part = P>>(&self, mut worker: W) {
        let _guard = StopOnPanic(self);
        let mut batch = Batch::new();
        while let Some(filled) = self.fill(&mut batch) {
            let processed = filled.and_then(|()| worker.process(&batch).map_err(Into::into));
            let processed = processed.map_err(E::from);
            let mut outlet = locked(&self.outlet);
            if outlet.next != batch.sequence
                && outlet.aside.len() < ASIDE
                && let Some(part) = worker.set_aside()
            {
                let part = processed.map(|()| part);
                outlet.aside.insert(batch.sequence, part);
                drop(outlet);
                worker.compact();
                continue;
            }
            while outlet.next != batch.sequence && !outlet.stopped {
                outlet = self
                    .turn
                    .wait(outlet)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if outlet.stopped {
                return;
            }
            outlet.deliver(processed.map(|()| worker.part()));
            while let Some(part) = outlet.next_aside() {
                match part {
                    Ok(mut part) => outlet.deliver(Ok(&mut part)),
                    Err(error) => outlet.deliver(Err(error)),
                }
            }
            drop(outlet);
            self.turn.notify_all();
            worker.compact();
        }
    }

    /// The next batch, an error in its place, or nothing at the end.
    fn fill(&self, batch: &mut Batch) -> Option<Result<(), Error>> {
        let mut intake = locked(&self.intake);
        if intake.closed || locked(&self.outlet).stopped {
            return None;
        }
        match intake.reader.fill(batch) {
            Ok(true) => Some(Ok(())),
            Ok(false) => {
                intake.closed = true;
                None
            }
            Err(error) => {
                intake.closed = true;
                Some(Err(error.into()))
            }
        }
    }

    fn stop(&self) {
        locked(&self.outlet).stopped = true;
        self.turn.notify_all();
    }
}

/// Lets the other threads go when one of them dies.
struct StopOnPanic<'a, 'b, P, E: From<Error>>(&'a Line<'b, P, E>);

impl<P, E: From<Error>> Drop for StopOnPanic<'_, '_, P, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
