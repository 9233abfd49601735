//! Bytes in and out: inputs and their decompression, strict CSV, and files that appear whole or not
//! at all.

pub mod csv;
pub mod error;
pub(crate) mod fingerprint;
pub mod format;
pub mod input;
pub mod output;
pub mod place;
pub(crate) mod quirk;
mod run_key;
pub mod small_file;
pub(crate) mod spool;
pub(crate) mod system;
pub mod workbook;
