//! What a class has to satisfy: k rows, l sensitive values, a distance of t at most.

use super::{Requirement, at};
use crate::privacy::Combinations;

/// t-closeness: how far the values of a class may be from those of the table (N. Li, T. Li and
/// S. Venkatasubramanian, *t-Closeness: Privacy Beyond k-Anonymity and l-Diversity*, 2007).
#[derive(Debug, Clone, PartialEq)]
pub struct Closeness {
    /// The greatest distance allowed, from 0 to 1.
    pub t: f64,
    /// How each sensitive column's distance is measured.
    pub distances: Vec<Distance>,
}

/// The distance between the distributions of a sensitive column in a class and in the table.
#[derive(Debug, Clone, PartialEq)]
pub enum Distance {
    /// All values are as far from each other: half the sum of the differences of the shares.
    Equal,
    /// Values in an order: the sum of the differences of the cumulated shares, divided by the
    /// number of values less one.
    Ordered {
        /// The codes of the values, in their order.
        order: Vec<u32>,
    },
}

/// Rounding may move a distance that equals t by this much.
const ROUNDING: f64 = 1e-9;

/// A requirement, with what it needs to know of the table.
#[derive(Debug)]
pub(super) struct Demand<'a> {
    pub(super) k: u32,
    pub(super) max_suppressed: u64,
    pub(super) rows: u64,
    pub(super) l: u32,
    pub(super) closeness: Option<&'a Closeness>,
    /// By sensitive column and code: the rows of the table.
    whole: Vec<Vec<u64>>,
    /// By sensitive column: how many values the `*` class holds at least.
    star: Vec<u32>,
}

impl<'a> Demand<'a> {
    pub(super) fn new(combinations: &Combinations, requirement: &'a Requirement) -> Self {
        let columns = combinations.sensitive().iter();
        let whole: Vec<Vec<u64>> = columns
            .map(|column| {
                let mut rows = vec![0; column.distinct];
                for (value, count) in &column.entries {
                    if let Some(rows) = rows.get_mut(*value as usize) {
                        *rows += u64::from(*count);
                    }
                }
                rows
            })
            .collect();
        let wanted = requirement.l.unwrap_or(2);
        let star = whole.iter().map(|rows| {
            let distinct = rows.iter().filter(|rows| **rows > 0).count();
            // Less than that many in the whole table: nothing to ask for.
            if distinct >= wanted as usize {
                wanted
            } else {
                0
            }
        });
        Self {
            k: requirement.k.max(1),
            max_suppressed: requirement.max_suppressed,
            rows: combinations.rows(),
            l: requirement.l.unwrap_or(0),
            closeness: requirement.t.as_ref(),
            star: star.collect(),
            whole,
        }
    }

    /// Whether rows that fail in a class also fail in every class within it: so of k and of l, not
    /// of t.
    pub(super) fn monotone(&self) -> bool {
        self.closeness.is_none()
    }

    /// How many sensitive columns matter to a class, besides its number of rows.
    pub(super) fn sensitive(&self) -> usize {
        let any = self.l > 1 || self.closeness.is_some();
        if any { self.whole.len() } else { 0 }
    }

    /// How many sensitive columns matter to the `*` class.
    pub(super) fn sensitive_of_star(&self) -> usize {
        self.whole.len()
    }

    /// Whether a class of so many rows and values (by sensitive column) is as asked for.
    pub(super) fn met<'v>(&self, rows: u64, values: impl Fn(usize) -> &'v [(u32, u32)]) -> bool {
        rows >= u64::from(self.k)
            && (0..self.sensitive()).all(|column| {
                let values = values(column);
                values.len() >= self.l as usize && self.close(column, values, rows)
            })
    }

    /// Whether the `*` class may have such rows and values.
    pub(super) fn met_by_star<'v>(
        &self,
        rows: u64,
        values: impl Fn(usize) -> &'v [(u32, u32)],
    ) -> bool {
        rows == 0
            || rows >= u64::from(self.k)
                && self.star.iter().enumerate().all(|(column, least)| {
                    let values = values(column);
                    values.len() >= *least as usize && self.close(column, values, rows)
                })
    }

    fn close(&self, column: usize, values: &[(u32, u32)], rows: u64) -> bool {
        let (Some(closeness), Some(whole)) = (self.closeness, self.whole.get(column)) else {
            return true;
        };
        let here = rows.max(1) as f64;
        let all = self.rows.max(1) as f64;
        let share = |value: u32| at(whole, value as usize) as f64 / all;
        let distance = match closeness.distances.get(column) {
            Some(Distance::Ordered { order }) => {
                let (mut cumulated, mut sum) = (0.0_f64, 0.0);
                for value in order {
                    let found = values.binary_search_by_key(value, |(value, _)| *value);
                    let found = found.ok().and_then(|found| values.get(found));
                    cumulated += found.map_or(0.0, |(_, rows)| f64::from(*rows) / here);
                    cumulated -= share(*value);
                    sum += cumulated.abs();
                }
                sum / order.len().saturating_sub(1).max(1) as f64
            }
            _ => {
                let common = values
                    .iter()
                    .map(|(value, rows)| (f64::from(*rows) / here).min(share(*value)));
                1.0 - common.sum::<f64>()
            }
        };
        distance <= closeness.t + ROUNDING
    }
}
