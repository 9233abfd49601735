//! Replacing finds by the names of their kinds.

use super::{DETECTORS, Detectors, Finding, detect};

/// Masks cells, with buffers that are used again.
#[derive(Debug, Default)]
pub struct Masker {
    found: Vec<Finding>,
    before: Vec<u8>,
}

impl Masker {
    /// Appends `cell` to `out` with each find of the `wanted` detectors, certain or weak, replaced
    /// by its kind: `[email]`. What is appended has no such find. Tells whether anything was
    /// replaced.
    pub fn mask(&mut self, cell: &[u8], wanted: Detectors, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.extend_from_slice(cell);
        let mut masked = false;
        // A find may have hidden another that it overlapped. Each round takes away some digit, `@`
        // or `/`, which no name of a kind has, so there is a last one.
        loop {
            detect(
                out.get(start..).unwrap_or_default(),
                wanted,
                &mut self.found,
            );
            self.found.retain(|finding| finding.hit);
            if self.found.is_empty() {
                return masked;
            }
            masked = true;
            self.found
                .sort_unstable_by_key(|finding| finding.range.start);
            self.before.clear();
            self.before
                .extend_from_slice(out.get(start..).unwrap_or_default());
            out.truncate(start);
            let mut behind = 0;
            for Finding {
                detector, range, ..
            } in &self.found
            {
                let name = DETECTORS
                    .get(usize::from(*detector))
                    .map_or("", |detector| detector.name);
                out.extend_from_slice(self.before.get(behind..range.start).unwrap_or_default());
                out.push(b'[');
                out.extend_from_slice(name.as_bytes());
                out.push(b']');
                behind = range.end;
            }
            out.extend_from_slice(self.before.get(behind..).unwrap_or_default());
        }
    }
}
