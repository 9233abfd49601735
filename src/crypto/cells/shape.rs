//! Telling encrypted cells from others by their looks, and those that were damaged.

use super::{ID, Method, PAD, TAG, base85};
use crate::crypto::keys::Role;

/// What begins a cell of the second format: a letter, as a spreadsheet would run a formula.
pub(super) const SECOND: u8 = b'e';

/// What begins every cell of the first format.
const MARK: &[u8] = b"crm1.";

/// The least length of a payload's text: that of a deterministic cell.
const LEAST: usize = ((Method::Deterministic.around() + PAD) * 4).div_ceil(3);

/// Within so many bytes of a cell's beginning there is something of the prefix, if it had one.
const NEAR: usize = 12;

/// Pieces of the prefix.
const PIECES: [&[u8]; 6] = [b"crm1", b"rm1.", b"m1.e", b"1.e.", b"m1.d", b"1.d."];

/// What stands before a payload, and the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label<'a> {
    /// How it was encrypted.
    pub method: Method,
    /// The role that it was encrypted for.
    pub role: &'a str,
    /// The payload, as base64url that was not looked at yet.
    pub payload: &'a [u8],
}

impl Label<'_> {
    /// The key id that the payload begins with, if that much of it can be read.
    pub fn key_id(&self) -> Option<[u8; ID]> {
        let start = self.payload.get(..8)?;
        let mut into = Vec::new();
        super::decode(start, &mut into)
    }

    /// Whether the payload has the letters and the length of one.
    pub fn is_whole(&self) -> bool {
        holds(self.payload, self.method.around())
    }
}

/// How many bytes a text of the second format stands for, if it has the length of one.
pub(super) fn bytes_of_second(cell: &[u8]) -> Option<usize> {
    let length = cell.strip_prefix(&[SECOND])?.len();
    base85::bytes(length).filter(|bytes| *bytes > TAG && bytes % PAD == TAG % PAD)
}

/// Whether a cell has the length and the letters of one of the second format.
fn is_second(cell: &[u8]) -> bool {
    bytes_of_second(cell).is_some() && cell.iter().all(|byte| base85::is_letter(*byte))
}

/// Whether a text has a capital and a sign: of the shortest that are encrypted all but four in a million have, of words,
/// hashes and numbers hardly any.
fn is_mixed(cell: &[u8]) -> bool {
    cell.iter().any(u8::is_ascii_uppercase) && cell.iter().any(u8::is_ascii_punctuation)
}

/// Whether a cell has the length of one of the second format: whether it has the letters of one, shows when it is opened.
#[inline]
pub fn has_sealed_length(cell: &[u8]) -> bool {
    bytes_of_second(cell).is_some()
}

/// What a cell looks like in a column that is encrypted in the second format.
#[inline]
pub fn sealed_form_of(cell: &[u8]) -> CellForm<'_> {
    match cell {
        [] => CellForm::Empty,
        _ if is_second(cell) => CellForm::Second,
        [SECOND, payload @ ..] if payload.len() >= base85::length(PAD) => CellForm::Damaged,
        _ => CellForm::Plain,
    }
}

/// Whether a payload has the letters and the length of a padded cell with so many bytes around it.
fn holds(payload: &[u8], around: usize) -> bool {
    let bytes = payload.len() / 4 * 3 + (payload.len() % 4).saturating_sub(1);
    let padded = bytes.checked_sub(around);
    payload.len() % 4 != 1
        && padded.is_some_and(|padded| padded > 0 && padded % PAD == 0)
        && payload.iter().all(is_letter)
}

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellForm<'a> {
    /// It is empty.
    Empty,
    /// It has the prefix of an encrypted cell.
    Protected(Label<'a>),
    /// It has the letters and the length of a cell of the second format.
    Second,
    /// It is like an encrypted cell of which a character was changed, lost or put before it.
    Damaged,
    /// It is anything else.
    Plain,
}

/// What stands before the payload of a role's cells.
pub(super) fn prefix(method: Method, role: &Role) -> Vec<u8> {
    let mut prefix = MARK.to_vec();
    prefix.extend_from_slice(&[method.letter(), b'.']);
    prefix.extend_from_slice(role.as_str().as_bytes());
    prefix.push(b'.');
    prefix
}

/// What a cell looks like in a column of which nothing is known.
#[inline]
pub fn form_of(cell: &[u8]) -> CellForm<'_> {
    if cell.is_empty() {
        return CellForm::Empty;
    }
    if is_second(cell) && is_mixed(cell) {
        return CellForm::Second;
    }
    if let Some(label) = label(cell) {
        return CellForm::Protected(label);
    }
    match cell.len() >= LEAST && is_damaged(cell) || cell.starts_with(MARK) {
        true => CellForm::Damaged,
        false => CellForm::Plain,
    }
}

fn label(cell: &[u8]) -> Option<Label<'_>> {
    let (letter, rest) = cell.strip_prefix(MARK)?.split_first()?;
    let method = [Method::Random, Method::Deterministic]
        .into_iter()
        .find(|method| method.letter() == *letter)?;
    let rest = rest.strip_prefix(b".")?;
    let end = rest.iter().position(|byte| *byte == b'.')?;
    let (role, payload) = rest.split_at_checked(end)?;
    let role = std::str::from_utf8(role).ok()?;
    role.parse::<Role>().ok()?;
    Some(Label {
        method,
        role,
        payload: payload.strip_prefix(b".")?,
    })
}

/// Whether a cell that has no right prefix is most of an encrypted one: one that begins as the prefix
/// does but for a character or two, or the long run of letters of a payload behind a piece of the
/// prefix.
fn is_damaged(cell: &[u8]) -> bool {
    const BEGINNING: &[u8] = b"crm1.e.";
    const SAME: usize = 5;
    let cell = cell.trim_ascii();
    let alike = |letter: u8| {
        let places = BEGINNING.iter().enumerate().zip(cell);
        let same = places.filter(|((at, expected), byte)| match at {
            5 => **byte == letter,
            _ => byte == expected,
        });
        same.count() >= SAME
    };
    if alike(b'e') || alike(b'd') {
        return true;
    }
    let before = cell.iter().rposition(|byte| !is_letter(byte));
    let run = cell.len() - before.map_or(0, |at| at + 1);
    let start = cell.get(..NEAR.min(cell.len())).unwrap_or_default();
    let has = |part: &&[u8]| start.windows(part.len()).any(|window| window == *part);
    run >= LEAST
        && (PIECES.iter().any(has) || has(&&b"crm"[..]) && [&b".e."[..], b".d."].iter().any(has))
}

/// Whether a byte is one of base64url.
fn is_letter(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
