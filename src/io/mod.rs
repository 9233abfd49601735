//! Bytes in and out: inputs and their decompression, strict CSV, and files that appear whole or not
//! at all.

pub mod csv;
pub mod input;
pub mod output;
pub mod small_file;
