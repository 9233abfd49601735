//! Why a key cannot be made or used. No message has a place for a key, a passphrase or a line of a
//! key file.

use crate::base::error::Ending;
use std::io;
use std::path::PathBuf;

use super::Role;

/// Why a key cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key file cannot be read.
    #[error("cannot read the key file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key file cannot be written.
    #[error("cannot write the key file {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is something under the name that a key file was to have.
    #[error("{} is there already, and keygen replaces nothing: with an old key gone, so are the cells that it opens; give another name", .0.display())]
    Exists(PathBuf),
    /// It is a folder, a pipe or a device.
    #[error("the key file {} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// It belongs to somebody else.
    #[error("the key file {} belongs to another user, who could read or replace it: make a copy of your own", .0.display())]
    NotOurs(PathBuf),
    /// Other users may read it, or put another in its place.
    #[error("the key file {path} is open to other users (mode {mode:04o})\n  what to do: chmod 600 {path}; if others may have read it, make a new key and protect again", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// There is no key in it.
    #[error("{} is not a key file: crm-anon keygen makes one", .0.display())]
    NoKey(PathBuf),
    /// The line of the key does not fit its checksum.
    #[error("the key file {} is damaged: its key does not fit its checksum; a character was changed or lost", .0.display())]
    Damaged(PathBuf),
    /// A later version made it.
    #[error("the key file {} is of a later version than this program knows", .0.display())]
    Later(PathBuf),
    /// Two key files are of one role.
    #[error("{} and {} are both keys of the role `{role}`: give one of them", first.display(), second.display())]
    Twice {
        /// The role.
        role: Role,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The operating system gives no randomness.
    #[error("the operating system does not give randomness: {0}")]
    NoRandomness(io::Error),
    /// There is nobody to ask for a passphrase.
    #[error("a passphrase is asked for on the terminal, and there is none: {0}")]
    NoTerminal(io::Error),
    /// The two passphrases were not the same, or empty.
    #[error("no passphrase was set: the two that were typed must be the same, and not empty")]
    NoPassphrase,
    /// The passphrase does not open the key file.
    #[error("the passphrase does not open the key file {}, or the file is damaged", .0.display())]
    WrongPassphrase(PathBuf),
    /// The key file cannot be sealed.
    #[error("the key file cannot be sealed with a passphrase")]
    Unsealable,
    /// A key cannot be derived: the program asked for one of an impossible length.
    #[error("internal error: a key could not be derived")]
    Underivable,
}

impl Ending for KeyError {
    fn exit_status(&self) -> u8 {
        match self {
            Self::Unreadable { .. }
            | Self::Unwritable { .. }
            | Self::NoRandomness(_)
            | Self::Unsealable
            | Self::Underivable => 1,
            Self::Exists(_)
            | Self::NotAFile(_)
            | Self::NotOurs(_)
            | Self::Open { .. }
            | Self::NoKey(_)
            | Self::Damaged(_)
            | Self::Later(_)
            | Self::Twice { .. }
            | Self::NoTerminal(_)
            | Self::NoPassphrase
            | Self::WrongPassphrase(_) => 2,
        }
    }
}
