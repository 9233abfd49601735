//! What is published, whether it is as asked for, and the least loss of all choices, without any of the searches' ideas.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Labels of each class, with its number of rows and its sensitive values by column.
pub(super) type Published = BTreeMap<Vec<Vec<u8>>, (u64, Vec<BTreeMap<u32, u64>>)>;

/// Counts what is published, from the labels.
pub(super) fn publish(
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

pub(super) fn is_star(labels: &[Vec<u8>]) -> bool {
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

pub(super) fn valid(published: &Published, requirement: &Requirement) -> bool {
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
pub(super) fn loss(
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
pub(super) fn brute_force(
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
