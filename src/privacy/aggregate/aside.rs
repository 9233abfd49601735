//! Room for what is kept of persons: so many bytes of memory, and a place to put the rest aside.

use std::fmt::Debug;
use std::io::{Read, Result, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::shape::MOST_ASIDE;
use crate::privacy::error::Error;

/// Where bytes are put aside, so that nobody else can read them.
pub(crate) trait Aside: Debug + Send + Sync {
    /// Begins a file.
    fn begin(&self) -> Result<Box<dyn Writing>>;
}

/// A file that is being written.
pub(crate) trait Writing: Write + Send {
    /// Ends it.
    fn finish(self: Box<Self>) -> Result<Arc<dyn Written>>;
}

/// A whole file, which several threads can read at once.
pub(crate) trait Written: Send + Sync {
    /// Its bytes from a position on.
    fn from(&self, position: u64) -> Result<Box<dyn Read>>;
}

/// The room of all workers of a count.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    /// Bytes of memory, the room that vectors have in reserve apart.
    pub(super) memory: usize,
    /// How many workers share it.
    workers: usize,
    aside: Arc<dyn Aside>,
    /// How many pairs all of them have put aside.
    pairs: Arc<AtomicU64>,
}

impl Room {
    /// How much is kept in memory where nothing else is said; as much again may be in reserve.
    pub(crate) const MEMORY: usize = 48 << 20;

    /// So much memory for so many workers, and a place for the rest.
    pub(crate) fn new(memory: usize, workers: usize, aside: Arc<dyn Aside>) -> Self {
        Self {
            memory,
            workers: workers.max(1),
            aside,
            pairs: Arc::default(),
        }
    }

    /// Room for all that there is.
    #[cfg(test)]
    pub(super) fn endless() -> Self {
        Self::new(usize::MAX, 1, Arc::new(super::tests::Kept::default()))
    }

    /// What one worker may keep in memory.
    pub(super) fn of_worker(&self) -> usize {
        self.memory / self.workers
    }

    /// Begins a file for so many pairs.
    pub(super) fn begin(&self) -> Result<Box<dyn Writing>> {
        self.aside.begin()
    }

    /// Notes that so many pairs more are put aside.
    ///
    /// # Errors
    /// There are too many.
    pub(super) fn take(&self, pairs: usize) -> std::result::Result<(), Error> {
        let pairs = pairs as u64;
        match self.pairs.fetch_add(pairs, Ordering::Relaxed) + pairs {
            ..=MOST_ASIDE => Ok(()),
            _ => Err(Error::TooManyPairs),
        }
    }
}
