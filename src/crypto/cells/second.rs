//! The second format of a cell that is encrypted for itself.
//!
//! ```text
//! e ‖ base85 of AES-256-GCM of the padded cell, its tag (16) behind
//!   key     = HKDF-SHA-256 of the role's key, salt = run id (12), info = crm-anon/2/encrypt/ROLE/NAME
//!   nonce   = position of the column in the input, from 0 (4) ‖ index of the row (8)
//! ```
//!
//! Padding and NAME are those of the first format, and the letters are those of [`base85`]. Neither nonce nor key id nor
//! role stand in the cell: what belongs to the run is written [once](crate::crypto::seal), and the index stands in the
//! row. The key is of one run and one name of a column, the position tells columns of one name apart and the index is
//! unique in its run: so no two cells have one key and one nonce.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::{Closed, PAD, PADDING, RunId, TAG, TooLong, base85, shape, unpadded};
use crate::base::name;
use crate::crypto::keys::{KeyError, RoleKey};
use crate::crypto::nonce;

/// Cells of which the text and its tag are so long are encrypted without memory of their own.
const NEAR: usize = 8 * PAD;

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
        nonce::of_row(self.position, row)
    }

    /// Appends the text for the cell of the row with this index.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn seal(&self, cell: &[u8], row: u64, out: &mut Vec<u8>) -> Result<(), TooLong> {
        let padded = cell.len() / PAD * PAD + PAD;
        let (mut near, mut far) = ([0; NEAR], Vec::new());
        let bytes = match near.get_mut(..padded + TAG) {
            Some(near) => near,
            None => {
                far.resize(padded + TAG, 0);
                far.as_mut_slice()
            }
        };
        let (text, tag) = bytes.split_last_chunk_mut::<TAG>().ok_or(TooLong)?;
        let (content, padding) = text.split_at_mut_checked(cell.len()).ok_or(TooLong)?;
        content.copy_from_slice(cell);
        *padding.first_mut().ok_or(TooLong)? = PADDING;
        let nonce = self.nonce(row);
        let made = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::empty(), text);
        tag.copy_from_slice(made.map_err(|_| TooLong)?.as_ref());
        out.push(shape::SECOND);
        base85::encode(bytes, out);
        Ok(())
    }

    /// Opens the text of the cell of the row with this index, and leaves the cell in `into`.
    ///
    /// # Errors
    /// [`Closed`]; what is in `into` is then nobody's cell.
    pub fn open(&self, text: &[u8], row: u64, into: &mut Vec<u8>) -> Result<(), Closed> {
        let length = shape::bytes_of_second(text).ok_or(Closed::Damaged)?;
        into.clear();
        into.resize(length, 0);
        let letters = text.get(1..).unwrap_or_default();
        base85::decode(letters, into).ok_or(Closed::Damaged)?;
        let opened = self.key.open_in_place(self.nonce(row), Aad::empty(), into);
        let length = opened.map_err(|_| Closed::Altered)?.len();
        into.truncate(length);
        let end = unpadded(into, 0).ok_or(Closed::Altered)?;
        into.truncate(end);
        Ok(())
    }
}
