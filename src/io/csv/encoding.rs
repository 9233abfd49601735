//! The encodings an export comes in, and their way to UTF-8.
//!
//! UTF-8 and Windows-1252 leave ASCII alone, so their structure is read as it stands and only the
//! cells that leave are decoded. UTF-16 is turned into UTF-8 on its way in, by [`Utf16`].

use std::array;
use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;
use std::sync::LazyLock;

/// A character encoding of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, what Excel calls ANSI in western Europe.
    Windows1252,
}

impl Encoding {
    /// The encoding that a byte order mark announces, and the mark's length.
    pub(super) fn of_mark(start: &[u8]) -> Option<(Self, usize)> {
        match start {
            [0xEF, 0xBB, 0xBF, ..] => Some((Self::Utf8, 3)),
            [0xFF, 0xFE, ..] => Some((Self::Utf16Le, 2)),
            [0xFE, 0xFF, ..] => Some((Self::Utf16Be, 2)),
            _ => None,
        }
    }

    /// The encoding of a text that so far was ASCII and goes on with the bytes of `text`: the
    /// first character that is not ASCII decides. `None` as long as there is none.
    pub(super) fn decide(text: &[u8]) -> Option<Self> {
        let start = text.iter().position(|byte| !byte.is_ascii())?;
        let character = text.get(start..).unwrap_or_default();
        let character = character.get(..4).unwrap_or(character);
        let valid = match std::str::from_utf8(character) {
            Ok(_) => true,
            Err(error) => error.valid_up_to() > 0,
        };
        Some(if valid { Self::Utf8 } else { Self::Windows1252 })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
        })
    }
}

impl FromStr for Encoding {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "utf-16le" | "utf16le" => Ok(Self::Utf16Le),
            "utf-16be" | "utf16be" => Ok(Self::Utf16Be),
            "windows-1252" | "windows1252" | "cp1252" | "ansi" => Ok(Self::Windows1252),
            _ => Err("expected utf-8, utf-16le, utf-16be or windows-1252"),
        }
    }
}

/// The bytes that Windows-1252 leaves undefined.
pub(super) const UNDEFINED_1252: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// What Windows-1252 puts at 0x80 to 0x9F, from
/// <https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT>; the undefined
/// bytes are refused before they come here.
const HIGH_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// A character in UTF-8: its bytes, and how many of them count.
#[derive(Clone, Copy)]
struct Encoded {
    bytes: [u8; 4],
    length: u8,
}

/// Every byte of Windows-1252 in UTF-8.
static DECODED_1252: LazyLock<[Encoded; 256]> = LazyLock::new(|| {
    array::from_fn(|byte| {
        let high = byte.checked_sub(0x80).and_then(|high| HIGH_1252.get(high));
        let character = high.copied().unwrap_or(char::from(byte as u8));
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len() as u8;
        Encoded { bytes, length }
    })
});

/// Appends Windows-1252 `bytes` to `out` as UTF-8.
pub(super) fn decode_1252(bytes: &[u8], out: &mut Vec<u8>) {
    let decoded: &[Encoded; 256] = &DECODED_1252;
    out.reserve(3 * bytes.len() + 8);
    let mut rest = bytes;
    // Most text is ASCII: eight bytes at a time are copied, up to the first that is not.
    while let Some(eight) = rest.first_chunk::<8>() {
        let high = u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
        let ascii = high.trailing_zeros() as usize / 8;
        push_first(eight, ascii, out);
        rest = rest.get(ascii..).unwrap_or_default();
        if high != 0
            && let Some((&byte, behind)) = rest.split_first()
        {
            push_decoded(decoded, byte, out);
            rest = behind;
        }
    }
    for &byte in rest {
        push_decoded(decoded, byte, out);
    }
}

#[inline]
fn push_decoded(decoded: &[Encoded; 256], byte: u8, out: &mut Vec<u8>) {
    if let Some(character) = decoded.get(usize::from(byte)) {
        push_first(&character.bytes, usize::from(character.length), out);
    }
}

/// Appends the first `length` bytes of `bytes`: all are copied and those too many cut off, as a
/// copy of constant length needs no call.
#[inline]
fn push_first<const N: usize>(bytes: &[u8; N], length: usize, out: &mut Vec<u8>) {
    let until = out.len().wrapping_add(length);
    out.extend_from_slice(bytes);
    out.truncate(until);
}

/// The error that [`Utf16`] gives for units that are no text.
#[derive(Debug, thiserror::Error)]
#[error("not valid UTF-16")]
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

    #[test]
    fn the_first_character_that_is_not_ascii_decides() {
        for (case, text, expected) in [
            ("ascii", &b"abc"[..], None),
            ("two bytes", "aé".as_bytes(), Some(Encoding::Utf8)),
            ("four bytes", "a😀b".as_bytes(), Some(Encoding::Utf8)),
            (
                "accent, then ascii",
                b"m\xe9tier",
                Some(Encoding::Windows1252),
            ),
            (
                "euro sign at the end",
                b"50 \x80",
                Some(Encoding::Windows1252),
            ),
            (
                "first valid, later not",
                b"\xc3\xa9, \xe9",
                Some(Encoding::Utf8),
            ),
        ] {
            assert_eq!(Encoding::decide(text), expected, "{case}");
        }
    }

    #[test]
    fn windows_1252_becomes_utf8() {
        let mut out = Vec::new();
        decode_1252(b"45\xa0000 \x80 \x8cuvre \xc9t\xe9 \xff", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "45\u{a0}000 € Œuvre Été ÿ");
    }

    #[test]
    fn windows_1252_is_decoded_wherever_a_character_stands() {
        let decoded = |byte: u8| match byte {
            0xE9 => 'é',
            0x80 => '€',
            byte => char::from(byte),
        };
        for length in 0..=20 {
            for (first, second) in (0..length).flat_map(|a| (0..length).map(move |b| (a, b))) {
                let mut text = b"abcdefghijklmnopqrst"[..length].to_vec();
                text[first] = 0x80;
                text[second] = 0xE9;
                let mut out = b"x".to_vec();
                decode_1252(&text, &mut out);
                let expected: String = text.iter().map(|&byte| decoded(byte)).collect();
                assert_eq!(String::from_utf8(out).unwrap(), format!("x{expected}"));
            }
        }
    }

    /// Gives its bytes a few at a time, so that units and pairs are cut anywhere.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let step = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(step);
            buffer[..step].copy_from_slice(now);
            self.0 = later;
            Ok(step)
        }
    }

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
