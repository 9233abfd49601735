//! What a column's cells add up to, where one find alone proves too little.

use std::collections::BTreeMap;

use super::chance::{can_prove, is_proof};
use super::sample::Sample;
use super::{DETECTORS, Detectors, FORMS, Finding, Form, PLACES, ShareOf, Strength};

/// How many cells have a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FormCount {
    /// Cells with a find that speaks for the form ([`Finding::evidence`]).
    pub hits: u64,
    /// Cells with no such find but a text that looks like the form.
    pub lookalikes: u64,
    /// Cells with a text that speaks against the form ([`Finding::contrary`]).
    pub contrary: u64,
    /// Which marks the finds that speak for the form have ([`Finding::mark`]): a bit each.
    pub marks: u64,
}

/// So many marks are enough, however many finds there are: a series of codes has fewer.
const MARKS: u64 = 8;

/// So many finds outweigh one text that speaks against the form, ...
const OUTWEIGH: u64 = 8;

/// ... where one in so many texts of the shape may do so by chance, as one in 97 has a right key.
const BY_CHANCE: u64 = 24;

impl FormCount {
    /// Whether the finds may be identifiers, whatever their share: they differ, and few texts
    /// speak against the form.
    pub fn is_plausible(&self) -> bool {
        let by_chance = (self.hits + self.lookalikes) / BY_CHANCE;
        let contrary = self.contrary.saturating_sub(by_chance);
        self.is_varied() && self.hits >= contrary.saturating_mul(OUTWEIGH)
    }

    /// Whether so many different finds have half of the marks at least that random ones would have:
    /// `AX-457-BL` is made of a few beginnings and ends.
    fn is_drawn(&self, finds: u64) -> bool {
        const ALL: f64 = 64.0;
        let finds = i32::try_from(finds).unwrap_or(i32::MAX);
        let expected = ALL * (1.0 - (1.0 - 1.0 / ALL).powi(finds));
        self.marks == 0 || 2.0 * f64::from(self.marks.count_ones()) >= expected
    }

    /// Whether finds differ as those of different people do: one mark in four finds, or eight.
    /// Finds without marks do.
    fn is_varied(&self) -> bool {
        let marks = u64::from(self.marks.count_ones());
        marks == 0 || marks >= MARKS.min(self.hits.div_ceil(4))
    }
}

/// What was found in the cells of one column. Its size is bounded, however many cells there are.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    cells: u64,
    forms: [[FormCount; FORMS]; PLACES],
    /// The distinct values of forms that have a chance, by detector and form.
    samples: BTreeMap<(u8, u8), Sample>,
}

impl Tally {
    /// Counts `times` cells that are not missing, each with what [`super::detect`] found in it.
    #[inline]
    pub fn add(&mut self, found: &[Finding], times: u64) {
        self.cells += times;
        if !found.is_empty() {
            self.add_found(found, times);
        }
    }

    fn add_found(&mut self, found: &[Finding], times: u64) {
        for finding in found {
            let form = form(finding.detector.into(), finding.form.into());
            let speaks = |other: &Finding| {
                other.evidence && (other.detector, other.form) == (finding.detector, finding.form)
            };
            let counts = finding.evidence || !found.iter().any(speaks);
            if counts && form.is_some_and(|form| form.chance.is_some()) {
                let sample = self.samples.entry((finding.detector, finding.form));
                sample.or_default().add(finding.value, finding.evidence);
            }
        }
        for (nth, finding) in found.iter().enumerate() {
            // A cell counts once for a form: as one of its kind if it has one.
            let counted = |(at, other): (usize, &Finding)| {
                (other.detector, other.form) == (finding.detector, finding.form)
                    && (other.evidence & !finding.evidence
                        || other.evidence == finding.evidence && at < nth)
            };
            if found.iter().enumerate().any(counted) {
                continue;
            }
            let forms = self.forms.get_mut(usize::from(finding.detector));
            if let Some(count) = forms.and_then(|forms| forms.get_mut(usize::from(finding.form))) {
                *if finding.evidence {
                    &mut count.hits
                } else {
                    &mut count.lookalikes
                } += times;
                if found.iter().any(|other| {
                    other.contrary
                        && (other.detector, other.form) == (finding.detector, finding.form)
                }) {
                    count.contrary += times;
                }
                if finding.evidence
                    && let Some(mark) = finding.mark
                {
                    count.marks |= 1 << (mark & 63);
                }
            }
        }
    }

    /// Counts what another tally of the same column counted.
    pub fn merge(&mut self, other: &Self) {
        self.cells += other.cells;
        let counts = self.forms.iter_mut().flatten();
        for (count, other) in counts.zip(other.forms.iter().flatten()) {
            count.hits += other.hits;
            count.lookalikes += other.lookalikes;
            count.contrary += other.contrary;
            count.marks |= other.marks;
        }
        for (form, sample) in &other.samples {
            self.samples.entry(*form).or_default().merge(sample);
        }
    }

    /// How many cells were counted.
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// The count of a form, by the places in [`DETECTORS`] and in the detector's forms.
    pub fn count(&self, detector: usize, form: usize) -> FormCount {
        let count = self.forms.get(detector).and_then(|forms| forms.get(form));
        count.copied().unwrap_or_default()
    }

    /// Whether the column's finds of this form are identifiers: if there are more than chance gives
    /// among its distinct values, or, where these are too few to tell or stray among other texts, by
    /// their share.
    pub fn proves(&self, detector: usize, form: usize) -> bool {
        let count = self.count(detector, form);
        let Some(known) = self::form(detector, form) else {
            return false;
        };
        let Strength::Weak {
            over_percent,
            of,
            at_least,
        } = known.strength
        else {
            return count.hits > 0;
        };
        if count.hits < at_least.max(1) || !count.is_plausible() {
            return false;
        }
        let reaches = |hits: u64, all: u64| {
            u128::from(hits) * 100 > u128::from(all) * u128::from(over_percent)
        };
        let sample = u8::try_from(detector).ok().zip(u8::try_from(form).ok());
        let sample = sample.and_then(|place| self.samples.get(&place));
        let (Some(chance), Some(sample)) = (known.chance, sample) else {
            let all = match of {
                ShareOf::Lookalikes => count.hits + count.lookalikes,
                ShareOf::Cells => self.cells,
            };
            return reaches(count.hits, all);
        };
        let (values, hits) = sample.counts();
        let is_series = has_no_key(detector) && (sample.is_consecutive() || sample.is_padded());
        if is_series || has_letters(detector) && !count.is_drawn(hits) {
            return false;
        }
        // A column of other texts has no reason to have such values among them.
        let stray = (count.hits + count.lookalikes) * 2 <= self.cells;
        is_proof(values, hits, chance)
            || (stray || !can_prove(values, chance)) && reaches(hits, values)
    }

    /// The detectors that found an identifier in the column.
    pub fn alarms(&self) -> Detectors {
        let places = 0..DETECTORS.len();
        let alarming = places.filter(|place| (0..FORMS).any(|form| self.proves(*place, form)));
        alarming.fold(Detectors::NONE, |all, place| all.and(Detectors::one(place)))
    }

    /// How many cells the detector at this place of [`DETECTORS`] has identifiers in. A cell with
    /// two forms of one kind counts for each.
    pub fn identified(&self, detector: usize) -> u64 {
        let proven = (0..FORMS).filter(|form| self.proves(detector, *form));
        proven.map(|form| self.count(detector, form).hits).sum()
    }
}

/// A form by its places.
pub(super) fn form(detector: usize, form: usize) -> Option<&'static Form> {
    DETECTORS.get(detector)?.forms.get(form)
}

/// Whether the detector's weak forms differ in letters, which codes of goods take from a few.
fn has_letters(detector: usize) -> bool {
    DETECTORS
        .get(detector)
        .is_some_and(|detector| detector.name == "plate")
}

/// Whether the detector's weak forms are numbers of which all that begin alike are right, so that
/// numbers given one after the other are, too.
fn has_no_key(detector: usize) -> bool {
    DETECTORS
        .get(detector)
        .is_some_and(|detector| detector.name == "phone")
}

#[cfg(test)]
mod tests;
