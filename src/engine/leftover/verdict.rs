//! What all that was found in a file comes to, which is known at its end.
//!
//! A weak form of an identifier counts by its column's hit rate. What a kept cell has in common
//! with what does not leave of its row counts unless it is shared: at least [`OTHERS`] rows of the
//! column have the same word (or are, where more than one word is in common, the same cell) without
//! having it in common with their row, and at least as many as those that have. `boulanger` is
//! then an occupation, though some bakers are called so, while a column of surnames is none,
//! however many share one.
//!
//! Nor does it count where the column that does not leave has [classes], as a second column of
//! countries has: unless the table or the column's name says that it names people, they name nobody.

use std::collections::{HashMap, HashSet};

use super::Scope;
use super::compare::Hit;
use super::found::{Found, PLACES, Spot};
use super::texts::FreeText;
use crate::base::name::Shown;
use crate::detect::{DETECTORS, Detectors};

/// So many rows must have a word for a reason of their own.
const OTHERS: u64 = 3;

/// Of classes, a cell in common shares its own with so many others on average, ...
const MEMBERS: u64 = 20;

/// ... and they are as few as so many of equal size. Of surnames there are thousands: the most
/// frequent of France has one person in 250.
const CLASSES: u64 = 20;

/// What was found in the kept columns of a file.
#[derive(Debug)]
pub struct Verdict {
    columns: Vec<ColumnVerdict>,
}

/// What was found in one kept column.
#[derive(Debug)]
pub struct ColumnVerdict {
    /// Its position in the input.
    pub column: usize,
    /// Its name in the input.
    pub name: Shown,
    /// How many of its cells are missing.
    pub missing: u64,
    /// What was found, the detectors in their order first.
    pub kinds: Vec<Kind>,
    /// Whether there were too many distinct words to count them all: then some of what stands in
    /// the same row may be an accident.
    pub uncounted: bool,
    /// Its texts, if it is a column of free text.
    pub free_text: Option<FreeText>,
    detectors: Detectors,
    /// What cells have in common with their row by accident.
    shared: HashSet<u64>,
    /// The classes that they have in common with columns of them.
    classes: HashSet<u64>,
    /// Whether a source names people whatever the data say.
    stated: Vec<bool>,
}

/// One kind of leftover in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// What it is.
    pub what: What,
    /// How many cells have it.
    pub cells: u64,
    /// The first places: records and lines.
    pub places: Vec<Spot>,
}

/// What a leftover is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// What the detector of this name finds.
    Detected(&'static str),
    /// What stands in this column of the same row, which does not leave.
    SameRow(Shown),
}

impl Verdict {
    /// Sums up what the workers found in each kept column.
    pub(super) fn new(scope: &Scope, workers: impl Iterator<Item = Vec<Found>>) -> Self {
        let mut all: Vec<Found> = Vec::new();
        for found in workers {
            if all.is_empty() {
                all = found;
                continue;
            }
            for (sum, found) in all.iter_mut().zip(found) {
                sum.merge(found);
            }
        }
        let columns = scope.kept.iter().zip(&mut all).map(|(kept, found)| {
            found.settle();
            ColumnVerdict::new(kept.column, kept.name.clone(), scope, found)
        });
        Self {
            columns: columns.collect(),
        }
    }

    /// Whether anything was found.
    pub fn is_clean(&self) -> bool {
        self.columns.iter().all(|column| column.kinds.is_empty())
    }

    /// The kept columns that were looked at, in the input's order.
    pub fn columns(&self) -> &[ColumnVerdict] {
        &self.columns
    }

    /// The detectors that found identifiers in a kept column, by its place in the scope.
    pub(super) fn detectors(&self, kept: usize) -> Detectors {
        let column = self.columns.get(kept);
        column.map_or(Detectors::NONE, |column| column.detectors)
    }

    /// Whether what a cell has in common with its row is no accident.
    pub(super) fn leaks(&self, kept: usize, hit: Hit) -> bool {
        let column = self.columns.get(kept);
        column.is_some_and(|column| !column.is_accident(hit))
    }
}

impl ColumnVerdict {
    fn new(column: usize, name: Shown, scope: &Scope, found: &Found) -> Self {
        let detectors = found.tally.alarms();
        let mut kinds: Vec<Kind> = detected(found, detectors).collect();

        let words = found.words.settled();
        let beyond = found.same_row.limit().map(|hit| hit.feature);
        let rows_of = |feature: u64| {
            let all_sources = beyond.is_none_or(|beyond| feature < beyond);
            words.get(&feature).filter(|_| all_sources).copied()
        };
        let mut in_common = HashMap::<u64, u64>::new();
        for (hit, (cells, _)) in found.same_row.iter() {
            *in_common.entry(hit.feature).or_default() += cells;
        }
        let shared = in_common.into_iter().filter(|(feature, cells)| {
            let others = rows_of(*feature).unwrap_or(0).saturating_sub(*cells);
            others >= OTHERS.max(*cells)
        });
        let mut verdict = Self {
            column,
            name,
            missing: found.missing,
            kinds: Vec::new(),
            uncounted: words.limit().is_some() || found.same_row.limit().is_some(),
            free_text: found.texts.free_text(found.tally.cells()),
            detectors,
            shared: shared.map(|(feature, _)| feature).collect(),
            classes: HashSet::new(),
            stated: scope.sources.iter().map(|source| source.stated).collect(),
        };
        verdict.classes = classes(found, |hit| verdict.is_accident(hit));
        for (number, source) in scope.sources.iter().enumerate() {
            let mut cells = found.totals.get(number).copied().unwrap_or(0);
            let mut places = Vec::new();
            let hits = found.same_row.iter();
            let of_source = hits.filter(|(hit, _)| hit.source == number);
            for (hit, (count, first)) in of_source {
                match verdict.is_accident(*hit) {
                    true => cells = cells.saturating_sub(*count),
                    false => places.push(*first),
                }
            }
            if cells > 0 {
                places.sort_unstable();
                places.truncate(PLACES);
                kinds.push(Kind {
                    what: What::SameRow(source.name.clone()),
                    cells,
                    places,
                });
            }
        }
        verdict.kinds = kinds;
        verdict
    }

    /// Whether what a cell has in common with its row names nobody.
    fn is_accident(&self, hit: Hit) -> bool {
        let stated = self.stated.get(hit.source).copied().unwrap_or(true);
        let of_classes_alone = !stated && !hit.mixed;
        self.shared.contains(&hit.feature)
            || of_classes_alone && self.classes.contains(&hit.feature)
    }
}

/// What cells have in common with columns of classes: the values of such a column that stand in
/// kept cells of their rows are few, and each of many rows. That is Simpson's index of concentration
/// (the chance that two of them are the same, E. H. Simpson, Measurement of Diversity, 1949) of those
/// that are no accident otherwise.
fn classes(found: &Found, is_accident: impl Fn(Hit) -> bool) -> HashSet<u64> {
    let mut in_common: Vec<(u64, u128)> = found.totals.iter().map(|cells| (*cells, 0)).collect();
    for (hit, (cells, _)) in found.same_row.iter() {
        match in_common.get_mut(hit.source) {
            Some((all, _)) if is_accident(*hit) => *all = all.saturating_sub(*cells),
            Some((_, same)) if !hit.mixed => *same += u128::from(*cells).pow(2),
            _ => {}
        }
    }
    let has_classes = |source: usize| {
        in_common.get(source).is_some_and(|(cells, same)| {
            let cells = u128::from(*cells);
            cells > 0
                && *same >= cells * u128::from(MEMBERS)
                && same * u128::from(CLASSES) >= cells.pow(2)
        })
    };
    let hits = found.same_row.iter().map(|(hit, _)| hit);
    let pure = hits.filter(|hit| !hit.mixed && has_classes(hit.source));
    pure.map(|hit| hit.feature).collect()
}

/// What the detectors found.
fn detected(found: &Found, alarms: Detectors) -> impl Iterator<Item = Kind> {
    let named = DETECTORS.iter().enumerate();
    let named = named.filter(move |(place, _)| alarms.has(*place));
    named.map(|(place, detector)| {
        let proven = |form: u8| found.tally.proves(place, form.into());
        let of_detector = found.places.iter();
        let of_detector =
            of_detector.filter(|(other, form, _)| usize::from(*other) == place && proven(*form));
        let mut places: Vec<Spot> = of_detector.map(|(_, _, spot)| *spot).collect();
        places.sort_unstable();
        places.dedup();
        places.truncate(PLACES);
        Kind {
            what: What::Detected(detector.name),
            cells: found.tally.identified(place),
            places,
        }
    })
}
