//! Why a key cannot be made or used. No message has a place for a key, a passphrase or a line of a
//! key file.

use crate::base::lang::Why;
use std::io;
use std::path::PathBuf;

use crate::io::system::owner::closing_command;

use super::Role;

/// Why a key cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "{}",
        text!(
            "cannot read the key file {path}: {source}",
            path = path.display(),
            source = Why(source)
        )
    )]
    Unreadable { path: PathBuf, source: io::Error },
    #[error(
        "{}",
        text!(
            "cannot write the key file {path}: {source}",
            path = path.display(),
            source = Why(source)
        )
    )]
    Unwritable { path: PathBuf, source: io::Error },
    /// There is something under the name that a key file was to have.
    #[error(
        "{}",
        text!(
            "{path} is there already, and keygen replaces nothing: with an old key gone, so are the \
             cells that it opens; give another name",
            path = .0.display()
        )
    )]
    Exists(PathBuf),
    /// It is a folder, a pipe or a device.
    #[error("{}", text!("the key file {path} is not a regular file", path = .0.display()))]
    NotAFile(PathBuf),
    /// It belongs to somebody else.
    #[error(
        "{}",
        text!(
            "the key file {path} belongs to another user, who could read or replace it: make a copy of your own",
            path = .0.display()
        )
    )]
    NotOurs(PathBuf),
    /// Other users may read it, or put another in its place.
    #[error(
        "{}",
        text!(
            "the key file {path} is open to other users (mode {mode})\n  what to do: chmod 600 {path}; \
             if others may have read it, make a new key and protect again",
            path = path.display(),
            mode = format_args!("{mode:04o}")
        )
    )]
    Open { path: PathBuf, mode: u32 },
    /// The same, on a system without modes.
    #[error(
        "{}",
        text!(
            "the key file {path} is open to other users by its access list\n  what to do: {command}; if others may \
             have read it, make a new key and protect again",
            path = .0.display(),
            command = closing_command(.0)
        )
    )]
    Listed(PathBuf),
    #[error("{}", text!("{path} is not a key file: crm-anon keygen makes one", path = .0.display()))]
    NoKey(PathBuf),
    #[error(
        "{}",
        text!(
            "the key file {path} is damaged: its key does not fit its checksum; a character was changed or lost",
            path = .0.display()
        )
    )]
    Damaged(PathBuf),
    #[error(
        "{}",
        text!(
            "the key file {path} is of a later version than this program knows",
            path = .0.display()
        )
    )]
    Later(PathBuf),
    /// Two key files are of one role.
    #[error(
        "{}",
        text!(
            "{first} and {second} are both keys of the role `{role}`: give one of them",
            first = first.display(),
            second = second.display(),
            role
        )
    )]
    Twice {
        role: Role,
        first: PathBuf,
        second: PathBuf,
    },
    #[error("{}", text!("the operating system does not give randomness: {why}", why = Why(.0)))]
    NoRandomness(io::Error),
    #[error(
        "{}",
        text!(
            "a passphrase is asked for on the terminal, and there is none: {why}",
            why = Why(.0)
        )
    )]
    NoTerminal(io::Error),
    #[error("{}", fixed!("no passphrase was set: the two that were typed must be the same, and not empty"))]
    NoPassphrase,
    #[error(
        "{}",
        text!(
            "the passphrase does not open the key file {path}, or the file is damaged",
            path = .0.display()
        )
    )]
    WrongPassphrase(PathBuf),
    #[error("{}", fixed!("the key file cannot be sealed with a passphrase"))]
    Unsealable,
    /// A key cannot be derived: the program asked for one of an impossible length.
    #[error("{}", fixed!("internal error: a key could not be derived"))]
    Underivable,
}

coded! {
    KeyError []
    Self::Unreadable { .. } => 1, "key_unreadable", "a key file cannot be read";
    Self::Unwritable { .. } => 1, "key_unwritable", "a key file cannot be written";
    Self::Exists(_) => 2, "key_exists", "keygen replaces no key file";
    Self::NotAFile(_) => 2, "key_not_a_file", "a key file is no regular file";
    Self::NotOurs(_) => 2, "key_of_another_user", "a key file belongs to another user";
    Self::Open { .. } | Self::Listed(_) => 2, "key_exposed", "a key file is open to other users";
    Self::NoKey(_) => 2, "not_a_key", "a file is no key file";
    Self::Damaged(_) => 2, "key_damaged", "a key file is damaged";
    Self::Later(_) => 2, "key_of_later_version", "a key file is of a later version";
    Self::Twice { .. } => 2, "key_twice", "two keys of one role were given";
    Self::NoRandomness(_) => 1, "no_randomness", "the operating system does not give randomness for a key";
    Self::NoTerminal(_) => 2, "no_terminal", "a passphrase is asked for, and there is no terminal";
    Self::NoPassphrase => 2, "no_passphrase", "no passphrase was set";
    Self::WrongPassphrase(_) => 2, "wrong_passphrase", "the passphrase does not open the key file";
    Self::Unsealable => 1, "key_unsealable", "the key cannot be sealed with a passphrase";
    Self::Underivable => 1, "key_underivable", "a key cannot be derived";
}
