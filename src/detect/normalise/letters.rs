//! Characters that are, or look like, those of ASCII.

/// Whether nothing is seen of a character: default ignorable code points (Unicode, DerivedCoreProperties),
/// marks of direction, variation selectors, and the square of keycaps.
pub(super) fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{20E3}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Zero in each alphabet that has decimal digits of its own, which follow it (Unicode, general
/// category Nd). Those that are wide or of a mathematical script are composed to ASCII.
const ZEROS: [u32; 37] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    0x104A0, 0x11066,
];

/// The digit of ASCII that a digit of any alphabet is.
pub(super) fn digit(character: char) -> Option<char> {
    let code = u32::from(character);
    if code < 0x0660 {
        return None;
    }
    if let Some(circled) = code.checked_sub(0x2776).filter(|nth| *nth < 9) {
        return char::from_digit(circled + 1, 10);
    }
    let digits = ZEROS.iter().filter_map(|zero| code.checked_sub(*zero));
    let mut digits = digits.filter(|digit| *digit < 10);
    digits.next().and_then(|digit| char::from_digit(digit, 10))
}

/// The sign of ASCII that a sign is: dashes, slashes, dots.
pub(super) fn plain(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{2D7}'
        | '\u{58A}'
        | '\u{1806}' => '-',
        '\u{2044}' | '\u{2215}' | '\u{29F8}' => '/',
        '\u{2024}' | '\u{3002}' | '\u{FF61}' => '.',
        '\u{2236}' | '\u{A789}' => ':',
        '\u{FF20}' | '\u{FE6B}' => '@',
        '\u{2795}' => '+',
        other => other,
    }
}

/// The letters of ASCII that letters of other alphabets look like: Greek, Cyrillic, Armenian, and
/// Latin ones that are not composed to them (after Unicode Technical Standard 39, confusables).
const LETTERS: &[(char, &str)] = &[
    ('A', "ΑАᎪ"),
    ('B', "ΒВᏴ"),
    ('C', "СϹᏟ"),
    ('D', "Ꭰ"),
    ('E', "ΕЕЁᎬ"),
    ('F', "Ϝ"),
    ('G', "Ԍ"),
    ('H', "ΗНᎻ"),
    ('I', "ΙІЇӀ"),
    ('J', "ЈᎫ"),
    ('K', "ΚКᏦ"),
    ('L', "Ꮮ"),
    ('M', "ΜМᎷ"),
    ('N', "Ν"),
    ('O', "ΟОՕ"),
    ('P', "ΡРᏢ"),
    ('Q', "Ԛ"),
    ('S', "ЅՏᏚ"),
    ('T', "ΤТᎢ"),
    ('V', "ѴᏙ"),
    ('W', "ԜᎳ"),
    ('X', "ΧХ"),
    ('Y', "ΥУҮ"),
    ('Z', "ΖᏃ"),
    ('a', "αаɑᴀ"),
    ('b', "βвЬьʙ"),
    ('c', "сϲᴄ"),
    ('d', "ԁᴅ"),
    ('e', "εеёᴇҽ"),
    ('f', "ꜰ"),
    ('g', "ɡցɢ"),
    ('h', "һհнʜ"),
    ('i', "ιіїıɪ"),
    ('j', "јϳᴊ"),
    ('k', "κкᴋ"),
    ('l', "ӏʟ"),
    ('m', "мᴍ"),
    ('n', "ηոɴп"),
    ('o', "οоօᴏσ"),
    ('p', "ρрᴘ"),
    ('q', "ԛ"),
    ('r', "гʀ"),
    ('s', "ѕꜱ"),
    ('t', "τтᴛ"),
    ('u', "υսᴜμ"),
    ('v', "νѵᴠ"),
    ('w', "ωԝᴡ"),
    ('x', "χх"),
    ('y', "γуʏү"),
    ('z', "ᴢ"),
];

/// The letter of ASCII that a letter of another alphabet looks like.
pub(super) fn latin(character: char) -> Option<char> {
    if u32::from(character) < 0x131 {
        return None;
    }
    let known = LETTERS
        .iter()
        .find(|(_, others)| others.contains(character));
    known.map(|(letter, _)| *letter)
}

/// Whether a letter looks Latin only in passing: enough where others are Latin, but not in a word of
/// such letters alone.
pub(super) fn is_roughly_latin(character: char) -> bool {
    "вЬьнпгмтк\u{3b1}βγεηκμνστυω".contains(character)
}
