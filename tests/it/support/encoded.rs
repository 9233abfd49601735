//! The encodings done a second time, plainly: what an input is as a text, and where it is none.

use crm_anon::io::csv::Encoding;

/// An input as a text whose delimiters, quotes and line ends are single bytes.
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    /// The offset of the first byte of the input, its mark aside, that is no text.
    pub(super) broken: Option<u64>,
    pub(super) was_utf16: bool,
    is_1252: bool,
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
        match encoding.unwrap_or_else(|| shown_by_first_character(bytes)) {
            Encoding::Utf8 => Self {
                bytes: bytes.to_vec(),
                broken: std::str::from_utf8(bytes)
                    .err()
                    .map(|error| error.valid_up_to() as u64),
                was_utf16: false,
                is_1252: false,
            },
            Encoding::Windows1252 => Self {
                bytes: bytes.to_vec(),
                broken: bytes
                    .iter()
                    .position(|byte| character_of_1252(*byte).is_none())
                    .map(|at| at as u64),
                was_utf16: false,
                is_1252: true,
            },
            encoding => Self::of_utf16(bytes, encoding == Encoding::Utf16Be),
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
            is_1252: false,
        }
    }

    /// A piece of the text as UTF-8.
    pub(super) fn decoded(&self, piece: &[u8]) -> Vec<u8> {
        if !self.is_1252 {
            return piece.to_vec();
        }
        let characters = piece.iter().filter_map(|byte| character_of_1252(*byte));
        characters.collect::<String>().into_bytes()
    }
}

/// UTF-8 if the first character that is not ASCII is one, else Windows-1252.
fn shown_by_first_character(bytes: &[u8]) -> Encoding {
    let Some(start) = bytes.iter().position(|byte| *byte >= 0x80) else {
        return Encoding::Utf8;
    };
    let is_character = (2..=4).any(|length| {
        bytes
            .get(start..start + length)
            .is_some_and(|bytes| std::str::from_utf8(bytes).is_ok_and(|s| s.chars().count() == 1))
    });
    match is_character {
        true => Encoding::Utf8,
        false => Encoding::Windows1252,
    }
}

/// The character of a byte, if Windows-1252 defines it.
fn character_of_1252(byte: u8) -> Option<char> {
    // 0x80 to 0x9F, a star for what is undefined.
    const HIGH: &str = "€*‚ƒ„…†‡ˆ‰Š‹Œ*Ž**‘’“”•–—˜™š›œ*žŸ";
    match byte {
        0x80..0xA0 => HIGH
            .chars()
            .nth(usize::from(byte) - 0x80)
            .filter(|character| *character != '*'),
        _ => Some(char::from(byte)),
    }
}
