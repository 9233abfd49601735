//! The searches beside brute force, on small random tables.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::privacy::combinations::CodedRow;
use crate::privacy::measures::Order;
use crate::privacy::{Combinations, Hierarchy};

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

/// Labels of each class, with its number of rows and its sensitive values by column.
type Published = BTreeMap<Vec<Vec<u8>>, (u64, Vec<BTreeMap<u32, u64>>)>;

/// Counts what is published, from the labels.
fn publish(
    combinations: &Combinations,
    hierarchies: &[Hierarchy],
    node: impl Fn(usize) -> Vec<u8>,
) -> Published {
    let mut published = Published::new();
    for combination in 0..combinations.len() {
        let node = node(combination);
        let labels = hierarchies.iter().enumerate().map(|(column, hierarchy)| {
            hierarchy
                .label(
                    node[column] as usize,
                    combinations.code(combination, column),
                )
                .to_vec()
        });
        let columns = combinations.sensitive();
        let entry = published
            .entry(labels.collect())
            .or_insert((0, vec![BTreeMap::new(); columns.len()]));
        entry.0 += u64::from(combinations.counts()[combination]);
        for (values, column) in entry.1.iter_mut().zip(columns) {
            for (value, rows) in column.of(combination) {
                *values.entry(*value).or_default() += u64::from(*rows);
            }
        }
    }
    published
}

fn is_star(labels: &[Vec<u8>]) -> bool {
    labels.iter().all(|label| label == b"*")
}

fn distance(whole: &BTreeMap<u32, u64>, values: &BTreeMap<u32, u64>, order: &Order) -> f64 {
    let share = |of: &BTreeMap<u32, u64>, value: u32| {
        of.get(&value).copied().unwrap_or(0) as f64 / of.values().sum::<u64>() as f64
    };
    let differences = (0..3).map(|value| share(values, value) - share(whole, value));
    match order {
        Order::Categories => differences.map(f64::abs).sum::<f64>() / 2.0,
        Order::Ranked(_) => {
            let cumulated = differences.scan(0.0, |sum, difference| {
                *sum += difference;
                Some(f64::abs(*sum))
            });
            cumulated.sum::<f64>() / 2.0
        }
    }
}

/// Whether what is published is as asked for.
fn valid(published: &Published, requirement: &Requirement) -> bool {
    let mut whole: Vec<BTreeMap<u32, u64>> = Vec::new();
    for (_, values) in published.values() {
        whole.resize(values.len(), BTreeMap::new());
        for (whole, values) in whole.iter_mut().zip(values) {
            values
                .iter()
                .for_each(|(value, rows)| *whole.entry(*value).or_default() += rows);
        }
    }
    published.iter().all(|(labels, (rows, values))| {
        let star = is_star(labels);
        let least = |column: usize| match (star, requirement.l) {
            (true, l) if whole[column].len() >= l.unwrap_or(2) as usize => l.unwrap_or(2),
            (false, Some(l)) => l,
            _ => 0,
        };
        let close = |column: usize| {
            requirement.t.as_ref().is_none_or(|closeness| {
                distance(&whole[column], &values[column], &closeness.orders[column])
                    <= closeness.t + 1e-9
            })
        };
        *rows >= u64::from(requirement.k)
            && (!star || *rows <= requirement.max_suppressed)
            && (0..whole.len())
                .all(|column| values[column].len() >= least(column) as usize && close(column))
    })
}

/// The mean loss, a label's being the largest that it has at any level.
fn loss(
    combinations: &Combinations,
    hierarchies: &[Hierarchy],
    node: impl Fn(usize) -> Vec<u8>,
) -> f64 {
    let weight: f64 = hierarchies.iter().map(|hierarchy| hierarchy.weight).sum();
    let mut sum = 0.0;
    for combination in 0..combinations.len() {
        let node = node(combination);
        for (column, hierarchy) in hierarchies.iter().enumerate() {
            let label = hierarchy.label(
                node[column] as usize,
                combinations.code(combination, column),
            );
            let same = hierarchy
                .levels()
                .iter()
                .flat_map(|level| level.labels.iter().zip(&level.losses));
            let losses = same
                .filter(|(other, _)| &***other == label)
                .map(|(_, loss)| *loss);
            let lost = losses.fold(0.0, f64::max);
            sum += lost * hierarchy.weight / weight * f64::from(combinations.counts()[combination]);
        }
    }
    sum / combinations.rows() as f64
}

/// The least loss of all nodes with all choices of suppressed classes.
fn brute_force(
    combinations: &Combinations,
    hierarchies: &[Hierarchy],
    requirement: &Requirement,
) -> Option<f64> {
    let mut best: Option<f64> = None;
    let tops: Vec<u8> = hierarchies
        .iter()
        .map(|hierarchy| hierarchy.top() as u8)
        .collect();
    let mut node = vec![0; tops.len()];
    loop {
        let labels = |combination: usize| -> Vec<u8> {
            let columns = hierarchies.iter().enumerate();
            columns
                .flat_map(|(column, hierarchy)| {
                    let code = combinations.code(combination, column);
                    [hierarchy.label(node[column] as usize, code), b";"].concat()
                })
                .collect()
        };
        let classes: BTreeSet<Vec<u8>> = (0..combinations.len()).map(labels).collect();
        let classes: Vec<Vec<u8>> = classes.into_iter().collect();
        // All choices where there are few classes, else the failing ones with up to two others.
        let fails = |class: &Vec<u8>| {
            let alone: Published = publish(combinations, hierarchies, |_| node.clone());
            let of = alone.iter().find(|(labels, _)| {
                labels
                    .iter()
                    .flat_map(|label| [label.as_slice(), b";"].concat())
                    .eq(class.iter().copied())
            });
            let (labels, (rows, values)) = of.unwrap();
            let close = requirement.t.as_ref().is_none_or(|closeness| {
                let whole = |column: usize| {
                    alone
                        .values()
                        .fold(BTreeMap::new(), |mut whole, (_, values)| {
                            values[column].iter().for_each(|(value, rows)| {
                                *whole.entry(*value).or_default() += rows
                            });
                            whole
                        })
                };
                let columns = values.iter().zip(&closeness.orders).enumerate();
                columns.into_iter().all(|(column, (values, by))| {
                    distance(&whole(column), values, by) <= closeness.t + 1e-9
                })
            });
            !is_star(labels)
                && (!close
                    || *rows < u64::from(requirement.k)
                    || requirement
                        .l
                        .is_some_and(|l| values.iter().any(|values| values.len() < l as usize)))
        };
        let failing: Vec<usize> = (0..classes.len())
            .filter(|class| fails(&classes[*class]))
            .collect();
        let others: Vec<usize> = (0..classes.len())
            .filter(|class| !failing.contains(class))
            .collect();
        let mut choices = vec![vec![]];
        choices.extend(others.iter().map(|one| vec![*one]));
        for (at, one) in others.iter().enumerate() {
            choices.extend(others[at + 1..].iter().map(|other| vec![*one, *other]));
        }
        for choice in choices {
            let suppressed: BTreeSet<&Vec<u8>> = failing
                .iter()
                .chain(&choice)
                .map(|class| &classes[*class])
                .collect();
            let at = |combination: usize| match suppressed.contains(&labels(combination)) {
                true => tops.clone(),
                false => node.clone(),
            };
            if valid(&publish(combinations, hierarchies, at), requirement) {
                let loss = loss(combinations, hierarchies, at);
                best = Some(best.map_or(loss, |best| best.min(loss)));
            }
        }
        let Some(column) = (0..tops.len()).find(|column| node[*column] < tops[*column]) else {
            return best;
        };
        node[column] += 1;
        node[..column].fill(0);
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
