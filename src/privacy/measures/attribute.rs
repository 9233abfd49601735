//! What each quasi-identifier tells apart, and what generalising or dropping it would do.

use super::super::{Combinations, Hierarchy};
use super::persons::People;
use super::regroup::{Regrouped, regroup};
use super::sizes::{Smallness, classes, share};

/// The measures of one quasi-identifying column. Distinction and separation are those of
/// R. Motwani, Y. Xu, *Efficient Algorithms for Masking and Finding Quasi-Identifiers*, SDM 2008.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Distinct values in the table; a missing one counts as a value.
    pub distinct: u64,
    /// Distinct values / rows: the share of rows that one has to keep to have each value once.
    pub distinction: f64,
    /// The share of the pairs of rows that the column tells apart:
    /// 1 − Σᵥ *cᵥ* (*cᵥ* − 1) / (*n* (*n* − 1)), with *cᵥ* of the *n* rows having value *v*.
    pub separation: f64,
    /// The classes over the other columns alone.
    pub without: Smallness,
    /// The classes with the column at each level of its hierarchy and all others as they are,
    /// from the values themselves to `*`.
    pub steps: Vec<Smallness>,
}

/// Measures each quasi-identifying column, exactly; `hierarchies` has one for each, in their order.
///
/// The classes are counted by persons if there are any, the values by rows in either case.
///
/// Takes a copy of all keys and counts while it works.
pub fn attributes(
    combinations: &Combinations,
    hierarchies: &[Hierarchy],
    people: Option<&People>,
    threads: usize,
) -> Vec<Attribute> {
    let own = match people {
        Some(people) => people.classes(),
        None => classes(combinations, threads),
    };
    let rows_by_code = combinations.rows_by_code(hierarchies.len(), threads);
    let distinct = rows_by_code.iter().map(|rows| {
        let rows = rows.iter();
        rows.filter(|rows| **rows > 0).count()
    });
    let distinct: Vec<usize> = distinct.collect();
    let levels = hierarchies.iter().take(distinct.len());
    let levels = levels.map(|hierarchy| hierarchy.levels().get(1..).unwrap_or_default());
    let levels: Vec<_> = levels.collect();
    let regrouped = match people {
        Some(people) => people.regroup(combinations, &levels, threads),
        None => regroup(combinations, &levels, &distinct, threads),
    };
    rows_by_code
        .iter()
        .zip(distinct)
        .zip(regrouped)
        .map(|((rows, distinct), Regrouped { without, steps })| {
            let distinct = distinct as u64;
            Attribute {
                distinct,
                distinction: share(distinct, combinations.rows()),
                separation: separation(rows),
                without,
                steps: std::iter::once(own.small).chain(steps).collect(),
            }
        })
        .collect()
}

/// The share of pairs told apart, from the rows with each value; 0 where there is no pair.
fn separation(values: &[u64]) -> f64 {
    let pairs = |rows: u64| u128::from(rows) * u128::from(rows.saturating_sub(1));
    let all = pairs(values.iter().sum());
    let alike: u128 = values.iter().map(|&rows| pairs(rows)).sum();
    if all == 0 {
        0.0
    } else {
        (all - alike) as f64 / all as f64
    }
}

#[cfg(test)]
mod tests;
