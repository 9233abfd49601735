//! What can be wrong with a vault. There is no place to put a value.

use crate::base::error::Ending;
use std::io;
use std::path::PathBuf;

/// What is wrong with a vault. There is no place to put a value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It cannot be opened.
    #[error("cannot open the vault {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others can read it.
    #[error(
        "the vault {0} can be read by others than its owner; if it was not copied yet: chmod 600 {0}",
        path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// Another run has it.
    #[error("the vault {} is used by another run; wait for its end", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It is something else, or of another version.
    #[error("{} is not a vault that this version of crm-anon reads", path.display())]
    NotAVault {
        /// The file.
        path: PathBuf,
    },
    /// It belongs to another key.
    #[error("the vault {} was made with another key of its role", path.display())]
    OtherKey {
        /// The file.
        path: PathBuf,
    },
    /// Its keys could not be made.
    #[error("internal error: the keys of a vault could not be derived")]
    Underivable,
    /// It cannot be read or written any more.
    #[error("the vault {} failed: {why}", path.display())]
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
            Self::Open { .. } | Self::InUse { .. } | Self::Underivable | Self::Failed { .. } => 1,
            Self::Exposed { .. } | Self::NotAVault { .. } | Self::OtherKey { .. } => 2,
        }
    }
}
