//! UTF-16 on its way to UTF-8.

use std::io::{self, Read};

use super::encoding::Encoding;

/// The error that [`Utf16`] gives for units that are no text.
#[derive(Debug, thiserror::Error)]
#[error("{}", fixed!("not valid UTF-16"))]
pub(super) struct BadUnit {
    /// Where, in bytes of the UTF-16 text.
    pub(super) offset: u64,
}

/// Reads UTF-16 as UTF-8. A lone surrogate or half a unit at the end is an error of kind
/// `InvalidData` that holds a [`BadUnit`], after everything before it was given.
pub(super) struct Utf16<R> {
    inner: R,
    big_endian: bool,
    raw: Vec<u8>,
    text: String,
    given: usize,
    /// The bytes of UTF-16 that have become text.
    decoded: u64,
    bad: bool,
    end: bool,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            big_endian: encoding == Encoding::Utf16Be,
            raw: Vec::new(),
            text: String::new(),
            given: 0,
            decoded: 0,
            bad: false,
            end: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        const PIECE: usize = 64 * 1024;
        self.text.clear();
        self.given = 0;
        let held = self.raw.len();
        self.raw.resize(held + PIECE, 0);
        let read = self
            .inner
            .read(self.raw.get_mut(held..).unwrap_or_default())?;
        self.raw.truncate(held + read);
        self.end = read == 0;
        let mut whole = self.raw.len() / 2 * 2;
        if !self.end && self.ends_in_high_surrogate(whole) {
            whole -= 2;
        }
        let (units, _) = self.raw.get(..whole).unwrap_or_default().as_chunks::<2>();
        let big_endian = self.big_endian;
        let units = units.iter().map(|pair| match big_endian {
            true => u16::from_be_bytes(*pair),
            false => u16::from_le_bytes(*pair),
        });
        for character in char::decode_utf16(units) {
            match character {
                Ok(character) => {
                    self.text.push(character);
                    self.decoded += 2 * character.len_utf16() as u64;
                }
                Err(_) => {
                    self.bad = true;
                    break;
                }
            }
        }
        self.raw.drain(..whole);
        self.bad |= self.end && !self.raw.is_empty();
        Ok(())
    }

    fn ends_in_high_surrogate(&self, whole: usize) -> bool {
        match self.raw.get(..whole).and_then(|raw| raw.last_chunk::<2>()) {
            Some(&[first, second]) => {
                matches!(if self.big_endian { first } else { second }, 0xD8..=0xDB)
            }
            None => false,
        }
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = self.text.as_bytes().get(self.given..).unwrap_or_default();
            if !ready.is_empty() {
                let mut ready = ready;
                let count = ready.read(buffer)?;
                self.given += count;
                return Ok(count);
            }
            if self.bad {
                let offset = self.decoded;
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    BadUnit { offset },
                ));
            }
            if self.end {
                return Ok(0);
            }
            self.refill()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::csv::testing::Trickle;

    #[test]
    fn utf16_is_read_whatever_the_pieces() {
        let text = "nom;é€😀\r\n";
        for big_endian in [false, true] {
            let (encoding, bytes): (_, Vec<u8>) = if big_endian {
                (
                    Encoding::Utf16Be,
                    text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                )
            } else {
                (
                    Encoding::Utf16Le,
                    text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                )
            };
            for step in 1..=bytes.len() {
                let mut read = String::new();
                Utf16::new(Trickle(&bytes, step), encoding)
                    .read_to_string(&mut read)
                    .unwrap();
                assert_eq!(read, text, "pieces of {step}");
            }
        }
    }

    #[test]
    fn broken_utf16_is_an_error_behind_what_is_right() {
        for (case, bytes) in [
            ("half a unit", &b"a\0b\0c"[..]),
            ("high surrogate alone", b"a\0b\0\x3d\xd8c\0"),
            ("low surrogate alone", b"a\0b\0\x00\xde"),
            ("high surrogate at the end", b"a\0b\0\x3d\xd8"),
        ] {
            let mut read = Vec::new();
            let mut reader = Utf16::new(bytes, Encoding::Utf16Le);
            let error = reader.read_to_end(&mut read).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{case}");
            assert_eq!(read, b"ab", "{case}");
        }
    }
}
