//! Making a key file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::file;
use super::sealed::{self, WORK};
use super::{KeyError, Passphrase, Role, RoleKey};

/// Makes a key of `role` and writes it to a new file that only its owner can read. `made` is the
/// day, for a comment in it. With a passphrase the file is sealed.
///
/// # Errors
/// [`KeyError::Exists`] if there is anything under the name; [`KeyError::Unwritable`], and then no
/// file is left.
pub fn make(
    role: Role,
    path: &Path,
    made: &str,
    passphrase: Option<&Passphrase>,
) -> Result<(), KeyError> {
    let key = RoleKey::draw(role)?;
    let text = file::text(&key, made).ok_or(KeyError::Underivable)?;
    match passphrase {
        Some(passphrase) => {
            let sealed = sealed::seal(&text, passphrase, WORK).ok_or(KeyError::Unsealable)?;
            write_new(path, &sealed)
        }
        None => write_new(path, text.as_bytes()),
    }
}

/// Writes a file that was not there.
fn write_new(path: &Path, content: &[u8]) -> Result<(), KeyError> {
    let unwritable = |source| KeyError::Unwritable {
        path: path.to_owned(),
        source,
    };
    let opened = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut file = opened.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
        _ => unwritable(source),
    })?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.map_err(|source| {
        // A part of a key is of no use to its owner.
        let _ = fs::remove_file(path);
        unwritable(source)
    })
}
