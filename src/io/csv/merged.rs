//! Rows that stray quotes have merged into one of the right width.
//!
//! A quote at the start of one cell and another at the end of a cell further down make one field of
//! all that stands between, and when both stand in the same column the merged row is as wide as
//! any other: no count of fields finds it. So a field over several lines is looked at line by line.

use memchr::memchr_iter;

use super::batch::{Batch, Ends};

impl Batch {
    /// The start of the first quoted field over several lines that may be rows merged by stray
    /// quotes: one of its lines has as many fields as the header, or the lines it begins and ends
    /// on both have, quotes taken as letters.
    pub(super) fn merged(&self, width: usize, ends: &Ends) -> Option<usize> {
        let fields = ends.0.fields();
        let mut behind = 0;
        for &at in self.structure.inner_breaks() {
            if at < behind {
                continue;
            }
            let field = fields.partition_point(|&end| end as usize <= at);
            let end = *fields.get(field)? as usize;
            let before = field.checked_sub(1).and_then(|before| fields.get(before));
            let mut start = before.map_or(0, |&end| end as usize + 1);
            while matches!(self.buffer.get(start), Some(b'\n' | b'\r')) {
                start += 1;
            }
            if self.field_merges(width, start, end) {
                return Some(start);
            }
            behind = end;
        }
        None
    }

    fn field_merges(&self, width: usize, start: usize, end: usize) -> bool {
        let bytes = self.bytes();
        let fields = |line: &[u8]| 1 + memchr_iter(self.delimiter, line).count();
        let field = bytes
            .get(start + 1..end.saturating_sub(1))
            .unwrap_or_default();
        if lines(field).any(|line| !line.is_empty() && fields(line) == width) {
            return true;
        }
        let before = bytes.get(..start).unwrap_or_default();
        let before = before
            .rsplit(|byte| matches!(byte, b'\r' | b'\n'))
            .next()
            .unwrap_or_default();
        let behind = bytes.get(end..).unwrap_or_default();
        let behind = lines(behind).next().unwrap_or_default();
        let first = lines(field).next().unwrap_or_default();
        let last = lines(field).last().unwrap_or_default();
        memchr_iter(self.delimiter, before).count() + fields(first) == width
            && memchr_iter(self.delimiter, behind).count() + fields(last) == width
    }
}

/// The lines of a text, whatever its line ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\r' | b'\n'))
}
