//! Replacing finds by the names of their kinds.

use std::ops::Range;

use super::{DETECTORS, Detectors, Facts, Finding, Normaliser, detect_word};

/// A cell of which so many rounds did not take the last find is masked as a whole.
const ROUNDS: usize = 32;

/// Masks cells, with buffers that are used again.
#[derive(Debug, Default)]
pub struct Masker {
    found: Vec<Finding>,
    spans: Vec<(Range<usize>, u8)>,
    before: Vec<u8>,
    normaliser: Normaliser,
}

impl Masker {
    /// Appends `cell` to `out` with each find of the `wanted` detectors, certain or weak, replaced
    /// by its kind: `[email]`. What is appended has no such find, in disguise or not. Tells whether
    /// anything was replaced.
    pub fn mask(&mut self, cell: &[u8], wanted: Detectors, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.extend_from_slice(cell);
        // A find may have hidden another that it overlapped.
        for round in 0.. {
            self.find(out.get(start..).unwrap_or_default(), wanted);
            let Some((_, first)) = self.spans.first() else {
                return round > 0;
            };
            self.before.clear();
            self.before
                .extend_from_slice(out.get(start..).unwrap_or_default());
            out.truncate(start);
            if round == ROUNDS {
                put(*first, out);
                return true;
            }
            let mut behind = 0;
            for (range, detector) in &self.spans {
                out.extend_from_slice(self.before.get(behind..range.start).unwrap_or_default());
                put(*detector, out);
                behind = range.end;
            }
            out.extend_from_slice(self.before.get(behind..).unwrap_or_default());
        }
        true
    }

    /// Replaces the spans by those of a text, which do not overlap, from the left.
    fn find(&mut self, text: &[u8], wanted: Detectors) {
        self.spans.clear();
        detect_word(text, Facts::of(text), wanted, &mut self.found);
        let hits = self.found.iter().filter(|finding| finding.hit);
        self.spans
            .extend(hits.map(|finding| (finding.range.clone(), finding.detector)));
        if let Some(normal) = self.normaliser.normalise(text) {
            detect_word(normal, Facts::of(normal), wanted, &mut self.found);
            for finding in self.found.iter().filter(|finding| finding.hit) {
                // What cannot be told where it stands may stand anywhere.
                let original = self.normaliser.original(&finding.range);
                let range = original.unwrap_or(0..text.len());
                self.spans.push((range, finding.detector));
            }
        }
        self.spans
            .sort_unstable_by_key(|(range, detector)| (range.start, *detector));
        self.spans.dedup_by(|(range, _), (before, _)| {
            let overlaps = range.start < before.end;
            if overlaps {
                before.end = before.end.max(range.end);
            }
            overlaps
        });
    }
}

/// Appends what stands for a find.
fn put(detector: u8, out: &mut Vec<u8>) {
    let name = DETECTORS
        .get(usize::from(detector))
        .map_or("", |detector| detector.name);
    out.push(b'[');
    out.extend_from_slice(name.as_bytes());
    out.push(b']');
}
