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
        let special = |byte: &u8| matches!(byte, b'"' | b'\n' | b'\r') || *byte == self.delimiter;
        content.iter().any(special)
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

/// Appends a whole number in decimal.
#[inline]
pub(crate) fn write_number(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut rest = number;
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(
        digits
            .last_chunk::<20>()
            .and_then(|all| all.get(20 - used..))
            .unwrap_or_default(),
    );
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
    fn numbers_are_written_in_decimal() {
        for number in [0, 7, 10, 99, 100, 281_474_976_710_655, u64::MAX] {
            let mut out = Vec::new();
            write_number(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
