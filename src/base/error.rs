//! What every wing's errors have in common.

use std::io;

use crate::base::lang::{Fixed, Why};

/// What has a short name for machines.
pub trait Coded {
    /// Its code, which stays the same from version to version, whatever the language.
    fn code(&self) -> &'static str;
}

/// Gives each variant of an error or a warning its code, with what the code stands for. In the brackets:
/// the variants that only pass another one on, whose code they have.
///
/// No variant can be left out, as these are the arms of one `match`.
macro_rules! coded {
    (
        $coded:ty [$($passing:pat => $passed:expr),* $(,)?]
        $($variant:pat => $code:literal, $meaning:literal;)*
    ) => {
        impl $coded {
            /// All codes, each with what it stands for.
            pub(crate) const CODES: &'static [(&'static str, &'static str)] =
                &[$(($code, $meaning)),*];
        }

        impl crate::base::error::Coded for $coded {
            fn code(&self) -> &'static str {
                match self {
                    $($passing => crate::base::error::Coded::code($passed),)*
                    $($variant => $code,)*
                }
            }
        }
    };
}

/// An error that ends a run, and what follows from it.
pub trait Ending: std::error::Error + Coded {
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

coded! {
    SystemError []
    Self { .. } => "system", "the operating system does not give randomness, a thread or signal handlers";
}

impl Ending for SystemError {
    fn exit_status(&self) -> u8 {
        1
    }
}
