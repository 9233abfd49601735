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
/// An error that ends a run has its status before the code, and `at_the_end` behind the meaning if it is only known when
/// the whole input has been read. A variant in the brackets ends as what it passes on, unless a status stands behind it.
///
/// No variant can be left out, as these are the arms of one `match`.
macro_rules! coded {
    (
        $coded:ty [$($passing:pat => $passed:expr),* $(,)?]
        $($variant:pat => $code:literal, $meaning:literal;)*
    ) => {
        coded!(@codes $coded [$($code, $meaning;)*]);

        impl crate::base::error::Coded for $coded {
            fn code(&self) -> &'static str {
                match self {
                    $($passing => crate::base::error::Coded::code($passed),)*
                    $($variant => $code,)*
                }
            }
        }
    };
    (
        $coded:ty [$($passing:pat => $passed:expr $(=> $own:literal $($own_late:ident)?)?),* $(,)?]
        $($variant:pat => $status:expr, $code:literal, $meaning:literal $(, $late:ident)?;)*
    ) => {
        coded!(@codes $coded [$($code, $meaning;)*]);

        impl $coded {
            /// The code, the status, and whether it comes at the end.
            fn in_short(&self) -> (&'static str, u8, bool) {
                match self {
                    $($passing => coded!(@passed $passed $(=> $own $($own_late)?)?),)*
                    $($variant => ($code, $status, coded!(@late $($late)?)),)*
                }
            }
        }

        impl crate::base::error::Coded for $coded {
            fn code(&self) -> &'static str {
                self.in_short().0
            }
        }

        impl crate::base::error::Ending for $coded {
            fn exit_status(&self) -> u8 {
                self.in_short().1
            }

            fn comes_at_the_end(&self) -> bool {
                self.in_short().2
            }
        }
    };
    (@codes $coded:ty [$($code:literal, $meaning:literal;)*]) => {
        impl $coded {
            /// All codes, each with what it stands for.
            pub(crate) const CODES: &'static [(&'static str, &'static str)] =
                &[$(($code, $meaning)),*];
        }
    };
    (@passed $passed:expr) => {{
        use crate::base::error::{Coded, Ending};
        let passed = $passed;
        (passed.code(), passed.exit_status(), passed.comes_at_the_end())
    }};
    (@passed $passed:expr => $own:literal $($late:ident)?) => {
        (crate::base::error::Coded::code($passed), $own, coded!(@late $($late)?))
    };
    (@late) => { false };
    (@late at_the_end) => { true };
}

/// An error that ends a run, and what follows from it.
pub trait Ending: std::error::Error + Coded {
    /// The status that the program ends with.
    fn exit_status(&self) -> u8;

    /// Whether it is only known when the whole input has been read.
    fn comes_at_the_end(&self) -> bool;
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
    Self { .. } => 1, "system", "the operating system does not give randomness, a thread or signal handlers";
}
