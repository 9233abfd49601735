//! Keys of roles, encrypted cells, seals of rows, the vault of tokens, and the random row index.

pub mod cells;
pub mod keys;
mod nonce;
pub(crate) mod release;
pub mod row_index;
pub mod seal;
pub mod vault;
mod xchacha;
