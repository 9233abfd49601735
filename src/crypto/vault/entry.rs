//! The two halves of an entry, each of which proves that it belongs to the other.
//!
//! * by the tag of the value: token ‖ origin (1) ‖ the HMAC-SHA-256 of tag ‖ token ‖ origin;
//! * by the token: AES-256-GCM of tag ‖ value ‖ 0x80 ‖ zeros, bound to the token, under the HMAC-SHA-256 of
//!   the token as its key. A key encrypts one text, since a token is drawn once, so the nonce is zero. Value,
//!   0x80 and zeros have 64 bytes, or a higher power of two.
//!
//! The keys of both are those of one vault.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac::{self, HMAC_SHA256};
use zeroize::Zeroizing;

use super::state::VaultId;
use super::token::{TOKEN, Token};
use super::{Tag, VaultError};
use crate::base::sha256;
use crate::crypto::keys::{RoleKey, Secret};

/// The bytes of the half that is found by a tag.
pub(super) const HALF: usize = TOKEN + 1 + 32;

/// The least that a value is made to be, in bytes.
const LEAST: usize = 64;

/// How an entry came into its vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryOrigin {
    Made = 0,
    /// A vault of the first format had it, which did not prove that this token is this value's: that is
    /// to be compared when it is used.
    TakenOver = 1,
}

/// The keys of the entries of one vault.
pub(super) struct EntryKeys {
    pairs: hmac::Key,
    values: hmac::Key,
}

/// What stands under a token.
pub(super) struct Opened {
    pub(super) tag: Tag,
    pub(super) value: Zeroizing<Vec<u8>>,
}

impl EntryKeys {
    pub(super) fn of(key: &RoleKey, id: &VaultId) -> Result<Self, VaultError> {
        let id = sha256::hexadecimal(id);
        let derive = |kind| {
            let key: Result<Secret<32>, _> = key.derive(kind, &id);
            key.map_err(|_| VaultError::Underivable)
        };
        Ok(Self {
            pairs: hmac::Key::new(HMAC_SHA256, derive("vault-pairs")?.as_slice()),
            values: hmac::Key::new(HMAC_SHA256, derive("vault-values")?.as_slice()),
        })
    }

    /// The half that is found by a tag.
    pub(super) fn half(&self, tag: &Tag, token: &Token, origin: EntryOrigin) -> [u8; HALF] {
        let origin = origin as u8;
        let proof = hmac::sign(&self.pairs, &paired(tag, token.as_bytes(), origin));
        let bytes = token.as_bytes().iter().chain([&origin]);
        let mut half = [0; HALF];
        for (to, from) in half.iter_mut().zip(bytes.chain(proof.as_ref())) {
            *to = *from;
        }
        half
    }

    /// The token and the origin of a half that was found by this tag, if it is this tag's.
    pub(super) fn read(&self, tag: &Tag, half: &[u8; HALF]) -> Option<(Token, EntryOrigin)> {
        let (token, rest) = half.split_first_chunk()?;
        let (origin, proof) = rest.split_first()?;
        hmac::verify(&self.pairs, &paired(tag, token, *origin), proof).ok()?;
        let origins = [EntryOrigin::Made, EntryOrigin::TakenOver];
        let origin = origins.into_iter().find(|known| *known as u8 == *origin)?;
        Some((Token::from_bytes(*token), origin))
    }

    /// The half that is found by a token.
    pub(super) fn seal(&self, token: &Token, tag: &Tag, value: &[u8]) -> Option<Vec<u8>> {
        let padded = value.len().checked_add(1)?.max(LEAST);
        let padded = padded.checked_next_power_of_two()?;
        let length = tag.len().checked_add(padded)?;
        let mut text = Vec::with_capacity(length.checked_add(AES_256_GCM.tag_len())?);
        text.extend_from_slice(tag);
        text.extend_from_slice(value);
        text.push(0x80);
        text.resize(length, 0);
        let about = Aad::from(token.as_bytes());
        let key = self.key_of(token)?;
        key.seal_in_place_append_tag(zero(), about, &mut text)
            .ok()?;
        Some(text)
    }

    /// What was sealed under this token.
    pub(super) fn open(&self, token: &Token, sealed: &[u8]) -> Option<Opened> {
        let mut text = Zeroizing::new(sealed.to_vec());
        let about = Aad::from(token.as_bytes());
        let key = self.key_of(token)?;
        let opened = key.open_in_place(zero(), about, &mut text).ok()?;
        let (tag, padded) = opened.split_first_chunk()?;
        let end = padded.iter().rposition(|byte| *byte != 0)?;
        let (value, behind) = padded.split_at_checked(end)?;
        (behind.first() == Some(&0x80)).then(|| Opened {
            tag: *tag,
            value: Zeroizing::new(value.to_vec()),
        })
    }

    fn key_of(&self, token: &Token) -> Option<LessSafeKey> {
        let key = hmac::sign(&self.values, token.as_bytes());
        let key = UnboundKey::new(&AES_256_GCM, key.as_ref());
        Some(LessSafeKey::new(key.ok()?))
    }
}

/// What the proof of a half is of.
fn paired(tag: &Tag, token: &[u8; TOKEN], origin: u8) -> [u8; 32 + TOKEN + 1] {
    let mut paired = [0; 32 + TOKEN + 1];
    let bytes = tag.iter().chain(token).chain([&origin]);
    for (to, from) in paired.iter_mut().zip(bytes) {
        *to = *from;
    }
    paired
}

fn zero() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keys::known;

    fn keys(role_key: u8, vault: u8) -> EntryKeys {
        EntryKeys::of(&known("identite", role_key), &[vault; 16]).unwrap()
    }

    #[test]
    fn a_half_is_of_its_tag_its_key_and_its_vault_alone() {
        let (tag, token) = ([3; 32], Token::of([5; 32]));
        for origin in [EntryOrigin::Made, EntryOrigin::TakenOver] {
            let half = keys(1, 1).half(&tag, &token, origin);
            assert_eq!(keys(1, 1).read(&tag, &half), Some((token, origin)));
            assert!(keys(1, 1).read(&[4; 32], &half).is_none(), "another tag");
            assert!(keys(2, 1).read(&tag, &half).is_none(), "another key");
            assert!(keys(1, 2).read(&tag, &half).is_none(), "another vault");
            for at in 0..HALF {
                let mut altered = half;
                altered[at] ^= 1;
                assert!(keys(1, 1).read(&tag, &altered).is_none(), "byte {at}");
            }
        }
    }

    #[test]
    fn a_value_comes_back_under_its_token_and_its_length_is_hidden() {
        let (tag, token) = ([3; 32], Token::of([5; 32]));
        let keys = keys(1, 1);
        let mut lengths = Vec::new();
        for (value, length) in [
            ("", 112),
            ("C-0001", 112),
            (&"x".repeat(63), 112),
            (&"x".repeat(64), 176),
            (&"x".repeat(127), 176),
            (&"x".repeat(1000), 1072),
            ("\u{0}\u{80}\u{0}", 112),
        ] {
            let sealed = keys.seal(&token, &tag, value.as_bytes()).unwrap();
            assert_eq!(sealed.len(), length, "{} bytes", value.len());
            let opened = keys.open(&token, &sealed).unwrap();
            assert_eq!(opened.tag, tag);
            assert_eq!(opened.value.as_slice(), value.as_bytes());
            assert!(keys.open(&Token::of([6; 32]), &sealed).is_none());
            lengths.push(sealed.len());
            for at in [0, 31, 32, sealed.len() / 2, sealed.len() - 1] {
                let mut altered = sealed.clone();
                altered[at] ^= 1;
                assert!(keys.open(&token, &altered).is_none(), "byte {at}");
                assert!(keys.open(&token, &sealed[..at]).is_none(), "up to {at}");
            }
        }
    }
}
