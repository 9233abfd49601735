//! The searches beside brute force, on small random tables.

use proptest::prelude::*;

use self::brute_force::{brute_force, is_star, loss, publish, valid};
use super::*;
use crate::privacy::combinations::CodedRow;
use crate::privacy::measures::Order;
use crate::privacy::{Combinations, Hierarchy};

mod brute_force;
mod gains;
mod independent;
mod persons;
mod star;

/// Values of each column; its levels between values and `*` as a label for each value; its weight.
type Column = (Vec<Vec<u8>>, u8);

#[derive(Debug, Clone)]
struct Table {
    columns: Vec<Column>,
    rows: Vec<CodedRow>,
    requirement: Requirement,
}

const VALUES: usize = 4;

fn column() -> impl Strategy<Value = Column> {
    let level = proptest::collection::vec(0..3_u8, VALUES);
    (proptest::collection::vec(level, 0..3), 1..4_u8)
}

fn table(secrets: usize, l: bool, t: bool) -> impl Strategy<Value = Table> {
    let columns = proptest::collection::vec(column(), 1..4);
    columns
        .prop_flat_map(move |columns| {
            let codes = proptest::collection::vec(0..VALUES as u32, columns.len());
            let values = proptest::collection::vec(0..3_u32, secrets);
            let rows = proptest::collection::vec((codes, values), 1..20);
            (Just(columns), rows, 1..6_u32, 0..20_u64, 1..4_u32, 0.1..0.7)
        })
        .prop_map(
            move |(columns, rows, k, max_suppressed, least, distance)| Table {
                columns,
                rows,
                requirement: Requirement {
                    k,
                    max_suppressed,
                    l: l.then_some(least),
                    t: t.then(|| Closeness {
                        t: distance,
                        orders: vec![
                            Order::Categories,
                            Order::Ranked([0, 1, 2].map(Some).to_vec()),
                        ],
                    }),
                },
            },
        )
}

impl Table {
    fn hierarchies(&self) -> Vec<Hierarchy> {
        let columns = self.columns.iter().enumerate();
        let hierarchies = columns.map(|(number, (levels, weight))| {
            let text = |text: String| -> Box<[u8]> { text.into_bytes().into() };
            let values: Vec<Box<[u8]>> =
                (0..VALUES).map(|value| text(format!("v{value}"))).collect();
            let steps = levels.iter().map(|labels| {
                let size = |label: u8| labels.iter().filter(|other| **other == label).count();
                // A group of one value carries the value's own label; others recur at several levels.
                let labels = labels
                    .iter()
                    .enumerate()
                    .map(|(value, label)| match size(*label) {
                        1 => (text(format!("v{value}")), 1),
                        size => (text(format!("g{label}")), size),
                    });
                (String::new(), labels.collect())
            });
            Hierarchy::new(
                format!("c{number}"),
                f64::from(*weight),
                &values,
                VALUES,
                steps,
            )
        });
        hierarchies.collect()
    }

    fn combinations(&self) -> Combinations {
        // All tables have the same codes, whether they occur or not.
        Combinations::of_rows(&self.rows)
    }
}

/// The rows of each node are those of its combinations.
fn check_rows(combinations: &Combinations, found: &Found) {
    let mut rows = vec![0; found.nodes.len()];
    let node_of = found.node_of.in_order(combinations, 1);
    for (node, count) in node_of.iter().zip(combinations.counts()) {
        rows[*node as usize] += u64::from(*count);
    }
    assert_eq!(node_of.len(), combinations.len());
    assert_eq!(found.rows, rows);
}

/// What a result says of itself is what is published by it.
fn check(table: &Table, found: &Found) {
    let (combinations, hierarchies) = (table.combinations(), table.hierarchies());
    let node_of = found.node_of.in_order(&combinations, 1);
    let node = |combination: usize| found.nodes[node_of[combination] as usize].to_vec();
    check_rows(&combinations, found);
    let published = publish(&combinations, &hierarchies, node);
    assert!(
        valid(&published, &table.requirement),
        "{published:?} {found:?}"
    );
    assert_eq!(found.classes, published.len() as u64);
    assert_eq!(
        Some(found.k),
        published.values().map(|(rows, _)| *rows).min()
    );
    let star = published.iter().find(|(labels, _)| is_star(labels));
    assert_eq!(found.suppressed, star.map_or(0, |(_, (rows, _))| *rows));
    assert!((loss(&combinations, &hierarchies, node) - found.loss).abs() < 1e-7);
}

fn compare(table: &Table) -> Result<(), TestCaseError> {
    let (combinations, hierarchies) = (table.combinations(), table.hierarchies());
    let found = global(&combinations, &hierarchies, &table.requirement, 1);
    let expected = brute_force(&combinations, &hierarchies, &table.requirement);
    match (&found, expected) {
        (Ok(found), Some(expected)) => {
            check(table, found);
            if found.proven_optimal {
                prop_assert!(found.loss < expected + 1e-7, "{} {expected}", found.loss);
            }
            if table.requirement.t.is_none() {
                // What is found, brute force must know, too.
                prop_assert!(found.loss > expected - 1e-7, "{} {expected}", found.loss);
            }
            if table.requirement.t.is_none() && combinations.sensitive().len() < 2 {
                prop_assert!(found.proven_optimal);
            }
        }
        (Err(_), None) => {}
        (Err(unreachable), Some(_)) => prop_assert!(!unreachable.proven, "{table:?}"),
        // With t, more than two further classes may go to the `*` class; brute force tries two.
        (Ok(found), None) => {
            check(table, found);
            prop_assert!(table.requirement.t.is_some());
        }
    }
    let local_found = local(&combinations, &hierarchies, &table.requirement, 1);
    prop_assert_eq!(
        &local_found,
        &local(&combinations, &hierarchies, &table.requirement, 3)
    );
    if let Ok(local) = &local_found {
        check(table, local);
    }
    if let Ok(global) = &found {
        prop_assert!(local_found.is_ok_and(|local| local.loss <= global.loss + 1e-12));
    }
    // What many combinations get, few may get, too.
    let ladders = ladder::Ladder::all(&combinations, &hierarchies, 2);
    let demand = demand::Demand::new(&combinations, &table.requirement);
    let split = |threads, large| {
        let found = local::of_many(&combinations, &ladders, &demand, threads, large);
        found.map(|found| found.in_order(&combinations))
    };
    let found = split(1, usize::MAX);
    // All threads together do the same as one, whatever is large.
    for (threads, large) in [(1, 0), (2, 0), (3, 0), (2, 8), (3, split::LARGE)] {
        prop_assert_eq!(&split(threads, large), &found);
    }
    if let Some(found) = found {
        let node_of = found.node_of.in_order(&combinations, 2);
        let node = |combination: usize| found.nodes[node_of[combination] as usize].to_vec();
        check_rows(&combinations, &found);
        let published = publish(&combinations, &hierarchies, node);
        prop_assert!(valid(&published, &table.requirement), "{:?}", published);
        prop_assert!(found.k <= published.values().map(|(rows, _)| *rows).min().unwrap());
        prop_assert!((loss(&combinations, &hierarchies, node) - found.loss).abs() < 1e-7);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn k_alone(table in table(0, false, false)) {
        compare(&table)?;
    }

    #[test]
    fn one_sensitive_column(table in table(1, false, false)) {
        compare(&table)?;
    }

    #[test]
    fn l_of_two_sensitive_columns(table in table(2, true, false)) {
        compare(&table)?;
    }

    #[test]
    fn t_of_two_sensitive_columns(table in table(2, false, true)) {
        compare(&table)?;
    }
}
