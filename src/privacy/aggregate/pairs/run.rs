//! Pairs that were put aside: each worker's parts one behind the other, sorted, in a file.

use std::io::{self, Read, Write};
use std::ops::Range;
use std::sync::Arc;

use super::part::{Pair, Part};
use crate::privacy::aggregate::aside::Written;
use crate::privacy::aggregate::cell::Share;

/// So many bytes of a run are in memory at once.
pub(super) const AHEAD: usize = 4 << 10;

/// The most bytes of a number.
const NUMBER: usize = 19;

/// Writes a settled part; gives the number of its bytes.
pub(super) fn write(part: &Part, amounts: usize, to: &mut dyn Write) -> io::Result<u64> {
    let (mut bytes, mut text) = (0, Vec::with_capacity(2 * AHEAD));
    for at in 0..part.len() {
        if let Some((pair, shares)) = part.get(at, amounts) {
            text.extend_from_slice(&pair.person.to_le_bytes());
            write_number(pair.cell.into(), &mut text);
            write_number(pair.rows.into(), &mut text);
            for share in shares {
                write_number(share.values.into(), &mut text);
                // The sign is the last bit, so that few digits are few bytes.
                let sum = share.sum.cast_unsigned() << 1 ^ (share.sum >> 127).cast_unsigned();
                write_number(sum, &mut text);
            }
        }
        if text.len() >= AHEAD || at + 1 == part.len() {
            to.write_all(&text)?;
            bytes += text.len() as u64;
            text.clear();
        }
    }
    Ok(bytes)
}

/// Seven bits in each byte, the lowest first; the eighth says that more follow.
fn write_number(mut number: u128, text: &mut Vec<u8>) {
    while number >= 0x80 {
        text.push(number as u8 | 0x80);
        number >>= 7;
    }
    text.push(number as u8);
}

fn read_number(text: &mut &[u8]) -> Option<u128> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, rest) = text.split_first()?;
        *text = rest;
        number |= u128::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// A part of a run.
pub(super) struct Segment {
    bytes: Box<dyn Read>,
    /// Bytes that were not read yet.
    rest: u64,
    ahead: Vec<u8>,
    used: usize,
}

impl Segment {
    pub(super) fn new(file: &Arc<dyn Written>, range: &Range<u64>) -> io::Result<Self> {
        Ok(Self {
            bytes: file.from(range.start)?,
            rest: range.end.saturating_sub(range.start),
            ahead: Vec::new(),
            used: 0,
        })
    }

    /// Puts the next pair in the place of what is there; says whether there was one.
    pub(super) fn next(&mut self, pair: &mut Pair, shares: &mut [Share]) -> io::Result<bool> {
        let most = size_of::<u64>() + NUMBER * (2 + 2 * shares.len());
        if self.ahead.len() - self.used < most && self.rest > 0 {
            self.read_ahead(most)?;
        }
        let mut text = self.ahead.get(self.used..).unwrap_or_default();
        if text.is_empty() {
            return Ok(false);
        }
        let known = read(&mut text, shares);
        self.used = self.ahead.len() - text.len();
        *pair = known.ok_or(io::ErrorKind::InvalidData)?;
        Ok(true)
    }

    fn read_ahead(&mut self, least: usize) -> io::Result<()> {
        self.ahead.drain(..self.used);
        self.used = 0;
        let more = (AHEAD.max(2 * least) as u64).min(self.rest);
        let read = (&mut self.bytes).take(more).read_to_end(&mut self.ahead)? as u64;
        match read == more {
            true => {
                self.rest -= more;
                Ok(())
            }
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// Reads a pair; nothing if it is none.
fn read(text: &mut &[u8], shares: &mut [Share]) -> Option<Pair> {
    let (person, rest) = text.split_first_chunk()?;
    *text = rest;
    let pair = Pair {
        person: u64::from_le_bytes(*person),
        cell: u32::try_from(read_number(text)?).ok()?,
        rows: u32::try_from(read_number(text)?).ok()?,
    };
    for share in shares {
        share.values = u64::try_from(read_number(text)?).ok()?;
        let sum = read_number(text)?;
        share.sum = (sum >> 1).cast_signed() ^ -(sum & 1).cast_signed();
    }
    Some(pair)
}
