//! A cell in plain characters: ASCII in lower case, so that a town, a blank, a digit and a word are
//! told without tables. The query does the same with `translate` and a few classes.

use unicode_normalization::char::decompose_canonical;

use super::glance::plain_letter;

/// The letters that keep their base letter end here; those behind become `x`.
pub(super) const LAST_OF_LATIN: char = '\u{24f}';

/// Appends `text` in plain characters. What is not UTF-8 counts as letters.
pub(super) fn write(text: &[u8], plain: &mut Vec<u8>) {
    let mut rest = text;
    loop {
        let ascii = rest.iter().position(|byte| !byte.is_ascii());
        let (ascii, behind) = rest.split_at(ascii.unwrap_or(rest.len()));
        plain.extend(ascii.iter().map(|byte| plain_ascii(*byte)));
        rest = match behind {
            [] => return,
            [0xC3, second, behind @ ..] if let Some(letter) = plain_letter(*second) => {
                plain.push(letter);
                behind
            }
            _ => {
                let others = behind.iter().position(u8::is_ascii);
                let (others, behind) = behind.split_at(others.unwrap_or(behind.len()));
                write_others(others, plain);
                behind
            }
        }
    }
}

/// The same for what is not ASCII.
fn write_others(text: &[u8], plain: &mut Vec<u8>) {
    for chunk in text.utf8_chunks() {
        plain.extend(chunk.valid().chars().filter_map(plain_character));
        if !chunk.invalid().is_empty() {
            plain.push(b'x');
        }
    }
}

fn plain_ascii(ascii: u8) -> u8 {
    match ascii {
        // The query marks codes with it.
        b'@' => b'/',
        ascii => ascii.to_ascii_lowercase(),
    }
}

/// What stands for a character; nothing for a combining mark.
pub(super) fn plain_character(c: char) -> Option<u8> {
    if let Ok(ascii) = u8::try_from(c)
        && ascii.is_ascii()
    {
        return Some(plain_ascii(ascii));
    }
    Some(match c {
        '\u{300}'..='\u{36f}' => return None,
        '\u{ff10}'..='\u{ff19}' => b'0' + (u32::from(c) - 0xff10) as u8,
        '°' | 'º' => b'*',
        '№' => b'#',
        '‘' | '’' | 'ʼ' => b'\'',
        '\u{2010}'..='\u{2015}' => b'-',
        _ if c.is_whitespace() => b' ',
        _ if c.is_alphabetic() => base_letter(c),
        _ if c.is_numeric() => b'_',
        _ => b'/',
    })
}

/// The letter below the accents: `e` of `É`.
fn base_letter(c: char) -> u8 {
    let mut base = 'x';
    if c <= LAST_OF_LATIN {
        let mut first = true;
        decompose_canonical(c, |part| {
            if first && part.is_ascii_alphabetic() {
                base = part.to_ascii_lowercase();
            }
            first = false;
        });
    }
    u8::try_from(base).unwrap_or(b'x')
}
