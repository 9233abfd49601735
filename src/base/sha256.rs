//! SHA-256, in the hexadecimal digits that manifests, journals and messages show.

use std::fmt::Write as _;

pub(crate) use ring::digest::{Context, SHA256};

/// The SHA-256 of some bytes, in 64 lower-case hexadecimal digits.
pub(crate) fn of(bytes: &[u8]) -> String {
    hexadecimal(ring::digest::digest(&SHA256, bytes).as_ref())
}

/// Bytes in lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
