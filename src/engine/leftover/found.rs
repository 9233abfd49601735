//! What was found in one kept column, by one worker or by all.

use super::compare::Hit;
use super::counts::{Least, ROOM, WordCounts};
use super::texts::Texts;
use super::values::Same;
use crate::detect::{Finding, Tally};
use crate::rules::table::Missing;

/// How many places are told of each kind.
pub(super) const PLACES: usize = 3;

/// A record and its line, both from 1.
pub type Spot = (u64, u64);

/// What was found in one kept column.
#[derive(Debug)]
pub(super) struct Found {
    /// What the detectors found.
    pub(super) tally: Tally,
    /// The first places of each form: its detector, itself, the place.
    pub(super) places: Vec<(u8, u8, Spot)>,
    /// How many of its cells are missing.
    pub(super) missing: u64,
    /// Its texts of several words.
    pub(super) texts: Texts,
    /// How many cells have each word, and how many are of the same words.
    pub(super) words: WordCounts,
    /// The cells that hold something of their row: how many and the first place, by what they have
    /// in common with it.
    pub(super) same_row: Least<Hit, (u64, Spot)>,
    /// How many cells hold something of their row, by source.
    pub(super) totals: Vec<u64>,
}

impl Found {
    pub(super) fn new(sources: usize) -> Self {
        Self {
            tally: Tally::default(),
            places: Vec::new(),
            missing: 0,
            texts: Texts::default(),
            words: WordCounts::new(),
            same_row: Least::new(ROOM),
            totals: vec![0; sources],
        }
    }

    /// Counts cells with the same bytes; those that are `masked` are counted when they are.
    pub(super) fn count(&mut self, same: Same<'_>, times: u64, missing: &Missing, masked: bool) {
        match same {
            Same::Tiny(raw) => {
                let text = raw.strip_prefix(b"\"").unwrap_or(raw);
                let text = text.strip_suffix(b"\"").unwrap_or(text);
                match missing.is(text) {
                    true => self.missing += times,
                    false => self.tally.add(&[], times),
                }
            }
            Same::Read(content) if content.missing => self.missing += times,
            Same::Read(content) if masked && content.look => {}
            Same::Read(content) => {
                self.tally.add(&content.found, times);
                self.texts.add(content.text, times);
                if !masked {
                    for feature in content.features() {
                        self.words.add(feature, times);
                    }
                }
            }
        }
    }

    /// Notes the place of finds, if it is one of the first.
    pub(super) fn place(&mut self, found: &[Finding], record: u64, line: impl Fn() -> u64) {
        for finding in found.iter().filter(|finding| finding.hit) {
            let (detector, form) = (finding.detector, finding.form);
            let of_form = self
                .places
                .iter()
                .filter(|(d, f, _)| (*d, *f) == (detector, form));
            let (mut many, mut noted) = (0, false);
            for (_, _, (known, _)) in of_form {
                many += 1;
                noted |= *known == record;
            }
            if many < PLACES && !noted {
                self.places.push((detector, form, (record, line())));
            }
        }
    }

    /// Counts a cell that holds something of its row.
    pub(super) fn same_row(&mut self, hit: Hit, record: u64, line: impl Fn() -> u64) {
        if let Some(total) = self.totals.get_mut(hit.source) {
            *total += 1;
        }
        if let Some((count, _)) = self.same_row.entry(hit, || (0, (record, line()))) {
            *count += 1;
        }
    }

    /// Adds what another worker found in the column.
    pub(super) fn merge(&mut self, other: Self) {
        self.tally.merge(&other.tally);
        self.missing += other.missing;
        self.places.extend(other.places);
        self.texts.merge(other.texts);
        self.words.merge(other.words);
        self.same_row
            .merge(other.same_row, |(sum, first), (count, spot)| {
                *sum += count;
                *first = spot.min(*first);
            });
        for (sum, count) in self.totals.iter_mut().zip(other.totals) {
            *sum += count;
        }
    }

    /// Brings it into the order that does not depend on workers.
    pub(super) fn settle(&mut self) {
        self.places.sort_unstable();
        self.texts.settle();
        self.words.settle();
        self.same_row.shrink();
    }
}
