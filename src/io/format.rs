//! How cells are written: UTF-8, quoted only where a reader needs it.

use memchr::memchr;

/// How the output is written, beside being UTF-8.
#[derive(Debug, Clone, Copy)]
pub struct OutputFormat {
    /// The delimiter between cells.
    pub delimiter: u8,
    /// Whether lines end with CRLF instead of LF.
    pub crlf: bool,
    /// Whether the file begins with a byte order mark.
    pub mark: bool,
}

impl OutputFormat {
    /// What ends a row.
    pub fn line_end(&self) -> &'static [u8] {
        if self.crlf { b"\r\n" } else { b"\n" }
    }

    /// Whether a cell with this content must be quoted.
    #[inline]
    pub fn needs_quotes(&self, content: &[u8]) -> bool {
        const EACH: u64 = u64::from_le_bytes([1; 8]);
        let specials = [b'"', b'\n', b'\r', self.delimiter];
        let patterns = specials.map(|byte| EACH * u64::from(byte));
        // The high bit of a byte that is special, if there is one; others may have it beside it.
        let special = |word: &[u8; 8]| {
            let word = u64::from_le_bytes(*word);
            patterns.iter().fold(0, |found, pattern| {
                let different = word ^ pattern;
                found | different.wrapping_sub(EACH) & !different
            })
        };
        let (words, _) = content.as_chunks::<8>();
        // What is asked twice does no harm: the last word overlaps the one before.
        let found = match (content.first_chunk::<4>(), content.last_chunk::<4>()) {
            (Some(&[a, b, c, d]), Some(&[e, f, g, h])) => match content.last_chunk::<8>() {
                Some(last) => words
                    .iter()
                    .fold(special(last), |found, word| found | special(word)),
                None => special(&[a, b, c, d, e, f, g, h]),
            },
            _ => return content.iter().any(|byte| specials.contains(byte)),
        };
        found & (EACH << 7) != 0
    }

    /// Quotes the cell that begins at `start` of `out`, if it needs that.
    #[inline]
    pub fn quote_from(&self, start: usize, out: &mut Vec<u8>) {
        if self.needs_quotes(out.get(start..).unwrap_or_default()) {
            quote(start, out);
        }
    }
}

/// Puts quotes around what begins at `start`, and doubles those in it.
#[cold]
fn quote(start: usize, out: &mut Vec<u8>) {
    let content = out.split_off(start);
    out.push(b'"');
    let mut rest = content.as_slice();
    while let Some(at) = memchr(b'"', rest) {
        let (until, behind) = rest.split_at(at + 1);
        out.extend_from_slice(until);
        out.push(b'"');
        rest = behind;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// The text of a cell as it is written: without its quotes, doubled ones undone.
pub(crate) fn unquoted(written: &[u8]) -> Box<[u8]> {
    let inner = written
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    let Some(inner) = inner else {
        return written.into();
    };
    let mut text = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(byte) = bytes.next() {
        text.push(*byte);
        if *byte == b'"' {
            bytes.next();
        }
    }
    text.into_boxed_slice()
}

/// Appends a whole number in decimal.
#[inline(always)]
pub(crate) fn write_number(number: u64, out: &mut Vec<u8>) {
    const EIGHT: u64 = 100_000_000;
    if number >= EIGHT * EIGHT {
        out.extend_from_slice(number.to_string().as_bytes());
        return;
    }
    let (high, low) = (eight_digits(number / EIGHT), eight_digits(number % EIGHT));
    let digits = u128::from(high) | u128::from(low) << 64;
    let zeros = (digits.trailing_zeros() / 8).min(15);
    let text = (digits | u128::from_le_bytes([b'0'; 16])) >> (8 * zeros);
    let until = out.len().wrapping_add(16 - zeros as usize);
    out.extend_from_slice(&text.to_le_bytes());
    out.truncate(until);
}

/// The eight digits of a number below 10^8, one a byte, the first in the lowest: two halves of
/// four, then four pairs, then eight digits, each step for all parts at once by a multiplication
/// that stands for the division.
#[inline(always)]
fn eight_digits(number: u64) -> u64 {
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = (halves.wrapping_mul(10_486) >> 20) & 0x0000_007F_0000_007F;
    let pairs = hundreds | halves.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = (pairs.wrapping_mul(103) >> 10) & 0x000F_000F_000F_000F;
    tens | pairs.wrapping_sub(tens.wrapping_mul(10)) << 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_only_where_a_reader_needs_it() {
        let format = OutputFormat {
            delimiter: b';',
            crlf: false,
            mark: false,
        };
        for (content, expected) in [
            ("", ""),
            ("a,b", "a,b"),
            ("a;b", "\"a;b\""),
            ("12\"", "\"12\"\"\""),
            ("\"", "\"\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("a\rb", "\"a\rb\""),
            (" a ", " a "),
            ("é€", "é€"),
        ] {
            let mut out = b"x;".to_vec();
            out.extend_from_slice(content.as_bytes());
            format.quote_from(2, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("x;{expected}"));
        }
    }

    #[test]
    fn what_needs_quotes_is_seen_wherever_it_stands() {
        let format = OutputFormat {
            delimiter: b';',
            crlf: false,
            mark: false,
        };
        for length in 0..30 {
            for other in [b'a', b'#', b'!', b':', b'\x0B', 0xFF, 0] {
                let mut content = vec![other; length];
                assert!(!format.needs_quotes(&content), "{content:?}");
                for at in 0..length {
                    for byte in 0..=255_u8 {
                        content[at] = byte;
                        let expected = b"\"\n\r;".contains(&byte);
                        assert_eq!(format.needs_quotes(&content), expected, "{content:?}");
                    }
                    content[at] = other;
                }
            }
        }
    }

    #[test]
    fn numbers_are_written_in_decimal() {
        let around = (0..20).map(|power| 10_u64.pow(power));
        let around = around.flat_map(|power| [power - 1, power, power + 1, power / 7]);
        for number in around.chain([12_345_678, 281_474_976_710_655, u64::MAX]) {
            let mut out = Vec::new();
            write_number(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
