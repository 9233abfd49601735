//! What tests do to files that each system does by calls of its own.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;

use rustix::io::Errno;

/// A device that takes everything.
pub(crate) const NOTHING: &str = "/dev/null";

/// What an error tells its owner to type to close a file.
pub(crate) const CLOSING: &str = "chmod 600";

/// The system's numbers for a full disk, a quota that is used up and a broken disk.
pub(crate) const DISK_ERRORS: [i32; 3] = [
    Errno::NOSPC.raw_os_error(),
    Errno::DQUOT.raw_os_error(),
    Errno::IO.raw_os_error(),
];

/// Closes a file to all but its owner.
pub(crate) fn close(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// Lets everybody read it.
pub(crate) fn open_to_all(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
}

/// Whether nobody but its owner can read or write it.
pub(crate) fn is_closed(path: &Path) -> bool {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777 == 0o600
}

/// Overwrites what stands at a place.
pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) {
    file.write_all_at(bytes, offset).unwrap();
}
