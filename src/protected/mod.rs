//! The text that stands for an encrypted cell.
//!
//! ```text
//! crm1.e.ROLE.PAYLOAD    each cell for itself
//!   payload = key id (4) ‖ nonce (24) ‖ XChaCha20-Poly1305 of the padded cell, its tag (16) behind
//!   nonce   = run id (12) ‖ position of the column in the input, from 0 (4) ‖ index of the row (8)
//! crm1.d.ROLE.PAYLOAD    deterministic: equal cells of a column give equal texts
//!   payload = key id (4) ‖ SIV (16) ‖ AES-256-SIV of the padded cell
//! ```
//!
//! The payload is base64url without padding (RFC 4648, section 5) in its one canonical form; numbers
//! are big-endian. The cell is padded by a byte 0x80 and then zeros to a multiple of 16 bytes, so
//! that its length tells little. The key is [derived](crate::keys::RoleKey::derive) for the kind
//! (`encrypt` or `encrypt-deterministic`), the role and the column's output name under
//! [`name::key`]; the [context](crate::keys::context) that it is derived for is the associated data,
//! too. So a cell opens only with the key of its role, in a column of its name and as it was
//! written; the nonce tells the run, the column and the row that it belongs to, and no two cells of
//! one key have one nonce: the run id is drawn for each run from the operating system.

mod poly1305;
mod shape;
mod xchacha;

use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use rand::TryRng;
use rand::rngs::SysRng;

use crate::error::Error;
use crate::keys::{self, KeyError, RoleKey, Secret};
use crate::name;

use xchacha::{NONCE, XChaCha};

pub use shape::{Label, Look, look};

/// What a cell is padded to a multiple of, in bytes.
const PAD: usize = 16;

const ID: usize = 4;
const TAG: usize = 16;

/// How cells are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// With a nonce of its own for each cell.
    Random,
    /// Without: equal cells of a column give equal texts.
    Deterministic,
}

impl Method {
    /// The letter in the text.
    pub const fn letter(self) -> u8 {
        match self {
            Self::Random => b'e',
            Self::Deterministic => b'd',
        }
    }

    /// What a key is derived for.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Random => "encrypt",
            Self::Deterministic => "encrypt-deterministic",
        }
    }

    /// The bytes of a payload around the padded cell.
    const fn around(self) -> usize {
        match self {
            Self::Random => ID + NONCE + TAG,
            Self::Deterministic => ID + TAG,
        }
    }
}

/// What tells one run from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunId(pub(crate) [u8; 12]);

impl RunId {
    /// Draws one from the operating system, whatever seed the run has: under one seed, two files
    /// would share their nonces.
    ///
    /// # Errors
    /// [`Error::System`] if it has none to give.
    pub fn draw() -> Result<Self, Error> {
        let mut id = [0; 12];
        SysRng
            .try_fill_bytes(&mut id)
            .map_err(|error| Error::System {
                what: "randomness",
                source: std::io::Error::other(error.to_string()),
            })?;
        Ok(Self(id))
    }
}

/// Which cell of which run a text was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The run.
    pub run: RunId,
    /// The position of the column in the input of that run, from 0.
    pub column: u32,
    /// The index of the row.
    pub row: u64,
}

impl Origin {
    fn nonce(self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        let parts = [
            self.run.0.as_slice(),
            &self.column.to_be_bytes(),
            &self.row.to_be_bytes(),
        ];
        for (byte, from) in nonce.iter_mut().zip(parts.into_iter().flatten()) {
            *byte = *from;
        }
        nonce
    }

    fn of_nonce(nonce: &[u8; NONCE]) -> Option<Self> {
        let (run, rest) = nonce.split_first_chunk()?;
        let (column, rest) = rest.split_first_chunk()?;
        let (row, _) = rest.split_first_chunk()?;
        Some(Self {
            run: RunId(*run),
            column: u32::from_be_bytes(*column),
            row: u64::from_be_bytes(*row),
        })
    }
}

/// What a cell of a column is encrypted and opened with. Made once for a column.
pub struct ColumnCipher {
    cipher: Cipher,
    /// What stands before the payload.
    prefix: Vec<u8>,
    context: String,
    id: [u8; ID],
}

enum Cipher {
    Random(XChaCha),
    Deterministic(Secret<64>),
}

/// The cell could not be encrypted: it is longer than the cipher takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Why a text does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// The prefix is another, or the payload is no canonical base64url or of an impossible length.
    Damaged,
    /// It was encrypted with another key of the role.
    OtherKey,
    /// It is not what was written in a column of this name.
    Altered,
}

impl ColumnCipher {
    /// The cipher for the column that leaves as `output`.
    ///
    /// # Errors
    /// As [`RoleKey::derive`].
    pub fn new(key: &RoleKey, method: Method, output: &str) -> Result<Self, KeyError> {
        let (purpose, column) = (method.purpose(), name::key(output));
        let context = keys::context(purpose, key.role(), &column);
        let cipher = match method {
            Method::Random => {
                let key = key.derive(purpose, &column)?;
                Cipher::Random(XChaCha::new(key, context.as_bytes()))
            }
            Method::Deterministic => Cipher::Deterministic(key.derive(purpose, &column)?),
        };
        Ok(Self {
            cipher,
            prefix: shape::prefix(method, key.role()),
            context,
            id: key.id()?,
        })
    }

    /// Appends the text for a cell. A deterministic cipher makes no use of `origin`.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn seal(&self, cell: &[u8], origin: Origin, out: &mut Vec<u8>) -> Result<(), TooLong> {
        out.extend_from_slice(&self.prefix);
        // The payload is made behind the prefix, and its text behind the payload, to take its place.
        let payload = out.len();
        out.extend_from_slice(&self.id);
        let aad = self.context.as_bytes();
        match &self.cipher {
            Cipher::Random(cipher) => {
                let nonce = origin.nonce();
                out.extend_from_slice(&nonce);
                let start = out.len();
                pad(cell, out);
                let (padded, _) = out.get_mut(start..).unwrap_or_default().as_chunks_mut();
                let tag = cipher.seal(&nonce, padded).ok_or(TooLong)?;
                out.extend_from_slice(&tag);
            }
            Cipher::Deterministic(key) => {
                let tag_at = out.len();
                out.extend_from_slice(&[0; TAG]);
                pad(cell, out);
                let (tag, padded) = out
                    .get_mut(tag_at..)
                    .and_then(|rest| rest.split_first_chunk_mut::<TAG>())
                    .ok_or(TooLong)?;
                let siv = Aes256Siv::new((&***key).into())
                    .encrypt_inout_detached([aad], padded.into())
                    .map_err(|_| TooLong)?;
                *tag = siv.into();
            }
        }
        to_text(payload, out).ok_or(TooLong)
    }

    /// Opens the text of a cell, and leaves the cell in `into`. Gives what it was made for, unless it
    /// is deterministic.
    ///
    /// # Errors
    /// [`Closed`]; what is in `into` is then nobody's cell.
    pub fn open(&self, text: &[u8], into: &mut Vec<u8>) -> Result<Option<Origin>, Closed> {
        let payload = text.strip_prefix(self.prefix.as_slice());
        let payload = payload.ok_or(Closed::Damaged)?;
        let id = decode(payload, into).ok_or(Closed::Damaged)?;
        if id != self.id {
            return Err(Closed::OtherKey);
        }
        let aad = self.context.as_bytes();
        let around = match &self.cipher {
            Cipher::Random(_) => Method::Random,
            Cipher::Deterministic(_) => Method::Deterministic,
        };
        let padded = into.len().checked_sub(around.around());
        if padded.is_none_or(|padded| padded == 0 || padded % PAD != 0) {
            return Err(Closed::Damaged);
        }
        let rest = into.get_mut(ID..).unwrap_or_default();
        let (before, origin) = match &self.cipher {
            Cipher::Random(cipher) => {
                let (nonce, rest) = rest
                    .split_first_chunk_mut::<NONCE>()
                    .ok_or(Closed::Damaged)?;
                let (padded, tag) = rest.split_last_chunk_mut::<TAG>().ok_or(Closed::Damaged)?;
                let (padded, _) = padded.as_chunks_mut();
                cipher.open(nonce, padded, tag).ok_or(Closed::Altered)?;
                let origin = Origin::of_nonce(nonce);
                into.truncate(into.len().saturating_sub(TAG));
                (ID + NONCE, origin)
            }
            Cipher::Deterministic(key) => {
                let (tag, padded) = rest.split_first_chunk_mut::<TAG>().ok_or(Closed::Damaged)?;
                Aes256Siv::new((&***key).into())
                    .decrypt_inout_detached([aad], padded.into(), &(*tag).into())
                    .map_err(|_| Closed::Altered)?;
                (ID + TAG, None)
            }
        };
        let end = into.iter().rposition(|byte| *byte != 0);
        let end = end.filter(|end| *end >= before && into.get(*end) == Some(&0x80));
        into.truncate(end.ok_or(Closed::Altered)?);
        into.drain(..before);
        Ok(origin)
    }
}

/// Appends a cell and what pads it.
fn pad(cell: &[u8], out: &mut Vec<u8>) {
    let behind = PAD - cell.len() % PAD;
    out.extend_from_slice(cell);
    out.push(0x80);
    out.resize(out.len() + behind - 1, 0);
}

/// Writes the bytes from `payload` on as base64url.
fn to_text(payload: usize, out: &mut Vec<u8>) -> Option<()> {
    let text = out.len();
    let length = (text.checked_sub(payload)? * 4).div_ceil(3);
    out.resize(text + length, 0);
    let (bytes, into) = out.split_at_mut_checked(text)?;
    BASE64URL.encode_slice(bytes.get(payload..)?, into).ok()?;
    out.copy_within(text.., payload);
    out.truncate(payload + length);
    Some(())
}

/// Reads canonical base64url into `into`, and gives the key id that begins it.
fn decode(text: &[u8], into: &mut Vec<u8>) -> Option<[u8; ID]> {
    into.clear();
    into.resize(text.len() / 4 * 3 + 3, 0);
    let length = BASE64URL.decode_slice(text, into).ok()?;
    into.truncate(length);
    into.first_chunk().copied()
}

#[cfg(test)]
mod tests;
