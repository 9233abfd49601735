//! The rows of one more release: which of them are published, in which group, and what is known after that.

use std::collections::HashMap;

use super::conflicts::Conflicts;
use super::{ByRow, Cohorts, Group, Tags, Unit};
use crate::privacy::combinations::{Combinations, Layout};
use crate::privacy::counter::{Dictionary, Text};
use crate::privacy::extent::Extent;
use crate::privacy::hierarchy::ANY;
use crate::privacy::search::Found;
use crate::privacy::{Hierarchy, SensitiveCounts};

/// The place of a row that is held back.
const HELD: u32 = u32::MAX;

/// The rows of an input, as they are counted.
pub(crate) struct Tonight<'c> {
    cohorts: &'c Cohorts,
    known: &'c ByRow,
    /// By unit, its rows.
    seen: Vec<u32>,
    /// Units that were never published.
    fresh: Vec<Fresh>,
    by_row: ByRow,
    /// The codes of their values, one unit's behind the other's.
    codes: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Fresh {
    tags: Tags,
    rows: u32,
}

/// The units that were never published, as a search takes them.
pub(crate) struct Newcomers {
    pub(crate) combinations: Combinations,
    /// By column the values.
    pub(crate) values: Vec<Vec<Text>>,
    pub(crate) persons: usize,
    /// By unit its combination.
    of_unit: Vec<u32>,
}

/// What a search made of newcomers.
pub(crate) struct Sought<'a> {
    pub(crate) found: &'a Found,
    pub(crate) hierarchies: &'a [Hierarchy],
    /// What the labels of a column stand for.
    pub(crate) extents: &'a dyn Fn(usize, &[Text]) -> Vec<Extent>,
    pub(crate) threads: usize,
}

/// How a release goes on.
pub(crate) struct Settled {
    /// What is known once it is published.
    pub(crate) cohorts: Cohorts,
    /// By row its group.
    places: ByRow,
    pub(crate) figures: Figures,
}

/// A release in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Figures {
    /// Rows that are published.
    pub(crate) rows: u64,
    /// Rows that are published for the first time, among them.
    pub(crate) new: u64,
    /// Rows that were never published, and are held back until k persons make a group.
    pub(crate) waiting: u64,
    /// Rows that were published, and are held back for good.
    pub(crate) retired: u64,
    /// Groups that are published.
    pub(crate) groups: u64,
    /// The persons of the smallest of them.
    pub(crate) smallest: u64,
    /// The mean loss of the rows.
    pub(crate) loss: f64,
    /// Rows that the release before published.
    pub(crate) before: u64,
    /// Those of them that are there, unaltered.
    pub(crate) still: u64,
}

impl<'c> Tonight<'c> {
    /// None is counted yet. `known` has the units of the cohorts.
    pub(crate) fn new(cohorts: &'c Cohorts, known: &'c ByRow) -> Self {
        Self {
            cohorts,
            known,
            seen: vec![0; cohorts.units.len()],
            fresh: Vec::new(),
            by_row: ByRow::default(),
            codes: Vec::new(),
        }
    }

    /// Counts a row. One that was never published has the codes of its values.
    pub(crate) fn add(&mut self, tags: Tags, codes: &[u32]) {
        if let Some(unit) = self.known.get(&tags.row) {
            if let Some(seen) = self.seen.get_mut(*unit as usize) {
                *seen += 1;
            }
            return;
        }
        let next = self.fresh.len() as u32;
        let at = *self.by_row.entry(tags.row).or_insert(next);
        match self.fresh.get_mut(at as usize) {
            Some(fresh) => fresh.rows += 1,
            None => {
                self.fresh.push(Fresh { tags, rows: 1 });
                self.codes.extend_from_slice(codes);
            }
        }
    }

    /// The units that were never published; the dictionaries have the values that were coded.
    pub(crate) fn newcomers(&self, dictionaries: Vec<Dictionary>) -> Newcomers {
        let sorted = dictionaries
            .into_iter()
            .map(|values| values.sorted(&|text| text.into()));
        let (values, ranks): (Vec<_>, Vec<_>) = sorted.unzip();
        let distinct: Vec<usize> = values.iter().map(Vec::len).collect();
        let layout = Layout::new(&distinct);
        let words = layout.words();
        let mut keys = vec![0; words * self.fresh.len()];
        let codes = self.codes.chunks_exact(ranks.len().max(1));
        for (key, codes) in keys.chunks_exact_mut(words).zip(codes) {
            let ranked = codes.iter().zip(&ranks);
            let ranked = ranked.map(|(code, rank)| rank.get(*code as usize).copied().unwrap_or(0));
            layout.pack(ranked, key);
        }
        let mut persons: Vec<u64> = self.fresh.iter().map(|fresh| fresh.tags.person).collect();
        persons.sort_unstable();
        persons.dedup();
        let number = |person: u64| persons.binary_search(&person).unwrap_or(0) as u32;
        let mut units: Vec<(&[u64], u32, usize)> = keys
            .chunks_exact(words)
            .zip(&self.fresh)
            .zip(0..)
            .map(|((key, fresh), at)| (key, number(fresh.tags.person), at))
            .collect();
        units.sort_unstable();
        let mut of_unit = vec![0; self.fresh.len()];
        let (mut distinct_keys, mut counts) = (Vec::new(), Vec::new());
        let mut of_persons = SensitiveCounts::new(persons.len());
        for (combination, alike) in (0..).zip(units.chunk_by(|one, next| one.0 == next.0)) {
            let mut rows: Vec<(u32, u32)> = Vec::new();
            for (_, person, at) in alike {
                let own = self.fresh.get(*at).map_or(0, |fresh| fresh.rows);
                match rows.last_mut() {
                    Some((last, sum)) if last == person => *sum += own,
                    _ => rows.push((*person, own)),
                }
                if let Some(place) = of_unit.get_mut(*at) {
                    *place = combination;
                }
            }
            distinct_keys.extend(alike.first().into_iter().flat_map(|(key, ..)| *key));
            counts.push(rows.iter().map(|(_, rows)| rows).sum());
            of_persons.push(&rows);
        }
        let combinations = Combinations::new(layout, distinct_keys, counts, Vec::new());
        Newcomers {
            combinations: combinations.of_persons(of_persons),
            values,
            persons: persons.len(),
            of_unit,
        }
    }

    /// Decides what becomes of all rows. `sought` is nothing if the newcomers are too few for a group.
    pub(crate) fn settle(
        self,
        k: u32,
        newcomers: &Newcomers,
        sought: Option<Sought<'_>>,
    ) -> Settled {
        let mut settled = Settled {
            cohorts: self.cohorts.clone(),
            places: ByRow::default(),
            figures: Figures::default(),
        };
        settled.go_on(&self.seen, k);
        let begin = settled.cohorts.groups.len();
        if let Some(sought) = &sought {
            settled.admit(&self.fresh, k, newcomers, sought);
        }
        for fresh in &self.fresh {
            if let std::collections::hash_map::Entry::Vacant(place) =
                settled.places.entry(fresh.tags.row)
            {
                place.insert(HELD);
                settled.figures.waiting += u64::from(fresh.rows);
            }
        }
        settled.count(begin as u32);
        settled
    }
}

impl Settled {
    /// The group of a row; none if it is held back. Nothing at all if nobody has seen the row.
    pub(crate) fn group(&self, row: u64) -> Option<Option<u32>> {
        let group = *self.places.get(&row)?;
        Some((group != HELD).then_some(group))
    }

    /// Lets the groups go on of which enough is there; `seen` has the rows of each unit.
    fn go_on(&mut self, seen: &[u32], k: u32) {
        let units = &mut self.cohorts.units;
        let rows = |units: &[Unit]| units.iter().map(|unit| u64::from(unit.rows)).sum();
        self.figures.before = rows(units);
        for (unit, seen) in units.iter_mut().zip(seen) {
            // Otherwise it was gone before, is gone now, or has become more or less.
            if unit.rows != *seen {
                unit.rows = 0;
            }
        }
        self.figures.still = rows(units);
        let alive = persons_by_group(units);
        for (unit, seen) in units.iter_mut().zip(seen) {
            let persons = alive.get(unit.group as usize).copied().unwrap_or(0);
            if persons < k {
                unit.rows = 0;
            }
            let place = match unit.rows {
                0 => HELD,
                _ => unit.group,
            };
            if *seen > 0 {
                self.places.insert(unit.tags.row, place);
                self.figures.retired += u64::from(if place == HELD { *seen } else { 0 });
            }
        }
    }

    /// Makes new groups of newcomers.
    fn admit(&mut self, fresh: &[Fresh], k: u32, newcomers: &Newcomers, sought: &Sought<'_>) {
        let mut members: Vec<Vec<usize>> = Vec::new();
        let group_of = self.new_groups(newcomers, sought);
        let begin = self.cohorts.groups.len() - group_of.made;
        members.resize(group_of.made, Vec::new());
        for (at, combination) in newcomers.of_unit.iter().enumerate() {
            let group = group_of.of_combination.get(*combination as usize);
            if let Some(members) = group.and_then(|group| members.get_mut((*group)?)) {
                members.push(at);
            }
        }
        let others: Vec<u64> = fresh.iter().map(|fresh| fresh.tags.others).collect();
        let conflicts = Conflicts::new(&self.cohorts, &others, sought.extents);
        let made = self.cohorts.groups.split_off(begin);
        for (group, members) in made.into_iter().zip(members) {
            let of = |at: &usize| fresh.get(*at).copied();
            let mut units: Vec<Fresh> = members.iter().filter_map(of).collect();
            units.retain(|unit| !conflicts.with(unit.tags.others, &group, &self.cohorts.groups));
            let mut persons: Vec<u64> = units.iter().map(|unit| unit.tags.person).collect();
            persons.sort_unstable();
            persons.dedup();
            if persons.len() < k as usize {
                continue;
            }
            let number = self.cohorts.groups.len() as u32;
            self.cohorts.groups.push(group);
            for unit in units {
                self.places.insert(unit.tags.row, number);
                self.cohorts.units.push(Unit {
                    tags: unit.tags,
                    group: number,
                    rows: unit.rows,
                });
            }
        }
    }

    /// Adds a group for each class that was found, and tells which combination is in which.
    fn new_groups(&mut self, newcomers: &Newcomers, sought: &Sought<'_>) -> Made {
        let combinations = &newcomers.combinations;
        let nodes = sought.found.node_of.in_order(combinations, sought.threads);
        let weights: f64 = sought.hierarchies.iter().map(|known| known.weight).sum();
        let begin = self.cohorts.groups.len();
        let mut known: HashMap<Box<[u32]>, usize> = HashMap::new();
        let mut rows: Vec<u32> = Vec::new();
        let of_combination = nodes.iter().enumerate().map(|(combination, node)| {
            let node = sought.found.nodes.get(*node as usize)?;
            let (mut is_star, mut loss) = (true, 0.0);
            let columns = sought.hierarchies.iter().zip(node).enumerate();
            let labels = columns.map(|(column, (hierarchy, level))| {
                let (level, code) = (usize::from(*level), combinations.code(combination, column));
                let label = hierarchy.label(level, code);
                is_star &= *label == *ANY;
                loss += hierarchy.weight * hierarchy.loss(level, code);
                let labels = self.cohorts.columns.get_mut(column);
                labels.map_or(0, |labels| labels.code(label))
            });
            let labels: Box<[u32]> = labels.collect();
            if is_star {
                return None;
            }
            let next = known.len();
            let at = *known.entry(labels.clone()).or_insert(next);
            if at == next {
                rows.push(0);
                self.cohorts.groups.push(Group { labels, loss: 0.0 });
            }
            // The mean over the rows of the class.
            let (rows, group) = (rows.get_mut(at)?, self.cohorts.groups.get_mut(begin + at)?);
            let own = combinations.counts().get(combination).copied()?;
            *rows += own;
            let share = f64::from(own) / f64::from(*rows).max(1.0);
            let lost = f64::from(group.loss);
            group.loss = (lost + share * (loss / weights.max(f64::MIN_POSITIVE) - lost)) as f32;
            Some(at)
        });
        let of_combination = of_combination.collect();
        Made {
            of_combination,
            made: known.len(),
        }
    }

    /// Counts what is published, the groups from `new` on for the first time.
    fn count(&mut self, new: u32) {
        let figures = &mut self.figures;
        let mut lost = 0.0;
        for unit in &self.cohorts.units {
            let rows = u64::from(unit.rows);
            figures.rows += rows;
            figures.new += if unit.group >= new { rows } else { 0 };
            let group = self.cohorts.groups.get(unit.group as usize);
            lost += rows as f64 * group.map_or(0.0, |group| f64::from(group.loss));
        }
        figures.loss = lost / (figures.rows as f64).max(1.0);
        let persons = persons_by_group(&self.cohorts.units);
        let alive = || persons.iter().filter(|persons| **persons > 0);
        figures.groups = alive().count() as u64;
        figures.smallest = alive().min().copied().unwrap_or(0).into();
    }
}

/// Which combination is in which of the groups that were made last.
struct Made {
    of_combination: Vec<Option<usize>>,
    made: usize,
}

/// How many persons have units in each group that are not gone.
fn persons_by_group(units: &[Unit]) -> Vec<u32> {
    let there = units.iter().filter(|unit| unit.rows > 0);
    let mut pairs: Vec<(u32, u64)> = there.map(|unit| (unit.group, unit.tags.person)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let most = pairs.last().map_or(0, |(group, _)| *group as usize + 1);
    let mut persons = vec![0; most];
    for (group, _) in pairs {
        if let Some(persons) = persons.get_mut(group as usize) {
            *persons += 1;
        }
    }
    persons
}
