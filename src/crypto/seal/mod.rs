//! What belongs to a protected file as a whole: the line of its run, and a seal for each row.
//!
//! ```text
//! role's key ── HKDF ─► opens the run's secret in the line ──┬─ HKDF ─► proves the line and the names of columns
//!                                                            └─ HKDF ─► proves a row, and hides its number
//! SEAL = s ‖ base64url of number of the row (5) [‖ rows of the file (5)] ‖ tag (16), the last row alone with both
//! ```
//!
//! A seal is AES-256-GCM: its text is the number of the row's record, its associated data are all cells of the
//! row, and the nonce is the row's index behind four bytes that tell the last row from others. The line has an
//! id for each time that seals were written: rows that were written again have other keys.

mod line;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::base::bytes;
use crate::crypto::keys::{KeyError, RunSecret, Secret};
use crate::crypto::nonce;

pub use line::{ColumnEntry, Fault, Holds, RunLine, is_line};

/// What begins a seal: a letter, as a spreadsheet would run a formula.
const LETTER: u8 = b's';

const TAG: usize = 16;

/// The bytes of the number of a row.
const NUMBER: usize = 5;

/// The key of a role or of a run for AES-256-GCM.
fn cipher(key: &Secret<{ RunSecret::LENGTH }>) -> Result<LessSafeKey, KeyError> {
    let key = UnboundKey::new(&AES_256_GCM, key.as_slice());
    Ok(LessSafeKey::new(key.map_err(|_| KeyError::Underivable)?))
}

/// Appends a cell to what a seal proves: its length (4), and the cell.
pub fn append(cell: &[u8], about: &mut Vec<u8>) {
    let length = u32::try_from(cell.len()).unwrap_or(u32::MAX);
    about.extend_from_slice(&length.to_be_bytes());
    about.extend_from_slice(cell);
}

/// The same for the cell that stands in `bytes` from `start` up to `end`.
#[inline(always)]
pub(crate) fn append_from(bytes: &[u8], start: usize, end: usize, about: &mut Vec<u8>) {
    let length = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
    about.extend_from_slice(&length.to_be_bytes());
    bytes::append(bytes, start, end, about);
}

/// Whether a cell looks like a seal.
pub fn is_seal(cell: &[u8]) -> bool {
    const LENGTHS: [usize; 2] = [NUMBER + TAG, 2 * NUMBER + TAG];
    let length = |bytes: &usize| 1 + (bytes * 4).div_ceil(3) == cell.len();
    cell.first() == Some(&LETTER) && LENGTHS.iter().any(length)
}

/// What a seal says of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The number of its record in the input, from 1.
    pub number: u64,
    /// How many rows the file has, if this is its last.
    pub rows: Option<u64>,
}

/// Makes and opens the seals of a file.
pub struct RowSeals(LessSafeKey);

impl RowSeals {
    pub(super) fn new(secret: &RunSecret, salt: &[u8]) -> Result<Self, KeyError> {
        Ok(Self(cipher(&secret.derive(salt, "rows")?)?))
    }

    /// Appends the seal of a row: of its index and of its cells, [appended](append) one after the other.
    /// Nothing if the numbers are too great.
    pub fn seal(&self, index: u64, says: Sealed, about: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let mut bytes = [0; 2 * NUMBER + TAG];
        *bytes.first_chunk_mut()? = five(says.number)?;
        let mut length = NUMBER;
        if let Some(rows) = says.rows {
            *bytes.get_mut(NUMBER..)?.first_chunk_mut()? = five(rows)?;
            length += NUMBER;
        }
        let (text, rest) = bytes.split_at_mut_checked(length)?;
        let nonce = nonce(index, says.rows.is_some());
        let made = self
            .0
            .seal_in_place_separate_tag(nonce, Aad::from(about), text);
        *rest.first_chunk_mut::<TAG>()? = made.ok()?.as_ref().try_into().ok()?;
        let whole = bytes.get(..length + TAG)?;
        out.push(LETTER);
        let start = out.len();
        out.resize(start + (whole.len() * 4).div_ceil(3), 0);
        BASE64URL.encode_slice(whole, out.get_mut(start..)?).ok()?;
        Some(())
    }

    /// What the seal of a row says, if it is that of its index and its cells.
    pub fn open(&self, seal: &[u8], index: u64, about: &[u8]) -> Option<Sealed> {
        let (_, text) = seal.split_first().filter(|(first, _)| **first == LETTER)?;
        let mut bytes = [0; 2 * NUMBER + TAG + 1];
        let length = BASE64URL.decode_slice(text, &mut bytes).ok()?;
        let is_last = match length.checked_sub(TAG)? {
            NUMBER => false,
            length => (length == 2 * NUMBER).then_some(true)?,
        };
        let sealed = bytes.get_mut(..length)?;
        let nonce = nonce(index, is_last);
        let opened = self.0.open_in_place(nonce, Aad::from(about), sealed).ok()?;
        let (number, rest) = opened.split_first_chunk()?;
        Some(Sealed {
            number: of_five(number),
            rows: rest.first_chunk().map(of_five),
        })
    }
}

/// The nonce of a row's seal. The last row of a part was sealed as any other before it was known for the last.
fn nonce(index: u64, is_last: bool) -> Nonce {
    nonce::of_row(u32::from(is_last), index)
}

fn five(number: u64) -> Option<[u8; NUMBER]> {
    let [0, 0, 0, bytes @ ..] = number.to_be_bytes() else {
        return None;
    };
    Some(bytes)
}

fn of_five(bytes: &[u8; NUMBER]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests;
