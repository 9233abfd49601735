//! What knows nothing of the domain: bytes, SIMD, threads, column names, languages, randomness and
//! hashes of files.

#[macro_use]
mod cases;
#[macro_use]
pub mod lang;
#[macro_use]
pub mod error;

pub mod bytes;
pub mod counted;
pub(crate) mod distance;
pub(crate) mod escape;
pub(crate) mod latin;
pub(crate) mod lexicon;
#[cfg(test)]
pub(crate) mod mixed;
pub mod name;
pub(crate) mod panics;
pub mod parallel;
pub(crate) mod plural;
pub mod random;
pub(crate) mod sha256;
pub mod simd;
