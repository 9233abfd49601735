//! The journalist's risk against a population of known size.
//!
//! Of a row, λ people of the population are expected to share the values that the population is known by. The
//! others among them, besides those in the table, are taken for a Poisson variable *X* of mean μ = λ (1 − π), where π is the
//! share of its place's people whom the table has: whom it has is known not to be the same. A row alone in the
//! table with these values is then unique in the population with probability e^−μ, and one of *f* rows
//! is found with E[1 / (*f* + *X*)] (K. El Emam, F. K. Dankar, *Protecting Privacy Using k-Anonymity*, JAMIA 15(5),
//! 2008, with a table in the place of an estimate from the sample).

use std::collections::BTreeMap;

use crate::privacy::Combinations;

/// What is expected of the population. What is counted are persons, where they are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Population {
    /// The columns that the population is known by.
    pub columns: Vec<String>,
    /// Those that it is not, which an attacker may know as well.
    pub left_out: Vec<String>,
    /// How many have values that the population is known by.
    pub judged: u64,
    /// How many have not: something is missing or not understood.
    pub unjudged: u64,
    /// How many are expected to be the only ones of the population with their values.
    pub unique: f64,
    /// How many are expected to share theirs with fewer than ten others.
    pub under_11: f64,
    /// The chance to find the right person for a row, over all that were judged.
    pub risk: f64,
}

/// Those who share the values that the population is known by.
#[derive(Default)]
struct Group {
    rows: u64,
    persons: Vec<u32>,
}

impl Group {
    fn size(&self) -> u64 {
        match self.persons.is_empty() {
            true => self.rows,
            false => self.persons.len() as u64,
        }
    }
}

impl Population {
    /// What is expected by these columns; `place` is the one of them that tells where. `people` says how many
    /// share some codes, one for each of the columns, and how many live in their place.
    pub fn new(
        combinations: &Combinations,
        columns: &[usize],
        place: Option<usize>,
        people: impl Fn(&[u32]) -> Option<(f64, f64)>,
    ) -> Self {
        let mut groups: BTreeMap<Vec<u32>, Group> = BTreeMap::new();
        for (number, rows) in combinations.counts().iter().enumerate() {
            let codes = columns
                .iter()
                .map(|column| combinations.code(number, *column));
            let group = groups.entry(codes.collect()).or_default();
            group.rows += u64::from(*rows);
            if let Some(persons) = combinations.persons() {
                group
                    .persons
                    .extend(persons.of(number).iter().map(|(person, _)| *person));
            }
        }
        let place = place.and_then(|place| columns.iter().position(|column| *column == place));
        let place_of = |codes: &[u32]| place.and_then(|at| codes.get(at)).copied().unwrap_or(0);
        let mut in_place: BTreeMap<u32, u64> = BTreeMap::new();
        for (codes, group) in &mut groups {
            group.persons.sort_unstable();
            group.persons.dedup();
            *in_place.entry(place_of(codes)).or_default() += group.size();
        }
        let mut found = Self::default();
        let mut risk = 0.0;
        for (codes, group) in &groups {
            let size = group.size();
            let Some((expected, inhabitants)) = people(codes) else {
                found.unjudged += size;
                continue;
            };
            let known = in_place.get(&place_of(codes)).copied().unwrap_or(0) as f64;
            let others = expected * (1.0 - (known / inhabitants.max(1.0)).min(1.0));
            found.judged += size;
            let told = Told::new(size, others);
            found.unique += told.unique;
            found.under_11 += size as f64 * told.under_11;
            risk += size as f64 * told.risk;
        }
        found.risk = risk / found.judged.max(1) as f64;
        found
    }
}

/// What is expected of one of so many who share their values, with a mean of `others` besides.
struct Told {
    unique: f64,
    under_11: f64,
    risk: f64,
}

impl Told {
    fn new(size: u64, others: f64) -> Self {
        let none = (-others).exp();
        let (mut under_11, mut risk) = (0.0, 0.0);
        // Beyond that the mean is as good as the distribution, and e^−μ is 0.
        if others > 500.0 {
            risk = 1.0 / (size as f64 + others);
        } else {
            let (mut chance, mut number) = (none, 0_u64);
            let last = others + 12.0 * others.sqrt() + 30.0;
            while (number as f64) < last {
                if size + number < 11 {
                    under_11 += chance;
                }
                risk += chance / (size + number) as f64;
                number += 1;
                chance *= others / number as f64;
            }
        }
        Self {
            unique: if size == 1 { none } else { 0.0 },
            under_11,
            risk,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_by_hand() {
        for (case, size, others, unique, under_11, risk) in [
            ("nobody else", 1, 0.0, 1.0, 1.0, 1.0),
            ("two rows, nobody else", 2, 0.0, 0.0, 1.0, 0.5),
            (
                "one other on average",
                1,
                1.0,
                (-1.0_f64).exp(),
                1.0,
                1.0 - (-1.0_f64).exp(),
            ),
            ("very many", 1, 1_000.0, 0.0, 0.0, 1.0 / 1_001.0),
            ("many rows", 20, 0.0, 0.0, 0.0, 0.05),
        ] {
            let told = Told::new(size, others);
            for (found, expected) in [
                (told.unique, unique),
                (told.under_11, under_11),
                (told.risk, risk),
            ] {
                assert!(
                    (found - expected).abs() < 1e-6,
                    "{case}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn rows_are_measured_against_their_place() {
        // Two places: one whose 4 people are all in the file, one of 1 000 people.
        let rows = [(0, 0), (0, 0), (0, 1), (0, 2), (1, 0), (2, 0)];
        let rows: Vec<_> = rows
            .iter()
            .map(|(place, age)| (vec![*place, 7, *age], vec![]))
            .collect();
        let combinations = Combinations::of_rows(&rows);
        let found = Population::new(&combinations, &[0, 2], Some(0), |codes| match codes {
            [0, _] => Some((2.0, 4.0)),
            [1, _] => Some((3.0, 1_000.0)),
            _ => None,
        });
        assert_eq!((found.judged, found.unjudged), (5, 1));
        let others: f64 = 3.0 * (1.0 - 0.001);
        // Whoever is alone in a place that the file has whole is alone there.
        assert!(
            (found.unique - (2.0 + (-others).exp())).abs() < 1e-9,
            "{found:?}"
        );
    }
}
