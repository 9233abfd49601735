//! The encodings of one byte a character: what each byte stands for, and the way to UTF-8.

use std::array;
use std::sync::LazyLock;

use super::encoding::Encoding;

/// What an encoding does not define.
const UNDEFINED: char = '\u{FFFD}';

/// What Windows-1252 puts at 0x80 to 0x9F, from
/// <https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT>; above it is
/// Latin-1.
const WINDOWS_1252: &str = "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ";

/// Where ISO-8859-15 is not Latin-1.
const ISO_8859_15: [(u8, char); 8] = [
    (0xA4, '€'),
    (0xA6, 'Š'),
    (0xA8, 'š'),
    (0xB4, 'Ž'),
    (0xB8, 'ž'),
    (0xBC, 'Œ'),
    (0xBD, 'œ'),
    (0xBE, 'Ÿ'),
];

/// What MacRoman puts at 0x80 to 0xFF, from
/// <https://www.unicode.org/Public/MAPPINGS/VENDORS/APPLE/ROMAN.TXT>.
const MACINTOSH: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø\
    ¿¡¬√ƒ≈∆«»…\u{A0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{F8FF}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// What code page 850 puts at 0x80 to 0xFF, from
/// <https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/CP850.TXT>.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

/// What the bytes of an encoding stand for.
pub(super) struct Table {
    characters: [char; 256],
    encoded: [Encoded; 256],
}

/// A character in UTF-8: its bytes, and how many of them count.
#[derive(Clone, Copy)]
struct Encoded {
    bytes: [u8; 4],
    length: u8,
}

static TABLES: LazyLock<[Table; 4]> = LazyLock::new(|| {
    let latin_9 = |byte: u8| {
        let found = ISO_8859_15.iter().find(|(at, _)| *at == byte);
        match byte {
            0x80..=0x9F => UNDEFINED,
            _ => found.map_or(char::from(byte), |(_, character)| *character),
        }
    };
    [
        Table::new(|byte| match byte {
            0x80..=0x9F => from(WINDOWS_1252, byte),
            _ => char::from(byte),
        }),
        Table::new(latin_9),
        Table::new(|byte| from(MACINTOSH, byte)),
        Table::new(|byte| from(CP850, byte)),
    ]
});

/// The character of a byte from 0x80 on, in a list of them.
fn from(high: &str, byte: u8) -> char {
    let at = usize::from(byte).wrapping_sub(0x80);
    high.chars().nth(at).unwrap_or(UNDEFINED)
}

impl Table {
    /// The table of an encoding; Windows-1252's if it has none.
    pub(super) fn of(encoding: Encoding) -> &'static Self {
        let [windows, latin_9, macintosh, dos] = &*TABLES;
        match encoding {
            Encoding::Iso8859_15 => latin_9,
            Encoding::Macintosh => macintosh,
            Encoding::Cp850 => dos,
            _ => windows,
        }
    }

    fn new(high: impl Fn(u8) -> char) -> Self {
        let characters = array::from_fn(|byte| match byte as u8 {
            byte @ 0..=0x7F => char::from(byte),
            byte => high(byte),
        });
        let encoded = characters.map(|character| {
            let mut bytes = [0; 4];
            let length = character.encode_utf8(&mut bytes).len() as u8;
            Encoded { bytes, length }
        });
        Self {
            characters,
            encoded,
        }
    }

    /// What a byte stands for, if the encoding defines it.
    pub(super) fn character(&self, byte: u8) -> Option<char> {
        let character = self.characters.get(usize::from(byte)).copied();
        character.filter(|character| *character != UNDEFINED)
    }

    /// Appends `bytes` to `out` as UTF-8.
    pub(super) fn decode(&self, bytes: &[u8], out: &mut Vec<u8>) {
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
                self.push(byte, out);
                rest = behind;
            }
        }
        for &byte in rest {
            self.push(byte, out);
        }
    }

    /// Appends what a byte stands for.
    #[inline]
    pub(super) fn push(&self, byte: u8, out: &mut Vec<u8>) {
        if let Some(character) = self.encoded.get(usize::from(byte)) {
            push_first(&character.bytes, usize::from(character.length), out);
        }
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

#[cfg(test)]
mod tests {
    use super::super::encoding::SINGLE_BYTE;
    use super::*;

    fn decoded(encoding: Encoding, bytes: &[u8]) -> String {
        let mut out = b"x".to_vec();
        Table::of(encoding).decode(bytes, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_encoding_becomes_utf8() {
        for (encoding, bytes, expected) in cases![
            Encoding::Windows1252, &b"45\xa0000 \x80 \x8cuvre \xc9t\xe9 \xff"[..], "x45\u{a0}000 € Œuvre Été ÿ";
            Encoding::Iso8859_15, b"45\xa0000 \xa4 \xbcuvre c\xbdur \xc9t\xe9 \xbe", "x45\u{a0}000 € Œuvre cœur Été Ÿ";
            Encoding::Macintosh,
            b"45\xca000 \xdb \xceuvre c\xcfur \x83t\x8e N\xa1 l\xd5\x8ft\x8e",
            "x45\u{a0}000 € Œuvre cœur Été N° l’èté";
            Encoding::Cp850,
            b"45\xff000 \x90t\x82 \x85 No\x89l ch\x88ne N\xf8 \x80a",
            "x45\u{a0}000 Été à Noël chêne N° Ça";
        ] {
            assert_eq!(decoded(encoding, bytes), expected, "{encoding}");
        }
    }

    #[test]
    fn every_encoding_defines_a_character_once() {
        for (encoding, undefined) in SINGLE_BYTE.into_iter().zip([5, 32, 0, 0]) {
            let table = Table::of(encoding);
            let mut all: Vec<char> = (0..=255).filter_map(|b| table.character(b)).collect();
            assert_eq!(all.len(), 256 - undefined, "{encoding}");
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 256 - undefined, "{encoding}");
        }
    }

    #[test]
    fn what_is_not_ascii_is_decoded_wherever_it_stands() {
        let expected = |byte: u8| match byte {
            0xE9 => 'é',
            0x80 => '€',
            byte => char::from(byte),
        };
        for length in 0..=20 {
            for (first, second) in (0..length).flat_map(|a| (0..length).map(move |b| (a, b))) {
                let mut text = b"abcdefghijklmnopqrst"[..length].to_vec();
                text[first] = 0x80;
                text[second] = 0xE9;
                let expected: String = text.iter().map(|&byte| expected(byte)).collect();
                assert_eq!(
                    decoded(Encoding::Windows1252, &text),
                    format!("x{expected}")
                );
            }
        }
    }
}
