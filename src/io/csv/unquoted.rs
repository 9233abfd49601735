//! Text without quoting, as `mysql -B` writes it, on its way to CSV.
//!
//! A quote is a character like others there; a tab, a line feed, a byte 0 and a backslash in a cell are written as
//! `\t`, `\n`, `\0` and `\\`. So a cell with a quote or a lone carriage return is put into quotes here, and `\\`
//! becomes a backslash. A cell with a delimiter or a line end in it is refused: [`Escaped`].

use std::io::{self, Read};

use memchr::{memchr2, memchr3, memrchr2};

use super::scalar::QUOTE;

#[derive(Debug, thiserror::Error)]
#[error("{}", fixed!("a cell holds an escaped delimiter or line end"))]
pub(super) struct Escaped;

/// Reads text without quoting as CSV. What stands before a cell that is refused is given before the error is.
pub(super) struct Unquoted<R> {
    inner: R,
    delimiter: u8,
    /// The longest cell that is held to look for quotes in it; a longer one is refused anyway.
    longest: usize,
    raw: Vec<u8>,
    /// The start of a cell whose end was not read yet.
    held: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    refused: bool,
    end: bool,
}

impl<R: Read> Unquoted<R> {
    pub(super) fn new(inner: R, delimiter: u8, longest: usize) -> Self {
        Self {
            inner,
            delimiter,
            longest,
            raw: Vec::new(),
            held: Vec::new(),
            text: Vec::new(),
            given: 0,
            refused: false,
            end: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        const PIECE: usize = 64 * 1024;
        self.text.clear();
        self.given = 0;
        self.raw.resize(PIECE, 0);
        let read = self.inner.read(&mut self.raw)?;
        self.raw.truncate(read);
        self.end = read == 0;
        let raw = std::mem::take(&mut self.raw);
        // Nearly all pieces are CSV already.
        let is_csv = |text: &[u8]| memchr3(QUOTE, b'\\', b'\r', text).is_none();
        match is_csv(&self.held) && is_csv(&raw) {
            true => self.pass(&raw),
            false => self.take(&raw),
        }
        if self.end || self.held.len() > self.longest {
            self.cell(b"", None);
        }
        self.raw = raw;
        Ok(())
    }

    /// Gives the cells of a piece as they are, and holds the last one back if it does not end: what follows may
    /// be a quote.
    fn pass(&mut self, raw: &[u8]) {
        let whole = memrchr2(self.delimiter, b'\n', raw).map_or(0, |last| last + 1);
        let (whole, rest) = raw.split_at_checked(whole).unwrap_or((raw, &[]));
        if !whole.is_empty() {
            self.text.append(&mut self.held);
            self.text.extend_from_slice(whole);
        }
        self.held.extend_from_slice(rest);
    }

    /// Takes the cells of a piece, and holds the last one back if it does not end.
    fn take(&mut self, raw: &[u8]) {
        let mut rest = raw;
        while let Some(at) = memchr2(self.delimiter, b'\n', rest)
            && !self.refused
        {
            let (cell, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            let (end, behind) = behind
                .split_first()
                .map_or((None, &[][..]), |(end, rest)| (Some(*end), rest));
            self.cell(cell, end);
            rest = behind;
        }
        if !self.refused {
            self.held.extend_from_slice(rest);
        }
    }

    /// Writes a cell, of which a part may be held, and what ends it.
    fn cell(&mut self, rest: &[u8], end: Option<u8>) {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(rest);
        // A carriage return belongs to the line end behind it.
        let (cell, line_end) = match held.as_slice() {
            [cell @ .., b'\r'] if end != Some(self.delimiter) => (cell, &b"\r"[..]),
            cell => (cell, &b""[..]),
        };
        match unescaped(cell) {
            None => self.refused = true,
            Some(cell) => {
                write(&cell, &mut self.text);
                self.text.extend_from_slice(line_end);
                self.text.extend(end);
            }
        }
    }
}

/// A cell with its backslashes; nothing if a delimiter, a line end or a byte 0 is in it.
fn unescaped(cell: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(cell.len());
    let mut rest = cell;
    while let Some((byte, behind)) = rest.split_first() {
        rest = match (byte, behind) {
            (b'\\', [b't' | b'n' | b'0', ..]) => return None,
            (b'\\', [b'\\', behind @ ..]) => behind,
            _ => behind,
        };
        text.push(*byte);
    }
    Some(text)
}

/// Writes a cell as CSV.
fn write(cell: &[u8], out: &mut Vec<u8>) {
    if !cell.iter().any(|byte| matches!(byte, b'"' | b'\r')) {
        return out.extend_from_slice(cell);
    }
    out.push(QUOTE);
    for byte in cell {
        out.push(*byte);
        out.extend((*byte == QUOTE).then_some(QUOTE));
    }
    out.push(QUOTE);
}

impl<R: Read> Read for Unquoted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.text.get(self.given..).unwrap_or_default();
            if !ready.is_empty() {
                let count = ready.read(buffer)?;
                self.given += count;
                return Ok(count);
            }
            if self.refused {
                return Err(io::Error::new(io::ErrorKind::InvalidData, Escaped));
            }
            if self.end || buffer.is_empty() {
                return Ok(0);
            }
            self.refill()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives so many bytes at a time.
    struct Slowly<'a>(&'a [u8], usize);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn read(text: &[u8], piece: usize) -> io::Result<Vec<u8>> {
        let mut read = Vec::new();
        let done = Unquoted::new(Slowly(text, piece), b'\t', 1 << 20).read_to_end(&mut read);
        done.map(|_| read)
    }

    #[test]
    fn cells_become_csv() {
        for (text, expected) in [
            ("", ""),
            ("a\tb\n1\t2\n", "a\tb\n1\t2\n"),
            ("a\n\"x\n", "a\n\"\"\"x\"\n"),
            ("a\tb\nx\"y\t\"\"\n", "a\tb\n\"x\"\"y\"\t\"\"\"\"\"\"\n"),
            ("a\r\nb\"\r\n", "a\r\n\"b\"\"\"\r\n"),
            ("a\tb\nx\ry\tz\r\t\r\n", "a\tb\n\"x\ry\"\t\"z\r\"\t\r\n"),
            ("C:\\\\tmp\t\\x\n", "C:\\tmp\t\\x\n"),
            ("a\t\\\\n", "a\t\\n"),
            ("last\"", "\"last\"\"\""),
        ] {
            // However it comes, a piece boundary within a cell included.
            for piece in [1, 2, 3, 7, 100] {
                let read = read(text.as_bytes(), piece).unwrap();
                assert_eq!(
                    String::from_utf8(read).unwrap(),
                    expected,
                    "{text:?} by {piece}"
                );
            }
        }
    }

    #[test]
    fn a_cell_with_a_delimiter_or_a_line_end_is_refused_behind_all_before_it() {
        for text in ["a\tb\n1\tx\\ty\n", "a\tb\n1\tx\\n", "a\tb\n1\t\\0\n"] {
            for piece in [1, 3, 100] {
                let mut read = Vec::new();
                let error = Unquoted::new(Slowly(text.as_bytes(), piece), b'\t', 1 << 20)
                    .read_to_end(&mut read)
                    .unwrap_err();
                assert!(error.get_ref().unwrap().is::<Escaped>(), "{text:?}");
                assert_eq!(read, b"a\tb\n1\t", "{text:?}");
            }
        }
    }

    #[test]
    fn a_cell_without_end_does_not_fill_the_memory() {
        let endless = io::repeat(b'"').take(1 << 22);
        let mut unquoted = Unquoted::new(endless, b'\t', 1 << 10);
        let mut buffer = vec![0; 1 << 16];
        while unquoted.read(&mut buffer).unwrap() > 0 {
            assert!(unquoted.held.capacity() + unquoted.text.capacity() < 1 << 20);
        }
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_reads_is_what_was_written(
            rows in prop::collection::vec(prop::collection::vec("[a-c\"\\\\ é]{0,4}", 3), 1..6),
            piece in 1..9_usize,
        ) {
            let escaped = rows.iter().map(|row| row.join("\t").replace('\\', "\\\\") + "\n");
            let text: String = escaped.collect();
            let read = read(text.as_bytes(), piece).unwrap();
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .delimiter(b'\t')
                .from_reader(read.as_slice());
            let found: Vec<Vec<String>> = reader.deserialize().map(Result::unwrap).collect();
            // A blank row of three cells has two delimiters, and is one.
            prop_assert_eq!(found, rows);
        }
    }
}
