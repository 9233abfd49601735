//! What an input of the fuzz target `reading` means, for the target and for the test that replays
//! the kept corpus.
//!
//! ```text
//!   byte 0     bits 0-1  the delimiter: , ; tab |
//!              bits 2-4  the encoding: 0, 1 recognised · 2 said to be UTF-8 · 3 said to be Windows-1252
//!                        · 4 UTF-16LE · 5 UTF-16BE · 6 recognised · 7 recognised, and so is the delimiter
//!              bit 5     the text is spelled with the letters of ALPHABET
//!              bit 6     there is a limit of the field
//!   byte 1     the batch holds that many bytes, and one more
//!   byte 2     the limit of the field, less the shortest
//!   the rest   the text
//! ```

use crm_anon::inside::{DELIMITERS, Encoding, IoError as Error, Malformed, Options, read_all};

use super::strict::{Expected, check_any};

/// What a text is spelled with: nearly every text of these has some structure.
const ALPHABET: [&[u8]; 20] = [
    b"a",
    b"\"",
    b",",
    b"\n",
    b"\"",
    b";",
    b"\r\n",
    b",",
    b"\"\"",
    b"b",
    b"\t",
    b"\n",
    b"\",\"",
    b"|",
    b"\r",
    b" ",
    "é".as_bytes(),
    b"x y z x y z x y z x y z x y z x y z x y z x",
    b"\x80",
    b"\0",
];

/// The shortest limit of a field. Under a limit shorter than what is scanned at once, the place of
/// a refusal may be that of a later field.
const SHORTEST_LIMIT: usize = 70;

/// The longest text: the memory set aside for a record is always more.
const LONGEST_TEXT: usize = 4096;

/// Reads what `input` says, in batches of two sizes, and compares. Gives the code of the reason, or
/// "accepted", for batches of the size it says; `None` if it is too short to say anything.
///
/// # Errors
/// What the reading should have been.
pub(crate) fn check(input: &[u8]) -> Result<Option<&'static str>, String> {
    let [first, second, third, rest @ ..] = input else {
        return Ok(None);
    };
    let delimiter = DELIMITERS[usize::from(first & 3)];
    let mut text = spelled(rest, first >> 5 & 1 == 1);
    let mode = first >> 2 & 7;
    let encoding = match mode {
        2 => Some(Encoding::Utf8),
        3 => Some(Encoding::Windows1252),
        _ => None,
    };
    if let 4 | 5 = mode {
        let mut marked = vec![];
        for unit in format!("\u{feff}{}", String::from_utf8_lossy(&text)).encode_utf16() {
            marked.extend(match mode {
                4 => unit.to_le_bytes(),
                _ => unit.to_be_bytes(),
            });
        }
        text = marked;
    }
    let max_field = match first >> 6 & 1 {
        1 => SHORTEST_LIMIT + usize::from(*third),
        _ => 1 << 20,
    };
    let delimiters = DELIMITERS.iter();
    let delimiters = delimiters.filter(|candidate| mode == 7 || **candidate == delimiter);
    let candidates: Vec<Expected> = delimiters
        .flat_map(|candidate| match encoding {
            Some(_) => vec![Expected::of(&text, *candidate, encoding, max_field)],
            None => Expected::all(&text, *candidate, max_field),
        })
        .collect();
    let is_clear = candidates.iter().all(Expected::is_clear);
    let read = |batch| {
        let options = Options {
            delimiter: (mode != 7).then_some(delimiter),
            encoding,
            max_field,
            batch,
            ..Options::default()
        };
        let read = read_all(&text, options);
        if let Err(Error::Refused(refusal)) = &read
            && refusal.reason == Malformed::AmbiguousDelimiter
            && mode == 7
        {
            return Ok("ambiguous_delimiter");
        }
        check_any(&candidates, &read).map_err(|why| format!("{why} in batches of {batch}"))
    };
    let answer = read(usize::from(*second) + 1)?;
    let whole = read(LONGEST_TEXT)?;
    // Which reason comes first may differ, whether there is one may not.
    if mode != 7 && is_clear && (answer == "accepted") != (whole == "accepted") {
        return Err(format!("{answer} in small batches, {whole} as a whole"));
    }
    Ok(Some(answer))
}

fn spelled(letters: &[u8], with_alphabet: bool) -> Vec<u8> {
    let mut text = Vec::new();
    for letter in letters {
        match with_alphabet {
            true => text.extend_from_slice(ALPHABET[usize::from(*letter) % ALPHABET.len()]),
            false => text.push(*letter),
        }
    }
    text.truncate(LONGEST_TEXT / 3);
    text
}
