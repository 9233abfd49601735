//! What the fuzz targets need of `system.rs` too; they are built for Unix alone.

#[cfg(windows)]
pub(crate) use crate::support::system::{close, write_at};
#[cfg(unix)]
pub(crate) use of_unix::{close, write_at};

#[cfg(unix)]
mod of_unix {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
    use std::path::Path;

    /// Closes a file to all but its owner.
    pub(crate) fn close(path: &Path) {
        fs::set_permissions(path, Permissions::from_mode(0o600)).expect("a mode");
    }

    /// Overwrites what stands at a place.
    pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) {
        file.write_all_at(bytes, offset).expect("an open file");
    }
}
