//! The text that stands for an encrypted cell. Runs write the [second format](second) of cells that are
//! encrypted each for itself, and read both; deterministic cells have one format.
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
//! that its length tells little. The key is [derived](crate::crypto::keys::RoleKey::derive) for the kind
//! (`encrypt` or `encrypt-deterministic`), the role and the column's output name under
//! [`name::key`]; the [context](crate::crypto::keys::context) that it is derived for is the associated data,
//! too. So a cell opens only with the key of its role, in a column of its name and as it was
//! written; the nonce tells the run, the column and the row that it belongs to, and no two cells of
//! one key have one nonce: the run id is drawn for each run from the operating system.

mod base85;
mod second;
mod shape;

use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use rand::TryRng;
use rand::rngs::SysRng;

use crate::base::error::SystemError;
use crate::base::name;
use crate::crypto::keys;
use crate::crypto::keys::{KeyError, RoleKey, Secret};

use crate::crypto::xchacha::{NONCE, TAG, XChaCha};

pub use second::CellCipher;
pub use shape::{CellForm, Label, form_of, has_sealed_length, sealed_form_of};

/// What a cell is padded to a multiple of, in bytes.
const PAD: usize = 16;

/// What stands behind a cell, before the zeros.
const PADDING: u8 = 0x80;

const ID: usize = 4;

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
    /// [`SystemError`] if it has none to give.
    pub fn draw() -> Result<Self, SystemError> {
        let mut id = [0; 12];
        SysRng
            .try_fill_bytes(&mut id)
            .map_err(|error| SystemError {
                what: fixed!("randomness"),
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
    /// For what is bound to no row.
    pub(crate) const NOWHERE: Self = Self {
        run: RunId([0; 12]),
        column: 0,
        row: 0,
    };

    fn nonce(self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        if let Some((run, rest)) = nonce.split_first_chunk_mut()
            && let Some((column, rest)) = rest.split_first_chunk_mut()
            && let Some(row) = rest.first_chunk_mut()
        {
            *run = self.run.0;
            *column = self.column.to_be_bytes();
            *row = self.row.to_be_bytes();
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
    /// The associated data.
    about: String,
    /// What stands before the payload.
    prefix: Vec<u8>,
    id: [u8; ID],
}

enum Cipher {
    Random(Box<XChaCha>),
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
        let about = keys::context(purpose, key.role(), &column);
        let cipher = match method {
            Method::Random => Cipher::Random(Box::new(XChaCha::new(key.derive(purpose, &column)?))),
            Method::Deterministic => Cipher::Deterministic(key.derive(purpose, &column)?),
        };
        Ok(Self {
            cipher,
            about,
            prefix: shape::prefix(method, key.role()),
            id: key.id()?,
        })
    }

    /// Appends the text for a cell. A deterministic cipher makes no use of `origin`.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn seal(&self, cell: &[u8], origin: Origin, out: &mut Vec<u8>) -> Result<(), TooLong> {
        out.extend_from_slice(&self.prefix);
        // The payload is made behind the place of its text, to be gone then.
        let text = out.len();
        let padded = cell.len() / PAD * PAD + PAD;
        let bytes = padded + self.method().around();
        let payload = text + (bytes * 4).div_ceil(3);
        out.resize(payload, 0);
        out.extend_from_slice(&self.id);
        let about = self.about.as_bytes();
        match &self.cipher {
            Cipher::Random(cipher) => {
                let nonce = origin.nonce();
                out.extend_from_slice(&nonce);
                let tag = cipher.seal(&nonce, about, pad(cell, out));
                let tag = tag.ok_or(TooLong)?;
                out.extend_from_slice(&tag);
            }
            Cipher::Deterministic(key) => {
                let at = out.len();
                out.extend_from_slice(&[0; TAG]);
                let vector = Aes256Siv::new((&***key).into())
                    .encrypt_inout_detached([about], pad(cell, out).into())
                    .map_err(|_| TooLong)?;
                let place = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut);
                *place.ok_or(TooLong)? = vector.into();
            }
        }
        let (before, payload_bytes) = out.split_at_mut_checked(payload).ok_or(TooLong)?;
        let into = before.get_mut(text..).unwrap_or_default();
        let written = BASE64URL.encode_slice(payload_bytes, into);
        out.truncate(payload);
        match written {
            Ok(length) if text + length == payload => Ok(()),
            _ => Err(TooLong),
        }
    }

    fn method(&self) -> Method {
        match &self.cipher {
            Cipher::Random(_) => Method::Random,
            Cipher::Deterministic(_) => Method::Deterministic,
        }
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
        let padded = into.len().checked_sub(self.method().around());
        if padded.is_none_or(|padded| padded == 0 || padded % PAD != 0) {
            return Err(Closed::Damaged);
        }
        let rest = into.get_mut(ID..).unwrap_or_default();
        let about = self.about.as_bytes();
        let (before, origin) = match &self.cipher {
            Cipher::Random(cipher) => {
                let (nonce, rest) = rest
                    .split_first_chunk_mut::<NONCE>()
                    .ok_or(Closed::Damaged)?;
                let (padded, tag) = rest.split_last_chunk_mut::<TAG>().ok_or(Closed::Damaged)?;
                let opened = cipher.open(nonce, about, padded, *tag);
                opened.ok_or(Closed::Altered)?;
                let origin = Origin::of_nonce(nonce);
                into.truncate(into.len().saturating_sub(TAG));
                (ID + NONCE, origin)
            }
            Cipher::Deterministic(key) => {
                let (vector, padded) =
                    rest.split_first_chunk_mut::<TAG>().ok_or(Closed::Damaged)?;
                Aes256Siv::new((&***key).into())
                    .decrypt_inout_detached([about], padded.into(), &(*vector).into())
                    .map_err(|_| Closed::Altered)?;
                (ID + TAG, None)
            }
        };
        let end = unpadded(into, before).ok_or(Closed::Altered)?;
        into.truncate(end);
        into.drain(..before);
        Ok(origin)
    }
}

/// Appends a cell and what pads it, and gives both.
fn pad<'a>(cell: &[u8], out: &'a mut Vec<u8>) -> &'a mut [u8] {
    let start = out.len();
    out.extend_from_slice(cell);
    out.push(PADDING);
    let behind = (out.len() - start).next_multiple_of(PAD);
    out.resize(start + behind, 0);
    out.get_mut(start..).unwrap_or_default()
}

/// Where the cell ends that begins at `start` and is followed by what pads it.
fn unpadded(padded: &[u8], start: usize) -> Option<usize> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    (end >= start && padded.get(end) == Some(&PADDING)).then_some(end)
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
pub(super) mod tests;
