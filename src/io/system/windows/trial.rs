//! What tests do to files that each system does by calls of its own.

use std::fs::File;
use std::os::windows::fs::FileExt;
use std::path::Path;

use super::owner::{exposure, let_in, open_for_list, restrict};
use crate::io::system::shared::Exposure;

/// A device that takes everything.
pub(crate) const NOTHING: &str = "NUL";

/// What an error tells its owner to type to close a file.
pub(crate) const CLOSING: &str = "icacls";

/// The system's numbers for a full disk, a quota that is used up and a broken disk: `ERROR_DISK_FULL`,
/// `ERROR_DISK_QUOTA_EXCEEDED`, `ERROR_CRC`.
pub(crate) const DISK_ERRORS: [i32; 3] = [112, 1295, 23];

/// Closes a file to all but its owner.
pub(crate) fn close(path: &Path) {
    restrict(&open_for_list(path).unwrap()).unwrap();
}

/// Lets everybody read it.
pub(crate) fn open_to_all(path: &Path) {
    let_in(&open_for_list(path).unwrap(), "(A;;FR;;;WD)").unwrap();
}

/// Whether nobody but its owner can read or write it.
pub(crate) fn is_closed(path: &Path) -> bool {
    exposure(&open_for_list(path).unwrap()).unwrap() == Exposure::None
}

/// Overwrites what stands at a place.
pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) {
    assert_eq!(file.seek_write(bytes, offset).unwrap(), bytes.len());
}
