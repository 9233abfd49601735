//! Classes counted by persons, where it is known whose rows are whose.
//!
//! The size of a class is the number of persons who have rows in it. A person counts once, in the
//! smallest of their classes: who knows one row of a person needs no other. What several rows of one
//! person tell together is measured beside that: as if they could be joined, which an output without
//! identifiers does not allow, but what its rows share may.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::super::{Combinations, Level};
use super::regroup::Regrouped;
use super::risk::{Risk, Risks};
use super::sizes::{ClassSizes, Smallness, share};
use crate::base::parallel;

/// The rows of each person, by combination. Takes 12 bytes for each person in each combination, and 4
/// for each person.
#[derive(Debug)]
pub struct People {
    /// By person: where in `rows` theirs begin; and at the end where all end.
    starts: Vec<u32>,
    /// Combinations in ascending order, each with a number of rows.
    rows: Vec<(u32, u32)>,
    /// By combination: its persons.
    sizes: Vec<u32>,
}

/// How many persons there are, and what their rows tell together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonCounts {
    /// Rows of the table.
    pub rows: u64,
    /// Persons who have rows there.
    pub persons: u64,
    /// Rows that do not say whose they are; each counts as a person.
    pub nameless_rows: u64,
    /// Persons with several rows.
    pub with_several_rows: u64,
    /// Persons with several rows which are, taken together, like no other person's: as many rows of
    /// each class.
    pub alone_together: u64,
}

impl People {
    /// The persons of a table, if it is known whose rows are whose.
    pub fn new(combinations: &Combinations) -> Option<Self> {
        let persons = combinations.persons()?;
        let mut starts = vec![0_u32; persons.distinct() + 1];
        for (person, _) in persons.all() {
            if let Some(start) = starts.get_mut(*person as usize + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut rows = vec![(0, 0); sum as usize];
        let mut sizes = Vec::with_capacity(combinations.len());
        for combination in 0..combinations.len() {
            let own = persons.of(combination);
            sizes.push(own.len() as u32);
            for (person, count) in own {
                let Some(place) = next.get_mut(*person as usize) else {
                    continue;
                };
                if let Some(space) = rows.get_mut(*place as usize) {
                    *space = (combination as u32, *count);
                }
                *place += 1;
            }
        }
        Some(Self {
            starts,
            rows,
            sizes,
        })
    }

    /// Each person's rows.
    pub(super) fn each(&self) -> impl Iterator<Item = &[(u32, u32)]> {
        let ends = self.starts.iter().zip(self.starts.iter().skip(1));
        ends.map(|(start, end)| {
            let own = self.rows.get(*start as usize..*end as usize);
            own.unwrap_or_default()
        })
    }

    /// The size of each person's smallest class, where combinations have these sizes.
    fn least<'p>(&'p self, size: impl Fn(u32) -> u32 + 'p) -> impl Iterator<Item = u64> + 'p {
        self.each().filter_map(move |rows| {
            let sizes = rows.iter().map(|(combination, _)| size(*combination));
            sizes.min().map(u64::from)
        })
    }

    /// By combination: its persons.
    pub(super) fn sizes(&self) -> &[u32] {
        &self.sizes
    }

    fn size(&self, combination: u32) -> u32 {
        let size = self.sizes.get(combination as usize);
        size.copied().unwrap_or(0)
    }

    /// The sizes of the classes.
    pub fn classes(&self) -> ClassSizes {
        let sizes = self.sizes.iter().map(|size| u64::from(*size));
        ClassSizes::of_persons(sizes, self.least(|combination| self.size(combination)))
    }

    /// The risks: of a person, that of the smallest class.
    pub fn risks(&self, threshold: f64) -> Risks {
        let (mut persons, mut above, mut sum) = (0_u64, 0_u64, 0.0);
        // By size, as sums of many small fractions depend on their order.
        let mut by_size: HashMap<u64, u64, RandomState> = HashMap::default();
        for size in self.least(|combination| self.size(combination)) {
            *by_size.entry(size).or_default() += 1;
        }
        let mut by_size: Vec<(u64, u64)> = by_size.into_iter().collect();
        by_size.sort_unstable();
        for (size, of_size) in &by_size {
            let risk = 1.0 / (*size).max(1) as f64;
            persons += of_size;
            above += if risk > threshold { *of_size } else { 0 };
            sum += *of_size as f64 * risk;
        }
        let smallest = by_size.first().map_or(0, |(size, _)| *size);
        let average = if persons == 0 {
            0.0
        } else {
            sum / persons as f64
        };
        let prosecutor = Risk {
            highest: share(u64::from(smallest != 0), smallest),
            rows_above: share(above, persons),
            average,
        };
        Risks {
            threshold,
            prosecutor,
            journalist: prosecutor,
            marketer: average,
        }
    }

    /// How many persons there are, and what their rows tell together.
    pub fn counts(&self, rows: u64, nameless_rows: u64) -> PersonCounts {
        let several = |rows: &&[(u32, u32)]| match rows {
            [(_, count)] => *count > 1,
            rows => rows.len() > 1,
        };
        let mut sets: HashMap<&[(u32, u32)], bool, RandomState> = HashMap::default();
        let (mut persons, mut with_several) = (0, 0);
        for rows in self.each().filter(|rows| !rows.is_empty()) {
            persons += 1;
            if several(&rows) {
                with_several += 1;
                let alone = sets.entry(rows);
                alone.and_modify(|alone| *alone = false).or_insert(true);
            }
        }
        PersonCounts {
            rows,
            persons,
            nameless_rows,
            with_several_rows: with_several,
            alone_together: sets.values().filter(|alone| **alone).count() as u64,
        }
    }

    /// Persons who have rows in any of these combinations.
    pub(super) fn with_rows_in(&self, is_one: impl Fn(u32) -> bool) -> u64 {
        let any = |rows: &&[(u32, u32)]| rows.iter().any(|(combination, _)| is_one(*combination));
        self.each().filter(any).count() as u64
    }

    /// What generalising each of the first columns does, by the levels of each.
    pub(super) fn regroup(
        &self,
        combinations: &Combinations,
        levels: &[&[Level]],
        threads: usize,
    ) -> Vec<Regrouped> {
        let parts = parallel::ranges(levels.len(), threads, |range| {
            let columns = range.filter_map(|column| Some((column, *levels.get(column)?)));
            let regrouped = columns.map(|(column, levels)| {
                let others = others(combinations, column);
                Regrouped {
                    without: self.grouped(&others),
                    steps: levels
                        .iter()
                        .map(|level| self.grouped(&at_level(combinations, column, &others, level)))
                        .collect(),
                }
            });
            regrouped.collect::<Vec<_>>()
        });
        parts.into_iter().flatten().collect()
    }

    /// The classes where combinations with the same number are one class.
    pub(super) fn grouped(&self, class_of: &[u32]) -> Smallness {
        let classes = class_of.iter().max().map_or(0, |most| *most as usize + 1);
        let class = |combination: u32| class_of.get(combination as usize).copied().unwrap_or(0);
        let mut sizes = vec![0_u32; classes];
        let mut own = Vec::new();
        for rows in self.each() {
            own.clear();
            own.extend(rows.iter().map(|(combination, _)| class(*combination)));
            own.sort_unstable();
            own.dedup();
            for class in &own {
                if let Some(size) = sizes.get_mut(*class as usize) {
                    *size += 1;
                }
            }
        }
        let size = |combination: u32| {
            let size = sizes.get(class(combination) as usize);
            size.copied().unwrap_or(0)
        };
        let of_classes = sizes.iter().map(|size| u64::from(*size));
        Smallness::of_persons(of_classes, self.least(size))
    }
}

/// By combination: a number for what it has in all columns but one.
fn others(combinations: &Combinations, column: usize) -> Vec<u32> {
    let slot = combinations.layout().slot(column);
    let words = combinations.layout().words();
    let mut keys = combinations.keys().to_vec();
    let own = keys.iter_mut().skip(slot.word).step_by(words);
    own.for_each(|word| *word &= !(slot.mask << slot.shift));
    numbers(&keys, words)
}

/// By key of so many words: a number that only its equals have.
pub(super) fn numbers(keys: &[u64], words: usize) -> Vec<u32> {
    let mut numbers: HashMap<&[u64], u32, RandomState> = HashMap::default();
    let numbered = keys.chunks_exact(words).map(|key| {
        let next = numbers.len() as u32;
        *numbers.entry(key).or_insert(next)
    });
    numbered.collect()
}

/// By combination: a number for what it has in the other columns and, at a level, in this one.
fn at_level(combinations: &Combinations, column: usize, others: &[u32], level: &Level) -> Vec<u32> {
    let mut numbers: HashMap<(u32, u32), u32, RandomState> = HashMap::default();
    let numbered = others.iter().enumerate().map(|(combination, other)| {
        let code = combinations.code(combination, column);
        let group = level.groups.get(code as usize).copied().unwrap_or(0);
        let next = numbers.len() as u32;
        *numbers.entry((*other, group)).or_insert(next)
    });
    numbered.collect()
}

#[cfg(test)]
mod tests;
