//! The second format of a cell that is encrypted for itself.
//!
//! ```text
//! crm2.PAYLOAD
//!   payload = AES-256-GCM of the padded cell, its tag (16) behind
//!   key     = HKDF-SHA-256 of the role's key, salt = run id (12), info = crm-anon/2/encrypt/ROLE/NAME
//!   nonce   = position of the column in the input, from 0 (4) ‖ index of the row (8)
//! ```
//!
//! Base64url, padding and NAME are those of the first format. Neither nonce nor key id nor role stand in the
//! cell: what belongs to the run is written [once](crate::crypto::seal), and the index stands in the row. The
//! key is of one run and one name of a column, the position tells columns of one name apart and the index is
//! unique in its run: so no two cells have one key and one nonce.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::{Closed, RunId, TAG, TooLong, pad, shape, unpadded};
use crate::base::name;
use crate::crypto::keys::{KeyError, RoleKey};

/// What a cell of a column is encrypted and opened with in one run.
pub struct CellCipher {
    key: LessSafeKey,
    position: u32,
}

impl CellCipher {
    /// The cipher of a run for the column that stands at `position` (from 0) in its input and leaves as `output`.
    ///
    /// # Errors
    /// [`KeyError::Underivable`].
    pub fn new(key: &RoleKey, run: RunId, output: &str, position: u32) -> Result<Self, KeyError> {
        let key = key.derive_in_run::<32>(&run.0, "encrypt", &name::key(output))?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice());
        Ok(Self {
            key: LessSafeKey::new(key.map_err(|_| KeyError::Underivable)?),
            position,
        })
    }

    fn nonce(&self, row: u64) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        if let Some((position, rest)) = nonce.split_first_chunk_mut()
            && let Some(index) = rest.first_chunk_mut()
        {
            *position = self.position.to_be_bytes();
            *index = row.to_be_bytes();
        }
        Nonce::assume_unique_for_key(nonce)
    }

    /// Appends the text for the cell of the row with this index.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn seal(&self, cell: &[u8], row: u64, out: &mut Vec<u8>) -> Result<(), TooLong> {
        out.extend_from_slice(shape::SECOND);
        // The payload is made behind the place of its text, to be gone then.
        let text = out.len();
        let bytes = cell.len() / super::PAD * super::PAD + super::PAD + TAG;
        let payload = text + (bytes * 4).div_ceil(3);
        out.resize(payload, 0);
        let padded = pad(cell, out);
        let sealed = self
            .key
            .seal_in_place_separate_tag(self.nonce(row), Aad::empty(), padded);
        out.extend_from_slice(sealed.map_err(|_| TooLong)?.as_ref());
        let (before, payload_bytes) = out.split_at_mut_checked(payload).ok_or(TooLong)?;
        let into = before.get_mut(text..).unwrap_or_default();
        let written = BASE64URL.encode_slice(payload_bytes, into);
        out.truncate(payload);
        match written {
            Ok(length) if text + length == payload => Ok(()),
            _ => Err(TooLong),
        }
    }

    /// Opens the text of the cell of the row with this index, and leaves the cell in `into`.
    ///
    /// # Errors
    /// [`Closed`]; what is in `into` is then nobody's cell.
    pub fn open(&self, text: &[u8], row: u64, into: &mut Vec<u8>) -> Result<(), Closed> {
        let payload = text.strip_prefix(shape::SECOND).ok_or(Closed::Damaged)?;
        into.clear();
        into.resize(payload.len() / 4 * 3 + 3, 0);
        let length = BASE64URL.decode_slice(payload, into);
        into.truncate(length.map_err(|_| Closed::Damaged)?);
        let padded = into.len().checked_sub(TAG);
        if padded.is_none_or(|padded| padded == 0 || padded % super::PAD != 0) {
            return Err(Closed::Damaged);
        }
        let opened = self.key.open_in_place(self.nonce(row), Aad::empty(), into);
        let length = opened.map_err(|_| Closed::Altered)?.len();
        into.truncate(length);
        let end = unpadded(into, 0).ok_or(Closed::Altered)?;
        into.truncate(end);
        Ok(())
    }
}
