//! The encodings an export comes in.
//!
//! UTF-8 and the encodings of one byte a character leave ASCII alone, so their structure is read
//! as it stands and only the cells that leave are decoded. UTF-16 is turned into UTF-8 on its way
//! in, by [`super::utf16::Utf16`].

use crate::base::lang::Fixed;
use std::fmt;
use std::str::FromStr;

use super::evidence;

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
    /// ISO-8859-15, Latin-9: what western European Unix systems wrote before UTF-8.
    Iso8859_15,
    /// MacRoman, what Excel for Mac writes as CSV (Macintosh).
    Macintosh,
    /// DOS code page 850, what old accounting software writes.
    Cp850,
}

/// The encodings of one byte a character, the most usual first.
pub(super) const SINGLE_BYTE: [Encoding; 4] = [
    Encoding::Windows1252,
    Encoding::Iso8859_15,
    Encoding::Macintosh,
    Encoding::Cp850,
];

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
    /// first character that is not ASCII tells UTF-8 from the encodings of one byte a character,
    /// and those are told apart by what they make of the letters; Windows-1252 in doubt, which
    /// [`super::Batch::check`] then refuses where it does not fit. `None` as long as all is ASCII,
    /// and where the first other character is cut off by the end of `text`.
    pub(super) fn decide(text: &[u8]) -> Option<Self> {
        let start = text.iter().position(|byte| !byte.is_ascii())?;
        let character = text.get(start..).unwrap_or_default();
        let character = character.get(..4).unwrap_or(character);
        match std::str::from_utf8(character) {
            Ok(_) => Some(Self::Utf8),
            Err(error) if error.valid_up_to() > 0 => Some(Self::Utf8),
            Err(error) if error.error_len().is_none() => None,
            Err(_) => Some(evidence::decide(text).unwrap_or(Self::Windows1252)),
        }
    }

    /// Whether each of its characters is one byte, so that what is not ASCII has to be decoded.
    pub fn is_single_byte(self) -> bool {
        SINGLE_BYTE.contains(&self)
    }

    /// The name that `--encoding` takes.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
            Self::Iso8859_15 => "iso-8859-15",
            Self::Macintosh => "macintosh",
            Self::Cp850 => "cp850",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
            Self::Iso8859_15 => "ISO-8859-15",
            Self::Macintosh => "MacRoman",
            Self::Cp850 => "CP850",
        })
    }
}

impl FromStr for Encoding {
    type Err = Fixed;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().replace('_', "-").as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "utf-16le" | "utf16le" => Ok(Self::Utf16Le),
            "utf-16be" | "utf16be" => Ok(Self::Utf16Be),
            "windows-1252" | "windows1252" | "cp1252" | "ansi" | "iso-8859-1" | "latin1"
            | "latin-1" => Ok(Self::Windows1252),
            "iso-8859-15" | "iso8859-15" | "latin9" | "latin-9" => Ok(Self::Iso8859_15),
            "macintosh" | "macroman" | "mac-roman" | "mac" => Ok(Self::Macintosh),
            "cp850" | "cp-850" | "ibm850" | "850" | "dos" => Ok(Self::Cp850),
            _ => Err(fixed!(
                "expected utf-8, utf-16le, utf-16be, windows-1252, iso-8859-15, macintosh or cp850"
            )),
        }
    }
}

/// Some of the encodings of one byte a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Encodings([bool; SINGLE_BYTE.len()]);

impl Encodings {
    pub(super) fn of(is_in: impl Fn(Encoding) -> bool) -> Self {
        Self(SINGLE_BYTE.map(is_in))
    }

    /// Its encodings, the most usual first.
    pub fn iter(self) -> impl Iterator<Item = Encoding> {
        let all = SINGLE_BYTE.into_iter().zip(self.0);
        all.filter_map(|(encoding, is_in)| is_in.then_some(encoding))
    }
}

/// As `--encoding` takes them: `macintosh or cp850`.
impl fmt::Display for Encodings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Encoding::option).collect();
        f.write_str(&names.join(fixed!(" or ").get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_character_that_is_not_ascii_decides() {
        for (case, text, expected) in cases![
            "ascii", &b"abc"[..], None;
            "two bytes", "aé".as_bytes(), Some(Encoding::Utf8);
            "four bytes", "a😀b".as_bytes(), Some(Encoding::Utf8);
            "a character that is cut off", b"a\xc3", None;
            "accent, then ascii", b"m\xe9tier", Some(Encoding::Windows1252);
            "euro sign at the end", b"50 \x80", Some(Encoding::Windows1252);
            "first valid, later not", b"\xc3\xa9, \xe9", Some(Encoding::Utf8);
            "MacRoman", b"m\x8etier", Some(Encoding::Macintosh);
            "DOS", b"m\x82tier", Some(Encoding::Cp850);
            "Latin-9", b"\xbduvre, 5 \xa4", Some(Encoding::Iso8859_15);
        ] {
            assert_eq!(Encoding::decide(text), expected, "{case}");
        }
    }

    #[test]
    fn every_encoding_is_known_by_the_name_that_messages_give() {
        let all = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
        for encoding in all.into_iter().chain(SINGLE_BYTE) {
            assert_eq!(encoding.option().parse(), Ok(encoding));
            assert_eq!(encoding.to_string().parse(), Ok(encoding));
        }
        assert!("utf-7".parse::<Encoding>().is_err());
        let some = Encodings::of(|encoding| encoding != Encoding::Windows1252);
        assert_eq!(some.to_string(), "iso-8859-15 or macintosh or cp850");
    }
}
