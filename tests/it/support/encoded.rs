//! The encodings done a second time, plainly: what an input is as a text, and where it is none.

use crm_anon::inside::Encoding;

/// An input as a text whose delimiters, quotes and line ends are single bytes.
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    /// The offset of the first byte of the input, its mark aside, that is no text.
    pub(super) broken: Option<u64>,
    pub(super) was_utf16: bool,
    /// What its bytes stand for, if each of them is a character.
    single: Option<Encoding>,
}

impl Text {
    pub(super) fn of(bytes: &[u8], said: Option<Encoding>) -> Self {
        let marks: [(Encoding, &[u8]); 3] = [
            (Encoding::Utf8, b"\xEF\xBB\xBF"),
            (Encoding::Utf16Le, b"\xFF\xFE"),
            (Encoding::Utf16Be, b"\xFE\xFF"),
        ];
        let marked = marks.into_iter().find(|(encoding, mark)| {
            bytes.starts_with(mark) && said.is_none_or(|s| s == *encoding)
        });
        let bytes = &bytes[marked.map_or(0, |(_, mark)| mark.len())..];
        let encoding = said.or(marked.map(|(encoding, _)| encoding));
        let shown = || match is_utf8_by_first_character(bytes) {
            true => Encoding::Utf8,
            false => Encoding::Windows1252,
        };
        match encoding.unwrap_or_else(shown) {
            Encoding::Utf8 => Self {
                bytes: bytes.to_vec(),
                broken: std::str::from_utf8(bytes)
                    .err()
                    .map(|error| error.valid_up_to() as u64),
                was_utf16: false,
                single: None,
            },
            encoding @ (Encoding::Utf16Le | Encoding::Utf16Be) => {
                Self::of_utf16(bytes, encoding == Encoding::Utf16Be)
            }
            single => Self {
                bytes: bytes.to_vec(),
                broken: bytes
                    .iter()
                    .position(|byte| character(single, *byte).is_none())
                    .map(|at| at as u64),
                was_utf16: false,
                single: Some(single),
            },
        }
    }

    fn of_utf16(bytes: &[u8], big_endian: bool) -> Self {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| match big_endian {
                true => u16::from_be_bytes([pair[0], pair[1]]),
                false => u16::from_le_bytes([pair[0], pair[1]]),
            })
            .collect();
        let (mut text, mut units_read) = (String::new(), 0);
        for character in char::decode_utf16(units.iter().copied()) {
            let Ok(character) = character else { break };
            text.push(character);
            units_read += character.len_utf16();
        }
        Self {
            bytes: text.into_bytes(),
            broken: (2 * units_read < bytes.len()).then_some(2 * units_read as u64),
            was_utf16: true,
            single: None,
        }
    }

    /// A piece of the text as UTF-8.
    pub(super) fn decoded(&self, piece: &[u8]) -> Vec<u8> {
        let Some(single) = self.single else {
            return piece.to_vec();
        };
        let characters = piece.iter().filter_map(|byte| character(single, *byte));
        characters.collect::<String>().into_bytes()
    }
}

/// The encodings that an input of which nothing is said may be in: if its first character that is
/// not ASCII is none of UTF-8, any of those with one byte a character.
pub(super) fn possible(bytes: &[u8]) -> Vec<Option<Encoding>> {
    let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
    if marks.iter().any(|mark| bytes.starts_with(mark)) || is_utf8_by_first_character(bytes) {
        return vec![None];
    }
    vec![
        Some(Encoding::Windows1252),
        Some(Encoding::Iso8859_15),
        Some(Encoding::Macintosh),
        Some(Encoding::Cp850),
    ]
}

/// Whether the first character that is not ASCII, if there is one, is one of UTF-8.
fn is_utf8_by_first_character(bytes: &[u8]) -> bool {
    let Some(start) = bytes.iter().position(|byte| *byte >= 0x80) else {
        return true;
    };
    (2..=4).any(|length| {
        bytes
            .get(start..start + length)
            .is_some_and(|bytes| std::str::from_utf8(bytes).is_ok_and(|s| s.chars().count() == 1))
    })
}

/// The character of a byte, if the encoding defines it.
fn character(encoding: Encoding, byte: u8) -> Option<char> {
    // From 0x80 on, a star for what is undefined.
    const WINDOWS: &str = "€*‚ƒ„…†‡ˆ‰Š‹Œ*Ž**‘’“”•–—˜™š›œ*žŸ";
    const MAC: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
    const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
    if byte < 0x80 {
        return Some(char::from(byte));
    }
    let listed = |list: &str| list.chars().nth(usize::from(byte) - 0x80);
    match encoding {
        Encoding::Macintosh => listed(MAC),
        Encoding::Cp850 => listed(DOS),
        Encoding::Iso8859_15 => match byte {
            0x80..0xA0 => None,
            0xA4 => Some('€'),
            0xA6 => Some('Š'),
            0xA8 => Some('š'),
            0xB4 => Some('Ž'),
            0xB8 => Some('ž'),
            0xBC => Some('Œ'),
            0xBD => Some('œ'),
            0xBE => Some('Ÿ'),
            _ => Some(char::from(byte)),
        },
        _ => match byte {
            0x80..0xA0 => listed(WINDOWS).filter(|character| *character != '*'),
            _ => Some(char::from(byte)),
        },
    }
}
