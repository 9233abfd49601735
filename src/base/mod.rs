//! What knows nothing of the domain: bytes, SIMD, threads, column names, languages, randomness and
//! hashes of files.

pub mod bytes;
pub mod counted;
pub mod error;
pub(crate) mod escape;
pub mod lang;
pub mod name;
pub mod parallel;
pub(crate) mod plural;
pub mod random;
pub mod simd;
