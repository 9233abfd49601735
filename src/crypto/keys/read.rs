//! Reading a key file: only one that no other user can read or replace.

use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::file::{self, Wrong};
use super::sealed::{self, Sealed};
use super::{KeyError, Passphrase, RoleKey};
use crate::io::system::files::open_without_waiting;
use crate::io::system::owner::exposure;
use crate::io::system::shared::Exposure;

/// A key file is smaller.
const LARGEST: usize = 16 * 1024;

/// Reads a key file; `ask` gives the passphrase of one that is sealed.
///
/// # Errors
/// [`KeyError`].
pub(super) fn read(
    path: &Path,
    ask: &mut dyn FnMut() -> Result<Passphrase, KeyError>,
) -> Result<RoleKey, KeyError> {
    let mut text = guarded(path)?;
    if sealed::is_sealed(&text) {
        let sealed = Sealed::new(&text).ok_or_else(|| KeyError::NoKey(path.to_owned()))?;
        let opened = sealed.open(&ask()?, LARGEST);
        text = opened.ok_or_else(|| KeyError::WrongPassphrase(path.to_owned()))?;
    }
    let text = std::str::from_utf8(&text).map_err(|_| KeyError::NoKey(path.to_owned()))?;
    file::parse(text).map_err(|wrong| match wrong {
        Wrong::NoKey => KeyError::NoKey(path.to_owned()),
        Wrong::Damaged => KeyError::Damaged(path.to_owned()),
        Wrong::Later => KeyError::Later(path.to_owned()),
    })
}

/// The content of a file that nobody else can read.
fn guarded(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let unreadable = |source| KeyError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut file = open_without_waiting(path).map_err(unreadable)?;
    // Of the file that is open, whatever gets its name meanwhile.
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(KeyError::NotAFile(path.to_owned()));
    }
    match exposure(&file).map_err(unreadable)? {
        Exposure::None => {}
        Exposure::Others(Some(mode)) => {
            return Err(KeyError::Open {
                path: path.to_owned(),
                mode,
            });
        }
        Exposure::Others(None) => return Err(KeyError::Listed(path.to_owned())),
        Exposure::Foreign => return Err(KeyError::NotOurs(path.to_owned())),
    }
    // Of full size from the start: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(vec![0; LARGEST]);
    let mut length = 0;
    loop {
        let free = text.get_mut(length..).unwrap_or_default();
        match file.read(free).map_err(unreadable)? {
            0 if free.is_empty() => return Err(KeyError::NoKey(path.to_owned())),
            0 => break,
            read => length += read,
        }
    }
    text.truncate(length);
    Ok(text)
}
