//! What every wing's errors have in common.

use std::io;

use crate::base::lang::{Fixed, Why};

/// An error that ends a run, and what follows from it.
pub trait Ending: std::error::Error {
    /// The status that the program ends with.
    fn exit_status(&self) -> u8;

    /// Whether it is only known when the whole input has been read.
    fn comes_at_the_end(&self) -> bool {
        false
    }

    /// Whether it only says that nobody reads standard output any more.
    fn is_closed_pipe(&self) -> bool {
        false
    }
}

/// The operating system gives no randomness or no thread.
#[derive(Debug, thiserror::Error)]
#[error("{}", text!("the operating system does not give {what}: {source}", what, source = Why(source)))]
pub struct SystemError {
    /// What was asked for.
    pub what: Fixed,
    /// Why not.
    pub source: io::Error,
}

impl SystemError {
    /// Signals cannot be listened to.
    pub fn signal_handlers(source: io::Error) -> Self {
        let what = fixed!("signal handlers");
        Self { what, source }
    }
}

impl Ending for SystemError {
    fn exit_status(&self) -> u8 {
        1
    }
}
