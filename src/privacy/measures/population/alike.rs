//! The persons behind the labels that rows have in the columns of the table.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::others::mean_risk;
use super::{Cells, OfClass, PartOf, Stands};
use crate::privacy::Combinations;
use crate::privacy::population::Part;

/// The rows with the same labels in the table's columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Alike {
    pub(super) own: f64,
    /// The persons of the population, and of whole cells among them.
    expected: f64,
    pub(super) touched: f64,
    whole: f64,
    /// Those of them who are not in the file.
    others: f64,
    /// The logarithm of the chance that none of those in cells of which a share was taken is alike.
    log_none: f64,
    pub(super) known: bool,
    shared: bool,
}

/// A label of the place, with the persons who live there by group.
struct PlaceOf {
    share: f64,
    persons: Vec<f64>,
    /// Those of them who are in the file.
    in_file: Vec<f64>,
}

/// The table, as the file's columns see it.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) cells: &'a Cells,
    pub(super) parts: &'a [PartOf],
}

impl Table<'_> {
    pub(super) fn alike(
        self,
        combinations: &Combinations,
        alike_of: &[u32],
        sizes: &[f64],
    ) -> Vec<Alike> {
        // By number of what is alike: a combination that has it, and how many persons do.
        let mut all: Vec<(usize, f64)> = Vec::new();
        for (at, (group, size)) in alike_of.iter().zip(sizes).enumerate() {
            let group = *group as usize;
            if group >= all.len() {
                all.resize(group + 1, (at, 0.0));
            }
            if let Some((_, own)) = all.get_mut(group) {
                *own += size;
            }
        }
        let mut places: HashMap<u32, Option<PlaceOf>, RandomState> = HashMap::default();
        let stands = |part: Part, at: usize| {
            let found = self.parts.iter().find(|of| of.part == part)?;
            let code = combinations.code(at, found.column);
            found.labels.get(code as usize)
        };
        let place_code = |at: usize| {
            let place = self.parts.iter().find(|of| of.part == Part::Place);
            place.map_or(0, |place| combinations.code(at, place.column))
        };
        let groups = |at: usize| {
            let years = stands(Part::Age, at).or(stands(Part::BirthYear, at));
            self.groups(stands(Part::Sex, at), years)
        };
        for (at, own) in &all {
            let place = places.entry(place_code(*at));
            let place = place.or_insert_with(|| self.place(stands(Part::Place, *at)));
            if let Some(place) = place {
                place.note(&groups(*at), *own);
            }
        }
        let alike = all.iter().map(|(at, own)| {
            let place = places.get(&place_code(*at)).and_then(Option::as_ref);
            let known = place.map(|place| place.alike(&groups(*at), *own));
            known.flatten().unwrap_or(Alike {
                own: *own,
                expected: *own,
                ..Alike::default()
            })
        });
        alike.collect()
    }

    /// The persons at a place; nothing if the table does not have it.
    fn place(self, stands: Option<&Stands>) -> Option<PlaceOf> {
        let groups = self.cells.persons.first().map_or(0, Vec::len);
        let mut place = PlaceOf {
            share: 1.0,
            persons: vec![0.0; groups],
            in_file: vec![0.0; groups],
        };
        let mut add = |own: &Vec<f64>| {
            let sums = place.persons.iter_mut().zip(own);
            sums.for_each(|(sum, persons)| *sum += persons);
        };
        match stands {
            None => self.cells.persons.iter().for_each(add),
            Some(stands) => {
                let (_, share) = stands.first()?;
                let own = stands.iter();
                own.filter_map(|(at, _)| self.cells.persons.get(*at as usize))
                    .for_each(&mut add);
                place.share = *share;
            }
        }
        Some(place)
    }

    /// The groups that a sex and years stand for, and which share of each.
    fn groups(self, sex: Option<&Stands>, years: Option<&Stands>) -> Stands {
        let groups = self.cells.persons.first().map_or(0, Vec::len) as u32;
        let classes = (self.cells.classes as u32).max(1);
        let all = |number: u32| (0..number).map(|at| (at, 1.0)).collect::<Stands>();
        let sexes = sex.cloned().unwrap_or_else(|| all(groups / classes));
        let years = years.cloned().unwrap_or_else(|| all(classes));
        let both = sexes.iter().flat_map(|(sex, own)| {
            let of_sex = years.iter();
            of_sex.map(move |(class, share)| (sex * classes + class, own * share))
        });
        both.collect()
    }
}

impl PlaceOf {
    fn persons(&self, group: u32) -> f64 {
        self.persons.get(group as usize).copied().unwrap_or(0.0)
    }

    /// Notes persons of the file, in these groups.
    fn note(&mut self, groups: &Stands, own: f64) {
        let weight = |(group, share): &(u32, f64)| share * self.persons(*group);
        let weights: Vec<f64> = groups.iter().map(weight).collect();
        let sum: f64 = weights.iter().sum();
        for ((group, _), weight) in groups.iter().zip(weights) {
            if let Some(known) = self.in_file.get_mut(*group as usize)
                && sum > 0.0
            {
                *known += own * weight / sum;
            }
        }
    }

    /// The persons in these groups; nothing if the table does not have them.
    fn alike(&self, groups: &Stands, own: f64) -> Option<Alike> {
        groups.first()?;
        let mut alike = Alike {
            own,
            known: true,
            ..Alike::default()
        };
        for (group, share) in groups {
            let (share, persons) = (share * self.share, self.persons(*group));
            // Of a place that is a share of the table's, the file has as many elsewhere in it.
            let known = self.in_file.get(*group as usize).copied().unwrap_or(0.0) / self.share;
            let others = (persons - known).max(0.0);
            alike.expected += share * persons;
            alike.touched += persons;
            alike.others += share * others;
            if share < 1.0 {
                alike.shared |= persons > 0.0;
                alike.log_none += others * (-share).ln_1p();
            } else {
                alike.whole += persons;
            }
        }
        alike.expected = alike.expected.max(own);
        Some(alike)
    }
}

impl Alike {
    /// What the table tells, if there is nothing else.
    pub(super) fn alone(&self) -> OfClass {
        let risk = match (self.shared, self.others > 0.0) {
            (false, _) | (true, false) => 1.0 / self.expected.max(1.0),
            (true, true) if self.own <= 1.0 => -(-self.others).exp_m1() / self.others,
            (true, true) => {
                let mean = self.own + self.others;
                (1.0 + self.others / (mean * mean)) / mean
            }
        };
        let is_only = self.own <= 1.0 && self.whole <= self.own + 1e-9;
        OfClass {
            alone: risk,
            estimated: risk,
            unique: if is_only { self.log_none.exp() } else { 0.0 },
        }
    }

    /// What it tells of a class of so many persons, whose other labels persons have at a rate that is a gamma variable
    /// of this shape, of `all` persons of the file.
    pub(super) fn with_others(&self, size: f64, shape: f64, all: f64, alone: OfClass) -> OfClass {
        let chance = all / (all + self.others);
        OfClass {
            estimated: mean_risk(size, shape, chance),
            unique: if size <= 1.0 { chance.powf(shape) } else { 0.0 },
            ..alone
        }
    }
}
