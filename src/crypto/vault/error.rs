//! What can be wrong with a vault. There is no place to put a value.

use crate::base::error::Ending;
use crate::base::lang::Why;
use std::io;
use std::path::PathBuf;

/// What is wrong with a vault. There is no place to put a value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It cannot be opened.
    #[error(
        "{}",
        text!(
            "cannot open the vault {path}: {source}",
            path = path.display(),
            source = Why(source)
        )
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others can read it.
    #[error(
        "{}",
        text!(
            "the vault {path} can be read by others than its owner; if it was not copied yet: chmod 600 {path}",
            path = path.display()
        )
    )]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// Another run has it.
    #[error("{}", text!("the vault {path} is used by another run; wait for its end", path = path.display()))]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It is something else, or of another version.
    #[error("{}", text!("{path} is not a vault that this version of crm-anon reads", path = path.display()))]
    NotAVault {
        /// The file.
        path: PathBuf,
    },
    /// What it holds is not what was written.
    #[error(
        "{}",
        text!("the vault {path} is damaged: use the copy that was kept of it", path = path.display())
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// It belongs to another key.
    #[error("{}", text!("the vault {path} was made with another key of its role", path = path.display()))]
    OtherKey {
        /// The file.
        path: PathBuf,
    },
    /// Its keys could not be made.
    #[error("{}", fixed!("internal error: the keys of a vault could not be derived"))]
    Underivable,
    /// It cannot be read or written any more.
    #[error("{}", text!("the vault {path} failed: {why}", path = path.display(), why))]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the store says; it knows nothing of values.
        why: String,
    },
}

impl Ending for VaultError {
    fn exit_status(&self) -> u8 {
        match self {
            Self::Open { .. }
            | Self::InUse { .. }
            | Self::Damaged { .. }
            | Self::Underivable
            | Self::Failed { .. } => 1,
            Self::Exposed { .. } | Self::NotAVault { .. } | Self::OtherKey { .. } => 2,
        }
    }
}
