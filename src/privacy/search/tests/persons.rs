//! Searches where it is known whose rows are whose: every class has k persons.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::privacy::search::demand::Demand;
use crate::privacy::search::ladder::Ladder;
use crate::privacy::search::local::of_many;

/// The last code of a row is its person.
#[derive(Debug, Clone)]
struct Crowd {
    table: Table,
    persons: Vec<u32>,
}

fn crowd() -> impl Strategy<Value = Crowd> {
    let columns = proptest::collection::vec(column(), 1..4);
    columns.prop_flat_map(|columns| {
        let codes = proptest::collection::vec(0..VALUES as u32, columns.len());
        let rows = proptest::collection::vec((codes, 0..8_u32), 1..30);
        (Just(columns), rows, 1..6_u32, 0..30_u64).prop_map(|(columns, rows, k, max_suppressed)| {
            let persons = rows.iter().map(|(_, person)| *person).collect();
            let rows = rows.into_iter().map(|(codes, _)| (codes, Vec::new()));
            Crowd {
                table: Table {
                    columns,
                    rows: rows.collect(),
                    requirement: Requirement {
                        k,
                        max_suppressed,
                        l: None,
                        t: None,
                    },
                },
                persons,
            }
        })
    })
}

impl Crowd {
    fn combinations(&self) -> Combinations {
        let rows = self.table.rows.iter().zip(&self.persons);
        let rows: Vec<CodedRow> = rows
            .map(|((codes, _), person)| (codes.clone(), vec![*person]))
            .collect();
        let counted = Combinations::of_rows(&rows);
        Combinations::new(
            counted.layout().clone(),
            counted.keys().to_vec(),
            counted.counts().to_vec(),
            Vec::new(),
        )
        .of_persons(counted.sensitive()[0].clone())
    }

    /// The persons of each class, from the rows.
    fn classes(&self, node: impl Fn(&[u32]) -> Vec<u8>) -> BTreeMap<Vec<Vec<u8>>, BTreeSet<u32>> {
        let hierarchies = self.table.hierarchies();
        let mut classes = BTreeMap::<_, BTreeSet<u32>>::new();
        for ((codes, _), person) in self.table.rows.iter().zip(&self.persons) {
            let node = node(codes);
            let labels = hierarchies.iter().zip(codes).zip(node);
            let labels = labels.map(|((hierarchy, code), level)| {
                hierarchy.label(usize::from(level), *code).to_vec()
            });
            classes.entry(labels.collect()).or_default().insert(*person);
        }
        classes
    }

    fn check(&self, combinations: &Combinations, found: &Found) {
        let node = |codes: &[u32]| {
            let mut all = 0..combinations.len();
            let is_it = |at: &usize| {
                let own = (0..codes.len()).map(|column| combinations.code(*at, column));
                own.eq(codes.iter().copied())
            };
            let at = all.find(is_it).unwrap();
            let node_of = found.node_of.in_order(combinations, 1);
            found.nodes[node_of[at] as usize].to_vec()
        };
        let classes = self.classes(node);
        let smallest = classes.values().map(BTreeSet::len).min().unwrap() as u64;
        // Classes whose labels coincide are one.
        assert!(found.k <= smallest);
        assert!(found.k >= u64::from(self.table.requirement.k));
        assert!(found.suppressed <= self.table.requirement.max_suppressed);
    }
}

proptest! {
    #[test]
    fn every_class_has_k_persons(crowd in crowd(), large in 0..20_usize) {
        let combinations = crowd.combinations();
        let hierarchies = crowd.table.hierarchies();
        let requirement = &crowd.table.requirement;
        let optimum = global(&combinations, &hierarchies, requirement, 2);
        let nearest = local(&combinations, &hierarchies, requirement, 2);
        let demand = Demand::new(&combinations, requirement);
        let ladders = Ladder::all(&combinations, &hierarchies, 1);
        let split = of_many(&combinations, &ladders, &demand, 2, large);
        for found in [optimum.as_ref().ok(), nearest.as_ref().ok(), split.as_ref()]
            .into_iter()
            .flatten()
        {
            crowd.check(&combinations, found);
        }
        // What one level for each column reaches without suppressing anybody, is found.
        let tops: Vec<u8> = hierarchies.iter().map(|column| column.top() as u8).collect();
        let mut nodes = vec![Vec::new()];
        for top in &tops {
            nodes = nodes
                .into_iter()
                .flat_map(|node: Vec<u8>| (0..=*top).map(move |level| [node.clone(), vec![level]].concat()))
                .collect();
        }
        let reaches = |node: &Vec<u8>| {
            let classes = crowd.classes(|_| node.clone());
            let k = requirement.k as usize;
            let mut sizes = classes.iter();
            sizes.all(|(labels, persons)| persons.len() >= k && !is_star(labels))
        };
        let least = nodes
            .iter()
            .filter(|node| reaches(node))
            .map(|node| loss(&combinations, &hierarchies, |_| node.clone()))
            .reduce(f64::min);
        if let Some(least) = least {
            for found in [optimum.unwrap(), nearest.unwrap()] {
                prop_assert!(found.loss <= least + 1e-6, "{} {}", found.loss, least);
            }
        }
    }
}
