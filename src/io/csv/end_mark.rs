//! The end-of-file mark of DOS.

use std::io::{self, Read};

/// The mark, ^Z.
const MARK: u8 = 0x1A;

/// Reads on in `inner`, but for the marks that it ends with; elsewhere they are content.
pub(super) struct EndMark<R> {
    inner: R,
    /// Marks that were read last: they are content if anything follows.
    held: usize,
    /// What was read behind marks, and is to be given next.
    behind: Vec<u8>,
    given: usize,
    /// Marks to be given before it.
    marks: usize,
    found: bool,
}

impl<R: Read> EndMark<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            held: 0,
            behind: Vec::new(),
            given: 0,
            marks: 0,
            found: false,
        }
    }

    /// Whether the input has come to its end, and ended with the mark.
    pub(super) fn found(&self) -> bool {
        self.found
    }
}

impl<R: Read> Read for EndMark<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.marks > 0 {
                let count = self.marks.min(buffer.len());
                buffer.iter_mut().take(count).for_each(|byte| *byte = MARK);
                self.marks -= count;
                return Ok(count);
            }
            let mut ready = self.behind.get(self.given..).unwrap_or_default();
            if !ready.is_empty() {
                let count = ready.read(buffer)?;
                self.given += count;
                return Ok(count);
            }
            let count = self.inner.read(buffer)?;
            if count == 0 {
                self.found |= self.held > 0 && !buffer.is_empty();
                return Ok(0);
            }
            let read = buffer.get(..count).unwrap_or_default();
            let at_end = read.iter().rev().take_while(|byte| **byte == MARK).count();
            let content = count - at_end;
            if content == 0 {
                self.held += at_end;
                continue;
            }
            if self.held == 0 {
                self.held = at_end;
                return Ok(content);
            }
            self.behind.clear();
            let content = read.get(..content).unwrap_or_default();
            self.behind.extend_from_slice(content);
            self.given = 0;
            self.marks = std::mem::replace(&mut self.held, at_end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::csv::testing::Trickle;

    #[test]
    fn only_marks_at_the_end_are_left_out() {
        for (text, expected, found) in [
            ("", "", false),
            ("a;b\n", "a;b\n", false),
            ("a;b\n\u{1a}", "a;b\n", true),
            ("a;b\u{1a}", "a;b", true),
            ("a\n\u{1a}\u{1a}\u{1a}\u{1a}", "a\n", true),
            ("\u{1a}", "", true),
            ("\u{1a}a\u{1a}\u{1a}b\u{1a}", "\u{1a}a\u{1a}\u{1a}b", true),
            ("a\u{1a}\n", "a\u{1a}\n", false),
        ] {
            for step in 1..=text.len().max(1) {
                let mut read = String::new();
                let mut reader = EndMark::new(Trickle(text.as_bytes(), step));
                reader.read_to_string(&mut read).unwrap();
                assert_eq!(read, expected, "{text:?} in pieces of {step}");
                assert_eq!(reader.found(), found, "{text:?} in pieces of {step}");
            }
        }
    }
}
