//! Room on a disk, taken before it is needed.

use std::fs::File;
use std::io;

use super::kernel;

/// Takes `bytes` behind the end of a file, whose size stays as it is: what is appended next cannot
/// fail for lack of room. Where the file system cannot do that, nothing happens.
///
/// # Errors
/// A full disk, a quota, a limit on the size of files.
pub(crate) fn reserve_behind(file: &File, bytes: u64) -> io::Result<()> {
    kernel::reserve_behind(file, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn the_size_stays_and_no_room_is_an_error() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"line\n").unwrap();
        reserve_behind(&file, 1 << 20).unwrap();
        let facts = file.metadata().unwrap();
        assert_eq!(facts.len(), 5);
        // In blocks of 512 bytes; none where the file system cannot reserve.
        assert!(facts.blocks() >= 2048 || facts.blocks() < 64);
        file.write_all(b"next\n").unwrap();
        assert_eq!(file.metadata().unwrap().len(), 10);
        assert!(reserve_behind(&file, 1 << 60).is_err() || facts.blocks() < 64);
    }
}
