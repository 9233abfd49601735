//! Making a key file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::file;
use super::sealed::{self, WORK};
use super::{KeyError, Passphrase, Role, RoleKey};
use crate::io::system::links::Place;
use crate::io::system::owner::restrict;
use crate::io::system::secrets::keep_off_the_disk;
use crate::io::system::shared::Opening;

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
    keep_off_the_disk();
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
    // Nothing is written through a link: what has the name already is there.
    if fs::symlink_metadata(path).is_ok() {
        return Err(KeyError::Exists(path.to_owned()));
    }
    let place = Place::of(path).map_err(unwritable)?;
    let opened = place.open(Opening::New);
    let mut file = opened.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
        _ => unwritable(source),
    })?;
    let written = restrict(&file)
        .and_then(|()| file.write_all(content))
        .and_then(|()| file.sync_all());
    written.map_err(|source| {
        // A part of a key is of no use to its owner.
        let _ = fs::remove_file(path);
        unwritable(source)
    })
}
